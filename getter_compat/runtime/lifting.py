"""Tensors of a trace, computed outside of it: TF1 had one graph for both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import tensorflow as tf
from tensorflow.python.eager.lift_to_graph import lift_to_graph
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops.op_selector import UnliftableError

# The arguments of the trace under way, by their placeholders.
_arguments: ContextVar[Sequence[tuple[Any, Any]]] = ContextVar("getter_compat_lifting", default=())


@contextmanager
def tracing_with(placeholders: Sequence[Any], arguments: Sequence[Any]) -> Iterator[None]:
    """Let what is lifted out of the trace in the block depend on its arguments."""
    token = _arguments.set(list(zip(placeholders, arguments, strict=True)))
    try:
        yield
    finally:
        _arguments.reset(token)


def lifted(value: Any, error: str) -> Any:
    """A tensor of a function that is being traced, computed outside of it; others as they are.

    Args:
        value: What may be such a tensor.
        error: What to say where it depends on arguments that have no values yet.
    """
    # A variable is of no trace, though one of several replicas says so.
    if isinstance(value, tf.Variable) or not tf.is_tensor(value):
        return value
    if not isinstance(getattr(value, "graph", None), FuncGraph):
        return value
    compute = tf.function(lambda: _copied(value), autograph=False)
    try:
        with tf.init_scope():
            return compute()
    except UnliftableError as reason:
        raise ValueError(error) from reason


def _copied(tensor: Any) -> Any:
    """A copy of a tensor of another graph, with all that it is computed from, in this graph."""
    here = tf.compat.v1.get_default_graph()
    try:
        return lift_to_graph([tensor], here)[tensor]
    except UnliftableError:  # it is computed from arguments, or from what is around the function
        known = [(inner, outer) for outer, inner in tensor.graph.captures]
        known += [pair for pair in _arguments.get() if pair[0].graph is tensor.graph]
    copies = lift_to_graph([tensor], here, sources=[inner for inner, _ in known])
    for inner, outer in known:
        if inner in copies and isinstance(outer, tf.__internal__.EagerTensor):
            with tf.init_scope():  # another object: the graph may have captured that one already
                outer = tf.identity(outer)
            here.add_capture(outer, copies[inner])
    return copies[tensor]


def lasting(compute: Callable[[], Any]) -> Callable[[], Any]:
    """A function that may hold tensors of the trace under way, as one that works after it, too."""
    if not tf.inside_function():
        return compute
    outside: list[Callable[[], Any]] = []

    def computed() -> Any:
        if outside:
            return outside[0]()
        try:
            return compute()
        except (TypeError, ValueError) as error:
            if "out of scope" not in str(error):
                raise
        outside.append(_outside(compute))
        return outside[0]()

    return computed


def _outside(compute: Callable[[], Any]) -> Callable[[], Any]:
    def computed() -> Any:
        here = tf.compat.v1.get_default_graph()
        here.capture = _taking_copies(here.capture, here)
        try:
            return compute()
        finally:
            del here.capture

    with tf.init_scope():
        function: Callable[[], Any] = tf.function(computed, autograph=False)
    return function


def _taking_copies(original: Any, here: FuncGraph) -> Callable[..., Any]:
    """Wrap how a graph takes tensors from outside: those of other functions are copied."""
    copies: dict[int, tuple[Any, Any]] = {}

    def capture(tensor: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(tensor, tf.__internal__.EagerTensor) or tensor.graph is here:
            return original(tensor, *args, **kwargs)
        if id(tensor) not in copies:
            copies[id(tensor)] = tensor, _copied(tensor)
        return copies[id(tensor)][1]

    return capture
