"""What only a graph knows of a model function that runs eagerly.

TF1 named the average of a tensor after it, found tensors in collections by their scopes, and told
which gradients there are where some stop. Eagerly tensors have no names, and what is recorded has
stopped nowhere. So the function runs once more, in a graph that is never run, and tells of each
call what an eager run asks.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops.control_flow_v2_func_graphs import ControlFlowFuncGraph

from getter_compat.runtime import runs

_ASKING = (
    "A model function that runs eagerly averages tensors, asks for those of a collection by their "
    "scope, or has gradients stop at some"
)

_Call = tuple[str, int]  # what is called, and which call of it in the run
_Function = Callable[..., tuple[object, runs.Rerun]]


class Calls:
    """The calls of a run of a model function of which only a graph knows all.

    They are told apart by their numbers in the run; all turns of a loop have the same ones.
    """

    def __init__(self) -> None:
        self._around = runs.innermost()

    def next(self, what: str) -> _Call:
        """The call that comes now."""
        inner = itertools.takewhile(lambda run: run is not self._around, runs.under_way())
        *_, run = inner  # the outermost: parts may be called many times
        return what, run.next_place(what)


class Twin:
    """The run in a graph of what runs eagerly. It is made when it is asked for the first time.

    It begins with what there was before the eager run, and leaves Python's and NumPy's random
    numbers as that had them.

    Args:
        function: Runs the function, as a run of its own, and returns that run, too.
        arguments: What it is given, by place and by name.
        first_values: What variables held before the eager run, by identity.
    """

    def __init__(
        self, function: _Function, arguments: Any, first_values: dict[int, tf.Tensor]
    ) -> None:
        self.calls = Calls()
        self._function, self._arguments = function, arguments
        self._first_values = first_values
        self._context = copy_context()  # no scope that the eager run opens is in it
        self._collections = runs.collections_of(tf.compat.v1.get_default_graph())
        self._random_numbers = _random_numbers()
        self._telling: _Telling | None = None

    def ask(self, what: str) -> Any:
        """Ask what is told of the call that the eager run has come to.

        Raises:
            RuntimeError: If the function cannot run in a graph, or comes to no such call there.
        """
        call = self.calls.next(what)
        if self._telling is None:
            # Not `tf.init_scope`, which has tapes of the function record nothing.
            with context.eager_mode(), _with_random_numbers(self._random_numbers):
                self._telling = self._context.run(self._tell)
        if call not in self._telling.told:
            raise RuntimeError(
                f"{what} in a model function that runs eagerly: what only a graph knows of it is "
                "learnt by running the function in a graph, too, which came to no such call. Have "
                "the model traced (leave run_eagerly out), or let the function do the same "
                "whenever it runs."
            )
        return self._telling.told[call]

    def _tell(self) -> _Telling:
        try:
            with _telling_in_a_graph(self._first_values) as telling:
                runs.set_collections(telling.graph, self._collections)
                arguments = _in(telling.graph, self._arguments)
                _, run = self._function(*arguments)
        except Exception as error:
            raise RuntimeError(
                f"{_ASKING}. What tensors are called, and which gradients there are, only a graph "
                f"knows, and in one the function fails: {error}"
            ) from error
        telling.names = run.variables
        return telling

    def require_same_names(self, run: runs.Rerun) -> None:
        """Require that the eager run, which has ended, called its variables as this one did.

        Either may have made more: what an object around the function keeps is there for the other.

        Raises:
            RuntimeError: If each has some that the other has not.
        """
        names = run.variables if self._telling is None else self._telling.names
        others = run.variables - names
        if others and names - run.variables:
            raise RuntimeError(
                f"{_ASKING}, and makes other variables than in a graph: "
                f"{', '.join(sorted(others))}. "
                "Have the model traced (leave run_eagerly out), or give variables other names than "
                "operations."
            )


def fails(function: Callable[[], object]) -> bool:
    """Whether a function fails in a graph, which is not run. It leaves nothing behind."""

    def attempt() -> bool:
        try:
            with _telling_in_a_graph({}):
                function()
        except Exception:
            return True
        return False

    with _with_random_numbers(_random_numbers()):
        return copy_context().run(attempt)


class _Telling:
    """What the function tells that runs in the graph.

    Attributes:
        told: What was told of each call.
        names: Of the variables that it asked for.
        at_end: What is done when it ends.
    """

    def __init__(self, first_values: dict[int, tf.Tensor]) -> None:
        self.graph = FuncGraph("twin")
        self.calls = Calls()
        self.told: dict[_Call, Any] = {}
        self.names: set[str] = set()
        self.at_end: list[Callable[[], object]] = []
        self.first_values = first_values


_telling: ContextVar[_Telling | None] = ContextVar("getter_compat_telling", default=None)


@contextmanager
def _telling_in_a_graph(first_values: dict[int, tf.Tensor]) -> Iterator[_Telling]:
    """Have a function tell that runs in the block: in a context of its own, which is left so."""
    telling = _Telling(first_values)
    _telling.set(telling)
    try:
        with telling.graph.as_default():
            yield telling
    finally:
        for settle in telling.at_end:
            settle()


def _in(graph: FuncGraph, arguments: Any) -> Any:
    """Arguments as tensors of a graph, by which gradients can be asked for."""
    numbers = itertools.count()

    def put(value: Any) -> Any:
        if not isinstance(value, tf.__internal__.EagerTensor):
            return value
        # Named as in a trace: they may be averaged.
        return graph.capture(value, name=f"placeholders_{next(numbers)}")

    return tf.nest.map_structure(put, arguments, expand_composites=True)


def _random_numbers() -> tuple[Any, Any]:
    return random.getstate(), np.random.get_state()


@contextmanager
def _with_random_numbers(states: tuple[Any, Any]) -> Iterator[None]:
    now = _random_numbers()
    random.setstate(states[0])
    np.random.set_state(states[1])
    try:
        yield
    finally:
        random.setstate(now[0])
        np.random.set_state(now[1])


def is_here() -> bool:
    """Whether a model function runs here to tell what it knows, and for nothing else."""
    return _telling.get() is not None


def first_values() -> dict[int, tf.Tensor]:
    """What variables held before the eager run for which a function tells here, by identity."""
    telling = _telling.get()
    return {} if telling is None else telling.first_values


def tell(what: str, fact: Any) -> None:
    """Tell something of the call that a run in a graph has come to, if one is to tell."""
    telling = _telling.get()
    if telling is not None and is_in(telling.graph):
        telling.told[telling.calls.next(what)] = fact


def at_end(settle: Callable[[], object]) -> None:
    """Have something done when the function that tells here, if one does, has ended."""
    telling = _telling.get()
    if telling is not None:
        telling.at_end.append(settle)


def is_in(graph: tf.Graph | None) -> bool:
    """Whether this is in a graph, or in a branch or loop of it; a `tf.function` is not."""
    here = tf.compat.v1.get_default_graph()
    while isinstance(here, ControlFlowFuncGraph) and here is not graph:
        here = here.outer_graph
    return here is graph
