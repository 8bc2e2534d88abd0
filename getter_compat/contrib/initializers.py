"""The initializers of `tf.contrib.layers`, where it cannot be seen what they are called with."""

from __future__ import annotations

import tensorflow as tf

from getter_compat.tables.initializers import CONTRIB_NORMAL_SCALE
from getter_compat.typing import Initializer

_MODES = ["FAN_IN", "FAN_OUT", "FAN_AVG"]


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: tf.DType = tf.float32,
) -> Initializer:
    """Return an initializer that scales with the size of the weight, as TF1's contrib did.

    Args:
        factor: What the variance is multiplied with.
        mode: What it is divided by: `FAN_IN`, `FAN_OUT` or `FAN_AVG`.
        uniform: Whether to draw evenly, or from a normal distribution that is cut.
        seed: The seed.
        dtype: The type of the values.

    Returns:
        A `tf.compat.v1.variance_scaling_initializer`. Contrib made up for the cut by 1.3, that one
        by another number, for which the scale makes up.

    Raises:
        TypeError: If there is no such mode, or the type is not one of fractions.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.variance_scaling_initializer(1.0, "FAN_AVG", uniform=True)([2, 3]).shape
        TensorShape([2, 3])
    """
    if not tf.as_dtype(dtype).is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
    if mode not in _MODES:
        raise TypeError(f"Unknown mode {mode} [{', '.join(_MODES)}]")
    initializer: Initializer = tf.compat.v1.variance_scaling_initializer(
        factor if uniform else factor * CONTRIB_NORMAL_SCALE,
        mode.lower(),
        "uniform" if uniform else "truncated_normal",
        seed,
        dtype,
    )
    return initializer


def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: tf.DType = tf.float32
) -> Initializer:
    """Return Xavier Glorot's initializer, as TF1's contrib had it.

    Args:
        uniform: Whether to draw evenly, or from a normal distribution that is cut.
        seed: The seed.
        dtype: The type of the values.

    Returns:
        As `variance_scaling_initializer`.

    Raises:
        TypeError: If the type is not one of fractions.
    """
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer
