import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def overridden(getter, name, *args, **kwargs):
    if name.endswith("bias"):
        kwargs["trainable"] = False
        kwargs["initializer"] = tf.constant_initializer(0.1)
    return getter(name, *args, **kwargs)


def frozen(getter, name, **kwargs):
    v = getter(name, **kwargs)
    return tf.stop_gradient(v) if "bias" in name else v


def model(x, is_training):
    h = x
    with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
        h = slim.fully_connected(h, 2)
        h = slim.stack(h, slim.fully_connected, [2, 2], scope='st1')
    h = tf.cond(tf.reduce_sum(h) > -1000.0, lambda: tf.layers.dense(h, 5, name="branch2"), lambda: tf.layers.dense(h, 5, name="branch3"))
    h = tf.reshape(h, [-1, 5])
    g = h
    with tf.variable_scope("scope4") as vs5:
        h = tf.map_fn(lambda row: row * tf.get_variable("m6", [5]), h)
        h = tf.identity(h) * 1.5
    g = h
    with tf.variable_scope("scope7") as vs8:
        with tf.variable_scope("scope9", custom_getter=overridden, initializer=tf.ones_initializer()):
            h = tf.layers.dense(h, 3, activation=tf.sigmoid, kernel_regularizer=tf.contrib.layers.l1_regularizer(0.002))
        h = tf.layers.dense(h, 5)
        def net12(t):
            u = tf.get_variable("u", [5, 5])
            t = tf.layers.dense(tf.matmul(t, u), 5, name='a')
            return t
        net12 = tf.make_template("template11", net12)
        h = net12(h)
        h = net12(h * 0.5) + h
    g = h
    with tf.variable_scope("scope13", initializer=tf.random_normal_initializer(stddev=0.3)) as vs14:
        with tf.variable_scope(None, "scope15", custom_getter=overridden, reuse=tf.AUTO_REUSE):
            with tf.variable_scope(None, "scope17", custom_getter=frozen, reuse=tf.AUTO_REUSE):
                h = tf.layers.dropout(h, 0.3, training=is_training)
                with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
                    h = slim.fully_connected(h, 2)
                    h = slim.stack(h, slim.fully_connected, [2, 2], scope='st19')
                h = tf.identity(h) * 1.5
        with tf.variable_scope(None, "scope20"):
            layer22 = tf.layers.Dense(3)
            h = layer22(h)
        v = tf.Variable(tf.fill([3], 0.7), name="v23")
        h = h * v
    h = tf.contrib.layers.fully_connected(h, 4)
    return h
