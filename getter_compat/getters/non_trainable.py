"""`non_trainable`: variables that are in no list of trainable ones."""

from __future__ import annotations

from typing import Any

from getter_compat.getters.kinds import is_a_getter
from getter_compat.typing import NextGetter, TensorLike


@is_a_getter
def non_trainable(getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
    """Create the variable as one that is not trained.

    Itself a getter: pass it without calling it. A variable that exists already stays what it is,
    as in TensorFlow 1. Named after the getter of Sonnet 1.

    Args:
        getter: The next getter further out.
        *args: What it is given.
        **kwargs: What it is given, but for `trainable`.

    Returns:
        What the next getter returns.

    Examples:
        >>> from getter_compat import VariableStore, get_variable, getter_scope, getters
        >>> from getter_compat import global_variables, trainable_variables
        >>> with VariableStore().as_default():
        ...     with getter_scope("frozen", custom_getter=getters.non_trainable):
        ...         v = get_variable("v", [2])
        ...     len(global_variables()), len(trainable_variables())
        (1, 0)
    """
    kwargs["trainable"] = False
    return getter(*args, **kwargs)
