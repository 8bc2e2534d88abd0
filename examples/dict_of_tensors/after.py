"""A context manager that makes layers take their weights from a dict of tensors."""
import contextlib

import getter_compat
import tensorflow as tf


@contextlib.contextmanager
def custom_make_variable(canonical_custom_variables, outer_scope):
    """Layers built inside use the tensors of the dict as their variables.

    A tensor has to have the shape and the type of the variable that it stands for. Variables
    that are not in the dict are created.
    """

    def getter(getter, name, shape=None, dtype=tf.float32, **kwargs):
        if name not in canonical_custom_variables:
            return getter(name, shape=shape, dtype=dtype, **kwargs)
        tensor = canonical_custom_variables[name]
        if tensor.shape.as_list() != list(shape):
            raise ValueError("%s: expected shape %s, got %s" % (name, shape, tensor.shape))
        if tensor.dtype.base_dtype != dtype:
            raise TypeError("%s: expected %s, got %s" % (name, dtype, tensor.dtype))
        return tensor

    with getter_compat.getter_scope(outer_scope, custom_getter=getter):
        yield


def model(x, code):
    tensors = {
        "model/dense/kernel": tf.reshape(getter_compat.layers.dense(code, 5 * 6, name="generator"), [5, 6]),
        "model/dense/bias": tf.ones([6]) * 0.25,
    }
    with custom_make_variable(tensors, outer_scope="model"):
        hidden = tf.keras.layers.Dense(6, activation=tf.nn.tanh)
        h = hidden(x)
        out = tf.keras.layers.Dense(2)(h)
    return out
