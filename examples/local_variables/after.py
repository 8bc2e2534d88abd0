"""Worker copies: the getter moves variables from the global to the local collection."""
import getter_compat
import tensorflow as tf


def local_getter(getter, name, *args, **kwargs):
    collections = list(kwargs.get('collections') or [tf.compat.v1.GraphKeys.GLOBAL_VARIABLES])
    if tf.compat.v1.GraphKeys.GLOBAL_VARIABLES in collections:
        collections.remove(tf.compat.v1.GraphKeys.GLOBAL_VARIABLES)
        collections.append(tf.compat.v1.GraphKeys.LOCAL_VARIABLES)
    kwargs['collections'] = collections
    kwargs['trainable'] = False
    return getter(name, *args, **kwargs)


def network(x):
    return getter_compat.layers.dense(x, 3, activation=tf.nn.relu, name='fc')


def model(x):
    with getter_compat.getter_scope('shared'):
        y = network(x)
    with getter_compat.getter_scope('worker', custom_getter=local_getter):
        z = network(x)
    assert len(getter_compat.global_variables()) == 2
    return y, z
