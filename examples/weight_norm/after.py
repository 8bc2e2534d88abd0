"""Weight normalisation: length and direction of each kernel are variables of their own."""
import getter_compat
import tensorflow as tf


def weight_norm_getter(getter, name, shape=None, dtype=tf.float32, initializer=None, **kwargs):
    if len(shape) < 2:
        return getter(name, shape=shape, dtype=dtype, initializer=initializer, **kwargs)
    direction = getter(name + '_direction', shape=shape, dtype=dtype, initializer=initializer,
                       **kwargs)
    norm = getter(name + '_norm', shape=[shape[-1]], dtype=dtype,
                  initializer=tf.ones_initializer(), **kwargs)
    axes = list(range(len(shape) - 1))
    return norm * tf.nn.l2_normalize(direction, axes)


def model(x):
    with getter_compat.getter_scope('wn', custom_getter=weight_norm_getter):
        x = getter_compat.layers.conv1d(x, filters=4, kernel_size=3, activation=tf.nn.relu)
        x = getter_compat.layers.flatten(x)
        return getter_compat.layers.dense(x, units=2)
