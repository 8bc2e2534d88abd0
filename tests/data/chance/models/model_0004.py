import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def frozen(getter, name, **kwargs):
    v = getter(name, **kwargs)
    return tf.stop_gradient(v) if "bias" in name else v


def normed(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    g = getter(name + "_g", shape=[v.shape[-1]], initializer=tf.ones_initializer())
    return g * tf.nn.l2_normalize(v, axis=list(range(len(v.shape) - 1)))


def renamed(getter, name, *args, **kwargs):
    return getter(name.replace("kernel", "weight"), *args, **kwargs)


def masked(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    mask = getter(name + "_mask", shape=v.shape, initializer=tf.ones_initializer(),
                  trainable=False)
    return v * mask


def model(x, is_training):
    h = x
    h = tf.layers.batch_normalization(h, training=is_training, epsilon=1e-2)
    with tf.variable_scope("scope1", custom_getter=frozen):
        with tf.variable_scope("scope3", regularizer=tf.contrib.layers.l1_regularizer(0.002), reuse=tf.AUTO_REUSE):
            with tf.variable_scope(None, "scope5", custom_getter=frozen):
                h = tf.cond(tf.reduce_sum(h) > 1000.0, lambda: tf.layers.dense(h, 2, name="branch7"), lambda: tf.layers.dense(h, 2))
                h = tf.reshape(h, [-1, 2])
                with tf.name_scope("n8"):
                    h = tf.layers.dense(h, 5, activation=tf.nn.leaky_relu, name="fc9")
                h = tf.layers.dense(h, 3, kernel_initializer=tf.glorot_normal_initializer(), kernel_regularizer=tf.contrib.layers.l1_regularizer(0.002), bias_initializer=tf.constant_initializer(0.1), name="fc10")
            h = tf.layers.dense(h, 4, activation=tf.nn.softplus, kernel_initializer=tf.contrib.layers.variance_scaling_initializer(), use_bias=False)
        with tf.variable_scope("scope11", regularizer=tf.contrib.layers.l1_regularizer(0.002), reuse=tf.AUTO_REUSE):
            h = tf.layers.dropout(h, 0.3, training=is_training)
            h = tf.layers.dropout(h, 0.3, training=is_training)
            def net14(t):
                u = tf.get_variable("u", [4, 4])
                t = tf.layers.dense(tf.matmul(t, u), 4)
                return t
            net14 = tf.make_template("template13", net14, custom_getter_=normed)
            h = net14(h)
            h = net14(h * 0.5) + h
    with tf.variable_scope("scope15", reuse=tf.AUTO_REUSE):
        with tf.variable_scope("scope17", custom_getter=renamed):
            with tf.variable_scope("scope19/inner"):
                h = tf.layers.dense(h, 3, activation=tf.nn.softplus, kernel_initializer=tf.random_normal_initializer(stddev=0.3), name="fc21")
                v = tf.Variable(tf.fill([3], 0.7), name="v22")
                h = h * v
        def net24(t):
            u = tf.get_variable("u", [3, 3])
            t = tf.layers.dense(tf.matmul(t, u), 3)
            return t
        net24 = tf.make_template("template23", net24)
        h = net24(h)
        h = net24(h * 0.5) + h
        with tf.variable_scope("scope25", custom_getter=masked, regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w))):
            h = tf.to_float(h)
            with tf.variable_scope("scope27", custom_getter=normed):
                w = tf.get_variable("w29", [3, 4], initializer=tf.contrib.layers.variance_scaling_initializer())
                h = tf.matmul(h, w)
                h = tf.layers.dense(h, 5)
                v = tf.Variable(tf.fill([5], 0.7), name="v30")
                h = h * v
            h = tf.layers.dense(h, 5, activation=tf.nn.tanh, bias_initializer=tf.constant_initializer(0.1), name="fc31")
    def net33(t):
        u = tf.get_variable("u", [5, 5])
        t = tf.layers.dense(tf.matmul(t, u), 5)
        return t
    net33 = tf.make_template("template32", net33)
    h = net33(h)
    h = net33(h * 0.5) + h
    with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
        h = slim.fully_connected(h, 2)
        h = slim.stack(h, slim.fully_connected, [2, 2], scope='st34')
    return h
