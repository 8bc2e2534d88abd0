"""Cache variables on the worker."""
import getter_compat
import tensorflow as tf


class CachedOn(object):
    def __init__(self, device):
        self.device = device

    def __call__(self, getter, *args, **kwargs):
        kwargs['caching_device'] = self.device
        return getter(*args, **kwargs)


def model(x):
    with getter_compat.getter_scope('worker', custom_getter=CachedOn('/cpu:0')):
        x = getter_compat.layers.dense(x, 4, activation=tf.nn.sigmoid)
        x = getter_compat.layers.dense(x, 2)
    return x
