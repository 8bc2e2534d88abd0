"""`weight_norm`: the length and the direction of each kernel as variables of their own."""

from __future__ import annotations

import re
from typing import Any

import tensorflow as tf

from getter_compat.getters.kernels import KERNELS, check_has_outputs
from getter_compat.getters.kinds import makes_a_getter
from getter_compat.typing import DType, Getter, Initializer, NextGetter, Regularizer, TensorLike


@makes_a_getter
def weight_norm(only: str = KERNELS, epsilon: float = 1e-12) -> Getter:
    """Give `g * v / |v|`, with a length `g` for each output and a direction `v` for each kernel.

    Salimans and Kingma, "Weight Normalization", arXiv:1602.07868, without its initialization from
    data: the lengths begin as ones. The variables are called `NAME_direction`, made as the kernel
    would have been, and `NAME_norm`. A regularizer of the scope acts on the lengths alone: L2 of
    them is L2 of the kernel, whose directions have the length 1. A layer's own acts on the kernel.

    No weight is asked for by the kernel's own name any more: a getter around this one, such as
    `mask`, finds the two others.

    Args:
        only: A regular expression; the weights whose full names it is found in are normalized.
        epsilon: The least square of a length that a direction is divided by.

    Returns:
        The getter.

    Raises:
        ValueError: When a weight is asked for, if it is a scalar, which has no outputs.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> with VariableStore().as_default() as store:
        ...     with getter_scope("net", custom_getter=getters.weight_norm()):
        ...         y = layers.dense(tf.ones([1, 4]), 1, kernel_initializer="ones", name="out")
        >>> print(y.numpy(), *store.variables)
        [[2.]] net/out/kernel_direction net/out/kernel_norm net/out/bias
    """

    def normed(
        getter: NextGetter,
        name: str,
        shape: TensorLike = None,
        dtype: DType | None = tf.float32,
        initializer: Initializer | None = None,
        regularizer: Regularizer | None = None,
        **kwargs: Any,
    ) -> TensorLike:
        if not re.search(only, name):
            kwargs = {"initializer": initializer, "regularizer": regularizer, **kwargs}
            return getter(name, shape=shape, dtype=dtype, **kwargs)
        direction = getter(
            name + "_direction", shape=shape, dtype=dtype, initializer=initializer, **kwargs
        )
        check_has_outputs("weight_norm", name, direction)
        inputs = list(range(len(direction.shape) - 1))
        length = getter(
            name + "_norm",
            shape=[direction.shape[-1]],
            dtype=dtype,
            initializer=tf.ones_initializer(),
            regularizer=regularizer,
            **kwargs,
        )
        return length * tf.nn.l2_normalize(direction, inputs, epsilon)

    return normed
