import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def overridden(getter, name, *args, **kwargs):
    if name.endswith("bias"):
        kwargs["trainable"] = False
        kwargs["initializer"] = tf.constant_initializer(0.1)
    return getter(name, *args, **kwargs)


def renamed(getter, name, *args, **kwargs):
    return getter(name.replace("kernel", "weight"), *args, **kwargs)


def model(x, is_training):
    h = x
    def net2(t):
        u = tf.get_variable("u", [4, 4])
        t = tf.layers.dense(tf.matmul(t, u), 4)
        return t
    net2 = tf.make_template("template1", net2)
    h = net2(h)
    h = net2(h * 0.5) + h
    with tf.variable_scope("scope3", custom_getter=overridden, initializer=tf.ones_initializer()):
        v = tf.Variable(tf.fill([4], 0.7), name="v5")
        h = h * v
        with tf.variable_scope("scope6", initializer=tf.glorot_normal_initializer(), reuse=tf.AUTO_REUSE):
            layer8 = tf.layers.Dense(3, activation=tf.nn.tanh, kernel_initializer=tf.truncated_normal_initializer(stddev=0.2), bias_initializer=tf.constant_initializer(0.1), name="fc9")
            h = layer8(h)
        layer10 = tf.layers.Dense(3, activation=tf.nn.leaky_relu, name="fc11")
        h = layer10(h)
        h = tf.tanh(layer10(h))
    h = tf.layers.dense(h, 3, name="fc12")
    h = tf.layers.batch_normalization(h, training=is_training)
    def net14(t):
        u = tf.get_variable("u", [3, 3])
        t = tf.layers.dense(tf.matmul(t, u), 3, name='a')
        return t
    net14 = tf.make_template("template13", net14, custom_getter_=renamed)
    h = net14(h)
    h = net14(h * 0.5) + h
    with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
        h = slim.fully_connected(h, 2)
        h = slim.stack(h, slim.fully_connected, [2, 2], scope='st15')
    return h
