import numpy as np
import tensorflow as tf


def frozen(getter, name, **kwargs):
    v = getter(name, **kwargs)
    return tf.stop_gradient(v) if "bias" in name else v


def generated(getter, name, shape=None, *args, **kwargs):
    if not name.endswith("kernel"):
        return getter(name, shape, *args, **kwargs)
    low = getter(name + "_u", [shape[0], 1])
    high = getter(name + "_v", [1, int(np.prod(shape[1:]))])
    return tf.reshape(tf.matmul(low, high), shape)


def normed(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    g = getter(name + "_g", shape=[v.shape[-1]], initializer=tf.ones_initializer())
    return g * tf.nn.l2_normalize(v, axis=list(range(len(v.shape) - 1)))


def model(x, is_training):
    h = x
    b = tf.get_variable("b1", [4], initializer=tf.ones_initializer())
    h = h * b + 0.1
    with tf.variable_scope(None, "scope2"):
        g = h
        with tf.variable_scope("scope4", custom_getter=frozen) as vs5:
            with tf.variable_scope(None, "scope6", custom_getter=generated, initializer=tf.contrib.layers.xavier_initializer()):
                h = tf.map_fn(lambda row: row * tf.get_variable("m8", [4]), h)
                h = tf.layers.dense(h, 5, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01), use_bias=False)
            h = tf.layers.dense(h, 2, activation=tf.nn.softplus)
        with tf.variable_scope("scope9", custom_getter=frozen, regularizer=tf.contrib.layers.l1_regularizer(0.002)):
            with tf.variable_scope("scope11/inner", custom_getter=normed):
                w = tf.get_variable("w13", [2, 4])
                h = tf.matmul(h, w)
        with tf.variable_scope("scope14", custom_getter=normed, initializer=tf.variance_scaling_initializer(mode='fan_in')):
            b = tf.get_variable("b16", [4], trainable=False)
            h = h * b + 0.1
            h = tf.contrib.layers.fully_connected(h, 2, scope="fc17")
            with tf.name_scope("n18"):
                h = tf.layers.dense(h, 2, activation=tf.nn.softplus, kernel_regularizer=tf.contrib.layers.l1_regularizer(0.002), name="fc19")
    def net21(t):
        u = tf.get_variable("u", [2, 2])
        t = tf.layers.dense(tf.matmul(t, u), 2)
        return t
    net21 = tf.make_template("template20", net21)
    h = net21(h)
    h = net21(h * 0.5) + h
    return h
