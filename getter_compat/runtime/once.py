"""What model code makes as it runs, made once: the next run of the code finds it, by TF1's name.

TF1 ran model code once, so that a `tf.Variable` in it was made once. Here the code runs again, for
another kind of input or at every call. What it was, its name tells, as in TF1: that of the
operation name scope, and a number where the run has used the name before.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import tensorflow as tf
from tensorflow.python.framework.ops import Graph, name_scope_v2
from tensorflow.python.ops import variable_scope as tf1_scopes
from tensorflow.python.training import moving_averages, slot_creator, training_util

from getter_compat.runtime import creation, runs, scopes

if TYPE_CHECKING:
    from getter_compat.runtime.store import VariableStore

_OF_TENSORFLOW = ("tensorflow", "getter_compat", "functools", "contextlib")
_OF_KERAS = ("keras", "tf_keras")

# What asks TensorFlow's own variable scope, which TF1 had open: slots of optimizers and averages.
_IN_TF1S_SCOPE = (
    (slot_creator, "create_slot"),
    (slot_creator, "create_slot_with_initializer"),
    (moving_averages, "assign_moving_average"),
    (training_util, "create_global_step"),
)


def made_once(store: VariableStore, run: runs.Rerun) -> AbstractContextManager[None]:
    """Have what the code in a block makes found again by later runs on the store."""
    scope: AbstractContextManager[None] = tf.variable_creator_scope(
        functools.partial(_find_or_make, store, run)
    )
    return scope


def _find_or_make(
    store: VariableStore, run: runs.Rerun, create: Callable[..., Any], **asked: Any
) -> Any:
    """Find or make a variable that the code asked no variable scope for."""
    if creation.is_making():  # the store itself, or one of those below
        return create(**asked)
    name = asked.get("name") or "Variable"
    if _is_of_keras():
        return run.keep(("variable", name), lambda: creation.create_as_asked(name, create, asked))
    names = run.operation_names
    # A slash at the end means this very scope: so TensorFlow makes slots, in scopes of their names.
    full_name = name[:-1] if name.endswith("/") else names.unique_here(name)
    return store.find_or_make(full_name, create, asked)


def _is_of_keras() -> bool:
    """Whether it is Keras that makes a variable: to TF1 those of its metrics had no scope."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        package = frame.f_globals.get("__name__", "").split(".")[0]
        if package not in _OF_TENSORFLOW:
            return package in _OF_KERAS
        frame = frame.f_back
    return False


def install() -> None:
    """Have runs told of the name scopes that are opened in them, and of slots that are made."""
    name_scope_v2.__enter__ = _wrap_enter(name_scope_v2.__enter__)
    Graph.name_scope = _wrap_name_scope(Graph.name_scope)
    for owner, name in _IN_TF1S_SCOPE:
        setattr(owner, name, _wrap_in_tf1s_scope(getattr(owner, name)))


def _run_with_names() -> runs.Rerun | None:
    """The run that counts the names here: not those that making a variable has inside."""
    if scopes.innermost_or_none() is None or creation.is_making():
        return None
    return next(runs.under_way(), None)


def _wrap_enter(original: Any) -> Any:
    """Wrap what opens a name scope eagerly."""

    @functools.wraps(original)
    def __enter__(scope: Any) -> Any:  # noqa: N807
        run = _run_with_names()
        if run is None or not tf.executing_eagerly():
            return original(scope)
        around = tf.get_current_name_scope()
        opened = original(scope)
        run.operation_names.note_scope(scope.name or "", around, opened)
        return opened

    return __enter__


def _wrap_name_scope(original: Any) -> Any:
    """Wrap what opens a name scope in a graph."""

    @contextmanager
    def noted(graph: Any, name: Any, run: Any) -> Any:
        around = graph.get_name_scope()
        with original(graph, name) as opened:
            run.operation_names.note_scope(name or "", around, opened)
            yield opened

    @functools.wraps(original)
    def name_scope(graph: Any, name: Any) -> Any:
        run = _run_with_names()
        return original(graph, name) if run is None else noted(graph, name, run)

    return name_scope


def _wrap_in_tf1s_scope(original: Any) -> Any:
    """Open TensorFlow's own variable scope of the name of this package's around a function."""

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        run = next(runs.under_way(), None)
        if run is None:
            return original(*args, **kwargs)
        theirs = tf1_scopes.get_variable_scope_store()
        before = theirs.current_scope, theirs.variable_scopes_count
        name = scopes.get_variable_scope().name
        theirs.current_scope = tf1_scopes.VariableScope(tf1_scopes.AUTO_REUSE, name)
        theirs.variable_scopes_count = run.tf1_scopes_count
        try:
            return original(*args, **kwargs)
        finally:
            theirs.current_scope, theirs.variable_scopes_count = before

    return function
