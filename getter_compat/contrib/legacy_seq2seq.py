"""`tf.contrib.legacy_seq2seq` of TensorFlow 1: sequences that are lists of steps.

`embedding_tied_rnn_seq2seq` and `one2many_rnn_seq2seq` are not here.

The rules are those of `tensorflow/contrib/legacy_seq2seq/python/ops/seq2seq.py` in TensorFlow 1.15
(Apache License 2.0).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence

import tensorflow as tf

from getter_compat.contrib.common import Scope
from getter_compat.contrib.rnn import EmbeddingWrapper, OutputProjectionWrapper, linear
from getter_compat.layers.computations import readable
from getter_compat.nn.rnn import static_rnn
from getter_compat.runtime.derived import one_call
from getter_compat.runtime.scopes import AUTO_REUSE, get_variable_scope, getter_scope
from getter_compat.runtime.store import get_variable
from getter_compat.typing import Cell, DType, State, TensorLike

__all__ = [
    "attention_decoder",
    "basic_rnn_seq2seq",
    "embedding_attention_decoder",
    "embedding_attention_seq2seq",
    "embedding_rnn_decoder",
    "embedding_rnn_seq2seq",
    "model_with_buckets",
    "rnn_decoder",
    "sequence_loss",
    "sequence_loss_by_example",
    "tied_rnn_seq2seq",
]

NextInput = Callable[[TensorLike, int], TensorLike]
"""A function of the last output, `[batch, output_size]`, and the step, that gives its input."""

Projection = tuple[TensorLike, TensorLike]
"""Weights `[output_size, symbols]` and biases `[symbols]`."""

Decoded = tuple[list[TensorLike], State]
"""The outputs of all steps, and the last state."""


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


def embedding_rnn_decoder(
    decoder_inputs: Iterable[TensorLike],
    initial_state: State,
    cell: Cell,
    num_symbols: int,
    embedding_size: int,
    output_projection: Projection | None = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    scope: Scope = None,
) -> Decoded:
    """Run a cell over symbols, which it looks up in a table that it learns.

    Args:
        decoder_inputs: The symbols of each step, int `[batch]`.
        initial_state: The state to begin with.
        cell: The cell.
        num_symbols: How many symbols there are.
        embedding_size: The size of what stands for a symbol.
        output_projection: What makes symbols of outputs, where they are fed back.
        feed_previous: Whether all steps but the first take the likeliest symbol of the one before.
        update_embedding_for_previous: Whether the table learns from symbols that are fed back.
        scope: The scope of the variables, `"embedding_rnn_decoder"` by default.

    Returns:
        As `rnn_decoder`.
    """
    with getter_scope(scope or "embedding_rnn_decoder") as opened:
        if output_projection is not None:
            weights = tf.convert_to_tensor(output_projection[0], opened.dtype)
            weights.shape.assert_is_compatible_with([None, num_symbols])
            _check_biases(output_projection, num_symbols, opened.dtype)
        table = get_variable("embedding", [num_symbols, embedding_size])
        feeding = _feeding(table, output_projection, update_embedding_for_previous)
        inputs = (tf.compat.v1.nn.embedding_lookup(table, step) for step in decoder_inputs)
        return rnn_decoder(inputs, initial_state, cell, feeding if feed_previous else None)


def embedding_rnn_seq2seq(
    encoder_inputs: Sequence[TensorLike],
    decoder_inputs: Sequence[TensorLike],
    cell: Cell,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    output_projection: Projection | None = None,
    feed_previous: TensorLike = False,
    dtype: DType | None = None,
    scope: Scope = None,
) -> Decoded:
    """Decode symbols from the state that a copy of the cell has after others.

    Args:
        encoder_inputs: The symbols of each step of the encoder, int `[batch]`.
        decoder_inputs: The same of the decoder.
        cell: The cell; the encoder has a copy with weights of its own.
        num_encoder_symbols: How many symbols the encoder has.
        num_decoder_symbols: How many the decoder has.
        embedding_size: The size of what stands for a symbol.
        output_projection: What makes symbols of outputs; without it they are made of them.
        feed_previous: As for `embedding_rnn_decoder`; a scalar tensor, too.
        dtype: The dtype of the first state, by default that of the scope.
        scope: The scope of the variables, `"embedding_rnn_seq2seq"` by default.

    Returns:
        As `rnn_decoder`; without a projection the outputs are `[batch, num_decoder_symbols]`.
    """
    with getter_scope(scope or "embedding_rnn_seq2seq") as opened:
        if dtype is not None:
            opened.set_dtype(dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=dtype or opened.dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feeds: bool, updates: bool) -> Decoded:
            return embedding_rnn_decoder(
                decoder_inputs,
                state,
                cell,
                num_decoder_symbols,
                embedding_size,
                output_projection,
                feeds,
                updates,
            )

        return _decoded(decode, feed_previous, len(decoder_inputs), state)


def attention_decoder(
    decoder_inputs: Sequence[TensorLike],
    initial_state: State,
    attention_states: TensorLike,
    cell: Cell,
    output_size: int | None = None,
    num_heads: int = 1,
    loop_function: NextInput | None = None,
    dtype: DType | None = None,
    scope: Scope = None,
    initial_state_attention: bool = False,
) -> Decoded:
    """Run a cell that attends, at each step, to places that its state asks for.

    Vinyals et al. 2014, https://arxiv.org/abs/1412.7449.

    Args:
        decoder_inputs: The inputs of each step, `[batch, depth]`.
        initial_state: The state to begin with.
        attention_states: What is attended to, `[batch, length, depth]`.
        cell: The cell.
        output_size: The size of the outputs, by default the cell's.
        num_heads: How many places are read at once.
        loop_function: As for `rnn_decoder`.
        dtype: The dtype of the variables, by default that of the scope.
        scope: The scope of the variables, `"attention_decoder"` by default.
        initial_state_attention: Whether the first step attends to what the first state asks for;
            zeros are read otherwise.

    Returns:
        As `rnn_decoder`.

    Raises:
        ValueError: If there are no inputs or heads, or a size is not known.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if tf.compat.dimension_value(attention_states.shape[2]) is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
    outputs: list[TensorLike] = []
    with getter_scope(scope or "attention_decoder", dtype=dtype) as opened, one_call():
        heads = _Heads(attention_states, num_heads, opened.dtype or tf.float32)
        state = initial_state
        read = heads.read(state) if initial_state_attention else heads.nothing(decoder_inputs[0])
        for i, inputs in enumerate(decoder_inputs):
            if i > 0:
                get_variable_scope().reuse_variables()
                if loop_function is not None:
                    with getter_scope("loop_function", reuse=True):
                        inputs = loop_function(outputs[-1], i)
            depth = tf.compat.dimension_value(inputs.shape.with_rank(2)[1])
            if depth is None:
                raise ValueError(f"Could not infer input size from input: {inputs.name}")
            mixed = linear([tf.cast(part, opened.dtype) for part in (inputs, *read)], depth, True)
            output, state = cell(mixed, state)
            reuse = True if initial_state_attention else None
            with getter_scope(get_variable_scope(), reuse=reuse):
                read = heads.read(state)
            with getter_scope("AttnOutputProjection"):
                parts = [tf.cast(output, opened.dtype), *read]
                outputs.append(linear(parts, output_size or cell.output_size, True))
    return outputs, state


class _Heads:
    """What reads from the places of `attention_decoder`, with the variables for that."""

    def __init__(self, places: TensorLike, number: int, dtype: DType) -> None:
        size = places.shape[2]
        self._places = tf.expand_dims(places, 2)
        self._size, self._dtype = size, dtype
        self._features, self._weights = [], []
        for head in range(number):
            kernel = get_variable(f"AttnW_{head}", [1, 1, size, size], dtype=dtype)
            self._features.append(tf.nn.conv2d(self._places, readable(kernel), 1, "SAME"))
            self._weights.append(readable(get_variable(f"AttnV_{head}", [size], dtype=dtype)))

    def nothing(self, inputs: TensorLike) -> list[tf.Tensor]:
        """Zeros for each head."""
        zeros = tf.zeros(tf.stack([tf.shape(inputs)[0], self._size]), self._dtype)
        return [tf.ensure_shape(zeros, [None, self._size])] * len(self._weights)

    def read(self, state: State) -> list[tf.Tensor]:
        """What each head reads for a state."""
        return [self._read_by(head, tf.nest.flatten(state)) for head in range(len(self._weights))]

    def _read_by(self, head: int, query: list[TensorLike]) -> tf.Tensor:
        with getter_scope(f"Attention_{head}"):
            asked = linear(query[0] if len(query) == 1 else tf.concat(query, 1), self._size, True)
        asked = tf.cast(tf.reshape(asked, [-1, 1, 1, self._size]), self._dtype)
        scores = self._weights[head] * tf.tanh(self._features[head] + asked)
        mask = tf.nn.softmax(tf.cast(tf.reduce_sum(scores, [2, 3]), tf.float32))
        mask = tf.cast(mask, self._dtype)[:, :, tf.newaxis, tf.newaxis]
        return tf.reshape(tf.reduce_sum(mask * self._places, [1, 2]), [-1, self._size])


def embedding_attention_decoder(
    decoder_inputs: Sequence[TensorLike],
    initial_state: State,
    attention_states: TensorLike,
    cell: Cell,
    num_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_size: int | None = None,
    output_projection: Projection | None = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    dtype: DType | None = None,
    scope: Scope = None,
    initial_state_attention: bool = False,
) -> Decoded:
    """Run a cell that attends over symbols, which it looks up in a table that it learns.

    Args:
        decoder_inputs: The symbols of each step, int `[batch]`.
        initial_state: The state to begin with.
        attention_states: What is attended to, `[batch, length, depth]`.
        cell: The cell.
        num_symbols: How many symbols there are.
        embedding_size: The size of what stands for a symbol.
        num_heads: As for `attention_decoder`.
        output_size: As for `attention_decoder`.
        output_projection: As for `embedding_rnn_decoder`.
        feed_previous: As for `embedding_rnn_decoder`.
        update_embedding_for_previous: As for `embedding_rnn_decoder`.
        dtype: As for `attention_decoder`.
        scope: The scope of the variables, `"embedding_attention_decoder"` by default.
        initial_state_attention: As for `attention_decoder`.

    Returns:
        As `rnn_decoder`.
    """
    if output_projection is not None:
        _check_biases(output_projection, num_symbols, dtype)
    with getter_scope(scope or "embedding_attention_decoder", dtype=dtype):
        table = get_variable("embedding", [num_symbols, embedding_size])
        feeding = _feeding(table, output_projection, update_embedding_for_previous)
        return attention_decoder(
            [tf.compat.v1.nn.embedding_lookup(table, step) for step in decoder_inputs],
            initial_state,
            attention_states,
            cell,
            output_size,
            num_heads,
            feeding if feed_previous else None,
            initial_state_attention=initial_state_attention,
        )


def embedding_attention_seq2seq(
    encoder_inputs: Sequence[TensorLike],
    decoder_inputs: Sequence[TensorLike],
    cell: Cell,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_projection: Projection | None = None,
    feed_previous: TensorLike = False,
    dtype: DType | None = None,
    scope: Scope = None,
    initial_state_attention: bool = False,
) -> Decoded:
    """Decode symbols from the state that a copy of the cell has after others, and attend to those.

    Args:
        encoder_inputs: The symbols of each step of the encoder, int `[batch]`.
        decoder_inputs: The same of the decoder.
        cell: The cell; the encoder has a copy with weights of its own.
        num_encoder_symbols: How many symbols the encoder has.
        num_decoder_symbols: How many the decoder has.
        embedding_size: The size of what stands for a symbol.
        num_heads: As for `attention_decoder`.
        output_projection: As for `embedding_rnn_seq2seq`.
        feed_previous: As for `embedding_rnn_seq2seq`.
        dtype: The dtype of the first state and the variables, by default that of the scope.
        scope: The scope of the variables, `"embedding_attention_seq2seq"` by default.
        initial_state_attention: As for `attention_decoder`.

    Returns:
        As `embedding_rnn_seq2seq`.
    """
    with getter_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as opened:
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        outputs, state = static_rnn(encoder, encoder_inputs, dtype=opened.dtype)
        size = cell.output_size
        places = tf.concat([tf.reshape(step, [-1, 1, size]) for step in outputs], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(feeds: bool, updates: bool) -> Decoded:
            return embedding_attention_decoder(
                decoder_inputs,
                state,
                places,
                cell,
                num_decoder_symbols,
                embedding_size,
                num_heads,
                output_size,
                output_projection,
                feeds,
                updates,
                initial_state_attention=initial_state_attention,
            )

        return _decoded(decode, feed_previous, len(decoder_inputs), state)


def model_with_buckets(
    encoder_inputs: Sequence[TensorLike],
    decoder_inputs: Sequence[TensorLike],
    targets: Sequence[TensorLike],
    weights: Sequence[TensorLike],
    buckets: Sequence[tuple[int, int]],
    seq2seq: Callable[[Sequence[TensorLike], Sequence[TensorLike]], Decoded],
    softmax_loss_function: Callable[..., tf.Tensor] | None = None,
    per_example_loss: bool = False,
    name: str | None = None,
) -> tuple[list[list[TensorLike]], list[tf.Tensor]]:
    """Run a model for each of some lengths, with the same variables.

    Args:
        encoder_inputs: The inputs of each step of the encoder.
        decoder_inputs: The same of the decoder.
        targets: The true classes of each step, int `[batch]`.
        weights: How much each step counts, `[batch]`.
        buckets: Pairs of numbers of steps, of the encoder and of the decoder; the last is longest.
        seq2seq: A function of the inputs of both, such as `basic_rnn_seq2seq` with a cell.
        softmax_loss_function: As for `sequence_loss`.
        per_example_loss: Whether there is a loss for each sequence, or one for the batch.
        name: A name for the operations.

    Returns:
        The outputs of each bucket, and their losses.

    Raises:
        ValueError: If there are fewer steps than the last bucket has.
    """
    for what, given, place in (
        ("encoder_inputs", encoder_inputs, 0),
        ("targets", targets, 1),
        ("weights", weights, 1),
    ):
        if len(given) < buckets[-1][place]:
            raise ValueError(
                f"Length of {what} ({len(given)}) must be at least that of last bucket "
                f"({buckets[-1][place]})."
            )
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    outputs, losses = [], []
    with tf.name_scope(name or "model_with_buckets"):
        for number, (length, steps) in enumerate(buckets):
            with getter_scope(get_variable_scope(), reuse=True if number else None):
                decoded, _ = seq2seq(encoder_inputs[:length], decoder_inputs[:steps])
            outputs.append(decoded)
            of_step = softmax_loss_function
            losses.append(
                loss(decoded, targets[:steps], weights[:steps], softmax_loss_function=of_step)
            )
    return outputs, losses


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


def _check_biases(projection: Projection, symbols: int, dtype: DType | None) -> None:
    biases = tf.convert_to_tensor(projection[1], dtype)
    biases.shape.assert_is_compatible_with([symbols])


def _feeding(table: TensorLike, projection: Projection | None, updates: bool) -> NextInput:
    """What looks up the likeliest symbol of an output."""

    def feed(output: TensorLike, step: int) -> TensorLike:
        if projection is not None:
            output = tf.compat.v1.nn.xw_plus_b(output, *projection)
        found = tf.compat.v1.nn.embedding_lookup(table, tf.argmax(output, 1))
        return found if updates else tf.stop_gradient(found)

    return feed


def _decoded(
    decode: Callable[[bool, bool], Decoded], feeds: TensorLike, steps: int, like: State
) -> Decoded:
    """What a decoder gives that takes its own symbols, or those that it is given."""
    if isinstance(feeds, bool):
        return decode(feeds, True)

    def branch(feeds: bool) -> list[TensorLike]:
        # Both have the same variables, which the first makes.
        with getter_scope(get_variable_scope(), reuse=None if feeds else AUTO_REUSE):
            outputs, state = decode(feeds, False)
        return [*outputs, *tf.nest.flatten(state)]

    found = tf.cond(feeds, lambda: branch(True), lambda: branch(False))
    return list(found[:steps]), tf.nest.pack_sequence_as(like, list(found[steps:]))
