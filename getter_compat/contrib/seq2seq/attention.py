"""Attention: mechanisms that score a memory, and the cell that attends by them.

A mechanism prepares the memory when it is made, where its `memory_layer/kernel` is asked for; what
it compares with is asked for in the cell, at the first step. The rules are those of
`tensorflow/contrib/seq2seq/python/ops/attention_wrapper.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.ops.rnn_cell_impl import assert_like_rnncell

from getter_compat.contrib.common import ZEROS
from getter_compat.contrib.seq2seq.common import first_size, is_layer
from getter_compat.layers import Dense
from getter_compat.nn.base import RNNCell, Sizes, zero_state_scope, zeros
from getter_compat.runtime.adapters import Layer
from getter_compat.runtime.scopes import getter_scope
from getter_compat.runtime.store import get_variable
from getter_compat.typing import Cell, DType, State, Step, TensorLike

Probability = Callable[..., TensorLike] | None
KeysAndValues = Callable[[TensorLike, TensorLike], tuple[TensorLike, TensorLike]]


class AttentionMechanism:
    """The base of what `AttentionWrapper` attends by."""

    @property
    def alignments_size(self) -> Any:
        """How many places of the memory there are: an int, or a scalar tensor."""
        raise NotImplementedError

    @property
    def state_size(self) -> Sizes:
        """The size of what the mechanism keeps from step to step."""
        raise NotImplementedError


class BaseAttentionMechanism(AttentionMechanism):
    """A mechanism with a memory, and layers through which query and memory are compared.

    To derive from: `__call__(query, state)` returns alignments and the next state. TF1 code knows
    it as `_BaseAttentionMechanism`.

    Args:
        query_layer: A layer for the query, or `None`.
        memory: What to attend to, `[batch, time, ...]`; usually the outputs of an encoder.
        probability_fn: A function of scores `[batch, time]` and the previous state that gives
            alignments.
        memory_sequence_length: How many steps of each memory count, `[batch]`; the others are
            zeros, and not attended to.
        memory_layer: A layer for the memory; its outputs are the keys.
        check_inner_dims_defined: Whether all sizes of the memory but the first two must be known.
        score_mask_value: The score of a step that does not count; minus infinity by default.
        custom_key_value_fn: A function of keys and values that gives both.
        name: A name for the operations.

    Raises:
        TypeError: If a layer is none, or `probability_fn` no function.
        ValueError: If a size of the memory is not known.
    """

    def __init__(
        self,
        query_layer: Layer | None,
        memory: TensorLike,
        probability_fn: Callable[..., TensorLike],
        memory_sequence_length: TensorLike = None,
        memory_layer: Layer = None,
        check_inner_dims_defined: bool = True,
        score_mask_value: TensorLike = None,
        custom_key_value_fn: KeysAndValues | None = None,
        name: str | None = None,
    ) -> None:
        for what, layer in (("query_layer", query_layer), ("memory_layer", memory_layer)):
            if layer is not None and not is_layer(layer):
                raise TypeError(f"{what} is not a Layer: {type(layer).__name__}")
        if not callable(probability_fn):
            raise TypeError(
                f"probability_fn must be callable, saw type: {type(probability_fn).__name__}"
            )
        self._query_layer, self._memory_layer = query_layer, memory_layer
        self.dtype = memory_layer.dtype
        mask = -math.inf if score_mask_value is None else score_mask_value
        self._probability_fn: Callable[..., TensorLike] = lambda score, previous: probability_fn(
            _masked_score(score, memory_sequence_length, mask), previous
        )
        with tf.name_scope(name or "BaseAttentionMechanismInit"):
            self._values = _prepared(memory, memory_sequence_length, check_inner_dims_defined)
            self._keys = memory_layer(self._values)
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            self._batch_size = first_size(self._keys)
            self._alignments_size = first_size(self._keys, 1)

    @property
    def memory_layer(self) -> Layer | None:
        """The layer for the memory."""
        return self._memory_layer

    @property
    def query_layer(self) -> Layer | None:
        """The layer for the query, or `None`."""
        return self._query_layer

    @property
    def values(self) -> TensorLike:
        """The memory, with zeros where it does not count."""
        return self._values

    @property
    def keys(self) -> TensorLike:
        """What the query is compared with."""
        return self._keys

    @property
    def batch_size(self) -> TensorLike:
        """How many memories there are."""
        return self._batch_size

    @property
    def alignments_size(self) -> Any:
        """How many places of the memory there are."""
        return self._alignments_size

    @property
    def state_size(self) -> Sizes:
        """The same: the state is the alignments."""
        return self._alignments_size

    def initial_alignments(self, batch_size: TensorLike, dtype: DType | None) -> tf.Tensor:
        """The alignments before the first step: zeros `[batch_size, alignments_size]`."""
        return zeros(batch_size, self._alignments_size, dtype)

    def initial_state(self, batch_size: TensorLike, dtype: DType | None) -> State:
        """The state before the first step: the initial alignments."""
        return self.initial_alignments(batch_size, dtype)

    def __call__(self, query: TensorLike, state: State) -> tuple[tf.Tensor, State]:
        """Compare a query `[batch, depth]` with the memory; returns alignments and next state."""
        raise NotImplementedError


class _Monotonic(BaseAttentionMechanism):
    """A mechanism that never goes back, and begins at the first place of its memory."""

    def initial_alignments(self, batch_size: TensorLike, dtype: DType | None) -> tf.Tensor:
        """One at the first place, zeros elsewhere."""
        first = tf.zeros([batch_size], tf.int32)
        return tf.one_hot(first, self._alignments_size, dtype=dtype)


class LuongAttention(BaseAttentionMechanism):
    """Multiplicative attention: the query times the keys.

    Luong et al. 2015, https://arxiv.org/abs/1508.04025; scaled as in weight normalization.

    Args:
        num_units: The depth of the keys, which has to be that of the query.
        memory: As for `BaseAttentionMechanism`.
        memory_sequence_length: As for `BaseAttentionMechanism`.
        scale: Whether to scale the scores by a variable, `attention_g`.
        probability_fn: A function of scores that gives alignments; softmax by default.
        score_mask_value: As for `BaseAttentionMechanism`.
        dtype: The dtype of the memory layer; `tf.float32` by default.
        custom_key_value_fn: As for `BaseAttentionMechanism`.
        name: A name for the operations.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, global_variables
        >>> from getter_compat.contrib import seq2seq
        >>> with VariableStore().as_default():
        ...     mechanism = seq2seq.LuongAttention(3, tf.ones([1, 4, 2]), [2])
        ...     alignments, _ = mechanism(tf.ones([1, 3]), mechanism.initial_state(1, tf.float32))
        ...     print(alignments.numpy().tolist(), [v.name for v in global_variables()])
        [[0.5, 0.5, 0.0, 0.0]] ['memory_layer/kernel:0']
    """

    def __init__(
        self,
        num_units: int,
        memory: TensorLike,
        memory_sequence_length: TensorLike = None,
        scale: bool = False,
        probability_fn: Probability = None,
        score_mask_value: TensorLike = None,
        dtype: DType | None = None,
        custom_key_value_fn: KeysAndValues | None = None,
        name: str | None = "LuongAttention",
    ) -> None:
        super().__init__(
            None,
            memory,
            _of_scores_alone(probability_fn),
            memory_sequence_length,
            _layer("memory_layer", num_units, dtype),
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units, self._scale, self._name = num_units, scale, name

    def __call__(self, query: TensorLike, state: State) -> tuple[tf.Tensor, State]:
        """Compare a query `[batch, num_units]` with the memory."""
        with getter_scope(None, "luong_attention"):
            score = _luong_score(query, self._keys, self._scale)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class BahdanauAttention(BaseAttentionMechanism):
    """Additive attention: a layer of the sum of query and keys.

    Bahdanau et al. 2014, https://arxiv.org/abs/1409.0473; normalized as Salimans and Kingma 2016,
    https://arxiv.org/abs/1602.07868.

    Args:
        num_units: The depth in which query and keys are added.
        memory: As for `BaseAttentionMechanism`.
        memory_sequence_length: As for `BaseAttentionMechanism`.
        normalize: Whether to normalize the weights, with variables `attention_g`, `attention_b`.
        probability_fn: A function of scores that gives alignments; softmax by default.
        score_mask_value: As for `BaseAttentionMechanism`.
        dtype: The dtype of both layers; `tf.float32` by default.
        custom_key_value_fn: As for `BaseAttentionMechanism`.
        name: A name for the operations.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, global_variables
        >>> from getter_compat.contrib import seq2seq
        >>> with VariableStore().as_default():
        ...     mechanism = seq2seq.BahdanauAttention(3, tf.ones([1, 4, 2]))
        ...     alignments, _ = mechanism(tf.ones([1, 5]), mechanism.initial_state(1, tf.float32))
        ...     print([v.name for v in global_variables()][1:])
        ['bahdanau_attention/query_layer/kernel:0', 'bahdanau_attention/attention_v:0']
    """

    def __init__(
        self,
        num_units: int,
        memory: TensorLike,
        memory_sequence_length: TensorLike = None,
        normalize: bool = False,
        probability_fn: Probability = None,
        score_mask_value: TensorLike = None,
        dtype: DType | None = None,
        custom_key_value_fn: KeysAndValues | None = None,
        name: str | None = "BahdanauAttention",
    ) -> None:
        super().__init__(
            _layer("query_layer", num_units, dtype),
            memory,
            _of_scores_alone(probability_fn),
            memory_sequence_length,
            _layer("memory_layer", num_units, dtype),
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units, self._normalize, self._name = num_units, normalize, name

    def __call__(self, query: TensorLike, state: State) -> tuple[tf.Tensor, State]:
        """Compare a query `[batch, depth]` with the memory."""
        with getter_scope(None, "bahdanau_attention"):
            processed = self._query_layer(query) if self._query_layer else query
            score = _bahdanau_score(processed, self._keys, self._num_units, self._normalize)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class BahdanauMonotonicAttention(_Monotonic):
    """Additive attention that goes on through the memory, and never back.

    Raffel et al. 2017, https://arxiv.org/abs/1704.00784.

    Args:
        num_units: As for `BahdanauAttention`.
        memory: As for `BaseAttentionMechanism`.
        memory_sequence_length: As for `BaseAttentionMechanism`.
        normalize: As for `BahdanauAttention`.
        score_mask_value: As for `BaseAttentionMechanism`.
        sigmoid_noise: The standard deviation of what is added to the scores; zero outside of
            training.
        sigmoid_noise_seed: The seed of the operation that draws it.
        score_bias_init: What `attention_score_bias`, which is added to the scores, begins with.
        mode: As for `monotonic_attention`.
        dtype: As for `BahdanauAttention`.
        name: A name for the operations.
    """

    def __init__(
        self,
        num_units: int,
        memory: TensorLike,
        memory_sequence_length: TensorLike = None,
        normalize: bool = False,
        score_mask_value: TensorLike = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: DType | None = None,
        name: str | None = "BahdanauMonotonicAttention",
    ) -> None:
        super().__init__(
            _layer("query_layer", num_units, dtype),
            memory,
            _going_on(sigmoid_noise, mode, sigmoid_noise_seed),
            memory_sequence_length,
            _layer("memory_layer", num_units, dtype),
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units, self._normalize, self._name = num_units, normalize, name
        self._score_bias_init = score_bias_init

    def __call__(self, query: TensorLike, state: State) -> tuple[tf.Tensor, State]:
        """Compare a query `[batch, depth]` with the memory."""
        with getter_scope(None, "bahdanau_monotonic_attention"):
            processed = self._query_layer(query) if self._query_layer else query
            score = _bahdanau_score(processed, self._keys, self._num_units, self._normalize)
            score += _score_bias(processed.dtype, self._score_bias_init)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class LuongMonotonicAttention(_Monotonic):
    """Multiplicative attention that goes on through the memory, and never back.

    Raffel et al. 2017, https://arxiv.org/abs/1704.00784.

    Args:
        num_units: As for `LuongAttention`.
        memory: As for `BaseAttentionMechanism`.
        memory_sequence_length: As for `BaseAttentionMechanism`.
        scale: As for `LuongAttention`.
        score_mask_value: As for `BaseAttentionMechanism`.
        sigmoid_noise: As for `BahdanauMonotonicAttention`.
        sigmoid_noise_seed: As for `BahdanauMonotonicAttention`.
        score_bias_init: As for `BahdanauMonotonicAttention`.
        mode: As for `monotonic_attention`.
        dtype: As for `LuongAttention`.
        name: A name for the operations.
    """

    def __init__(
        self,
        num_units: int,
        memory: TensorLike,
        memory_sequence_length: TensorLike = None,
        scale: bool = False,
        score_mask_value: TensorLike = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: DType | None = None,
        name: str | None = "LuongMonotonicAttention",
    ) -> None:
        super().__init__(
            None,
            memory,
            _going_on(sigmoid_noise, mode, sigmoid_noise_seed),
            memory_sequence_length,
            _layer("memory_layer", num_units, dtype),
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units, self._scale, self._name = num_units, scale, name
        self._score_bias_init = score_bias_init

    def __call__(self, query: TensorLike, state: State) -> tuple[tf.Tensor, State]:
        """Compare a query `[batch, num_units]` with the memory."""
        with getter_scope(None, "luong_monotonic_attention"):
            score = _luong_score(query, self._keys, self._scale)
            score += _score_bias(query.dtype, self._score_bias_init)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class AttentionWrapperState(
    namedtuple(
        "AttentionWrapperState",
        "cell_state attention time alignments alignment_history attention_state",
    )
):
    """The state of an `AttentionWrapper`.

    Args:
        cell_state: That of the cell.
        attention: What was attended to, `[batch, attention_layer_size]`.
        time: How many steps there were, an int32 scalar.
        alignments: How much of each place was, `[batch, time]`; a tuple where there are several
            mechanisms, as the following.
        alignment_history: A `tf.TensorArray` of the alignments of all steps, or `()`.
        attention_state: The states of the mechanisms.
    """

    __slots__ = ()

    def clone(self, **kwargs: Any) -> AttentionWrapperState:
        """A state with other parts, which must have the shapes of those that they replace.

        Args:
            **kwargs: Parts by name, most often `cell_state`, the last state of an encoder.

        Raises:
            ValueError: If a shape is another one.
        """
        replaced = self._replace(**kwargs)
        clone: AttentionWrapperState = tf.nest.map_structure(_of_same_shape, self, replaced)
        return clone


class AttentionWrapper(RNNCell):
    """A cell that attends: what was attended to is part of its inputs, and what it puts out.

    Args:
        cell: The cell.
        attention_mechanism: What it attends by, or a list of those.
        attention_layer_size: The depth of a layer, `attention_layer`, that maps the cell's outputs
            and what was attended to to the attention; one for each mechanism. Without one the
            attention is what was attended to.
        alignment_history: Whether to keep the alignments of all steps in the state.
        cell_input_fn: A function of inputs and attention that gives those of the cell; it puts
            them side by side by default.
        output_attention: Whether its outputs are the attention, not those of the cell.
        initial_cell_state: The state of the cell in `zero_state`.
        name: The name of the cell and of its scope.
        attention_layer: A layer instead of one of this size, or a list of them.
        attention_fn: A function of mechanism, outputs of the cell, the mechanism's state and the
            attention layer that gives attention, alignments and the next state.
        dtype: The dtype of its variables; by default that of the first input.

    Raises:
        TypeError: If a mechanism is none, or `cell_input_fn` no function.
        ValueError: If there are not as many attention layers as mechanisms.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn, trainable_variables
        >>> from getter_compat.contrib import seq2seq
        >>> with VariableStore().as_default():
        ...     mechanism = seq2seq.LuongAttention(4, tf.ones([2, 5, 3]))
        ...     cell = seq2seq.AttentionWrapper(nn.rnn_cell.GRUCell(4), mechanism, 6)
        ...     outputs, state = nn.dynamic_rnn(cell, tf.ones([2, 7, 1]), dtype=tf.float32)
        ...     print(outputs.shape, state.alignments.shape, trainable_variables()[-1].name)
        (2, 7, 6) (2, 5) rnn/attention_wrapper/attention_layer/kernel:0
    """

    def __init__(
        self,
        cell: Cell,
        attention_mechanism: AttentionMechanism | Sequence[AttentionMechanism],
        attention_layer_size: int | Sequence[int] | None = None,
        alignment_history: bool = False,
        cell_input_fn: Callable[[TensorLike, TensorLike], TensorLike] | None = None,
        output_attention: bool = True,
        initial_cell_state: State = None,
        name: str | None = None,
        attention_layer: Layer | Sequence[Layer] | None = None,
        attention_fn: Callable[..., tuple[TensorLike, TensorLike, State]] | None = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        assert_like_rnncell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, list | tuple)
        given: Any = attention_mechanism
        mechanisms: tuple[Any, ...] = tuple(given) if self._is_multi else (given,)
        _check_mechanisms(mechanisms, self._is_multi)
        if cell_input_fn is not None and not callable(cell_input_fn):
            raise TypeError(
                f"cell_input_fn must be callable, saw type: {type(cell_input_fn).__name__}"
            )
        self._cell: Any = cell
        self._attention_mechanisms = mechanisms
        self._attention_layers, self._attention_layer_size = _attention_layers(
            attention_layer_size, attention_layer, mechanisms, cell
        )
        self._cell_input_fn = cell_input_fn or _side_by_side
        self._attention_fn = attention_fn or _compute_attention
        self._output_attention = output_attention
        self._alignment_history = alignment_history
        with tf.name_scope(name or "AttentionWrapperInit"):
            self._initial_cell_state = self._checked(
                initial_cell_state,
                None if initial_cell_state is None else first_size(_last_of(initial_cell_state)),
                "check_initial_cell_state",
                f"When constructing AttentionWrapper {self._scope_name()}: Non-matching batch "
                "sizes between the memory (encoder output) and initial_cell_state.  Are you using "
                "the BeamSearchDecoder?  You may need to tile your initial state via the "
                "tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width.",
            )

    @property
    def output_size(self) -> Sizes:
        """The size of the attention, or that of the cell's outputs."""
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self) -> Sizes:
        """The sizes of the parts of an `AttentionWrapperState`."""
        sizes = [mechanism.alignments_size for mechanism in self._attention_mechanisms]
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=tf.TensorShape([]),
            attention=self._attention_layer_size,
            alignments=self._item_or_tuple(sizes),
            attention_state=self._item_or_tuple(m.state_size for m in self._attention_mechanisms),
            alignment_history=self._item_or_tuple(
                size if self._alignment_history else () for size in sizes
            ),
        )

    def zero_state(self, batch_size: TensorLike, dtype: DType | None) -> AttentionWrapperState:
        """The state to begin with: that which the wrapper was given for its cell, and zeros.

        Args:
            batch_size: How many sequences; in a beam search, times the width of the beam.
            dtype: The dtype of the state.
        """
        with zero_state_scope(self):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            cell_state = self._checked(
                cell_state,
                batch_size,
                "checked_cell_state",
                f"When calling zero_state of AttentionWrapper {self._scope_name()}: Non-matching "
                "batch sizes between the memory (encoder output) and the requested batch size.  "
                "Are you using the BeamSearchDecoder?  If so, make sure your encoder output has "
                "been tiled to beam_width via tf.contrib.seq2seq.tile_batch, and the batch_size= "
                "argument passed to zero_state is batch_size * beam_width.",
            )
            mechanisms = self._attention_mechanisms
            alignments = [m.initial_alignments(batch_size, dtype) for m in mechanisms]
            return AttentionWrapperState(
                cell_state=cell_state,
                time=tf.zeros([], tf.int32),
                attention=zeros(batch_size, self._attention_layer_size, dtype),
                alignments=self._item_or_tuple(alignments),
                attention_state=self._item_or_tuple(
                    m.initial_state(batch_size, dtype) for m in mechanisms
                ),
                alignment_history=self._item_or_tuple(
                    self._empty_history(dtype, first.shape) for first in alignments
                ),
            )

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(
                "Expected state to be instance of AttentionWrapperState. "
                f"Received type {type(state)} instead."
            )
        cell_inputs = self._cell_input_fn(inputs, state.attention)
        cell_output, cell_state = self._cell(cell_inputs, state.cell_state)
        cell_output = self._checked(
            cell_output,
            first_size(cell_output),
            "checked_cell_output",
            f"When applying AttentionWrapper {self.name}: Non-matching batch sizes between the "
            "memory (encoder output) and the query (decoder output).  Are you using the "
            "BeamSearchDecoder?  You may need to tile your memory input via the "
            "tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width.",
        )
        attentions, alignments, states = self._attend(cell_output, state.attention_state)
        attention = tf.concat(attentions, 1)
        next_state = AttentionWrapperState(
            time=state.time + 1,
            cell_state=cell_state,
            attention=attention,
            attention_state=self._item_or_tuple(states),
            alignments=self._item_or_tuple(alignments),
            alignment_history=self._history(state, alignments),
        )
        return attention if self._output_attention else cell_output, next_state

    def _attend(self, cell_output: Any, previous: Any) -> tuple[Any, Any, Any]:
        """What each mechanism attends to: attentions, alignments and the states of mechanisms."""
        mechanisms = self._attention_mechanisms
        layers = self._attention_layers or (None,) * len(mechanisms)
        attended = [
            self._attention_fn(mechanism, cell_output, state, layer)
            for mechanism, state, layer in zip(
                mechanisms, self._as_tuple(previous), layers, strict=True
            )
        ]
        attentions, alignments, states = zip(*attended, strict=True)
        return attentions, alignments, states

    def _history(self, state: AttentionWrapperState, alignments: Sequence[Any]) -> Any:
        """The alignments of the steps before, and these; what the state has if none are kept."""
        if not self._alignment_history:
            return state.alignment_history
        histories = self._as_tuple(state.alignment_history)
        return self._item_or_tuple(
            history.write(state.time, now)
            for history, now in zip(histories, alignments, strict=True)
        )

    def _empty_history(self, dtype: Any, shape: tf.TensorShape) -> Any:
        if not self._alignment_history:
            return ()
        return tf.TensorArray(dtype, size=0, dynamic_size=True, element_shape=shape)

    def _item_or_tuple(self, parts: Iterable[Any]) -> Any:
        """What the state has of several mechanisms, or of the one."""
        parts = tuple(parts)
        return parts if self._is_multi else parts[0]

    def _as_tuple(self, part: Any) -> Any:
        return part if self._is_multi else (part,)

    def _scope_name(self) -> str:
        return self._layer_scope().base_name

    def _checked(self, state: State, batch_size: Any, name: str, message: str) -> State:
        """A structure of tensors, of as many sequences as the mechanisms have memories."""
        if state is None:
            return None
        checks = [
            tf.compat.v1.assert_equal(batch_size, mechanism.batch_size, message=message)
            for mechanism in self._attention_mechanisms
        ]
        with tf.control_dependencies([check for check in checks if check is not None]):
            return tf.nest.map_structure(lambda part: tf.identity(part, name=name), state)


def safe_cumprod(x: TensorLike, *args: Any, **kwargs: Any) -> tf.Tensor:
    """The cumulative product of positive numbers, by their logarithms, so that none underflows.

    Args:
        x: A tensor of numbers between zero and one.
        *args: As for `tf.cumsum`.
        **kwargs: As for `tf.cumsum`.

    Returns:
        A tensor of the same shape and dtype.
    """
    with tf.name_scope("SafeCumprod"):
        x = tf.convert_to_tensor(x)
        tiny = np.finfo(x.dtype.as_numpy_dtype).tiny
        return tf.exp(tf.cumsum(tf.math.log(tf.clip_by_value(x, tiny, 1)), *args, **kwargs))


def monotonic_attention(
    p_choose_i: TensorLike, previous_attention: TensorLike, mode: str
) -> tf.Tensor:
    """Alignments that go on from the previous ones, and never back.

    Raffel et al. 2017, https://arxiv.org/abs/1704.00784.

    Args:
        p_choose_i: How probable each place is to be chosen, `[batch, time]`, from zero to one.
        previous_attention: The alignments of the step before, `[batch, time]`; of the first, one
            at the first place.
        mode: `"recursive"`, which is exact and slow; `"parallel"`, which is fast, and inexact
            where probabilities are near zero or one; `"hard"`, for probabilities of zero and one.

    Returns:
        A tensor `[batch, time]`.

    Raises:
        ValueError: If the mode is another one.

    Examples:
        >>> monotonic_attention([[1.0, 0.0, 1.0]], [[0.0, 1.0, 0.0]], "hard").numpy().tolist()
        [[0.0, 0.0, 1.0]]
    """
    chosen = tf.convert_to_tensor(p_choose_i)
    previous = tf.convert_to_tensor(previous_attention)
    if mode == "recursive":
        size = first_size(chosen)
        passed = tf.concat([tf.ones([size, 1]), 1 - chosen[:, :-1]], 1)
        reached = tf.scan(
            lambda before, now: tf.reshape(now[0] * before + now[1], [size]),
            [tf.transpose(passed), tf.transpose(previous)],
            tf.zeros([size]),
        )
        return chosen * tf.transpose(reached)
    if mode == "parallel":
        passed = safe_cumprod(1 - chosen, axis=1, exclusive=True)
        reached = tf.cumsum(previous / tf.clip_by_value(passed, 1e-10, 1.0), axis=1)
        return chosen * passed * reached
    if mode == "hard":
        chosen *= tf.cumsum(previous, axis=1)
        return chosen * tf.math.cumprod(1 - chosen, axis=1, exclusive=True)
    raise ValueError("mode must be 'recursive', 'parallel', or 'hard'.")


def hardmax(logits: TensorLike, name: str | None = None) -> tf.Tensor:
    """One at the largest of the last axis, zero elsewhere.

    Args:
        logits: A tensor.
        name: A name for the operations.

    Returns:
        A tensor of the same shape and dtype.
    """
    logits = tf.convert_to_tensor(logits)
    with tf.name_scope(name or "Hardmax"):
        largest = tf.one_hot(tf.argmax(logits, -1), tf.shape(logits)[-1], dtype=logits.dtype)
        largest.set_shape(logits.shape)
        return largest


def _layer(name: str, num_units: int, dtype: Any) -> Dense:
    return Dense(num_units, name=name, use_bias=False, dtype=dtype or tf.float32)


def _of_scores_alone(probability_fn: Probability) -> Callable[..., TensorLike]:
    function = probability_fn or tf.nn.softmax
    return lambda score, _: function(score)


def _going_on(noise: float, mode: str, seed: Any) -> Callable[..., TensorLike]:
    """The probabilities of a monotonic mechanism."""

    def alignments(score: tf.Tensor, previous: tf.Tensor) -> tf.Tensor:
        if noise > 0:
            score += noise * tf.random.normal(tf.shape(score), dtype=score.dtype, seed=seed)
        chosen = tf.cast(score > 0, score.dtype) if mode == "hard" else tf.sigmoid(score)
        return monotonic_attention(chosen, previous, mode)

    return alignments


def _luong_score(query: tf.Tensor, keys: tf.Tensor, scale: bool) -> tf.Tensor:
    factor = None
    if scale:
        ones = tf.compat.v1.ones_initializer()
        factor = get_variable("attention_g", [], query.dtype, ones)
    depth, key_units = query.shape[-1], keys.shape[-1]
    if depth != key_units:
        raise ValueError(
            "Incompatible or unknown inner dimensions between query and keys.  "
            f"Query ({query}) has units: {depth}.  Keys ({keys}) have units: {key_units}.  "
            f"Perhaps you need to set num_units to the keys' dimension ({key_units})?"
        )
    score = tf.squeeze(tf.matmul(query[:, tf.newaxis], keys, transpose_b=True), [1])
    return score if factor is None else factor * score


def _bahdanau_score(
    query: tf.Tensor, keys: tf.Tensor, num_units: int, normalize: bool
) -> tf.Tensor:
    weights = get_variable("attention_v", [num_units], query.dtype)
    added = keys + query[:, tf.newaxis]
    if normalize:
        start = tf.compat.v1.constant_initializer(math.sqrt(1.0 / num_units))
        factor = get_variable("attention_g", [], query.dtype, start)
        added += get_variable("attention_b", [num_units], query.dtype, ZEROS)
        weights = factor * weights * tf.math.rsqrt(tf.reduce_sum(tf.square(weights)))
    return tf.reduce_sum(weights * tf.tanh(added), [2])


def _score_bias(dtype: Any, start: float) -> Any:
    return get_variable("attention_score_bias", dtype=dtype, initializer=start)


def _prepared(memory: Any, lengths: Any, sizes_must_be_known: bool) -> Any:
    """A memory, with zeros where it does not count."""
    memory = tf.nest.map_structure(tf.convert_to_tensor, memory)
    parts = tf.nest.flatten(memory)
    for part in parts if sizes_must_be_known else ():
        if not part.shape[2:].is_fully_defined():
            raise ValueError(
                f"Expected memory {_name_of(part)} to have fully defined inner dims, "
                f"but saw shape: {part.shape}"
            )
    if lengths is None:
        return memory
    counts = tf.sequence_mask(lengths, tf.shape(parts[0])[1], parts[0].dtype)

    def masked(part: tf.Tensor) -> tf.Tensor:
        ones = tf.ones([tf.rank(part) - 2], tf.int32)
        return part * tf.reshape(counts, tf.concat([tf.shape(counts), ones], 0))

    return tf.nest.map_structure(masked, memory)


def _name_of(tensor: tf.Tensor) -> str:
    return str(tensor) if tf.executing_eagerly() else str(tensor.name)


def _masked_score(score: tf.Tensor, lengths: Any, mask: Any) -> tf.Tensor:
    if lengths is None:
        return score
    message = "All values in memory_sequence_length must be greater than zero."
    check = tf.compat.v1.assert_positive(lengths, message=message)
    with tf.control_dependencies([] if check is None else [check]):
        counts = tf.sequence_mask(lengths, tf.shape(score)[1])
    return tf.where(counts, score, tf.cast(mask, score.dtype))


def _compute_attention(
    mechanism: Any, cell_output: tf.Tensor, state: State, attention_layer: Any
) -> tuple[Any, Any, Any]:
    alignments, next_state = mechanism(cell_output, state=state)
    context = tf.squeeze(tf.matmul(alignments[:, tf.newaxis], mechanism.values), [1])
    if attention_layer is None:
        return context, alignments, next_state
    return attention_layer(tf.concat([cell_output, context], 1)), alignments, next_state


def _side_by_side(inputs: Any, attention: Any) -> tf.Tensor:
    return tf.concat([inputs, attention], -1)


def _check_mechanisms(mechanisms: Sequence[Any], is_multi: bool) -> None:
    for mechanism in mechanisms:
        if not isinstance(mechanism, AttentionMechanism):
            expected = (
                "attention_mechanism must contain only instances of AttentionMechanism"
                if is_multi
                else "attention_mechanism must be an AttentionMechanism or list of multiple "
                "AttentionMechanism instances"
            )
            raise TypeError(f"{expected}, saw type: {type(mechanism).__name__}")


def _attention_layers(
    sizes: Any, layers: Any, mechanisms: Sequence[Any], cell: Any
) -> tuple[Any, Any]:
    """The attention layers of the mechanisms, if there are any, and the size of the attention."""
    if sizes is not None and layers is not None:
        raise ValueError("Only one of attention_layer_size and attention_layer should be set")
    if sizes is not None:
        sizes = tuple(sizes) if isinstance(sizes, list | tuple) else (sizes,)
        _check_as_many("attention_layer_size", "integer", sizes, mechanisms)
        made = tuple(
            _layer("attention_layer", size, mechanism.dtype)
            for size, mechanism in zip(sizes, mechanisms, strict=True)
        )
        return made, sum(sizes)
    depths = [mechanism.values.shape[-1] for mechanism in mechanisms]
    if layers is None:
        return None, sum(depths)
    layers = tuple(layers) if isinstance(layers, list | tuple) else (layers,)
    _check_as_many("attention_layer", "layer", layers, mechanisms)
    shapes = [
        tf.TensorShape(layer.compute_output_shape((None, cell.output_size + depth)))
        for layer, depth in zip(layers, depths, strict=True)
    ]
    return layers, sum(shape[-1] for shape in shapes)


def _check_as_many(name: str, what: str, given: Any, mechanisms: Sequence[Any]) -> None:
    if len(given) != len(mechanisms):
        raise ValueError(
            f"If provided, {name} must contain exactly one {what} per attention_mechanism, "
            f"saw: {len(given)} vs {len(mechanisms)}"
        )


def _last_of(state: State) -> tf.Tensor:
    return tf.convert_to_tensor(tf.nest.flatten(state)[-1])


def _of_same_shape(old: Any, new: Any) -> Any:
    """A part of a state in the place of another one."""
    if not tf.is_tensor(old) or not tf.is_tensor(new):
        return new
    if not new.shape.is_compatible_with(old.shape):
        raise ValueError(
            "The shape of the AttentionWrapperState is expected to be same as the one to clone. "
            f"self.shape: {old.shape}, input.shape: {new.shape}"
        )
    if tf.executing_eagerly():
        return new
    same = tf.identity(new)
    same.set_shape(old.shape)
    return same
