"""The static shape of a transposed convolution: TensorFlow 1.15.5's, in a graph and eagerly."""

from __future__ import annotations

import pytest
import tensorflow as tf

from getter_compat import nn

v1 = tf.compat.v1


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ([2, 4, 4, 1], [2, 4, 4, 1]),
        ((2, 4, 4, 1), [2, 4, 4, 1]),
        (tf.TensorShape([2, 4, 4, 1]), [2, 4, 4, 1]),
        (lambda x: tf.stack([2, 4, 4, 1]), [2, 4, 4, 1]),
        (lambda x: tf.stack([tf.shape(x)[0], 4, 4, 1]), [None, 4, 4, 1]),
        (lambda x: [tf.shape(x)[0], 4, 4, 1], [None, 4, 4, 1]),
        (lambda x: [tf.constant(2), 4, 4, 1], [2, 4, 4, 1]),
        (lambda x: v1.placeholder(tf.int32, [4]), [None, None, None, None]),
    ],
)
def test_what_is_known_of_the_shape(shape: object, expected: list[int | None]) -> None:
    with tf.Graph().as_default():
        x = v1.placeholder(tf.float32, [None, 2, 2, 2])
        made = shape(x) if callable(shape) else shape
        y = nn.conv2d_transpose(x, tf.ones([3, 3, 1, 2]), made, [1, 2, 2, 1])
        assert y.shape.as_list() == expected
        assert y.op.type == "Conv2DBackpropInput"  # Nothing stands behind it.
        assert y.op.name == "conv2d_transpose"


def test_the_numbers() -> None:
    x = tf.reshape(tf.range(8.0), [1, 2, 2, 2])
    given = {"strides": 2, "padding": "VALID"}
    y = nn.conv2d_transpose(x, tf.ones([2, 2, 1, 2]), [1, 4, 4, 1], name="y", **given)
    tf.debugging.assert_equal(
        y, tf.nn.conv2d_transpose(x, tf.ones([2, 2, 1, 2]), [1, 4, 4, 1], **given)
    )
