"""`override_args`: arguments that every variable of a scope is created with."""

from __future__ import annotations

from typing import Any

from getter_compat.getters.kinds import makes_a_getter
from getter_compat.typing import Getter, NextGetter, TensorLike


@makes_a_getter
def override_args(**overrides: Any) -> Getter:
    """Create variables with these arguments, whatever their layers ask for.

    Named after the getter of Sonnet 1.

    Args:
        **overrides: Arguments of `get_variable`, such as `initializer`, `dtype` or `collections`.

    Returns:
        The getter.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> ones = getters.override_args(initializer=tf.ones_initializer())
        >>> with VariableStore().as_default(), getter_scope("net", custom_getter=ones):
        ...     print(layers.dense(tf.ones([1, 3]), 2).numpy())
        [[4. 4.]]
    """

    def overriding(getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
        return getter(*args, **{**kwargs, **overrides})

    return overriding
