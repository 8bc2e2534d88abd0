"""How an adapter takes the place of Keras's own functions: by one table for each Keras line."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from getter_compat import versions


@dataclass(frozen=True)
class Patch:
    """One function of Keras, and what is made of it.

    Attributes:
        owner: The class or module that has it.
        attribute: What it is called there. It may be a property.
        wrapper: Makes of the original what takes its place; of a property, of what reads it.
    """

    owner: Any
    attribute: str
    wrapper: Callable[[Any], Any]

    def install(self) -> None:
        """Put it there."""
        original = getattr(self.owner, self.attribute)
        is_property = isinstance(original, property)
        wrapped = property(self.wrapper(original.fget)) if is_property else self.wrapper(original)
        setattr(self.owner, self.attribute, wrapped)


def holding(flag: ContextVar[bool]) -> Callable[[Any], Any]:
    """The wrapper of a function that runs while the flag is set."""

    def wrap(original: Any) -> Any:
        @functools.wraps(original)
        def function(*args: Any, **kwargs: Any) -> Any:
            token = flag.set(True)
            try:
                return original(*args, **kwargs)
            finally:
                flag.reset(token)

        return function

    return wrap


class UnknownKerasError(ImportError):
    """A Keras without something that an adapter relies on."""


def install(keras: str, patches: Iterable[Patch], relied_on: Mapping[Any, Iterable[str]]) -> None:
    """Put patches in their places, if all is there that they rely on.

    Args:
        keras: The package, `keras` or `tf_keras`.
        patches: The table; what it replaces is relied on.
        relied_on: What is relied on besides: attributes of classes and modules.

    Raises:
        UnknownKerasError: If something is missing. Nothing is changed then.
    """
    patches = list(patches)
    asked = [(owner, name) for owner, names in relied_on.items() for name in names]
    asked += [(patch.owner, patch.attribute) for patch in patches]
    missing = {f"{owner.__name__}.{name}" for owner, name in asked if not hasattr(owner, name)}
    if missing:
        raise unknown(keras, f"missing: {', '.join(sorted(missing))}")
    for patch in patches:
        patch.install()


def unknown(keras: str, what: str) -> UnknownKerasError:
    """The error about an installed Keras."""
    return UnknownKerasError(
        f"getter_compat does not know {versions.found(keras)} as it is here ({what}). "
        f"It works with {versions.supported(keras)}."
    )
