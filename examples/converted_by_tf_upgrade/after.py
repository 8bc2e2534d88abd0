"""What tf_upgrade_v2 made of a program: it runs under compat.v1 and nowhere else."""
import getter_compat
import tensorflow as tf


def halved(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) / 2.0


def model(x):
    with getter_compat.getter_scope('net', custom_getter=halved):
        x = getter_compat.layers.dense(
            x, 4, activation=tf.nn.relu,
            kernel_initializer=tf.keras.initializers.VarianceScaling(
                scale=1.0, mode="fan_avg", distribution="uniform"))
        w = getter_compat.get_variable('w', shape=[4, 2],
                                       initializer=tf.zeros_initializer())
    return tf.matmul(x, w)
