"""Everything in float64."""
import getter_compat
import numpy as np
import tensorflow as tf


def model(x):
    with getter_compat.getter_scope('double', dtype=tf.float64):
        w = getter_compat.get_variable('w', [4, 3], initializer=tf.random_normal_initializer(stddev=0.3))
        x = tf.matmul(x, w)
        x = getter_compat.layers.dense(x, 3, activation=tf.nn.tanh)
        shift = getter_compat.get_variable('shift', initializer=np.array([.1, .2, .3]))
    return x + shift
