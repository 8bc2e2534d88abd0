"""Gradients that a branch or a loop of a trace asks for, of what was computed around it.

To TF1 a branch was a part of the one graph. To TensorFlow 2 it is a function of its own, and so is
the trace: each takes a variable as an input of its own, and a gradient is by the input of the
innermost alone. Here it is by all of them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops import gradients_util

from getter_compat.runtime import runs


def install() -> None:
    """Have a model function ask for gradients as in TF1's graph."""
    gradients_util._GradientsHelper = _wrap_gradients(gradients_util._GradientsHelper)


def _wrap_gradients(original: Any) -> Any:
    @functools.wraps(original)
    def helper(ys: Any, xs: Any, *args: Any, **kwargs: Any) -> Any:
        graphs = list(_graphs_around())
        if not graphs or not any(runs.under_way()):
            return original(ys, xs, *args, **kwargs)
        xs = xs if isinstance(xs, list | tuple) else [xs]
        inputs = [[x, *_inputs_for(x, graphs)] for x in xs]
        found = iter(original(ys, [x for each in inputs for x in each], *args, **kwargs))
        return [_sum_of([next(found) for _ in each]) for each in inputs]

    return helper


def _graphs_around() -> Iterator[FuncGraph]:
    """The functions around the branch or loop that is being built here, the innermost first."""
    graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
    while isinstance(graph, FuncGraph):
        graph = graph.outer_graph
        if isinstance(graph, FuncGraph):
            yield graph


def _inputs_for(x: Any, graphs: list[FuncGraph]) -> Iterator[Any]:
    """The inputs that the functions have for a variable."""
    handle = getattr(x, "handle", None)
    for graph in graphs if handle is not None else ():
        yield from (placeholder for outer, placeholder in graph.captures if outer is handle)


def _sum_of(gradients: list[Any]) -> Any:
    connected = [gradient for gradient in gradients if gradient is not None]
    return tf.add_n(connected) if len(connected) > 1 else next(iter(connected), None)
