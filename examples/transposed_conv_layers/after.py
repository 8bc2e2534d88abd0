"""Generators upsample with transposed convolutions."""
import getter_compat
import tensorflow as tf


def model(z, volume):
    with getter_compat.getter_scope('generator'):
        x = getter_compat.layers.dense(z, 3 * 3 * 8)
        x = tf.reshape(x, [-1, 3, 3, 8])
        x = getter_compat.layers.conv2d_transpose(x, 4, 5, strides=2, padding='SAME', activation=tf.nn.relu)
        x = tf.keras.layers.Conv2DTranspose(3, kernel_size=(3, 3), strides=(2, 2), padding='same',
                                            use_bias=False, name='rgb')(x)
        y = getter_compat.layers.conv3d_transpose(volume, 2, 2, strides=(1, 2, 2))
        y = tf.keras.layers.Conv3DTranspose(1, 3, padding='same', activation=tf.tanh)(y)
    return tf.tanh(x), y
