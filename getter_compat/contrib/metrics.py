"""What `tf.contrib.metrics` had beside the metrics, which `tf.compat.v1.metrics` has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import tensorflow as tf

from getter_compat.typing import TensorLike

_Name = TypeVar("_Name")

Metric = tuple[TensorLike, TensorLike]
"""A value, and what updates it."""

__all__ = ["accuracy", "aggregate_metric_map", "aggregate_metrics"]


def aggregate_metrics(*value_update_tuples: Metric) -> tuple[list[TensorLike], list[TensorLike]]:
    """Put the values and the updates of metrics apart.

    Args:
        *value_update_tuples: Pairs of a value and an update.

    Returns:
        The values, and the updates.

    Raises:
        ValueError: If there are none.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.metrics.aggregate_metrics(("a", "update a"), ("b", "update b"))
        (['a', 'b'], ['update a', 'update b'])
    """
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    values, updates = zip(*value_update_tuples, strict=True)
    return list(values), list(updates)


def aggregate_metric_map(
    names_to_tuples: Mapping[_Name, Metric],
) -> tuple[dict[_Name, TensorLike], dict[_Name, TensorLike]]:
    """Put the values and the updates of metrics apart, by name.

    Args:
        names_to_tuples: By name, a pair of a value and an update.

    Returns:
        The values by name, and the updates by name.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.metrics.aggregate_metric_map({"loss": ("mean", "update")})
        ({'loss': 'mean'}, {'loss': 'update'})
    """
    pairs = dict(names_to_tuples)
    values = {name: value for name, (value, _) in pairs.items()}
    return values, {name: update for name, (_, update) in pairs.items()}


def accuracy(
    predictions: tf.Tensor,
    labels: tf.Tensor,
    weights: TensorLike = None,
    name: str | None = None,
) -> tf.Tensor:
    """The share of predictions that are right.

    Args:
        predictions: The predictions: booleans, integers or strings, of any shape.
        labels: The labels, of the same type and shape.
        weights: `None`, or a weight of each, float32.
        name: The name scope.

    Returns:
        A scalar, float32.

    Raises:
        ValueError: If types are of another kind, or differ.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> float(contrib.metrics.accuracy(tf.constant([1, 2]), tf.constant([1, 3])))
        0.5
    """
    if not (labels.dtype.is_integer or labels.dtype in (tf.bool, tf.string)):
        raise ValueError(
            f"Labels should have bool, integer, or string dtype, not {labels.dtype!r}. Round them, "
            "or take their argmax."
        )
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError(
            "Dtypes of predictions and labels should match. Given: predictions "
            f"({predictions.dtype!r}) and labels ({labels.dtype!r}). Cast one of them."
        )
    with tf.name_scope(name or "accuracy"):
        correct = tf.cast(tf.equal(predictions, labels), tf.float32)
        if weights is None:
            return tf.reduce_mean(correct)
        correct *= weights
        number = tf.reduce_sum(weights * tf.ones_like(correct))
        return tf.divide(tf.reduce_sum(correct), number, name="div")
