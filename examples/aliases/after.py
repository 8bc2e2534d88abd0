"""The same things under other names."""
import getter_compat
import tensorflow as tf
from getter_compat import layers as L

variable_scope = getter_compat.getter_scope
dense = getter_compat.layers.dense


def doubled(getter, *args, **kwargs):
    return 2.0 * getter(*args, **kwargs)


def model(x):
    with getter_compat.getter_scope('first', custom_getter=doubled):
        x = L.dense(x, 4, activation=tf.nn.relu)
        scale = getter_compat.get_variable('scale', [4], initializer=tf.ones_initializer())
    with variable_scope('second'), getter_compat.getter_scope('inner', custom_getter=doubled) as scope:
        x = dense(x * scale, 3, name=scope.name.split('/')[-1])
    return tf.keras.layers.Dense(2, name='out')(x)
