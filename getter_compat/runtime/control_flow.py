"""Loops and branches that run in Python: their bodies make their variables once, as in TF1.

TF1 ran the body of a loop once, and both branches of a condition, to put them into its graph; so
does TensorFlow 2 in a `tf.function`. Eagerly it runs a body as often as the loop turns, and one
branch. So a body begins each turn where it began the first: names are counted from there, and what
the first turn made is found. In a run of a model function what would not run at all, another
branch, the body of a loop without turns, is run for its names and variables alone.

`map_fn`, `scan`, `foldl` and `foldr` are made of `while_loop`, and `case` of `cond`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops import cond as cond_module
from tensorflow.python.ops import control_flow_case as case_module
from tensorflow.python.ops import control_flow_switch_case as switch_case_module
from tensorflow.python.ops import functional_ops as functional_module
from tensorflow.python.ops import map_fn as map_fn_module
from tensorflow.python.ops import tensor_array_ops
from tensorflow.python.ops import while_loop as while_loop_module

from getter_compat.runtime import (
    eager_runs,
    graph,
    leaving,
    left_out,
    runs,
    scopes,
    tensorflows_scopes,
)
from getter_compat.runtime.operation_names import OperationNames
from getter_compat.runtime.scopes import Frame

_VALUES = tf.__internal__.EagerTensor, tf.Variable
_CONSTANTS = bool, int, float, complex, str, bytes, np.ndarray, np.generic


def install() -> None:
    """Wrap what runs loops and branches, and the names that it has in `tf.compat.v1`."""
    while_loop, cond = while_loop_module.while_loop, cond_module.cond
    while_loop_module.while_loop = _wrap_while_loop(while_loop)
    cond_module.cond = _wrap_cond(cond)
    switch_case_module._indexed_case_helper = _wrap_switch_case(
        switch_case_module._indexed_case_helper
    )
    case_module._case_helper = _wrap_case(case_module._case_helper)
    tf.compat.v1.while_loop = while_loop_module.while_loop
    tf.compat.v1.cond = cond_module.cond
    for module, name, scope in _NAMED:
        setattr(module, name, _wrap_in_name_scope(getattr(module, name), scope))
        setattr(tf.compat.v1, name, getattr(module, name))
    array = tensor_array_ops._EagerTensorArray
    for name in _OF_ARRAYS:
        setattr(array, name, _wrap_method_of_array(getattr(array, name), name))


# What reads, writes or fills an eager array where it is: a list in Python, from which a value that
# was read is gone.
_OF_ARRAYS = ("read", "write", "gather", "stack", "unstack", "scatter", "split")

# What is made of `while_loop`, and the name scope that it opened in TF1.
_NAMED = (
    (map_fn_module, "map_fn", "map"),
    (functional_module, "foldl", "foldl"),
    (functional_module, "foldr", "foldr"),
    (functional_module, "scan", "scan"),
)


def _wrap_in_name_scope(original: Any, default_name: str) -> Any:
    """Open the name scope that TensorFlow opens in graphs alone: variables are named below it."""

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        with _named_as_in_a_graph(kwargs.get("name"), default_name):
            return original(*args, **kwargs)

    return function


def _named_as_in_a_graph(name: str | None, default_name: str) -> AbstractContextManager[Any]:
    scope: AbstractContextManager[Any] = tf.name_scope(name or default_name)
    return scope if _is_eager_run() else nullcontext()


def _wrap_while_loop(original: Any) -> Any:
    signature = inspect.signature(original)

    @functools.wraps(original)
    def while_loop(cond: Any, body: Any, loop_vars: Any, *args: Any, **kwargs: Any) -> Any:
        if not callable(cond) or not callable(body):
            return original(cond, body, loop_vars, *args, **kwargs)
        is_eager = tf.executing_eagerly()
        loop = functools.partial(_in_python, original) if is_eager else original
        if not any(runs.under_way()) and graph.store_here() is None:
            return loop(cond, body, loop_vars, *args, **kwargs)
        packing = _Packing(body)
        asked = signature.bind(cond, body, loop_vars, *args, **kwargs).arguments
        result = loop(cond, packing, loop_vars, *args, **kwargs)
        return packing.packed(result, asked.get("return_same_structure", False))

    return while_loop


def _in_python(
    original: Any, cond: Any, body: Any, loop_vars: Any, *args: Any, **kwargs: Any
) -> Any:
    """Run a loop eagerly."""
    with _named_as_in_a_graph(kwargs.get("name"), "while"):
        cond, body = _Condition(cond), _Body(body)
        with leaving.of_loop():
            result = original(cond, body, loop_vars, *args, **kwargs)
            others = [] if body.has_run else [_leave_out_turn(lambda: body(*loop_vars))]
            body.go_on()
    return _of_eager_run(result, others) if _is_eager_run() else result


class _Packing:
    """A body, and what its loop returns: TF1 packed that as the body's result, list or tuple."""

    def __init__(self, body: Callable[..., Any]) -> None:
        self._body = body
        self._structure: Any = None

    def __call__(self, *args: Any) -> Any:
        """Run one turn."""
        result = self._body(*args)
        self._structure = result if tf.nest.is_nested(result) else [result]
        return self._structure

    def packed(self, result: Any, is_same: bool) -> Any:
        """What TF1 returned: a variable of the loop that is the only one by itself."""
        values = tf.nest.flatten(result)
        packed = tf.nest.pack_sequence_as(self._structure, values)
        return packed if is_same or len(values) != 1 else packed[0]


def _wrap_cond(original: Any) -> Any:
    @functools.wraps(original)
    def cond(
        pred: Any, true_fn: Any = None, false_fn: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        if not _is_eager_run() or not callable(true_fn) or not callable(false_fn):
            return original(pred, true_fn, false_fn, *args, **kwargs)
        is_true = bool(pred)  # it may be a variable, which the branch that is taken assigns
        with _named_as_in_a_graph(kwargs.get("name"), "cond"):
            others = [] if is_true else [_leave_out(true_fn)]
            result = original(pred, true_fn, false_fn, *args, **kwargs)
            if is_true:
                others.append(_leave_out(false_fn))
        return _of_eager_run(result, others)

    return cond


def _wrap_switch_case(original: Any) -> Any:
    canonical = switch_case_module._indexed_case_verify_and_canonicalize_args

    @functools.wraps(original)
    def switch_case(
        branch_fns: Any, default: Any, branch_index: Any, name: Any, *args: Any, **kwargs: Any
    ) -> Any:
        run = runs.innermost()
        if run is None:
            return original(branch_fns, default, branch_index, name, *args, **kwargs)
        asked = canonical(branch_fns, default, branch_index)
        branches = [_named_at_root(branch, run.operation_names) for branch in asked]
        if not tf.executing_eagerly():
            return original(branches, None, branch_index, name, *args, **kwargs)
        last = len(branches) - 1
        index = int(branch_index) if 0 <= int(branch_index) <= last else last
        with _named_as_in_a_graph(name, "case"):
            others = [_leave_out(branch) for branch in branches[:index]]
            result = original(branches, None, branch_index, name, *args, **kwargs)
            others += [_leave_out(branch) for branch in branches[index + 1 :]]
        return left_out.with_gradients_of_all(others, _tensors_of_their_own(result))

    return switch_case


def _wrap_method_of_array(original: Any, name: str) -> Any:
    """Have what runs for its names alone leave an array of the run as it is, whatever it holds."""

    @functools.wraps(original)
    def method(array: Any, *args: Any, **kwargs: Any) -> Any:
        if not eager_runs.is_for_names():
            return original(array, *args, **kwargs)
        values = [value for value in array._tensor_array if value is not None]
        shape = values[0].shape if values and array._infer_shape else array._element_shape
        another = tf.TensorArray(
            array.dtype,
            len(array._tensor_array),
            array._dynamic_size,
            infer_shape=array._infer_shape,
            element_shape=shape,
        )
        return getattr(another, name)(*args, **kwargs)

    return method


def _named_at_root(branch: Callable[[], Any], names: OperationNames) -> Callable[[], Any]:
    """A branch of `switch_case`: a function of TF1's graph, which name scopes did not reach into.

    Variable scopes did, and name what is asked for by `get_variable`.
    """

    def named_at_root() -> Any:
        with names.within(""):
            return branch()

    return named_at_root


def _wrap_case(original: Any) -> Any:
    """Open the name scope of `case`, which is made of `cond`."""

    @functools.wraps(original)
    def case(
        cond: Any, pairs: Any, default: Any, exclusive: Any, name: Any, *args: Any, **kwargs: Any
    ) -> Any:
        with _named_as_in_a_graph(name, "case"):
            return original(cond, pairs, default, exclusive, name, *args, **kwargs)

    return case


def _is_eager_run() -> bool:
    return tf.executing_eagerly() and any(runs.under_way())


def _leave_out(branch: Callable[[], Any]) -> left_out.Sources:
    """Run a branch that is not taken for its names, and for its losses, which are zeros."""
    apart = FuncGraph("for_names")
    sources = _run_for_names(branch, apart)
    leaving.of_branch(apart)
    return sources


def _leave_out_turn(turn: Callable[[], Any]) -> left_out.Sources:
    """Run the body of a loop without turns for its names, and for what it collects."""
    apart = FuncGraph("for_names")
    sources = _run_for_names(turn, apart)
    leaving.of_turn(apart)
    return sources


def _run_for_names(function: Callable[[], Any], apart: FuncGraph) -> left_out.Sources:
    """Run what TF1 would have put into its graph, in a graph that is thrown away.

    Returns:
        What gradients of each of its results are by.
    """
    run = runs.innermost()
    if run is None:
        return []
    here = tf.get_current_name_scope()
    run.operation_names.go_on_in(apart)
    # In the name scope that is open: what `tf.init_scope` lifts out, it names by that.
    with eager_runs.for_names(apart), tf.name_scope(f"{here}/") if here else nullcontext():
        result = function()
    return left_out.sources(apart, result)


def _of_eager_run(result: Any, others: list[left_out.Sources]) -> Any:
    """What a loop or branch returned, with gradients as in a graph."""
    return left_out.with_gradients_of(others, _tensors_of_their_own(result))


class _State:
    """What has been counted here."""

    def __init__(self) -> None:
        self._frame = scopes.innermost()
        self._names = self._frame.names
        self._counters = self._names.counters
        self._tensorflows_count = tensorflows_scopes.count_in(self._frame)
        self._runs = [(run, run.state()) for run in runs.under_way()]
        self._layers = [(run, set(run.name_scopes)) for run, _ in self._runs]
        self.is_in_run = bool(self._runs)
        self._graph = tf.compat.v1.get_default_graph()
        self._collections = runs.collections_of(self._graph) if self.is_in_run else {}

    def restore(self) -> None:
        """Go on counting from here."""
        self._names.counters = self._counters
        tensorflows_scopes.set_count_in(self._frame, self._tensorflows_count)
        for run, state in self._runs:
            run.go_back_to(state)
        if self.is_in_run:
            runs.set_collections(self._graph, self._collections)

    def come_to_layers_since(self) -> None:
        """Know the layers that have been called since, all but those of the first turn anew."""
        for run, known in self._layers:
            for scope in run.name_scopes.keys() - known:
                run.comes_to(scope)


class _Body:
    """A function that TF1 ran once, for as many turns as there are."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._begin: _State | None = None
        self._end: _State | None = None
        self._turns = _Turns(scopes.innermost().run)

    @property
    def has_run(self) -> bool:
        """Whether there has been a turn."""
        return self._begin is not None

    def __call__(self, *args: Any) -> Any:
        """Run one turn."""
        if self._begin is not None:
            self._begin.restore()
            return self._run(*args)
        self._begin = _State()
        result = self._run(*args)
        self._end = _State()
        return result

    def go_on(self) -> None:
        """Have what comes after the loop count on from what one turn counted."""
        if self._begin is not None and self._end is not None:
            self._end.restore()
            self._begin.come_to_layers_since()  # those of the last turn may be called again

    def _arguments(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(_tensors_of_their_own, args))

    def _run(self, *args: Any) -> Any:
        if self._begin is not None and self._begin.is_in_run:
            return self._function(*self._arguments(args))
        self._turns.begin()
        here = scopes.innermost()
        frame = Frame(here.store, here.names, here.scope, self._turns, scopes.innermost_or_none())
        with scopes.opened(frame):
            return self._function(*args)


def _tensors_of_their_own(values: Any) -> Any:
    """What goes into a body, or comes out of a loop or branch, as other tensors than around it.

    So it is in a graph: gradients by them, or that stop at them, are of them alone, what was a
    variable has the value that it had there, and what was a number is a constant.
    """
    if isinstance(values, _VALUES):  # what a body is given at every turn: without a search
        return tf.identity(values)

    def own(value: Any) -> Any:
        return tf.identity(value) if isinstance(value, (*_VALUES, *_CONSTANTS)) else value

    return tf.nest.map_structure(own, values, expand_composites=True)


class _Condition(_Body):
    """Whether a loop goes on: no gradient is by what it is given."""

    def _arguments(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        return args


class _Turns:
    """The rule of a loop's turns: what the first made is found, once, by each of the others."""

    def __init__(self, around: scopes.Run) -> None:
        self.may_create = around.may_create
        self._around = around
        self._made: set[str] | None = None
        self._asked: set[str] = set()

    def begin(self) -> None:
        """Begin the next turn."""
        if self._asked and self._made is None:
            self._made = self._asked
        self._asked = set()

    def is_repeat(self, name: str) -> bool:
        """Whether a variable of that name is another one's, or was asked for in this turn."""
        is_first = name not in self._asked
        self._asked.add(name)
        if self._made is not None and name in self._made and is_first:
            return False
        return self._around.is_repeat(name)
