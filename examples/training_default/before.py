"""Layers that are not told to train do not, whatever the model around them does."""
import tensorflow as tf


def model(x, training):
    with tf.variable_scope('net'):
        x = tf.layers.Dense(5, name='fc')(x)
        x = tf.layers.BatchNormalization(name='statistics')(x, training=training)
        x = tf.layers.BatchNormalization(name='frozen_statistics')(x)
        x = tf.layers.Dropout(0.5)(x)
        return tf.layers.Dense(2)(x)
