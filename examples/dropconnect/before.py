"""DropConnect: drop weights instead of activations, in training."""
import tensorflow as tf


def dropconnect(keep_prob, is_training):
    def getter(getter, name, *args, **kwargs):
        w = getter(name, *args, **kwargs)
        if is_training and name.endswith('kernel'):
            w = tf.nn.dropout(w, keep_prob=keep_prob) * keep_prob
        return w
    return getter


def model(x, is_training):
    with tf.variable_scope('net', custom_getter=dropconnect(0.6, is_training)):
        x = tf.layers.dense(x, 8, activation=tf.nn.relu)
        x = tf.layers.dense(x, 8, activation=tf.nn.relu)
    return tf.layers.dense(x, 3)
