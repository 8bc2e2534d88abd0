"""Weights that change inside the graph at every run, with no set_weights in between."""
import getter_compat
import tensorflow as tf


def interpolated(alpha):
    """Blend each weight with a second one that is kept beside it."""

    def custom_getter(getter, name, *args, **kwargs):
        here = getter(name, *args, **kwargs)
        there = getter(name + '_target', *args, **kwargs)
        return (1.0 - alpha) * here + alpha * there

    return custom_getter


def model(x, alpha):
    with getter_compat.getter_scope('blend', custom_getter=interpolated(alpha)):
        h = getter_compat.layers.dense(x, 6, tf.nn.relu)
        return getter_compat.layers.dense(h, 2, use_bias=False)
