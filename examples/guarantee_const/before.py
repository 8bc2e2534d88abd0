"""Mark all weights as constants for inference."""
import tensorflow as tf


def const_getter(getter, name, *args, **kwargs):
    with tf.control_dependencies(None):
        return tf.guarantee_const(getter(name, *args, **kwargs), name=name + '/GuaranteeConst')


def model(x):
    with tf.variable_scope('serving', custom_getter=const_getter):
        x = tf.layers.dense(x, 4, activation=tf.nn.relu6, name='a')
        return tf.layers.dense(x, 2, name='b')
