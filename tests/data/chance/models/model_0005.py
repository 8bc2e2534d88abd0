import numpy as np
import tensorflow as tf


def overridden(getter, name, *args, **kwargs):
    if name.endswith("bias"):
        kwargs["trainable"] = False
        kwargs["initializer"] = tf.constant_initializer(0.1)
    return getter(name, *args, **kwargs)


def model(x, is_training):
    h = x
    with tf.variable_scope("scope1"):
        b = tf.get_variable("b3", [3], initializer=tf.ones_initializer())
        h = h * b + 0.1
    with tf.variable_scope("scope4", custom_getter=overridden, initializer=tf.variance_scaling_initializer(mode='fan_in'), reuse=tf.AUTO_REUSE):
        layer6 = tf.layers.Dense(3, kernel_regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w)), name="fc7")
        h = layer6(h)
        h = tf.tanh(layer6(h))
        h = tf.identity(h) * 1.5
    h = tf.map_fn(lambda row: row * tf.get_variable("m8", [3]), h)
    h = tf.contrib.layers.fully_connected(h, 4, activation_fn=None, scope="fc9")
    return h
