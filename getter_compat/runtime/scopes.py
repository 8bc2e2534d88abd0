"""TF1's variable scopes: names, inheritance, reuse, uniquifying.

A scope holds the defaults of the variables that are asked for inside it. The scopes that are open
form a chain of frames, one chain for each thread or asyncio task; a frame also says whose names
they are (a store's) and by which rule an existing variable may be found. What a variable is, this
module does not know.

In a TF1 graph the scopes are those that TensorFlow still has, and the store is a view of the graph
(`graph.py`): frames that were opened elsewhere do not reach into it, as nothing of one graph
reached into another.

The rules are those of `tensorflow/python/ops/variable_scope.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

import re
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

import tensorflow as tf

from getter_compat.runtime import calling, shown
from getter_compat.typing import (
    Constraint,
    Device,
    DType,
    Getter,
    Initializer,
    Partitioner,
    Regularizer,
    Reuse,
    Shape,
    TensorLike,
)

AUTO_REUSE: Enum = tf.compat.v1.AUTO_REUSE
"""Ask a scope to find the variables that exist and to create the others, as `tf.AUTO_REUSE` did."""


# TensorFlow's rule for the name of an operation, which a scope's name had to satisfy.
_VALID_AT_ROOT = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$")
_VALID_BELOW = re.compile(r"[A-Za-z0-9_.\\/>-]*$")


@dataclass(frozen=True)
class Defaults:
    """What a scope decides for the variables asked for in it; `None` where it leaves that open."""

    reuse: Reuse = None
    initializer: Initializer | TensorLike | None = None
    regularizer: Regularizer | None = None
    caching_device: Device | None = None
    partitioner: Partitioner | None = None
    custom_getter: Getter | None = None
    dtype: DType | None = None
    use_resource: bool | None = None
    constraint: Constraint | None = None

    def inside(self, around: Defaults) -> Defaults:
        """These, and for what they leave open those of the scope around.

        In TF1 getters nest, and a constraint is not inherited.
        """
        own = {name: value for name, value in vars(self).items() if value is not None}
        own["custom_getter"] = calling.nest(self.custom_getter, around.custom_getter)
        own["constraint"] = self.constraint
        return Defaults(**{**vars(around), **own})


class _AnyScope(type):
    """Has `isinstance` take the scopes of a TF1 graph, which TensorFlow made, for scopes."""

    def __instancecheck__(cls, value: TensorLike) -> bool:
        return isinstance(value, tf.compat.v1.VariableScope)


# TensorFlow's class has no types: to type checkers any attribute would be one of it.
if TYPE_CHECKING:
    _Scope = object
else:
    _Scope = tf.compat.v1.VariableScope


class VariableScope(_Scope, metaclass=_AnyScope):
    """A scope: a name, and the defaults of the variables asked for under it.

    Made by `getter_scope`, seldom by hand. The attributes and `set_*` methods are TF1's; a setter
    acts on this object and on the scopes opened below it from then on.

    It is what TensorFlow has of the name, without what that changes in eager execution. In a TF1
    graph scopes are of TensorFlow's own class, and either is entered there and here.

    Examples:
        >>> with getter_scope("model", reuse=AUTO_REUSE) as scope:
        ...     print(scope.name, scope.reuse is AUTO_REUSE)
        model True
    """

    def __init__(
        self,
        reuse: Reuse,
        name: str = "",
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        caching_device: Device | None = None,
        partitioner: Partitioner | None = None,
        custom_getter: Getter | None = None,
        name_scope: str = "",
        dtype: DType | None = tf.float32,
        use_resource: bool | None = None,
        constraint: Constraint | None = None,
    ) -> None:
        defaults = Defaults(
            reuse=reuse,
            initializer=initializer,
            regularizer=regularizer,
            caching_device=caching_device,
            partitioner=partitioner,
            custom_getter=custom_getter,
            dtype=dtype,
            use_resource=use_resource,
            constraint=constraint,
        )
        self._have(name, name_scope, defaults)

    def _have(self, name: str, name_scope: str, defaults: Defaults) -> None:
        self._name, self._name_scope, self._defaults = name, name_scope, defaults

    @property
    def name(self) -> str:
        """The full name, without a slash at its end; `""` for the root."""
        return self._name

    @property
    def original_name_scope(self) -> str:
        """The operation name scope that was opened with this scope, with a slash at its end."""
        return self._name_scope

    @property
    def reuse(self) -> Reuse:
        """`False`, `True` or `AUTO_REUSE`."""
        return self._defaults.reuse

    @property
    def initializer(self) -> Initializer | TensorLike | None:
        """The initializer of variables that are asked for without one."""
        return self._defaults.initializer

    @property
    def dtype(self) -> DType | None:
        """The dtype of variables that are asked for without one; `tf.float32` unless set."""
        return self._defaults.dtype

    @property
    def use_resource(self) -> bool | None:
        """Kept for code that reads it: every variable of TensorFlow 2 is a resource variable."""
        return self._defaults.use_resource

    @property
    def regularizer(self) -> Regularizer | None:
        """The regularizer of the variables created under this scope."""
        return self._defaults.regularizer

    @property
    def caching_device(self) -> Device | None:
        """The caching device that getters are told of."""
        return self._defaults.caching_device

    @property
    def partitioner(self) -> Partitioner | None:
        """The partitioner of variables that are asked for without one."""
        return self._defaults.partitioner

    @property
    def custom_getter(self) -> Getter | None:
        """This scope's getter around those of the scopes that it was opened in."""
        return self._defaults.custom_getter

    @property
    def constraint(self) -> Constraint | None:
        """The constraint of variables asked for in this very scope: TF1 did not inherit it."""
        return self._defaults.constraint

    def __repr__(self) -> str:
        getter = self.custom_getter
        asks = "" if getter is None else f", custom_getter={calling.name_of(getter)}"
        return f"<VariableScope {self.name!r}, reuse={self.reuse}{asks}>"

    def _repr_html_(self) -> str:
        """The scope and, of the store in use, the variables under it."""
        return shown.html_table(repr(self), self.global_variables())

    def reuse_variables(self) -> None:
        """From now on find variables under this scope, and create none."""
        self._decide(reuse=True)

    def set_initializer(self, initializer: Initializer | TensorLike | None) -> None:
        """Set the default initializer."""
        self._decide(initializer=initializer)

    def set_dtype(self, dtype: DType | None) -> None:
        """Set the default dtype."""
        self._decide(dtype=dtype)

    def set_use_resource(self, use_resource: bool) -> None:
        """Set `use_resource`."""
        self._decide(use_resource=use_resource)

    def set_regularizer(self, regularizer: Regularizer | None) -> None:
        """Set the default regularizer."""
        self._decide(regularizer=regularizer)

    def set_caching_device(self, caching_device: Device | None) -> None:
        """Set the caching device."""
        self._decide(caching_device=caching_device)

    def set_partitioner(self, partitioner: Partitioner | None) -> None:
        """Set the default partitioner."""
        self._decide(partitioner=partitioner)

    def set_custom_getter(self, custom_getter: Getter | None) -> None:
        """Replace the getter, together with what this scope had inherited; `None` clears it."""
        self._decide(custom_getter=custom_getter)

    def _decide(self, **decided: Any) -> None:
        self._defaults = replace(self._defaults, **decided)

    def get_collection(self, name: str) -> list[Any]:
        """The elements of the current store's collection `name` that lie under this scope."""
        return innermost().store.collection(name, self._name + "/" if self._name else "")

    def global_variables(self) -> list[tf.Variable]:
        """The variables under this scope."""
        return self.get_collection("variables")

    def trainable_variables(self) -> list[tf.Variable]:
        """The trainable variables under this scope."""
        return self.get_collection("trainable_variables")

    def local_variables(self) -> list[tf.Variable]:
        """The local variables under this scope."""
        return self.get_collection("local_variables")

    def get_variable(
        self,
        var_store: Any,
        name: str,
        shape: Shape | None = None,
        dtype: DType | None = None,
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        reuse: Reuse = None,
        trainable: bool | None = None,
        collections: Sequence[str] | None = None,
        caching_device: Device | None = None,
        partitioner: Partitioner | None = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        custom_getter: Getter | None = None,
        constraint: Constraint | None = None,
        synchronization: tf.VariableSynchronization = tf.VariableSynchronization.AUTO,
        aggregation: tf.VariableAggregation = tf.VariableAggregation.NONE,
    ) -> TensorLike:
        """Ask a store for a variable under this scope, whatever scope is open.

        Args:
            var_store: The `VariableStore`; in a TF1 graph that of TensorFlow.
            name: The name below this scope.
            shape: As in `get_variable`, like the following.
            dtype: Its dtype.
            initializer: Its initializer.
            regularizer: Its regularizer.
            reuse: Whether to share an existing variable; by default as the scope does.
            trainable: As in `get_variable`, like the following.
            collections: The collections it joins.
            caching_device: Handed to the getters.
            partitioner: Handed to the getters.
            validate_shape: Handed to the getters.
            use_resource: Handed to the getters.
            custom_getter: A getter for this variable, instead of those of the scope.
            constraint: A function of the variable.
            synchronization: A `tf.VariableSynchronization`.
            aggregation: A `tf.VariableAggregation`.

        Returns:
            As `get_variable`.
        """
        asked: dict[str, Any] = {
            "shape": shape,
            "dtype": dtype,
            "initializer": initializer,
            "regularizer": regularizer,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "custom_getter": custom_getter,
            "constraint": constraint,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        if isinstance(var_store, StandIn):
            var_store.reuse = self.reuse if reuse is None else reuse
            if not (partitioner or self.partitioner):
                var_store = innermost().store
        if not isinstance(var_store, ScopeStore):
            theirs = tf.compat.v1.VariableScope(name=self._name, **vars(self._defaults))
            return theirs.get_variable(var_store, name, reuse=reuse, **asked)
        scope = with_reuse(self, self.reuse if reuse is None else reuse)
        here = frame_of(var_store)
        frame = Frame(var_store, here.names, scope, here.run, innermost_or_none())
        with opened(frame):
            return var_store.request(name, **asked).run()


def defaults_of(scope: VariableScope) -> Defaults:
    """What a scope decides, be it one of this package or TensorFlow's own."""
    if type(scope) is VariableScope:
        return scope._defaults
    return Defaults(**{each.name: getattr(scope, each.name) for each in fields(Defaults)})


def scope_of(name: str, name_scope: str, defaults: Defaults) -> VariableScope:
    """A scope that has these defaults."""
    scope = VariableScope.__new__(VariableScope)
    scope._have(name, name_scope, defaults)
    return scope


def with_reuse(scope: VariableScope, reuse: Reuse) -> VariableScope:
    """A scope that is another one but for its `reuse`."""
    defaults = replace(defaults_of(scope), reuse=reuse)
    return scope_of(scope.name, scope.original_name_scope, defaults)


def child_name(scope: VariableScope, name: str) -> str:
    """The full name of `name` under a scope."""
    return scope.name + "/" + name if scope.name else name  # which refuses what is no text, as TF1


@dataclass(frozen=True, slots=True)
class Counters:
    """How often each scope name was opened, as a tree of name components that never changes.

    TF1 kept one flat dict for a thread, copied it whenever a scope object was entered and searched
    it whenever a scope was closed. Here keeping the old counts is keeping the old tree, and closing
    a scope drops one branch, so that the thousandth layer of a model costs what the first did.
    """

    opened: int = 0
    below: dict[str, Counters] | None = None

    def count(self, name: str) -> int:
        """How often `name` was opened since the scope around it was."""
        node: Counters | None = self
        for part in name.split("/"):
            if node is None or node.below is None:
                return 0
            node = node.below.get(part)
        return 0 if node is None else node.opened

    def taken(self, name: str) -> int:
        """How often a name was taken from operations: a scope opened again was `name_1` to them."""
        base, _, number = name.rpartition("_")
        is_of_another = number.isdecimal() and 0 < int(number) < self.count(base)
        return self.count(name) + is_of_another

    def open(self, name: str) -> Counters:
        """Count `name` once more."""
        return self._change(name.split("/"), lambda node: replace(node, opened=node.opened + 1))

    def close(self, name: str) -> Counters:
        """Forget what was counted below `name`."""
        return self._change(name.split("/"), lambda node: replace(node, below=None))

    def _change(self, path: list[str], change: Callable[[Counters], Counters]) -> Counters:
        if not path:
            return change(self)
        below = self.below or {}
        child = below.get(path[0], _NO_COUNTS)._change(path[1:], change)
        return Counters(self.opened, {**below, path[0]: child})


_NO_COUNTS = Counters()


class Names:
    """One run through the code that builds a model: its root scope, and its counters.

    A thread has one for each store, as it had one `_VariableScopeStore` for each graph of TF1. A
    `ScopedModel` makes a fresh one at every call, so that unnamed layers get the same names again.
    """

    __slots__ = ("counters", "root")

    def __init__(self, counters: Counters = _NO_COUNTS, root: VariableScope | None = None) -> None:
        self.counters = counters
        self.root = root if root is not None else VariableScope(False)


# What is counted of the names of each thread, as the running asyncio task sees it.
_counted: ContextVar[Mapping[weakref.ref[ThreadNames], Counters]] = ContextVar(
    "getter_compat_counters",
    default={},  # noqa: B039 - it is never changed in place
)


class ThreadNames(Names):
    """The names of a thread for a store.

    An asyncio task goes on from what was counted where it was started, and no other task sees what
    it counts itself: names would depend on whose turn it was.
    """

    __slots__ = ("__weakref__",)

    @property
    def counters(self) -> Counters:
        """How often each name was opened, in this task and before it was started."""
        return _counted.get().get(weakref.ref(self), _NO_COUNTS)

    @counters.setter
    def counters(self, counters: Counters) -> None:
        others = {names: count for names, count in _counted.get().items() if names() is not None}
        _counted.set({**others, weakref.ref(self): counters})


class Run(Protocol):
    """A run of model code: by which rule a request without reuse may still find a variable."""

    @property
    def may_create(self) -> bool:
        """Whether a variable that does not exist may be created at all."""
        ...

    def is_repeat(self, name: str) -> bool:
        """Note that `name` is asked for; tell whether its variable counts as already given out."""
        ...


class Building:
    """TF1's own rule: whatever exists was given out, and is reused only on purpose."""

    may_create = True

    def is_repeat(self, name: str) -> bool:
        """Yes."""
        return True


BUILDING = Building()


class ScopeStore:
    """The part of a store that scopes need: its names and its collections."""

    opens_name_scopes = False
    """Whether the scope of a layer names its operations, as in TF1. Else Keras names them."""

    def __init__(self) -> None:
        self._threads = threading.local()

    @property
    def names(self) -> Names:
        """The names of the running thread."""
        names: Names | None = getattr(self._threads, "names", None)
        if names is None:
            root = VariableScope(_reuse_at_root.get())
            names = self._threads.names = ThreadNames(root=root)
        return names

    def collection(self, name: str, scope: str | None = None) -> list[Any]:
        """The elements of a collection whose names match the regular expression `scope`."""
        return []

    def collection_of_part(self, name: str, scope: str | None, run: Any, told: Any) -> list[Any]:
        """The same, of a part of a run: with those of its own parts, as `run` called them."""
        return []

    def request(self, name: str, *args: Any, **asked: Any) -> Any:
        """Ask for a variable in the current scope."""
        raise NotImplementedError

    def open_name_scope(self, name: str) -> AbstractContextManager[str]:
        """Open the operation name scope that goes with a variable scope."""
        return nullcontext(f"{name}/")

    def variable_scope(
        self, arguments: Mapping[str, Any]
    ) -> AbstractContextManager[VariableScope] | None:
        """What opens a scope in the place of `getter_scope`; `None`: that does."""
        return None

    def layer_scope(
        self, scope: VariableScope, reuse: Reuse
    ) -> AbstractContextManager[None] | None:
        """What opens the scope of a layer that is built or called; `None`: a frame does."""
        return None


class StandIn:
    """What TensorFlow's functions take for their variable store, and is the one in use here.

    Attributes:
        reuse: That of the scope which asks. Eagerly TensorFlow's own share all, and tell none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reuse: Reuse = AUTO_REUSE


@dataclass(slots=True, eq=False)  # not frozen: one is made at every layer call
class Frame:
    """An open scope: whose names it uses, how it finds variables, and the frame around it."""

    store: ScopeStore
    names: Names
    scope: VariableScope
    run: Run = BUILDING
    outer: Frame | None = None
    graph: ScopeStore | None = field(default_factory=lambda: _graph())
    tensorflows: Any = None  # TensorFlow's own scopes, for variables that are in no store of ours


_innermost: ContextVar[Frame | None] = ContextVar("getter_compat_frame", default=None)
_reuse_at_root: ContextVar[bool] = ContextVar("getter_compat_reuse_at_root", default=False)
_default_store: ScopeStore = ScopeStore()


def _no_graph() -> ScopeStore | None:
    return None


_graph: Callable[[], ScopeStore | None] = _no_graph


def set_graph(graph: Callable[[], ScopeStore | None]) -> None:
    """Ask this function for the store of the TF1 graph that is being built here, if one is."""
    global _graph
    _graph = graph


def set_default_store(store: ScopeStore) -> None:
    """Make `store` the one that is used where no other was made the default."""
    global _default_store
    _default_store = store


def is_active() -> bool:
    """Whether a scope is open here, or the root scope was given defaults: layers need attention."""
    return innermost_or_none() is not None or _has_defaults(_store_of_all().names.root)


def _has_defaults(scope: VariableScope) -> bool:
    return bool(
        scope.name
        or scope.custom_getter is not None
        or bool(scope.reuse) is not _reuse_at_root.get()
        or scope.initializer is not None
        or scope.regularizer is not None
    )


def innermost() -> Frame:
    """The innermost open frame; outside of all, the default store's root in this thread."""
    frame = innermost_or_none()
    if frame is not None:
        return frame
    store = _store_of_all()
    names = store.names
    return Frame(store, names, names.root)


def _store_of_all() -> ScopeStore:
    """The store that is in use where none was made the default: that of the graph, or the one."""
    return _graph() or _default_store


def innermost_or_none() -> Frame | None:
    """The innermost open frame, if a scope or a store was opened here, in this graph."""
    frame = _innermost.get()
    return frame if frame is None or frame.graph is _graph() else None


def frame_of(store: ScopeStore) -> Frame:
    """The innermost open frame of one store, else the root of that store in this thread."""
    frame = innermost_or_none()
    while frame is not None and frame.store is not store:
        frame = frame.outer
    return frame if frame is not None else Frame(store, store.names, store.names.root)


def push(frame: Frame | None) -> Token[Frame | None]:
    """Open a frame, or hide those that are open. `pop` must close each, in the reverse order."""
    return _innermost.set(frame)


def pop(token: Token[Frame | None]) -> None:
    """Close the frame that `push` opened."""
    _innermost.reset(token)


@contextmanager
def opened(frame: Frame) -> Iterator[Frame]:
    """Hold a frame open around a block."""
    token = push(frame)
    try:
        yield frame
    finally:
        pop(token)


@contextmanager
def in_replica(caller: Frame | None, is_first: bool) -> Iterator[None]:
    """Begin the thread of a `tf.distribute` replica in the scope that `strategy.run` is called in.

    As TF1's strategies did: names are counted afresh, and all replicas but the first reuse.

    Args:
        caller: The innermost frame of the caller; `None` where no scope is open.
        is_first: Whether it is the first replica of this process, the one that makes variables.
    """
    _reuse_at_root.set(not is_first)  # for good: the thread ends with the replica
    if caller is None:
        yield
        return
    names = Names(root=caller.names.root)
    frame = Frame(caller.store, names, caller.scope, caller.run, caller.outer)
    again = getter_scope(caller.scope, reuse=not is_first, auxiliary_name_scope=False)
    with opened(frame), again:
        yield


def get_variable_scope() -> VariableScope:
    """Return the current variable scope, as `tf.get_variable_scope` did.

    Returns:
        The innermost open scope; the root scope of this thread outside of all scopes.

    Examples:
        >>> with getter_scope("a"), getter_scope("b"):
        ...     print(get_variable_scope().name)
        a/b
    """
    return innermost().scope


def unique_name(prefix: str, frame: Frame | None = None) -> str:
    """Number a name so that it is new in the current scope: `dense`, `dense_1`, ..."""
    frame = frame or innermost()
    counters = frame.names.counters
    full_name = child_name(frame.scope, prefix)
    if not counters.count(full_name):
        return prefix
    number = 1
    while counters.count(f"{full_name}_{number}"):
        number += 1
    return f"{prefix}_{number}"


@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """What an open scope has to undo, once for each thread or task that is in it."""

    frame: Frame
    token: Token[Frame | None]
    counters: Counters | None  # to restore, after a scope object was entered
    name_scope: AbstractContextManager[str] | None


def enter(
    scope: VariableScope,
    by_object: bool,
    name_scope: AbstractContextManager[str] | None = None,
) -> Entered:
    """Open a scope: ask in it for what is asked for, and count its name.

    Args:
        scope: The scope.
        by_object: Whether it is one that was open before, and is entered again.
        name_scope: The operation name scope that was entered with it.
    """
    outer = innermost()
    names = outer.names
    names.counters = names.counters.open(scope.name)
    counters = names.counters if by_object else None
    frame = Frame(outer.store, names, scope, outer.run, outer)
    return Entered(frame, push(frame), counters, name_scope)


def leave(entered: Entered, *exc_info: Any) -> None:
    """Close a scope: what was counted below its name is forgotten, or what was in it at all."""
    pop(entered.token)
    names = entered.frame.names
    if entered.counters is not None:
        names.counters = entered.counters
    else:
        names.counters = names.counters.close(entered.frame.scope.name)
    if entered.name_scope is not None:
        entered.name_scope.__exit__(*exc_info)


class getter_scope:  # noqa: N801 - it is used as the function tf.variable_scope was
    """Open a variable scope, as `tf.variable_scope` did in TensorFlow 1.

    Keras layers that are built inside ask the scope's getters for their weights, and their
    variables have TF1's names: `model/dense/kernel:0`, `model/dense_1/kernel:0`.

    Args:
        name_or_scope: The name of the scope to open below the current one, or a `VariableScope` to
            enter again, wherever the code is now, with that scope's name, defaults and getters.
        default_name: The name to use, made unique, where `name_or_scope` is `None`.
        values: Tensors that choose the graph, in a TF1 graph; elsewhere without effect.
        initializer: The default initializer of variables; layers use it where they have none.
        regularizer: The default regularizer, applied to the variables themselves.
        caching_device: Handed to the getters; it has no effect in TensorFlow 2.
        partitioner: Handed to the getters and to `get_variable`.
        custom_getter: A function `(getter, name, *args, **kwargs)` that decides what a weight is,
            or `None`. The getters of nested scopes nest: the innermost runs first.
        reuse: `True` to find variables only, `AUTO_REUSE` to find or create them; `None` and
            `False` inherit.
        dtype: The default dtype of `get_variable`.
        use_resource: Kept, without effect.
        constraint: The default constraint of `get_variable` in this very scope.
        auxiliary_name_scope: Whether to open an operation name scope too. TensorFlow has one stack
            of those for a thread: while asyncio tasks take turns inside their scopes, operations
            may be named after the scope of another task. Variables of scopes never are.

    Returns:
        A context manager that yields the `VariableScope`. It may be entered again.

    Raises:
        TypeError: If neither a name nor a default name is given, or one is of the wrong type.
        ValueError: If `reuse` or a name is not valid.
        RuntimeError: On leaving a scope while another one is still open in it.

    Examples:
        >>> with getter_scope("model") as scope:
        ...     with getter_scope("block"):
        ...         print(get_variable_scope().name)
        model/block
        >>> with getter_scope("elsewhere"), getter_scope(scope):
        ...     print(get_variable_scope().name)
        model
    """

    def __init__(
        self,
        name_or_scope: str | VariableScope | None,
        default_name: str | None = None,
        values: Iterable[TensorLike] | None = None,
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        caching_device: Device | None = None,
        partitioner: Partitioner | None = None,
        custom_getter: Getter | None = None,
        reuse: Reuse = None,
        dtype: DType | None = None,
        use_resource: bool | None = None,
        constraint: Constraint | None = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if name_or_scope is None and default_name is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if reuse is not None and reuse is not AUTO_REUSE and not isinstance(reuse, bool):
            raise ValueError("The reuse parameter must be True or False or None.")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(
                "The auxiliary_name_scope must be `True` or `False`, "
                f"while get {auxiliary_name_scope}"
            )
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._own = Defaults(
            reuse=reuse or None,  # TF1: there is no scope that does not inherit
            initializer=initializer,
            regularizer=regularizer,
            caching_device=caching_device,
            partitioner=partitioner,
            custom_getter=custom_getter,
            dtype=dtype,
            use_resource=use_resource,
            constraint=constraint,
        )
        self._auxiliary_name_scope = auxiliary_name_scope
        self._entered: list[Entered] = []
        self._in_graph = innermost().store.variable_scope(
            {
                "name_or_scope": name_or_scope,
                "default_name": default_name,
                "values": values,
                "auxiliary_name_scope": auxiliary_name_scope,
                **vars(self._own),
            }
        )

    def __enter__(self) -> VariableScope:
        if self._in_graph is not None:
            return self._in_graph.__enter__()
        outer = innermost()
        given = self._name_or_scope
        if isinstance(given, VariableScope):
            return self._enter(outer, given, given.name, given.name.split("/")[-1])
        name = self._resolve_name(given, outer)
        # The name scope of a default name TF1 numbered apart from the variable scope.
        asked = name if given is not None else self._default_name
        return self._enter(outer, outer.scope, child_name(outer.scope, name), asked)

    def _resolve_name(self, given: str | None, outer: Frame) -> str:
        if given is None:
            if self._own.reuse:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
            assert self._default_name is not None
            check_name(self._default_name, outer.scope.name)
            return unique_name(self._default_name, outer)
        if not isinstance(given, str):
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        check_name(given, outer.scope.name)
        return given

    def _enter(
        self, outer: Frame, template: VariableScope, full_name: str, name: str | None
    ) -> VariableScope:
        """Open `full_name` with the defaults of `template`: the enclosing scope, or one given."""
        by_object = template is self._name_or_scope
        name_scope = self._open_name_scope(outer, name)
        name_scope_name = self._name_scope_here() if name_scope is None else name_scope.__enter__()
        if by_object:
            name_scope_name = template.original_name_scope
        scope = scope_of(full_name, name_scope_name, self._own.inside(defaults_of(template)))
        self._entered.append(enter(scope, by_object, name_scope))
        return scope

    def _open_name_scope(
        self, outer: Frame, name: str | None
    ) -> AbstractContextManager[str] | None:
        if not name or not self._auxiliary_name_scope:
            return None
        return outer.store.open_name_scope(name)

    def _name_scope_here(self) -> str:
        """TF1 entered the operation name scope that was open again, where it opened none."""
        here: str = tf.get_current_name_scope()
        return f"{here}/" if here and not self._auxiliary_name_scope else ""

    def __exit__(self, *exc_info: Any) -> None:
        if self._in_graph is not None:
            self._in_graph.__exit__(*exc_info)
            return
        here = _innermost.get()
        entered = next((e for e in reversed(self._entered) if e.frame is here), None)
        if entered is None:
            raise RuntimeError(
                "Improper nesting of variable_scope. "
                f"Leave the scopes inside {self._entered[-1].frame.scope.name!r} before it."
            )
        self._entered.remove(entered)
        leave(entered, *exc_info)


def check_name(name: str, below: str = "") -> None:
    """Refuse a name that TensorFlow refused for an operation, below the scope `below`."""
    valid = _VALID_BELOW if below else _VALID_AT_ROOT
    if name and not valid.match(name):
        raise ValueError(
            f"'{name}' is not a valid scope name. "
            "Use letters, digits and any of _ . - / (and no _ at the very beginning)."
        )
