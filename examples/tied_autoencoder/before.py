"""An autoencoder whose decoder uses the encoder's kernels, transposed."""
import tensorflow as tf


def tied_to(encoder, decoder):
    def getter(getter, name, shape=None, **kwargs):
        if not name.endswith('kernel'):
            return getter(name, shape=shape, **kwargs)
        kwargs['reuse'] = True
        return tf.transpose(getter(name.replace(decoder, encoder), shape=shape[::-1], **kwargs))
    return getter


def model(x):
    with tf.variable_scope('encoder'):
        h = tf.layers.dense(x, 4, activation=tf.sigmoid, name='layer1')
        code = tf.layers.dense(h, 2, activation=tf.sigmoid, name='layer2')
    with tf.variable_scope('decoder', custom_getter=tied_to('encoder', 'decoder')):
        h = tf.layers.dense(code, 4, activation=tf.sigmoid, name='layer2')
        y = tf.layers.dense(h, x.shape[-1].value, name='layer1')
    return {'code': code, 'reconstruction': y, 'loss': tf.losses.mean_squared_error(x, y)}
