"""Custom getters, called and composed as TensorFlow 1.15 calls and composes them.

A getter is the user's function; this module knows how it is to be handed its arguments and how the
getters of nested scopes make one. It knows nothing of scopes, stores or TensorFlow.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from getter_compat.typing import Getter, NextGetter


@dataclass(frozen=True, slots=True)
class NestedGetter:
    """The getter of a scope inside the getter of the scope around it.

    The innermost getter runs first; the `getter` that it is given is the next outer one, which in
    turn is given the true getter (`_maybe_wrap_custom_getter` in TensorFlow 1.15).

    Two chains of the same getters are equal: a scope that is opened at every call of a model makes
    a new chain each time, and what was built under it is found again all the same.
    """

    inner: Getter
    outer: Getter

    def __call__(self, getter: NextGetter, *args: Any, **kwargs: Any) -> Any:
        """Run the inner getter, whose `getter` runs the outer one."""
        return self.inner(functools.partial(self.outer, getter), *args, **kwargs)


def nest(inner: Getter | None, outer: Getter | None) -> Getter | None:
    """Compose the getter that a scope was given with the one that it inherits.

    Args:
        inner: The scope's own getter, or `None`.
        outer: The getter inherited from the enclosing scope, or `None`.

    Returns:
        The one that is given, or both as one getter.

    Examples:
        >>> double = lambda getter, *args, **kwargs: getter(*args, **kwargs) * 2
        >>> increment = lambda getter, *args, **kwargs: getter(*args, **kwargs) + 1
        >>> nest(increment, double)(getter=lambda name: 3, name="v")
        7
    """
    if inner is None or outer is None:
        return inner if outer is None else outer
    return NestedGetter(inner, outer)


def arguments_for(custom_getter: Getter, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Choose the keywords that a getter is called with, besides `getter` itself.

    Args:
        custom_getter: A function, lambda, partial or callable object.
        request: TF1's keywords, `name` first.

    Returns:
        The request; without `constraint` where the getter cannot take it, because getters older
        than that argument had an explicit signature.

    Raises:
        ValueError: If `custom_getter` cannot be called.
    """
    if not callable(custom_getter):
        raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
    if takes_constraint(custom_getter):
        return request
    return {key: value for key, value in request.items() if key != "constraint"}


def takes_constraint(custom_getter: Getter) -> bool:
    """Tell whether a getter has an argument named `constraint`, or `**kwargs`."""
    code = getattr(custom_getter, "__code__", None)
    if code is not None:
        # Asked for each weight of each call of a model function, and a signature takes 50 µs.
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        hands_on = bool(code.co_flags & inspect.CO_VARKEYWORDS)
    else:
        try:
            signature = inspect.signature(custom_getter, follow_wrapped=False)
        except ValueError:  # a callable written in C has no signature to look at
            return True
        names = tuple(signature.parameters)
        hands_on = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
    if "constraint" in names or not hands_on:
        return "constraint" in names
    inner = getattr(custom_getter, "__wrapped__", None)  # of a decorator
    return inner is None or takes_constraint(inner)


def name_of(custom_getter: Getter) -> str:
    """What a getter is called in messages: the innermost of nested ones."""
    if isinstance(custom_getter, NestedGetter):
        return name_of(custom_getter.inner)
    if isinstance(custom_getter, functools.partial):
        return name_of(custom_getter.func)
    name = getattr(custom_getter, "__qualname__", type(custom_getter).__qualname__)
    return str(name).rsplit("<locals>.", 1)[-1]
