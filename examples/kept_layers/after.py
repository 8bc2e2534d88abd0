"""Pruning in a class: one layer is kept by the object, the other is made in the call."""
import getter_compat
import tensorflow as tf


def pruned(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith('kernel'):
        return v
    mask = getter(name + '_mask', shape=v.shape, dtype=v.dtype,
                  initializer=tf.ones_initializer(), trainable=False)
    return v * mask


class Network(object):

    def __init__(self, size=8):
        self.hidden = tf.keras.layers.Dense(size, activation=tf.nn.relu, name='hidden')

    def predict(self, x):
        with getter_compat.getter_scope('net', custom_getter=pruned):
            return getter_compat.layers.dense(self.hidden(x), 3, name='logits')
