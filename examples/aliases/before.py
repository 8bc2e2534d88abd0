"""The same things under other names."""
import tensorflow as tf
from tensorflow import layers as L
from tensorflow.python.ops import variable_scope as vs

variable_scope = tf.variable_scope
dense = tf.layers.dense


def doubled(getter, *args, **kwargs):
    return 2.0 * getter(*args, **kwargs)


def model(x):
    with vs.variable_scope('first', custom_getter=doubled):
        x = L.dense(x, 4, activation=tf.nn.relu)
        scale = vs.get_variable('scale', [4], initializer=tf.ones_initializer())
    with variable_scope('second'), tf.variable_scope('inner', custom_getter=doubled) as scope:
        x = dense(x * scale, 3, name=scope.name.split('/')[-1])
    return L.Dense(2, name='out')(x)
