"""Layers as values: partials, tables, arguments."""
import functools

import getter_compat
import tensorflow as tf

conv = functools.partial(getter_compat.layers.conv2d, padding='same', activation=tf.nn.relu)

ARCHITECTURE = [
    (getter_compat.layers.conv2d, dict(filters=3, kernel_size=3, padding='SAME')),
    (getter_compat.layers.max_pooling2d, dict(pool_size=2, strides=2)),
    (getter_compat.layers.flatten, {}),
    (getter_compat.layers.dense, dict(units=4, activation=tf.nn.softplus)),
]


def build(x, layers):
    for layer, options in layers:
        x = layer(x, **options)
    return x


def head(x, layer=getter_compat.layers.dense, **kwargs):
    defaults = {'units': 2, 'name': 'head'}
    defaults.update(kwargs)
    return layer(x, **defaults)


def model(images):
    with getter_compat.getter_scope('partials'):
        x = conv(images, 4, 3)
        x = conv(x, 4, 3, strides=2, name='strided')
        x = build(x, ARCHITECTURE)
        return head(x, use_bias=False)
