"""The losses of `tf.contrib.legacy_seq2seq` of TensorFlow 1, whose sequences are lists of steps.

The rules are those of `tensorflow/contrib/legacy_seq2seq/python/ops/seq2seq.py` in TensorFlow 1.15
(Apache License 2.0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import tensorflow as tf

from getter_compat.typing import TensorLike

__all__ = ["sequence_loss", "sequence_loss_by_example"]


def sequence_loss_by_example(
    logits: Sequence[TensorLike],
    targets: Sequence[TensorLike],
    weights: Sequence[TensorLike],
    average_across_timesteps: bool = True,
    softmax_loss_function: Callable[..., tf.Tensor] | None = None,
    name: str | None = None,
) -> tf.Tensor:
    """The weighted cross entropy of each sequence.

    Args:
        logits: A list of steps, each `[batch, classes]`.
        targets: The true classes of each step, int `[batch]`.
        weights: How much each step counts, `[batch]`; zero for padding.
        average_across_timesteps: Whether to divide by the weights, summed over time.
        softmax_loss_function: A function of `labels` and `logits` that gives the losses instead of
            the sparse softmax cross entropy.
        name: A name for the operations.

    Returns:
        The losses, `[batch]`.

    Raises:
        ValueError: If there are not as many steps of each.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat.contrib import legacy_seq2seq
        >>> steps = [tf.zeros([1, 2])] * 3, [tf.zeros([1], tf.int32)] * 3, [tf.ones([1])] * 3
        >>> print(legacy_seq2seq.sequence_loss_by_example(*steps).numpy())
        [0.6931472]
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError(
            "Lengths of logits, weights, and targets must be the same "
            f"{len(logits)}, {len(weights)}, {len(targets)}."
        )
    with tf.name_scope(name or "sequence_loss_by_example"):
        losses = [
            _loss_of_step(logit, target, softmax_loss_function) * weight
            for logit, target, weight in zip(logits, targets, weights, strict=True)
        ]
        loss = tf.add_n(losses)
        if not average_across_timesteps:
            return loss
        return loss / (tf.add_n(weights) + 1e-12)  # the weights of a sequence may all be zero


def sequence_loss(
    logits: Sequence[TensorLike],
    targets: Sequence[TensorLike],
    weights: Sequence[TensorLike],
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Callable[..., tf.Tensor] | None = None,
    name: str | None = None,
) -> tf.Tensor:
    """The weighted cross entropy of a batch of sequences.

    Args:
        logits: A list of steps, each `[batch, classes]`.
        targets: The true classes of each step, int `[batch]`.
        weights: How much each step counts, `[batch]`; zero for padding.
        average_across_timesteps: Whether to divide by the weights, summed over time.
        average_across_batch: Whether to divide by the number of sequences.
        softmax_loss_function: A function of `labels` and `logits` that gives the losses instead of
            the sparse softmax cross entropy.
        name: A name for the operations.

    Returns:
        A scalar.

    Raises:
        ValueError: If there are not as many steps of each.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat.contrib import legacy_seq2seq
        >>> steps = [tf.zeros([4, 2])] * 3, [tf.zeros([4], tf.int32)] * 3, [tf.ones([4])] * 3
        >>> print(round(float(legacy_seq2seq.sequence_loss(*steps)), 4))
        0.6931
    """
    with tf.name_scope(name or "sequence_loss"):
        losses = sequence_loss_by_example(
            logits,
            targets,
            weights,
            average_across_timesteps=average_across_timesteps,
            softmax_loss_function=softmax_loss_function,
        )
        cost = tf.reduce_sum(losses)
        if not average_across_batch:
            return cost
        return cost / tf.cast(tf.shape(targets[0])[0], cost.dtype)


def _loss_of_step(
    logits: TensorLike, targets: TensorLike, function: Callable[..., tf.Tensor] | None
) -> tf.Tensor:
    if function is not None:
        return function(labels=targets, logits=logits)
    # TF1 took a scalar for one target, too.
    labels = tf.reshape(targets, [-1])
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
