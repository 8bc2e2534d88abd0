import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


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


def frozen(getter, name, **kwargs):
    v = getter(name, **kwargs)
    return tf.stop_gradient(v) if "bias" in name else v


def scaled(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if name.split("/")[-1] not in ("kernel", "weights", "w"):
        return v
    return v * 0.5 + 0.01


def model(x, is_training):
    h = x
    with tf.variable_scope("scope1", custom_getter=generated, initializer=tf.random_normal_initializer(stddev=0.3)):
        def net4(t):
            u = tf.get_variable("u", [4, 4])
            t = tf.layers.dense(tf.matmul(t, u), 4)
            return t
        net4 = tf.make_template("template3", net4)
        h = net4(h)
        h = net4(h * 0.5) + h
    with tf.variable_scope("scope5", custom_getter=normed):
        layer7 = tf.layers.Dense(4)
        h = layer7(h)
        h = tf.tanh(layer7(h))
        with tf.variable_scope("scope8", initializer=tf.contrib.layers.xavier_initializer()):
            with tf.variable_scope("scope10", custom_getter=frozen, reuse=tf.AUTO_REUSE):
                h = tf.map_fn(lambda row: row * tf.get_variable("m12", [4]), h)
            h = tf.layers.dropout(h, 0.3, training=is_training)
            h = tf.layers.dense(h, 3, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01), bias_initializer=tf.constant_initializer(0.1), name="fc13")
        def net15(t):
            u = tf.get_variable("u", [3, 3])
            t = tf.layers.dense(tf.matmul(t, u), 3)
            return t
        net15 = tf.make_template("template14", net15)
        h = net15(h)
        h = net15(h * 0.5) + h
    with tf.variable_scope("scope16", regularizer=tf.contrib.layers.l1_regularizer(0.002)):
        with tf.variable_scope("scope18", reuse=tf.AUTO_REUSE):
            with tf.variable_scope("scope20", custom_getter=scaled, reuse=tf.AUTO_REUSE):
                w = tf.get_variable("w22", [3, 3], initializer=tf.variance_scaling_initializer(mode='fan_in'))
                h = tf.matmul(h, w)
                h = tf.layers.batch_normalization(h, training=is_training, epsilon=1e-2)
                layer23 = tf.layers.Dense(3)
                h = layer23(h)
                h = tf.tanh(layer23(h))
        def net25(t):
            with tf.variable_scope("shared24", reuse=tf.AUTO_REUSE):
                t = tf.layers.dense(t, 3, activation=tf.nn.leaky_relu, bias_initializer=tf.constant_initializer(0.1), name='a')
                return t
        h = net25(h) + net25(tf.tanh(h))
    with tf.variable_scope("scope26"):
        with tf.variable_scope(None, "scope28"):
            h = tf.layers.batch_normalization(h, training=is_training, momentum=0.9, name="norm30")
            with tf.variable_scope("scope31/inner", initializer=tf.variance_scaling_initializer(mode='fan_in'), regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w)), reuse=tf.AUTO_REUSE):
                w = tf.get_variable("w33", [3, 4])
                h = tf.matmul(h, w)
                b = tf.get_variable("b34", [4], initializer=tf.ones_initializer())
                h = h * b + 0.1
                h = tf.layers.dense(h, 5, kernel_initializer=tf.truncated_normal_initializer(stddev=0.2))
        w = tf.get_variable("w35", [5, 3])
        h = tf.matmul(h, w)
    with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
        h = slim.fully_connected(h, 2)
        h = slim.stack(h, slim.fully_connected, [2, 2], scope='st36')
    return h, tf.losses.get_regularization_loss()
