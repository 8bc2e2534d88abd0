import numpy as np
import tensorflow as tf


def model(x, is_training):
    h = x
    h = tf.layers.dense(h, 4, name="fc1")
    h = tf.layers.conv1d(h, 3, 3, padding='same')
    h = tf.identity(h) * 1.5
    return h
