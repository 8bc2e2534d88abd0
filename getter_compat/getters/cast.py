"""`cast`: compute in one type, store in another."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from getter_compat.getters.kinds import check_argument, makes_a_getter
from getter_compat.typing import DType, Getter, NextGetter, TensorLike


@makes_a_getter
def cast(storage: DType = tf.float32) -> Getter:
    """Store trainable variables in `storage`, and give them in the type that they are asked for.

    How mixed precision was written by hand in TensorFlow 1 (`float32_variable_storage_getter` of
    NVIDIA's programs). What is not trained, such as the statistics of batch normalization, is
    stored as it is asked for, since it is assigned to.

    Args:
        storage: The type of the variables, of floating point.

    Returns:
        The getter.

    Raises:
        TypeError: If it is no such type: weights of integers are not trained.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> with VariableStore().as_default() as store:
        ...     with getter_scope("net", custom_getter=getters.cast(tf.float32)):
        ...         y = layers.dense(tf.ones([1, 3], tf.float16), 2, name="out")
        >>> y.dtype.name, store.variables["net/out/kernel"].dtype.name
        ('float16', 'float32')
    """
    check_argument(_is_floating(storage), "cast", "a type of floating point", storage)

    def storing(
        getter: NextGetter,
        name: str,
        shape: TensorLike = None,
        dtype: DType | None = tf.float32,
        *args: Any,
        trainable: bool | None = True,
        **kwargs: Any,
    ) -> TensorLike:
        if trainable is False or not tf.as_dtype(dtype).is_floating:
            return getter(name, shape, dtype, *args, trainable=trainable, **kwargs)
        stored = getter(name, shape, storage, *args, trainable=trainable, **kwargs)
        return stored if stored.dtype == dtype else tf.cast(stored, dtype)

    return storing


def _is_floating(storage: DType) -> bool:
    try:
        return bool(tf.as_dtype(storage).is_floating)
    except TypeError:  # no type at all
        return False
