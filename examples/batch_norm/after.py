"""Batch normalisation in its usual forms."""
import getter_compat
import tensorflow as tf


def model(images, is_training):
    with getter_compat.getter_scope('net'):
        x = getter_compat.layers.conv2d(images, 4, 3, use_bias=False, name='conv1')
        x = getter_compat.layers.batch_normalization(x, training=is_training, name='bn1')
        x = tf.nn.relu(x)
        x = getter_compat.layers.conv2d(x, 4, 3, use_bias=False)
        x = getter_compat.layers.batch_normalization(x, axis=-1, momentum=0.9, epsilon=1e-5, scale=False,
                                                     training=is_training, fused=True)
        x = tf.nn.relu(x)
        x = getter_compat.layers.flatten(x)
        x = getter_compat.layers.BatchNormalization(center=False, momentum=0.8)(x, training=is_training)
        x = getter_compat.layers.dense(x, 3)
        # Never in training mode: the default.
        return getter_compat.layers.batch_normalization(x, name='last')
