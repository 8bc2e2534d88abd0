"""Worker copies: the getter moves variables from the global to the local collection."""
import tensorflow as tf


def local_getter(getter, name, *args, **kwargs):
    collections = list(kwargs.get('collections') or [tf.GraphKeys.GLOBAL_VARIABLES])
    if tf.GraphKeys.GLOBAL_VARIABLES in collections:
        collections.remove(tf.GraphKeys.GLOBAL_VARIABLES)
        collections.append(tf.GraphKeys.LOCAL_VARIABLES)
    kwargs['collections'] = collections
    kwargs['trainable'] = False
    return getter(name, *args, **kwargs)


def network(x):
    return tf.layers.dense(x, 3, activation=tf.nn.relu, name='fc')


def model(x):
    with tf.variable_scope('shared'):
        y = network(x)
    with tf.variable_scope('worker', custom_getter=local_getter):
        z = network(x)
    assert len(tf.global_variables()) == 2
    return y, z
