"""`ema`: weights that are the moving averages of their variables."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from getter_compat.getters.kinds import check_argument, makes_a_getter
from getter_compat.typing import Getter, NextGetter, TensorLike


@makes_a_getter
def ema(average: tf.train.ExponentialMovingAverage) -> Getter:
    """Give the moving average of each variable that has one, and the variable where it has none.

    The usual way in TensorFlow 1 to evaluate with averaged weights: the same network under
    `reuse=True` and this getter (tensorflow#47713; Sonnet 1 had it as `ema_getter`).

    Args:
        average: The averages, `apply` called on the variables before.

    Returns:
        The getter. The average follows its variable: it is read whenever the layer is called.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import AUTO_REUSE, VariableStore, getter_scope, getters, layers
        >>> average = tf.train.ExponentialMovingAverage(0.5)
        >>> def network(x, getter=None):
        ...     with getter_scope("net", reuse=AUTO_REUSE, custom_getter=getter):
        ...         return layers.dense(x, 1, kernel_initializer="ones", name="out")
        >>> x = tf.ones([1, 3])
        >>> with VariableStore().as_default() as store:
        ...     _ = network(x)
        ...     _ = average.apply(store.variables.values())
        ...     _ = store.variables["net/out/kernel"].assign(3 * tf.ones([3, 1]))
        ...     _ = average.apply(store.variables.values())
        ...     print(network(x).numpy(), network(x, getters.ema(average)).numpy())
        [[9.]] [[6.]]
    """
    check_argument(hasattr(average, "average"), "ema", "an ExponentialMovingAverage", average)

    def averaged(getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
        variable = getter(*args, **kwargs)
        mean = average.average(variable)
        return variable if mean is None else mean

    return averaged
