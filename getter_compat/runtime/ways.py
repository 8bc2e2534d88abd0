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
_WITHOUT = ("Ceil", "Floor", "FloorDiv", "Rint", "Round", "TruncateDiv")
_CONDITIONS = ("If", "StatelessIf")
_LOOPS = ("While", "StatelessWhile")
_WRAPPER = "cflow_gradient_wrapper"  # a function that TensorFlow puts around them under tapes

_Known = dict[tuple[FuncGraph, int], set[int]]  # inputs of functions, by their results


def back_from(values: Iterable[object], known: _Known | None = None) -> dict[int, tf.Tensor]:
    """The tensors of a graph that gradients of values are by, themselves among them, by identity.

    Handles of variables are such tensors, too.

    Args:
        values: The values. What is no tensor that can have gradients leads nowhere.
        known: The ways through branches and loops that were found before; more are put into it.
    """
    known = {} if known is None else known
    reached: dict[int, tf.Tensor] = {}
    ahead = [value for value in values if passes_gradients(value)]
    while ahead:
        tensor = ahead.pop()
        if id(tensor) in reached:
            continue
        reached[id(tensor)] = tensor
        if not isinstance(tensor, tf.__internal__.EagerTensor):
            ahead.extend(filter(passes_gradients, _one_back_from(tensor, known)))
    return reached


def passes_gradients(value: object) -> bool:
    """Whether a value is of a kind that gradients can be by."""
    if not isinstance(value, tf.Tensor):
        return False
    dtype = value.dtype
    return bool(dtype.is_floating or dtype.is_complex or dtype in (tf.resource, tf.variant))


def _one_back_from(tensor: tf.Tensor, known: _Known) -> Iterable[tf.Tensor]:
    operation, place = tensor.op, tensor.value_index
    if not _has_gradient(operation):
        return ()
    if operation.type in _CONDITIONS and hasattr(operation, "_true_graph"):
        branches = operation._true_graph, operation._false_graph
        taken = {i for branch in branches for i in _inputs_of(place, branch, known)}
        return [operation.inputs[1 + i] for i in sorted(taken)]  # the first is the condition
    if operation.type in _LOOPS and hasattr(operation, "_body_graph"):
        turns = _inputs_of_turns(place, operation._body_graph, known)
        return [operation.inputs[i] for i in sorted(turns)]
    wrapped = _graph_of_wrapper(operation)
    if wrapped is not None:
        return [operation.inputs[i] for i in sorted(_inputs_of(place, wrapped, known))]
    return list(operation.inputs)  # of an imported branch or loop, too, which has no graph here


def _graph_of_wrapper(operation: tf.Operation) -> FuncGraph | None:
    """What an operation computes, if it is one branch or loop in a function of its own."""
    if not operation.type.endswith("PartitionedCall"):
        return None
    name = operation.get_attr("f").name
    graph = operation.graph._get_function(name).graph if _WRAPPER in name else None
    return graph if isinstance(graph, FuncGraph) else None


def _has_gradient(operation: tf.Operation) -> bool:
    if operation.type in _WITHOUT:
        return False
    try:
        return ops.get_gradient_function(operation) is not None
    except LookupError:  # the call of a function: TensorFlow asks that for its gradient
        return True


def _inputs_of(result: int, graph: FuncGraph, known: _Known) -> set[int]:
    """Which inputs of a function gradients of one of its results are by."""
    key = graph, result
    if key not in known:
        reached = back_from([graph.outputs[result]], known)
        inputs = enumerate(graph.inputs)
        known[key] = {i for i, placeholder in inputs if id(placeholder) in reached}
    return known[key]


def _inputs_of_turns(result: int, body: FuncGraph, known: _Known) -> set[int]:
    """Which inputs of a loop one of its results is of: each turn takes what the last one gave."""
    reached, ahead = {result}, [result]
    while ahead:
        more = _inputs_of(ahead.pop(), body, known) - reached
        reached |= more
        ahead += more
    return reached
