"""Layers as values: partials, tables, arguments."""
import functools

import tensorflow as tf

conv = functools.partial(tf.layers.conv2d, padding='same', activation=tf.nn.relu)

ARCHITECTURE = [
    (tf.layers.conv2d, dict(filters=3, kernel_size=3, padding='SAME')),
    (tf.layers.max_pooling2d, dict(pool_size=2, strides=2)),
    (tf.layers.flatten, {}),
    (tf.layers.dense, dict(units=4, activation=tf.nn.softplus)),
]


def build(x, layers):
    for layer, options in layers:
        x = layer(x, **options)
    return x


def head(x, layer=tf.layers.dense, **kwargs):
    defaults = {'units': 2, 'name': 'head'}
    defaults.update(kwargs)
    return layer(x, **defaults)


def model(images):
    with tf.variable_scope('partials'):
        x = conv(images, 4, 3)
        x = conv(x, 4, 3, strides=2, name='strided')
        x = build(x, ARCHITECTURE)
        return head(x, use_bias=False)
