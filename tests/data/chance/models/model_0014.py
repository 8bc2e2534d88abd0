import numpy as np
import tensorflow as tf


def overridden(getter, name, *args, **kwargs):
    if name.endswith("bias"):
        kwargs["trainable"] = False
        kwargs["initializer"] = tf.constant_initializer(0.1)
    return getter(name, *args, **kwargs)


def renamed(getter, name, *args, **kwargs):
    return getter(name.replace("kernel", "weight"), *args, **kwargs)


def model(x, is_training):
    h = x
    with tf.variable_scope(None, "scope1"):
        h = tf.layers.batch_normalization(h, training=is_training, name="norm3")
    h = tf.layers.dense(h, 3, kernel_initializer=tf.random_normal_initializer(stddev=0.3), kernel_regularizer=tf.keras.regularizers.l2(0.01), bias_initializer=tf.constant_initializer(0.1))
    with tf.variable_scope("scope4", custom_getter=overridden, initializer=tf.ones_initializer()):
        layer6 = tf.layers.Dense(3, kernel_initializer=tf.truncated_normal_initializer(stddev=0.2), bias_initializer=tf.constant_initializer(0.1))
        h = layer6(h)
        h = tf.tanh(layer6(h))
        with tf.variable_scope("scope7", custom_getter=renamed):
            b = tf.get_variable("b9", [3], initializer=tf.ones_initializer())
            h = h * b + 0.1
            layer10 = tf.layers.Dense(3)
            h = layer10(h)
            h = tf.tanh(layer10(h))
        h = tf.contrib.layers.fully_connected(h, 3, biases_initializer=None, scope="fc11")
    return h, tf.losses.get_regularization_loss()
