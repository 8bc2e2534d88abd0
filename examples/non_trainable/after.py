"""A frozen feature extractor: its variables exist, and are not trained."""
import getter_compat
import tensorflow as tf


def non_trainable_getter(getter, *args, **kwargs):
    kwargs['trainable'] = False
    return getter(*args, **kwargs)


def features(x):
    x = getter_compat.layers.dense(x, 5, activation=tf.nn.relu, name='f1')
    return getter_compat.layers.dense(x, 4, activation=tf.nn.relu, name='f2')


def model(x):
    with getter_compat.getter_scope('features', custom_getter=non_trainable_getter):
        h = features(x)
    with getter_compat.getter_scope('head'):
        return getter_compat.layers.dense(h, 3, name='logits')
