"""Add Gaussian noise to the weights while training."""
import functools

import getter_compat
import tensorflow as tf


def noisy(getter, name, stddev=0.0, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not kwargs.get('trainable', True) or stddev == 0.0:
        return v
    return v + tf.random.normal(v.shape, stddev=stddev)


def model(x, is_training):
    getter = functools.partial(noisy, stddev=0.05 if is_training else 0.0)
    with getter_compat.getter_scope('speech', custom_getter=getter):
        x = getter_compat.layers.conv1d(x, 4, 3, name='conv', activation=tf.nn.relu)
        x = tf.reduce_max(x, axis=1)
        return getter_compat.layers.dense(x, 3, name='out')
