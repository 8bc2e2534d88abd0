"""Cells around cells: `MultiRNNCell`, and wrappers that drop out, add inputs, choose a device.

The rules are those of `tensorflow/python/ops/rnn_cell_impl.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf
from tensorflow.python.ops.rnn_cell_impl import assert_like_rnncell
from tensorflow.python.util import nest

from getter_compat.nn.base import RNNCell, Scope, Sizes, zero_state_scope
from getter_compat.nn.cells import LSTMStateTuple
from getter_compat.runtime import derived
from getter_compat.runtime.scopes import getter_scope
from getter_compat.runtime.store import default_store
from getter_compat.typing import Cell, Device, DType, State, Step, TensorLike


class MultiRNNCell(RNNCell):
    """Cells in a row: each has the outputs of the one before as its inputs.

    Args:
        cells: The cells, the first one first.
        state_is_tuple: Whether the state is a tuple of those of the cells, not all in one tensor.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, global_variables, nn
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.MultiRNNCell([nn.rnn_cell.BasicRNNCell(n) for n in (4, 2)])
        ...     outputs, _ = nn.dynamic_rnn(cell, tf.ones([1, 5, 3]), dtype=tf.float32)
        ...     print(outputs.shape, global_variables()[0].name)
        (1, 5, 2) rnn/multi_rnn_cell/cell_0/basic_rnn_cell/kernel:0
    """

    def __init__(self, cells: Sequence[Cell], state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not tf.nest.is_nested(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        self._cells: list[Any] = list(cells)
        self._state_is_tuple = state_is_tuple
        sizes = [cell.state_size for cell in self._cells]
        if not state_is_tuple and any(tf.nest.is_nested(size) for size in sizes):
            raise ValueError(
                "Some cells return tuples of states, but the flag state_is_tuple is not set.  "
                f"State sizes are: {sizes}"
            )

    @property
    def state_size(self) -> Sizes:
        """Those of the cells, or their sum."""
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Sizes:
        """That of the last cell."""
        return self._cells[-1].output_size

    def zero_state(self, batch_size: TensorLike, dtype: DType | None) -> State:
        """The states of zeros of the cells."""
        if not self._state_is_tuple:
            return super().zero_state(batch_size, dtype)
        with zero_state_scope(self):
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step of all cells, each in its scope: `cell_0`, `cell_1`, ..."""
        new_states = []
        for i, (cell, own) in enumerate(zip(self._cells, self._split(state), strict=True)):
            with getter_scope(f"cell_{i}"):
                inputs, new_state = cell(inputs, own)
            new_states.append(new_state)
        return inputs, tuple(new_states) if self._state_is_tuple else tf.concat(new_states, 1)

    def _split(self, state: State) -> Any:
        if not self._state_is_tuple:
            return tf.split(state, [cell.state_size for cell in self._cells], 1)
        if not tf.nest.is_nested(state):
            raise ValueError(
                f"Expected state to be a tuple of length {len(self._cells)}, but received: {state}"
            )
        return state


class _Wrapper(RNNCell):
    """A cell around a cell: it has no scope of its own, and the sizes of what it holds."""

    def __init__(self, cell: Cell, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self.cell: Any = cell

    @property
    def wrapped_cell(self) -> Cell:
        """The cell inside."""
        cell: Cell = self.cell
        return cell

    @property
    def state_size(self) -> Sizes:
        """That of the cell inside."""
        return self.cell.state_size

    @property
    def output_size(self) -> Sizes:
        """That of the cell inside."""
        return self.cell.output_size

    def zero_state(self, batch_size: TensorLike, dtype: DType | None) -> State:
        """That of the cell inside."""
        with zero_state_scope(self):
            return self.cell.zero_state(batch_size, dtype)

    def __call__(
        self, inputs: TensorLike, state: State, scope: Scope = None, **kwargs: Any
    ) -> Step:
        """Run one step of the cell inside, in its own scope."""
        return self._around(inputs, state, lambda x, s: self.cell(x, s, scope=scope, **kwargs))

    def call(self, inputs: TensorLike, state: State) -> Step:
        """Run one step of the cell inside, for who calls this instead of the cell."""
        return self._around(inputs, state, self.cell.call)

    def _around(self, inputs: Any, state: State, step: Callable[..., Step]) -> Step:
        raise NotImplementedError


class DropoutWrapper(_Wrapper):
    """Drops out inputs, states and outputs of a cell (Gal and Ghahramani 2015 where variational).

    Args:
        cell: The cell.
        input_keep_prob: The part of the inputs to keep, a number or a scalar tensor.
        output_keep_prob: The part of the outputs to keep.
        state_keep_prob: The part of the new states to keep; never of `c` of an LSTM, by default.
        variational_recurrent: Whether all steps drop the same places, those of all sequences too.
        input_size: The depth of the inputs, where they are dropped out so.
        dtype: The dtype of inputs, states and outputs, where they are dropped out so.
        seed: The seed of the operations that draw.
        dropout_state_filter_visitor: A function of a part of the state that tells what of it is
            dropped out: a boolean, or a structure of booleans.
        **kwargs: As for `RNNCell`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.DropoutWrapper(nn.rnn_cell.GRUCell(4), output_keep_prob=0.5)
        ...     outputs, _ = nn.dynamic_rnn(cell, tf.ones([1, 5, 3]), dtype=tf.float32)
        ...     print(outputs.shape)
        (1, 5, 4)
    """

    def __init__(
        self,
        cell: Cell,
        input_keep_prob: TensorLike = 1.0,
        output_keep_prob: TensorLike = 1.0,
        state_keep_prob: TensorLike = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: DType | None = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._is_dropped = dropout_state_filter_visitor or _is_dropped
        self._seed = seed
        with tf.name_scope("DropoutWrapperInit"):
            self._keep = {
                "input": _probability("input_keep_prob", input_keep_prob),
                "state": _probability("state_keep_prob", state_keep_prob),
                "output": _probability("output_keep_prob", output_keep_prob),
            }
        self._noise: Callable[[], Any] | None = None
        if variational_recurrent:
            if dtype is None:
                raise ValueError("When variational_recurrent=True, dtype must be provided")
            if input_size is None and _drops(self._keep["input"]):
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, "
                    "input_size must be provided"
                )
            sizes = {"input": input_size, "state": cell.state_size, "output": cell.output_size}
            drawn = self._draw(sizes, dtype)  # for who calls the cell step by step
            self._noise = lambda: _in_one_call(self, lambda: self._draw(sizes, dtype), drawn)

    def _draw(self, sizes: dict[str, Sizes], dtype: Any) -> dict[str, Any]:
        """What decides what all steps of a call drop: the same places in all sequences.

        TF1 draws for states and outputs whether they are dropped out or not. So does this: what is
        drawn later depends on the operations that there are.
        """
        return {
            what: _numbered_map(
                lambda i, size, what=what: tf.random.uniform(
                    tf.concat(([1], tf.TensorShape(size).as_list()), 0),
                    seed=self._seed_of(what, i),
                    dtype=dtype,
                ),
                size,
                size,
            )
            for what, size in sizes.items()
            if what != "input" or _drops(self._keep[what])
        }

    def _seed_of(self, what: str, number: int) -> int | None:
        """The seed of an operation: another one for each, the same in every program."""
        if self._seed is None:
            return None
        text = f"{self._seed}{what}_{number}".encode()
        return int(hashlib.md5(text).hexdigest()[:8], 16) & 0x7FFFFFFF

    def _around(self, inputs: Any, state: State, step: Callable[..., Step]) -> Step:
        noise = self._noise() if self._noise is not None else None
        inputs = self._dropped("input", inputs, inputs, noise)
        outputs, state = step(inputs, state)
        if _drops(self._keep["state"]):
            which = nest.get_traverse_shallow_structure(self._is_dropped, state)
            state = self._dropped("state", which, state, noise)
        return self._dropped("output", outputs, outputs, noise), state

    def _dropped(self, what: str, which: Any, values: Any, noise: Any) -> Any:
        keep = self._keep[what]
        if not _drops(keep):
            return values

        def drop(i: int, is_dropped: Any, value: TensorLike) -> Any:
            if is_dropped is False:
                return value
            return tf.nn.dropout(value, rate=1.0 - keep, seed=self._seed_of(what, i))

        def drop_alike(i: int, is_dropped: Any, value: TensorLike, drawn: Any) -> Any:
            if is_dropped is False:
                return value
            kept = value / keep * tf.floor(keep + drawn)
            kept.set_shape(value.shape)
            return kept

        if noise is None:
            return _numbered_map(drop, which, which, values)
        return _numbered_map(drop_alike, which, which, values, noise[what])


class ResidualWrapper(_Wrapper):
    """Adds its inputs to the outputs of a cell.

    Args:
        cell: The cell.
        residual_fn: A function of inputs and outputs that gives the outputs instead.
        **kwargs: As for `RNNCell`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.ResidualWrapper(nn.rnn_cell.GRUCell(3))
        ...     outputs, _ = nn.dynamic_rnn(cell, tf.ones([1, 5, 3]), dtype=tf.float32)
        ...     print(outputs.shape)
        (1, 5, 3)
    """

    def __init__(
        self,
        cell: Cell,
        residual_fn: Callable[[TensorLike, TensorLike], TensorLike] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    def _around(self, inputs: Any, state: State, step: Callable[..., Step]) -> Step:
        outputs, state = step(inputs, state)
        return (self._residual_fn or _add)(inputs, outputs), state


class DeviceWrapper(_Wrapper):
    """Runs a cell on a device.

    Args:
        cell: The cell.
        device: What `tf.device` takes.
        **kwargs: As for `RNNCell`.
    """

    def __init__(self, cell: Cell, device: Device, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size: TensorLike, dtype: DType | None) -> State:
        """That of the cell inside, made on the device."""
        with tf.compat.v1.device(self._device):
            return super().zero_state(batch_size, dtype)

    def _around(self, inputs: Any, state: State, step: Callable[..., Step]) -> Step:
        with tf.compat.v1.device(self._device):
            return step(inputs, state)


def _probability(name: str, given: Any) -> Any:
    """A probability as a number where it is known, else as a tensor."""
    known = tf.get_static_value(tf.convert_to_tensor(given))
    if known is None:
        return given
    if known < 0 or known > 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {int(known)}")
    return float(known)


def _drops(keep: Any) -> bool:
    return not isinstance(keep, float) or keep < 1


def _in_one_call(key: Any, make: Callable[[], Any], otherwise: Any) -> Any:
    """What is made once in the outermost call that runs here, if one does."""
    if default_store().graph is not None:
        return otherwise  # which is drawn once in a run
    call = derived.under_way()
    return otherwise if call is None else call.once(key, make)


def _is_dropped(part: Any) -> Any:
    """Which parts of a state are dropped out: not what an LSTM remembers, and no arrays."""
    if isinstance(part, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(part, tf.TensorArray)


def _add(inputs: Any, outputs: Any) -> Any:
    def add(one: Any, other: Any) -> Any:
        one.shape.assert_is_compatible_with(other.shape)
        return one + other

    tf.nest.assert_same_structure(inputs, outputs)
    return tf.nest.map_structure(add, inputs, outputs)


def _numbered_map(function: Callable[..., Any], shallow: Any, *structures: Any) -> Any:
    """Map a function of a number, counted up, and of elements over structures."""
    numbers = iter(range(len(nest.flatten_up_to(shallow, structures[0]))))
    return nest.map_structure_up_to(
        shallow, lambda *parts: function(next(numbers), *parts), *structures
    )
