"""What is not supported is refused at the first use, by name and version."""

import subprocess
import sys

import pytest

# A program in which one package says that it is of another version.
PROGRAM = """
import os, sys
from importlib import metadata
package, version = sys.argv[1:3]
true_version = metadata.version
metadata.version = lambda name: version if name == package else true_version(name)
os.environ["TF_USE_LEGACY_KERAS"] = str(int(package == "tf_keras"))

import getter_compat
import getter_compat.codemod.cli
assert "tensorflow" not in sys.modules
{use}
"""
USES = {
    "a name": "getter_compat.get_variable",
    "a module": "from getter_compat.layers import Dense",
    "getters": "getter_compat.getters",
}


def run(use: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.format(use=use)
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=900)


@pytest.mark.parametrize(
    ("package", "version", "expected"),
    [
        ("tensorflow", "2.15.1", "works with TensorFlow 2.16 and later, before 3.0; found "),
        ("tensorflow", "3.0.0rc1", "works with TensorFlow 2.16 and later, before 3.0; found "),
        ("keras", "3.2.1", "works with Keras 3.3 and later, before 4.0; found Keras 3.2.1"),
        ("keras", "2.15.0", "works with Keras 3.3 and later, before 4.0; found Keras 2.15.0"),
        ("tf_keras", "2.15.1", "works with tf_keras 2.16 and later, before 3.0; found tf_keras"),
    ],
)
def test_a_version_that_is_not_supported_is_refused(
    package: str, version: str, expected: str
) -> None:
    done = run(USES["a name"], package, version)
    assert done.returncode == 1
    error = done.stderr.splitlines()[-1]
    assert error.startswith(f"ImportError: getter_compat {expected}")
    assert version in error
    assert f"python -m pip install '{package}>=" in error


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_any_first_use_refuses_it(use: str) -> None:
    assert "TensorFlow 2.15.1" in run(use, "tensorflow", "2.15.1").stderr


def test_the_other_keras_is_refused_when_it_is_imported() -> None:
    use = "getter_compat.get_variable; package = {!r}; import tf_keras"
    assert run(use.format("keras"), "keras", "3.99.0").returncode == 0
    other = run(use.format("tf_keras"), "keras", "3.99.0")  # the version is what it says then
    assert "found tf_keras 3.99.0" in other.stderr


@pytest.mark.parametrize("version", ["2.99.0.dev20260101", "unknown"])
def test_others_are_not(version: str) -> None:
    done = run(USES["a name"], "tensorflow", version)
    assert done.returncode == 0, done.stderr
