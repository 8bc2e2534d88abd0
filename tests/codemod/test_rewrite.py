"""What a bug of our own does: one line for its file, and the rest of the tree goes on."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.findings import RewriteError, Trouble
from getter_compat.codemod.rewrite import Options, rewrite
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import RULES, Rule
from getter_compat.codemod.run import Job, run
from tests.codemod.helpers import check_same, left


@pytest.fixture
def buggy_rule() -> Iterator[Options]:
    rule = Rule("tests.buggy")

    @rule.uses("tensorflow.zeros")
    def fail(site: Site) -> None:
        raise KeyError("two\nlines")

    @rule.calls("tensorflow.ones")
    def assert_nothing(site: Site, call: Call) -> None:
        raise AssertionError

    yield Options(frozenset({"buggy", "variable_scope", "imports"}))
    del RULES["buggy"]


def test_a_bug_in_a_rule_is_one_line_for_its_file(tmp_path: Path, buggy_rule: Options) -> None:
    scope = "import tensorflow as tf\nwith tf.variable_scope('a'):\n"
    texts = [f"{scope}    tf.zeros([])\n", f"{scope}    tf.ones([])\n", f"{scope}    pass\n"]
    paths = [tmp_path / f"{name}.py" for name in "abc"]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    result = run(paths, Job(buggy_rule, write=True, keep_texts=False))
    assert list(result.errors) == [
        (
            str(paths[0]),
            Trouble(3, "left alone, the rule buggy went wrong: KeyError: 'two\\nlines'"),
        ),
        (str(paths[1]), Trouble(3, "left alone, the rule buggy went wrong: AssertionError")),
    ]
    assert [path.read_text() == text for path, text in zip(paths, texts, strict=True)] == [
        True,
        True,
        False,
    ]


def test_what_a_notebook_has_that_python_refuses_is_one_line_too(tmp_path: Path) -> None:
    paths = [tmp_path / "a.ipynb", tmp_path / "b.py"]
    number = "1" * 5000  # Python refuses to read an integer of more than 4300 digits.
    paths[0].write_text(f'{{"cells": [], "tensorflow": {number}}}')
    paths[1].write_text("import tensorflow as tf\ntf.AUTO_REUSE\n")
    first, second = run(paths, Job(Options(), write=True, keep_texts=False)).reports
    (error,) = first.errors
    assert error.message.startswith("left alone, the codemod went wrong: ValueError: ")
    assert second.changed


def test_quotes_inside_an_f_string_are_those_that_it_leaves() -> None:
    before = """\
import tensorflow as tf

w = tf.get_variable("w", [3])
print(f"{w.op.name}", f'{w.op.name}', f\"\"\"{w.op.name}\"\"\", rf"{w.op.name} {x!r}")
"""
    after = """\
import getter_compat
import tensorflow as tf

w = getter_compat.get_variable("w", [3])
print(f"{w.name.split(':')[0]}", f'{w.name.split(":")[0]}', f\"\"\"{w.name.split(":")[0]}\"\"\", \
rf"{w.name.split(':')[0]} {x!r}")
"""
    assert rewrite(before).source == after.replace("import tensorflow as tf\n\n", "\n", 1)


def test_an_f_string_that_leaves_no_quotes_is_an_error_of_one_line() -> None:
    before = """\
import tensorflow as tf

w = tf.get_variable("w", [3])
print(f"{f'{w.op.name}'}")
"""
    with pytest.raises(RewriteError, match="leaves no quotes") as caught:
        rewrite(before)
    assert caught.value.line == 4


CHANGES = ["{} = f", "{} += 1", "{}: int = 3", "a, (*{}, b) = c", "for {} in x: pass", "del {}"]


@pytest.mark.parametrize("change", [*CHANGES, "with f() as {}: pass", "[0 for {} in x]"])
def test_what_a_rule_knows_is_reported_where_it_is_changed(change: str) -> None:
    for name in ("tf.log", "tf.layers.Dense.call", "tf.contrib.layers.conv2d", "tf.unheard_of"):
        source = f"import tensorflow as tf\n{change.format(name)}\n"
        assert left(check_same(source)) == [(2, rule_of(name))]
        assert check_same(f"{source[:-1]}  # getter-compat: ignore\n") == ()


def rule_of(name: str) -> str:
    return {"layers": "layers", "contrib": "contrib"}.get(name.split(".")[1], "symbols")


@pytest.mark.parametrize("change", CHANGES)
def test_what_no_rule_knows_may_be_changed(change: str) -> None:
    assert check_same(f"import tensorflow as tf\n{change.format('tf.float32')}\n") == ()


def test_the_tree_of_a_text_leaves_no_garbage() -> None:
    program = """\
import tensorflow as tf


def f(x):
    nn = tf.layers
    return (lambda y: [nn.dense(z, 3) for z in y])(x.shape[0].value)
"""
    rewrite(program)
    gc.collect()
    gc.disable()
    try:
        rewrite(program * 20)
        assert gc.collect() < 20
    finally:
        gc.enable()


def test_a_chain_that_is_too_long_is_said_to_be() -> None:
    chain = "".join(f"elif x == {number}:\n    y = tf.log(x)\n" for number in range(600))
    with pytest.raises(RewriteError, match="nested too deeply to be read"):
        rewrite(f"import tensorflow as tf\nif x:\n    pass\n{chain}")
