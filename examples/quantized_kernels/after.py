"""Binary kernels with a straight-through gradient, by the name of the variable."""
import getter_compat
import tensorflow as tf


def binarize(w):
    scale = tf.reduce_mean(tf.abs(w))
    sign = tf.compat.v1.where(w >= 0, tf.ones_like(w), -tf.ones_like(w))
    return w + tf.stop_gradient(scale * sign - w)


def quantized(getter, name, *args, **kwargs):
    var = getter(name, *args, **kwargs)
    if var.name.split(":")[0].endswith('kernel'):
        return binarize(var)
    return var


def block(x, filters, name):
    with getter_compat.getter_scope(name, custom_getter=quantized):
        x = getter_compat.layers.conv2d(x, filters, 3, padding='SAME', use_bias=False)
        x = getter_compat.layers.batch_normalization(x, momentum=0.9)
        return tf.nn.relu(x)


def model(images):
    x = block(images, 4, 'block1')
    x = block(x, 4, 'block2')
    with getter_compat.getter_scope('head'):
        return getter_compat.layers.dense(tf.reduce_mean(x, axis=[1, 2]), 2)
