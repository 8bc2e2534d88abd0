"""The functions of `tf.nn` that run a cell over time: TensorFlow's own loops, in TF1's scopes.

A loop of TensorFlow 2 knows nothing of the scopes of this package, and runs its body again and
again where it runs eagerly, while TF1 ran it once, to build a graph. So the scope is opened around
the loop, and every step but the first finds the variables of the first (`_Steps`). In a TF1 graph
both scopes are the same, and TensorFlow's loop opens its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import tensorflow as tf
from tensorflow.python.ops import rnn
from tensorflow.python.ops.rnn_cell_impl import assert_like_rnncell
from tensorflow.python.util import tf_decorator

from getter_compat.nn.base import Scope
from getter_compat.runtime import layer_scope, scopes
from getter_compat.runtime.derived import one_call
from getter_compat.runtime.scopes import VariableScope, getter_scope
from getter_compat.runtime.store import default_store
from getter_compat.typing import Cell, DType, State, Step, TensorLike


class StateSaver(Protocol):
    """What keeps the state of a cell between runs."""

    def state(self, name: str) -> TensorLike:
        """The state that was saved under a name."""

    def save_state(self, name: str, value: TensorLike) -> Any:
        """Save a state; returns the operation that does."""


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function without the warning that sends whoever calls it to Keras."""
    plain: Callable[..., Any] = tf_decorator.unwrap(function)[1]
    return plain


_dynamic_rnn: Callable[..., Step] = _plain(rnn.dynamic_rnn)
_raw_rnn: Callable[..., tuple[tf.TensorArray, State, Any]] = _plain(rnn.raw_rnn)
_static_rnn: Callable[..., tuple[list[TensorLike], State]] = _plain(rnn.static_rnn)
_static_state_saving_rnn: Callable[..., tuple[list[TensorLike], State]] = _plain(
    rnn.static_state_saving_rnn
)


def dynamic_rnn(
    cell: Cell,
    inputs: TensorLike,
    sequence_length: TensorLike = None,
    initial_state: State = None,
    dtype: DType | None = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Scope = None,
) -> Step:
    """Run a cell over time, in a loop.

    Args:
        cell: The cell.
        inputs: A tensor `[batch, time, depth]`, or a nested tuple of them.
        sequence_length: How many steps of each sequence count, a tensor `[batch]`; later outputs
            are zero, and the state is that of the last step that counts.
        initial_state: The state to begin with; by default `cell.zero_state`.
        dtype: The dtype of the initial state and of outputs; needed where there is no
            `initial_state`.
        parallel_iterations: How many steps of a graph's loop may run at the same time; 32 unless
            given.
        swap_memory: Whether a graph's loop keeps what gradients need in the memory of the host.
        time_major: Whether inputs and outputs are `[time, batch, depth]`.
        scope: The scope of the cell's variables, `"rnn"` by default.

    Returns:
        The outputs of all steps, shaped as the inputs are, and the last state.

    Raises:
        TypeError: If `cell` is no cell.
        ValueError: If there is neither an initial state nor a dtype, or shapes do not fit.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     cell = nn.rnn_cell.BasicRNNCell(4)
        ...     outputs, state = nn.dynamic_rnn(
        ...         cell, tf.ones([2, 5, 3]), sequence_length=[5, 1], dtype=tf.float32
        ...     )
        ...     print(outputs.shape, float(tf.reduce_sum(abs(outputs[1, 1:]))))
        (2, 5, 4) 0.0
    """
    assert_like_rnncell("cell", cell)
    sequence_length = _checked_lengths(sequence_length)
    if initial_state is None and not dtype:
        raise ValueError("If there is no initial_state, you must give a dtype.")
    with _running(cell, scope) as (steps, own):
        return _dynamic_rnn(
            steps,
            inputs,
            sequence_length,
            initial_state,
            dtype,
            parallel_iterations,
            swap_memory,
            time_major,
            own,
        )


def bidirectional_dynamic_rnn(
    cell_fw: Cell,
    cell_bw: Cell,
    inputs: TensorLike,
    sequence_length: TensorLike = None,
    initial_state_fw: State = None,
    initial_state_bw: State = None,
    dtype: DType | None = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Scope = None,
) -> tuple[tuple[TensorLike, TensorLike], tuple[State, State]]:
    """Run one cell forwards over time and another one backwards.

    Args:
        cell_fw: The cell that runs forwards.
        cell_bw: The cell that runs backwards, over the part of each sequence that counts.
        inputs: As for `dynamic_rnn`.
        sequence_length: As for `dynamic_rnn`.
        initial_state_fw: The state that `cell_fw` begins with.
        initial_state_bw: The state that `cell_bw` begins with.
        dtype: As for `dynamic_rnn`.
        parallel_iterations: As for `dynamic_rnn`.
        swap_memory: As for `dynamic_rnn`.
        time_major: As for `dynamic_rnn`.
        scope: The scope of the variables, `"bidirectional_rnn"` by default; the cells are in `fw`
            and `bw` below it.

    Returns:
        The outputs of both and the last states of both, `((fw, bw), (state_fw, state_bw))`; the
        outputs of `cell_bw` are in the order of the inputs.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     (forward, backward), _ = nn.bidirectional_dynamic_rnn(
        ...         nn.rnn_cell.GRUCell(4), nn.rnn_cell.GRUCell(2), tf.ones([1, 5, 3]),
        ...         dtype=tf.float32,
        ...     )
        ...     print(forward.shape, backward.shape)
        (1, 5, 4) (1, 5, 2)
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    how = {
        "sequence_length": sequence_length,
        "dtype": dtype,
        "parallel_iterations": parallel_iterations,
        "swap_memory": swap_memory,
        "time_major": time_major,
    }
    batch_axis, time_axis = (1, 0) if time_major else (0, 1)

    def reversed_in_time(tensor: TensorLike) -> tf.Tensor:
        if sequence_length is None:
            return tf.reverse(tensor, [time_axis])
        return tf.reverse_sequence(tensor, sequence_length, time_axis, batch_axis)

    with getter_scope(scope or "bidirectional_rnn"), one_call():
        with getter_scope("fw") as scope_fw:
            output_fw, state_fw = dynamic_rnn(
                cell_fw, inputs, initial_state=initial_state_fw, scope=scope_fw, **how
            )
        with getter_scope("bw") as scope_bw:
            output_bw, state_bw = dynamic_rnn(
                cell_bw,
                tf.nest.map_structure(reversed_in_time, inputs),
                initial_state=initial_state_bw,
                scope=scope_bw,
                **how,
            )
    output_bw = tf.nest.map_structure(reversed_in_time, output_bw)
    return (output_fw, output_bw), (state_fw, state_bw)


def raw_rnn(
    cell: Cell,
    loop_fn: Callable[..., tuple[Any, ...]],
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    scope: Scope = None,
) -> tuple[tf.TensorArray, State, Any]:
    """Run a cell over time, with a function that decides about inputs, states, outputs and the end.

    Args:
        cell: The cell.
        loop_fn: `loop_fn(time, cell_output, cell_state, loop_state)` returns `(finished,
            next_input, next_cell_state, emit_output, next_loop_state)`; at time 0 it is called
            with `None` for all but the time, before the cell has run.
        parallel_iterations: As for `dynamic_rnn`.
        swap_memory: As for `dynamic_rnn`.
        scope: As for `dynamic_rnn`.

    Returns:
        A `tf.TensorArray` of what was emitted, the last state, and the last `loop_state`.
    """
    assert_like_rnncell("cell", cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with _running(cell, scope) as (steps, own):
        if isinstance(steps, _Steps):
            loop_fn = steps.repeated(loop_fn, 2)
        return _raw_rnn(steps, loop_fn, parallel_iterations, swap_memory, own)


def static_rnn(
    cell: Cell,
    inputs: Sequence[TensorLike],
    initial_state: State = None,
    dtype: DType | None = None,
    sequence_length: TensorLike = None,
    scope: Scope = None,
) -> tuple[list[TensorLike], State]:
    """Run a cell over a list of inputs, step by step.

    Args:
        cell: The cell.
        inputs: The inputs of each step: tensors `[batch, depth]`, or nested tuples of them.
        initial_state: The state to begin with; by default `cell.zero_state`.
        dtype: The dtype of the initial state; needed where there is no `initial_state`.
        sequence_length: As for `dynamic_rnn`.
        scope: The scope of the cell's variables, `"rnn"` by default.

    Returns:
        The list of the outputs of the steps, and the last state.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, nn
        >>> with VariableStore().as_default():
        ...     steps = tf.unstack(tf.ones([1, 5, 3]), axis=1)
        ...     outputs, _ = nn.static_rnn(nn.rnn_cell.GRUCell(4), steps, dtype=tf.float32)
        ...     print(len(outputs), outputs[0].shape)
        5 (1, 4)
    """
    assert_like_rnncell("cell", cell)
    _check_steps(inputs)
    if initial_state is None and not dtype:
        raise ValueError("If no initial_state is provided, dtype must be specified")
    if sequence_length is not None and tf.convert_to_tensor(sequence_length).shape.rank != 1:
        raise ValueError("sequence_length must be a vector of length batch_size")
    with _running(cell, scope) as (steps, own):
        return _static_rnn(steps, inputs, initial_state, dtype, sequence_length, own)


def static_bidirectional_rnn(
    cell_fw: Cell,
    cell_bw: Cell,
    inputs: Sequence[TensorLike],
    initial_state_fw: State = None,
    initial_state_bw: State = None,
    dtype: DType | None = None,
    sequence_length: TensorLike = None,
    scope: Scope = None,
) -> tuple[list[TensorLike], State, State]:
    """Run one cell forwards over a list of inputs and another one backwards.

    Args:
        cell_fw: The cell that runs forwards.
        cell_bw: The cell that runs backwards.
        inputs: As for `static_rnn`.
        initial_state_fw: The state that `cell_fw` begins with.
        initial_state_bw: The state that `cell_bw` begins with.
        dtype: As for `static_rnn`.
        sequence_length: As for `static_rnn`.
        scope: The scope of the variables, `"bidirectional_rnn"` by default.

    Returns:
        The list of the outputs of both side by side, `[batch, depth_fw + depth_bw]`, and the last
        states of both.
    """
    assert_like_rnncell("cell_fw", cell_fw)
    assert_like_rnncell("cell_bw", cell_bw)
    _check_steps(inputs)
    with getter_scope(scope or "bidirectional_rnn"), one_call():
        with getter_scope("fw") as scope_fw:
            outputs_fw, state_fw = static_rnn(
                cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope_fw
            )
        with getter_scope("bw") as scope_bw:
            outputs_bw, state_bw = static_rnn(
                cell_bw,
                rnn._reverse_seq(inputs, sequence_length),
                initial_state_bw,
                dtype,
                sequence_length,
                scope_bw,
            )
    outputs_bw = rnn._reverse_seq(outputs_bw, sequence_length)
    outputs = [
        tf.nest.map_structure(lambda *both: tf.concat(both, 1), *both)
        for both in zip(outputs_fw, outputs_bw, strict=True)
    ]
    return outputs, state_fw, state_bw


def static_state_saving_rnn(
    cell: Cell,
    inputs: Sequence[TensorLike],
    state_saver: StateSaver,
    state_name: Any,
    sequence_length: TensorLike = None,
    scope: Scope = None,
) -> tuple[list[TensorLike], State]:
    """Run a cell over a list of inputs, from a state that is kept between runs.

    Args:
        cell: The cell.
        inputs: As for `static_rnn`.
        state_saver: An object with methods `state(name)` and `save_state(name, value)`.
        state_name: The name of the state, or a structure of names as `cell.state_size` is one.
        sequence_length: As for `static_rnn`.
        scope: As for `static_rnn`.

    Returns:
        The list of the outputs of the steps, and the last state.
    """
    assert_like_rnncell("cell", cell)
    with _running(cell, scope) as (steps, own):
        return _static_state_saving_rnn(
            steps, inputs, state_saver, state_name, sequence_length, own
        )


class _Steps:
    """A cell in a loop: to TensorFlow a cell, whose calls are steps under one scope."""

    def __init__(self, cell: Any, scope: VariableScope) -> None:
        self._cell = cell
        self._scope = scope
        self._counters: scopes.Counters | None = None  # where functions of one loop go on counting
        self._step = self.repeated(cell, 1)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cell, name)

    def __call__(self, inputs: TensorLike, state: State) -> Any:
        """Run one step."""
        return self._step(inputs, state)

    def repeated(self, function: Callable[..., Any], first: int) -> Callable[..., Any]:
        """A function that finds in later calls what it made in the first ones.

        TF1 called it that often while it built the graph; names are counted as they were then.
        """
        calls, begin = 0, None

        def call(*args: Any) -> Any:
            nonlocal calls, begin
            calls += 1
            is_first = calls <= first
            reuse = None if is_first else True
            with getter_scope(self._scope, reuse=reuse, auxiliary_name_scope=False):
                names = scopes.innermost().names
                if is_first:
                    begin = self._counters
                if begin is not None:
                    names.counters = begin
                result = function(*args)
                if is_first:
                    self._counters = names.counters
            return result

        return call


@contextmanager
def _running(cell: Any, scope: Scope) -> Iterator[tuple[Any, Scope]]:
    """Let all steps of a cell be one call; yields what TensorFlow is to run, and in which scope."""
    with one_call():
        if default_store().graph is not None:
            yield cell, scope
            return
        with getter_scope(scope or "rnn") as opened, layer_scope.opened_once_more("rnn"):
            yield _Steps(cell, opened), None


def _checked_lengths(sequence_length: TensorLike) -> Any:
    if sequence_length is None:
        return None
    lengths = tf.cast(sequence_length, tf.int32)
    if lengths.shape.rank not in (None, 1):
        raise ValueError(
            f"sequence_length must be a vector of length batch_size, but saw shape: {lengths.shape}"
        )
    return lengths


def _check_steps(inputs: TensorLike) -> None:
    if not tf.nest.is_nested(inputs):
        raise TypeError("inputs must be a sequence")
    if not inputs:
        raise ValueError("inputs must not be empty")
