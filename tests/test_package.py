"""The package as a whole: what importing it costs, its public names, its doctests."""

import doctest
import importlib
import inspect
import pkgutil
import runpy
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

import getter_compat

ROOT = Path(__file__).parents[1]

# The public names that the design promises.
PUBLIC = {
    "AUTO_REUSE",
    "ScopedModel",
    "VariableScope",
    "VariableStore",
    "canonical_variable_name",
    "contrib",
    "custom_make_variable",
    "default_store",
    "estimator",
    "functional_call",
    "get_variable",
    "get_variable_scope",
    "getter_scope",
    "getters",
    "global_variables",
    "layers",
    "load_tf1_checkpoint",
    "make_template",
    "regularization_losses",
    "reset_default_store",
    "save_tf1_checkpoint",
    "trainable_variables",
}


def modules_after(statements: str) -> set[str]:
    """The modules that a fresh interpreter has after running `statements`."""
    program = f"{statements}\nimport sys\nprint(*sys.modules, sep='\\n')"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=900
    )
    return set(run.stdout.split())


@pytest.mark.parametrize(
    ("statements", "absent"),
    [
        ("import getter_compat", {"tensorflow", "numpy", "keras", "libcst"}),
        ("import getter_compat; dir(getter_compat)", {"tensorflow", "numpy"}),
        ("import getter_compat.verify", {"tensorflow", "numpy", "keras", "libcst"}),
        ("import getter_compat.codemod.cli", {"tensorflow", "numpy", "keras"}),
        ("from getter_compat import *; import getter_compat.runtime.functional", {"libcst"}),
    ],
)
def test_an_import_brings_no_more_than_it_needs(statements: str, absent: set[str]) -> None:
    assert not absent & modules_after(statements)


def test_every_promised_name_is_public_and_there() -> None:
    assert set(getter_compat.__all__) >= PUBLIC
    for name in getter_compat.__all__:
        assert getattr(getter_compat, name) is not None
    assert set(dir(getter_compat)) >= PUBLIC


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    for name in getter_compat.__all__:
        value = getattr(getter_compat, name)
        if callable(value):
            assert value.__doc__, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'getter_compat' has no attribute 'get_varible'"):
        _ = getter_compat.get_varible  # type: ignore[attr-defined]


def test_layers_are_what_the_script_makes_of_the_table() -> None:
    make_layers = runpy.run_path(str(ROOT / "scripts" / "make_layers.py"))
    for file, text in make_layers["texts"]().items():
        assert file.read_text(encoding="utf-8") == text, f"run scripts/make_layers.py: {file.name}"


def test_the_package_tells_type_checkers_that_it_is_typed() -> None:
    assert resources.files(getter_compat).joinpath("py.typed").is_file()


def modules() -> list[str]:
    found = pkgutil.walk_packages(getter_compat.__path__, "getter_compat.")
    return ["getter_compat", *(m.name for m in found if not m.name.endswith("__main__"))]


class Finder(doctest.DocTestFinder):
    """Finds the examples of what is decorated, too."""

    def _from_module(self, module: Any, value: Any) -> bool:
        return bool(super()._from_module(module, inspect.unwrap(value)))  # type: ignore[misc]


def doctests() -> list[doctest.DocTest]:
    """The examples in the docstrings of every module."""
    finder = Finder(exclude_empty=True)
    imported = [importlib.import_module(name) for name in modules()]
    return [test for module in imported for test in finder.find(module) if test.examples]


@pytest.mark.parametrize("test", doctests(), ids=lambda test: test.name)
def test_the_example_in_a_docstring_runs_as_printed(test: doctest.DocTest) -> None:
    names = {name: getattr(getter_compat, name) for name in getter_compat.__all__}
    test.globs = {"tf": tf, **names, **test.globs}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    tf.keras.utils.set_random_seed(0)  # how long a sequence gets may depend on initial values
    with getter_compat.VariableStore().as_default():
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
