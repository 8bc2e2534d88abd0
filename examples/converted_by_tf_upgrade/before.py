"""What tf_upgrade_v2 made of a program: it runs under compat.v1 and nowhere else."""
import tensorflow as tf


def halved(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) / 2.0


def model(x):
    with tf.compat.v1.variable_scope('net', custom_getter=halved):
        x = tf.compat.v1.layers.dense(
            x, 4, activation=tf.nn.relu,
            kernel_initializer=tf.compat.v1.keras.initializers.VarianceScaling(
                scale=1.0, mode="fan_avg", distribution="uniform"))
        w = tf.compat.v1.get_variable('w', shape=[4, 2],
                                      initializer=tf.compat.v1.zeros_initializer())
    return tf.matmul(x, w)
