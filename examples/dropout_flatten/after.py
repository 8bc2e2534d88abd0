"""Dropout works in training only, and `rate` is what is dropped."""
import getter_compat
import tensorflow as tf


def model(images, training=False):
    x = getter_compat.layers.flatten(images)
    x = getter_compat.layers.dense(x, 8, activation=tf.nn.relu)
    x = getter_compat.layers.dropout(x, rate=0.25, training=training)
    x = getter_compat.layers.dense(x, 6)
    x = getter_compat.layers.Dropout(0.4)(x, training=training)
    y = tf.keras.layers.Flatten()(images)
    y = getter_compat.layers.dropout(y, 0.5, noise_shape=[2, 1], training=training, name='whole_example')
    z = getter_compat.layers.dropout(x)
    return getter_compat.layers.dense(tf.concat([x, y, z], axis=1), 2)
