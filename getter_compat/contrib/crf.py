"""`tf.contrib.crf` of TensorFlow 1: linear-chain conditional random fields.

Scores are `[batch, time, tags]`, tags numbers `[batch, time]`, and of a sequence only the first
`sequence_lengths` steps count. See Sutton and McCallum 2012, "An introduction to conditional random
fields", for the forward recursion and for Viterbi's.

The rules are those of `tensorflow/contrib/crf/python/ops/crf.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from getter_compat.runtime.store import get_variable
from getter_compat.typing import TensorLike

__all__ = [
    "crf_binary_score",
    "crf_decode",
    "crf_log_likelihood",
    "crf_log_norm",
    "crf_multitag_sequence_score",
    "crf_sequence_score",
    "crf_unary_score",
    "viterbi_decode",
]


def crf_log_likelihood(
    inputs: TensorLike,
    tag_indices: TensorLike,
    sequence_lengths: TensorLike,
    transition_params: TensorLike = None,
) -> tuple[tf.Tensor, TensorLike]:
    """The log likelihood of tag sequences.

    Args:
        inputs: Scores of tags, `[batch, time, tags]`.
        tag_indices: The tags, `[batch, time]`.
        sequence_lengths: How many steps count, `[batch]`.
        transition_params: Scores of one tag after another, `[tags, tags]`; by default a variable
            `transitions` of the current scope.

    Returns:
        The log likelihoods, `[batch]`, and the scores of transitions.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, global_variables
        >>> from getter_compat.contrib import crf
        >>> with VariableStore().as_default():
        ...     likelihood, _ = crf.crf_log_likelihood(tf.zeros([1, 3, 2]), [[0, 1, 0]], [3])
        ...     print(likelihood.shape, global_variables()[0].name)
        (1,) transitions:0
    """
    inputs = tf.convert_to_tensor(inputs)
    if transition_params is None:
        tags = inputs.shape[2]
        transition_params = get_variable("transitions", [tags, tags])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def crf_sequence_score(
    inputs: TensorLike,
    tag_indices: TensorLike,
    sequence_lengths: TensorLike,
    transition_params: TensorLike,
) -> tf.Tensor:
    """The scores of tag sequences, `[batch]`, not normalized; arguments as above."""
    return crf_unary_score(tag_indices, sequence_lengths, inputs) + crf_binary_score(
        tag_indices, sequence_lengths, transition_params
    )


def crf_unary_score(
    tag_indices: TensorLike, sequence_lengths: TensorLike, inputs: TensorLike
) -> tf.Tensor:
    """What the tags themselves score, `[batch]`."""
    inputs = tf.convert_to_tensor(inputs)
    chosen = tf.gather(inputs, tf.cast(tag_indices, tf.int32), axis=2, batch_dims=2)
    return tf.reduce_sum(chosen * _mask(sequence_lengths, chosen), 1)


def crf_binary_score(
    tag_indices: TensorLike, sequence_lengths: TensorLike, transition_params: TensorLike
) -> tf.Tensor:
    """What the transitions from tag to tag score, `[batch]`."""
    tags = tf.cast(tag_indices, tf.int32)
    transitions = tf.convert_to_tensor(transition_params)
    scores = tf.gather_nd(transitions, tf.stack([tags[:, :-1], tags[:, 1:]], 2))
    return tf.reduce_sum(scores * _mask(_less_one(sequence_lengths), scores), 1)


def crf_log_norm(
    inputs: TensorLike, sequence_lengths: TensorLike, transition_params: TensorLike
) -> tf.Tensor:
    """The logarithm of the sum over all tag sequences of the exponential of their score.

    Returns:
        A tensor `[batch]`; zero for an empty sequence.
    """
    inputs = tf.convert_to_tensor(inputs)
    transitions = tf.convert_to_tensor(transition_params)

    def step(before: tf.Tensor, now: tf.Tensor) -> tf.Tensor:
        return now + tf.reduce_logsumexp(before[:, :, tf.newaxis] + transitions, 1)

    forward = _fold(step, inputs, sequence_lengths)
    norm = tf.reduce_logsumexp(forward, 1)
    return tf.where(tf.cast(sequence_lengths, tf.int32) <= 0, tf.zeros_like(norm), norm)


def crf_multitag_sequence_score(
    inputs: TensorLike,
    tag_bitmap: TensorLike,
    sequence_lengths: TensorLike,
    transition_params: TensorLike,
) -> tf.Tensor:
    """The score of all tag sequences that a bitmap `[batch, time, tags]` allows, `[batch]`."""
    inputs = tf.convert_to_tensor(inputs)
    lowest = tf.fill(tf.shape(inputs), tf.constant(float("-inf"), inputs.dtype))
    allowed = tf.where(tf.cast(tag_bitmap, tf.bool), inputs, lowest)
    return crf_log_norm(allowed, sequence_lengths, transition_params)


def crf_decode(
    potentials: TensorLike, transition_params: TensorLike, sequence_length: TensorLike
) -> tuple[tf.Tensor, tf.Tensor]:
    """The tag sequences that score highest, in a graph or eagerly.

    Args:
        potentials: Scores of tags, `[batch, time, tags]`.
        transition_params: Scores of one tag after another, `[tags, tags]`.
        sequence_length: How many steps count, `[batch]`.

    Returns:
        The tags, int32 `[batch, time]`, zero beyond the length, and the scores, `[batch]`.
    """
    potentials = tf.convert_to_tensor(potentials)
    transitions = tf.convert_to_tensor(transition_params)
    lengths = tf.maximum(tf.cast(sequence_length, tf.int32), 1)
    steps = tf.transpose(potentials, [1, 0, 2])
    tags = tf.range(tf.shape(potentials)[2])

    def forward(before: Any, given: Any) -> Any:
        (scores, _), (now, time) = before, given
        reached = scores[:, :, tf.newaxis] + transitions
        best = tf.argmax(reached, 1, output_type=tf.int32)
        counts = (time < lengths)[:, tf.newaxis]
        scores = tf.where(counts, now + tf.reduce_max(reached, 1), scores)
        return scores, tf.where(counts, best, tags[tf.newaxis] + tf.zeros_like(best))

    times = tf.range(1, tf.shape(steps)[0])
    start = (steps[0], tf.zeros(tf.shape(steps[0]), tf.int32))
    scores, pointers = tf.scan(forward, (steps[1:], times), start)
    scores = tf.concat([steps[:1], scores], 0)[-1]
    last = tf.argmax(scores, 1, output_type=tf.int32)
    earlier = tf.scan(
        lambda tag, back: tf.gather(back, tag, axis=1, batch_dims=1), pointers, last, reverse=True
    )
    path = tf.transpose(tf.concat([earlier, last[tf.newaxis]], 0))
    path = path * tf.sequence_mask(lengths, tf.shape(path)[1], tf.int32)
    return path, tf.reduce_max(scores, 1)


def viterbi_decode(
    score: TensorLike, transition_params: TensorLike
) -> tuple[list[int], np.floating[Any]]:
    """The tag sequence that scores highest, of one sequence, by NumPy.

    Args:
        score: Scores of tags, an array `[time, tags]`.
        transition_params: Scores of one tag after another, an array `[tags, tags]`.

    Returns:
        The tags, a list, and the score.

    Examples:
        >>> import numpy as np
        >>> viterbi_decode(np.array([[0.0, 1.0], [2.0, 0.0]]), np.zeros([2, 2]))[0]
        [1, 0]
    """
    score, transitions = np.asarray(score), np.asarray(transition_params)
    best = score[0]
    pointers = []
    for now in score[1:]:
        reached = best[:, np.newaxis] + transitions
        pointers.append(np.argmax(reached, 0))
        best = now + np.max(reached, 0)
    path = [int(np.argmax(best))]
    for back in reversed(pointers):
        path.append(int(back[path[-1]]))
    return path[::-1], np.max(best)


def _fold(step: Any, inputs: tf.Tensor, sequence_lengths: TensorLike) -> tf.Tensor:
    """What a step makes of the first scores and those of every later time that counts."""
    lengths = tf.cast(sequence_lengths, tf.int32)
    steps = tf.transpose(inputs, [1, 0, 2])
    if steps.shape[0] == 1:  # a loop of TF1's over nothing has no gradient
        return steps[0]

    def counted(before: tf.Tensor, given: Any) -> tf.Tensor:
        now, time = given
        return tf.where((time < lengths)[:, tf.newaxis], step(before, now), before)

    times = tf.range(1, tf.shape(steps)[0])
    return tf.foldl(counted, (steps[1:], times), steps[0])


def _less_one(sequence_lengths: TensorLike) -> tf.Tensor:
    """How many transitions there are in sequences."""
    return tf.maximum(tf.cast(sequence_lengths, tf.int32) - 1, 0)


def _mask(lengths: Any, values: tf.Tensor) -> tf.Tensor:
    return tf.sequence_mask(lengths, tf.shape(values)[1], values.dtype)
