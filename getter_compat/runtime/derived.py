"""Derived weights: alive, and evaluated once for each outermost layer call.

A weight whose getter returned a tensor has no value of its own. Its value is what the getter gives
now: in TF1 the tensor was part of the graph and evaluated at each `session.run`. Which call is the
outermost, only Keras knows: the adapters keep a `Call` that lives as long as it. A function that
calls a layer many times, a loop over time, is one call too (`one_call`).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import tensorflow as tf
from tensorflow.python.framework.errors_impl import InaccessibleTensorError
from tensorflow.python.ops import control_flow_v2_func_graphs as control_flow

from getter_compat.runtime import adapters, calling, shown
from getter_compat.runtime.store import Request, Used

_T = TypeVar("_T")

_BODIES = (
    control_flow.CondBranchFuncGraph,
    control_flow.WhileBodyFuncGraph,
    control_flow.WhileCondFuncGraph,
)
_OF_SYMBOLS = "scratch_graph"  # as Keras 3 names a graph that it calls layers by symbols in


class Derived:
    """What a getter made of a weight, and how to have it made again.

    Args:
        request: The request that the getter answered.
        sources: The variables that the getter was given by the true getter; twice is once.
        first: What the getter returned. In a TF1 graph that is alive itself.
    """

    def __init__(self, request: Request, sources: list[tf.Variable], first: Any) -> None:
        self.request = request
        self._in_graph = None if request.store.graph is None else first
        self.sources = list({id(variable): variable for variable in sources}.values())

    @property
    def name(self) -> str:
        """The TF1 name of the weight, `model/dense/kernel`."""
        return self.request.name

    def now(self) -> Any:
        """What the getter gives now."""
        return self.request.again() if self._in_graph is None else self._in_graph

    def shown(self, kind: str, shape: Any, dtype: str) -> str:
        """What the weight looks like where it is printed: without its value, as nobody asked."""
        getter = getattr(self.request, "custom_getter", None)
        by = f"custom getter {calling.name_of(getter)}" if getter is not None else "custom getter"
        what = f"{self.name} {tf.TensorShape(shape)} {dtype}"
        return f"<{kind} {what}, derived by the {by} from {shown.in_a_line(self.sources)}>"

    def __reduce__(self) -> Any:
        """Refuse to be copied or pickled: the copy of a layer would have the old variables."""
        raise cannot_be_copied(self.name)

    def cannot_be_assigned(self) -> AttributeError:
        """The error for whoever assigns the weight."""
        return AttributeError(
            f"The weight {self.name} is derived by a custom getter and cannot be assigned: its "
            "value is what the getter gives. Assign the variables that it is made from"
            f" ({', '.join(v.name for v in self.sources) or 'the getter knows which'}). "
            "For the statistics of batch normalization and other weights that a layer updates "
            "itself, let the getter return the variable: `if not trainable: return variable`."
        )


class Call:
    """An outermost call: the graph that it began in, and what was computed once in it."""

    __slots__ = ("_began_in", "_values")

    def __init__(self) -> None:
        self._began_in = _graph()
        self._values: dict[tuple[Any, tf.Graph | None], Any] = {}

    def value_of(self, derived: Derived) -> Any:
        """What the getter gave in this call: it is asked once, also by a loop inside the call."""
        return self.once((derived, _apart.get()), derived.now)

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gave in this call."""
        for graph in (self._graph(), _graph()):
            if (key, graph) in self._values:
                return self._values[key, graph]
        value = self.outside_of_loops(make)
        self._keep(key, value)
        return value

    def first(self, request: Request) -> tuple[Any, Used]:
        """Ask for a weight of a layer that is built in this call."""
        return self.outside_of_loops(request.run_and_note, request.run_again_and_note)

    def outside_of_loops(
        self, make: Callable[[], _T], otherwise: Callable[[], _T] | None = None
    ) -> _T:
        """What `make` gives, computed outside of the loops and branches that the call has opened.

        A body of `tf.while_loop` or `tf.cond` is a graph of its own: a value computed there would
        be computed at every step, and could not be used outside. So it is computed in the graph
        around those that the call has opened, and the body captures it. A loop around the call is
        not passed: in a training loop the variables are others at every step. What needs a tensor
        of the body can be computed only there: by `otherwise`, if it is given.
        """
        graph = self._graph()
        if graph is None or graph is tf.compat.v1.get_default_graph():
            return make()
        try:
            with graph.as_default():
                return make()
        except InaccessibleTensorError:
            return (otherwise or make)()

    def remember(self, derived: Derived, value: Any) -> None:
        """Let `value`, which the getter gave just now, be the one of this call."""
        self._keep((derived, _apart.get()), value)

    def from_here(self) -> Callable[[], Call]:
        """What gives the call of code of this one that runs again from here on, even after it."""
        return functools.partial(_CallAgain, self, self._graph())

    def kept(self, key: Any, graph: tf.Graph | None) -> Any:
        """What was made once in a graph of it; `None` if nothing was."""
        return self._values.get((key, graph))

    def _keep(self, key: Any, value: Any) -> None:
        self._values[key, getattr(value, "graph", self._graph())] = value

    def _graph(self) -> tf.Graph | None:
        """The graph being built, outside of the loops and branches that this call opened in it.

        In a TF1 graph outside of those, too, that Keras 3 calls layers by symbols in: what a
        weight is made of there is what later calls compute with.
        """
        graph: Any = _graph()
        while graph is not self._began_in and (isinstance(graph, _BODIES) or self._passes(graph)):
            graph = graph.outer_graph
        return graph

    def _passes(self, graph: Any) -> bool:
        in_graph = self._began_in is not None and not self._began_in.building_function
        return in_graph and graph.building_function and graph.name.startswith(_OF_SYMBOLS)


class _CallAgain(Call):
    """A call whose code runs again to have its gradient: what was made once is found.

    Args:
        first: The call that it ran in first.
        graph: The graph of that, outside of its loops.
    """

    __slots__ = ("_first", "_graph_of_first")

    def __init__(self, first: Call, graph: tf.Graph | None) -> None:
        super().__init__()
        self._first = first
        self._graph_of_first = graph

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gave in the first call; what it did not give then, it gives now."""
        kept = self._first.kept(key, self._graph_of_first)
        return super().once(key, make) if kept is None else kept


# Where a function with a gradient of its own runs: what it reads, it is asked for.
_apart: ContextVar[int] = ContextVar("getter_compat_apart", default=0)
_numbers = itertools.count(1)


@contextmanager
def computed_apart() -> Iterator[None]:
    """Compute derived weights in the block for it alone: it is asked which variables it read."""
    token = _apart.set(next(_numbers))
    try:
        yield
    finally:
        _apart.reset(token)


# The outermost call that a function which calls layers is, or is part of.
_of_function: ContextVar[Call | None] = ContextVar("getter_compat_function_call", default=None)


@contextmanager
def one_call(call: Call | None = None) -> Iterator[None]:
    """Let all that is called in the block be one call, whichever Keras the layers are of.

    Args:
        call: The call, by default that under way, if there is one, or a new one.
    """
    token = _of_function.set(call or under_way() or Call())
    try:
        yield
    finally:
        _of_function.reset(token)


def of_function() -> Call | None:
    """The call of a function that runs here."""
    return _of_function.get()


def under_way() -> Call | None:
    """The outermost call that runs here."""
    return adapters.current().layer_call() or _of_function.get()


def begin() -> Call:
    """The call of an outermost layer that begins here: that of the function around it, if any."""
    return _of_function.get() or Call()


def _graph() -> tf.Graph | None:
    """The graph being built; `None` in eager mode."""
    return None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()


def cannot_be_copied(name: str) -> TypeError:
    """The error for whoever copies or pickles the layer of a derived weight, or its model."""
    return TypeError(
        f"The weight {name} is derived by a custom getter, so its layer cannot be copied "
        "or pickled. Build another one under the scope, and save and load its variables."
    )
