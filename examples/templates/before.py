"""make_template: a function that shares its variables over all calls."""
import tensorflow as tf


def layer(x, units):
    w = tf.get_variable('w', [x.shape[-1].value, units])
    x = tf.matmul(x, w)
    return tf.layers.dense(x, units, activation=tf.nn.relu)


def centered(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    return v - tf.reduce_mean(v)


shared = tf.make_template('shared', layer, units=4)
zero_mean = tf.make_template('zero_mean', layer, custom_getter_=centered, units=4)


def model(a, b):
    with tf.variable_scope('outer'):
        x = shared(a) + shared(b)
    y = zero_mean(x)
    return zero_mean(y) + shared(a)
