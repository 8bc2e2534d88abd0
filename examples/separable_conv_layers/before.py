"""Separable convolutions."""
import tensorflow as tf


def model(signal, image):
    with tf.variable_scope('entry_flow'):
        a = tf.layers.separable_conv1d(signal, 6, 3, padding='same', depth_multiplier=2)
        a = tf.layers.SeparableConv1D(2, 2, use_bias=False)(a)
        b = tf.layers.separable_conv2d(
            image, 6, (3, 3), strides=(2, 2), padding='SAME', activation=tf.nn.relu,
            depthwise_initializer=tf.random_uniform_initializer(-0.2, 0.2),
            pointwise_initializer=tf.glorot_normal_initializer())
        b = tf.layers.SeparableConv2D(4, 2, name='second')(b)
    return a, b
