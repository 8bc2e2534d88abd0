"""The cells of `tf.nn.rnn_cell`: simple, GRU and LSTM.

The rules are those of `tensorflow/python/ops/rnn_cell_impl.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import tensorflow as tf

from getter_compat.layers.computations import readable
from getter_compat.nn.base import LayerRNNCell, Scope, Sizes
from getter_compat.typing import Activation, DType, Initializer, Reuse, State, Step, TensorLike

_ZEROS = tf.compat.v1.zeros_initializer()
_ONES = tf.compat.v1.constant_initializer(1.0)
_SHARDS = (
    "LSTMCell was given {name}={count}: it asked for a partitioned variable, which TensorFlow 2 "
    "does not have. Leave {name} out."
)


class LSTMStateTuple(namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: `c`, what it remembers, and `h`, what it put out.

    Examples:
        >>> LSTMStateTuple(c=3, h=4)
        LSTMStateTuple(c=3, h=4)
    """

    __slots__ = ()

    @property
    def dtype(self) -> tf.DType:
        """The dtype of both."""
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


class _Cell(LayerRNNCell):
    """A cell with a number of units and an activation, for inputs `[batch, depth]`."""

    def __init__(
        self,
        num_units: int,
        activation: Activation | str | None,
        reuse: Reuse,
        dtype: DType | None,
        **kwargs: Any,
    ) -> None:
        check_dtype(dtype)
        super().__init__(_reuse=reuse, dtype=dtype, **kwargs)
        self._num_units = num_units
        self._activation = tf.keras.activations.get(activation) if activation else tf.tanh

    def __call__(
        self, inputs: TensorLike, state: State, scope: Scope = None, **kwargs: Any
    ) -> Step:
        """Run one step; arguments and results as for `RNNCell`."""
        shape = tf.TensorShape(inputs.shape)
        if shape.rank not in (2, None):
            raise ValueError(
                f"Input 0 of layer {self._layer_scope().base_name} is incompatible with the "
                f"layer: expected ndim=2, found ndim={shape.rank}. "
                f"Full shape received: {shape.as_list()}"
            )
        return super().__call__(inputs, state, scope, **kwargs)

    def _depth(self, inputs_shape: tf.TensorShape) -> int:
        """The depth of the inputs, which has to be known to make the weights."""
        depth = tf.compat.dimension_value(inputs_shape[-1])
        if depth is None:
            raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {inputs_shape}")
        check_dtype(self.dtype)
        return int(depth)


class BasicRNNCell(_Cell):
    """The simplest cell: `output = state = activation([inputs, state] @ kernel + bias)`.

    Args:
        num_units: The size of the state and of the outputs.
        activation: A function, or its name; `tanh` by default.
        reuse: Whether to share existing variables.
        name: The name of the cell and of its scope.
        dtype: The dtype of its variables; by default that of the first input.
        **kwargs: As for `RNNCell`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.BasicRNNCell(4)
        ...     outputs, state = cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
        ...     print(outputs.shape, cell.trainable_variables[0].shape)
        (2, 4) (7, 4)
    """

    def __init__(
        self,
        num_units: int,
        activation: Activation | str | None = None,
        reuse: Reuse = None,
        name: str | None = None,
        dtype: DType | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, dtype, name=name, **kwargs)

    @property
    def state_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for `kernel` and `bias`."""
        rows = self._depth(inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [rows, self._num_units])
        self._bias = self.add_variable("bias", [self._num_units], initializer=_ZEROS)
        self.built = True

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        check_dtypes(inputs, state)
        output = self._activation(affine([inputs, state], self._kernel, self._bias))
        return output, output


class GRUCell(_Cell):
    """Gated recurrent unit, with one kernel for both gates.

    `r, u = sigmoid([inputs, state] @ gates/kernel + gates/bias)`;
    `c = activation([inputs, r * state] @ candidate/kernel + candidate/bias)`;
    `output = state = u * state + (1 - u) * c` (Cho et al. 2014, https://arxiv.org/abs/1406.1078).

    Args:
        num_units: The size of the state and of the outputs.
        activation: A function, or its name; `tanh` by default.
        reuse: Whether to share existing variables.
        kernel_initializer: Initializer of both kernels; by default the scope's, else Glorot.
        bias_initializer: Initializer of both biases; by default ones for the gates, zeros for the
            candidate.
        name: The name of the cell and of its scope.
        dtype: The dtype of its variables; by default that of the first input.
        **kwargs: As for `RNNCell`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     outputs, state = nn.dynamic_rnn(
        ...         nn.rnn_cell.GRUCell(4), tf.ones([2, 5, 3]), dtype=tf.float32
        ...     )
        ...     print(outputs.shape, state.shape)
        (2, 5, 4) (2, 4)
    """

    def __init__(
        self,
        num_units: int,
        activation: Activation | str | None = None,
        reuse: Reuse = None,
        kernel_initializer: Initializer | str | None = None,
        bias_initializer: Initializer | str | None = None,
        name: str | None = None,
        dtype: DType | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, dtype, name=name, **kwargs)
        self._kernel_initializer = _initializer(kernel_initializer)
        self._bias_initializer = _initializer(bias_initializer)

    @property
    def state_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    @property
    def output_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for `gates/kernel`, `gates/bias`, `candidate/kernel` and `candidate/bias`."""
        rows, units = self._depth(inputs_shape) + self._num_units, self._num_units
        of_kernel, of_bias = self._kernel_initializer, self._bias_initializer
        self._gate_kernel = self.add_variable(
            "gates/kernel", [rows, 2 * units], initializer=of_kernel
        )
        self._gate_bias = self.add_variable(
            "gates/bias",
            [2 * units],
            initializer=_ONES if of_bias is None else of_bias,
        )
        self._candidate_kernel = self.add_variable(
            "candidate/kernel", [rows, units], initializer=of_kernel
        )
        self._candidate_bias = self.add_variable(
            "candidate/bias",
            [units],
            initializer=_ZEROS if of_bias is None else of_bias,
        )
        self.built = True

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        check_dtypes(inputs, state)
        gates = tf.sigmoid(affine([inputs, state], self._gate_kernel, self._gate_bias))
        reset, update = tf.split(gates, 2, 1)
        candidate = self._activation(
            affine([inputs, reset * state], self._candidate_kernel, self._candidate_bias)
        )
        output = update * state + (1 - update) * candidate
        return output, output


class BasicLSTMCell(_Cell):
    """LSTM without peepholes, projection or clipping; its gates are in the order i, j, f, o.

    `c = sigmoid(f + forget_bias) * c + sigmoid(i) * activation(j)`; `h = sigmoid(o) *
    activation(c)` (Zaremba et al. 2014, https://arxiv.org/abs/1409.2329).

    Args:
        num_units: The size of the outputs, and of both parts of the state.
        forget_bias: What is added to the forget gate.
        state_is_tuple: Whether the state is an `LSTMStateTuple`, not `c` and `h` in one tensor.
        activation: A function, or its name; `tanh` by default.
        reuse: Whether to share existing variables.
        name: The name of the cell and of its scope.
        dtype: The dtype of its variables; by default that of the first input.
        **kwargs: As for `RNNCell`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.BasicLSTMCell(4)
        ...     _ = nn.dynamic_rnn(cell, tf.ones([2, 5, 3]), dtype=tf.float32)
        ...     print([v.name for v in cell.trainable_variables][:1], cell.scope_name)
        ['kernel'] rnn/basic_lstm_cell
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Activation | str | None = None,
        reuse: Reuse = None,
        name: str | None = None,
        dtype: DType | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, dtype, name=name, **kwargs)
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Sizes:
        """The sizes of `c` and `h`, or their sum."""
        return _sizes(self._num_units, self._num_units, self._state_is_tuple)

    @property
    def output_size(self) -> Sizes:
        """The number of units."""
        return self._num_units

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for `kernel` and `bias`."""
        rows, columns = self._depth(inputs_shape) + self._num_units, 4 * self._num_units
        self._kernel = self.add_variable("kernel", [rows, columns])
        self._bias = self.add_variable("bias", [columns], initializer=_ZEROS)
        self.built = True

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        check_dtypes(inputs, state)
        c, h = state if self._state_is_tuple else tf.split(state, 2, 1)
        i, j, f, o = tf.split(affine([inputs, h], self._kernel, self._bias), 4, 1)
        # By functions, not operators: TF1 named these operations `Mul_2` and so on, not `mul_2`.
        add, multiply = tf.add, tf.multiply
        forget = tf.sigmoid(add(f, tf.constant(self._forget_bias, f.dtype)))
        c = add(multiply(c, forget), multiply(tf.sigmoid(i), self._activation(j)))
        h = multiply(self._activation(c), tf.sigmoid(o))
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else tf.concat([c, h], 1)


class LSTMCell(_Cell):
    """LSTM with peepholes, a projection of its outputs, and clipping, each if asked for.

    Sak et al. 2014, https://research.google.com/pubs/archive/43905.pdf; gates in the order i, j, f,
    o.

    Args:
        num_units: The size of `c`.
        use_peepholes: Whether the gates see `c`, through diagonal weights.
        cell_clip: Where given, `c` is kept within plus and minus this.
        initializer: Initializer of the kernels and peepholes; by default the scope's, else Glorot.
        num_proj: The size of the outputs, by a projection; without it they are not projected.
        proj_clip: Where given, projected outputs are kept within plus and minus this.
        num_unit_shards: Refused: there are no partitioned variables.
        num_proj_shards: Refused: there are no partitioned variables.
        forget_bias: What is added to the forget gate.
        state_is_tuple: Whether the state is an `LSTMStateTuple`, not `c` and `h` in one tensor.
        activation: A function, or its name; `tanh` by default.
        reuse: Whether to share existing variables.
        name: The name of the cell and of its scope.
        dtype: The dtype of its variables; by default that of the first input.
        **kwargs: As for `RNNCell`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.LSTMCell(4, use_peepholes=True, num_proj=2)
        ...     outputs, state = nn.dynamic_rnn(cell, tf.ones([1, 5, 3]), dtype=tf.float32)
        ...     print(outputs.shape, state.c.shape, state.h.shape)
        (1, 5, 2) (1, 4) (1, 2)
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Initializer | str | None = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Activation | str | None = None,
        reuse: Reuse = None,
        name: str | None = None,
        dtype: DType | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, dtype, name=name, **kwargs)
        for shards, count in (
            ("num_unit_shards", num_unit_shards),
            ("num_proj_shards", num_proj_shards),
        ):
            if count is not None:
                raise NotImplementedError(_SHARDS.format(name=shards, count=count))
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = _initializer(initializer)
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple

    @property
    def state_size(self) -> Sizes:
        """The sizes of `c` and `h`, or their sum."""
        return _sizes(self._num_units, self.output_size, self._state_is_tuple)

    @property
    def output_size(self) -> Sizes:
        """The size of the projection, else the number of units."""
        return self._num_proj if self._num_proj else self._num_units

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for `kernel`, `bias`, the peepholes' `w_f_diag` and so on, `projection/kernel`."""
        units, given = self._num_units, self._initializer
        before = units if self._num_proj is None else self._num_proj
        self._kernel = self.add_variable(
            "kernel", [self._depth(inputs_shape) + before, 4 * units], initializer=given
        )
        self._bias = self.add_variable("bias", [4 * units], initializer=_ZEROS)
        if self._use_peepholes:
            self._w_f_diag = self.add_variable("w_f_diag", [units], initializer=given)
            self._w_i_diag = self.add_variable("w_i_diag", [units], initializer=given)
            self._w_o_diag = self.add_variable("w_o_diag", [units], initializer=given)
        if self._num_proj is not None:
            self._proj_kernel = self.add_variable(
                "projection/kernel", [units, self._num_proj], initializer=given
            )
        self.built = True

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step."""
        check_dtypes(inputs, state)
        c, h = state if self._state_is_tuple else tf.split(state, [self._num_units, -1], 1)
        i, j, f, o = tf.split(affine([inputs, h], self._kernel, self._bias), 4, 1)
        f = f + self._forget_bias
        if self._use_peepholes:
            f, i = f + self._w_f_diag * c, i + self._w_i_diag * c
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            c = tf.clip_by_value(c, -self._cell_clip, self._cell_clip)
        if self._use_peepholes:
            o = o + self._w_o_diag * c
        h = self._project(tf.sigmoid(o) * self._activation(c))
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else tf.concat([c, h], 1)

    def _project(self, outputs: tf.Tensor) -> tf.Tensor:
        if self._num_proj is None:
            return outputs
        outputs = tf.matmul(outputs, readable(self._proj_kernel))
        if self._proj_clip is not None:
            outputs = tf.clip_by_value(outputs, -self._proj_clip, self._proj_clip)
        return outputs


def affine(inputs: list[Any], kernel: Any, bias: Any) -> tf.Tensor:
    """What the inputs, side by side, are mapped to."""
    product = tf.matmul(tf.concat(inputs, 1), readable(kernel))
    return tf.raw_ops.BiasAdd(value=product, bias=readable(bias))


def _sizes(c: Any, h: Any, is_tuple: bool) -> Sizes:
    return LSTMStateTuple(c, h) if is_tuple else c + h


def _initializer(given: Any) -> Any:
    return tf.keras.initializers.get(given) if isinstance(given, str) else given


def check_dtypes(inputs: TensorLike, state: State) -> None:
    """Refuse inputs and states of other types than floating point and complex numbers."""
    for tensor in tf.nest.flatten([inputs, state]):
        check_dtype(tensor.dtype)


def check_dtype(dtype: DType | None) -> None:
    """Refuse other types than floating point and complex numbers."""
    if dtype is None:
        return
    known = tf.as_dtype(dtype)
    if not (known.is_floating or known.is_complex):
        raise ValueError(f"RNN cell only supports floating point inputs, but saw dtype: {known}")
