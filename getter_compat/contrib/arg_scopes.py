"""`arg_scope`: defaults for the arguments of functions, as in `tf.contrib.framework`. Pure Python.

What holds in a scope is a dict from a decorated function to the keywords that it gets; a scope can
be handed on by that dict. The rules are those of `contrib/framework/python/ops/arg_scope.py` in
TensorFlow 1.15 (Apache License 2.0). Unlike TF1's, which were shared, scopes hold in their own
thread or task.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., Any])
ArgScope = dict[Any, dict[str, Any]]

_current: ContextVar[ArgScope | None] = ContextVar("getter_compat_arg_scope", default=None)
_KEY = "_key_op"  # TF1's name for it


def current_arg_scope() -> ArgScope:
    """Return the keywords that hold here, by function.

    Examples:
        >>> from getter_compat import contrib
        >>> with contrib.arg_scope([contrib.dropout], keep_prob=0.9):
        ...     print(list(contrib.current_arg_scope().values()))
        [{'keep_prob': 0.9}]
    """
    return _current.get() or {}


@contextmanager
def arg_scope(list_ops_or_scope: Any, **kwargs: Any) -> Iterator[ArgScope]:
    """Give functions keywords that they are called with unless the call says otherwise.

    Args:
        list_ops_or_scope: A list or tuple of functions that `add_arg_scope` decorated, as all of
            `getter_compat.contrib` are that make variables; or a scope, that an `arg_scope`
            yielded, to be used in place of what holds here.
        **kwargs: The keywords, added to what the scopes around give.

    Yields:
        The scope: a dict.

    Raises:
        TypeError: If the first argument is neither a list, a tuple nor a scope.
        ValueError: If a function is not decorated, or keywords are given beside a scope.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     with contrib.arg_scope([contrib.fully_connected], activation_fn=tf.tanh):
        ...         print(contrib.fully_connected(tf.ones([2, 3]), 4).shape)
        (2, 4)
    """
    token = _current.set(_scope_of(list_ops_or_scope, kwargs))
    try:
        yield current_arg_scope()
    finally:
        _current.reset(token)


def _scope_of(functions: Any, keywords: dict[str, Any]) -> ArgScope:
    if isinstance(functions, dict):
        if keywords:
            raise ValueError(
                "When attempting to re-use a scope by supplying a dictionary, kwargs must be "
                f"empty. Found {', '.join(keywords)}: open a scope of a list of functions in it."
            )
        return functions.copy()
    if not isinstance(functions, list | tuple):
        raise TypeError(
            "list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict), found "
            f"{functions!r}"
        )
    scope = current_arg_scope().copy()
    for function in functions:
        if not has_arg_scope(function):
            raise ValueError(f"{function!r} is not decorated with @add_arg_scope")
        key = arg_scope_func_key(function)
        scope[key] = {**scope.get(key, {}), **keywords}
    return scope


def add_arg_scope(func: _Function) -> _Function:
    """Decorate a function so that an `arg_scope` can give it keywords.

    Args:
        func: The function.

    Returns:
        The function that looks for an `arg_scope` when it is called.

    Examples:
        >>> from getter_compat import contrib
        >>> @contrib.add_arg_scope
        ... def scaled(x, factor=1):
        ...     return x * factor
        >>> with contrib.arg_scope([scaled], factor=10):
        ...     print(scaled(2), scaled(2, factor=3))
        20 6
    """
    key = arg_scope_func_key(func)

    @functools.wraps(func)
    def func_with_args(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **{**current_arg_scope().get(key, {}), **kwargs})

    setattr(func_with_args, _KEY, key)
    return cast(_Function, func_with_args)


def arg_scope_func_key(op: Any) -> Any:
    """Return what stands for a function in the dict of a scope."""
    return getattr(op, _KEY, op)


def has_arg_scope(func: Any) -> bool:
    """Tell whether `add_arg_scope` decorated the function.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.has_arg_scope(contrib.conv2d), contrib.has_arg_scope(print)
        (True, False)
    """
    return hasattr(func, _KEY)


def arg_scoped_arguments(func: Any) -> Sequence[str]:
    """Return the arguments of a decorated function that have a default.

    Args:
        func: A function that `add_arg_scope` decorated.

    Returns:
        Their names, in order.

    Raises:
        AssertionError: If the function is not decorated.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.arg_scoped_arguments(contrib.flatten)
        ('outputs_collections', 'scope')
    """
    assert has_arg_scope(func), f"{func!r} is not decorated with @add_arg_scope"
    parameters = inspect.signature(func).parameters.values()
    return tuple(p.name for p in parameters if p.default is not p.empty)
