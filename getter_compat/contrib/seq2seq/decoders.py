"""Decoders: one step of making a sequence, and the loop that runs them.

TensorFlow's loop runs a decoder, in TF1's scope `decoder`, as it does a cell in `nn.dynamic_rnn`.
The rules are those of `tensorflow/contrib/seq2seq/python/ops/decoder.py` and `basic_decoder.py` in
TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

import abc
from collections import namedtuple
from contextlib import suppress
from typing import Any

import tensorflow as tf
from tensorflow.python.ops.rnn import _should_cache, _transpose_batch_time
from tensorflow.python.ops.rnn_cell_impl import assert_like_rnncell

from getter_compat.contrib.common import Scope
from getter_compat.contrib.seq2seq.common import check_output_layer, size_of_outputs
from getter_compat.contrib.seq2seq.helpers import Helper
from getter_compat.nn.base import Sizes, zeros
from getter_compat.runtime.derived import one_call
from getter_compat.runtime.scopes import getter_scope
from getter_compat.runtime.store import default_store
from getter_compat.typing import Activation, Cell, State, TensorLike


class Decoder(abc.ABC):
    """The base of decoders, to derive from; `BasicDecoder` is a cell and a helper."""

    @property
    def batch_size(self) -> TensorLike:
        """How many sequences there are."""
        raise NotImplementedError

    @property
    def output_size(self) -> Sizes:
        """The sizes of what a step puts out for one sequence."""
        raise NotImplementedError

    @property
    def output_dtype(self) -> TensorLike:
        """The dtypes of that."""
        raise NotImplementedError

    @abc.abstractmethod
    def initialize(self, name: str | None = None) -> tuple[tf.Tensor, TensorLike, State]:
        """Begin.

        Returns:
            Which sequences are finished, bool `[batch]`; the first inputs; the first state.
        """

    @abc.abstractmethod
    def step(
        self, time: TensorLike, inputs: TensorLike, state: State, name: str | None = None
    ) -> Any:
        """Run one step.

        Returns:
            What it puts out, the next state, the next inputs, and which sequences are finished.
        """

    def finalize(
        self, outputs: TensorLike, final_state: State, sequence_lengths: TensorLike
    ) -> Any:
        """Make something else of the outputs of all steps, `[time, batch, ...]`, and the state."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self) -> bool:
        """Whether a finished sequence may go on: those of a beam change places."""
        return False


class BasicDecoderOutput(namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))):
    """What a step of a `BasicDecoder` puts out.

    Args:
        rnn_output: The outputs of the cell, or of the layer behind it, `[batch, depth]`.
        sample_id: What the helper sampled, int32 `[batch]`.
    """

    __slots__ = ()


class BasicDecoder(Decoder):
    """A cell whose inputs come from a helper.

    Args:
        cell: The cell.
        helper: What gives the inputs, and samples.
        initial_state: The state of the cell to begin with.
        output_layer: A layer for the outputs of the cell, most often one that makes logits.

    Raises:
        TypeError: If one of them is of another kind.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers, nn
        >>> from getter_compat.contrib import seq2seq
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.GRUCell(4)
        ...     helper = seq2seq.TrainingHelper(tf.ones([2, 5, 3]), [5, 2])
        ...     decoder = seq2seq.BasicDecoder(
        ...         cell, helper, cell.zero_state(2, tf.float32), layers.Dense(7)
        ...     )
        ...     outputs, state, lengths = seq2seq.dynamic_decode(decoder)
        ...     print(outputs.rnn_output.shape, outputs.sample_id.shape, lengths.numpy())
        (2, 5, 7) (2, 5) [5 2]
    """

    def __init__(
        self,
        cell: Cell,
        helper: Helper,
        initial_state: State,
        output_layer: Activation | None = None,
    ) -> None:
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        check_output_layer(output_layer)
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self) -> TensorLike:
        """That of the helper."""
        return self._helper.batch_size

    def _rnn_output_size(self) -> Any:
        return size_of_outputs(self._cell, self._output_layer)

    @property
    def output_size(self) -> BasicDecoderOutput:
        """The sizes of a `BasicDecoderOutput`."""
        return BasicDecoderOutput(self._rnn_output_size(), self._helper.sample_ids_shape)

    @property
    def output_dtype(self) -> BasicDecoderOutput:
        """The dtypes of a `BasicDecoderOutput`: outputs are of that of the state."""
        dtype = tf.nest.flatten(self._initial_state)[0].dtype
        outputs = tf.nest.map_structure(lambda _: dtype, self._rnn_output_size())
        return BasicDecoderOutput(outputs, self._helper.sample_ids_dtype)

    def initialize(self, name: str | None = None) -> tuple[tf.Tensor, TensorLike, State]:
        """Begin."""
        finished, inputs = self._helper.initialize()
        return finished, inputs, self._initial_state

    def step(
        self, time: TensorLike, inputs: TensorLike, state: State, name: str | None = None
    ) -> Any:
        """Run one step of the cell, and sample."""
        with tf.name_scope(name or "BasicDecoderStep"):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            sample_ids = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids
            )
        return BasicDecoderOutput(outputs, sample_ids), state, inputs, finished


def dynamic_decode(
    decoder: Decoder,
    output_time_major: bool = False,
    impute_finished: bool = False,
    maximum_iterations: TensorLike = None,
    parallel_iterations: int = 32,
    swap_memory: bool = False,
    scope: Scope = None,
) -> tuple[Any, State, tf.Tensor]:
    """Run a decoder until all its sequences are finished.

    Args:
        decoder: The decoder.
        output_time_major: Whether outputs are `[time, batch, ...]`.
        impute_finished: Whether the outputs of a finished sequence are zeros, and its state stays.
        maximum_iterations: The largest number of steps, an int or an int32 scalar.
        parallel_iterations: How many steps of a graph's loop may run at the same time.
        swap_memory: Whether a graph's loop keeps what gradients need in the memory of the host.
        scope: The scope of the decoder's variables, `"decoder"` by default.

    Returns:
        The outputs of all steps, `[batch, time, ...]`; the last state; and how many steps each
        sequence had, int32 `[batch]`.

    Raises:
        TypeError: If `decoder` is none.
        ValueError: If `maximum_iterations` is no scalar.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be type Decoder, but saw: {type(decoder)}")
    with getter_scope(scope, "decoder") as opened, one_call():
        if default_store().graph is not None and _should_cache() and not opened.caching_device:
            opened.set_caching_device(lambda operation: operation.device)
        limit = _checked_limit(maximum_iterations)
        steps = _Steps(decoder, impute_finished)
        begin = steps.begin(limit)
        _, written, state, _, _, lengths = tf.while_loop(
            lambda time, written, state, inputs, finished, lengths: tf.logical_not(
                tf.reduce_all(finished)
            ),
            steps.run,
            begin,
            parallel_iterations=parallel_iterations,
            maximum_iterations=limit,
            swap_memory=swap_memory,
        )
        outputs = tf.nest.map_structure(lambda array: array.stack(), written)
        with suppress(NotImplementedError):
            outputs, state = decoder.finalize(outputs, state, lengths)
        if not output_time_major:
            outputs = tf.nest.map_structure(_transpose_batch_time, outputs)
    return outputs, state, lengths


class _Steps:
    """The steps of a decoder, as a loop takes them."""

    def __init__(self, decoder: Decoder, impute_finished: bool) -> None:
        self._decoder = decoder
        self._impute_finished = impute_finished
        self._zeros: Any = None

    def begin(self, limit: Any) -> tuple[Any, ...]:
        """What the loop begins with."""
        decoder = self._decoder
        finished, inputs, state = decoder.initialize()
        sizes, dtypes, batch_size = decoder.output_size, decoder.output_dtype, decoder.batch_size
        self._zeros = tf.nest.map_structure(
            lambda size, dtype: zeros(batch_size, size, dtype), sizes, dtypes
        )
        if limit is not None:
            finished = tf.logical_or(finished, limit <= 0)
        lengths = tf.zeros_like(finished, tf.int32)
        arrays = tf.nest.map_structure(
            lambda size, dtype: _array(batch_size, size, dtype), sizes, dtypes
        )
        return tf.constant(0), arrays, state, inputs, finished, lengths

    def run(
        self,
        time: TensorLike,
        written: Any,
        state: State,
        inputs: TensorLike,
        finished: Any,
        lengths: Any,
    ) -> tuple[Any, ...]:
        """Run one step."""
        decoder = self._decoder
        outputs, next_state, next_inputs, next_finished = decoder.step(time, inputs, state)
        if not decoder.tracks_own_finished:
            next_finished = tf.logical_or(next_finished, finished)
        lengths = tf.where(finished, lengths, tf.fill(tf.shape(lengths), time + 1))
        tf.nest.assert_same_structure(state, next_state)
        tf.nest.assert_same_structure(written, outputs)
        tf.nest.assert_same_structure(inputs, next_inputs)
        if self._impute_finished:
            outputs = tf.nest.map_structure(
                lambda now, zero: _where(finished, zero, now), outputs, self._zeros
            )
            next_state = tf.nest.map_structure(
                lambda now, before: _kept_where(finished, before, now), next_state, state
            )
        written = tf.nest.map_structure(
            lambda array, output: array.write(time, output), written, outputs
        )
        return time + 1, written, next_state, next_inputs, next_finished, lengths


_where = tf.compat.v1.where  # whose condition may be a vector: one for each sequence


def _kept_where(finished: tf.Tensor, before: Any, now: Any) -> Any:
    """A part of the state, which stays where the sequence is finished."""
    if isinstance(before, tf.TensorArray):
        return now
    now.set_shape(before.shape)
    return now if now.shape.rank == 0 else _where(finished, before, now)


def _array(batch_size: Any, size: Any, dtype: Any) -> tf.TensorArray:
    shape = None
    if isinstance(size, tf.TensorShape) and size.rank != 0:
        known = tf.get_static_value(tf.convert_to_tensor(batch_size))
        shape = tf.TensorShape([known]).concatenate(size)
    return tf.TensorArray(dtype, 0, dynamic_size=True, element_shape=shape)


def _checked_limit(maximum_iterations: Any) -> Any:
    if maximum_iterations is None:
        return None
    limit = tf.convert_to_tensor(maximum_iterations, tf.int32)
    if limit.shape.rank != 0:
        raise ValueError("maximum_iterations must be a scalar")
    return limit
