"""Set the getter of a scope after it was opened."""
import getter_compat
import tensorflow as tf


def negated(getter, *args, **kwargs):
    return -getter(*args, **kwargs)


def halved(getter, *args, **kwargs):
    return 0.5 * getter(*args, **kwargs)


def model(x):
    with getter_compat.getter_scope('net') as scope:
        x = getter_compat.layers.dense(x, 4, name='plain')
        scope.set_custom_getter(negated)
        x = getter_compat.layers.dense(x, 4, activation=tf.nn.softplus, name='negated')
        with getter_compat.getter_scope('inner', custom_getter=halved):
            x = getter_compat.layers.dense(x, 3, name='both')
        scope.set_custom_getter(None)
        scope.set_initializer(tf.constant_initializer(0.3))
        return getter_compat.layers.dense(x, 2, name='plain_again')
