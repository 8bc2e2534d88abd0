"""Building blocks; no word of getters here."""
import getter_compat
import tensorflow as tf

from options import BATCH_NORM


def norm_relu(x, is_training):
    return tf.nn.relu(getter_compat.layers.batch_normalization(x, training=is_training, **BATCH_NORM))


def stem(x, is_training):
    with getter_compat.getter_scope('stem'):
        x = getter_compat.layers.conv2d(x, 4, 3, padding='same', use_bias=False)
        return norm_relu(x, is_training)


def residual(x, filters, is_training, name):
    with getter_compat.getter_scope(name):
        y = norm_relu(x, is_training)
        y = getter_compat.layers.conv2d(y, filters, 3, padding='same', name='conv')
        return x + y
