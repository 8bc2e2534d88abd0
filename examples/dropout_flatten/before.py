"""Dropout works in training only, and `rate` is what is dropped."""
import tensorflow as tf


def model(images, training=False):
    x = tf.layers.flatten(images)
    x = tf.layers.dense(x, 8, activation=tf.nn.relu)
    x = tf.layers.dropout(x, rate=0.25, training=training)
    x = tf.layers.dense(x, 6)
    x = tf.layers.Dropout(0.4)(x, training=training)
    y = tf.layers.Flatten()(images)
    y = tf.layers.dropout(y, 0.5, noise_shape=[2, 1], training=training, name='whole_example')
    z = tf.layers.dropout(x)
    return tf.layers.dense(tf.concat([x, y, z], axis=1), 2)
