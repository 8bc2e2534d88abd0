"""Batch normalisation with everything set."""
import getter_compat
import tensorflow as tf


def model(x, is_training):
    x = getter_compat.layers.batch_normalization(
        x, axis=[3], momentum=0.7, epsilon=1e-2,
        beta_initializer=tf.constant_initializer(0.1),
        gamma_initializer=tf.random_uniform_initializer(0.9, 1.1),
        moving_mean_initializer=tf.constant_initializer(0.5),
        moving_variance_initializer=tf.ones_initializer(),
        gamma_regularizer=lambda g: 0.1 * tf.reduce_sum(tf.square(g - 1.0)),
        beta_constraint=lambda b: tf.clip_by_value(b, 0.0, 0.2),
        training=is_training, name='all')
    x = getter_compat.layers.batch_normalization(x, axis=2, training=is_training, name='rows')
    x = getter_compat.layers.batch_normalization(x, training=is_training, trainable=False, name='frozen')
    x = tf.reduce_mean(x, axis=[1, 2])
    x = getter_compat.layers.batch_normalization(x, training=is_training, fused=False, name='flat')
    return getter_compat.layers.dense(x, 2, name='out')
