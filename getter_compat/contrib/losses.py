"""`tf.contrib.losses`, which is `slim.losses`: predictions first, by the functions that came after.

Those of `tf.compat.v1.losses` compute the same and add to the same collection of the graph.
"""

from __future__ import annotations

import tensorflow as tf

from getter_compat.typing import TensorLike

_losses = tf.compat.v1.losses

add_loss = _losses.add_loss
compute_weighted_loss = _losses.compute_weighted_loss
get_losses = _losses.get_losses
get_regularization_losses = _losses.get_regularization_losses
get_total_loss = _losses.get_total_loss


def absolute_difference(
    predictions: TensorLike,
    labels: TensorLike = None,
    weights: TensorLike = 1.0,
    scope: str | None = None,
) -> tf.Tensor:
    """The mean absolute difference, added to the losses.

    Args:
        predictions: The predictions, of any shape.
        labels: The labels, of the same shape.
        weights: A scalar, or weights that the shape is broadcast to.
        scope: The name scope.

    Returns:
        A scalar.
    """
    return _losses.absolute_difference(labels, predictions, weights, scope)


def cosine_distance(
    predictions: TensorLike,
    labels: TensorLike = None,
    axis: int | None = None,
    weights: TensorLike = 1.0,
    scope: str | None = None,
    dim: int | None = None,
) -> tf.Tensor:
    """The mean of one minus the cosine of two unit vectors, added to the losses.

    Args:
        predictions: Unit vectors.
        labels: Unit vectors, of the same shape.
        axis: The axis of the vectors.
        weights: A scalar, or weights that the shape is broadcast to.
        scope: The name scope.
        dim: The older name of `axis`.

    Returns:
        A scalar.
    """
    axis = axis if axis is not None else dim
    return _losses.cosine_distance(labels, predictions, axis, weights, scope)


def hinge_loss(
    logits: TensorLike, labels: TensorLike = None, scope: str | None = None
) -> tf.Tensor:
    """The hinge loss of each element, which contrib did not add to the losses.

    Args:
        logits: The logits, of any shape.
        labels: The labels, 0 or 1, of the same shape.
        scope: The name scope.

    Returns:
        A tensor of the same shape.
    """
    with tf.name_scope(scope or "hinge_loss"):
        labels = 2.0 * tf.cast(labels, tf.float32) - 1.0
        return tf.nn.relu(1.0 - labels * logits)


def log_loss(
    predictions: TensorLike,
    labels: TensorLike = None,
    weights: TensorLike = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
) -> tf.Tensor:
    """The mean log loss of probabilities, added to the losses.

    Args:
        predictions: Probabilities, of any shape.
        labels: The labels, of the same shape.
        weights: A scalar, or weights that the shape is broadcast to.
        epsilon: What is added to probabilities before the logarithm.
        scope: The name scope.

    Returns:
        A scalar.
    """
    return _losses.log_loss(labels, predictions, weights, epsilon, scope)


def mean_pairwise_squared_error(
    predictions: TensorLike,
    labels: TensorLike = None,
    weights: TensorLike = 1.0,
    scope: str | None = None,
) -> tf.Tensor:
    """The squared error of differences of pairs, over all pairs, added to the losses.

    Args:
        predictions: The predictions, `[batch, ...]`.
        labels: The labels, of the same shape.
        weights: A scalar, or one for each example.
        scope: The name scope.

    Returns:
        A scalar.
    """
    loss = _losses.mean_pairwise_squared_error(
        labels, predictions, weights, scope, loss_collection=None
    )
    # Contrib divided by the number of all pairs; what came after, by those of two elements.
    size = tf.size(predictions) / tf.shape(predictions)[0]
    loss *= tf.cast((size - 1) / size, loss.dtype)
    add_loss(loss)
    return loss


def mean_squared_error(
    predictions: TensorLike,
    labels: TensorLike = None,
    weights: TensorLike = 1.0,
    scope: str | None = None,
) -> tf.Tensor:
    """The mean squared error, added to the losses.

    Args:
        predictions: The predictions, of any shape.
        labels: The labels, of the same shape.
        weights: A scalar, or weights that the shape is broadcast to.
        scope: The name scope.

    Returns:
        A scalar.
    """
    return _losses.mean_squared_error(labels, predictions, weights, scope)


def sigmoid_cross_entropy(
    logits: TensorLike,
    multi_class_labels: TensorLike,
    weights: TensorLike = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
) -> tf.Tensor:
    """The mean cross entropy of logits, each a class of its own, added to the losses.

    Args:
        logits: The logits, `[batch, classes]`.
        multi_class_labels: The labels, 0 or 1, of the same shape.
        weights: A scalar, or weights that the shape is broadcast to.
        label_smoothing: How far labels are moved towards one half.
        scope: The name scope.

    Returns:
        A scalar.
    """
    return _losses.sigmoid_cross_entropy(
        multi_class_labels, logits, weights, label_smoothing, scope
    )


def softmax_cross_entropy(
    logits: TensorLike,
    onehot_labels: TensorLike,
    weights: TensorLike = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
) -> tf.Tensor:
    """The mean cross entropy of a softmax, added to the losses.

    Args:
        logits: The logits, `[batch, classes]`.
        onehot_labels: The labels, of the same shape.
        weights: A scalar, or one for each example.
        label_smoothing: How far labels are moved towards equal ones.
        scope: The name scope.

    Returns:
        A scalar.
    """
    return _losses.softmax_cross_entropy(onehot_labels, logits, weights, label_smoothing, scope)


def sparse_softmax_cross_entropy(
    logits: TensorLike, labels: TensorLike, weights: TensorLike = 1.0, scope: str | None = None
) -> tf.Tensor:
    """The mean cross entropy of a softmax, added to the losses.

    Args:
        logits: The logits, `[batch, classes]`.
        labels: The number of the class, `[batch]` or `[batch, 1]`.
        weights: A scalar, or one for each example.
        scope: The name scope.

    Returns:
        A scalar.
    """
    labels = tf.reshape(labels, [tf.shape(labels)[0]])
    return _losses.sparse_softmax_cross_entropy(labels, logits, tf.squeeze(weights), scope)
