"""Gradients by what an eager run would have computed with, had it taken another branch.

In a graph there are all branches: gradients by what one uses that is not taken are zeros, and not
none, so that an optimizer with momentum goes on to move a variable. A tape records what was
computed, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import record
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops.resource_variable_ops import get_eager_safe_handle_data

from getter_compat.runtime import ways

_EagerTensor = tf.__internal__.EagerTensor

Sources = list[list[tf.Tensor]]  # of each thing that a branch returns


def sources(graph: FuncGraph, result: Any) -> Sources:
    """What there is around a branch that gradients of its results are by.

    Args:
        graph: The graph that the branch was run in for its names.
        result: What it returned.
    """
    captured = {id(inner): outer for outer, inner in graph.captures}
    return [list(_around(getattr(value, "handle", value), captured)) for value in _flat(result)]


def _around(value: Any, captured: dict[int, tf.Tensor]) -> Iterator[tf.Tensor]:
    for tensor in ways.back_from([value]).values():
        outer = captured.get(id(tensor), tensor)
        if isinstance(outer, _EagerTensor):
            yield outer


def with_gradients_of(branches: Sequence[Sources], result: Any) -> Any:
    """What the branch returned that was taken, with gradients by the sources of the others, too."""
    if not any(map(any, branches)):
        return result
    values = _flat(result)
    fitting = [branch for branch in branches if len(branch) == len(values)]
    joined = [
        _joined(value, [source for each in by_branch for source in each])
        for value, *by_branch in zip(values, *fitting, strict=True)
    ]
    return tf.nest.pack_sequence_as(result, joined, expand_composites=True)


def with_gradients_of_all(branches: Sequence[Sources], result: Any) -> Any:
    """The same where all results are those of one operation: each has gradients by all sources."""
    values = _flat(result)
    sources = [source for branch in branches for each in branch for source in each]
    others = [value for value in values if ways.passes_gradients(value)]
    joined = [
        _joined(value, [*sources, *(other for other in others if other is not value)])
        for value in values
    ]
    return tf.nest.pack_sequence_as(result, joined, expand_composites=True)


def _joined(value: Any, others: list[tf.Tensor]) -> Any:
    by = {id(other): (other, _kind_of_gradient(other)) for other in others}
    known = [(other, kind) for other, kind in by.values() if kind is not None]
    if not known or not isinstance(value, _EagerTensor) or not ways.passes_gradients(value):
        return value
    with record.stop_recording():
        own = tf.identity(value)

    def backward(gradient: Any) -> list[Any]:
        zeros = [tf.zeros(shape, dtype) for _, (shape, dtype) in known]
        return [gradient, *[_joined(zero, others) for zero in zeros]]  # to be differentiated again

    record.record_operation("Cond", [own], [value, *[other for other, _ in known]], backward)
    return own


def _kind_of_gradient(source: tf.Tensor) -> tuple[tf.TensorShape, tf.DType] | None:
    """Of which shape and type a gradient is by a tensor, or by the variable of a handle."""
    if source.dtype == tf.variant:
        return None
    if source.dtype != tf.resource:
        return source.shape, source.dtype
    data = get_eager_safe_handle_data(source)
    if data is None or not data.is_set or not data.shape_and_type:
        return None  # that of a table
    of_variable = data.shape_and_type[0]
    shape, dtype = tf.TensorShape(of_variable.shape), tf.as_dtype(of_variable.dtype)
    return (shape, dtype) if shape.is_fully_defined() and dtype.is_floating else None


def _flat(value: Any) -> list[Any]:
    flat: list[Any] = tf.nest.flatten(value, expand_composites=True)
    return flat
