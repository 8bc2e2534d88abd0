"""`tf.contrib.legacy_seq2seq` of TensorFlow 1: sequences that are lists of steps.

Those that make embeddings themselves, attend, or choose a length among some are not here.

The rules are those of `tensorflow/contrib/legacy_seq2seq/python/ops/seq2seq.py` in TensorFlow 1.15
(Apache License 2.0).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence

import tensorflow as tf

from getter_compat.contrib.common import Scope
from getter_compat.nn.rnn import static_rnn
from getter_compat.runtime.derived import one_call
from getter_compat.runtime.scopes import get_variable_scope, getter_scope
from getter_compat.typing import Cell, DType, State, TensorLike

__all__ = [
    "basic_rnn_seq2seq",
    "rnn_decoder",
    "sequence_loss",
    "sequence_loss_by_example",
    "tied_rnn_seq2seq",
]

NextInput = Callable[[TensorLike, int], TensorLike]
"""A function of the last output, `[batch, output_size]`, and the step, that gives its input."""


def rnn_decoder(
    decoder_inputs: Iterable[TensorLike],
    initial_state: State,
    cell: Cell,
    loop_function: NextInput | None = None,
    scope: Scope = None,
) -> tuple[list[TensorLike], State]:
    """Run a cell from a state over a list of inputs, or over what it puts out itself.

    Args:
        decoder_inputs: The inputs of each step, `[batch, depth]`.
        initial_state: The state to begin with.
        cell: The cell.
        loop_function: Gives the inputs of all steps but the first from the output before. It is
            called where variables are reused, in the scope `loop_function`.
        scope: The scope of the variables, `"rnn_decoder"` by default.

    Returns:
        The list of the outputs of the steps, and the last state.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, global_variables, nn
        >>> from getter_compat.contrib import legacy_seq2seq
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.GRUCell(4)
        ...     steps, state = [tf.ones([1, 3])] * 2, tf.ones([1, 4])
        ...     outputs, state = legacy_seq2seq.rnn_decoder(steps, state, cell)
        ...     print(len(outputs), global_variables()[0].name)
        2 rnn_decoder/gru_cell/gates/kernel:0
    """
    outputs: list[TensorLike] = []
    state = initial_state
    with getter_scope(scope or "rnn_decoder"), one_call():
        for i, inputs in enumerate(decoder_inputs):
            if i > 0:
                if loop_function is not None:
                    with getter_scope("loop_function", reuse=True):
                        inputs = loop_function(outputs[-1], i)
                get_variable_scope().reuse_variables()
            output, state = cell(inputs, state)
            outputs.append(output)
    return outputs, state


def basic_rnn_seq2seq(
    encoder_inputs: Sequence[TensorLike],
    decoder_inputs: Iterable[TensorLike],
    cell: Cell,
    dtype: DType = tf.float32,
    scope: Scope = None,
) -> tuple[list[TensorLike], State]:
    """Decode from the state that a copy of the cell has after the inputs of an encoder.

    Args:
        encoder_inputs: The inputs of each step of the encoder, `[batch, depth]`.
        decoder_inputs: The same of the decoder.
        cell: The cell; the encoder has a copy with weights of its own.
        dtype: The dtype of the encoder's first state.
        scope: The scope of the variables, `"basic_rnn_seq2seq"` by default.

    Returns:
        As `rnn_decoder`.
    """
    with getter_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: Sequence[TensorLike],
    decoder_inputs: Iterable[TensorLike],
    cell: Cell,
    loop_function: NextInput | None = None,
    dtype: DType = tf.float32,
    scope: Scope = None,
) -> tuple[list[TensorLike], State]:
    """Decode from the state that the cell has after the inputs of an encoder, with its weights.

    Args:
        encoder_inputs: The inputs of each step of the encoder, `[batch, depth]`.
        decoder_inputs: The same of the decoder.
        cell: The cell.
        loop_function: As for `rnn_decoder`.
        dtype: The dtype of the encoder's first state.
        scope: The scope of the variables, `"tied_rnn_seq2seq"` by default; it is below
            `combined_tied_rnn_seq2seq`.

    Returns:
        As `rnn_decoder`.
    """
    with getter_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function, scope)


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
