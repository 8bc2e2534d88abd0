"""make_template: a function that shares its variables over all calls."""
import getter_compat
import tensorflow as tf


def layer(x, units):
    w = getter_compat.get_variable('w', [x.shape[-1], units])
    x = tf.matmul(x, w)
    return getter_compat.layers.dense(x, units, activation=tf.nn.relu)


def centered(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    return v - tf.reduce_mean(v)


shared = getter_compat.make_template('shared', layer, units=4)
zero_mean = getter_compat.make_template('zero_mean', layer, custom_getter_=centered, units=4)


def model(a, b):
    with getter_compat.getter_scope('outer'):
        x = shared(a) + shared(b)
    y = zero_mean(x)
    return zero_mean(y) + shared(a)
