"""`tf.nn.conv2d_transpose` of TensorFlow 1, whose result knows how many images it holds."""

from __future__ import annotations

from collections.abc import Sequence

import tensorflow as tf

from getter_compat.typing import TensorLike

__all__ = ["conv2d_transpose"]


def conv2d_transpose(
    value: TensorLike | None = None,
    filter: TensorLike | None = None,
    output_shape: Sequence[int | tf.Tensor] | tf.Tensor | None = None,
    strides: int | Sequence[int] | None = None,
    padding: str = "SAME",
    data_format: str = "NHWC",
    name: str | None = None,
    input: TensorLike | None = None,
    filters: TensorLike | None = None,
    dilations: int | Sequence[int] | None = None,
) -> tf.Tensor:
    """Convolve backwards, as TensorFlow 1.15's `tf.nn.conv2d_transpose` did.

    Numbers and names are those of TensorFlow 2's. In a graph TensorFlow 1 took the static shape of
    the result from `output_shape`; TensorFlow 2 takes its first part from the images, which are
    often of a batch of any size, so that `tf.reshape(y, y.get_shape())` fails.

    Args:
        value: The images, of shape `[batch, height, width, in_channels]`.
        filter: The filter, of shape `[height, width, out_channels, in_channels]`.
        output_shape: The shape of the result: four numbers, or a tensor of them.
        strides: As those of the convolution that this one turns back.
        padding: `SAME` or `VALID`.
        data_format: `NHWC`, or `NCHW`.
        name: The name of the operation.
        input: Another name of `value`.
        filters: Another name of `filter`.
        dilations: Of the filter.

    Returns:
        The images of that shape.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import nn
        >>> with tf.Graph().as_default():
        ...     x = tf.compat.v1.placeholder(tf.float32, [None, 2, 2, 3])
        ...     print(nn.conv2d_transpose(x, tf.ones([3, 3, 1, 3]), [8, 4, 4, 1], 2).shape)
        (8, 4, 4, 1)
    """
    result = tf.compat.v1.nn.conv2d_transpose(
        value,
        filter,
        output_shape,
        strides,
        padding,
        data_format,
        name,
        input,
        filters,
        dilations,
    )
    if result.shape.rank is not None and result.shape.as_list()[0] is None:
        result.set_shape([_first(output_shape), *[None] * (result.shape.rank - 1)])
    return result


def _first(shape: Sequence[int | tf.Tensor] | tf.Tensor) -> int | None:
    """The first part of a shape, where it is known without running anything."""
    if isinstance(shape, tf.Tensor):
        known = tf.get_static_value(shape, partial=True)
        return None if known is None else known[0]
    first = shape[0]
    return tf.get_static_value(first) if isinstance(first, tf.Tensor) else first
