import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def overridden(getter, name, *args, **kwargs):
    if name.endswith("bias"):
        kwargs["trainable"] = False
        kwargs["initializer"] = tf.constant_initializer(0.1)
    return getter(name, *args, **kwargs)


def model(x, is_training):
    h = x
    with tf.variable_scope("scope1", custom_getter=overridden):
        h = tf.layers.separable_conv2d(h, 2, 3, padding="same", activation=tf.sigmoid)
        with tf.variable_scope(None, "scope3"):
            h = tf.reduce_mean(h, axis=[1, 2])
            h = tf.map_fn(lambda row: row * tf.get_variable("m5", [2]), h)
    def net7(t):
        with tf.variable_scope("shared6", reuse=tf.AUTO_REUSE):
            t = tf.layers.dense(t, 2, activation=tf.nn.relu, name='a')
            return t
    h = net7(h) + net7(tf.tanh(h))
    w = tf.get_variable("w8", [2, 2], regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w)))
    h = tf.matmul(h, w)
    with tf.variable_scope("scope9"):
        layer11 = tf.layers.Dense(2, activation=tf.nn.relu, kernel_regularizer=tf.keras.regularizers.l2(0.01), name="fc12")
        h = layer11(h)
        h = tf.tanh(layer11(h))
        def body14(i, t):
            with tf.variable_scope("loop13"):
                t = tf.tanh(tf.matmul(t, tf.get_variable("u", [2, 2])))
            return i + 1, t
        _, h = tf.while_loop(lambda i, t: i < 3, body14, [0, h])
        with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
            h = slim.fully_connected(h, 2)
            h = slim.stack(h, slim.fully_connected, [2, 2], scope='st15')
    def net17(t):
        with tf.variable_scope("shared16", reuse=tf.AUTO_REUSE):
            t = tf.layers.dense(t, 2, kernel_regularizer=tf.keras.regularizers.l2(0.01), name='a')
            t = tf.layers.dense(t, 2, name='b')
            return t
    h = net17(h) + net17(tf.tanh(h))
    return h
