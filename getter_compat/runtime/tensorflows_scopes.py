"""TensorFlow's own variable scopes in a run of a model function: libraries know no others.

`tf.compat.v1.variable_scope` and `get_variable` begin there in the scope that is open here, and ask
the model's store. In a TF1 graph both are TensorFlow's own anyway.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

from tensorflow.python.ops import variable_scope as tensorflows

from getter_compat.runtime import runs, scopes


def install() -> None:
    """Have TensorFlow's functions ask for scopes and for a store here."""
    tensorflows.get_variable_scope_store = _wrap_scope_store(tensorflows.get_variable_scope_store)
    tensorflows._get_default_variable_store = _wrap_store(tensorflows._get_default_variable_store)
    manager = tensorflows._pure_variable_scope
    manager.__enter__ = _wrap_enter(manager.__enter__)
    manager.__exit__ = _wrap_exit(manager.__exit__)


_OPENED = "_getter_compat_opened"


class _StoreOfModel(tensorflows._VariableStore):
    """The store of the model whose function runs here."""

    def __init__(self) -> None:
        super().__init__()
        self._store_eager_variables = True  # or it would refuse to share them

    def _get_single_variable(
        self, name: str, *args: Any, partition_info: Any = None, **kwargs: Any
    ) -> Any:
        store: Any = scopes.innermost().store
        return store.true_getter(name, *args, **kwargs)


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
        frame = scopes.innermost()
        if frame.tensorflows is None:
            frame.tensorflows = tensorflows._VariableScopeStore()
            frame.tensorflows.current_scope = _as_tensorflows(frame.scope)
        return frame.tensorflows

    return get_variable_scope_store


def count_in(frame: scopes.Frame) -> dict[str, int]:
    """How often scopes of each name were opened in a frame by TensorFlow's functions."""
    return {} if frame.tensorflows is None else dict(frame.tensorflows.variable_scopes_count)


def set_count_in(frame: scopes.Frame, count: dict[str, int]) -> None:
    """Have them count on from there: a loop's body, which TF1 ran once, begins another turn."""
    if frame.tensorflows is not None:
        frame.tensorflows.variable_scopes_count = dict(count)


def _wrap_enter(original: Any) -> Any:
    """Have what is asked of this package in a scope of TensorFlow's be in that."""

    @functools.wraps(original)
    def __enter__(manager: Any) -> Any:  # noqa: N807
        opened = original(manager)
        if not isinstance(tensorflows._get_default_variable_store(), _StoreOfModel):
            return opened
        here = scopes.innermost()
        # Eagerly TensorFlow has all its scopes reuse.
        reuse = manager._reuse or here.scope.reuse
        defaults = replace(scopes.defaults_of(opened), reuse=reuse)
        scope = scopes.scope_of(opened.name, opened.original_name_scope, defaults)
        here.names.counters = here.names.counters.open(scope.name)
        frame = scopes.Frame(here.store, here.names, scope, here.run, here)
        frame.tensorflows = here.tensorflows
        setattr(manager, _OPENED, (frame, scopes.push(frame)))
        return opened

    return __enter__


def _wrap_exit(original: Any) -> Any:
    @functools.wraps(original)
    def __exit__(manager: Any, *exc_info: Any) -> None:  # noqa: N807
        frame, token = manager.__dict__.pop(_OPENED, (None, None))
        if frame is not None:
            scopes.pop(token)
            frame.names.counters = frame.names.counters.close(frame.scope.name)
        original(manager, *exc_info)

    return __exit__


def _as_tensorflows(scope: scopes.VariableScope) -> Any:
    return tensorflows.VariableScope(
        scope.reuse,
        scope.name,
        initializer=scope.initializer,
        regularizer=scope.regularizer,
        custom_getter=scope.custom_getter,
        dtype=scope.dtype,
    )
