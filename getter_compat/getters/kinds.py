"""What is a getter, and what makes one: who takes one for the other is told what to write."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_Returned = TypeVar("_Returned")


def is_a_getter(function: Callable[_P, _Returned]) -> Callable[_P, _Returned]:
    """Decorate a getter that is handed over without being called."""
    name = f"getters.{function.__name__}"

    @functools.wraps(function)
    def getter(*args: _P.args, **kwargs: _P.kwargs) -> _Returned:
        if not callable(args[0] if args else kwargs.get("getter")):
            raise TypeError(
                f"{name} is a getter itself: write custom_getter={name}, without calling it."
            )
        return function(*args, **kwargs)

    return getter


def makes_a_getter(function: Callable[_P, _Returned]) -> Callable[_P, _Returned]:
    """Decorate a function that has to be called, and returns a getter."""
    name = f"getters.{function.__name__}"

    @functools.wraps(function)
    def make(*args: _P.args, **kwargs: _P.kwargs) -> _Returned:
        first = args[0] if args else kwargs.get("getter")
        if callable(first) and not isinstance(first, type):  # NumPy's types are classes
            raise TypeError(
                f"{name} makes a getter, and was given one, as if it were one itself: write "
                f"custom_getter={name}(...). Several getters go together by getters.compose."
            )
        return function(*args, **kwargs)

    return make


def check_argument(is_right: bool, getter: str, expected: str, found: object) -> None:
    """Refuse an argument that would only fail where a weight is asked for."""
    if not is_right:
        raise TypeError(f"getters.{getter} takes {expected}, not {found!r}.")
