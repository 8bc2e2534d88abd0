"""The regularizers of `tf.contrib.layers`: functions of a weight that return its loss.

Those of Keras have other strengths (half as much for L2), and no way to be switched off: TF1's
return `None` for a scale of zero, so that nothing is in the collection of losses. Derived from
`tensorflow/contrib/layers/python/layers/regularizers.py`, TF 1.15 (Apache License 2.0).
"""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence

import tensorflow as tf

from getter_compat.runtime import runs
from getter_compat.runtime.store import default_store
from getter_compat.typing import Regularizer, TensorLike

_v1 = tf.compat.v1


def l1_regularizer(scale: TensorLike, scope: str | None = None) -> Regularizer:
    """Return a function that computes `scale * sum(|weights|)`, as TF1 did.

    Args:
        scale: A number or a scalar tensor; 0.0 switches the regularizer off.
        scope: The name of its operations, by default `l1_regularizer`.

    Returns:
        A function of a weight that returns a scalar of its dtype; `None`, where it is off.

    Raises:
        ValueError: If the scale is an integer or negative.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> float(contrib.l1_regularizer(0.5)(tf.constant([1.0, -3.0])))
        2.0
    """
    return _scaled(scale, scope, "l1_regularizer", lambda weights: tf.reduce_sum(tf.abs(weights)))


def l2_regularizer(scale: TensorLike, scope: str | None = None) -> Regularizer:
    """Return a function that computes `scale * sum(weights ** 2) / 2`, as TF1 did.

    Args:
        scale: A number or a scalar tensor; 0.0 switches the regularizer off.
        scope: The name of its operations, by default `l2_regularizer`.

    Returns:
        A function of a weight that returns a scalar of its dtype; `None`, where it is off.

    Raises:
        ValueError: If the scale is an integer or negative.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> float(contrib.l2_regularizer(0.5)(tf.constant([1.0, -3.0])))
        2.5
        >>> contrib.l2_regularizer(0.0)(tf.constant([1.0, -3.0])) is None
        True
    """
    return _scaled(scale, scope, "l2_regularizer", tf.nn.l2_loss)


def l1_l2_regularizer(
    scale_l1: TensorLike = 1.0, scale_l2: TensorLike = 1.0, scope: str | None = None
) -> Regularizer:
    """Return a function that computes the sum of `l1_regularizer` and `l2_regularizer`.

    Args:
        scale_l1: A number or a scalar tensor; 0.0 switches the first off.
        scale_l2: A number or a scalar tensor; 0.0 switches the second off.
        scope: The name of its operations, by default `l1_l2_regularizer`.

    Returns:
        A function of a weight that returns a scalar of its dtype; `None`, where both are off.

    Raises:
        ValueError: If a scale is an integer or negative.
    """
    for name, scale in (("scale_l1", scale_l1), ("scale_l2", scale_l2)):
        _refuse_integer(name, scale)
    scope = scope or "l1_l2_regularizer"
    if _is_off(scale_l1):
        return l2_regularizer(scale_l2, scope)
    if _is_off(scale_l2):
        return l1_regularizer(scale_l1, scope)
    both = sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope)
    assert both is not None
    return both


def sum_regularizer(
    regularizer_list: Sequence[Regularizer | None], scope: str | None = None
) -> Regularizer | None:
    """Return a function that computes the sum of several regularizers, as TF1 did.

    Args:
        regularizer_list: The regularizers; `None` is none.
        scope: The name of its operations, by default `sum_regularizer`.

    Returns:
        A function of a weight that returns a scalar; `None`, where there is nothing to sum.
    """
    regularizers = [regularizer for regularizer in regularizer_list if regularizer is not None]
    if not regularizers:
        return None

    def sum_reg(weights: TensorLike) -> TensorLike:
        with _v1.name_scope(scope, "sum_regularizer", [weights]) as name:
            losses = [regularizer(weights) for regularizer in regularizers]
            losses = [loss for loss in losses if loss is not None]
            return tf.add_n(losses, name=name) if losses else None

    return sum_reg


def apply_regularization(
    regularizer: Regularizer, weights_list: Sequence[TensorLike] | None = None
) -> tf.Tensor:
    """Return the sum of a regularizer over weights, and collect it as a regularization loss.

    Args:
        regularizer: A function of a weight that returns a scalar, or `None`.
        weights_list: The weights; by default those in TF1's collection `weights`.

    Returns:
        A scalar.

    Raises:
        ValueError: If there are no weights, or the regularizer returns no scalar.
    """
    store = default_store()
    weights_list = weights_list or store.collection(_v1.GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with _v1.name_scope("get_regularization_penalty", values=weights_list) as scope:
        penalties = [regularizer(weights) for weights in weights_list]
        penalties = [tf.constant(0.0) if each is None else each for each in penalties]
        for penalty in penalties:
            if penalty.shape.ndims != 0:
                raise ValueError(
                    "regularizer must return a scalar Tensor instead of a Tensor with rank "
                    f"{penalty.shape.ndims}."
                )
        total = tf.add_n(penalties, name=scope)
        store.add_loss(scope, runs.of_call(total, scope).now)
        return total


def _scaled(
    scale: TensorLike, scope: str | None, default_name: str, norm: Callable[[tf.Tensor], tf.Tensor]
) -> Regularizer:
    """A regularizer that is a norm of the weight times a scale."""
    _check_scale("scale", scale)
    if _is_off(scale):
        return _off

    def regularizer(weights: TensorLike) -> TensorLike:
        with _v1.name_scope(scope, default_name, [weights]) as name:
            weights = tf.convert_to_tensor(weights)
            strength = tf.convert_to_tensor(scale, weights.dtype.base_dtype, name="scale")
            return tf.multiply(strength, norm(weights), name=name)

    return regularizer


def _off(_: TensorLike) -> None:
    """What a regularizer with a scale of zero returns."""


def _is_off(scale: TensorLike) -> bool:
    return isinstance(scale, numbers.Real) and scale == 0.0


def _check_scale(name: str, scale: TensorLike) -> None:
    _refuse_integer(name, scale)
    if isinstance(scale, numbers.Real) and scale < 0.0:
        raise ValueError(f"Setting a scale less than 0 on a regularizer: {float(scale):g}.")


def _refuse_integer(name: str, scale: TensorLike) -> None:
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name} cannot be an integer: {scale}. Write {float(scale)}.")
