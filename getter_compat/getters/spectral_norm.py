"""`spectral_norm`: kernels divided by an estimate of their largest singular value."""

from __future__ import annotations

import re
from typing import Any

import tensorflow as tf

from getter_compat.getters.kernels import KERNELS, check_has_outputs
from getter_compat.getters.kinds import makes_a_getter
from getter_compat.typing import Getter, NextGetter, TensorLike


@makes_a_getter
def spectral_norm(training: bool = True, only: str = KERNELS, epsilon: float = 1e-12) -> Getter:
    """Divide kernels by their largest singular value, which power iteration estimates.

    Miyato et al., "Spectral Normalization for Generative Adversarial Networks", arXiv:1802.05957.
    One step of the iteration is made each time the weights are used in training; its vector is a
    variable `NAME_u` that is not trained. A convolution's kernel is seen as a matrix with one
    column for each filter.

    Args:
        training: Whether the vector moves. A scope that only evaluates leaves it where it is.
        only: A regular expression; the weights whose full names it is found in are normalized.
        epsilon: What is added to the lengths that vectors are divided by.

    Returns:
        The getter.

    Raises:
        ValueError: When a weight is asked for, if it is a scalar, which has no singular values.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> with VariableStore().as_default() as store:
        ...     with getter_scope("critic", custom_getter=getters.spectral_norm()):
        ...         y = layers.dense(tf.ones([1, 4]), 1, kernel_initializer="ones", name="out")
        >>> print(y.numpy().round(4), store.variables["critic/out/kernel_u"].shape)
        [[2.]] (1, 1)
    """

    def normed(getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> TensorLike:
        weight = getter(name, *args, **kwargs)
        if not re.search(only, name):
            return weight
        check_has_outputs("spectral_norm", name, weight)
        u = getter(
            name + "_u",
            shape=[1, weight.shape[-1]],
            dtype=weight.dtype.base_dtype,
            initializer=tf.compat.v1.random_normal_initializer(),
            trainable=False,
        )
        matrix = tf.reshape(weight, [-1, weight.shape[-1]])
        v = tf.stop_gradient(_unit(tf.matmul(u, matrix, transpose_b=True), epsilon))
        moved = tf.stop_gradient(_unit(tf.matmul(v, matrix), epsilon))
        largest = tf.reshape(tf.matmul(tf.matmul(v, matrix), moved, transpose_b=True), [])
        if not training:
            return weight / largest
        with tf.control_dependencies([u.assign(moved)]):
            return weight / largest

    return normed


def _unit(vector: tf.Tensor, epsilon: float) -> tf.Tensor:
    return vector / (tf.sqrt(tf.reduce_sum(tf.square(vector))) + epsilon)
