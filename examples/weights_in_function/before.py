"""Weights that change inside the graph at every run, with no set_weights in between."""
import tensorflow as tf


def interpolated(alpha):
    """Blend each weight with a second one that is kept beside it."""

    def custom_getter(getter, name, *args, **kwargs):
        here = getter(name, *args, **kwargs)
        there = getter(name + '_target', *args, **kwargs)
        return (1.0 - alpha) * here + alpha * there

    return custom_getter


def model(x, alpha):
    with tf.variable_scope('blend', custom_getter=interpolated(alpha)):
        h = tf.layers.dense(x, 6, tf.nn.relu)
        return tf.layers.dense(h, 2, use_bias=False)
