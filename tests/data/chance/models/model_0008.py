import numpy as np
import tensorflow as tf


def frozen(getter, name, **kwargs):
    v = getter(name, **kwargs)
    return tf.stop_gradient(v) if "bias" in name else v


def normed(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    g = getter(name + "_g", shape=[v.shape[-1]], initializer=tf.ones_initializer())
    return g * tf.nn.l2_normalize(v, axis=list(range(len(v.shape) - 1)))


def scaled(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if name.split("/")[-1] not in ("kernel", "weights", "w"):
        return v
    return v * 0.5 + 0.01


def model(x, is_training):
    h = x
    cell = tf.nn.rnn_cell.BasicLSTMCell(3)
    h, _ = tf.nn.dynamic_rnn(cell, h, dtype=tf.float32)
    cell = tf.nn.rnn_cell.LSTMCell(4)
    h, _ = tf.nn.dynamic_rnn(cell, h, dtype=tf.float32, scope="rnn1")
    h = tf.layers.conv1d(h, 2, 3, padding='same', kernel_initializer=tf.contrib.layers.xavier_initializer(), name="fc2")
    with tf.variable_scope(None, "scope3", custom_getter=frozen, initializer=tf.constant_initializer(0.2)):
        h = tf.nn.relu(h) + 0.1 * h
        h = tf.where(tf.greater(h, 0.5), tf.sqrt(tf.abs(h) + 0.1), h)
    with tf.variable_scope("scope5/inner", custom_getter=normed, regularizer=tf.contrib.layers.l2_regularizer(0.01)):
        with tf.variable_scope("scope7", custom_getter=scaled, regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w))):
            h = tf.layers.dense(h, 4, activation=tf.nn.tanh, use_bias=False, name="fc9")
            h = h[:, -1]
    return h, tf.losses.get_regularization_loss()
