"""Override what layers ask for: initializers, types, regularizers."""
import getter_compat
import tensorflow as tf


def override_args(**overrides):
    def custom_getter(getter, *args, **kwargs):
        kwargs.update(overrides)
        return getter(*args, **kwargs)
    return custom_getter


def l2(weight):
    return 0.01 * tf.reduce_sum(tf.square(weight))


def model(x):
    getter = override_args(initializer=tf.constant_initializer(0.2), regularizer=l2)
    with getter_compat.getter_scope('net', custom_getter=getter):
        x = getter_compat.layers.dense(x, 4, activation=tf.nn.relu, name='a')
        x = getter_compat.layers.dense(x, 2, name='b', kernel_initializer=tf.zeros_initializer())
    return x
