"""Every pooling layer."""
import tensorflow as tf


def model(signal, image, volume):
    outputs = {
        'max1d': tf.layers.max_pooling1d(signal, 2, 2),
        'avg1d': tf.layers.average_pooling1d(signal, pool_size=3, strides=1, padding='SAME'),
        'max2d': tf.layers.max_pooling2d(image, [2, 2], 2, padding='same'),
        'avg2d': tf.layers.average_pooling2d(image, pool_size=(3, 3), strides=(1, 1)),
        'max3d': tf.layers.max_pooling3d(volume, 2, 2),
        'avg3d': tf.layers.average_pooling3d(volume, (1, 2, 2), (1, 2, 2), name='pool'),
    }
    outputs['classes'] = [
        tf.layers.MaxPooling1D(2, 1)(signal),
        tf.layers.AveragePooling1D(2, 2, 'SAME')(signal),
        tf.layers.MaxPooling2D((2, 2), (2, 2))(image),
        tf.layers.AveragePooling2D(2, 2, padding='same')(image),
        tf.layers.MaxPooling3D(2, 1)(volume),
        tf.layers.AveragePooling3D(pool_size=2, strides=2)(volume),
    ]
    return outputs
