"""`track`: note every weight that is asked for."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from getter_compat.getters.kinds import check_argument, makes_a_getter
from getter_compat.typing import Getter, NextGetter, TensorLike


@makes_a_getter
def track(weights: MutableMapping[str, TensorLike]) -> Getter:
    """Note in `weights` what each weight is, by full name.

    So tensorforce collected the variables of a model (`setup_components_and_tf_funcs`), and later
    TF1 code those of a function that is not its own.

    Args:
        weights: What is filled in; a weight asked for again replaces the earlier one.

    Returns:
        The getter; what it gives is what the next one gave.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> weights = {}
        >>> with VariableStore().as_default():
        ...     with getter_scope("net", custom_getter=getters.track(weights)):
        ...         y = layers.dense(tf.ones([1, 3]), 2)
        >>> sorted(weights)
        ['net/dense/bias', 'net/dense/kernel']
    """
    is_right = isinstance(weights, MutableMapping)
    check_argument(is_right, "track", "a dict, which it fills in", weights)

    def tracking(getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> TensorLike:
        weights[name] = getter(name, *args, **kwargs)
        return weights[name]

    return tracking
