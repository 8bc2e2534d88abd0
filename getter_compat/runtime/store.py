"""`VariableStore`: what a `tf.Graph` was to variables in TensorFlow 1.

A store knows its variables by name, creates them, and holds the collections that they are in. A
`Request` is one variable asked for: under which scope, of which store, with which of TF1's
keywords; running it runs the getters, and running it `again` is how a derived weight is evaluated.

The rules are those of `_VariableStore` in `tensorflow/python/ops/variable_scope.py`, TF 1.15.
"""

from __future__ import annotations

import re
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, cast

import numpy as np
import tensorflow as tf

from getter_compat.runtime import (
    calling,
    creation,
    eager_runs,
    lifting,
    once,
    runs,
    scopes,
    shown,
)
from getter_compat.runtime.locks import Lock
from getter_compat.runtime.operation_names import OpenedScope, UniqueNames
from getter_compat.runtime.runs import RECALL, Rerun
from getter_compat.runtime.scopes import Frame, Names, ScopeStore
from getter_compat.typing import (
    Constraint,
    Device,
    DType,
    Getter,
    Initializer,
    NextGetter,
    Partitioner,
    Regularizer,
    Reuse,
    Shape,
    TensorLike,
)

AUTO = tf.VariableSynchronization.AUTO
NONE = tf.VariableAggregation.NONE

# The names of TF1's collections (tf.GraphKeys).
GLOBAL = "variables"
TRAINABLE = "trainable_variables"
LOCAL = "local_variables"
LOSSES = "regularization_losses"
UPDATE_OPS = "update_ops"

# Kept apart from the messages, which are TF1's to the letter: what to do about it here.
SHARE = (
    "To share it on purpose open the scope with reuse=getter_compat.AUTO_REUSE; "
    "a model function that runs again and again belongs in getter_compat.ScopedModel."
)


@dataclass(frozen=True, slots=True)
class Member:
    """An element of a collection. A loss is computed anew whenever the collection is read."""

    name: str
    get: Callable[[], TensorLike]


@dataclass(slots=True)
class Used:
    """The variables that the true getter handed out while a request ran."""

    variables: list[tf.Variable] = field(default_factory=list)
    # Those that TF1 would have created: in a later run, those asked for the first time in it. The
    # regularizers of that run replace those of the last, which a traced function may have ended.
    created: list[tf.Variable] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # by which those were asked for
    # What the getter made besides in a run of a model, as by `tf.Variable`.
    named: dict[str | runs.OwnName, tf.Variable] = field(default_factory=dict)
    of_layers: set[int] = field(default_factory=set)  # those that layers in the getter asked for
    opened: list[OpenedScope] = field(default_factory=list)  # and the name scopes, in such a run
    # And their losses, in a run of a model: by the regularizers of scopes, and of the layers that
    # getters made.
    losses: list[runs.LossOfWeight] = field(default_factory=list)
    is_recall: bool = False  # a derived weight is evaluated once more: TF1 made it once
    in_graph: ClassVar[bool] = False

    def of_no_layer(self) -> list[tf.Variable]:
        """Those created that the layer itself has the say on."""
        return [variable for variable in self.created if id(variable) not in self.of_layers]

    def take(self, used: Used) -> None:
        """Take in what was made in a layer in the getter: in its build, or for its weights."""
        self.variables += used.variables
        self.created += used.created
        self.names += used.names
        self.named.update(used.named)
        self.of_layers.update(map(id, used.created))
        self.losses += used.losses

    def is_new(self, value: TensorLike) -> bool:
        """Whether what a getter returned is no variable that existed before."""
        if self.is_recall:
            return False
        return not isinstance(value, tf.Variable) or any(value is v for v in self.created)


_used: ContextVar[Used | None] = ContextVar("getter_compat_used", default=None)
_getter_runs: ContextVar[bool] = ContextVar("getter_compat_getter_runs", default=False)


def getter_runs() -> bool:
    """Whether it is a getter that runs here."""
    return _getter_runs.get()


@contextmanager
def noting(used: Used) -> Iterator[Used]:
    """Note what the block makes, and the name scopes that it opens in a run."""
    run = creation.run_here()
    opened = [] if run is None else run.operation_names.opened
    before = len(opened)
    token = _used.set(used)
    try:
        yield used
    finally:
        _used.reset(token)
        used.opened += opened[before:]
        outer = _used.get()
        if outer is not None:  # of a getter that builds a layer, or a layer that builds others
            outer.take(used)


# What `functional_call` has put in the place of variables, by the variable's identity.
_stand_ins: ContextVar[Mapping[int, tf.Tensor]] = ContextVar("getter_compat_stand_ins", default={})  # noqa: B039


@contextmanager
def standing_in(replaced: Sequence[tuple[tf.Variable, tf.Tensor]]) -> Iterator[None]:
    """Give whoever asks for a variable in the block the tensor that stands in for it."""
    more = {id(variable): tensor for variable, tensor in replaced}
    token = _stand_ins.set({**_stand_ins.get(), **more})
    try:
        yield
    finally:
        _stand_ins.reset(token)


def stand_ins_are_in_use() -> bool:
    """Whether tensors stand in for variables here."""
    return bool(_stand_ins.get())


class _OpenInThread(threading.local):
    """The operation name scopes that are open in a thread, the innermost last."""

    def __init__(self) -> None:
        self.scopes: list[OperationScope] = []


class OperationScope(AbstractContextManager[str]):
    """A `tf.name_scope` that asyncio tasks may leave in another order than they entered them.

    TensorFlow restores on leaving what was there on entering. So a scope is kept until those that
    were opened inside it have been left too.
    """

    _open = _OpenInThread()

    def __init__(self, name: str) -> None:
        self._scope = tf.name_scope(name)
        self._is_left = False

    def __enter__(self) -> str:
        name: str = self._scope.__enter__()
        self._open.scopes.append(self)
        return name

    def __exit__(self, *exc_info: object) -> None:
        self._is_left = True
        scopes = self._open.scopes
        while scopes and scopes[-1]._is_left:
            scopes.pop()._scope.__exit__(None, None, None)


class VariableStore(ScopeStore):
    """Variables by name, their collections, and the counters that make scope names unique.

    Until another store is made the default, everything uses `default_store()`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, get_variable, getter_scope
        >>> store = VariableStore()
        >>> with store.as_default(), getter_scope("model"):
        ...     v = get_variable("v", [2, 3])
        >>> v.name, list(store.variables)
        ('model/v:0', ['model/v'])
    """

    def __init__(self) -> None:
        super().__init__()
        self.graph: tf.Graph | None = None  # the TF1 graph that this is the store of
        self._variables: dict[str, tf.Variable] = {}  # by the names that they are asked for by
        self._named: dict[str, tf.Variable] = {}  # all, by their own names
        self._slots: set[str] = set()  # those that `find_or_make_slot` made, by the same
        self._members: dict[int, Member] = {}  # in collections, by identity of the variable
        self._collections: dict[str, list[Member]] = {}
        self._losses = runs.Losses()  # of what no model added
        self._losses_of_model = runs.Losses()  # what its last run added
        self._names_given = UniqueNames()  # to what no run of a model function made
        self._making = Lock()
        self._drawn: weakref.WeakSet[Any] = weakref.WeakSet()  # initializers that made a variable
        self.kept: dict[tuple[Any, int], Any] = {}  # see `Rerun.keep`

    @property
    def variables(self) -> Mapping[str, tf.Variable]:
        """The variables by TF1 name (`model/dense/kernel`, without `:0`), in creation order.

        Those that a `ScopedModel` made by `tf.Variable` are among them.
        """
        return MappingProxyType(self._named)

    def saved_by_tf1(self) -> dict[str, tf.Variable]:
        """Those that a `Saver` of TF1 had by default: what is in `GLOBAL_VARIABLES`, no locals."""
        listed = {id(member) for member in self._collections.get(GLOBAL, [])}
        named = self._named.items()
        return {name: made for name, made in named if id(self._members[id(made)]) in listed}

    def __repr__(self) -> str:
        variables = list(self.variables.values())
        return f"<{type(self).__name__}: {shown.in_a_line(variables)}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"A {type(self).__name__} cannot be copied or pickled, as a graph of TensorFlow 1 "
            "could not. Save its variables by save_tf1_checkpoint, make them in another one by the "
            "same code, and load them there."
        )

    def _repr_html_(self) -> str:
        return shown.html_table(type(self).__name__, self.variables.values())

    @contextmanager
    def as_default(self) -> Iterator[VariableStore]:
        """Use this store, in this thread or task, until the block is left."""
        here = scopes.frame_of(self)
        with scopes.opened(
            Frame(self, here.names, here.scope, here.run, scopes.innermost_or_none())
        ):
            yield self

    @contextmanager
    def reusing(self, may_create: bool = False) -> Iterator[VariableStore]:
        """Run model-building code over the variables that it made before.

        Names are counted afresh from the root scope, and a request finds its variable although
        reuse is not allowed, once in the block: asking twice is the duplicate that TF1 refuses.

        Args:
            may_create: Whether a variable that does not exist yet is created; otherwise it is
                TF1's error for a missing variable.
        """
        with self.running(may_create) as run:
            yield self
        runs.leave(lambda: self._losses.take(run.losses))

    @contextmanager
    def running(
        self, may_create: bool, when_made: Callable[[tf.Variable], object] | None = None
    ) -> Iterator[Rerun]:
        """Run code as `reusing` does, and leave what becomes of its losses to who runs it."""
        names, run = Names(), Rerun(may_create, self.kept, when_made)
        runs.note_part(self, run)
        frame = Frame(self, names, names.root, run, scopes.innermost_or_none())
        with scopes.opened(frame), once.made_once(self, run):
            yield run
        run.end()

    def take_losses_of_model(self, losses: runs.Losses) -> None:
        """Have those of a model's run take the place of all of its run before."""
        self._losses_of_model = losses

    def kept_of(self, kind: str) -> list[Any]:
        """What runs keep of a kind: `seed`, `table`."""
        return [kept for (key, _), kept in self.kept.items() if key[0] == kind]

    def collection(self, name: str, scope: str | None = None) -> list[Any]:
        """The elements of the collection `name`, those only whose names match `scope`."""
        members: list[runs.Loss] = [*self._collections.get(name, [])]
        run = runs.of(scopes.frame_of(self))
        if run is not None:  # a graph of TF1, where it was read, had what was made before that
            members = [member for member in members if run.has_seen(member)]
        return self._elements(name, scope, members, run, set())

    def collection_of_part(
        self, name: str, scope: str | None, run: Rerun, told: set[ScopeStore]
    ) -> list[Any]:
        """The same, of a part of a run: with those of its own parts, as `run` called them."""
        return self._elements(name, scope, [*self._collections.get(name, [])], run, told)

    def _elements(
        self,
        name: str,
        scope: str | None,
        members: list[runs.Loss],
        run: Rerun | None,
        told: set[ScopeStore],
    ) -> list[Any]:
        if name == LOSSES:
            members = [*members, *self._losses_here(runs.of(scopes.frame_of(self)))]
        if run is not None:
            found = list(run.with_parts(name, scope, members, told))
        else:
            found = [m.get() for m in members if not scope or re.match(scope, m.name)]
        return [element for element in found if element is not None]  # of a regularizer without one

    def add_to_collection(self, collection: str, name: str, get: Callable[[], TensorLike]) -> None:
        """Add what `get` returns, under `name`, to a collection."""
        self._join(collection, Member(name, get))

    def add_variable_to_collection(self, collection: str, variable: tf.Variable) -> None:
        """Add a variable to a collection, once."""
        name = variable.name.partition(":")[0]
        member = self._members.setdefault(id(variable), Member(name, lambda: variable))
        if not any(member is other for other in self._collections.get(collection, [])):
            self._join(collection, member)
        self._see(variable)

    def _join(self, collection: str, member: Member) -> None:
        self._collections.setdefault(collection, []).append(member)
        run = runs.of(scopes.frame_of(self))
        if run is not None:
            run.see([member])

    def add_loss(self, name: str, get: Callable[[], TensorLike]) -> None:
        """Add a regularization loss of a layer that may be made anew in every run.

        In TF1 two layers that share a weight which a getter derives had two losses; so here in one
        run. Those of a model's next run take the place of all of them, those of another block in
        `reusing` of those with their names.
        """
        run = runs.of(scopes.frame_of(self))
        losses = self._losses if run is None else run.losses
        losses.add(Member(name, lifting.lasting(get)))

    def _losses_here(self, run: Rerun | None) -> list[runs.Loss]:
        """Those of a run so far; outside of runs, all there are."""
        if run is not None:
            return run.losses.all()
        losses = runs.Losses()
        losses.take(self._losses)
        losses.take(self._losses_of_model)
        return losses.all()

    def add_updates(self, collections: str | Sequence[str], updates: Sequence[TensorLike]) -> None:
        """Add updates of statistics to collections: here they have happened."""

    def add_updates_of_layer(self, updates: Sequence[TensorLike]) -> None:
        """Collect the updates of a layer, as the operations that TF1 made of them."""
        self.add_updates(UPDATE_OPS, [getattr(update, "op", update) for update in updates])

    def open_name_scope(self, name: str) -> AbstractContextManager[str]:
        """Open the operation name scope that goes with a variable scope."""
        return OperationScope(name)

    def find(self, name: str, *args: Any, **kwargs: Any) -> tf.Variable:
        """Return an existing variable: the true getter of a derived weight's later evaluations."""
        variable = self._variables.get(name)
        if variable is None:
            raise ValueError(
                f"The getter of a derived weight asked for the variable {name}, which it did not "
                "ask for when the layer was built. A getter runs again whenever its weight is "
                "evaluated: it must ask for the same variables each time."
            )
        return _standing_in_for(variable)

    def true_getter(
        self,
        name: str,
        shape: Shape | None = None,
        dtype: DType | None = tf.float32,
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        reuse: Reuse = None,
        trainable: bool | None = None,
        collections: Sequence[str] | None = None,
        caching_device: Device | None = None,
        partitioner: Partitioner | None = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        constraint: Constraint | None = None,
        synchronization: tf.VariableSynchronization = AUTO,
        aggregation: tf.VariableAggregation = NONE,
    ) -> tf.Variable:
        """Find or create the variable `name`: the `getter` that a custom getter is given.

        Arguments as in `get_variable`, but that `name` is the full name and `reuse` is explicit.
        """
        _refuse_partitioner(name, partitioner)
        creation.check_value(name, shape, initializer)
        dtype = tf.as_dtype(dtype)
        shape = tf.TensorShape(shape)
        frame = scopes.frame_of(self)
        rerun, is_repeat = runs.of(frame), frame.run.is_repeat(name)
        own_name = name
        if rerun is not None and not is_repeat:
            own_name = rerun.operation_names.unique_here(name)  # in a getter, which may be in one
            if creation.is_value(initializer):  # TF1 made the variable here, and took its dtype
                dtype = tf.convert_to_tensor(initializer).dtype
        found = self._find_allowed(name, shape, dtype, reuse, frame.run, is_repeat)
        if found is None:
            with creation.alone(self._making):
                # Another thread may have made it in the meantime.
                found = self._find_allowed(name, shape, dtype, reuse, frame.run, is_repeat)
                if found is None:
                    if rerun is None:
                        opened = frame.names.counters.taken(name)
                        own_name = self._names_given.unique(name, opened)
                    made = creation.create(
                        own_name,
                        shape,
                        dtype,
                        self._drawing_anew(initializer),
                        trainable,
                        synchronization,
                        collections,
                        constraint=constraint,
                        aggregation=aggregation,
                    )
                    self._variables[name] = made
                    self._take(own_name, made, collections)
        variable = found if found is not None else made
        # What a run finds is made by it; what a turn of a loop finds, the first turn made.
        is_first = found is None or (not is_repeat and rerun is not None)
        if is_first and regularizer:
            self.regularize(name, variable, regularizer, is_new=found is None)
        self._see(variable)
        _note(name, variable, is_first)
        return _standing_in_for(variable)

    def regularize(
        self, name: str, variable: tf.Variable, regularizer: Regularizer, is_new: bool
    ) -> None:
        """Add the loss of a variable; of a new one the regularizer is tried, as TF1 called it."""
        if is_new:
            creation.try_regularizer(regularizer, variable)
        loss = f"{name}/Regularizer", lifting.lasting(lambda: regularizer(variable))
        self.add_loss(*loss)
        if any(runs.under_way(self)):
            note_loss(runs.LossOfWeight(name, *loss))

    def note_loss_of(self, weight: TensorLike, name: str, loss: Callable[[], TensorLike]) -> None:
        """Note the loss of a weight of a function that a getter calls, as `note_loss` does."""
        run = next(runs.under_way(self), None)
        if _used.get() is not None and run is not None:
            of = self.name_of(weight) or loss
            run.is_repeat(of)
            note_loss(runs.LossOfWeight(of, name, lifting.lasting(loss)))

    def name_of(self, variable: object) -> str | None:
        """The full name by which a variable is found here, if it is one of `get_variable`."""
        return next((name for name, v in self._variables.items() if v is variable), None)

    def request(
        self,
        name: str,
        shape: Shape | None = None,
        dtype: DType | None = None,
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        trainable: bool | None = None,
        collections: Sequence[str] | None = None,
        caching_device: Device | None = None,
        partitioner: Partitioner | None = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        custom_getter: Getter | None = None,
        constraint: Constraint | None = None,
        synchronization: tf.VariableSynchronization = AUTO,
        aggregation: tf.VariableAggregation = NONE,
    ) -> Request:
        """Ask for a variable in the current scope: fill in what the scope decides.

        Arguments as in `get_variable`. The order of the keywords is that in which TF1 hands them
        on.
        """
        frame = scopes.innermost()
        full_name = scopes.child_name(frame.scope, name)
        scope = scopes.defaults_of(frame.scope)
        if dtype is not None and initializer is not None and not callable(initializer):
            found = tf.convert_to_tensor(initializer).dtype.base_dtype
            if found != dtype:
                raise ValueError(
                    f"Initializer type '{found}' and explicit dtype '{dtype}' don't match. "
                    f"(Variable {full_name}: leave the dtype out or convert the value.)"
                )
        arguments = {
            "name": full_name,
            "shape": shape,
            "dtype": dtype if dtype is not None else scope.dtype,
            "initializer": initializer if initializer is not None else scope.initializer,
            "regularizer": regularizer if regularizer is not None else scope.regularizer,
            "reuse": scope.reuse,
            "trainable": trainable
            if trainable is not None
            else synchronization != creation.ON_READ,
            "collections": collections,
            "caching_device": caching_device or scope.caching_device,
            "partitioner": partitioner or scope.partitioner,
            "validate_shape": validate_shape,
            "use_resource": use_resource if use_resource is not None else scope.use_resource,
            "synchronization": synchronization,
            "aggregation": aggregation,
            "constraint": constraint if constraint is not None else scope.constraint,
        }
        getter = custom_getter if custom_getter is not None else scope.custom_getter
        if getter is None:
            return Request(frame, frame.names.counters, None, arguments)
        return Request(
            frame, frame.names.counters, getter, calling.arguments_for(getter, arguments)
        )

    def find_or_make(
        self, name: str, create: Callable[..., tf.Variable], asked: Mapping[str, Any]
    ) -> TensorLike:
        """Find or make a variable that no scope was asked for, as `tf.Variable` is.

        Args:
            name: Its own name, which in TF1 no other variable of the graph has.
            create: What makes it.
            asked: The arguments for that.
        """
        with creation.alone(self._making):
            found = self._named.get(name)
            if found is None:
                made = creation.create_as_asked(name, create, asked)
                self._take(name, made, asked.get("collections"))
                return made
        shape = _shape_asked_for(asked)
        if not shape.is_compatible_with(found.shape):
            raise ValueError(
                f"Trying to share variable {name}, but specified shape {shape} and found shape "
                f"{found.shape}. What a model function makes by tf.Variable is made once: give it "
                "another name where it is another variable."
            )
        return self.found(found)

    def find_or_make_slot(
        self, name: str, create: Callable[..., tf.Variable], asked: Mapping[str, Any]
    ) -> TensorLike:
        """Find or make what is asked for by the name of a name scope, which TF1 did not number.

        Args:
            name: Its own name: of a slot, that of its variable and a part more.
            create: What makes it.
            asked: The arguments for that.
        """
        if name in self._named and name not in self._slots:
            raise ValueError(
                f"Duplicate node name in graph: '{name}'. It is the name of a slot, or of an "
                "average, and a variable of the model function has it: give that another name."
            )
        self._slots.add(name)
        return self.find_or_make(name, create, asked)

    def has_slot(self, name: str) -> bool:
        """Whether there is a slot whose own name it is."""
        return name in self._slots

    def make_beside(
        self, create: Callable[..., tf.Variable], asked: Mapping[str, Any]
    ) -> tf.Variable:
        """Make what a getter makes besides what it asks for, where no model function runs.

        Args:
            create: What makes it.
            asked: The arguments for that.
        """
        # As TensorFlow makes it: in a later trace of a `tf.function` it refuses to, and rightly.
        with creation.making(), tf.compat.v1.name_scope(None):
            name = self._names_given.unique(asked.get("name") or "Variable")
            value = creation.initial_value_outside_of_keras(name, asked["initial_value"])
            made = create(**{**asked, "initial_value": value, "name": name})
        self._take(name, made, asked.get("collections"))
        used = _used.get()
        # A layer holds what is behind its weights, masks too, but none that Keras cannot train.
        if used is not None and (made.dtype.is_floating or not made.trainable):
            used.variables.append(made)
        return made

    def note_made(self, name: str) -> None:
        """Note what `find_or_make` gave a getter that runs, or a layer that is built, if one is."""
        used = _used.get()
        if used is not None:
            used.named[runs.OwnName(name)] = self._named[name]

    def found(self, variable: tf.Variable) -> TensorLike:
        """What who asks for a variable that exists is given."""
        self._see(variable)
        return _standing_in_for(variable)

    def _find_allowed(
        self,
        name: str,
        shape: tf.TensorShape,
        dtype: tf.DType,
        reuse: Reuse,
        run: scopes.Run,
        is_repeat: bool,
    ) -> tf.Variable | None:
        """The existing variable if there is one and it may be shared; `None` to create it."""
        found = self._variables.get(name)
        if found is None:
            if reuse is True or not run.may_create:
                raise ValueError(
                    f"Variable {name} does not exist, or was not created with tf.get_variable(). "
                    "Did you mean to set reuse=tf.AUTO_REUSE in VarScope? "
                    "A scope that reuses, and every call but the first of a ScopedModel or a "
                    "template, only finds the variables that exist: create it there first."
                )
            return None
        if reuse is False and is_repeat:
            raise ValueError(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
                f"reuse=tf.AUTO_REUSE in VarScope? {SHARE}"
            )
        if not shape.is_compatible_with(found.shape):
            raise ValueError(
                f"Trying to share variable {name}, but specified shape {shape} "
                f"and found shape {found.shape}. "
                "Give the two layers different names, or the same size."
            )
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError(
                f"Trying to share variable {name}, but specified dtype {dtype.name} "
                f"and found dtype {found.dtype.name}. "
                "Ask for the dtype that the variable was created with."
            )
        return found

    def _drawing_anew(self, initializer: Initializer | TensorLike | None) -> Any:
        """The initializer for one variable; for the next, one that draws other values."""
        if not creation.draws_alike(initializer):
            return initializer
        if initializer in self._drawn:
            return creation.another_like(initializer)
        self._drawn.add(initializer)
        return initializer

    def _take(self, name: str, variable: tf.Variable, collections: Sequence[str] | None) -> None:
        """Take in a new variable, whose own name is `name`."""
        self._named[name] = variable
        joined = list(collections) if collections is not None else [GLOBAL]
        if variable.trainable and TRAINABLE not in joined:
            joined.append(TRAINABLE)
        member = self._members[id(variable)] = Member(name, lambda: variable)
        self._see(variable)
        for collection in joined:
            self._join(collection, member)
        run = runs.of(scopes.frame_of(self))
        if run is not None and run.when_made is not None:
            run.when_made(variable)

    def see(self, variables: Iterable[tf.Variable]) -> None:
        """Have the run under way see variables that exist."""
        for variable in variables:
            self._see(variable)

    def _see(self, variable: tf.Variable) -> None:
        """Have the run under way, if there is one, see a variable that exists."""
        eager_runs.note(variable)
        run = runs.of(scopes.frame_of(self))
        member = self._members.get(id(variable))
        if run is not None and member is not None:
            run.see([member])
            run.variables.add(member.name)


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One variable, asked for under the scope of a frame with TF1's keywords."""

    frame: Frame
    counters: scopes.Counters
    custom_getter: Getter | None
    arguments: Mapping[str, Any]
    # What the getter made besides what it asked for, as by `tf.Variable`: once, as in TF1.
    made: dict[tuple[object, int], tf.Variable] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The full name that is asked for."""
        return cast(str, self.arguments["name"])

    @property
    def store(self) -> VariableStore:
        """The store that is asked."""
        return cast(VariableStore, self.frame.store)

    def run(self) -> TensorLike:
        """Ask: run the getter, or find or create the variable where there is none."""
        if self.custom_getter is None:
            with once.outside_of_name_scopes():
                return self.store.true_getter(**self.arguments)
        with once.made_by_getter(self.store, self.made):
            return self._ask(self.custom_getter, self.store.true_getter)

    def run_and_note(self) -> tuple[TensorLike, Used]:
        """Ask, and tell which variables the getter was given."""
        with noting(Used(is_recall=self.frame.run is RECALL)) as used:
            return self.run(), used

    def alive(self, value: TensorLike) -> Any:
        """What the getter gives now, where it gave `value` at first: a variable is the same one."""
        return value if isinstance(value, tf.Variable) else self.again()

    def run_again_and_note(self) -> tuple[TensorLike, Used]:
        """Ask once more, after a getter that failed: what it made is found."""
        here = scopes.innermost()
        rerun, around = Rerun(True, self.store.kept), runs.of(here)
        losses = self.store._losses if around is None else around.losses
        rerun.losses = losses.counted_anew()
        with scopes.opened(Frame(here.store, here.names, here.scope, rerun, here)):
            return self.run_and_note()

    def again(self) -> TensorLike:
        """Run the getter again under the same scope; what it asks for exists."""
        if self.custom_getter is None:
            return self.store.find(self.name)
        run = creation.run_here()
        if run is None:
            return self._recall(self.custom_getter)
        with run.operation_names.counting_no_scopes():
            return self._recall(self.custom_getter)

    def _recall(self, custom_getter: Getter) -> TensorLike:
        frame = self.frame
        names = Names(self.counters, frame.names.root)
        recalling = Frame(frame.store, names, frame.scope, RECALL, scopes.innermost_or_none())
        token = scopes.push(recalling)
        try:
            if not self.made:
                return self._ask(custom_getter, self.store.find)
            with once.made_by_getter(self.store, self.made):
                return self._ask(custom_getter, self.store.find)
        finally:
            scopes.pop(token)

    def _ask(self, custom_getter: Getter, getter: NextGetter) -> TensorLike:
        token = _getter_runs.set(True)
        try:
            return custom_getter(getter=getter, **self.arguments)
        finally:
            _getter_runs.reset(token)


def request(name: str, *args: Any, **kwargs: Any) -> Request:
    """Ask the store in use for a variable in the current scope. Arguments as in `get_variable`."""
    return default_store().request(name, *args, **kwargs)


def get_variable(
    name: str,
    shape: Shape | None = None,
    dtype: DType | None = None,
    initializer: Initializer | TensorLike | None = None,
    regularizer: Regularizer | None = None,
    trainable: bool | None = None,
    collections: Sequence[str] | None = None,
    caching_device: Device | None = None,
    partitioner: Partitioner | None = None,
    validate_shape: bool = True,
    use_resource: bool | None = None,
    custom_getter: Getter | None = None,
    constraint: Constraint | None = None,
    synchronization: tf.VariableSynchronization = AUTO,
    aggregation: tf.VariableAggregation = NONE,
) -> TensorLike:
    """Find or create a variable in the current scope, as `tf.get_variable` did.

    Args:
        name: Its name below the current scope; slashes make further levels.
        shape: Its shape: a list, tuple, `tf.TensorShape`, or an int for a vector; left out where
            the initializer is a value.
        dtype: Its dtype; by default the scope's, which is `tf.float32` unless set.
        initializer: A function of shape and dtype, an initializer object or class, a value (array,
            tensor, number), or `None` for the scope's, else Glorot uniform for floating types and
            zeros for integers, booleans and strings.
        regularizer: A function of the variable; its loss is in `regularization_losses()`.
        trainable: Whether it is trainable; true by default.
        collections: The collections it joins instead of the global variables.
        caching_device: Handed to the getters.
        partitioner: Handed to the getters; the true getter refuses one.
        validate_shape: Handed to the getters.
        use_resource: Handed to the getters.
        custom_getter: A getter for this variable, instead of those of the scopes.
        constraint: A function of the variable that optimizers apply after an update.
        synchronization: A `tf.VariableSynchronization`.
        aggregation: A `tf.VariableAggregation`.

    Returns:
        A `tf.Variable` named `scope/name:0`, or what the scope's getter made of it.

    Raises:
        ValueError: If the variable exists and the scope does not reuse, does not exist and the
            scope only reuses, has another shape or dtype than asked for, or cannot be initialized
            as asked.

    Examples:
        >>> from getter_compat import VariableStore, get_variable, getter_scope
        >>> with VariableStore().as_default(), getter_scope("model"):
        ...     print(get_variable("v", [2, 3]).name)
        model/v:0
    """
    return request(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    ).run()


def get_local_variable(
    name: str,
    shape: Shape | None = None,
    dtype: DType | None = None,
    initializer: Initializer | TensorLike | None = None,
    regularizer: Regularizer | None = None,
    trainable: bool | None = False,
    collections: Sequence[str] | None = None,
    caching_device: Device | None = None,
    partitioner: Partitioner | None = None,
    validate_shape: bool = True,
    use_resource: bool | None = None,
    custom_getter: Getter | None = None,
    constraint: Constraint | None = None,
    synchronization: tf.VariableSynchronization = AUTO,
    aggregation: tf.VariableAggregation = NONE,
) -> TensorLike:
    """Find or create a local variable, which is not trained and not saved, as TF1 did.

    Args:
        name: Its name below the current scope.
        shape: As in `get_variable`, like what is not told of here.
        dtype: Its dtype.
        initializer: Its initializer.
        regularizer: A function of the variable; its loss is in `regularization_losses()`.
        trainable: Ignored: a local variable is not trained.
        collections: Collections that it joins besides that of local variables.
        caching_device: Handed to the getters.
        partitioner: Handed to the getters; the true getter refuses one.
        validate_shape: Handed to the getters.
        use_resource: Handed to the getters.
        custom_getter: A getter for this variable, instead of those of the scopes.
        constraint: A function of the variable.
        synchronization: A `tf.VariableSynchronization`.
        aggregation: A `tf.VariableAggregation`.

    Returns:
        A `tf.Variable` named `scope/name:0`, or what the scope's getter made of it.

    Raises:
        ValueError: As `get_variable` does.

    Examples:
        >>> from getter_compat import VariableStore, get_local_variable, global_variables
        >>> with VariableStore().as_default():
        ...     print(get_local_variable("seen", [2]).name, global_variables())
        seen:0 []
    """
    creation.check_collections(collections)
    return get_variable(
        name,
        shape,
        dtype,
        initializer,
        regularizer,
        trainable=False,
        collections=[*(collections or ()), LOCAL],
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def default_store() -> VariableStore:
    """Return the store in use: the innermost that was made the default, else the global one.

    In a TF1 graph the global one is a view of that graph: TensorFlow's variables and collections.

    Examples:
        >>> from getter_compat import VariableStore, default_store
        >>> with VariableStore().as_default() as store:
        ...     print(default_store() is store)
        True
    """
    return cast(VariableStore, scopes.innermost().store)


def reset_default_store() -> None:
    """Start over with an empty global store, as `tf.reset_default_graph` did.

    Where eager execution is off, that is TensorFlow's own default graph.

    Raises:
        AssertionError: Inside a scope or inside `VariableStore.as_default()`.
    """
    if scopes.innermost_or_none() is not None:
        raise AssertionError(
            "Do not use reset_default_store() to clear nested stores. If you need a cleared store, "
            "leave the scope or store that is open, or use VariableStore().as_default()."
        )
    store = default_store()
    if store.graph is not None:
        tf.compat.v1.reset_default_graph()
    else:
        scopes.set_default_store(VariableStore())


def global_variables(scope: str | None = None) -> list[tf.Variable]:
    """Return the variables of the current store in creation order.

    Args:
        scope: A regular expression; only variables whose names begin with a match are returned.
    """
    return default_store().collection(GLOBAL, scope)


def trainable_variables(scope: str | None = None) -> list[tf.Variable]:
    """Return the trainable variables of the current store in creation order.

    Args:
        scope: A regular expression; only variables whose names begin with a match are returned.
    """
    return default_store().collection(TRAINABLE, scope)


def regularization_losses(scope: str | None = None) -> list[tf.Tensor]:
    """Return the regularization losses of the current store, computed now.

    Args:
        scope: A regular expression; only losses of variables whose names begin with a match.

    Returns:
        Scalar tensors, in the order in which the regularized variables were made.
    """
    losses = default_store().collection(LOSSES, scope)
    return [loss for loss in losses if loss is not None]


def _refuse_partitioner(name: str, partitioner: Partitioner | None) -> None:
    if partitioner is not None:
        raise NotImplementedError(
            f"Variable {name} was asked for with a partitioner, which TensorFlow 2 has no "
            "partitioned variables for. Leave the partitioner out."
        )


def _shape_asked_for(asked: Mapping[str, Any]) -> tf.TensorShape:
    """The shape that `tf.Variable` was asked for, as far as it is known."""
    value = asked["initial_value"]
    if callable(value) or asked.get("validate_shape") is False:
        return tf.TensorShape(asked.get("shape"))
    return tf.TensorShape(getattr(value, "shape", None) if tf.is_tensor(value) else np.shape(value))


def _standing_in_for(variable: tf.Variable) -> TensorLike:
    """What whoever asks for a variable is given: itself, but where something stands in for it."""
    return _stand_ins.get().get(id(variable), variable)


def behind_stand_in(value: TensorLike, used: Used) -> Any:
    """The variable that a getter handed on, where a tensor stands in for it."""
    stand_ins = _stand_ins.get()
    found = (v for v in used.variables if stand_ins.get(id(v)) is value)
    return next(found, value) if stand_ins else value


def _note(name: str, variable: tf.Variable, is_first: bool) -> None:
    used = _used.get()
    if used is None:
        return
    used.variables.append(variable)
    if is_first:
        used.created.append(variable)
        used.names.append(name)


def note_loss(loss: runs.LossOfWeight) -> None:
    """Note the loss of a variable for the layer for which it was asked, if it was for one."""
    used = _used.get()
    if used is not None:
        used.losses.append(loss)


scopes.set_default_store(VariableStore())
