"""Ways that a gradient takes back through a graph: to TF1 branches and loops were parts of it.

So each result of a branch or of a loop led back to what it was computed of. TensorFlow 2 makes one
operation of all of them, which leads back to whatever that takes. `switch_case` was such an
operation in TF1, too.
"""

from __future__ import annotations

from collections.abc import Iterable

import tensorflow as tf
from tensorflow.python.framework import ops
from tensorflow.python.framework.func_graph import FuncGraph

# Operations that have a gradient function, which says that there is none.
_WITHOUT = ("Ceil", "Floor", "Rint", "Round")
_CONDITIONS = ("If", "StatelessIf")
_LOOPS = ("While", "StatelessWhile")


def back_from(values: Iterable[object]) -> dict[int, tf.Tensor]:
    """The tensors of a graph that gradients of values are by, themselves among them, by identity.

    Handles of variables are such tensors, too.
    """
    reached: dict[int, tf.Tensor] = {}
    ahead = [value for value in values if passes_gradients(value)]
    while ahead:
        tensor = ahead.pop()
        if id(tensor) in reached:
            continue
        reached[id(tensor)] = tensor
        if not isinstance(tensor, tf.__internal__.EagerTensor):
            ahead.extend(filter(passes_gradients, _one_back_from(tensor)))
    return reached


def passes_gradients(value: object) -> bool:
    """Whether a value is of a kind that gradients can be by."""
    if not isinstance(value, tf.Tensor):
        return False
    dtype = value.dtype
    return bool(dtype.is_floating or dtype.is_complex or dtype in (tf.resource, tf.variant))


def _one_back_from(tensor: tf.Tensor) -> Iterable[tf.Tensor]:
    operation, place = tensor.op, tensor.value_index
    if not _has_gradient(operation):
        return ()
    if operation.type in _CONDITIONS:
        branches = operation._true_graph, operation._false_graph
        taken = {i for branch in branches for i in _inputs_of([place], branch)}
        return [operation.inputs[1 + i] for i in sorted(taken)]  # the first is the condition
    if operation.type in _LOOPS:
        turns = _inputs_of_turns(place, operation._body_graph)
        return [operation.inputs[i] for i in sorted(turns)]
    return list(operation.inputs)


def _has_gradient(operation: tf.Operation) -> bool:
    if operation.type in _WITHOUT:
        return False
    try:
        return ops.get_gradient_function(operation) is not None
    except LookupError:  # the call of a function: TensorFlow asks that for its gradient
        return True


def _inputs_of(results: Iterable[int], graph: FuncGraph) -> set[int]:
    """Which inputs of a function gradients of some of its results are by."""
    reached = back_from(graph.outputs[i] for i in results)
    return {i for i, placeholder in enumerate(graph.inputs) if id(placeholder) in reached}


def _inputs_of_turns(result: int, body: FuncGraph) -> set[int]:
    """Which inputs of a loop one of its results is of: each turn takes what the last one gave."""
    reached, more = {result}, {result}
    while more:
        more = _inputs_of(more, body) - reached
        reached |= more
    return reached
