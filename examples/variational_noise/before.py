"""Add Gaussian noise to the weights while training."""
import functools

import tensorflow as tf


def noisy(getter, name, stddev=0.0, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not kwargs.get('trainable', True) or stddev == 0.0:
        return v
    return v + tf.random_normal(v.shape, stddev=stddev)


def model(x, is_training):
    getter = functools.partial(noisy, stddev=0.05 if is_training else 0.0)
    with tf.variable_scope('speech', custom_getter=getter):
        x = tf.layers.conv1d(x, 4, 3, name='conv', activation=tf.nn.relu)
        x = tf.reduce_max(x, axis=1)
        return tf.layers.dense(x, 3, name='out')
