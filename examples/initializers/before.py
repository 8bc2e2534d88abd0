"""Every initializer in common use."""
import numpy as np
import tensorflow as tf


def model(x):
    with tf.variable_scope('init', initializer=tf.random_uniform_initializer(-0.1, 0.1)):
        variables = [
            tf.get_variable('from_scope', [3, 2]),
            tf.get_variable('zeros', [2], initializer=tf.zeros_initializer),
            tf.get_variable('ones', [2], initializer=tf.ones_initializer()),
            tf.get_variable('constant', [2, 2], initializer=tf.constant_initializer(3)),
            tf.get_variable('listed', [2, 2],
                            initializer=tf.constant_initializer([[1., 2.], [3., 4.]])),
            tf.get_variable('array', initializer=np.arange(6, dtype=np.float32).reshape(2, 3)),
            tf.get_variable('tensor', initializer=tf.linspace(0.0, 1.0, 5)),
            tf.get_variable('normal', [4, 3], initializer=tf.random_normal_initializer(1.0, 0.3)),
            tf.get_variable('truncated', [4, 3],
                            initializer=tf.truncated_normal_initializer(stddev=0.5)),
            tf.get_variable('glorot', [4, 3], initializer=tf.glorot_uniform_initializer()),
            tf.get_variable('glorot_normal', [4, 3], initializer=tf.glorot_normal_initializer()),
            tf.get_variable('he', [3, 3, 2, 4], initializer=tf.keras.initializers.he_normal()),
            tf.get_variable('scaling', [4, 3], initializer=tf.variance_scaling_initializer(
                scale=2.0, mode='fan_out', distribution='uniform')),
            tf.get_variable('unit', [4, 3], initializer=tf.uniform_unit_scaling_initializer(1.2)),
            tf.get_variable('identity', [3, 3], initializer=tf.initializers.identity()),
            tf.get_variable('count', [], dtype=tf.int32, initializer=tf.zeros_initializer(),
                            trainable=False),
        ]
    total = tf.add_n([tf.reduce_mean(v) for v in variables if v.dtype.base_dtype == tf.float32])
    with tf.variable_scope('layers', initializer=tf.constant_initializer(0.5)):
        x = tf.layers.dense(x, 3)
        x = tf.layers.dense(x, 2, kernel_initializer='glorot_normal', bias_initializer='ones')
    return x * total
