"""Questions about the class of a tensor; TensorFlow 1.15.5 says True to `type(x) is tf.Tensor`."""

from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after, check_program, check_same

HEAD = """\
import tensorflow as tf
from tensorflow import Tensor


def ask(x, y):
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("type(x) is tf.Tensor", "isinstance(x, tf.Tensor)"),
        ("type(x) == Tensor or y", "isinstance(x, Tensor) or y"),
        ("not type(x) is tf.Tensor", "not isinstance(x, tf.Tensor)"),
        ("y and type(x) is not tf.Tensor", "y and not isinstance(x, tf.Tensor)"),
        ("y == (type(x) != tf.Tensor)", "y == (not isinstance(x, tf.Tensor))"),
        ("tf.Tensor == type(x)", "isinstance(x, tf.Tensor)"),
        ("x.__class__ is tf.Tensor", "isinstance(x, tf.Tensor)"),
        ("[type(v) is tf.Tensor for v in y]", "[isinstance(v, tf.Tensor) for v in y]"),
        ("type(x if y else 1) is tf.Tensor", "isinstance(x if y else 1, tf.Tensor)"),
        ("type(tf.log(x)) is tf.Tensor", "isinstance(tf.math.log(x), tf.Tensor)"),
    ],
)
def test_any_tensor_is_meant(before: str, after: str) -> None:
    check_after(f"{HEAD}    return {before}\n", f"{HEAD}    return {after}\n")


def test_private_names_mean_the_same() -> None:
    check_after(
        "from tensorflow.python.framework import ops\nx = type(y) is ops.Tensor\n",
        "import tensorflow as tf\nx = isinstance(y, tf.Tensor)\n",
    )


def test_comments_stay() -> None:
    check_after(
        f"{HEAD}    return (type(  # one\n        x) is  # two\n        tf.Tensor)\n",
        f"{HEAD}    return (isinstance(x, tf.Tensor  # one\n    # two\n))\n",
    )


@pytest.mark.parametrize("among", ["(tf.Tensor, tf.Variable)", "[Tensor]", "{tf.Tensor, int}"])
def test_among_other_classes_it_is_left(among: str) -> None:
    (found,) = check_same(f"{HEAD}    return type(x) in {among}\n")
    assert (found.rule, found.line, found.status) == ("exact_types", 6, "left")


def test_another_type() -> None:
    assert not check_same(
        "import tensorflow as tf\n\ndef f(x, type):\n    return type(x) is tf.Tensor\n"
    )


@pytest.mark.parametrize(
    "same",
    [
        "isinstance(x, tf.Tensor)",
        "type(x) is tf.Variable",
        "type(x) is type(y) or Tensor",
        "x is tf.Tensor",
        "type(x) is y.Tensor",
    ],
)
def test_other_questions_stay(same: str) -> None:
    assert not check_same(f"{HEAD}    return {same}\n")


def test_a_program_takes_tf1s_branch() -> None:
    program = check_program(
        HEAD
        + "    return type(x) is tf.Tensor\n\n\nanswers = [ask(tf.ones([]), 0), ask(1.0, 0)]\n",
        HEAD
        + "    return isinstance(x, tf.Tensor)\n\n\nanswers = [ask(tf.ones([]), 0), ask(1.0, 0)]\n",
    )
    assert program["answers"] == [True, False]
