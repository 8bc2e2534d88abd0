"""Blocks and layers without names get the names that TF1 counts out."""
import tensorflow as tf


def block(x, units, scope=None):
    with tf.variable_scope(scope, default_name='block', values=[x]):
        shortcut = x
        x = tf.layers.dense(x, units, activation=tf.nn.relu)
        x = tf.layers.dense(x, units)
        return x + shortcut


def model(x):
    x = tf.layers.dense(x, 4)
    with tf.variable_scope('stack'):
        for _ in range(3):
            x = block(x, 4)
        x = block(x, 4, 'special')
        x = tf.layers.dense(x, 4)
    with tf.variable_scope(None, 'stack'):
        x = block(x, 4)
    return tf.layers.dense(x, 2)
