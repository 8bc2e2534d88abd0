"""tf.contrib's initializers and regularizers (l2_regularizer has a factor of one half)."""
import tensorflow as tf
from tensorflow.contrib.layers import xavier_initializer


def model(x):
    l2 = tf.contrib.layers.l2_regularizer(scale=0.1)
    with tf.variable_scope('net', initializer=xavier_initializer()):
        h = tf.layers.dense(x, 6, activation=tf.nn.relu, kernel_regularizer=l2)
        h = tf.layers.dense(h, 4, kernel_initializer=tf.contrib.layers.xavier_initializer(
            uniform=False), kernel_regularizer=tf.contrib.layers.l1_regularizer(0.01))
        w = tf.get_variable('w', shape=[4, 2], regularizer=l2,
                            initializer=tf.contrib.layers.variance_scaling_initializer())
    return tf.matmul(h, w), tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
