"""The loss of sequences.

The rules are those of `tensorflow/contrib/seq2seq/python/ops/loss.py` in TensorFlow 1.15 (Apache
License 2.0).
"""

from __future__ import annotations

from collections.abc import Callable

import tensorflow as tf

from getter_compat.typing import TensorLike


def sequence_loss(
    logits: TensorLike,
    targets: TensorLike,
    weights: TensorLike,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    sum_over_timesteps: bool = False,
    sum_over_batch: bool = False,
    softmax_loss_function: Callable[..., TensorLike] | None = None,
    name: str | None = None,
) -> tf.Tensor:
    """The weighted cross entropy of sequences.

    Args:
        logits: A tensor `[batch, time, classes]`.
        targets: The true classes, int `[batch, time]`.
        weights: How much each step counts, `[batch, time]`; zero for padding.
        average_across_timesteps: Whether to divide by the weights, summed over time.
        average_across_batch: Whether to divide by the weights, summed over the batch.
        sum_over_timesteps: Whether to sum over time, and divide by how many steps count.
        sum_over_batch: Whether to sum over the batch, and divide by how many sequences count.
        softmax_loss_function: A function of `labels` and `logits` that gives the losses instead of
            the sparse softmax cross entropy.
        name: A name for the operations.

    Returns:
        A scalar, `[batch]`, `[time]` or `[batch, time]`, by what is averaged or summed over.

    Raises:
        ValueError: If the ranks are not as said, or averages and sums are asked for together.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat.contrib import seq2seq
        >>> loss = seq2seq.sequence_loss(tf.zeros([1, 3, 2]), [[0, 1, 0]], tf.ones([1, 3]))
        >>> print(round(float(loss), 4))
        0.6931
    """
    logits, targets = tf.convert_to_tensor(logits), tf.convert_to_tensor(targets)
    weights = tf.convert_to_tensor(weights)
    _check_ranks(logits, targets, weights)
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError(
            "average_across_timesteps and sum_over_timesteps cannot be set to True at same time."
        )
    if average_across_batch and sum_over_batch:
        raise ValueError(
            "average_across_batch and sum_over_batch cannot be set to True at same time."
        )
    with tf.name_scope(name or "sequence_loss"):
        flat, labels = tf.reshape(logits, [-1, tf.shape(logits)[2]]), tf.reshape(targets, [-1])
        function = softmax_loss_function or tf.nn.sparse_softmax_cross_entropy_with_logits
        losses = function(labels=labels, logits=flat) * tf.reshape(weights, [-1])
        losses = tf.reshape(losses, tf.shape(logits)[:2])
        if average_across_timesteps and average_across_batch:
            return _mean(losses, weights)
        if sum_over_timesteps and sum_over_batch:
            return _mean(losses, _counted(weights, losses))
        if average_across_timesteps or average_across_batch:  # TF1 looks at these first
            return _mean(losses, weights, 0 if average_across_batch else 1)
        if sum_over_timesteps or sum_over_batch:
            return _mean(losses, _counted(weights, losses), 0 if sum_over_batch else 1)
        return losses


def _mean(losses: tf.Tensor, weights: tf.Tensor, axis: int | None = None) -> tf.Tensor:
    """The sum of losses over that of weights, and zero where that is zero."""
    return tf.math.divide_no_nan(tf.reduce_sum(losses, axis), tf.reduce_sum(weights, axis))


def _counted(weights: tf.Tensor, losses: tf.Tensor) -> tf.Tensor:
    """One for each weight that counts."""
    return tf.cast(tf.not_equal(weights, 0), losses.dtype)


def _check_ranks(logits: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor) -> None:
    if logits.shape.rank != 3:
        raise ValueError("Logits must be a [batch_size x sequence_length x logits] tensor")
    if targets.shape.rank != 2:
        raise ValueError("Targets must be a [batch_size x sequence_length] tensor")
    if weights.shape.rank != 2:
        raise ValueError("Weights must be a [batch_size x sequence_length] tensor")
