"""`rename`: ask for variables by another name."""

from __future__ import annotations

import re
from typing import Any

from getter_compat.getters.kinds import makes_a_getter
from getter_compat.typing import Getter, NextGetter, TensorLike


@makes_a_getter
def rename(pattern: str, replacement: str) -> Getter:
    """Ask for a variable by another full name.

    How two scopes shared weights in TensorFlow 1 without being opened under one name: with
    `rename("^train_model/", "")` a second copy of a model finds the weights of the first.

    Args:
        pattern: A regular expression.
        replacement: What stands in the name for what it matches, as in `re.sub`.

    Returns:
        The getter. A name that the pattern does not match stays.

    Examples:
        >>> from getter_compat import VariableStore, get_variable, getter_scope, getters
        >>> with VariableStore().as_default():
        ...     with getter_scope("copy", custom_getter=getters.rename("^copy/", "net/")):
        ...         print(get_variable("v", [2]).name)
        net/v:0
    """

    def renaming(getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> TensorLike:
        return getter(re.sub(pattern, replacement, name), *args, **kwargs)

    return renaming
