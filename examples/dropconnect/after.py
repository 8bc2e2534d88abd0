"""DropConnect: drop weights instead of activations, in training."""
import getter_compat
import tensorflow as tf


def dropconnect(keep_prob, is_training):
    def getter(getter, name, *args, **kwargs):
        w = getter(name, *args, **kwargs)
        if is_training and name.endswith('kernel'):
            w = tf.nn.dropout(w, rate=1 - keep_prob) * keep_prob
        return w
    return getter


def model(x, is_training):
    with getter_compat.getter_scope('net', custom_getter=dropconnect(0.6, is_training)):
        x = getter_compat.layers.dense(x, 8, activation=tf.nn.relu)
        x = getter_compat.layers.dense(x, 8, activation=tf.nn.relu)
    return getter_compat.layers.dense(x, 3)
