"""Classes that keep their scope, and open it again."""
import getter_compat
import tensorflow as tf


class Encoder(object):
    def __init__(self, name, units):
        self.units = units
        with getter_compat.getter_scope(name) as scope:
            self._scope = scope

    def __call__(self, x):
        with getter_compat.getter_scope(self._scope, reuse=getter_compat.AUTO_REUSE):
            h = getter_compat.layers.dense(x, self.units, activation=tf.nn.elu, name='h')
            with getter_compat.getter_scope('head') as head:
                self.head_name = head.name
                return getter_compat.layers.dense(h, self.units, name='out')


def model(x):
    with getter_compat.getter_scope('outer'):
        first = Encoder('first', 3)
        second = Encoder('second', 3)
    y = second(first(x))
    with getter_compat.getter_scope('elsewhere'):
        y = y + first(x) + second(first(x))
    assert first.head_name == 'outer/first/head'
    return y
