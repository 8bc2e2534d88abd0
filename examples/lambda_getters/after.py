"""Getters in one line, and getters with a state."""
import getter_compat
import tensorflow as tf


class CountingGetter(object):
    def __init__(self):
        self.names = []

    def __call__(self, getter, name, **kwargs):
        self.names.append(name)
        return getter(name, **kwargs)


def model(x):
    counter = CountingGetter()
    with getter_compat.getter_scope('a', custom_getter=counter):
        with getter_compat.getter_scope('b', custom_getter=lambda getter, *a, **k: tf.abs(getter(*a, **k))):
            y = getter_compat.layers.dense(x, 3, name='positive')
        y = getter_compat.layers.dense(y, 3, activation=tf.tanh)
    with getter_compat.getter_scope('c', custom_getter=lambda getter, name, **k: getter('shared/' + name, **k)):
        y = getter_compat.layers.dense(y, 2)
    assert counter.names[:2] == ['a/b/positive/kernel', 'a/b/positive/bias']
    return y
