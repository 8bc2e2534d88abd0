"""Cache variables on the worker."""
import tensorflow as tf


class CachedOn(object):
    def __init__(self, device):
        self.device = device

    def __call__(self, getter, *args, **kwargs):
        kwargs['caching_device'] = self.device
        return getter(*args, **kwargs)


def model(x):
    with tf.variable_scope('worker', custom_getter=CachedOn('/cpu:0')):
        x = tf.layers.dense(x, 4, activation=tf.nn.sigmoid)
        x = tf.layers.dense(x, 2)
    return x
