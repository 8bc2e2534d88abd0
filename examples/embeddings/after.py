"""Bag of words: tables looked up by integers, rows that get a gradient or none."""
import getter_compat
import tensorflow as tf


def scaled(getter, name, shape=None, *args, **kwargs):
    table = getter(name, shape=shape, *args, **kwargs)
    if name.endswith('table'):
        table = table * (int(shape[-1]) ** 0.5)
    return table


def model(ids, weights):
    with getter_compat.getter_scope('embed', custom_getter=scaled):
        table = getter_compat.get_variable('table', shape=[20, 4],
                                           initializer=tf.random_uniform_initializer(-1., 1.))
    with getter_compat.getter_scope('plain'):
        positions = getter_compat.get_variable('positions', [5, 4])
    words = tf.nn.embedding_lookup(table, ids) + tf.expand_dims(positions, 0)
    bag = tf.reduce_sum(words * tf.expand_dims(weights, -1), axis=1)
    return getter_compat.layers.dense(bag, 2, name='class')
