"""The same layers on two inputs, by name and `reuse`."""
import tensorflow as tf


def encoder(x, reuse):
    x = tf.layers.conv1d(x, 4, 3, padding='SAME', activation=tf.nn.elu, name='conv', reuse=reuse)
    x = tf.layers.flatten(x)
    return tf.layers.dense(x, 3, name='code', reuse=reuse)


def model(left, right):
    with tf.variable_scope('encoder'):
        a = encoder(left, reuse=False)
        b = encoder(right, reuse=True)
    return tf.reduce_sum(a * b, axis=1)
