import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def frozen(getter, name, **kwargs):
    v = getter(name, **kwargs)
    return tf.stop_gradient(v) if "bias" in name else v


def model(x, is_training):
    h = x
    w = tf.get_variable("w1", [2, 3])
    h = tf.matmul(h, w)
    with tf.variable_scope("scope2/inner", custom_getter=frozen, reuse=tf.AUTO_REUSE):
        with tf.variable_scope("scope4", regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w)), reuse=tf.AUTO_REUSE):
            h = tf.layers.dense(h, 5, kernel_initializer=tf.constant_initializer(0.2), kernel_regularizer=tf.contrib.layers.l1_regularizer(0.002), use_bias=False, name="fc6")
            h = tf.layers.dense(h, 4)
    with tf.variable_scope("scope7"):
        with tf.variable_scope("scope9"):
            v = tf.Variable(tf.fill([4], 0.7), name="v11")
            h = h * v
            h = tf.to_float(h)
        def net13(t):
            with tf.variable_scope("shared12", reuse=tf.AUTO_REUSE):
                t = tf.layers.dense(t, 4, activation=None, name='a')
                return t
        h = net13(h) + net13(tf.tanh(h))
    with tf.variable_scope(None, "scope14"):
        h = tf.layers.dense(h, 3, activation=tf.nn.softplus, use_bias=False)
    with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
        h = slim.fully_connected(h, 2)
        h = slim.stack(h, slim.fully_connected, [2, 2], scope='st16')
    return h
