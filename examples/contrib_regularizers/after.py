"""tf.contrib's initializers and regularizers (l2_regularizer has a factor of one half)."""
import getter_compat
import tensorflow as tf


def model(x):
    l2 = getter_compat.contrib.l2_regularizer(scale=0.1)
    with getter_compat.getter_scope('net', initializer=tf.compat.v1.glorot_uniform_initializer()):
        h = getter_compat.layers.dense(x, 6, activation=tf.nn.relu, kernel_regularizer=l2)
        h = getter_compat.layers.dense(h, 4, kernel_initializer=tf.compat.v1.variance_scaling_initializer(
            scale=1.0058636946149004, mode="fan_avg"), kernel_regularizer=getter_compat.contrib.l1_regularizer(0.01))
        w = getter_compat.get_variable('w', shape=[4, 2], regularizer=l2,
                                       initializer=tf.compat.v1.variance_scaling_initializer(scale=2.011727389229801))
    return tf.matmul(h, w), tf.add_n(getter_compat.regularization_losses())
