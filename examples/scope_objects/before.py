"""Classes that keep their scope, and open it again."""
import tensorflow as tf


class Encoder(object):
    def __init__(self, name, units):
        self.units = units
        with tf.variable_scope(name) as scope:
            self._scope = scope

    def __call__(self, x):
        with tf.variable_scope(self._scope, reuse=tf.AUTO_REUSE):
            h = tf.layers.dense(x, self.units, activation=tf.nn.elu, name='h')
            with tf.variable_scope('head') as head:
                self.head_name = head.name
                return tf.layers.dense(h, self.units, name='out')


def model(x):
    with tf.variable_scope('outer'):
        first = Encoder('first', 3)
        second = Encoder('second', 3)
    y = second(first(x))
    with tf.variable_scope('elsewhere'):
        y = y + first(x) + second(first(x))
    assert first.head_name == 'outer/first/head'
    return y
