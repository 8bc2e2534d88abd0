"""The same layers on two inputs, by name and `reuse`."""
import getter_compat
import tensorflow as tf


def encoder(x, reuse):
    x = getter_compat.layers.conv1d(x, 4, 3, padding='SAME', activation=tf.nn.elu, name='conv', reuse=reuse)
    x = getter_compat.layers.flatten(x)
    return getter_compat.layers.dense(x, 3, name='code', reuse=reuse)


def model(left, right):
    with getter_compat.getter_scope('encoder'):
        a = encoder(left, reuse=False)
        b = encoder(right, reuse=True)
    return tf.reduce_sum(a * b, axis=1)
