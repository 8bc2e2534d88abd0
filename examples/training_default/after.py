"""Layers that are not told to train do not, whatever the model around them does."""
import getter_compat
import tensorflow as tf


def model(x, training):
    with getter_compat.getter_scope('net'):
        x = tf.keras.layers.Dense(5, name='fc')(x)
        x = getter_compat.layers.BatchNormalization(name='statistics')(x, training=training)
        x = getter_compat.layers.BatchNormalization(name='frozen_statistics')(x)
        x = getter_compat.layers.Dropout(0.5)(x)
        return tf.keras.layers.Dense(2)(x)
