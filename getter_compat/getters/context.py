"""`Context`: a getter that can be switched on."""

from __future__ import annotations

from typing import Any

from getter_compat.getters.kinds import check_argument
from getter_compat.typing import Getter, NextGetter, TensorLike


class Context:
    """A getter that does what another does, inside `with context:`, and nothing elsewhere.

    For networks whose scope is opened in one place, and used with and without a getter. Named
    after the class of Sonnet 1. A derived weight asks its getter whenever its layer is called: a
    layer object that is built while it is on has to be called while it is on.

    Args:
        getter: The getter that is switched on.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import AUTO_REUSE, VariableStore, get_variable, getter_scope, getters
        >>> negated = getters.Context(lambda getter, *args, **kwargs: -getter(*args, **kwargs))
        >>> def weight():
        ...     with getter_scope("net", custom_getter=negated, reuse=AUTO_REUSE):
        ...         return int(get_variable("v", initializer=3.0))
        >>> with VariableStore().as_default():
        ...     first = weight()
        ...     with negated:
        ...         second = weight()
        >>> first, second
        (3, -3)
    """

    def __init__(self, getter: Getter) -> None:
        check_argument(callable(getter), "Context", "a getter", getter)
        self._getter = getter
        self._depth = 0

    def __call__(self, getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
        """Ask the getter, where it is switched on."""
        if self._depth:
            return self._getter(getter, *args, **kwargs)
        return getter(*args, **kwargs)

    def __enter__(self) -> Context:
        """Switch the getter on."""
        self._depth += 1
        return self

    def __exit__(self, *exc_info: object) -> None:
        """Switch it off, if nobody else needs it."""
        self._depth -= 1
