"""A layer of one's own, on tf.layers.Layer."""
import getter_compat
import tensorflow as tf


class Highway(getter_compat.layers.Layer):
    """y = gate * h(x) + (1 - gate) * x"""

    def __init__(self, activation=tf.nn.relu, **kwargs):
        super(Highway, self).__init__(**kwargs)
        self.activation = activation

    def build(self, input_shape):
        size = input_shape[-1]
        self.w = self.add_weight(name='w', shape=[size, size], initializer=tf.compat.v1.glorot_uniform_initializer())
        self.b = self.add_weight(name='b', shape=[size], initializer=tf.zeros_initializer())
        self.gate_bias = self.add_weight(name='gate_bias', shape=[size], dtype=tf.float32,
                                         initializer=tf.constant_initializer(-1.0))
        self.gate = getter_compat.layers.Dense(size, use_bias=False)
        super(Highway, self).build(input_shape)

    def call(self, x):
        h = self.activation(tf.matmul(x, self.w) + self.b)
        gate = tf.sigmoid(self.gate(x) + self.gate_bias)
        return gate * h + (1. - gate) * x


def model(x):
    with getter_compat.getter_scope('net'):
        x = Highway()(x)
        x = Highway(activation=tf.tanh, name='second')(x)
        return getter_compat.layers.dense(x, 2)
