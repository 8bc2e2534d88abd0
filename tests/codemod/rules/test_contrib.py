from __future__ import annotations

from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from getter_compat.codemod.rewrite import rewrite
from getter_compat.codemod.tables.contrib import FUNCTIONS
from tests.codemod.helpers import check_after, check_same, left


def test_import_and_use_are_reported() -> None:
    findings = check_same(
        """\
        import tensorflow as tf
        import tensorflow.contrib.slim as slim
        from tensorflow.contrib import layers

        x = slim.conv2d(x, 3)
        x = layers.fully_connected(x, 3)
        y = tf.contrib.seq2seq
        """
    )
    assert left(findings) == [(line, "contrib") for line in (2, 3, 5, 6, 7)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("layers.flatten(x)", "layers.flatten(x)"),
        ("layers.flatten(inputs=x, scope='flat')", "layers.flatten(inputs=x)"),
        ("layers.max_pool2d(x, 2)", "layers.max_pooling2d(x, 2, strides=2)"),
        (
            "layers.max_pool2d(x, [3, 3], 1, 'SAME', 'NCHW', None, scope)",
            "layers.max_pooling2d(x, [3, 3], 1, 'SAME', \"channels_first\")",
        ),
        (
            "layers.avg_pool2d(x, kernel_size=2, stride=1, data_format='NHWC')",
            'layers.average_pooling2d(x, pool_size=2, strides=1, data_format="channels_last")',
        ),
        ("slim.avg_pool3d(x, 2, scope=name + '/p')", "layers.average_pooling3d(x, 2, strides=2)"),
        ("layers.dropout(x)", "layers.dropout(x, training=True)"),
        (
            "layers.dropout(x, 0.8, None, is_training)",
            "layers.dropout(x, 1 - 0.8, None, training=is_training)",
        ),
        (
            "slim.dropout(x, keep_prob=a if b else c, is_training=False, seed=3)",
            "layers.dropout(x, rate=1 - (a if b else c), training=False, seed=3)",
        ),
    ],
)
def test_layers_without_variables(before: str, after: str) -> None:
    result = rewrite(f"import tensorflow as tf\ny = tf.abs(tf.contrib.{before})\n")
    assert result.source.splitlines()[-1] == f"y = tf.abs(getter_compat.{after})"
    assert left(result.findings) == []


def test_other_functions() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib import layers
        from tensorflow.contrib.framework import nest
        from tensorflow.contrib.layers import flatten, softmax

        a = layers.one_hot_encoding(labels, 3, scope="h")
        b = softmax(flatten(logits))
        c = nest.flatten(tf.contrib.util.constant_value(x))
        """,
        """\
        import getter_compat
        import tensorflow as tf

        a = tf.one_hot(labels, 3)
        b = tf.nn.softmax(getter_compat.layers.flatten(logits))
        c = tf.nest.flatten(tf.get_static_value(x))
        """,
    )
    assert left(findings) == []


@pytest.mark.parametrize(
    "call",
    [
        "layers.max_pool2d(x, 2, outputs_collections='end')",
        "layers.max_pool2d(x, 2, data_format=FORMAT)",
        "layers.max_pool2d(x, **options)",
        "layers.flatten(x, scope=next(names))",
        "layers.stack(x, layers.dropout, [0.5])",
    ],
)
def test_what_cannot_be_exact_is_left(call: str) -> None:
    source = f"import tensorflow as tf\nlayers = tf.contrib.layers\ny = tf.abs({call})\n"
    findings = check_same(source)
    assert {rule for _, rule in left(findings)} == {"contrib"}


def test_arg_scope_changes_defaults() -> None:
    findings = check_same(
        """\
        from tensorflow.contrib import slim

        with slim.arg_scope([slim.max_pool2d], stride=1):
            x = slim.max_pool2d(x, 2)
        """
    )
    assert left(findings) == [(line, "contrib") for line in (1, 3, 3, 4)]


def test_findings_say_what_there_is_instead() -> None:
    findings = check_same(
        """\
        import tensorflow as tf

        a = tf.contrib.slim.fully_connected(x, 3)
        b = tf.contrib.rnn.LSTMCell(3)
        c = tf.contrib.nothing.known
        """
    )
    dense, cell, unknown = (finding.message for finding in findings)
    assert "getter_compat.layers.dense" in dense
    assert "weights and biases" in dense
    assert "tf.keras.layers.RNN" in cell
    assert unknown == "tf.contrib.nothing.known has no successor in TensorFlow 2"


def test_the_successors_exist() -> None:
    import tensorflow as tf

    import getter_compat

    roots = {"tensorflow": tf, "getter_compat": getter_compat}
    for successor in FUNCTIONS.values():
        root, *parts = successor.target.split(".")
        value: Any = roots[root]
        for part in parts:
            value = getattr(value, part)


def test_the_result_has_tf1s_numbers() -> None:
    source = """\
        import tensorflow as tf

        x = tf.reshape(tf.range(32.0), [1, 4, 4, 2])
        pooled = tf.contrib.layers.max_pool2d(x, 2)
        mean = tf.contrib.layers.avg_pool2d(x, [2, 2], 1, "SAME")
        flat = tf.contrib.layers.flatten(pooled)
        ones = tf.contrib.layers.dropout(tf.ones([1000]), 0.8)
        still = tf.contrib.layers.dropout(x, 0.8, is_training=False)
        hot = tf.contrib.layers.one_hot_encoding([1, 0], 3)
        soft = tf.contrib.layers.softmax(tf.zeros([2, 3, 4]))
        """
    program: dict[str, Any] = {}
    exec(rewrite(dedent(source)).source, program)
    assert program["flat"].numpy().tolist() == [[10, 11, 14, 15, 26, 27, 30, 31]]
    assert program["mean"].shape == (1, 4, 4, 2)
    kept = program["ones"].numpy()
    assert set(np.unique(kept)) == {np.float32(0), np.float32(1.25)}
    assert 700 < np.count_nonzero(kept) < 900
    assert (program["still"].numpy() == program["x"].numpy()).all()
    assert program["hot"].numpy().tolist() == [[0, 1, 0], [1, 0, 0]]
    assert (program["soft"].numpy() == 0.25).all()
