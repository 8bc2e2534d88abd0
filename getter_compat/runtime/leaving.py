"""Losses that branches and loops of a model function leave behind.

TF1 collected them. Those of a branch had a value after it where the branch was taken, and whoever
computed with one of a loop was refused. To TensorFlow 2 a branch is a function of its own: so it
returns its losses, too, and zeros where another one is taken.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import tensorflow as tf
from tensorflow.python.framework import ops
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops import cond_v2

from getter_compat.runtime import left_out, runs

_COLLECTIONS = tf.compat.v1.GraphKeys.LOSSES, tf.compat.v1.GraphKeys.REGULARIZATION_LOSSES

_Put = Callable[[tf.Tensor], None]  # puts another tensor where a loss is kept


def install() -> None:
    """Have the branches of traces return their losses."""
    cond_v2._build_cond = _wrap_build(cond_v2._build_cond, lambda _, *graphs: graphs[:2])
    cond_v2._build_case = _wrap_build(cond_v2._build_case, lambda _, graphs, *others: graphs)


def _wrap_build(original: Any, graphs_of: Callable[..., Sequence[FuncGraph]]) -> Any:
    """Have branches that are built return their losses, before an operation is made of them."""

    @functools.wraps(original)
    def build(*args: Any, **kwargs: Any) -> Any:
        graphs = graphs_of(*args) if runs.innermost() is not None else ()
        losses = list(_losses_in(graphs)) if graphs else []
        if not losses:
            return original(*args, **kwargs)
        for graph in graphs:
            _return_too(graph, [loss for loss, _ in losses])
        result, outside = original(*args, **kwargs)
        for (_, put), loss in zip(losses, outside, strict=True):
            put(loss)
        return result

    return build


def _return_too(graph: FuncGraph, losses: list[tf.Tensor]) -> None:
    with graph.as_default():
        own = [loss if loss.graph is graph else _zeros(loss) for loss in losses]
    graph.outputs.extend(own)
    graph.structured_outputs = graph.structured_outputs, own


def _zeros(loss: tf.Tensor) -> tf.Tensor:
    return tf.zeros(loss.shape, loss.dtype)


def _losses_in(graphs: Sequence[FuncGraph]) -> Iterator[tuple[tf.Tensor, _Put]]:
    return ((loss, put) for loss, put in (*_kept(), *_collected()) if _is_in(loss, graphs))


def _is_in(loss: Any, graphs: Sequence[FuncGraph]) -> bool:
    """Whether a loss was computed in one of these graphs, and there can be zeros of its shape."""
    if not isinstance(loss, tf.Tensor) or not hasattr(loss, "graph"):
        return False
    return any(loss.graph is graph for graph in graphs) and loss.shape.is_fully_defined()


def _kept() -> Iterator[tuple[tf.Tensor, _Put]]:
    run = runs.innermost()
    for value in run.values if run is not None else ():
        yield value.tensor, value.put


def _collected() -> Iterator[tuple[Any, _Put]]:
    graph = tf.compat.v1.get_default_graph()  # which shares its collections with its branches
    for name in _COLLECTIONS:
        members = graph.get_collection_ref(name) if graph.get_collection(name) else []
        for place, member in enumerate(members):
            yield member, functools.partial(members.__setitem__, place)


def of_branch(graph: FuncGraph) -> None:
    """Have the losses of a branch that an eager run leaves out, built in a graph, be zeros."""
    kept = [(loss, put) for loss, put in _kept() if _is_in(loss, [graph])]
    for (_, put), loss in zip(kept, _zeros_here(graph, [loss for loss, _ in kept]), strict=True):
        put(loss)
    instead: dict[int, object] = {}
    for name in _COLLECTIONS:
        collected = [loss for loss in graph.get_collection(name) if _is_in(loss, [graph])]
        instead |= zip(map(id, collected), _zeros_here(graph, collected), strict=True)
    _collect(graph, lambda member: not isinstance(member, tf.Tensor) or _is_eager(member), instead)


def of_turn(graph: FuncGraph) -> None:
    """Have collected here what the body of a loop without turns collects, built in a graph."""
    _collect(graph, lambda _: True, {})


def _collect(
    graph: FuncGraph, is_meant: Callable[[object], bool], instead: Mapping[int, object]
) -> None:
    """Have in the collections here what is in those of a graph, which began as these.

    Args:
        graph: The graph.
        is_meant: Whether what was added there is of use here.
        instead: What takes the place of a member, by its identity.
    """
    here = tf.compat.v1.get_default_graph()
    began = {id(member) for members in runs.collections_of(here).values() for member in members}
    collected = {
        name: [
            instead.get(id(member), member)
            for member in members
            if id(member) in began or id(member) in instead or is_meant(member)
        ]
        for name, members in runs.collections_of(graph).items()
    }
    runs.set_collections(here, collected)


def _is_eager(tensor: tf.Tensor) -> bool:
    return isinstance(tensor, tf.__internal__.EagerTensor)


def _zeros_here(graph: FuncGraph, losses: list[tf.Tensor]) -> list[tf.Tensor]:
    """Zeros for losses, with zeros for gradients by what they are of."""
    zeros: list[tf.Tensor] = left_out.with_gradients_of(
        [left_out.sources(graph, losses)], list(map(_zeros, losses))
    )
    return zeros


@contextmanager
def of_loop() -> Iterator[None]:
    """Have what a loop that runs in Python collects be of no use after it, as that of a trace."""
    run = runs.innermost()
    if run is None:
        yield
        return
    graph = tf.compat.v1.get_default_graph()
    before, collected, began = len(run.values), runs.collections_of(graph), ops.uid()
    yield
    for value in run.values[before:]:
        value.lose()
    known = {id(member) for members in collected.values() for member in members}
    for name, members in runs.collections_of(graph).items():
        graph.get_collection_ref(name)[:] = [
            member if id(member) in known else _after_loop(member, began) for member in members
        ]


def _after_loop(member: object, began: int) -> object:
    """What a loop collected; in place of what it computed, what TensorFlow refuses with advice.

    Args:
        member: What it collected, which may be a tensor that is from before the loop.
        began: TensorFlow's count of tensors when the loop began.
    """
    if not isinstance(member, tf.Tensor) or ops.tensor_id(member) < began:
        return member
    with FuncGraph("loop").as_default():
        return tf.compat.v1.placeholder(member.dtype, member.shape)
