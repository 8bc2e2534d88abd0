"""The names that operations had in TF1: unique in a graph, below the name scopes around them.

What is named by them here are the variables that code makes without a variable scope. A run of
model code counts its names from zero, as a graph did, wherever it runs: eagerly, where TensorFlow 2
numbers nothing, or within a graph that has been counting before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import tensorflow as tf
from tensorflow.python.framework import ops

from getter_compat.runtime import callers


class UniqueNames:
    """Names, each of which is given once."""

    def __init__(self) -> None:
        self.in_use: dict[str, int] = {}

    def unique(self, name: str, opened: int = 0) -> str:
        """The name of a variable, as an operation of TF1 got it: numbered, if another one has it.

        Args:
            name: The name.
            opened: How often a variable scope of that name was opened.
        """
        return self._unique(name, ("",), opened)

    def next_name(self, name: str) -> str:
        """The name that a variable would get."""
        names = UniqueNames()
        names.in_use = dict(self.in_use)
        return names.unique(name)

    def take(self, name: str) -> None:
        """Take a name as it is: the next one to ask for it is numbered."""
        self.in_use.setdefault(name.lower(), 1)

    def _unique(self, name: str, ends: tuple[str, ...], count: int = 0) -> str:
        """The name, among those that are kept with one of these ends."""
        # TensorFlow 1.15's `Graph.unique_name`; upper and lower case are one.
        key = name.lower()
        count = max(count, *(self.in_use.get(f"{key}{end}", 0) for end in ends))
        self.in_use.update({f"{key}{end}": count + 1 for end in ends})
        if not count:
            return name
        while any(f"{key}_{count}{end}" in self.in_use for end in ends):
            count += 1
        self.in_use.update({f"{key}_{count}{end}": 1 for end in ends})
        return f"{name}_{count}"


# What a name scope is numbered after, by the ends that their names are kept with. What functions of
# TensorFlow 2 open is not what TF1 opened, so that it takes no name from a variable; but a metric
# was numbered after an operation, too.
_COUNTED_AMONG: Mapping[callers.Opener, tuple[str, ...]] = {
    "code": ("",),
    "metric": ("", "/"),
    "tensorflow": ("/",),
}


@dataclass(frozen=True, slots=True, eq=False)
class OpenedScope:
    """A name scope that a run opened, as it was asked for below those around it."""

    name: str
    opener: callers.Opener


class _LiftedFrom(NamedTuple):
    """Where `tf.init_scope` leaves a function to run eagerly, in the name scope that is open there.

    That is not the scope which is called so where nothing was left: a branch that is not taken, and
    one that is, may have each its own.
    """

    function: tf.Graph


_Graph: TypeAlias = "tf.Graph | _LiftedFrom | None"  # `None`: eagerly


class OperationNames(UniqueNames):
    """The names of one run, which begins where the code is now."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[OpenedScope] = []  # those that were counted, in order
        self._counts_scopes = True
        self._root = _here()
        self._scopes: dict[tuple[_Graph, str], str] = {self._root: ""}
        self._of_layers: dict[tuple[_Graph, str], str] = {}  # what is opened here for TF1's

    def unique_here(self, name: str) -> str:
        """The name of a variable below the name scope that is open here."""
        return self.unique(self.name_here(name))

    def name_here(self, name: str) -> str:
        """What TF1 called something below the name scope that is open here."""
        return _below(self.scope_here(), name)

    def scope_here(self) -> str:
        """What TF1 called the name scope that is open here."""
        return self._scope(*_here())

    def scope_called(self, opened: str) -> str:
        """What TF1 called the name scope that is called so here."""
        return self._scope(_graph(), opened.rstrip("/"))

    def is_called_otherwise(self, graph: tf.Graph, name: str) -> bool:
        """Whether TF1 called otherwise what is a name scope of that name here, as of a layer."""
        return self._scopes.get((graph, name), name) != name

    def scope_lifted_to(self, graph: tf.Graph, name: str | None) -> str | None:
        """What TF1 called the name scope that `tf.init_scope` opens as it leaves a branch or loop.

        It opens that of TensorFlow 2's function, which begins outside of all. `None`: it is not it.
        """
        function, here = [None, None, *ops._default_graph_stack.stack][-2:]
        is_out_of_it = here is graph and not graph.building_function
        if not is_out_of_it or function is None or not function.building_function:
            return None
        inside = function.get_name_scope()
        is_kept = name == (f"{inside}/" if inside else "")
        return self._scope(function, inside) if is_kept else None

    def name_of(self, operation: tf.Operation) -> str:
        """What TF1 called an operation: the run may be within name scopes that it did not have."""
        scope, _, name = operation.name.rpartition("/")
        return _below(self._scope(operation.graph, scope), name)

    def go_on_in(self, graph: tf.Graph, scope: str | None = None) -> None:
        """Have a graph begin below a name scope of TF1's, by default the one that is open here."""
        scope = self.scope_here() if scope is None else scope
        self._scopes[graph, ""] = self._scopes[graph, tf.get_current_name_scope()] = scope

    @contextmanager
    def within(self, scope: str) -> Iterator[None]:
        """Name what is made in the block as in a name scope of TF1's; `""`: outside of all."""
        with self._called(_here(), scope):
            yield

    def opened_for_layer(self, scope: str | None) -> str | None:
        """What was opened here before for a layer's name scope of TF1's, which later calls open."""
        return None if scope is None else self._of_layers.get((_graph(), scope))

    @contextmanager
    def within_layer(self, name: str, scope: str) -> Iterator[None]:
        """Name what is made in the block as in the scope of a layer; operations of a graph, too.

        Args:
            name: What the layer is called.
            scope: What TF1 called its name scope.
        """
        if tf.executing_eagerly():
            with self.within(scope):
                yield
            return
        with ExitStack() as opened:
            with self.counting_no_scopes():
                asked = self.opened_for_layer(scope) or name
                here = opened.enter_context(tf.name_scope(asked))
            self.note_scope(name, "", here, "code", of_layer=scope)
            yield

    @contextmanager
    def counting_no_scopes(self) -> Iterator[None]:
        """Have the name scopes that are opened in the block take no names: TF1 ran it once."""
        before, self._counts_scopes = self._counts_scopes, False
        try:
            yield
        finally:
            self._counts_scopes = before

    @contextmanager
    def _called(self, place: tuple[_Graph, str], scope: str) -> Iterator[None]:
        known = self._scopes.get(place)
        self._scopes[place] = scope
        try:
            yield
        finally:
            del self._scopes[place]
            if known is not None:
                self._scopes[place] = known

    def note_scope(
        self,
        name: str,
        around: str,
        opened: str,
        opener: callers.Opener,
        of_layer: str | None = None,
    ) -> str:
        """Note a name scope that was opened.

        Args:
            name: What it was asked for as.
            around: The scope that it is in.
            opened: What TensorFlow calls it here.
            opener: What opened it.
            of_layer: What TF1 called it, if it is the scope of a layer.

        Returns:
            What it is to be called here: eagerly with TF1's number, as TensorFlow 2 gives it none.
        """
        graph = _graph()
        if of_layer is not None:
            self._scopes[graph, opened.rstrip("/")] = of_layer
            self._of_layers[graph, of_layer] = opened
            return opened
        if not name or name.endswith("/"):  # that is one opened before, as it is called here
            return opened
        asked = OpenedScope(_below(self._scope(graph, around.rstrip("/")), name), opener)
        full_name = asked.name
        if self._counts_scopes:
            self.opened.append(asked)
            full_name = self._take(asked)
        if tf.executing_eagerly() and opener != "tensorflow":
            opened = f"{opened.rstrip('/')}{full_name.removeprefix(asked.name)}/"
        self._scopes[graph, opened.rstrip("/")] = full_name
        return opened

    def take_again(self, opened: Iterable[OpenedScope]) -> None:
        """Take the names of scopes that an earlier run opened, and this one does not."""
        for scope in opened:
            self._take(scope)

    def _take(self, scope: OpenedScope) -> str:
        return self._unique(scope.name, _COUNTED_AMONG[scope.opener])

    def _scope(self, graph: _Graph, name: str) -> str:
        """What TF1 called a name scope that is called `name` in a graph here."""
        known = self._scopes.get((graph, name))
        if known is not None:
            return known
        if isinstance(graph, _LiftedFrom):
            return self._scope(graph.function, name)
        around = getattr(graph, "outer_graph", None)
        if graph is self._root[0] or around is None:
            return self._without_root(name)
        # The body of a loop or branch, which may begin in the name scope that it is in.
        return self._scope(around, name or around.get_name_scope())

    def _without_root(self, name: str) -> str:
        root = self._root[1]
        return name.removeprefix(root).lstrip("/") if root else name


def _below(scope: str, name: str) -> str:
    return f"{scope}/{name}" if scope else name


def _graph() -> _Graph:
    is_eager = tf.executing_eagerly()
    if is_eager and not tf.inside_function():
        return None
    graph = tf.compat.v1.get_default_graph()
    return _LiftedFrom(graph) if is_eager else graph


def _here() -> tuple[_Graph, str]:
    return _graph(), tf.get_current_name_scope()
