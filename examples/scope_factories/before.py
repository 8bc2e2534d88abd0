"""Scopes that functions return, attributes hold, and one `with` opens several of."""
import tensorflow as tf


def negative(getter, name, *args, **kwargs):
    return -getter(name, *args, **kwargs)


def negative_scope(name, reuse=None):
    return tf.variable_scope(name, reuse=reuse, custom_getter=negative)


class Head(object):
    def __init__(self, name):
        self.context = tf.variable_scope(name, reuse=tf.AUTO_REUSE)

    def __call__(self, x):
        with self.context:
            return tf.layers.dense(x, 2, name='logits')


def model(x):
    with negative_scope('body'):
        x = tf.layers.dense(x, 4, name='fc')
    with tf.variable_scope('deep'), tf.variable_scope('deeper', use_resource=True), \
            tf.name_scope('ops'):
        x = tf.layers.dense(x, 4, activation=tf.nn.selu, name='fc')
    with tf.variable_scope('', reuse=tf.AUTO_REUSE, auxiliary_name_scope=False):
        v = tf.get_variable('top_level', [4], initializer=tf.ones_initializer)
    head = Head('head')
    return head(x * v) + head(x)
