"""A Dense layer that starts from given weights."""
import numpy as np
import tensorflow as tf


class Scorer(object):

    def __init__(self):
        self.layer = tf.keras.layers.Dense(6, name='the_layer')
        self.layer(tf.zeros([1, 5]))  # makes the weights
        self.layer.set_weights([np.random.rand(5, 6), np.random.rand(6)])

    def score(self, x):
        return self.layer(x), tf.reduce_sum(tf.square(self.layer.kernel))
