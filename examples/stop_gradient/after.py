"""Freeze a part of the network for this loss, but not for that one."""
import getter_compat
import tensorflow as tf


def frozen(getter, *args, **kwargs):
    return tf.stop_gradient(getter(*args, **kwargs))


def critic(x, action, getter=None):
    with getter_compat.getter_scope('critic', reuse=getter_compat.AUTO_REUSE, custom_getter=getter):
        h = getter_compat.layers.dense(tf.concat([x, action], axis=1), 6, activation=tf.nn.relu, name='h')
        return getter_compat.layers.dense(h, 1, name='q')


def actor(x):
    with getter_compat.getter_scope('actor', reuse=getter_compat.AUTO_REUSE):
        return getter_compat.layers.dense(x, 2, activation=tf.tanh, name='mu')


def model(x, action):
    q = critic(x, action)
    q_of_policy = critic(x, actor(x), getter=frozen)
    return {'q': q, 'policy_loss': -tf.reduce_mean(q_of_policy)}
