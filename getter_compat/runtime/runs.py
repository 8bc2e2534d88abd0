"""Runs through code that ran before: how they find its variables, and what else they keep of it.

TF1 ran model code once for each graph. Here a `ScopedModel` runs it once for each kind of input, or
at every call, and a getter runs again whenever its derived weight is evaluated.
"""

from __future__ import annotations

import copy
import itertools
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import tensorflow as tf
from tensorflow.python.framework.func_graph import ALLOWLIST_COLLECTIONS

from getter_compat.runtime import scopes
from getter_compat.runtime.operation_names import OperationNames
from getter_compat.typing import TensorLike

Outputs = dict[str, dict[str, Any]]  # of layers: by collection, and by name


class Loss(Protocol):
    """A regularization loss, which is computed when it is read."""

    @property
    def name(self) -> str:
        """The name of what it is of."""
        ...

    @property
    def get(self) -> Callable[[], TensorLike]:
        """What computes it."""
        ...


@dataclass(frozen=True)
class LossOfWeight:
    """The loss of a weight that a layer made in a run, which counts in later runs too.

    Args:
        of: The variable that it is of, by its full name, or the layer that has it as a derived
            weight: a run that has made that has its losses.
        name: The name of the loss.
        get: What computes it.
        layer: The layer whose `losses` have it; that of a scope's regularizer is in none.
    """

    of: object
    name: str
    get: Callable[[], TensorLike]
    layer: object = None


class OwnName(NamedTuple):
    """What was made without a variable scope, as by `tf.Variable`, by its own name."""

    name: str


class Losses:
    """The regularization losses of code that runs, in the order in which it added them.

    Those of one name are told apart by their number: what runs again from an earlier count on, as
    the body of a loop does, puts its losses in the places of those it added before.
    """

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()  # how many of each name
        self._members: dict[tuple[str, int], Loss] = {}

    def add(self, loss: Loss) -> None:
        """Add a loss."""
        self._members[loss.name, self.counted[loss.name]] = loss
        self.counted[loss.name] += 1

    def counted_anew(self) -> Losses:
        """The same losses, counted from the first of each name on."""
        anew = Losses()
        anew._members = self._members
        return anew

    def take(self, losses: Losses) -> None:
        """Take in losses that others added: in the places of those of their names and numbers."""
        self._members.update(losses._members)
        self.counted |= losses.counted

    def all(self) -> list[Loss]:
        """The losses."""
        return list(self._members.values())


class Rerun:
    """The rule of a run through model code: what an earlier run made is found, once."""

    def __init__(
        self,
        may_create: bool,
        kept: dict[tuple[Any, int], Any],
        when_made: Callable[[tf.Variable], object] | None = None,
    ) -> None:
        self.may_create = may_create
        self.when_made = when_made  # called with each new variable
        self.added_losses: list[OfCall] = []  # what Keras layers gave to `add_loss`
        self.seed: int | None = None  # that the code sets for all that it draws
        self.values: list[OfCall] = []  # all that it keeps to be read after it
        self.outputs: Outputs = {}  # what layers of contrib were told to collect
        self.variables: set[str] = set()  # by name, all that it came to
        self.operation_names = OperationNames()
        self.name_scopes: dict[scopes.VariableScope, str] = {}  # of layers, as TF1 called them
        self.slots: dict[str, tf.Variable] = {}  # by name, what averages and optimizers asked for
        self._kept = kept
        self._places: Counter[Any] = Counter()
        self.losses = Losses()
        self._asked: set[object] = set()  # names, and layers that made derived weights
        self._seen: dict[int, object] = {}
        self._parts: dict[scopes.ScopeStore, tuple[int, Rerun]] = {}  # after how much that it saw

    @contextmanager
    def creating(self) -> Iterator[None]:
        """Have the block create what no run has made, whichever run this is."""
        before, self.may_create = self.may_create, True
        try:
            yield
        finally:
            self.may_create = before

    def is_repeat(self, name: object) -> bool:
        """Whether this run asked for it before: that is the duplicate that TF1 refuses."""
        if name in self._asked:
            return True
        self._asked.add(name)
        return False

    def comes_to(self, scope: scopes.VariableScope) -> bool:
        """Note that the run comes to the scope of a layer; tell whether it did before."""
        return self.next_place(scope) > 0

    def see(self, members: Iterable[object]) -> None:
        """Note members of collections that a graph of TF1 would have had by now."""
        self._seen.update((id(member), member) for member in members)

    def has_seen(self, member: object) -> bool:
        """Whether this run has come by a member of a collection."""
        return id(member) in self._seen

    def count_again(
        self, made: Mapping[str | OwnName, tf.Variable], losses: Iterable[LossOfWeight]
    ) -> None:
        """Take variables that an earlier run made, and losses, for made here, unless they are.

        Who asks for one of them after that shares it, and adds no loss.
        """
        new = [loss for loss in losses if loss.of not in self._asked]
        for name, variable in made.items():
            if not self.is_repeat(name):
                self.operation_names.unique(variable.name.partition(":")[0])
        for loss in new:
            self.is_repeat(loss.of)
            self.losses.add(loss)

    def note_part(self, store: scopes.ScopeStore, run: Rerun) -> None:
        """Note the run of a model of a store of its own: to TF1 it was in the same graph."""
        self._parts.setdefault(store, (len(self._seen), run))

    def stores_of_parts(self) -> Iterator[Any]:
        """The stores of the models that the run has called."""
        for store, (_, run) in self._parts.items():
            yield store
            yield from run.stores_of_parts()

    def with_parts(
        self, name: str, scope: str | None, members: list[Loss], told: set[scopes.ScopeStore]
    ) -> Iterator[Any]:
        """The elements of a collection, with those of the parts where the parts were called.

        Args:
            name: The name of the collection.
            scope: What the names of its elements match.
            members: Those of the store that the run is on.
            told: The stores of parts whose elements are told already; more are added to it.
        """
        places = {key: place for place, key in enumerate(self._seen)}
        parts = []
        for part, (seen, run) in self._parts.items():
            if part not in told:
                told.add(part)
                parts.append((seen, part.collection_of_part(name, scope, run, told)))
        for member in members:
            while parts and parts[0][0] <= places.get(id(member), -1):
                yield from parts.pop(0)[1]
            if not scope or re.match(scope, member.name):
                yield member.get()
        for _, elements in parts:
            yield from elements

    def state(self) -> Any:
        """What the run has counted and been asked for, to go back to."""
        names = self.operation_names.in_use
        return tuple(map(copy.copy, (self._places, self.losses.counted, self._asked, names)))

    def go_back_to(self, state: Any) -> None:
        """Count from an earlier state on: in a loop's body, which TF1 ran once."""
        places, counted, asked, names = map(copy.copy, state)
        self._places, self.losses.counted, self._asked = places, counted, asked
        self.operation_names.in_use = names

    @contextmanager
    def once_more(self, state: Any) -> Iterator[None]:
        """Count from an earlier state on, and forget what the block leaves."""
        now, left = self.state(), (self.losses, self.added_losses, self.outputs, self.values)
        self.losses, self.added_losses, self.outputs, self.values = Losses(), [], {}, []
        self.go_back_to(state)
        try:
            yield
        finally:
            self.losses, self.added_losses, self.outputs, self.values = left
            self.go_back_to(now)

    def keep(self, kind: Any, make: Callable[[], Any]) -> Any:
        """What an earlier run made in this place, counted among its kind; else it is made now.

        For state without a name, such as the seed of a dropout layer that is made in every run.
        """
        place = kind, self.next_place(kind)
        if place not in self._kept:  # nor by another thread meanwhile
            self._kept.setdefault(place, make())
        return self._kept[place]

    def next_place(self, kind: Any) -> int:
        """The number of a place in the run, counted among its kind."""
        self._places[kind] += 1
        number: int = self._places[kind] - 1
        return number

    def end(self) -> None:
        """Know, where it ends, which values were left in a loop or in a function in it."""
        for value in self.values:
            if not value.is_usable():
                value.lose()


def of(frame: scopes.Frame) -> Rerun | None:
    """The run that a frame was opened in, if it is through code that ran before."""
    return frame.run if isinstance(frame.run, Rerun) else None


def under_way(store: scopes.ScopeStore | None = None) -> Iterator[Rerun]:
    """The runs through model code that are under way here, or on a store, the innermost first."""
    innermost = None
    for frame in frames_under_way():
        run, is_meant = of(frame), store is None or frame.store is store
        if is_meant and run is not None and run is not innermost:
            innermost = run
            yield innermost


def are_in(graph: tf.Graph) -> bool:
    """Whether a run is under way, and this is the graph that it is in."""
    return graph is tf.compat.v1.get_default_graph() and any(under_way())


def stores_here() -> list[scopes.ScopeStore]:
    """The store of the run under way, and one that the code has made the default in it."""
    frames = [*itertools.islice(frames_under_way(), 1), scopes.innermost()]
    return list({id(frame.store): frame.store for frame in frames}.values())


def each_under_way() -> list[Rerun]:
    """Those runs, once each: a layer of the whole that a part calls has a frame of the whole's."""
    return list({id(run): run for run in under_way()}.values())


def innermost() -> Rerun | None:
    """The innermost run through model code that is under way here, if one is."""
    frame = next(frames_under_way(), None)
    return None if frame is None else of(frame)


def outermost() -> Rerun | None:
    """The run that all that runs here is a part of: to TF1, its graph."""
    return next(reversed(each_under_way()), None)


def frames_under_way() -> Iterator[scopes.Frame]:
    """The frames of such runs, each with the store that its run is on, the innermost first."""
    frame = scopes.innermost_or_none()
    while frame is not None:
        if of(frame) is not None:
            yield frame
        frame = frame.outer


def note_part(store: scopes.ScopeStore, run: Rerun) -> None:
    """Note the run of a model with a store of its own in the run under way, if one is."""
    frame = next(frames_under_way(), None)
    around = None if frame is None or frame.store is store else of(frame)
    if around is not None:
        around.note_part(store, run)


@contextmanager
def once_more(began: Iterable[tuple[Rerun, Any]]) -> Iterator[None]:
    """Run code again for what it computes alone: from earlier states of runs, and leaving nothing.

    Args:
        began: The runs that were under way when the code ran first, and their states then.
    """
    with ExitStack() as undone:
        for run, state in began:
            undone.enter_context(run.once_more(state))
        yield


@contextmanager
def own_collections() -> Iterator[None]:
    """Have an eager run leave TensorFlow's collections as they were, as a trace leaves them.

    In TF1 a model function ran once, and found there what it had put in itself. The run of a part
    is of the run around it.
    """
    if not tf.executing_eagerly() or any(under_way()):
        yield
        return
    graph = tf.compat.v1.get_default_graph()
    before = collections_of(graph)
    try:
        yield
    finally:
        set_collections(graph, before)


def collections_of(graph: tf.Graph) -> dict[str, list[Any]]:
    """What is in the collections, but for those that a trace shares with what is around it."""
    names = set(graph.get_all_collection_keys()) - set(ALLOWLIST_COLLECTIONS)
    return {name: graph.get_collection(name) for name in names}


def set_collections(graph: tf.Graph, members: dict[str, list[Any]]) -> None:
    """Have these members, and no others, in the collections that `collections_of` tells of."""
    for name in {*members, *collections_of(graph)}:
        graph.get_collection_ref(name)[:] = members.get(name, [])


class LayerFrame(scopes.Frame):
    """The open scope of a layer that is built or called, or of a loop over time.

    Attributes:
        name_scope: What TF1 called the layer's name scope, in a run. It made that in the first
            call, and built the layer and called it in there, wherever it was called.
        opened_as: What is opened for it here: Keras's name of the layer.
        around: The name scope that it is opened in here.
    """

    __slots__ = ("around", "name_scope", "opened_as")

    name_scope: str | None
    opened_as: str
    around: str

    def is_own(self, name: str, around: str) -> bool:
        """Whether a name scope is that of the layer, rather than one of what is in its call."""
        around = around.rstrip("/")
        own = name.rstrip("/").removeprefix(f"{around}/")  # Keras 2 gives the whole name in a trace
        return around == self.around and own == self.opened_as


def layers_here() -> Iterator[LayerFrame]:
    """The layers that are built or called here, the innermost first."""
    frame = scopes.innermost_or_none()
    while frame is not None:
        if isinstance(frame, LayerFrame):
            yield frame
        frame = frame.outer


class Recall:
    """The rule while a derived weight is evaluated: what exists is found, always."""

    may_create = False

    def is_repeat(self, name: str) -> bool:
        """No."""
        return False


RECALL = Recall()


class OfCall(threading.local):
    """A loss that a run computed, to be read after it: in each thread that of its latest call.

    Args:
        tensor: The tensor; one of a trace has the values of calls put in its place.
        origin: Where it is from.
    """

    def __init__(self, tensor: Any, origin: Origin) -> None:
        self.tensor = tensor
        self._origin = origin

    def is_usable(self) -> bool:
        """Whether it can be used here: a tensor of a graph, while that is built."""
        return is_usable(self.tensor)

    def put(self, tensor: Any) -> None:
        """Put what a branch returned in the place of what was computed in it."""
        for kept in self._origin.kept:
            kept[:] = [tensor if each is self.tensor else each for each in kept]
        self.tensor = tensor

    def lose(self) -> None:
        """Note that it has no value outside of where it was computed."""
        self._origin.is_lost = True

    def now(self) -> Any:
        """The tensor; `None` where it cannot be used: outside of the graph of its run.

        Raises:
            ValueError: If it can be used nowhere, as TF1 refused to use a loss of a loop.
        """
        if self._origin.is_lost or (not self.is_usable() and self._is_of_run_under_way()):
            raise ValueError(
                f"The loss of {self._origin.name!r} was computed in a loop, or in a function such "
                "as a `tf.function` (or in a branch, without a known shape), that the model "
                "function calls: it has no value outside. Have that return the loss, as its body's "
                "other results, and give what it returns to `add_loss`."
            )
        return self.tensor if self.is_usable() else None

    def _is_of_run_under_way(self) -> bool:
        return any(value is self for run in under_way() for value in run.values)


class Origin:
    """Where a loss is from.

    Args:
        name: The name of the layer or the scope.
        kept: Where else it is kept.
    """

    def __init__(self, name: str, kept: Iterable[list[Any]] = ()) -> None:
        self.name = name
        self.kept = kept
        self.is_lost = False


def is_usable(tensor: tf.Tensor) -> bool:
    """Whether a tensor that a run left can be used here: that of a graph, while it is built."""
    if isinstance(tensor, tf.__internal__.EagerTensor):
        return True
    graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
    while graph is not None and graph is not tensor.graph:
        graph = getattr(graph, "outer_graph", None)  # a loop or branch can use what is around it
    return graph is not None


class Noted:
    """What runs that are traced leave behind, to be left behind again by each call of the trace."""

    def __init__(self) -> None:
        self.values: list[OfCall] = []
        self._to_settle: list[Callable[[], None]] = []

    def at_each_call(self, settle: Callable[[], None]) -> None:
        """Have something done after each call."""
        self._to_settle.append(settle)

    def settle(self) -> None:
        """Do it."""
        for settle in self._to_settle:
            settle()


_noted: ContextVar[Noted | None] = ContextVar("getter_compat_noted", default=None)


@contextmanager
def noting() -> Iterator[Noted]:
    """Note what the runs in the block, which are traced, leave behind."""
    noted = Noted()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def of_call(tensor: Any, name: str, kept: Iterable[list[Any]] = ()) -> OfCall:
    """Keep a loss that the run under way computed, to be read after it.

    Args:
        tensor: The loss.
        name: The name of the layer or the scope that it is of.
        kept: Where else it is kept.
    """
    value = OfCall(tensor, Origin(name, kept))
    for run in each_under_way():
        run.values.append(value)
    noted = _noted.get()
    if noted is not None:
        noted.values.append(value)
    return value


def leave(settle: Callable[[], None]) -> None:
    """Leave something behind: now, and after each call of the trace that is under way."""
    settle()
    noted = _noted.get()
    if noted is not None:
        noted.at_each_call(settle)
