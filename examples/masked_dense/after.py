"""Magnitude pruning: a layer computes with its kernel times a 0/1 mask."""
import getter_compat
import tensorflow as tf


def pruned(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith('kernel'):
        return v
    mask = getter(name + '_mask', shape=v.shape, dtype=v.dtype,
                  initializer=tf.ones_initializer(), trainable=False)
    return v * mask


def model(x):
    with getter_compat.getter_scope('net', custom_getter=pruned):
        h = getter_compat.layers.dense(x, 8, activation=tf.nn.relu, name='hidden')
        return getter_compat.layers.dense(h, 3, name='logits')
