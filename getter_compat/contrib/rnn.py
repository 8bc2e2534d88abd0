"""`tf.contrib.rnn` of TensorFlow 1: the cells and functions of `tf.nn`, and contrib's own.

The block cells computed by operations of their own what the others compute; here they compute as
the others do, with the names that their variables have in checkpoints. The rules are those of
`core_rnn_cell.py`, `rnn_cell.py`, `lstm_ops.py`, `gru_ops.py` and `rnn.py` of
`tensorflow/contrib/rnn/python/ops` in TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf
from tensorflow.python.ops.rnn_cell_impl import assert_like_rnncell

from getter_compat.contrib.common import Scope
from getter_compat.contrib.normalization import layer_norm
from getter_compat.layers.computations import readable
from getter_compat.nn.base import LayerRNNCell, RNNCell, Sizes, entered_again
from getter_compat.nn.cells import (
    BasicLSTMCell,
    BasicRNNCell,
    GRUCell,
    LSTMCell,
    LSTMStateTuple,
    affine,
)
from getter_compat.nn.rnn import (
    bidirectional_dynamic_rnn,
    dynamic_rnn,
    static_bidirectional_rnn,
    static_rnn,
    static_state_saving_rnn,
)
from getter_compat.nn.wrappers import DeviceWrapper, DropoutWrapper, MultiRNNCell, ResidualWrapper
from getter_compat.runtime.scopes import get_variable_scope, getter_scope
from getter_compat.runtime.store import get_variable
from getter_compat.typing import (
    Activation,
    Cell,
    DType,
    Initializer,
    Reuse,
    State,
    Step,
    TensorLike,
)

__all__ = [
    "AttentionCellWrapper",
    "BasicLSTMCell",
    "BasicRNNCell",
    "Conv1DLSTMCell",
    "Conv2DLSTMCell",
    "Conv3DLSTMCell",
    "ConvLSTMCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "EmbeddingWrapper",
    "GRUBlockCell",
    "GRUBlockCellV2",
    "GRUCell",
    "HighwayWrapper",
    "InputProjectionWrapper",
    "LSTMBlockCell",
    "LSTMBlockFusedCell",
    "LSTMCell",
    "LSTMStateTuple",
    "LayerNormBasicLSTMCell",
    "LayerRNNCell",
    "MultiRNNCell",
    "OutputProjectionWrapper",
    "RNNCell",
    "ResidualWrapper",
    "linear",
    "stack_bidirectional_dynamic_rnn",
    "stack_bidirectional_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
    "transpose_batch_time",
]


class LayerNormBasicLSTMCell(RNNCell):
    """LSTM whose gates and memory are normalized, with dropout of what it may remember.

    Ba et al. 2016, https://arxiv.org/abs/1607.06450; Semeniuta et al. 2016,
    https://arxiv.org/abs/1603.05118.

    Args:
        num_units: The size of the outputs, and of both parts of the state.
        forget_bias: What is added to the forget gate.
        input_size: Without effect.
        activation: A function.
        layer_norm: Whether to normalize; without it there is a bias.
        norm_gain: What `gamma` begins with.
        norm_shift: What `beta` begins with.
        dropout_keep_prob: The part of the candidates to keep, a number or a scalar tensor.
        dropout_prob_seed: The seed of the operation that draws.
        reuse: Whether to share existing variables.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> from getter_compat.contrib import rnn
        >>> with VariableStore().as_default():
        ...     outputs, _ = nn.dynamic_rnn(
        ...         rnn.LayerNormBasicLSTMCell(4), tf.ones([2, 5, 3]), dtype=tf.float32
        ...     )
        ...     print(outputs.shape)
        (2, 5, 4)
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        input_size: int | None = None,
        activation: Activation = tf.tanh,
        layer_norm: bool = True,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        dropout_keep_prob: TensorLike = 1.0,
        dropout_prob_seed: int | None = None,
        reuse: Reuse = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._activation = activation
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift
        self._keep_prob = dropout_keep_prob
        self._seed = dropout_prob_seed

    @property
    def state_size(self) -> Sizes:
        """The sizes of `c` and `h`."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        c, h = state
        both = tf.concat([inputs, h], 1)
        kernel = get_variable("kernel", [both.shape[1], 4 * self._num_units], dtype=both.dtype)
        gates = tf.matmul(both, readable(kernel))
        if not self._layer_norm:
            bias = get_variable("bias", [4 * self._num_units], dtype=both.dtype)
            gates = tf.raw_ops.BiasAdd(value=gates, bias=readable(bias))
        i, j, f, o = tf.split(gates, 4, 1)
        i, j = self._norm(i, "input"), self._norm(j, "transform")
        f, o = self._norm(f, "forget"), self._norm(o, "output")
        candidate = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            candidate = tf.nn.dropout(candidate, rate=1 - self._keep_prob, seed=self._seed)
        c = c * tf.sigmoid(f + self._forget_bias) + tf.sigmoid(i) * candidate
        c = self._norm(c, "state")
        h = self._activation(c) * tf.sigmoid(o)
        return h, LSTMStateTuple(c, h)

    def _norm(self, values: tf.Tensor, scope: str) -> tf.Tensor:
        """Normalize, by the weights of a scope, which begin otherwise than those of contrib."""
        if not self._layer_norm:
            return values
        with getter_scope(scope):
            for name, value in (("gamma", self._norm_gain), ("beta", self._norm_shift)):
                start = tf.compat.v1.constant_initializer(value)
                get_variable(name, values.shape[-1:], initializer=start, dtype=values.dtype)
        return layer_norm(values, reuse=True, scope=scope)


class LSTMBlockCell(LayerRNNCell):
    """LSTM with peepholes and clipping, as `LSTMCell`, under the names of the block cell.

    Args:
        num_units: The size of the outputs, and of both parts of the state.
        forget_bias: What is added to the forget gate.
        cell_clip: Where given, `c` is kept within plus and minus this.
        use_peephole: Whether the gates see `c`, through diagonal weights.
        dtype: The dtype of its variables; by default that of the first input.
        reuse: Whether to share existing variables.
        name: The name of the cell and of its scope.
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        dtype: DType | None = None,
        reuse: Reuse = None,
        name: str = "lstm_cell",
    ) -> None:
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = cell_clip
        self._use_peephole = use_peephole

    @property
    def state_size(self) -> Sizes:
        """The sizes of `c` and `h`."""
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for `kernel`, `bias` and the peepholes' `w_i_diag` and so on."""
        depth = inputs_shape[-1]
        if not depth:
            raise ValueError(f"Expecting inputs_shape[1] to be set: {inputs_shape}")
        units = self._num_units
        self._kernel = self.add_variable("kernel", [int(depth) + units, 4 * units])
        self._bias = self.add_variable(
            "bias", [4 * units], initializer=tf.compat.v1.constant_initializer(0.0)
        )
        if self._use_peephole:
            self._w_i_diag = self.add_variable("w_i_diag", [units])
            self._w_f_diag = self.add_variable("w_f_diag", [units])
            self._w_o_diag = self.add_variable("w_o_diag", [units])
        self.built = True

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        c, h = state
        i, j, f, o = tf.split(affine([inputs, h], self._kernel, self._bias), 4, 1)
        f = f + self._forget_bias
        if self._use_peephole:
            f, i = f + self._w_f_diag * c, i + self._w_i_diag * c
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(j)
        if self._cell_clip is not None and self._cell_clip > 0:
            # The operation of TF1 clipped, and its gradient did not.
            bound = self._cell_clip
            c = tf.grad_pass_through(lambda value: tf.clip_by_value(value, -bound, bound))(c)
        if self._use_peephole:
            o = o + self._w_o_diag * c
        h = tf.sigmoid(o) * tf.tanh(c)
        return h, LSTMStateTuple(c, h)


class LSTMBlockFusedCell(LSTMBlockCell):
    """An LSTM that runs over time itself: it takes inputs `[time, batch, depth]`.

    Args:
        num_units: The size of the outputs, and of both parts of the state.
        forget_bias: What is added to the forget gate.
        cell_clip: Where given, `c` is kept within plus and minus this.
        use_peephole: Whether the gates see `c`, through diagonal weights.
        reuse: Whether to share existing variables.
        dtype: The dtype of its variables; by default that of the first input.
        name: The name of the cell and of its scope.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore
        >>> from getter_compat.contrib import rnn
        >>> with VariableStore().as_default():
        ...     outputs, state = rnn.LSTMBlockFusedCell(4)(tf.ones([5, 2, 3]), dtype=tf.float32)
        ...     print(outputs.shape, state.c.shape)
        (5, 2, 4) (2, 4)
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        reuse: Reuse = None,
        dtype: DType | None = None,
        name: str = "lstm_fused_cell",
    ) -> None:
        super().__init__(num_units, forget_bias, cell_clip, use_peephole, dtype, reuse, name)

    @property
    def num_units(self) -> int:
        """The number of units."""
        return self._num_units

    def __call__(  # type: ignore[override]  # it is no cell to run over time
        self,
        inputs: TensorLike,
        initial_state: State = None,
        dtype: DType | None = None,
        sequence_length: TensorLike = None,
        scope: Scope = None,
        **kwargs: Any,
    ) -> Step:
        """Run over all steps.

        Args:
            inputs: A tensor `[time, batch, depth]`.
            initial_state: The state to begin with, `(c, h)`; by default zeros.
            dtype: The dtype of the state where there is no `initial_state`.
            sequence_length: How many steps of each sequence count, a tensor `[batch]`.
            scope: The scope of the cell, instead of one of its name.
            **kwargs: None.

        Returns:
            The outputs of all steps, `[time, batch, num_units]`, and the last state.
        """
        if initial_state is None and dtype is None:
            raise ValueError("Either initial_state or dtype needs to be specified")
        how = {"lengths": sequence_length, "dtype": dtype}
        return self._run(inputs, initial_state, scope, how)

    def call(
        self,
        inputs: TensorLike,
        state: State,
        lengths: TensorLike = None,
        dtype: DType | None = None,
    ) -> Step:
        """Run over all steps, as `__call__` says."""
        step = super().call
        cell = _Step(self, lambda x, s: step(x, s))
        if state is not None:
            state = LSTMStateTuple(*state)
        return dynamic_rnn(
            cell, inputs, lengths, state, dtype or inputs.dtype, time_major=True, scope="steps"
        )


class _Step:
    """One step of a fused cell, as the functions that run over time take it."""

    def __init__(self, cell: LSTMBlockFusedCell, step: Callable[..., Step]) -> None:
        self.state_size, self.output_size = cell.state_size, cell.output_size
        self.zero_state = cell.zero_state
        self._step = step

    def __call__(self, inputs: TensorLike, state: State) -> Step:
        return self._step(inputs, state)


class GRUBlockCell(LayerRNNCell):
    """Gated recurrent unit, as `GRUCell`, under the names of the block cell.

    Args:
        num_units: The size of the state and of the outputs.
        cell_size: The same, by its older name.
        reuse: Whether to share existing variables.
        name: The name of the cell and of its scope.
    """

    _names = ("w_ru", "b_ru", "w_c", "b_c")

    def __init__(
        self,
        num_units: int | None = None,
        cell_size: int | None = None,
        reuse: Reuse = None,
        name: str = "gru_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        self._num_units: Any = cell_size if num_units is None else num_units

    @property
    def state_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for the kernels and biases of gates and candidate."""
        depth = tf.compat.dimension_value(inputs_shape[-1])
        if depth is None:
            raise ValueError(f"Expecting input_shape[1] to be set: {inputs_shape}")
        rows, units = int(depth) + self._num_units, self._num_units
        gate_kernel, gate_bias, kernel, bias = self._names
        constant = tf.compat.v1.constant_initializer
        self._gate_kernel = self.add_variable(gate_kernel, [rows, 2 * units])
        self._gate_bias = self.add_variable(gate_bias, [2 * units], initializer=constant(1.0))
        self._candidate_kernel = self.add_variable(kernel, [rows, units])
        self._candidate_bias = self.add_variable(bias, [units], initializer=constant(0.0))
        self.built = True

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        gates = tf.sigmoid(affine([inputs, state], self._gate_kernel, self._gate_bias))
        reset, update = tf.split(gates, 2, 1)
        candidate = tf.tanh(
            affine([inputs, reset * state], self._candidate_kernel, self._candidate_bias)
        )
        output = update * state + (1 - update) * candidate
        return output, output


class GRUBlockCellV2(GRUBlockCell):
    """`GRUBlockCell` under the names of `GRUCell`."""

    _names = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")


class AttentionCellWrapper(RNNCell):
    """Attends to the last outputs of a cell (Bahdanau et al. 2014, https://arxiv.org/abs/1409.0473).

    Args:
        cell: The cell.
        attn_length: How many outputs it looks back.
        attn_size: The size of its outputs; by default that of the cell's.
        attn_vec_size: The size of what is compared; by default that of the cell's outputs.
        input_size: The size of what the cell is given; by default the depth of the inputs.
        state_is_tuple: Whether the state is a tuple, not all in one tensor.
        reuse: Whether to share existing variables.
    """

    def __init__(
        self,
        cell: Cell,
        attn_length: int,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        input_size: int | None = None,
        state_is_tuple: bool = True,
        reuse: Reuse = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if tf.nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError(
                "Cell returns tuple of states, but the flag state_is_tuple is not set. "
                f"State size is: {cell.state_size}"
            )
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        self._cell = cell
        self._attn_length = attn_length
        self._attn_size = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size = cell.output_size if attn_vec_size is None else attn_vec_size
        self._input_size = input_size
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Sizes:
        """Those of the cell, of what was attended to, and of what can be."""
        sizes = (self._cell.state_size, self._attn_size, self._attn_size * self._attn_length)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Sizes:
        """The size of its outputs."""
        return self._attn_size

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        if not self._state_is_tuple:
            sizes = (self._cell.state_size, self._attn_size, self._attn_size * self._attn_length)
            state = tf.split(state, sizes, 1)
        inner, attended, window = state
        window = tf.reshape(window, [-1, self._attn_length, self._attn_size])
        inputs = linear([inputs, attended], self._input_size or inputs.shape[1], True)
        outputs, inner = self._cell(inputs, inner)
        query = tf.concat(tf.nest.flatten(inner), 1)
        attended = self._attend(query, window)
        with getter_scope("attn_output_projection"):
            outputs = linear([outputs, attended], self._attn_size, True)
        window = tf.concat([window[:, 1:], outputs[:, tf.newaxis]], 1)
        window = tf.reshape(window, [-1, self._attn_length * self._attn_size])
        state = (inner, attended, window)
        return outputs, state if self._state_is_tuple else tf.concat(state, 1)

    def _attend(self, query: tf.Tensor, window: tf.Tensor) -> tf.Tensor:
        with getter_scope("attention"):
            kernel = get_variable("attn_w", [1, 1, self._attn_size, self._attn_vec_size])
            vector = get_variable("attn_v", [self._attn_vec_size])
            asked = linear(query, self._attn_vec_size, True)[:, tf.newaxis]
        hidden = tf.einsum("bla,av->blv", window, readable(kernel)[0, 0])
        scores = tf.reduce_sum(vector * tf.tanh(hidden + asked), 2)
        return tf.reduce_sum(tf.nn.softmax(scores)[:, :, tf.newaxis] * window, 1)


class InputProjectionWrapper(RNNCell):
    """Projects the inputs of a cell.

    Args:
        cell: The cell.
        num_proj: The size of what the cell is given.
        activation: A function of the projection.
        input_size: Without effect.
        reuse: Whether to share existing variables.
    """

    def __init__(
        self,
        cell: Cell,
        num_proj: int,
        activation: Activation | None = None,
        input_size: int | None = None,
        reuse: Reuse = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell, self._num_proj, self._activation = cell, num_proj, activation

    @property
    def state_size(self) -> Sizes:
        """That of the cell."""
        return self._cell.state_size

    @property
    def output_size(self) -> Sizes:
        """That of the cell."""
        return self._cell.output_size

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        projected = linear(inputs, self._num_proj, True)
        if self._activation:
            projected = self._activation(projected)
        return self._cell(projected, state)


class OutputProjectionWrapper(RNNCell):
    """Projects the outputs of a cell.

    Args:
        cell: The cell.
        output_size: The size of the outputs.
        activation: A function of the projection.
        reuse: Whether to share existing variables.
    """

    def __init__(
        self,
        cell: Cell,
        output_size: int,
        activation: Activation | None = None,
        reuse: Reuse = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._cell: Any = cell
        self._output_size, self._activation = output_size, activation

    @property
    def state_size(self) -> Sizes:
        """That of the cell."""
        return self._cell.state_size

    @property
    def output_size(self) -> Sizes:
        """The size of the projection."""
        return self._output_size

    def zero_state(self, batch_size: TensorLike, dtype: DType | None) -> State:
        """That of the cell."""
        return self._cell.zero_state(batch_size, dtype)

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        outputs, state = self._cell(inputs, state)
        projected = linear(outputs, self._output_size, True)
        return (self._activation(projected) if self._activation else projected), state


class EmbeddingWrapper(RNNCell):
    """Looks up the inputs of a cell, numbers, in a table that it learns.

    Args:
        cell: The cell.
        embedding_classes: How many numbers there are.
        embedding_size: The size of what stands for a number.
        initializer: Initializer of the table; by default the scope's, else uniform with variance 1.
        reuse: Whether to share existing variables.
    """

    def __init__(
        self,
        cell: Cell,
        embedding_classes: int,
        embedding_size: int,
        initializer: Initializer | None = None,
        reuse: Reuse = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                "Both embedding_classes and embedding_size must be > 0: "
                f"{embedding_classes}, {embedding_size}."
            )
        self._cell: Any = cell
        self._initializer = initializer
        self._classes, self._size = embedding_classes, embedding_size

    @property
    def state_size(self) -> Sizes:
        """That of the cell."""
        return self._cell.state_size

    @property
    def output_size(self) -> Sizes:
        """That of the cell."""
        return self._cell.output_size

    def zero_state(self, batch_size: TensorLike, dtype: DType | None) -> State:
        """That of the cell."""
        return self._cell.zero_state(batch_size, dtype)

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        bound = 3.0**0.5
        uniform = tf.compat.v1.random_uniform_initializer(-bound, bound)
        initializer = self._initializer or get_variable_scope().initializer or uniform
        dtype = tf.nest.flatten(state)[0].dtype
        table = get_variable(
            "embedding", [self._classes, self._size], initializer=initializer, dtype=dtype
        )
        rows = tf.compat.v1.nn.embedding_lookup(table, tf.reshape(inputs, [-1]))
        result: Step = self._cell(rows, state)
        return result


class HighwayWrapper(ResidualWrapper):
    """Carries a part of its inputs on to the outputs of a cell.

    Srivastava et al. 2015, https://arxiv.org/abs/1505.00387. Its variables are in the scope that is
    open around it, as in TF1: it has none of its own.

    Args:
        cell: The cell; its outputs are as deep as its inputs.
        couple_carry_transform_gates: Whether what is not carried on is taken of the outputs.
        carry_bias_init: What the bias of what is carried on begins with.
    """

    def __init__(
        self, cell: Cell, couple_carry_transform_gates: bool = True, carry_bias_init: float = 1.0
    ) -> None:
        super().__init__(cell, self._carried)
        self._is_coupled, self._carry_bias_init = couple_carry_transform_gates, carry_bias_init

    def _carried(self, inputs: Any, outputs: Any) -> Any:
        tf.nest.assert_same_structure(inputs, outputs)
        return tf.nest.map_structure(self._highway, inputs, outputs)

    def _highway(self, inputs: tf.Tensor, outputs: tf.Tensor) -> tf.Tensor:
        inputs.shape.assert_is_compatible_with(outputs.shape)
        carry = _gate("carry", inputs, self._carry_bias_init)
        if self._is_coupled:
            return inputs * carry + outputs * (1 - carry)
        return inputs * carry + outputs * _gate("transform", inputs, -self._carry_bias_init)


class ConvLSTMCell(RNNCell):
    """LSTM whose gates are convolutions (Shi et al. 2015, https://arxiv.org/abs/1506.04214).

    Args:
        conv_ndims: How many axes are convolved: 1, 2 or 3.
        input_shape: The shape of the inputs without the batch, channels last.
        output_channels: The channels of both parts of the state.
        kernel_shape: The sizes of the kernel along the axes.
        use_bias: Whether to add `biases`.
        skip_connection: Whether to put the inputs beside the outputs.
        forget_bias: What is added to the forget gate.
        initializers: Without effect.
        name: The name of the cell and of its scope.

    Raises:
        ValueError: If `input_shape` has not one size more than axes.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> from getter_compat.contrib import rnn
        >>> with VariableStore().as_default():
        ...     cell = rnn.ConvLSTMCell(2, [4, 4, 3], 2, [3, 3])
        ...     outputs, _ = nn.dynamic_rnn(cell, tf.ones([1, 5, 4, 4, 3]), dtype=tf.float32)
        ...     print(outputs.shape)
        (1, 5, 4, 4, 2)
    """

    def __init__(
        self,
        conv_ndims: int,
        input_shape: Sequence[int],
        output_channels: int,
        kernel_shape: Sequence[int],
        use_bias: bool = True,
        skip_connection: bool = False,
        forget_bias: float = 1.0,
        initializers: Initializer | None = None,
        name: str | None = "conv_lstm_cell",
    ) -> None:
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}.")
        self._kernel_shape, self._channels = tuple(kernel_shape), output_channels
        self._use_bias, self._forget_bias = use_bias, forget_bias
        self._skip_connection = skip_connection
        self._sizes, self._input_channels = tuple(input_shape[:-1]), input_shape[-1]

    @property
    def state_size(self) -> Sizes:
        """The shapes of `c` and `h`."""
        shape = tf.TensorShape([*self._sizes, self._channels])
        return LSTMStateTuple(shape, shape)

    @property
    def output_size(self) -> Sizes:
        """The shape of the outputs."""
        beside = self._input_channels if self._skip_connection else 0
        return tf.TensorShape([*self._sizes, self._channels + beside])

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        c, h = state
        both = tf.concat([inputs, h], -1)
        shape = [*self._kernel_shape, both.shape[-1], 4 * self._channels]
        kernel = get_variable("kernel", shape, both.dtype)
        # Without a format TensorFlow has no gradient of Conv3D in eager execution.
        channels_last = f"N{'DHW'[-len(self._sizes) :]}C"
        gates = tf.nn.convolution(both, readable(kernel), padding="SAME", data_format=channels_last)
        if self._use_bias:
            none = tf.compat.v1.constant_initializer(0.0)
            gates += get_variable("biases", shape[-1:], both.dtype, none)
        i, j, f, o = tf.split(gates, 4, -1)
        c = tf.sigmoid(f + self._forget_bias) * c + tf.sigmoid(i) * tf.tanh(j)
        outputs = tf.tanh(c) * tf.sigmoid(o)
        if self._skip_connection:
            outputs = tf.concat([outputs, inputs], -1)
        return outputs, LSTMStateTuple(c, outputs)


class Conv1DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` along one axis.

    Args:
        name: The name of the cell and of its scope.
        **kwargs: As for `ConvLSTMCell`.
    """

    def __init__(self, name: str | None = "conv_1d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` along two axes.

    Args:
        name: The name of the cell and of its scope.
        **kwargs: As for `ConvLSTMCell`.
    """

    def __init__(self, name: str | None = "conv_2d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """`ConvLSTMCell` along three axes.

    Args:
        name: The name of the cell and of its scope.
        **kwargs: As for `ConvLSTMCell`.
    """

    def __init__(self, name: str | None = "conv_3d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(3, name=name, **kwargs)


def stack_bidirectional_dynamic_rnn(
    cells_fw: Sequence[Cell],
    cells_bw: Sequence[Cell],
    inputs: TensorLike,
    initial_states_fw: Sequence[State] | None = None,
    initial_states_bw: Sequence[State] | None = None,
    dtype: DType | None = None,
    sequence_length: TensorLike = None,
    parallel_iterations: int | None = None,
    time_major: bool = False,
    scope: Scope = None,
    swap_memory: bool = False,
) -> tuple[TensorLike, tuple[State, ...], tuple[State, ...]]:
    """Run pairs of cells, each forwards and backwards, over the outputs of the pair before.

    Args:
        cells_fw: The cells that run forwards.
        cells_bw: The cells that run backwards, as many.
        inputs: A tensor `[batch, time, depth]`.
        initial_states_fw: The states to begin with, one for each cell.
        initial_states_bw: The same, for the cells that run backwards.
        dtype: As for `dynamic_rnn`.
        sequence_length: As for `dynamic_rnn`.
        parallel_iterations: As for `dynamic_rnn`.
        time_major: As for `dynamic_rnn`.
        scope: The scope of the variables, `"stack_bidirectional_rnn"` by default; the pairs are in
            `cell_0`, `cell_1` and so on below it.
        swap_memory: As for `dynamic_rnn`.

    Returns:
        The outputs of the last pair side by side, and the last states of both kinds of cells.
    """
    _check_pairs(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    states_fw, states_bw = [], []
    with getter_scope(scope or "stack_bidirectional_rnn"):
        for i, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with getter_scope(f"cell_{i}"):
                outputs, (state_fw, state_bw) = bidirectional_dynamic_rnn(
                    cell_fw,
                    cell_bw,
                    inputs,
                    sequence_length,
                    initial_states_fw[i] if initial_states_fw else None,
                    initial_states_bw[i] if initial_states_bw else None,
                    dtype,
                    parallel_iterations,
                    swap_memory,
                    time_major,
                )
                inputs = tf.concat(outputs, 2)
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return inputs, tuple(states_fw), tuple(states_bw)


def stack_bidirectional_rnn(
    cells_fw: Sequence[Cell],
    cells_bw: Sequence[Cell],
    inputs: TensorLike,
    initial_states_fw: Sequence[State] | None = None,
    initial_states_bw: Sequence[State] | None = None,
    dtype: DType | None = None,
    sequence_length: TensorLike = None,
    scope: Scope = None,
) -> tuple[list[TensorLike], tuple[State, ...], tuple[State, ...]]:
    """Run pairs of cells over a list of inputs; as `stack_bidirectional_dynamic_rnn`."""
    _check_pairs(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    states_fw, states_bw = [], []
    with getter_scope(scope or "stack_bidirectional_rnn"):
        for i, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with getter_scope(f"cell_{i}") as cell_scope:
                inputs, state_fw, state_bw = static_bidirectional_rnn(
                    cell_fw,
                    cell_bw,
                    inputs,
                    initial_states_fw[i] if initial_states_fw else None,
                    initial_states_bw[i] if initial_states_bw else None,
                    dtype,
                    sequence_length,
                    cell_scope,
                )
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return inputs, tuple(states_fw), tuple(states_bw)


def linear(
    args: TensorLike,
    output_size: int,
    bias: bool,
    bias_initializer: Initializer | None = None,
    kernel_initializer: Initializer | None = None,
) -> tf.Tensor:
    """Map tensors side by side: `_linear`, by which many cells of TF1 asked for their weights.

    Args:
        args: A tensor `[batch, depth]`, or a list of them.
        output_size: The size of the result.
        bias: Whether to add a bias.
        bias_initializer: Initializer of `bias`, zeros by default.
        kernel_initializer: Initializer of `kernel`.

    Returns:
        A tensor `[batch, output_size]`.
    """
    inputs = [tf.convert_to_tensor(part) for part in (args if tf.nest.is_nested(args) else [args])]
    if not inputs:
        raise ValueError("`args` must be specified")
    for part in inputs:
        if part.shape.rank != 2:
            raise ValueError(f"linear is expecting 2D arguments: {[x.shape for x in inputs]}")
        if tf.compat.dimension_value(part.shape[1]) is None:
            raise ValueError(
                "linear expects shape[1] to be provided for shape "
                f"{part.shape}, but saw {part.shape[1]}"
            )
    depth, dtype = sum(part.shape[1] for part in inputs), inputs[0].dtype
    with entered_again():  # TF1's opened a name scope of its name, which counts for others
        kernel = get_variable("kernel", [depth, output_size], dtype, kernel_initializer)
        if bias:
            zeros = bias_initializer or tf.compat.v1.constant_initializer(0.0)
            with entered_again():
                added = get_variable("bias", [output_size], dtype, zeros)
    product = tf.matmul(inputs[0] if len(inputs) == 1 else tf.concat(inputs, 1), readable(kernel))
    return tf.raw_ops.BiasAdd(value=product, bias=readable(added)) if bias else product


def transpose_batch_time(x: TensorLike) -> tf.Tensor:
    """Exchange the first two axes, batch and time.

    Args:
        x: A tensor of rank 2 or more.

    Raises:
        ValueError: If its rank is smaller.
    """
    x = tf.convert_to_tensor(x)
    if x.shape.rank is not None and x.shape.rank < 2:
        raise ValueError(f"Expected input tensor {x} to have rank at least 2, but saw {x.shape}")
    return tf.transpose(x, [1, 0, *range(2, x.shape.rank)])


def _gate(name: str, inputs: tf.Tensor, bias_init: float) -> tf.Tensor:
    size = inputs.shape[1]
    start = tf.compat.v1.constant_initializer(bias_init)
    kernel = get_variable(f"{name}_w", [size, size])
    bias = get_variable(f"{name}_b", [size], initializer=start)
    return tf.sigmoid(affine([inputs], kernel, bias))


def _check_pairs(
    cells_fw: Any, cells_bw: Any, initial_states_fw: Any, initial_states_bw: Any
) -> None:
    if not cells_fw:
        raise ValueError("Must specify at least one fw cell for BidirectionalRNN.")
    if not cells_bw:
        raise ValueError("Must specify at least one bw cell for BidirectionalRNN.")
    if not isinstance(cells_fw, list):
        raise ValueError("cells_fw must be a list of RNNCells (one per layer).")
    if not isinstance(cells_bw, list):
        raise ValueError("cells_bw must be a list of RNNCells (one per layer).")
    if len(cells_fw) != len(cells_bw):
        raise ValueError("Forward and Backward cells must have the same depth.")
    for states, way, cells in (
        (initial_states_fw, "fw", cells_fw),
        (initial_states_bw, "bw", cells_bw),
    ):
        if states is not None and (
            not isinstance(states, list | tuple) or len(states) != len(cells)
        ):
            raise ValueError(
                f"initial_states_{way} must be a list of state tensors (one per layer)."
            )
