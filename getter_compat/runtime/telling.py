"""What only a graph knows of a model function that runs eagerly.

TF1 named the average of a tensor after it, and told which gradients there are where some stop.
Eagerly tensors have no names, and what is recorded has stopped nowhere. So the function runs once
more, in a graph that is never run, and tells of each call what an eager run asks.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph

from getter_compat.runtime import runs

_Call = tuple[str, int]  # what is called, and which call of it in the run


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

    Args:
        function: Runs the function, as a run of its own.
        arguments: What it is given, by place and by name.
    """

    def __init__(self, function: Callable[..., object], arguments: Any) -> None:
        self.calls = Calls()
        self._function, self._arguments = function, arguments
        self._before = copy_context()  # no scope that the eager run opens is in it
        self._told: dict[_Call, Any] | None = None

    def ask(self, what: str) -> Any:
        """Ask what is told of the call that the eager run has come to.

        Raises:
            RuntimeError: If the function cannot run in a graph, or comes to no such call there.
        """
        call = self.calls.next(what)
        if self._told is None:
            self._told = self._before.run(_told, self._function, self._arguments)
        if call not in self._told:
            raise RuntimeError(
                f"{what} in a model function that runs eagerly: what only a graph knows of it is "
                "learnt by running the function in a graph, too, which came to no such call. Have "
                "the model traced (leave run_eagerly out), or let the function do the same "
                "whenever it runs."
            )
        return self._told[call]


class _Telling:
    """What the function has told that runs in the graph."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.told: dict[_Call, Any] = {}


_telling: ContextVar[_Telling | None] = ContextVar("getter_compat_telling", default=None)


def _told(function: Callable[..., object], arguments: Any) -> dict[_Call, Any]:
    telling, graph = _Telling(), FuncGraph("for_names")
    _telling.set(telling)  # in a context of its own
    try:
        with graph.as_default():
            function(*tf.nest.map_structure(_in(graph), arguments, expand_composites=True))
    except Exception as error:
        raise RuntimeError(
            "A model function that runs eagerly averages tensors, or has gradients stop at some. "
            "What the averages are called, and which gradients there are, only a graph knows, and "
            f"in one the function fails: {error}"
        ) from error
    return telling.told


def _in(graph: FuncGraph) -> Callable[[Any], Any]:
    """Put tensors into a graph, in which gradients by them can be asked for."""

    def put(value: Any) -> Any:
        return graph.capture(value) if isinstance(value, tf.__internal__.EagerTensor) else value

    return put


def is_here() -> bool:
    """Whether a model function runs here to tell what it knows, and for nothing else."""
    return _telling.get() is not None


def tell(what: str, fact: Callable[[], Any]) -> None:
    """Tell something of the call that a run in a graph has come to, if one is to tell."""
    telling = _telling.get()
    if telling is not None:
        telling.told[telling.calls.next(what)] = fact()
