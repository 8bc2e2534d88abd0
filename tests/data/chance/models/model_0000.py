import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def model(x, is_training):
    h = x
    h = tf.layers.dense(h, 4, bias_initializer=tf.constant_initializer(0.1), name="fc1")
    h = tf.contrib.layers.fully_connected(h, 3, biases_initializer=None)
    layer2 = tf.layers.Dense(2)
    h = layer2(h)
    w = tf.get_variable("w3", [2, 2])
    h = tf.matmul(h, w)
    with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
        h = slim.fully_connected(h, 5)
        h = slim.stack(h, slim.fully_connected, [5, 5], scope='st4')
    with tf.name_scope("n5"):
        h = tf.layers.dense(h, 2, activation=None, kernel_initializer=tf.contrib.layers.xavier_initializer(), kernel_regularizer=tf.contrib.layers.l1_regularizer(0.002), name="fc6")
    return h
