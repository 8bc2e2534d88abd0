import numpy as np
import tensorflow as tf


def model(x, is_training):
    h = x
    def net2(t):
        with tf.variable_scope("shared1", reuse=tf.AUTO_REUSE):
            t = tf.layers.dense(t, 2, name='a')
            t = tf.layers.dense(t, 2, name='b')
            return t
    h = net2(h) + net2(tf.tanh(h))
    v = tf.Variable(tf.fill([2], 0.7), name="v3")
    h = h * v
    return h
