"""Getters compose: the innermost one runs first and asks the next."""
import tensorflow as tf


def scaled(factor):
    def getter(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * factor
    return getter


def shifted(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) + 1.0


def model(x):
    with tf.variable_scope('outer', custom_getter=scaled(10.0)):
        a = tf.layers.dense(x, 3, name='a')
        with tf.variable_scope('inner', custom_getter=shifted):
            b = tf.layers.dense(x, 3, name='b')
            c = tf.get_variable('c', [3])
        d = tf.get_variable('d', [3], custom_getter=shifted)
    return a, b * c + d
