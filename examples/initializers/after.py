"""Every initializer in common use."""
import getter_compat
import numpy as np
import tensorflow as tf


def model(x):
    with getter_compat.getter_scope('init', initializer=tf.random_uniform_initializer(-0.1, 0.1)):
        variables = [
            getter_compat.get_variable('from_scope', [3, 2]),
            getter_compat.get_variable('zeros', [2], initializer=tf.zeros_initializer),
            getter_compat.get_variable('ones', [2], initializer=tf.ones_initializer()),
            getter_compat.get_variable('constant', [2, 2], initializer=tf.constant_initializer(3)),
            getter_compat.get_variable('listed', [2, 2],
                                       initializer=tf.compat.v1.constant_initializer([[1., 2.], [3., 4.]])),
            getter_compat.get_variable('array', initializer=np.arange(6, dtype=np.float32).reshape(2, 3)),
            getter_compat.get_variable('tensor', initializer=tf.linspace(0.0, 1.0, 5)),
            getter_compat.get_variable('normal', [4, 3], initializer=tf.random_normal_initializer(1.0, 0.3)),
            getter_compat.get_variable('truncated', [4, 3],
                                       initializer=tf.compat.v1.truncated_normal_initializer(stddev=0.5)),
            getter_compat.get_variable('glorot', [4, 3], initializer=tf.compat.v1.glorot_uniform_initializer()),
            getter_compat.get_variable('glorot_normal', [4, 3], initializer=tf.compat.v1.glorot_normal_initializer()),
            getter_compat.get_variable('he', [3, 3, 2, 4], initializer=tf.keras.initializers.he_normal()),
            getter_compat.get_variable('scaling', [4, 3], initializer=tf.compat.v1.variance_scaling_initializer(
                scale=2.0, mode='fan_out', distribution='uniform')),
            getter_compat.get_variable('unit', [4, 3], initializer=tf.compat.v1.uniform_unit_scaling_initializer(1.2)),
            getter_compat.get_variable('identity', [3, 3], initializer=tf.compat.v1.initializers.identity()),
            getter_compat.get_variable('count', [], dtype=tf.int32, initializer=tf.zeros_initializer(),
                                       trainable=False),
        ]
    total = tf.add_n([tf.reduce_mean(v) for v in variables if v.dtype.base_dtype == tf.float32])
    with getter_compat.getter_scope('layers', initializer=tf.constant_initializer(0.5)):
        x = getter_compat.layers.dense(x, 3)
        x = getter_compat.layers.dense(x, 2, kernel_initializer='glorot_normal', bias_initializer='ones')
    return x * total
