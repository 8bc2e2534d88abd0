import numpy as np
import tensorflow as tf


def model(x, is_training):
    h = x
    h = tf.layers.batch_normalization(h, training=is_training, scale=False)
    h = tf.cond(tf.reduce_sum(h) > -1000.0, lambda: tf.layers.dense(h, 4, name="branch1"), lambda: tf.layers.dense(h, 4, name="branch2"))
    h = tf.reshape(h, [-1, 4])
    g = h
    with tf.variable_scope("scope3", initializer=tf.random_normal_initializer(stddev=0.3)) as vs4:
        with tf.variable_scope("scope5", initializer=tf.truncated_normal_initializer(stddev=0.2)):
            with tf.variable_scope("scope7", regularizer=tf.contrib.layers.l2_regularizer(0.01), reuse=tf.AUTO_REUSE):
                b = tf.get_variable("b9", [4], initializer=tf.ones_initializer())
                h = h * b + 0.1
            h = h - tf.reduce_mean(h, axis=-1, keep_dims=True)
        with tf.name_scope("n10"):
            h = tf.layers.dense(h, 5, kernel_regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w)))
        with tf.variable_scope("scope11"):
            with tf.variable_scope("scope13"):
                w = tf.get_variable("w15", [5, 2], initializer=tf.random_normal_initializer(stddev=0.3))
                h = tf.matmul(h, w)
            with tf.variable_scope("scope16"):
                h = tf.contrib.layers.fully_connected(h, 5, biases_initializer=None)
                h = tf.layers.dense(h, 3)
            h = tf.layers.dense(h, 2)
    layer18 = tf.layers.Dense(2, name="fc19")
    h = layer18(h)
    h = tf.tanh(layer18(h))
    def body21(i, t):
        with tf.variable_scope("loop20"):
            t = tf.layers.dense(t, 2, activation=tf.tanh, name='step')
        return i + 1, t
    _, h = tf.while_loop(lambda i, t: i < 3, body21, [0, h])
    with tf.variable_scope(None, "scope22"):
        b = tf.get_variable("b24", [2], initializer=tf.ones_initializer())
        h = h * b + 0.1
    return h
