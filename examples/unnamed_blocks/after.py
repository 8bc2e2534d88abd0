"""Blocks and layers without names get the names that TF1 counts out."""
import getter_compat
import tensorflow as tf


def block(x, units, scope=None):
    with getter_compat.getter_scope(scope, default_name='block', values=[x]):
        shortcut = x
        x = getter_compat.layers.dense(x, units, activation=tf.nn.relu)
        x = getter_compat.layers.dense(x, units)
        return x + shortcut


def model(x):
    x = getter_compat.layers.dense(x, 4)
    with getter_compat.getter_scope('stack'):
        for _ in range(3):
            x = block(x, 4)
        x = block(x, 4, 'special')
        x = getter_compat.layers.dense(x, 4)
    with getter_compat.getter_scope(None, 'stack'):
        x = block(x, 4)
    return getter_compat.layers.dense(x, 2)
