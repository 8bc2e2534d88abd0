"""TensorFlow's own variable scopes in a run of a model function: libraries know no others.

There `tf.compat.v1.variable_scope` and `get_variable` open and ask for this package's scopes: one
chain of scopes, with one count of their names. In a TF1 graph both are TensorFlow's own anyway.
"""

from __future__ import annotations

import functools
from dataclasses import fields
from typing import Any

import tensorflow as tf
from tensorflow.python.ops import variable_scope as tensorflows

from getter_compat.runtime import runs, scopes


def install() -> None:
    """Have TensorFlow's functions ask for scopes and for a store here."""
    tensorflows.get_variable_scope_store = _wrap_scope_store(tensorflows.get_variable_scope_store)
    tensorflows._get_default_variable_store = _wrap_store(tensorflows._get_default_variable_store)
    manager = tensorflows._pure_variable_scope
    manager.__enter__ = _wrap_enter(manager.__enter__)
    manager.__exit__ = _wrap_exit(manager.__exit__)


_ENTERED = "_getter_compat_entered"


class _StoreOfModel(scopes.StandIn, tensorflows._VariableStore):
    """The store of the model whose function runs here."""

    def __init__(self) -> None:
        super().__init__()
        self._store_eager_variables = True  # or it would refuse to share them

    def _get_single_variable(
        self, name: str, *args: Any, partition_info: Any = None, **kwargs: Any
    ) -> Any:
        store: Any = scopes.innermost().store
        if tf.executing_eagerly():  # where TensorFlow hands on that nothing is shared
            kwargs["reuse"] = self.reuse
        return store.true_getter(name, *args, **kwargs)


class _ScopesOfModel:
    """The scopes that are open here, as what TensorFlow keeps of a thread's."""

    @property
    def current_scope(self) -> scopes.VariableScope:
        return scopes.innermost().scope

    def variable_scope_count(self, name: str) -> int:
        return scopes.innermost().names.counters.count(name)

    def close_variable_subscopes(self, name: str) -> None:
        names = scopes.innermost().names
        names.counters = names.counters.close(name)


def _wrap_store(original: Any) -> Any:
    @functools.wraps(original)
    def _get_default_variable_store() -> Any:
        store = original()
        # Another one is of somebody who wants his variables there, as who makes slots does.
        is_default = type(store) is tensorflows._VariableStore and not store._store_eager_variables
        return _StoreOfModel() if is_default and any(runs.under_way()) else store

    return _get_default_variable_store


def _wrap_scope_store(original: Any) -> Any:
    @functools.wraps(original)
    def get_variable_scope_store() -> Any:
        if not any(runs.under_way()):
            return original()
        if isinstance(tensorflows._get_default_variable_store(), _StoreOfModel):
            return _ScopesOfModel()
        frame = scopes.innermost()
        if frame.tensorflows is None:
            frame.tensorflows = tensorflows._VariableScopeStore()
            frame.tensorflows.current_scope = as_tensorflows(frame.scope)
        return frame.tensorflows

    return get_variable_scope_store


def count_in(frame: scopes.Frame) -> dict[str, int]:
    """How often scopes of each name were opened in a frame for stores that are not ours."""
    return {} if frame.tensorflows is None else dict(frame.tensorflows.variable_scopes_count)


def set_count_in(frame: scopes.Frame, count: dict[str, int]) -> None:
    """Have them count on from there: a loop's body, which TF1 ran once, begins another turn."""
    if frame.tensorflows is not None:
        frame.tensorflows.variable_scopes_count = dict(count)


def _wrap_enter(original: Any) -> Any:
    """Open a scope of this package's where TensorFlow opens one."""

    @functools.wraps(original)
    def __enter__(manager: Any) -> Any:  # noqa: N807
        here = tensorflows.get_variable_scope_store()
        if _is_of_model(here) or _is_of_model(manager._var_scope_store):
            manager._var_scope_store = here  # it may have been made elsewhere
        if not _is_of_model(here):
            return original(manager)
        given = manager._name_or_scope
        by_object = isinstance(given, scopes.VariableScope)
        around = given if by_object else scopes.innermost().scope
        name = given.name if by_object else scopes.child_name(around, given)
        opened = given if manager._old_name_scope is None else manager._old_name_scope
        name_scope = given.original_name_scope if by_object else opened
        scope = scopes.scope_of(name, name_scope, _own(manager).inside(scopes.defaults_of(around)))
        setattr(manager, _ENTERED, scopes.enter(scope, by_object))
        return scope

    return __enter__


def _is_of_model(store: Any) -> bool:
    return isinstance(store, _ScopesOfModel)


def _own(manager: Any) -> scopes.Defaults:
    """What somebody who opens a scope decides for it."""
    own = {each.name: getattr(manager, f"_{each.name}") for each in fields(scopes.Defaults)}
    return scopes.Defaults(**{**own, "reuse": own["reuse"] or None})


def _wrap_exit(original: Any) -> Any:
    @functools.wraps(original)
    def __exit__(manager: Any, *exc_info: Any) -> None:  # noqa: N807
        entered = vars(manager).pop(_ENTERED, None)
        if entered is None and not _is_of_model(manager._var_scope_store):
            original(manager, *exc_info)
            return
        is_innermost = entered is not None and entered.frame is scopes.innermost_or_none()
        if not is_innermost and exc_info[0] is None:
            raise RuntimeError("Improper nesting of variable_scope.")
        if entered is not None:
            scopes.leave(entered)

    return __exit__


def as_tensorflows(scope: scopes.VariableScope) -> Any:
    """A scope of TensorFlow's that decides for variables what one of this package's does."""
    return tensorflows.VariableScope(
        scope.reuse,
        scope.name,
        initializer=scope.initializer,
        regularizer=scope.regularizer,
        custom_getter=scope.custom_getter,
        dtype=scope.dtype,
    )
