"""`stop_gradient`: weights that no gradient reaches."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from getter_compat.getters.kinds import is_a_getter
from getter_compat.typing import NextGetter, TensorLike


@is_a_getter
def stop_gradient(getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
    """Give the weight's value, and let no gradient through to its variable.

    Itself a getter: pass it without calling it. The variables stay trainable, so that another
    part of the program that shares them may train them; `non_trainable` is for those that nobody
    trains. Named after the getter of Sonnet 1; TF1 critics and target networks were held so.

    Args:
        getter: The next getter further out.
        *args: What it is given.
        **kwargs: What it is given.

    Returns:
        A tensor.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> with VariableStore().as_default() as store, tf.GradientTape() as tape:
        ...     with getter_scope("target", custom_getter=getters.stop_gradient):
        ...         y = layers.dense(tf.ones([1, 3]), 2)
        >>> tape.gradient(y, list(store.variables.values()))
        [None, None]
    """
    return tf.stop_gradient(getter(*args, **kwargs))
