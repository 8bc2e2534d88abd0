"""A frozen feature extractor: its variables exist, and are not trained."""
import tensorflow as tf


def non_trainable_getter(getter, *args, **kwargs):
    kwargs['trainable'] = False
    return getter(*args, **kwargs)


def features(x):
    x = tf.layers.dense(x, 5, activation=tf.nn.relu, name='f1')
    return tf.layers.dense(x, 4, activation=tf.nn.relu, name='f2')


def model(x):
    with tf.variable_scope('features', custom_getter=non_trainable_getter):
        h = features(x)
    with tf.variable_scope('head'):
        return tf.layers.dense(h, 3, name='logits')
