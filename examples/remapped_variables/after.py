"""Replace variables by a function of them, inside a `with` block."""
from contextlib import contextmanager

import getter_compat
import tensorflow as tf


@contextmanager
def remap_variables(fn):
    """Use fn(variable) wherever a variable is asked for inside the block."""

    def custom_getter(getter, *args, **kwargs):
        v = getter(*args, **kwargs)
        return fn(v)

    with getter_compat.getter_scope(getter_compat.get_variable_scope(), custom_getter=custom_getter):
        yield


def model(x):
    with getter_compat.getter_scope('tower'):
        with remap_variables(lambda v: 0.5 * v + 0.1):
            x = getter_compat.layers.dense(x, 4, name='mapped', activation=tf.nn.relu)
        return getter_compat.layers.dense(x, 2, name='plain')
