"""Separable convolutions."""
import getter_compat
import tensorflow as tf


def model(signal, image):
    with getter_compat.getter_scope('entry_flow'):
        a = getter_compat.layers.separable_conv1d(signal, 6, 3, padding='same', depth_multiplier=2)
        a = tf.keras.layers.SeparableConv1D(2, 2, use_bias=False)(a)
        b = getter_compat.layers.separable_conv2d(
            image, 6, (3, 3), strides=(2, 2), padding='SAME', activation=tf.nn.relu,
            depthwise_initializer=tf.random_uniform_initializer(-0.2, 0.2),
            pointwise_initializer=tf.compat.v1.glorot_normal_initializer())
        b = tf.keras.layers.SeparableConv2D(4, 2, name='second')(b)
    return a, b
