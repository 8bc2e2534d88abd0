"""Sites in each other's arguments, and expressions laid out in any way."""

from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after

BEFORE = "import tensorflow as tf\n\n"


@pytest.mark.parametrize("length", [18, 200])
@pytest.mark.parametrize("form", ["({}, 1)", "[{}]", "{}", "({0}, {0}, {0})"])
def test_values_that_hold_each_other_are_unknown(form: str, length: int) -> None:
    ring = "".join(f"v{i} = {form.format(f'v{(i + 1) % length}')}\n" for i in range(length))
    text = f"{BEFORE}v0, v1 = tf.zeros([1]), 2\n{ring}x = tf.nn.embedding_lookup(v0, v1)\n"
    check_after(text, text.replace("tf.nn.emb", "tf.compat.v1.nn.emb"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "x = tf.nn.dropout(tf.to_float(y), keep_prob=tf.to_float(k))",
            "x = tf.nn.dropout(tf.cast(y, dtype=tf.float32), "
            "rate=1 - tf.cast(k, dtype=tf.float32))",
        ),
        (
            "x = tf.contrib.layers.variance_scaling_initializer("
            "factor=tf.to_float(a), uniform=True)",
            "x = tf.compat.v1.variance_scaling_initializer("
            'scale=tf.cast(a, dtype=tf.float32), distribution="uniform")',
        ),
        (
            "x = tf.to_float(tf.to_int32(tf.to_int64(y, 'a'), 'b'))",
            "x = tf.cast(tf.cast(tf.cast(y, name='a', dtype=tf.int64), name='b', dtype=tf.int32),"
            " dtype=tf.float32)",
        ),
        ("x = tf.to_float(a for a in b)", "x = tf.cast((a for a in b), dtype=tf.float32)"),
        (
            "x = tf.reverse_v2(x,\n                  axis=g(\nmy_weights))",
            "x = tf.reverse(x,\n               axis=g(\nmy_weights))",
        ),
        (
            "x = tf.reduce_sum(tf.shape(y)[0].value,\n  keep_dims=(lambda tf: tf.log)(y))",
            "x = tf.reduce_sum(tf.shape(y)[0].value,\n  keepdims=(lambda tf: tf.log)(y))",
        ),
    ],
)
def test_nested(before: str, after: str) -> None:
    check_after(f"{BEFORE}{before}\n", f"{BEFORE}{after}\n")


def test_a_method_of_what_stands_in_parentheses() -> None:
    check_after(
        f"{BEFORE}x = (dataset).make_one_shot_iterator()\n",
        f"{BEFORE}x = tf.compat.v1.data.make_one_shot_iterator(dataset)\n",
    )


def test_carriage_returns_alone_end_lines() -> None:
    before = f"{BEFORE}x = tf.to_float(\n    y)\n"
    after = f"{BEFORE}x = tf.cast(\n    y,\n    dtype=tf.float32)\n"
    check_after(before.replace("\n", "\r"), after.replace("\n", "\r"))


def test_imports_on_one_line() -> None:
    check_after(
        "import os; import tensorflow as tf\nwith tf.variable_scope('a'): pass\n",
        "import getter_compat\nimport os\nwith getter_compat.getter_scope('a'): pass\n",
    )


@pytest.mark.parametrize("module", ["tensorflow .layers", "tensorflow \\\n .layers"])
def test_modules_with_blanks_in_their_path(module: str) -> None:
    check_after(
        f"from {module} import dense\ndense(x, 3)\n",
        "from getter_compat.layers import dense\ndense(x, 3)\n",
    )
