"""What is built for others: it holds everything, nothing else, and works outside of a checkout."""

from __future__ import annotations

import email
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
SITE = Path(sysconfig.get_path("purelib"))
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

BEFORE = """\
import tensorflow as tf
def model(x):
    with tf.variable_scope("net"):
        return tf.layers.dense(x, 2)
"""
AFTER = """\
import getter_compat
def model(x):
    with getter_compat.getter_scope("net"):
        return getter_compat.layers.dense(x, 2)
"""


def source_files() -> set[str]:
    """The package as it is here."""
    found = (path for path in (ROOT / "getter_compat").rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def rule_pages() -> set[str]:
    """The names of the pages of the rules."""
    return {path.name for path in (ROOT / "docs" / "rules").iterdir()}


def build(source: Path, folder: Path) -> tuple[Path, Path]:
    """The sdist, and the wheel that is made of it."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


def files_of(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_package_and_nothing_else(packages: tuple[Path, Path]) -> None:
    _, wheel = packages
    pages = {f"getter_compat/codemod/pages/{name}" for name in rule_pages()}
    assert files_of(wheel) == source_files() | pages
    assert "getter_compat/codemod/rules/layers.py" in source_files()


def test_the_sdist_holds_what_the_wheel_is_made_of(packages: tuple[Path, Path]) -> None:
    sdist, _ = packages
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        assert all(member.isfile() for member in archive.getmembers())
    texts = {"README.md", "MIGRATION.md", "CHANGELOG.md", "LICENSE"}
    pages = {f"docs/rules/{name}" for name in rule_pages()}
    assert names == source_files() | pages | texts | {"pyproject.toml", "PKG-INFO", ".gitignore"}


@pytest.mark.parametrize("kind", ["a file", "a folder"])
def test_a_link_that_became_something_else_changes_nothing(
    packages: tuple[Path, Path], tmp_path: Path, kind: str
) -> None:
    """As on Windows, where git writes a file for a link, and in archives that follow links."""
    source = tmp_path / "source"
    shutil.copytree(ROOT / "getter_compat", source / "getter_compat")
    shutil.copytree(ROOT / "docs" / "rules", source / "docs" / "rules")
    for name in ("pyproject.toml", "README.md", "MIGRATION.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    if kind == "a file":
        (source / "codemod").write_text("getter_compat/codemod")
    else:
        shutil.copytree(ROOT / "getter_compat" / "codemod", source / "codemod")
    _, wheel = build(source, tmp_path / "dist")
    assert files_of(wheel) == files_of(packages[1])


# Installed.


class Installed:
    """A new virtual environment with the package in it, and a folder to work in."""

    def __init__(self, package: Path, folder: Path, *others: Path) -> None:
        self.folder = folder
        self.bin = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        venv = [sys.executable, "-m", "venv", "--without-pip", folder / "venv"]
        subprocess.run(venv, check=True)
        purelib = self.python("-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
        (Path(purelib.strip()) / "others.pth").write_text("\n".join(map(str, others)))
        pip = [sys.executable, "-m", "pip", "--python", self.bin / "python", "install"]
        offline = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
        subprocess.run([*pip, *offline, package], check=True, env=ENVIRONMENT)

    def run(self, command: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / command, *map(str, arguments)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )

    def python(self, *arguments: object) -> str:
        done = self.run("python", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout


def needed(requirements: list[str]) -> set[str]:
    """The distributions that these bring, and what those bring."""
    names: set[str] = set()
    todo = [Requirement(text) for text in requirements]
    while todo:
        requirement = todo.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        if requirement.name not in names:
            names.add(requirement.name)
            todo += map(Requirement, metadata.requires(requirement.name) or [])
    return names


def links(distributions: set[str], folder: Path) -> Path:
    """A folder to import these from, and nothing else that is installed here."""
    folder.mkdir()
    for name in distributions:
        for top in {file.parts[0] for file in metadata.files(name) or ()} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(SITE / top)
    return folder


def requirements_of(wheel: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        yield from email.message_from_bytes(archive.read(name)).get_all("Requires-Dist", [])


@pytest.mark.parametrize("kind", ["sdist", "wheel"])
def test_the_codemod_works_where_it_is_installed_without_tensorflow(
    packages: tuple[Path, Path], tmp_path: Path, kind: str
) -> None:
    sdist, wheel = packages
    requirements = list(requirements_of(wheel)) + (["hatchling"] if kind == "sdist" else [])
    others = links(needed(requirements), tmp_path / "others")
    installed = Installed(sdist if kind == "sdist" else wheel, tmp_path, others)
    (tmp_path / "old.py").write_text(BEFORE)
    assert installed.run("getter-compat-codemod", "--check", "old.py").returncode == 1
    installed.python("-m", "getter_compat.codemod", "old.py")
    assert (tmp_path / "old.py").read_text() == AFTER
    assert "variable_scope" in installed.python("-m", "getter_compat.codemod", "--list-rules")
    by_hand = "write `tf.while_loop` with a list of them"
    assert by_hand in installed.python("-m", "getter_compat.codemod", "--explain", "symbols")
    where = installed.python("-c", "import getter_compat; print(getter_compat.__file__)")
    assert Path(where).is_relative_to(tmp_path / "venv")
    about = installed.python("-m", "getter_compat").splitlines()
    version = metadata_version(wheel)
    assert about[0] == f"getter_compat  {version}"
    assert "tensorflow     not installed" in about
    assert installed.run("getter-compat-verify", "--version").stdout == f"getter-compat {version}\n"
    refused = installed.run("getter-compat-verify", "old.py:model", "old.py:model")
    assert refused.returncode == 2
    assert "pip install 'getter-compat[verify]'" in refused.stderr


def metadata_version(wheel: Path) -> str:
    return wheel.name.split("-")[1]


def test_verify_works_where_it_is_installed_with_tensorflow(
    packages: tuple[Path, Path], tmp_path: Path
) -> None:
    installed = Installed(packages[1], tmp_path, SITE)
    (tmp_path / "before.py").write_text(BEFORE)
    (tmp_path / "after.py").write_text(AFTER)
    options = ["--input", "x=float32[2,3]", "--mode", "eager", "--steps", "1"]
    done = installed.run("getter-compat-verify", "before.py:model", "after.py:model", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("equal")


def test_the_extra_verify_brings_what_verify_needs(packages: tuple[Path, Path]) -> None:
    brought = {
        requirement.name
        for requirement in map(Requirement, requirements_of(packages[1]))
        if requirement.marker is not None and requirement.marker.evaluate({"extra": "verify"})
    }
    assert brought >= {"tensorflow", "tf-keras", "numpy"}
