import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def masked(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    mask = getter(name + "_mask", shape=v.shape, initializer=tf.ones_initializer(),
                  trainable=False)
    return v * mask


def renamed(getter, name, *args, **kwargs):
    return getter(name.replace("kernel", "weight"), *args, **kwargs)


def model(x, is_training):
    h = x
    h = tf.layers.dense(h, 4, activation=None, name="fc1")
    with tf.variable_scope("scope2", custom_getter=masked):
        h = h[:, -1]
    with tf.variable_scope("scope4", regularizer=tf.keras.regularizers.l2(0.01)):
        h = tf.nn.relu(h) + 0.1 * h
        def net7(t):
            u = tf.get_variable("u", [4, 4])
            t = tf.layers.dense(tf.matmul(t, u), 4)
            return t
        net7 = tf.make_template("template6", net7, custom_getter_=renamed)
        h = net7(h)
        h = net7(h * 0.5) + h
        with tf.variable_scope("scope8", reuse=tf.AUTO_REUSE):
            def net11(t):
                u = tf.get_variable("u", [4, 4])
                t = tf.layers.dense(tf.matmul(t, u), 4)
                return t
            net11 = tf.make_template("template10", net11, custom_getter_=renamed)
            h = net11(h)
            h = net11(h * 0.5) + h
            h = tf.layers.batch_normalization(h, training=is_training, momentum=0.9, name="norm12")
            with tf.variable_scope(None, "scope13", custom_getter=masked):
                h = tf.map_fn(lambda row: row * tf.get_variable("m15", [4]), h)
    with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
        h = slim.fully_connected(h, 4)
        h = slim.stack(h, slim.fully_connected, [4, 4], scope='st16')
    return h
