"""What optimizers and averages ask for in a run of a model function: slots, averages, their steps.

TensorFlow makes them by variable scopes of its own, which TF1 had for all variables: here these are
opened and counted as this package's, and decide what those do. Optimizers and averages ask once. Of
one that the function keeps in Python, later runs find made what it asked an earlier one for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import tensorflow as tf
from tensorflow.python.ops import variable_scope as tf1_scopes
from tensorflow.python.training import moving_averages, slot_creator

from getter_compat.runtime import calling, runs, scopes, tensorflows_scopes

if TYPE_CHECKING:
    from getter_compat.runtime.store import VariableStore

# What asks TensorFlow's own variable scope, which TF1 had open: slots of optimizers and averages.
_IN_TF1S_SCOPE = (
    (slot_creator, "create_slot"),
    (slot_creator, "create_slot_with_initializer"),
    (moving_averages, "assign_moving_average"),
)


def install() -> None:
    """Open TensorFlow's own scopes around what makes slots and averages."""
    for owner, name in _IN_TF1S_SCOPE:
        setattr(owner, name, _wrap_in_tf1s_scope(getattr(owner, name)))


_ASKED = "_getter_compat_asked"


class NotesOfProcess(WeakKeyDictionary[Any, Any]):
    """What is noted on an optimizer or an average of stores and runs: pickles of it are without."""

    def __reduce__(self) -> tuple[type[NotesOfProcess], tuple[()]]:
        return NotesOfProcess, ()


@dataclass(slots=True)
class _Asked:
    """What was asked for in a call of a function that makes slots or averages."""

    made: dict[str | runs.OwnName, tf.Variable] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)  # scopes, by full name

    def count_again(self, frame: scopes.Frame, run: runs.Rerun) -> None:
        """Have a run that asks for none of it find it made."""
        run.count_again(self.made, ())
        run.slots.update((name, made) for name, made in self.made.items() if isinstance(name, str))
        cast("VariableStore", frame.store).see(self.made.values())
        for name in self.opened:
            frame.names.counters = frame.names.counters.open(name)


# What the call of an optimizer or an average that is under way has asked for, one for each slot.
_asked_here: ContextVar[list[_Asked] | None] = ContextVar("getter_compat_asked", default=None)


@contextmanager
def counted_for(holder: Any, held: Callable[[], Iterable[tf.Variable]]) -> Iterator[None]:
    """Count what an optimizer or an average holds for asked for in this run, as in its first one.

    Args:
        holder: The optimizer or the average, which asks in the block for what it does not hold.
        held: What it holds.
    """
    frame = next(runs.frames_under_way(), None)
    run = None if frame is None else runs.of(frame)
    if frame is None or run is None:
        yield
        return
    calls = vars(holder).setdefault(_ASKED, NotesOfProcess()).setdefault(frame.store, {})
    asked = calls.setdefault(run.next_place((_ASKED, id(holder))), [])
    known = {id(variable) for variable in held()}
    asked[:] = [each for each in asked if all(id(made) in known for made in each.made.values())]
    for each in asked:
        each.count_again(scopes.frame_of(frame.store), run)
    token = _asked_here.set(asked)
    try:
        yield
    finally:
        _asked_here.reset(token)


@contextmanager
def _noted(asked: _Asked) -> Iterator[None]:
    """Note what is asked for in the block in one, for the optimizer or the average at work."""
    noted = _asked_here.get()
    token = _asked_here.set(None)
    try:
        yield
    finally:
        _asked_here.reset(token)
    if noted is not None:
        noted.append(asked)


def note(name: str | runs.OwnName, made: tf.Variable) -> None:
    """Note a variable that an optimizer or an average asked for, if one is at work."""
    asked = _asked_here.get()
    if asked is not None:
        asked.append(_Asked({name: made}))


class _StoreOfSlots(tf1_scopes._VariableStore):
    """A store for what is found by its name among all that the code makes.

    Args:
        frame: The frame that is asked in.
        shared: What the run under way asked for, and finds again where its scope reuses.
    """

    def __init__(self, frame: scopes.Frame, shared: dict[str, tf.Variable]) -> None:
        super().__init__()
        self._frame, self._shared = frame, shared
        self.asked = _Asked()

    def get_variable(self, name: str, custom_getter: Any = None, **asked: Any) -> Any:
        # Eagerly TensorFlow's own refuses to reuse, or puts what it makes into the graph around.
        asked = {"name": name, **asked, "reuse": self._frame.scope.reuse}
        if custom_getter is None:
            return self._true_getter(**asked)
        handed = calling.arguments_for(custom_getter, asked)
        given = custom_getter(getter=self._true_getter, **handed)
        if isinstance(given, tf.Tensor):
            raise TypeError(
                f"The getter {calling.name_of(custom_getter)} returned a tensor for {name}, which "
                "an optimizer or an average is to change. It must return the variable that it is "
                "given for that, or be of a scope that the optimizer or the average is not in."
            )
        return given

    def _true_getter(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = tf.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: Any = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,  # TensorFlow sets that of the scope aside for slots
        **asked: Any,
    ) -> Any:
        reuse, is_repeat = self._frame.scope.reuse, self._frame.run.is_repeat(name)
        if name.endswith("/"):  # a slot; what has a name below it, `biased`, TF1 numbered instead
            _require_allowed(self._frame, name, is_repeat)
        if is_repeat and reuse and name in self._shared:
            return self._shared[name]
        store = cast("VariableStore", self._frame.store)
        is_new = name.rstrip("/") not in store.variables
        made = self._get_single_variable(
            name,
            shape,
            dtype,
            initializer,
            trainable=trainable,
            collections=collections,
            caching_device=caching_device,
            **asked,
        )
        if is_repeat:
            return made
        self._shared[name] = self.asked.made[name] = made
        if regularizer:
            store.regularize(name.rstrip("/"), made, regularizer, is_new)
        return made


def _require_allowed(frame: scopes.Frame, name: str, is_repeat: bool) -> None:
    """Require that a slot may be made, or shared, as `get_variable` does for what it is asked."""
    reuse, exists = frame.scope.reuse, cast("VariableStore", frame.store).has_slot(name[:-1])
    if exists and is_repeat and not reuse:
        raise ValueError(
            f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
            "reuse=tf.AUTO_REUSE in VarScope? To go on with the slots or averages of another "
            "optimizer or average open the scope with reuse=getter_compat.AUTO_REUSE."
        )
    # A layer of Keras that is built reuses, and TF1 had no variable scope for it.
    if reuse is True and not exists and not any(runs.layers_here()):
        raise ValueError(
            f"Variable {name} does not exist, or was not created with tf.get_variable(). Did you "
            "mean to set reuse=tf.AUTO_REUSE in VarScope? Let an optimizer or an average make what "
            "it keeps outside of scopes that reuse."
        )


class _ScopesOfSlots(tf1_scopes._VariableScopeStore):
    """TensorFlow's own scope of the name of this package's: names are counted once for both.

    Args:
        names: Where they are counted, and forgotten where the scope around them is closed.
        scope: The scope.
        asked: What is asked for in it, to which the scopes that are opened are added.
    """

    def __init__(self, names: scopes.Names, scope: scopes.VariableScope, asked: _Asked) -> None:
        super().__init__()
        self._names, self._asked = names, asked
        # One that does not reuse has TensorFlow look at operations for names.
        sharing = scopes.with_reuse(scope, scopes.AUTO_REUSE)
        self.current_scope = tensorflows_scopes.as_tensorflows(sharing)

    def open_variable_scope(self, name: str) -> None:
        self._asked.opened.append(name)
        self._names.counters = self._names.counters.open(name)

    def close_variable_subscopes(self, name: str) -> None:
        self._names.counters = self._names.counters.close(name)

    def variable_scope_count(self, name: str) -> int:
        return self._names.counters.count(name)


def are_made() -> bool:
    """Whether slots or averages are made here."""
    return isinstance(scopes.innermost().tensorflows, _ScopesOfSlots)


def _wrap_in_tf1s_scope(original: Any) -> Any:
    """Open TensorFlow's own variable scope of the name of this package's around a function."""

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        run = runs.innermost()
        if run is None:
            return original(*args, **kwargs)
        here = scopes.innermost()
        around = scopes.frame_of(next(runs.frames_under_way()).store)
        frame = scopes.Frame(around.store, around.names, here.scope, around.run, here)
        # Their own store has the variables of all functions and models: by name, and for good.
        store = _StoreOfSlots(frame, run.slots)
        frame.tensorflows = _ScopesOfSlots(frame.names, frame.scope, store.asked)
        with _noted(store.asked), scopes.opened(frame), tf1_scopes.with_variable_store(store):
            return original(*args, **kwargs)

    return function
