"""Bayes by backprop: every weight is a sample of a Gaussian with learned mean and deviation."""
import getter_compat
import tensorflow as tf


def sampled(getter, name, *args, **kwargs):
    shape = kwargs.pop('shape')
    kwargs.pop('initializer', None)
    loc = getter(name + '/posterior_loc', shape=shape,
                 initializer=tf.random_normal_initializer(stddev=0.1), *args, **kwargs)
    scale = getter(name + '/posterior_scale', shape=shape,
                   initializer=tf.constant_initializer(-3.0), *args, **kwargs)
    return loc + tf.nn.softplus(scale) * tf.random.normal(tf.shape(loc))


def model(x):
    with getter_compat.getter_scope('bnn', custom_getter=sampled):
        h = getter_compat.layers.dense(x, 6, activation=tf.nn.relu, name='l1')
        return getter_compat.layers.dense(h, 2, name='l2')
