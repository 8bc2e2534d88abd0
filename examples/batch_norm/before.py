"""Batch normalisation in its usual forms."""
import tensorflow as tf


def model(images, is_training):
    with tf.variable_scope('net'):
        x = tf.layers.conv2d(images, 4, 3, use_bias=False, name='conv1')
        x = tf.layers.batch_normalization(x, training=is_training, name='bn1')
        x = tf.nn.relu(x)
        x = tf.layers.conv2d(x, 4, 3, use_bias=False)
        x = tf.layers.batch_normalization(x, axis=-1, momentum=0.9, epsilon=1e-5, scale=False,
                                          training=is_training, fused=True)
        x = tf.nn.relu(x)
        x = tf.layers.flatten(x)
        x = tf.layers.BatchNormalization(center=False, momentum=0.8)(x, training=is_training)
        x = tf.layers.dense(x, 3)
        # Never in training mode: the default.
        return tf.layers.batch_normalization(x, name='last')
