"""`mask`: pruned weights, a variable times a mask of zeros and ones."""

from __future__ import annotations

import re
from typing import Any

import tensorflow as tf

from getter_compat.getters.kernels import KERNELS
from getter_compat.getters.kinds import makes_a_getter
from getter_compat.typing import Getter, NextGetter, TensorLike


@makes_a_getter
def mask(only: str = KERNELS, suffix: str = "_mask") -> Getter:
    """Multiply weights by a mask of the same shape, a variable that is not trained.

    The mask begins as ones; assign zeros to prune. Magnitude pruning was written so in TensorFlow
    1 (Zhu and Gupta, "To prune, or not to prune", arXiv:1710.01878).

    Args:
        only: A regular expression; the weights whose full names it is found in are masked.
        suffix: What stands behind a weight's name in the name of its mask.

    Returns:
        The getter.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> with VariableStore().as_default() as store:
        ...     with getter_scope("net", custom_getter=getters.mask()):
        ...         layer = layers.Dense(1, kernel_initializer="ones", name="out")
        ...         y = layer(tf.ones([1, 3]))
        ...     _ = store.variables["net/out/kernel_mask"].assign([[1.0], [0.0], [0.0]])
        ...     print(y.numpy(), layer(tf.ones([1, 3])).numpy())
        [[3.]] [[1.]]
    """

    def masked(getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> TensorLike:
        weight = getter(name, *args, **kwargs)
        if not re.search(only, name):
            return weight
        ones = tf.ones_initializer()
        allowed = getter(
            name + suffix,
            shape=weight.shape,
            dtype=weight.dtype.base_dtype,
            initializer=ones,
            trainable=False,
        )
        return weight * allowed

    return masked
