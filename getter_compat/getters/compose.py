"""`compose`: one getter that does what several do."""

from __future__ import annotations

import functools

from getter_compat.getters.kinds import check_argument
from getter_compat.runtime import calling
from getter_compat.typing import Getter


def compose(*getters: Getter) -> Getter:
    """Make one getter of several, as if each had a scope of its own around the next one's.

    TensorFlow 1 nested getters of scopes since tensorflow#6634 had asked for it.

    One that asks for a weight by other names hides the weight's own from those before it:
    `compose(mask(), weight_norm())` masks nothing, since what `mask` is asked for are
    `kernel_direction` and `kernel_norm`; `compose(weight_norm(), mask())` normalizes, and masks
    what came of it.

    Args:
        *getters: The outermost first. The last runs first, and its `getter` is the one before.

    Returns:
        The getter.

    Raises:
        TypeError: If one is none.
        ValueError: If none is given.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, get_variable, getter_scope, getters
        >>> ten_times = lambda getter, *args, **kwargs: 10 * getter(*args, **kwargs)
        >>> plus_one = lambda getter, *args, **kwargs: 1 + getter(*args, **kwargs)
        >>> both = getters.compose(ten_times, plus_one)
        >>> with VariableStore().as_default(), getter_scope("net", custom_getter=both):
        ...     print(int(get_variable("v", initializer=3)))
        31
    """
    for getter in getters:
        check_argument(callable(getter), "compose", "getters, one an argument", getter)
    if not getters:
        raise ValueError("compose needs at least one getter.")
    return functools.reduce(lambda outer, inner: calling.NestedGetter(inner, outer), getters)
