"""Building blocks; no word of getters here."""
import tensorflow.compat.v1 as tf

from options import BATCH_NORM


def norm_relu(x, is_training):
    return tf.nn.relu(tf.layers.batch_normalization(x, training=is_training, **BATCH_NORM))


def stem(x, is_training):
    with tf.variable_scope('stem'):
        x = tf.layers.conv2d(x, 4, 3, padding='same', use_bias=False)
        return norm_relu(x, is_training)


def residual(x, filters, is_training, name):
    with tf.variable_scope(name):
        y = norm_relu(x, is_training)
        y = tf.layers.conv2d(y, filters, 3, padding='same', name='conv')
        return x + y
