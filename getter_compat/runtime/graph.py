"""A TF1 graph: the store, scopes and collections that TensorFlow keeps there, in the words of ours.

TensorFlow 2 still has all of what TF1 had in a graph. So nothing is imitated there: `getter_scope`
is `tf.compat.v1.variable_scope`, a request goes to TensorFlow's own store, and collections are the
graph's. Code on `tf.compat.v1` and code on this package open scopes in each other, and share.

A graph is where eager execution is off, and in `with tf.Graph().as_default()`, bodies of loops,
branches and functions inside it included. A `tf.function` around which TensorFlow runs eagerly is
none. `VariableStore.as_default()` and `ScopedModel` have stores of their own in a graph too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, cast

import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.framework import ops
from tensorflow.python.ops import variable_scope as tensorflows
from tensorflow.python.ops.variables import PartitionedVariable

from getter_compat.runtime import scopes
from getter_compat.runtime.scopes import Names, VariableScope
from getter_compat.runtime.store import GLOBAL, LOSSES, Request, Used, VariableStore
from getter_compat.typing import DType, Initializer, Regularizer, Reuse, Shape, TensorLike

_STORE = "_getter_compat_store"


def store_here() -> GraphStore | None:
    """The store of the TF1 graph that is being built here; `None` where there is none."""
    if tf.executing_eagerly():
        return None
    graph = tf.compat.v1.get_default_graph()
    if graph.building_function:
        # What `tf.init_scope` would open: that takes longer than most operations do.
        around, _ = ops._get_outer_context_and_inner_device_stack()
        if around is context.eager_mode:
            return None
        graph = around.__self__
    store: GraphStore | None = getattr(graph, _STORE, None)
    if store is None:
        store = GraphStore(graph)
        setattr(graph, _STORE, store)
    return store


class GraphStore(VariableStore):
    """What a graph knows of variables. It is kept by the graph, and holds nothing itself."""

    opens_name_scopes = True
    graph: tf.Graph

    def __init__(self, graph: tf.Graph) -> None:
        super().__init__()
        self.graph = graph

    @property
    def variables(self) -> Mapping[str, tf.Variable]:
        """The variables of `get_variable` by TF1 name, in creation order."""
        with self._opened():
            return MappingProxyType(tensorflows._get_default_variable_store()._vars)

    @property
    def names(self) -> Names:
        """The names of the running thread, which TensorFlow counts; their root is what is open."""
        with self._opened():
            return Names(root=tf.compat.v1.get_variable_scope())

    @contextmanager
    def as_default(self) -> Iterator[VariableStore]:
        """Use this graph and its store, in this thread or task, until the block is left."""
        token = scopes.push(None)
        try:
            with self._opened():
                yield self
        finally:
            scopes.pop(token)

    @contextmanager
    def reusing(self, may_create: bool = False) -> Iterator[VariableStore]:
        """Run model-building code over the variables that it made before, from the root scope."""
        reuse: Reuse = scopes.AUTO_REUSE if may_create else True
        with self.as_default():
            counts = tensorflows.get_variable_scope_store()
            before, counts.variable_scopes_count = counts.variable_scopes_count, {}
            try:
                with tf.compat.v1.variable_scope(VariableScope(reuse)):
                    yield self
            finally:
                counts.variable_scopes_count = before

    def collection(self, name: str, scope: str | None = None) -> list[Any]:
        """The elements of the graph's collection `name`, those only whose names match `scope`."""
        with self._opened():
            return cast("list[Any]", tf.compat.v1.get_collection(name, scope))

    def add_to_collection(self, collection: str, name: str, get: Callable[[], TensorLike]) -> None:
        """Add what `get` returns to a collection of the graph."""
        with self._opened():
            tf.compat.v1.add_to_collection(collection, get())

    def add_variable_to_collection(self, collection: str, variable: tf.Variable) -> None:
        """Add a variable to a collection of the graph, once."""
        if not any(member is variable for member in self.collection(collection)):
            self.add_to_collection(collection, variable.name, lambda: variable)

    def add_loss(self, name: str, get: Callable[[], TensorLike]) -> None:
        """Add a regularization loss."""
        loss = get()
        if loss is not None:
            self.add_to_collection(LOSSES, name, lambda: loss)

    def add_updates(self, collections: str | Sequence[str], updates: Sequence[TensorLike]) -> None:
        """Add operations that update statistics: they run when they are fetched, and only then."""
        with self._opened():
            for update in updates:
                tf.compat.v1.add_to_collections(collections, update)

    def variable_scope(
        self, arguments: Mapping[str, Any]
    ) -> AbstractContextManager[VariableScope] | None:
        """Open TensorFlow's own scope."""
        return cast(
            "AbstractContextManager[VariableScope]", tf.compat.v1.variable_scope(**arguments)
        )

    @contextmanager
    def _layer_scope(self, scope: VariableScope, reuse: Reuse) -> Iterator[None]:
        with (
            tf.compat.v1.variable_scope(scope, reuse=reuse, auxiliary_name_scope=False) as opened,
            tf.compat.v1.name_scope(opened.original_name_scope),
        ):
            yield

    def layer_scope(
        self, scope: VariableScope, reuse: Reuse
    ) -> AbstractContextManager[None] | None:
        """Open the scope of a layer, and its operations' scope again, as TF1 did at each call."""
        return self._layer_scope(scope, reuse)

    def request(
        self,
        name: str,
        shape: Shape | None = None,
        dtype: DType | None = None,
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Request:
        """Ask TensorFlow's own store for a variable in the current scope."""
        scope = tf.compat.v1.get_variable_scope()
        ask = tf.compat.v1.get_variable
        if _is_in_loop():
            regularizer = regularizer or scope.regularizer
            regularizer = regularizer and _outside_of_loops(regularizer)
        given = (name, shape, dtype, initializer, regularizer, *args)
        return cast(
            Request,
            GraphRequest(scopes.child_name(scope, name), self, lambda: ask(*given, **kwargs)),
        )

    def _opened(self) -> AbstractContextManager[Any]:
        """Be in the graph: in the body of a loop or function that is built here, if in it."""
        is_here = store_here() is self
        graph = tf.compat.v1.get_default_graph() if is_here else self.graph
        return cast("AbstractContextManager[Any]", graph.as_default())


def _is_in_loop() -> bool:
    """Whether the body of a loop or branch is built here."""
    graph = tf.compat.v1.get_default_graph()
    return graph.building_function or graph._get_control_flow_context() is not None


def _outside_of_loops(regularizer: Regularizer) -> Regularizer:
    """A regularizer whose loss is computed outside of loops, as TF1 did: so it can be fetched."""

    @functools.wraps(regularizer, updated=())
    def of_variable(variable: TensorLike) -> TensorLike:
        with tf.init_scope():
            return regularizer(variable)

    return of_variable


@dataclass(frozen=True, slots=True, eq=False)
class GraphRequest:
    """One variable, asked for in a graph: what the getter returns is part of it, and alive so."""

    name: str
    store: GraphStore
    run: Callable[[], TensorLike]

    def run_and_note(self) -> tuple[TensorLike, Used]:
        """Ask, and tell which variables are new."""
        existing = self.store.collection(GLOBAL)
        value = self.run()
        made = self.store.collection(GLOBAL)[len(existing) :]
        return value, UsedInGraph(made, made, existing=existing)

    def run_again_and_note(self) -> tuple[TensorLike, Used]:
        """Ask once more, after a getter that failed: what it made is found."""
        here = tf.compat.v1.get_variable_scope()
        with tf.compat.v1.variable_scope(here, reuse=scopes.AUTO_REUSE, auxiliary_name_scope=False):
            return self.run_and_note()

    def alive(self, value: TensorLike) -> TensorLike:
        """What the getter gives at each run: what it returned."""
        return value


@dataclass(slots=True)
class UsedInGraph(Used):
    """What a request found and left; TF1 took for new what was no global variable before."""

    existing: list[Any] = field(default_factory=list)
    in_graph: ClassVar[bool] = True

    def is_new(self, value: TensorLike) -> bool:
        """Whether what a getter returned was no variable of the graph before; of parts, any."""
        parts = value if isinstance(value, PartitionedVariable) else (value,)
        known = {id(variable) for variable in self.existing}
        return not any(id(part) in known for part in parts)


scopes.set_graph(store_here)
