"""Scopes that functions return, attributes hold, and one `with` opens several of."""
import getter_compat
import tensorflow as tf


def negative(getter, name, *args, **kwargs):
    return -getter(name, *args, **kwargs)


def negative_scope(name, reuse=None):
    return getter_compat.getter_scope(name, reuse=reuse, custom_getter=negative)


class Head(object):
    def __init__(self, name):
        self.context = getter_compat.getter_scope(name, reuse=getter_compat.AUTO_REUSE)

    def __call__(self, x):
        with self.context:
            return getter_compat.layers.dense(x, 2, name='logits')


def model(x):
    with negative_scope('body'):
        x = getter_compat.layers.dense(x, 4, name='fc')
    with getter_compat.getter_scope('deep'), getter_compat.getter_scope('deeper', use_resource=True), \
            tf.name_scope('ops'):
        x = getter_compat.layers.dense(x, 4, activation=tf.nn.selu, name='fc')
    with getter_compat.getter_scope('', reuse=getter_compat.AUTO_REUSE, auxiliary_name_scope=False):
        v = getter_compat.get_variable('top_level', [4], initializer=tf.ones_initializer)
    head = Head('head')
    return head(x * v) + head(x)
