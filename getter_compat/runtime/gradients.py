"""Gradients that a trace asks for, by ways through branches and loops.

To TF1 a branch was a part of the one graph. To TensorFlow 2 it is a function of its own, and so is
the trace: each takes a variable as an input of its own, and a gradient that a branch asks for is by
the input of the innermost alone. Here it is by all of them. Around a branch TensorFlow 2 has zeros
as gradients by all that any of its results is computed of. Here there is none where no way leads,
so that an optimizer leaves a variable as it is.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops import control_flow_util, gradients_util

from getter_compat.runtime import graph, runs, ways

_NONE = tf.UnconnectedGradients.NONE


def install() -> None:
    """Have a model function ask for gradients as in TF1's graph."""
    gradients_util._GradientsHelper = _wrap_gradients(gradients_util._GradientsHelper)


def _wrap_gradients(original: Any) -> Any:
    signature = inspect.signature(original)

    @functools.wraps(original)
    def helper(ys: Any, xs: Any, *args: Any, **kwargs: Any) -> Any:
        asked = signature.bind(ys, xs, *args, **kwargs).arguments
        if not _is_asked_here() or "src_graph" in asked:  # TensorFlow asks so for a branch's part
            return original(ys, xs, *args, **kwargs)
        xs = xs if isinstance(xs, list | tuple) else [xs]
        graphs = list(_graphs_around())
        inputs = [[x, *_inputs_for(x, graphs)] for x in xs]
        found = iter(original(ys, [x for each in inputs for x in each], *args, **kwargs))
        summed = [_sum_of([next(found) for _ in each]) for each in inputs]
        if tf.UnconnectedGradients(asked.get("unconnected_gradients", "none")) is not _NONE:
            return summed
        return _connected(ys, inputs, summed)

    return helper


def _is_asked_here() -> bool:
    """Whether this is in the trace of a model function, or in a graph of TF1 with such branches."""
    if tf.executing_eagerly():
        return False
    if any(runs.under_way()):
        return True
    here = tf.compat.v1.get_default_graph()
    return graph.store_here() is not None and control_flow_util.EnableControlFlowV2(here)


def _connected(ys: Any, inputs: list[list[Any]], found: list[Any]) -> list[Any]:
    """Of gradients those by what a way leads to."""
    here = tf.compat.v1.get_default_graph()
    reached = ways.back_from(map(_as_tensor, tf.nest.flatten(ys, expand_composites=True)))
    if isinstance(here, FuncGraph):  # what is from around it is also an input of it
        reached |= {id(i): i for outer, i in here.captures if id(outer) in reached}
    while isinstance(here, FuncGraph):  # on to what its inputs are around it
        around = [outer for outer, placeholder in here.captures if id(placeholder) in reached]
        reached |= ways.back_from(around)
        here = here.outer_graph

    def is_reached(x: Any) -> bool:
        tensor = _as_tensor(x)
        return not ways.passes_gradients(tensor) or id(tensor) in reached

    return [
        by if by is None or any(map(is_reached, each)) else None
        for each, by in zip(inputs, found, strict=True)
    ]


def _as_tensor(value: Any) -> Any:
    """A tensor, or the handle of a variable."""
    return getattr(value, "handle", value)


def _graphs_around() -> Iterator[FuncGraph]:
    """The functions around the branch or loop that is being built here, the innermost first."""
    here = tf.compat.v1.get_default_graph()
    while isinstance(here, FuncGraph):
        here = here.outer_graph
        if isinstance(here, FuncGraph):
            yield here


def _inputs_for(x: Any, graphs: list[FuncGraph]) -> Iterator[Any]:
    """The inputs that the functions have for a variable."""
    handle = getattr(x, "handle", None)
    for each in graphs if handle is not None else ():
        yield from (placeholder for outer, placeholder in each.captures if outer is handle)


def _sum_of(gradients: list[Any]) -> Any:
    connected = [gradient for gradient in gradients if gradient is not None]
    return tf.add_n(connected) if len(connected) > 1 else next(iter(connected), None)
