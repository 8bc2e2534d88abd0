"""An autoencoder whose decoder uses the encoder's kernels, transposed."""
import getter_compat
import tensorflow as tf


def tied_to(encoder, decoder):
    def getter(getter, name, shape=None, **kwargs):
        if not name.endswith('kernel'):
            return getter(name, shape=shape, **kwargs)
        kwargs['reuse'] = True
        return tf.transpose(getter(name.replace(decoder, encoder), shape=shape[::-1], **kwargs))
    return getter


def model(x):
    with getter_compat.getter_scope('encoder'):
        h = getter_compat.layers.dense(x, 4, activation=tf.sigmoid, name='layer1')
        code = getter_compat.layers.dense(h, 2, activation=tf.sigmoid, name='layer2')
    with getter_compat.getter_scope('decoder', custom_getter=tied_to('encoder', 'decoder')):
        h = getter_compat.layers.dense(code, 4, activation=tf.sigmoid, name='layer2')
        y = getter_compat.layers.dense(h, x.shape[-1], name='layer1')
    return {'code': code, 'reconstruction': y, 'loss': tf.compat.v1.losses.mean_squared_error(x, y)}
