"""`RNNCell` and `LayerRNNCell`: what cells derive from, those of this package and of its users.

A cell is a layer, but its steps do not go through the call of a Keras layer, which takes no states
of other things than tensors, and costs more than the step of a small cell.
"""

from __future__ import annotations

import copy
import functools
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, cast

import tensorflow as tf

from getter_compat.layers import in_graph
from getter_compat.layers.base import Layer
from getter_compat.runtime import adapters, runs
from getter_compat.runtime.derived import one_call
from getter_compat.runtime.scopes import VariableScope, get_variable_scope, getter_scope
from getter_compat.runtime.store import default_store
from getter_compat.typing import Cell, DType, Getter, State, Step, TensorLike

if TYPE_CHECKING:
    from typing_extensions import Self

_UNDERSTOOD = {"_reuse", "_scope", "activity_regularizer", "batch_input_shape", "batch_size"}
_UNDERSTOOD |= {"dynamic", "input_shape", "weights"}

_PLAIN = bool | int | float | complex | str | bytes | None

Scope = str | VariableScope | None
Sizes = Any  # an int, a `tf.TensorShape`, or a nested tuple of those


def _copied(argument: Any, memo: dict[int, Any]) -> Any:
    return argument if tf.is_tensor(argument) else copy.deepcopy(argument, memo)


class RNNCell(Layer):
    """The base of recurrent cells: maps inputs and a state to outputs and the next state.

    A cell has `state_size` and `output_size`, and defines `call(inputs, state)` or, as older code
    does, `__call__(inputs, state, scope=None)`. It may ask for variables with `get_variable`, with
    layers and scopes in its `call`, or with `add_variable` in `build(inputs_shape)`.

    Args:
        trainable: Whether its variables are trainable.
        name: Its name; by default its class in snake case, numbered in the scope of its first call.
        dtype: The dtype of its variables; by default that of the first input.
        **kwargs: As for `getter_compat.layers.Layer`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, get_variable, global_variables, nn
        >>> class Leaky(nn.rnn_cell.RNNCell):
        ...     state_size = output_size = 2
        ...     def call(self, inputs, state):
        ...         state = state * get_variable("leak", [2]) + inputs
        ...         return state, state
        >>> with VariableStore().as_default():
        ...     outputs, state = nn.dynamic_rnn(Leaky(), tf.ones([1, 3, 2]), dtype=tf.float32)
        ...     print(outputs.shape, [v.name for v in global_variables()])
        (1, 3, 2) ['rnn/leaky/leak:0']
    """

    _made_by: functools.partial[Self]
    _called_in: VariableScope | None = None

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Note how it is made: Keras copies no layer whose arguments are cells, and TF1 did."""
        cell: Self = super().__new__(cls, *args, **kwargs)
        object.__setattr__(cell, "_made_by", functools.partial(cls, *args, **kwargs))
        return cell

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Make another one: TF1 copied cells that have no variables yet, and kept their tensors."""
        if self.built:
            raise TypeError(
                f"The cell {self.name!r} has its variables, and cannot be copied. Copy it before "
                "its first call, or make another one."
            )
        make = self._made_by
        args = [_copied(argument, memo) for argument in make.args]
        kwargs = {name: _copied(argument, memo) for name, argument in make.keywords.items()}
        made = memo[id(self)] = make.func(*args, **kwargs)
        made.trainable = self.trainable
        for name, value in vars(self).items():  # what was set since it was made
            if not name.startswith("_") and isinstance(value, _PLAIN):
                setattr(made, name, value)
        return made

    def __init__(
        self,
        trainable: bool = True,
        name: str | None = None,
        dtype: DType | None = None,
        **kwargs: Any,
    ) -> None:
        for unknown in set(kwargs) - _UNDERSTOOD:
            raise TypeError("Keyword argument not understood:", unknown)
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)

    def __call__(
        self, inputs: TensorLike, state: State, scope: Scope = None, **kwargs: Any
    ) -> Step:
        """Run one step.

        Args:
            inputs: A tensor `[batch, depth]`, or what `call` takes.
            state: A tensor `[batch, state_size]`, or a structure of them as `state_size` is one.
            scope: The scope of the cell, instead of one of its name.
            **kwargs: Further arguments of `call`.

        Returns:
            The outputs, `[batch, output_size]`, and the next state.
        """
        if scope is None:
            with entered_again(self._scope_around(), custom_getter=self._noting):
                return self._run(inputs, state, None, kwargs)
        with getter_scope(scope, custom_getter=self._noting) as opened:
            return self._run(inputs, state, opened, kwargs)

    def _scope_around(self) -> VariableScope:
        """The scope of the first call: TF1 opened it in later ones, too, wherever they were."""
        if self._layer_scope().store is not default_store():
            return get_variable_scope()
        if self._called_in is None:
            object.__setattr__(self, "_called_in", get_variable_scope())
        return cast(VariableScope, self._called_in)

    def _run(self, inputs: TensorLike, state: State, scope: Scope, kwargs: dict[str, Any]) -> Step:
        """Build the cell in its first call, and run one step, in its scope."""
        own = self._layer_scope()
        if scope is not None:
            own.take(scope)
        inputs = tf.nest.map_structure(tf.convert_to_tensor, inputs)
        self.take_dtype_of(inputs)
        with one_call(), own.open(built=self.built), own.in_name_scope():
            if not self.built:
                with own.building():
                    type(self).build(self, tf.nest.map_structure(lambda x: x.shape, inputs))
                self.built = True
            outputs: Step = self.call(inputs, state, **kwargs)
            return outputs

    def _noting(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        """Make what is asked for in `call` a weight of the cell, as TF1 did."""
        weight = getter(*args, **kwargs)
        if self._is_in_graph():
            in_graph.note(self._layer_scope(), weight)
        elif isinstance(weight, tf.Variable):
            adapters.of(self).track_variables(self, [weight])
        return weight

    def _lock_state(self) -> None:
        """Leave the cell open: in TF1 layers and variables could be added in `call` too."""

    def build(self, inputs_shape: tf.TensorShape) -> None:
        """Ask for the weights: none, unless a cell defines it."""
        self.built = True

    @property
    def state_size(self) -> Sizes:
        """The size of the state: an int, a `tf.TensorShape`, or a nested tuple of those."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Sizes:
        """The size of the outputs."""
        raise NotImplementedError("Abstract method")

    def zero_state(self, batch_size: TensorLike, dtype: DType | None) -> State:
        """The state of zeros to begin with.

        Args:
            batch_size: How many sequences: an int or a scalar tensor.
            dtype: The dtype of the state.

        Returns:
            A tensor `[batch_size, state_size]`, or a structure of them as `state_size` is one.
        """
        with zero_state_scope(self):
            return tf.nest.map_structure(
                lambda size: zeros(batch_size, size, dtype), self.state_size
            )

    def get_initial_state(
        self, inputs: TensorLike = None, batch_size: TensorLike = None, dtype: DType | None = None
    ) -> State:
        """The state to begin with, of zeros, for these inputs or this batch size and dtype.

        Raises:
            ValueError: If they contradict each other, or say too little.
        """
        if inputs is not None:
            inputs = tf.convert_to_tensor(inputs)
            _check_inputs(inputs, batch_size, dtype)
            batch_size, dtype = inputs.shape[0] or tf.shape(inputs)[0], inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)


class LayerRNNCell(RNNCell):
    """The base of cells that are layers: their weights are asked for in `build`, and kept.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> class Scaled(nn.rnn_cell.LayerRNNCell):
        ...     state_size = output_size = 2
        ...     def build(self, inputs_shape):
        ...         self.scale = self.add_variable("scale", [2])
        ...         self.built = True
        ...     def call(self, inputs, state):
        ...         return inputs * self.scale, state
        >>> with VariableStore().as_default():
        ...     cell = Scaled()
        ...     _ = nn.dynamic_rnn(cell, tf.ones([1, 3, 2]), dtype=tf.float32)
        ...     print(cell.scope_name)
        rnn/scaled
    """

    def __call__(
        self, inputs: TensorLike, state: State, scope: Scope = None, **kwargs: Any
    ) -> Step:
        """Run one step; arguments and results as for `RNNCell`."""
        return self._run(inputs, state, scope, kwargs)


def entered_again(
    scope: VariableScope | None = None, custom_getter: Getter | None = None
) -> AbstractContextManager[VariableScope]:
    """Enter a scope again, by default that which is open; name scopes where they name anything."""
    scope = get_variable_scope() if scope is None else scope
    is_named = default_store().graph is not None or any(runs.under_way())
    return getter_scope(scope, custom_getter=custom_getter, auxiliary_name_scope=is_named)


def zero_state_scope(cell: Cell) -> AbstractContextManager[str]:
    """The scope of the operations that make a state of zeros."""
    scope: AbstractContextManager[str] = tf.name_scope(f"{type(cell).__name__}ZeroState")
    return scope


def batched(batch_size: TensorLike, size: Sizes) -> tuple[Any, tf.TensorShape]:
    """The shape of a batch of this size: to make a tensor with, and as far as it is known."""
    sizes = tf.TensorShape(_known(size))
    static = tf.TensorShape(_known(batch_size)).concatenate(sizes)
    if static.is_fully_defined():
        return static.as_list(), static
    if not tf.is_tensor(size):  # as that of a memory is, whose time is not known
        size = sizes.as_list()
    return tf.concat([[batch_size], tf.reshape(tf.cast(size, tf.int32), [-1])], 0), static


def _known(size: Sizes) -> Any:
    """A size as numbers, as far as they are known."""
    if not tf.is_tensor(size):
        return size
    value = tf.get_static_value(size)
    return [None] * (size.shape.num_elements() or 0) if value is None else value


def zeros(batch_size: TensorLike, size: Sizes, dtype: DType | None) -> tf.Tensor:
    """Zeros for a batch, `[batch_size, size]`."""
    shape, static = batched(batch_size, size)
    zeros = tf.zeros(shape, dtype)
    zeros.set_shape(static)
    return zeros


def _check_inputs(inputs: tf.Tensor, batch_size: Sizes, dtype: Any) -> None:
    given = tf.get_static_value(batch_size) if tf.is_tensor(batch_size) else batch_size
    if batch_size is not None and inputs.shape[0] != given:
        raise ValueError(
            "batch size from input tensor is different from the input param. "
            f"Input tensor batch: {inputs.shape[0]}, batch_size: {batch_size}"
        )
    if dtype is not None and inputs.dtype != dtype:
        raise ValueError(
            "dtype from input tensor is different from the input param. "
            f"Input tensor dtype: {inputs.dtype}, dtype: {dtype}"
        )
