"""TensorFlow's collections in a run of a model function: with what its store has, by TF1's names.

In TF1 all was in the collections of one graph. In a run the variables and the losses of their
regularizers are in those of its store, and what code collects itself is in those of the graph that
is traced, or of the one that is there eagerly, whose tensors have other names, or none.
"""

from __future__ import annotations

import functools
import re
from typing import Any, NoReturn, cast

import tensorflow as tf
from tensorflow.python.framework.ops import Graph
from tensorflow.python.ops.losses import util as losses

from getter_compat.runtime import callers, eager_runs, runs


def install() -> None:
    """Have code that runs find in collections what was in them in TF1."""
    Graph.get_collection = _wrap_get_collection(Graph.get_collection)
    Graph.get_collection_ref = _wrap_get_collection_ref(Graph.get_collection_ref)
    losses.add_loss = _wrap_add_loss(losses.add_loss)
    tf.compat.v1.losses.add_loss = losses.add_loss


def _wrap_get_collection(original: Any) -> Any:
    """Find what the store has, too, and by a scope what was in it in TF1."""

    @functools.wraps(original)
    def get_collection(graph: tf.Graph, name: Any, scope: str | None = None) -> list[Any]:
        if not _is_of_a_run(graph):
            return cast("list[Any]", original(graph, name, scope))
        found: list[Any] = original(graph, name)
        if scope:
            found = _in_scope(name, scope, found)
        return [*found, *_stored(name, found, scope)]

    return get_collection


def _wrap_get_collection_ref(original: Any) -> Any:
    """Show what the store has, too, which cannot be taken out."""

    @functools.wraps(original)
    def get_collection_ref(graph: tf.Graph, name: Any) -> list[Any]:
        found: list[Any] = original(graph, name)
        stored = _stored(name, found) if _is_of_a_run(graph) else []
        return _OfStore(name, [*found, *stored]) if stored else found

    return get_collection_ref


class _OfStore(list[Any]):
    """A collection with what a store has in it, which code can read, and not change."""

    def __init__(self, name: str, elements: list[Any]) -> None:
        super().__init__(elements)
        self._name = name

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(
            f"get_collection_ref({self._name!r}): what a model function makes cannot be taken out "
            "of this collection, nor put into it so. Ask for a variable with trainable=False or "
            "collections=, give minimize its var_list, and put in by add_to_collection."
        )

    append = extend = insert = remove = pop = clear = sort = reverse = _refuse
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse


def _is_of_a_run(graph: tf.Graph) -> bool:
    """Whether it is code that asks the graph which a run is in."""
    return runs.are_in(graph) and not callers.handles_graphs()


def _stored(name: Any, found: list[Any], scope: str | None = None) -> list[Any]:
    """What stores have in a collection, but for what was found in that of the graph."""
    if not isinstance(name, str):
        return []
    known = {id(element) for element in found}
    stored = [each for store in runs.stores_here() for each in store.collection(name, scope)]
    return [element for element in stored if id(element) not in known]


def _in_scope(name: str, scope: str, elements: list[Any]) -> list[Any]:
    """The elements of a collection whose names in TF1 began with a match of a scope."""

    def match() -> list[bool]:
        begins = re.compile(_scope_in_tf1(scope))
        return [bool(begins.match(_name_in_tf1(element))) for element in elements]

    what = f"tf.get_collection({name!r}, scope) of {len(elements)} elements"
    has_tensors = any(isinstance(element, tf.Tensor) for element in elements)
    are_in = eager_runs.known_to_graphs(what, match) if has_tensors else match()
    return [element for element, is_in in zip(elements, are_in, strict=True) if is_in]


def _scope_in_tf1(scope: str) -> str:
    """What TF1 called a name scope that code has opened here; anything else that it asks by."""
    run, opened = runs.innermost(), scope.rstrip("/")
    if run is None or opened == scope:
        return scope
    names, graph = run.operation_names, tf.compat.v1.get_default_graph()
    return f"{names.scope_called(opened)}/" if names.is_called_otherwise(graph, opened) else scope


def _name_in_tf1(element: Any) -> str:
    """The name of what is in a collection; `""`, which is in no scope, for what has none."""
    run = runs.innermost()
    if run is None or not tf.is_symbolic_tensor(element):
        return getattr(element, "name", "")
    return f"{run.operation_names.name_of(element.op)}:{element.value_index}"


def _wrap_add_loss(original: Any) -> Any:
    """Have an eager run collect the losses of `tf.losses`, as a trace does."""

    @functools.wraps(original)
    def add_loss(loss: Any, loss_collection: str | None = tf.compat.v1.GraphKeys.LOSSES) -> None:
        if loss_collection and tf.executing_eagerly() and any(runs.under_way()):
            tf.compat.v1.add_to_collection(loss_collection, loss)
        else:
            original(loss, loss_collection)

    return add_loss
