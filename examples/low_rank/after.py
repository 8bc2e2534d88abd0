"""Kernels of low rank: the product of two thin matrices."""
import getter_compat
import tensorflow as tf


class LowRank(object):
    def __init__(self, rank):
        self.rank = rank

    def __call__(self, getter, name, shape=None, initializer=None, *args, **kwargs):
        if len(shape) == 2 and min(shape) > self.rank:
            u = getter(name + '_u', shape=[shape[0], self.rank], initializer=initializer, *args,
                       **kwargs)
            v = getter(name + '_v', shape=[self.rank, shape[1]], initializer=initializer, *args,
                       **kwargs)
            return tf.matmul(u, v, name='low_rank')
        return getter(name, shape=shape, initializer=initializer, *args, **kwargs)


def model(x):
    with getter_compat.getter_scope('compressed', custom_getter=LowRank(rank=2)):
        x = getter_compat.layers.dense(x, 6, tf.nn.relu, kernel_initializer=tf.compat.v1.glorot_normal_initializer())
        return getter_compat.layers.dense(x, 2)
