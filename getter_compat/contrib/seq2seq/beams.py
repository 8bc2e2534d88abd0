"""Beam search: the several best sequences, decoded beside each other.

What a cell is given is `[batch * beam_width, ...]`, what the search keeps `[batch, beam_width,
...]`. The rules are those of `tensorflow/contrib/seq2seq/python/ops/beam_search_decoder.py` in
TensorFlow 1.15 (Apache License 2.0), and `gather_tree`, an operation there, is computed by others.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.ops.rnn_cell_impl import assert_like_rnncell

from getter_compat.contrib.seq2seq.attention import AttentionWrapperState
from getter_compat.contrib.seq2seq.common import (
    check_output_layer,
    looking_up,
    size_of_outputs,
    tokens,
)
from getter_compat.contrib.seq2seq.decoders import Decoder
from getter_compat.typing import Activation, Cell, State, TensorLike

_HOW_TO_LEAVE_ARRAYS = (
    "Consider setting reorder_tensor_arrays to False to disable TensorArray reordering during the "
    "beam search."
)


class BeamSearchDecoderState(
    namedtuple(
        "BeamSearchDecoderState",
        "cell_state log_probs finished lengths accumulated_attention_probs",
    )
):
    """The state of a beam search.

    Args:
        cell_state: That of the cell, `[batch, beam_width, ...]`.
        log_probs: How probable each sequence is, `[batch, beam_width]`.
        finished: Whether it has ended, bool `[batch, beam_width]`.
        lengths: How long it is, int64 `[batch, beam_width]`.
        accumulated_attention_probs: How much was attended to each place, `[batch, beam_width,
            time]`; `()` without a coverage penalty.
    """

    __slots__ = ()


class BeamSearchDecoderOutput(
    namedtuple("BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids"))
):
    """What a step puts out, of each `[batch, beam_width]`.

    Args:
        scores: The scores of the sequences so far.
        predicted_ids: The numbers that they go on with, int32.
        parent_ids: The places in the beam that they had before, int32.
    """

    __slots__ = ()


class FinalBeamSearchDecoderOutput(
    namedtuple("FinalBeamDecoderOutput", ("predicted_ids", "beam_search_decoder_output"))
):
    """What a beam search puts out.

    Args:
        predicted_ids: The sequences, int32 `[batch, time, beam_width]`, the best one first.
        beam_search_decoder_output: What the steps put out, `[batch, time, beam_width]`.
    """

    __slots__ = ()


class BeamSearchDecoder(Decoder):
    """Keeps the best sequences of each element of the batch at every step.

    With an `AttentionWrapper`, the memory, its lengths and the last state of an encoder have to be
    copied by `tile_batch` first, and the state to begin with is `zero_state(batch_size *
    beam_width, ...)`.

    Args:
        cell: The cell.
        embedding: A table, or a function of numbers, that gives the inputs.
        start_tokens: The numbers to begin with, int32 `[batch]`.
        end_token: The number that ends a sequence, an int32 scalar.
        initial_state: The state of the cell to begin with, `[batch * beam_width, ...]`.
        beam_width: How many sequences to keep.
        output_layer: A layer that makes logits of the outputs of the cell.
        length_penalty_weight: How much longer sequences are preferred; not at all at zero.
        coverage_penalty_weight: How much those are preferred that attend to all places.
        reorder_tensor_arrays: Whether arrays in the state, as those of `alignment_history`, are
            put in the order of the final beams.

    Raises:
        TypeError: If `output_layer` is no layer.
        ValueError: If `start_tokens` is no vector, `end_token` no scalar, or a state has another
            batch size.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers, nn
        >>> from getter_compat.contrib import seq2seq
        >>> never_0 = tf.constant_initializer([-100.0, 0.0, 0.0, 0.0, 0.0])
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.GRUCell(4)
        ...     state = seq2seq.tile_batch(cell.zero_state(2, tf.float32), multiplier=3)
        ...     words = layers.Dense(5, bias_initializer=never_0)
        ...     decoder = seq2seq.BeamSearchDecoder(
        ...         cell, tf.ones([5, 2]), [1, 1], 0, state, 3, output_layer=words
        ...     )
        ...     outputs, _, _ = seq2seq.dynamic_decode(decoder, maximum_iterations=4)
        ...     print(outputs.predicted_ids.shape)
        (2, 4, 3)
    """

    def __init__(
        self,
        cell: Cell,
        embedding: TensorLike | Callable[[TensorLike], TensorLike],
        start_tokens: TensorLike,
        end_token: TensorLike,
        initial_state: State,
        beam_width: int,
        output_layer: Activation | None = None,
        length_penalty_weight: TensorLike = 0.0,
        coverage_penalty_weight: float = 0.0,
        reorder_tensor_arrays: bool = True,
    ) -> None:
        assert_like_rnncell("cell", cell)
        check_output_layer(output_layer)
        self._cell, self._output_layer, self._beam_width = cell, output_layer, beam_width
        self._length_penalty_weight = length_penalty_weight
        self._coverage_penalty_weight = coverage_penalty_weight
        self._reorder_tensor_arrays = reorder_tensor_arrays
        self._embedding_fn = looking_up(embedding)
        starts, self._end_token = tokens(start_tokens, end_token)
        self._batch_size = tf.size(starts)
        # Asked for here: in the body of a loop the size is a captured tensor.
        self._known_batch_size = tf.get_static_value(self._batch_size)
        self._initial_cell_state = self._split(initial_state)
        self._start_tokens = tf.tile(starts[:, tf.newaxis], [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)
        # All sequences begin alike, so that only one may go on.
        self._finished = self._of_first(False, True, tf.bool)

    @property
    def batch_size(self) -> TensorLike:
        """How many elements the batch has, a scalar int32 tensor."""
        return self._batch_size

    @property
    def tracks_own_finished(self) -> bool:
        """Yes."""
        return True

    def _rnn_output_size(self) -> Any:
        return size_of_outputs(self._cell, self._output_layer)

    @property
    def output_size(self) -> BeamSearchDecoderOutput:
        """The sizes of a `BeamSearchDecoderOutput`."""
        return BeamSearchDecoderOutput(*[tf.TensorShape([self._beam_width])] * 3)

    @property
    def output_dtype(self) -> BeamSearchDecoderOutput:
        """The dtypes of a `BeamSearchDecoderOutput`: scores are of that of the state."""
        dtype = self._dtype()
        scores = tf.nest.map_structure(lambda _: dtype, self._rnn_output_size())
        return BeamSearchDecoderOutput(scores, tf.int32, tf.int32)

    def initialize(self, name: str | None = None) -> tuple[tf.Tensor, TensorLike, State]:
        """Begin."""
        attended = _attended(self._initial_cell_state, self._coverage_penalty_weight)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=self._of_first(0.0, -float("inf"), self._dtype()),
            finished=self._finished,
            lengths=tf.zeros([self._batch_size, self._beam_width], tf.int64),
            accumulated_attention_probs=() if attended is None else attended,
        )
        return self._finished, self._start_inputs, state

    def step(
        self, time: TensorLike, inputs: TensorLike, state: State, name: str | None = None
    ) -> Any:
        """Run one step of the cell, and keep the best sequences."""
        with tf.name_scope(name or "BeamSearchDecoderStep"):
            inputs = tf.nest.map_structure(lambda x: self._merged(x, x.shape[2:]), inputs)
            cell_state = self._merge(state.cell_state)
            outputs, cell_state = self._cell(inputs, cell_state)
            outputs = tf.nest.map_structure(lambda x: self._in_beams(x, x.shape[1:]), outputs)
            cell_state = self._split(cell_state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            output, state = self._search(outputs, state, cell_state)
            inputs = tf.cond(
                tf.reduce_all(state.finished),
                lambda: self._start_inputs,
                lambda: self._embedding_fn(output.predicted_ids),
            )
        return output, state, inputs, state.finished

    def finalize(
        self, outputs: TensorLike, final_state: State, sequence_lengths: TensorLike
    ) -> Any:
        """Follow the best sequences back to where they came from."""
        longest = tf.cast(tf.reduce_max(final_state.lengths, axis=1), tf.int32)
        predicted = gather_tree(outputs.predicted_ids, outputs.parent_ids, longest, self._end_token)
        if self._reorder_tensor_arrays:
            cell_state = tf.nest.map_structure(
                lambda part: self._in_order(part, outputs.parent_ids, final_state.lengths),
                final_state.cell_state,
            )
            final_state = final_state._replace(cell_state=cell_state)
        return FinalBeamSearchDecoderOutput(predicted, outputs), final_state

    def _dtype(self) -> Any:
        return tf.nest.flatten(self._initial_cell_state)[0].dtype

    def _of_first(self, first: Any, others: Any, dtype: Any) -> tf.Tensor:
        """One value for the first place of each beam, and another for the others."""
        places = tf.zeros([self._batch_size], tf.int32)
        return tf.one_hot(places, self._beam_width, first, others, dtype=dtype)

    def _search(
        self, logits: tf.Tensor, state: State, cell_state: State
    ) -> tuple[BeamSearchDecoderOutput, BeamSearchDecoderState]:
        """Choose the best of all sequences that are one longer."""
        width, finished = self._beam_width, state.finished
        steps = _only_ending(tf.nn.log_softmax(logits), self._end_token, finished)
        total = state.log_probs[:, :, tf.newaxis] + steps
        words = logits.shape[-1] or tf.shape(logits)[-1]
        attended = _attended(cell_state, self._coverage_penalty_weight)
        if attended is not None:
            attended *= tf.cast(~finished, tf.float32)[:, :, tf.newaxis]
            attended += state.accumulated_attention_probs
        scores = self._scores(total, self._lengths(state, words), finished, attended)
        best, places = tf.math.top_k(tf.reshape(scores, [self._batch_size, -1]), width)
        best.set_shape([self._known_batch_size, width])
        places.set_shape(best.shape)
        parents, ids = places // words, places % words
        probable = tf.gather(
            tf.reshape(total, [self._batch_size, -1]), places, batch_dims=1, name="next_beam_probs"
        )
        probable.set_shape(best.shape)
        had_finished = _of_parents(finished, parents)
        lengths = _of_parents(state.lengths, parents) + tf.cast(~had_finished, tf.int64)
        next_state = BeamSearchDecoderState(
            cell_state=tf.nest.map_structure(lambda x: _of_parents(x, parents), cell_state),
            log_probs=probable,
            finished=tf.logical_or(had_finished, tf.equal(ids, self._end_token)),
            lengths=lengths,
            accumulated_attention_probs=() if attended is None else _of_parents(attended, parents),
        )
        return BeamSearchDecoderOutput(best, ids, parents), next_state

    def _lengths(self, state: State, words: Any) -> tf.Tensor:
        """How long each sequence would be with each word: the one that ends it adds nothing."""
        one, none = tf.constant(1, tf.int64), tf.constant(0, tf.int64)
        ends = tf.fill([self._batch_size, self._beam_width], self._end_token)
        added = tf.one_hot(ends, words, none, one, dtype=tf.int64)
        added *= tf.cast(~state.finished, tf.int64)[:, :, tf.newaxis]
        return added + state.lengths[:, :, tf.newaxis]

    def _scores(
        self, log_probs: tf.Tensor, lengths: tf.Tensor, finished: tf.Tensor, attended: Any
    ) -> tf.Tensor:
        """How good sequences are: how probable, how long, and how much they attended to.

        Wu et al. 2016, https://arxiv.org/abs/1609.08144.
        """
        penalty = _length_penalty(lengths, self._length_penalty_weight)
        scores = log_probs / tf.cast(penalty, log_probs.dtype)
        weight = tf.convert_to_tensor(self._coverage_penalty_weight)
        if weight.shape.rank != 0:
            raise ValueError(
                f"coverage_penalty_weight should be a scalar, but saw shape: {weight.shape}"
            )
        if attended is None:
            return scores
        # What was never attended to counts as covered: it is behind the end of the memory.
        attended = tf.where(tf.equal(attended, 0.0), 1.0, attended)
        covered = tf.reduce_sum(tf.math.log(tf.minimum(attended, 1.0)), 2)
        covered *= tf.cast(finished, tf.float32)
        return scores + (covered * weight)[:, :, tf.newaxis]

    def _split(self, state: State) -> State:
        """A state of the cell, as the search keeps it."""

        def split(part: Any, size: Any) -> Any:
            if isinstance(part, tf.TensorArray) or not _rank(part):
                return part
            return self._in_beams(part, size)

        return tf.nest.map_structure(split, state, self._cell.state_size)

    def _merge(self, state: State) -> State:
        """A state of the search, as the cell takes it."""

        def merge(part: Any, size: Any) -> Any:
            if isinstance(part, tf.TensorArray) or _rank(part) < 2:
                return part
            return self._merged(part, size)

        return tf.nest.map_structure(merge, state, self._cell.state_size)

    def _merged(self, part: tf.Tensor, size: Any) -> tf.Tensor:
        """`[batch, beam_width, ...]` as `[batch * beam_width, ...]`."""
        rows, known = self._batch_size * self._beam_width, None
        if self._known_batch_size is not None:
            known = self._known_batch_size * self._beam_width
        merged = tf.reshape(part, tf.concat([[rows], tf.shape(part)[2:]], 0))
        merged.set_shape(tf.TensorShape([known]).concatenate(_static(size)))
        return merged

    def _in_beams(self, part: tf.Tensor, size: Any) -> tf.Tensor:
        """`[batch * beam_width, ...]` as `[batch, beam_width, ...]`."""
        rows = [self._batch_size, self._beam_width]
        split = tf.reshape(part, tf.concat([rows, tf.shape(part)[1:]], 0))
        expected = tf.TensorShape([self._known_batch_size, self._beam_width])
        expected = expected.concatenate(_static(size))
        if not split.shape.is_compatible_with(expected):
            raise ValueError(
                "Unexpected behavior when reshaping between beam width and batch size.  The "
                f"reshaped tensor has shape: {split.shape}.  We expected it to have shape "
                f"(batch_size, beam_width, depth) == {expected}.  Perhaps you forgot to create a "
                "zero_state with batch_size=encoder_batch_size * beam_width?"
            )
        split.set_shape(expected)
        return split

    def _in_order(self, part: Any, parent_ids: tf.Tensor, lengths: tf.Tensor) -> Any:
        """An array of a state as a tensor, `[time, ...]`, in the order of the final beams."""
        if not isinstance(part, tf.TensorArray):
            return part
        shape, width = part.element_shape, self._beam_width
        if not shape.rank:
            tf.compat.v1.logging.warn(
                "A TensorArray in the cell state is not amenable to sorting based on the beam "
                "search result. For a TensorArray to be sorted, its elements shape must be defined "
                f"and have at least a rank of 1, but saw shape: {shape}"
            )
            return part
        batch_size = self._known_batch_size
        if not _may_hold_beams(shape, batch_size, width):
            expected = tf.TensorShape([batch_size, width, None])
            tf.compat.v1.logging.warn(
                f"TensorArray reordering expects elements to be reshapable to {expected} which is "
                f"incompatible with the current shape {shape}. {_HOW_TO_LEAVE_ARRAYS}"
            )
            return part
        stacked = part.stack()
        check = _check_beams(stacked, self._batch_size, width)
        with tf.control_dependencies([] if check is None else [check]):
            return gather_tree_from_array(stacked, parent_ids, lengths)


def gather_tree(
    step_ids: TensorLike,
    parent_ids: TensorLike,
    max_sequence_lengths: TensorLike,
    end_token: TensorLike,
    name: str | None = None,
) -> tf.Tensor:
    """Follow sequences back from their last steps, through the places that they had in the beam.

    Args:
        step_ids: What each step went on with, int32 `[time, batch, beam_width]`.
        parent_ids: The places that they had before that step, of the same shape.
        max_sequence_lengths: The steps of each element that count, int32 `[batch]`.
        end_token: What ends a sequence, an int32 scalar: what comes behind it, and behind the
            steps that count, is this.
        name: A name for the operations.

    Returns:
        An int32 tensor `[time, batch, beam_width]`.

    Raises:
        ValueError: If a shape is another one.
        tf.errors.InvalidArgumentError: If a sequence comes from a place outside of the beam. (For
            the one just behind it, TF1 went on with what its memory happened to hold.)

    Examples:
        >>> import tensorflow as tf
        >>> steps = [[[1, 2]], [[3, 4]], [[5, 6]]]
        >>> parents = [[[0, 0]], [[1, 0]], [[1, 1]]]
        >>> gather_tree(steps, parents, [3], 9).numpy().tolist()
        [[[1, 1]], [[4, 4]], [[5, 6]]]
    """
    with tf.name_scope(name or "GatherTree"):
        step_ids = tf.convert_to_tensor(step_ids, tf.int32)
        parent_ids = tf.convert_to_tensor(parent_ids, tf.int32)
        end_token = tf.convert_to_tensor(end_token, tf.int32)
        lengths = tf.convert_to_tensor(max_sequence_lengths, tf.int32)
        _check_shapes(step_ids.shape, parent_ids.shape, lengths.shape, end_token.shape)
        time, batch, width = tf.unstack(tf.shape(step_ids))
        counts = tf.range(time)[:, tf.newaxis] < lengths  # [time, batch]
        last = tf.tile(tf.range(width)[tf.newaxis], [batch, 1])

        def back(after: Any, step: Any) -> Any:
            ids, parents, is_in = step
            is_in = is_in[:, tf.newaxis]
            places = tf.clip_by_value(after[1], 0, width - 1)
            return (
                tf.where(is_in, tf.gather(ids, places, batch_dims=1), end_token),
                tf.where(is_in, tf.gather(parents, places, batch_dims=1), places),
            )

        found, places = tf.scan(
            back, (step_ids, parent_ids, counts), (tf.zeros_like(last), last), reverse=True
        )
        check = _check_places(places[1:], width)
        has_ended = tf.cumsum(tf.cast(tf.equal(found, end_token), tf.int32), 0, exclusive=True) > 0
        with tf.control_dependencies([] if check is None else [check]):
            found = tf.where(has_ended, end_token, found)
        found.set_shape(step_ids.shape)
        return found


def _check_shapes(
    steps: tf.TensorShape, parents: tf.TensorShape, lengths: tf.TensorShape, end: tf.TensorShape
) -> None:
    """That the shapes of a tree fit, as far as they are known: TF1's operation saw to that."""
    for what, shape, rank in (
        ("step_ids", steps, 3),
        ("parent_ids", parents, 3),
        ("max_sequence_lengths", lengths, 1),
        ("end_token", end, 0),
    ):
        if shape.rank not in (rank, None):
            raise ValueError(
                f"Shape must be rank {rank} but is rank {shape.rank} for 'GatherTree': {what} has "
                f"shape {shape}"
            )
    for what, shape, expected in (
        ("parent_ids", parents, steps),
        ("max_sequence_lengths", lengths, steps[1:2]),
    ):
        if not shape.is_compatible_with(expected):
            raise ValueError(
                f"Dimensions must be equal for 'GatherTree': {what} has shape {shape}, and with "
                f"step_ids of shape {steps} it has to be {expected}"
            )


def _check_places(places: tf.Tensor, width: tf.Tensor) -> Any:
    """That sequences come from places of the beam: the first that does not is told, as by TF1.

    Args:
        places: Where each came from, of the steps that something comes after,
            `[time - 1, batch, beam_width]`.
        width: The width of the beam.
    """
    back = tf.transpose(places[::-1], [1, 2, 0])
    batch, beam, steps = tf.split(tf.where((back < 0) | (back >= width))[:1], 3, 1)
    parent = tf.gather_nd(back, tf.concat([batch, beam, steps], 1))
    time = tf.shape(places, tf.int64)[0] - 1 - steps
    place = tf.reshape(tf.cast(tf.concat([batch, time, beam], 1), tf.int32), [-1])
    message = ["Saw invalid parent id", parent, "at (batch, time, beam) ==", place]
    return tf.debugging.Assert(tf.equal(tf.size(parent), 0), message)


def gather_tree_from_array(
    t: TensorLike, parent_ids: TensorLike, sequence_length: TensorLike
) -> tf.Tensor:
    """Put what was computed at the steps of a beam search in the order of the final beams.

    Args:
        t: A tensor `[time, batch, beam_width, ...]`, or `[time, batch * beam_width, ...]`.
        parent_ids: The places in the beam before each step, int32 `[time, batch, beam_width]`.
        sequence_length: How long each final sequence is, `[batch, beam_width]`.

    Returns:
        A tensor of the shape of `t`.
    """
    t, parent_ids = tf.convert_to_tensor(t), tf.convert_to_tensor(parent_ids)
    time, batch, width = tf.unstack(tf.shape(parent_ids))
    own = tf.tile(tf.reshape(tf.range(width), [1, 1, -1]), [time, batch, 1])
    longest = tf.cast(tf.reduce_max(sequence_length, axis=1), tf.int32)
    places = gather_tree(own, parent_ids, longest, width + 1)
    is_in = tf.transpose(tf.sequence_mask(sequence_length, time), [2, 0, 1])
    places = tf.where(is_in, places, own)
    beams = tf.reshape(t, [time, batch, width, -1])
    ordered = tf.reshape(tf.gather(beams, places, batch_dims=2), tf.shape(t))
    ordered.set_shape(t.shape)
    return ordered


def tile_batch(t: TensorLike, multiplier: int, name: str | None = None) -> TensorLike:
    """Copies of each element of a batch, one after another, as many as a beam has.

    Args:
        t: A tensor `[batch, ...]`, or a structure of them.
        multiplier: How many copies.
        name: A name for the operations.

    Returns:
        Tensors `[batch * multiplier, ...]`.

    Raises:
        ValueError: If a tensor has no batch, or the multiplier is negative.
        TypeError: If the multiplier is no whole number.

    Examples:
        >>> tile_batch(tf.constant([1, 2]), 2).numpy().tolist()
        [1, 1, 2, 2]
    """
    with tf.name_scope(name or "tile_batch"):
        return tf.nest.map_structure(lambda tensor: _tiled(tensor, multiplier), t)


def _tiled(tensor: Any, multiplier: int) -> tf.Tensor:
    tensor = tf.convert_to_tensor(tensor)
    if not tensor.shape.rank:
        raise ValueError("t must have statically known rank")
    size = tf.compat.dimension_value(tensor.shape[0])
    if size is not None and not tf.is_tensor(multiplier):
        tf.TensorShape([size * multiplier])  # refuses what is no size, as TF1's did
    return tf.repeat(tensor, multiplier, axis=0)


def _of_parents(part: Any, parents: tf.Tensor) -> Any:
    """What a part of the state was in the places that sequences had before."""
    if isinstance(part, tf.TensorArray) or _rank(part) < 2:
        return part
    chosen = tf.gather(part, parents, batch_dims=1)
    chosen.set_shape(part.shape)
    return chosen


def _only_ending(log_probs: tf.Tensor, end_token: tf.Tensor, finished: tf.Tensor) -> tf.Tensor:
    """Log probabilities of words, by which a finished sequence only goes on with its end."""
    dtype = log_probs.dtype
    certain, impossible = tf.constant(0.0, dtype), tf.constant(dtype.min, dtype)
    ending = tf.one_hot(end_token, tf.shape(log_probs)[2], certain, impossible, dtype=dtype)
    return tf.where(finished[:, :, tf.newaxis], ending, log_probs)


def _length_penalty(lengths: tf.Tensor, weight: Any) -> Any:
    weight = tf.convert_to_tensor(weight)
    weight.set_shape([])
    if tf.get_static_value(weight) == 0:
        return 1.0
    return (5.0 + tf.cast(lengths, tf.float32)) ** weight / (5.0 + 1.0) ** weight


def _attended(state: State, coverage_penalty_weight: Any) -> Any:
    """How much each place of a memory is attended to, by all that attend; `None` if unasked."""
    if coverage_penalty_weight == 0.0:
        return None
    states = (state,) if isinstance(state, AttentionWrapperState) else state
    attending = states if isinstance(states, tuple) else ()
    alignments = [s.alignments for s in attending if isinstance(s, AttentionWrapperState)]
    if not alignments:
        raise ValueError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
    return _mean([_mean(a) if isinstance(a, tuple) else a for a in alignments])


def _mean(parts: Any) -> tf.Tensor:
    return parts[0] if len(parts) == 1 else tf.reduce_mean(tf.stack(parts, -1), -1)


def _static(size: Any) -> tf.TensorShape:
    """A size that the state of a cell has, as far as it is known."""
    return tf.TensorShape(tf.get_static_value(size) if tf.is_tensor(size) else size)


def _rank(part: tf.Tensor) -> int:
    rank = part.shape.rank
    if rank is None:
        raise ValueError(f"Expected tensor ({part}) to have known rank, but ndims == None.")
    return int(rank)


def _may_hold_beams(shape: tf.TensorShape, batch_size: int | None, width: int) -> bool:
    """Whether the elements of an array may be those of all beams, as far as it is known.

    As TF1 had it: it took `[batch * beam_width, depth]` for none where all three are known.
    """
    sizes = shape.as_list()
    if batch_size is None or sizes[0] is None:
        return True
    if sizes[0] != batch_size * width:
        return False
    is_split = len(sizes) >= 2 and sizes[1] is not None
    return not is_split or bool(sizes[0] == batch_size and sizes[1] == width)


def _check_beams(stacked: tf.Tensor, batch_size: Any, width: int) -> Any:
    shape = tf.shape(stacked)
    is_merged = tf.equal(shape[1], batch_size * width)
    fits = is_merged
    if stacked.shape.rank != 2:
        is_split = tf.logical_and(tf.equal(shape[1], batch_size), tf.equal(shape[2], width))
        fits = tf.logical_or(is_merged, is_split)
    name = "its" if tf.executing_eagerly() else stacked.name
    message = (
        "TensorArray reordering expects elements to be reshapable to [batch_size, beam_size, -1] "
        f"which is incompatible with the dynamic shape of {name} elements. {_HOW_TO_LEAVE_ARRAYS}"
    )
    return tf.debugging.Assert(fits, [message])
