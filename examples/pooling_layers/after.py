"""Every pooling layer."""
import getter_compat
import tensorflow as tf


def model(signal, image, volume):
    outputs = {
        'max1d': getter_compat.layers.max_pooling1d(signal, 2, 2),
        'avg1d': getter_compat.layers.average_pooling1d(signal, pool_size=3, strides=1, padding='SAME'),
        'max2d': getter_compat.layers.max_pooling2d(image, [2, 2], 2, padding='same'),
        'avg2d': getter_compat.layers.average_pooling2d(image, pool_size=(3, 3), strides=(1, 1)),
        'max3d': getter_compat.layers.max_pooling3d(volume, 2, 2),
        'avg3d': getter_compat.layers.average_pooling3d(volume, (1, 2, 2), (1, 2, 2), name='pool'),
    }
    outputs['classes'] = [
        tf.keras.layers.MaxPooling1D(2, 1)(signal),
        tf.keras.layers.AveragePooling1D(2, 2, 'SAME')(signal),
        tf.keras.layers.MaxPooling2D((2, 2), (2, 2))(image),
        tf.keras.layers.AveragePooling2D(2, 2, padding='same')(image),
        tf.keras.layers.MaxPooling3D(2, 1)(volume),
        tf.keras.layers.AveragePooling3D(pool_size=2, strides=2)(volume),
    ]
    return outputs
