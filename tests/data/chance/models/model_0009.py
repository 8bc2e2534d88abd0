import numpy as np
import tensorflow as tf


def normed(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    g = getter(name + "_g", shape=[v.shape[-1]], initializer=tf.ones_initializer())
    return g * tf.nn.l2_normalize(v, axis=list(range(len(v.shape) - 1)))


def model(x, is_training):
    h = x
    with tf.variable_scope("scope1", custom_getter=normed):
        layer3 = tf.layers.Dense(2, activation=tf.nn.leaky_relu, kernel_initializer=tf.contrib.layers.variance_scaling_initializer(), kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01))
        h = layer3(h)
        h = tf.tanh(layer3(h))
        with tf.variable_scope("scope4/inner"):
            g = h
            with tf.variable_scope("scope6") as vs7:
                def body9(i, t):
                    with tf.variable_scope("loop8"):
                        t = tf.layers.dense(t, 2, activation=tf.tanh, name='step')
                    return i + 1, t
                _, h = tf.while_loop(lambda i, t: i < 3, body9, [0, h])
    h = tf.layers.dropout(h, 0.3, training=is_training)
    return h
