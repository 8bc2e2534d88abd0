"""Names with slashes."""
import getter_compat
import tensorflow as tf


def leakyReLu(x, alpha=0.1, name=None):
    with tf.name_scope(name or 'leaky'):
        return tf.maximum(x, alpha * x)


def model(inp, is_training=False, getter=None, reuse=False):
    with getter_compat.getter_scope('encoder', reuse=reuse, custom_getter=getter):
        name_net = 'layer_1'
        with getter_compat.getter_scope(name_net):
            net = getter_compat.layers.conv2d(inp, 4, kernel_size=3, strides=2, padding='SAME',
                                              name='conv/down')
            net = leakyReLu(net, 0.2, name='conv/leaky_relu')
        net = getter_compat.layers.batch_normalization(net, training=is_training, name='tconv2/bn')
        net = getter_compat.layers.dense(tf.reshape(net, [-1, 4 * 4]), 3, name='a/b/c/fc')
    return net
