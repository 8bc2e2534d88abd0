"""One-, two- and three-dimensional convolutions."""
import getter_compat
import tensorflow as tf


def model(signal, image, volume):
    a = getter_compat.layers.conv1d(signal, 4, 3, 2, 'SAME', activation=tf.nn.relu)
    a = getter_compat.layers.conv1d(a, 3, kernel_size=2, dilation_rate=2, name='dilated')
    b = getter_compat.layers.conv2d(image, 4, [3, 3], strides=(2, 2), padding='SAME', activation=tf.nn.relu)
    b = getter_compat.layers.conv2d(b, filters=3, kernel_size=(2, 2), padding='valid', use_bias=False)
    c = getter_compat.layers.conv3d(volume, 2, 2, padding='same', name='vol',
                                    kernel_initializer=tf.random_normal_initializer(stddev=0.1))
    c = tf.keras.layers.Conv3D(3, (1, 2, 2), activation=tf.nn.sigmoid)(c)
    return a, b, c
