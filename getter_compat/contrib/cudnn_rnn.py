"""`tf.contrib.cudnn_rnn` of TensorFlow 1, in its canonical form: layers that run anywhere.

TF1 kept the weights of such a layer in one buffer, `opaque_kernel`, whose order only cuDNN knew,
and wrote to checkpoints what the same cells have that run without cuDNN. Here the layers are made
of those cells, so that the variables are what checkpoints hold. What does not pass: the buffer
itself and an optimizer's slots of it, which have no canonical form; the other input modes. The
rules are those of `tensorflow/contrib/cudnn_rnn/python/layers/cudnn_rnn.py` and
`ops/cudnn_rnn_ops.py` in TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

import functools
from typing import Any, ClassVar

import tensorflow as tf

from getter_compat.contrib.rnn import LSTMBlockCell, stack_bidirectional_dynamic_rnn
from getter_compat.nn.base import RNNCell, Scope
from getter_compat.nn.cells import BasicRNNCell, GRUCell, LSTMStateTuple, affine
from getter_compat.nn.rnn import dynamic_rnn
from getter_compat.nn.wrappers import DropoutWrapper, MultiRNNCell
from getter_compat.runtime.scopes import get_variable_scope, getter_scope
from getter_compat.typing import DType, Initializer, NextGetter, Reuse, State, TensorLike

__all__ = [
    "CudnnCompatibleGRUCell",
    "CudnnCompatibleLSTMCell",
    "CudnnGRU",
    "CudnnLSTM",
    "CudnnRNNRelu",
    "CudnnRNNTanh",
]

_DIRECTIONS = ("unidirectional", "bidirectional")
_INPUT_MODES = ("linear_input", "skip_input", "auto_select")


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """The cell that computes what a layer of `CudnnLSTM` does, and has its variables.

    Args:
        num_units: The size of the outputs, and of both parts of the state.
        reuse: Whether to share existing variables.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> from getter_compat.contrib import cudnn_rnn
        >>> with VariableStore().as_default():
        ...     cell = cudnn_rnn.CudnnCompatibleLSTMCell(4)
        ...     _ = nn.dynamic_rnn(cell, tf.ones([2, 5, 3]), dtype=tf.float32)
        ...     print(cell.scope_name)
        rnn/cudnn_compatible_lstm_cell
    """

    def __init__(self, num_units: int, reuse: Reuse = None) -> None:
        super().__init__(num_units, 0.0, reuse=reuse, name="cudnn_compatible_lstm_cell")


class CudnnCompatibleGRUCell(GRUCell):
    """The cell that computes what a layer of `CudnnGRU` does, and has its variables.

    Its candidate is `tanh(inputs @ kernel + bias + r * (state @ hidden_kernel + hidden_bias))`: the
    reset gate acts behind the product.

    Args:
        num_units: The size of the state and of the outputs.
        reuse: Whether to share existing variables.
        kernel_initializer: Initializer of the kernels; by default the scope's, else Glorot.
    """

    def __init__(
        self, num_units: int, reuse: Reuse = None, kernel_initializer: Initializer | None = None
    ) -> None:
        super().__init__(num_units, None, reuse, kernel_initializer)

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for the weights of the gates, and for those of both parts of the candidate."""
        depth, units, given = self._depth(inputs_shape), self._num_units, self._kernel_initializer
        ones = tf.compat.v1.constant_initializer(1.0)
        none = tf.compat.v1.zeros_initializer()
        ask = self.add_variable
        self._gate_kernel = ask("gates/kernel", [depth + units, 2 * units], initializer=given)
        self._gate_bias = ask("gates/bias", [2 * units], initializer=ones)
        of_input, of_hidden = "candidate/input_projection", "candidate/hidden_projection"
        self._input_kernel = ask(f"{of_input}/kernel", [depth, units], initializer=given)
        self._hidden_kernel = ask(f"{of_hidden}/kernel", [units, units], initializer=given)
        self._input_bias = ask(f"{of_input}/bias", [units], initializer=none)
        self._hidden_bias = ask(f"{of_hidden}/bias", [units], initializer=none)
        self.built = True

    def call(self, inputs: TensorLike, state: State) -> Any:
        """Run one step."""
        gates = tf.sigmoid(affine([inputs, state], self._gate_kernel, self._gate_bias))
        reset, update = tf.split(gates, 2, 1)
        candidate = affine([inputs], self._input_kernel, self._input_bias)
        candidate += reset * affine([state], self._hidden_kernel, self._hidden_bias)
        output = (1 - update) * self._activation(candidate) + update * state
        return output, output


class _CudnnRNN(RNNCell):
    """Layers of cells that run over time themselves, as cuDNN did; arguments as of `CudnnLSTM`."""

    _rnn_mode: ClassVar[str]
    _num_gates: ClassVar[int]

    def __init__(
        self,
        num_layers: int,
        num_units: int,
        input_mode: str = "linear_input",
        direction: str = "unidirectional",
        dropout: float = 0.0,
        seed: int | None = None,
        dtype: DType | None = tf.float32,
        kernel_initializer: Initializer | None = None,
        bias_initializer: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        _check(direction, input_mode, dtype)
        self._num_layers, self._num_units = num_layers, num_units
        self._input_mode, self._direction = input_mode, direction
        self._dropout, self._seed = dropout, seed
        self._kernel_initializer = kernel_initializer or tf.compat.v1.glorot_uniform_initializer(
            seed
        )
        self._bias_initializer = bias_initializer or tf.compat.v1.zeros_initializer()
        self._input_size: int | None = None
        self._cells = [self._cell() for _ in range(num_layers * self.num_dirs)]

    @property
    def num_layers(self) -> int:
        """How many cells lie above each other."""
        return self._num_layers

    @property
    def num_units(self) -> int:
        """The size of the outputs of each."""
        return self._num_units

    @property
    def input_mode(self) -> str:
        """`"linear_input"`."""
        return self._input_mode

    @property
    def direction(self) -> str:
        """`"unidirectional"` or `"bidirectional"`."""
        return self._direction

    @property
    def rnn_mode(self) -> str:
        """`"lstm"`, `"gru"`, `"rnn_tanh"` or `"rnn_relu"`."""
        return self._rnn_mode

    @property
    def num_dirs(self) -> int:
        """How many directions there are."""
        return 1 + _DIRECTIONS.index(self._direction)

    @property
    def input_size(self) -> int:
        """The depth of the inputs."""
        if self._input_size is None:
            raise ValueError("'input_size' is unknown since layer has not been built.")
        return self._input_size

    @property
    def saveable(self) -> Any:
        """Refused: what TF1's saveable wrote are the variables themselves."""
        raise NotImplementedError(
            f"{type(self).__name__} has no saveable: its variables are the canonical weights that "
            "TF1's saveable wrote to checkpoints. Leave it out; a Saver saves the variables."
        )

    @property
    def canonical_weight_shapes(self) -> list[tuple[int, int]]:
        """The shapes of cuDNN's weights: by layer, direction, inputs or state, and gate."""
        if self._input_size is None:
            raise RuntimeError(
                f"{type(self).__name__}.canonical_weight_shapes invoked before input shape is known"
            )
        units, shapes = self._num_units, []
        for layer in range(self._num_layers):
            depth = self.input_size if layer == 0 else units * self.num_dirs
            of_inputs, of_state = (units, depth), (units, units)
            one = [of_inputs] * self._num_gates + [of_state] * self._num_gates
            shapes += one * self.num_dirs
        return shapes

    @property
    def canonical_bias_shapes(self) -> list[list[int]]:
        """The shapes of cuDNN's biases, in the same order."""
        return [[self._num_units]] * (2 * self._num_gates * self.num_dirs * self._num_layers)

    def state_shape(self, batch_size: TensorLike) -> Any:
        """The shapes of the parts of the state."""
        shape = [self._num_layers * self.num_dirs, batch_size, self._num_units]
        return tuple(list(shape) for _ in range(self._parts()))

    def __call__(  # type: ignore[override]  # it is no cell to run over time
        self,
        inputs: TensorLike,
        initial_state: State = None,
        sequence_lengths: TensorLike = None,
        time_major: bool = True,
        training: bool = True,
        scope: Scope = None,
    ) -> Any:
        """Run over all steps.

        Args:
            inputs: A tensor `[time, batch, depth]`.
            initial_state: The state to begin with: `(h, c)` of an LSTM, else `(h,)`, each
                `[num_layers * num_dirs, batch, num_units]`; zeros by default.
            sequence_lengths: How many steps of each sequence count, int32 `[batch]`.
            time_major: Whether the batch is the second axis of inputs, outputs and state. Else it
                is the first: `[batch, time, ...]`, `[batch, num_layers * num_dirs, num_units]`.
            training: Whether to drop out.
            scope: The scope of the layer, instead of one of its name.

        Returns:
            The outputs of all steps, `[time, batch, num_units * num_dirs]`, and the last state, of
            the shapes of `initial_state`.

        Raises:
            ValueError: If the inputs are not of rank 3, or of unknown depth.
            TypeError: If the state is no tuple.
        """
        inputs = tf.convert_to_tensor(inputs, self.dtype)
        if initial_state is not None and not isinstance(initial_state, tuple):
            raise TypeError(f"Invalid initial_state type: {initial_state}, expecting tuple.")
        how = {"lengths": sequence_lengths, "time_major": time_major, "training": training}
        return self._run(inputs, initial_state, scope, how)

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Note the depth of the inputs; the cells ask for the weights as they run."""
        if inputs_shape.rank != 3:
            raise ValueError(f"Expecting input_shape with 3 dims, got {inputs_shape.rank}")
        depth = tf.compat.dimension_value(inputs_shape[-1])
        if depth is None:
            raise ValueError(
                "The last dimension of the inputs to `CudnnRNN` should be defined. Found `None`."
            )
        self._input_size = int(depth)
        self.built = True

    def call(
        self,
        inputs: TensorLike,
        state: State,
        lengths: Any = None,
        time_major: bool = True,
        training: bool = True,
    ) -> Any:
        """Run over all steps, as `__call__` says."""
        cells = self._dropping_out() if training and self._dropout else list(self._cells)
        states = self._states(state, inputs, time_major)
        how = {"sequence_length": lengths, "dtype": inputs.dtype, "time_major": time_major}
        here = get_variable_scope()
        with getter_scope(here, custom_getter=self._initialized, auxiliary_name_scope=False):
            if self.num_dirs == 1:
                outputs, last = dynamic_rnn(
                    MultiRNNCell(cells), inputs, initial_state=tuple(states), **how
                )
            else:
                outputs, *both = stack_bidirectional_dynamic_rnn(
                    cells[::2], cells[1::2], inputs, states[::2], states[1::2], **how
                )
                last = [state for pair in zip(*both, strict=True) for state in pair]
        return outputs, self._stacked(last, axis=_axis_of_cells(time_major))

    def _cell(self) -> Any:
        raise NotImplementedError

    def _initialized(self, getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> Any:
        """Ask for a variable of a cell that begins as cuDNN's parts of it did, gate by gate."""
        *_, of_what, last = name.split("/")
        is_kernel, is_of_one = last == "kernel", of_what.endswith("_projection")
        begin = self._kernel_of_gates if is_kernel else self._bias_of_gates
        kwargs["initializer"] = functools.partial(begin, is_of_one)
        return getter(name, *args, **kwargs)

    def _kernel_of_gates(
        self, is_of_one: bool, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> tf.Tensor:
        """The weights `[units, depth]` of each gate, of the inputs and of the state."""
        units, (rows, columns) = self._num_units, tf.TensorShape(shape)
        depths = [rows] if is_of_one else [rows - units, units]
        begin = self._kernel_initializer
        parts = [
            [tf.transpose(begin([units, depth], dtype=dtype)) for _ in range(columns // units)]
            for depth in depths
        ]
        return tf.concat([tf.concat(part, 1) for part in parts], 0)

    def _bias_of_gates(
        self, is_of_one: bool, shape: Any, dtype: Any = None, partition_info: Any = None
    ) -> tf.Tensor:
        """The biases of each gate: the sum of that of the inputs and that of the state."""
        units, (size,) = self._num_units, tf.TensorShape(shape)
        begin, terms = self._bias_initializer, range(1 if is_of_one else 2)
        gates = range(size // units)
        biases = [tf.add_n([begin([units], dtype=dtype) for _ in terms]) for _ in gates]
        return tf.concat(biases, 0)

    def _dropping_out(self) -> list[Any]:
        """The cells, whose inputs are dropped out but for the first layer."""
        keep = 1.0 - self._dropout
        return [
            cell
            if i < self.num_dirs
            else DropoutWrapper(cell, input_keep_prob=keep, seed=self._seed)
            for i, cell in enumerate(self._cells)
        ]

    def _states(self, state: State, inputs: tf.Tensor, time_major: bool) -> list[Any]:
        """The states of the cells, layer by layer, and forwards before backwards."""
        if state is None:
            axis = int(time_major)
            batch_size = inputs.shape[axis] or tf.shape(inputs)[axis]
            return [cell.zero_state(batch_size, inputs.dtype) for cell in self._cells]
        number, axis = len(self._cells), _axis_of_cells(time_major)
        tensors = [tf.convert_to_tensor(part, inputs.dtype) for part in state]
        parts = [tf.unstack(tensor, number, axis) for tensor in tensors]
        return [self._state_of(*of_cell) for of_cell in zip(*parts, strict=True)]

    def _state_of(self, h: Any) -> State:
        return h

    def _stacked(self, states: Any, axis: int) -> tuple[tf.Tensor, ...]:
        return (tf.stack(list(states), axis),)


class CudnnLSTM(_CudnnRNN):
    """LSTMs that run over time themselves, without forget bias: layers of cells.

    Args:
        num_layers: How many cells lie above each other, in each direction.
        num_units: The size of the outputs of each, and of both parts of its state.
        input_mode: `"linear_input"`; `"skip_input"` and `"auto_select"` are refused.
        direction: `"unidirectional"` or `"bidirectional"`.
        dropout: The part of the inputs of all layers but the first to drop out, in training.
        seed: The seed of the operations that draw.
        dtype: The dtype of inputs and variables.
        kernel_initializer: Initializer of the weights of each gate, `[num_units, depth]`, apart for
            inputs and state; Glorot by default.
        bias_initializer: Initializer of each of the two biases of a gate, which are added up; zeros
            by default.
        name: The name of the layer and of its scope.

    Raises:
        ValueError: If direction, input mode or dtype is none that TF1 knew.
        NotImplementedError: If the input mode has no canonical form.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, global_variables
        >>> from getter_compat.contrib import cudnn_rnn
        >>> with VariableStore().as_default():
        ...     outputs, (h, c) = cudnn_rnn.CudnnLSTM(2, 4)(tf.ones([5, 2, 3]))
        ...     print(outputs.shape, h.shape, global_variables()[0].name)
        (5, 2, 4) (2, 2, 4) cudnn_lstm/rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell/kernel:0
    """

    _rnn_mode = "lstm"
    _num_gates = 4

    def _cell(self) -> Any:
        return CudnnCompatibleLSTMCell(self._num_units)

    def _parts(self) -> int:
        return 2

    def _state_of(self, h: Any, c: Any = None) -> State:
        return LSTMStateTuple(c, h)

    def _stacked(self, states: Any, axis: int) -> tuple[tf.Tensor, ...]:
        c, h = zip(*states, strict=True)
        return tf.stack(h, axis), tf.stack(c, axis)


class CudnnGRU(_CudnnRNN):
    """GRUs that run over time themselves: layers of `CudnnCompatibleGRUCell`.

    Arguments are those of `CudnnLSTM`; the state is `(h,)`.
    """

    _rnn_mode = "gru"
    _num_gates = 3

    def _cell(self) -> Any:
        return CudnnCompatibleGRUCell(self._num_units)


class CudnnRNNTanh(_CudnnRNN):
    """Simple cells that run over time themselves: layers of `BasicRNNCell`.

    Arguments are those of `CudnnLSTM`; the state is `(h,)`.
    """

    _rnn_mode = "rnn_tanh"
    _num_gates = 1

    def _cell(self) -> Any:
        return BasicRNNCell(self._num_units)


class CudnnRNNRelu(_CudnnRNN):
    """Simple cells with `relu` that run over time themselves: layers of `BasicRNNCell`.

    Arguments are those of `CudnnLSTM`; the state is `(h,)`.
    """

    _rnn_mode = "rnn_relu"
    _num_gates = 1

    def _cell(self) -> Any:
        return BasicRNNCell(self._num_units, tf.nn.relu)


def _axis_of_cells(time_major: bool) -> int:
    """Where a part of a state has the cells: before the batch, or behind it, as cuDNN's was."""
    return 0 if time_major else 1


def _check(direction: str, input_mode: str, dtype: Any) -> None:
    if direction not in _DIRECTIONS:
        raise ValueError(f"Invalid direction: {direction}, expecting {' or '.join(_DIRECTIONS)}")
    if input_mode not in _INPUT_MODES:
        raise ValueError(
            f"Invalid input_mode: {input_mode}, expect one of ({', '.join(_INPUT_MODES)})"
        )
    if input_mode != "linear_input":
        raise NotImplementedError(
            f"The input mode {input_mode} was computed by cuDNN alone: it has no canonical form, "
            "and checkpoints of it hold none. Use linear_input, and train again."
        )
    if dtype not in (tf.float16, tf.float32, tf.float64):
        raise ValueError(f"Only support float16, float32, float64, provided {dtype}")
