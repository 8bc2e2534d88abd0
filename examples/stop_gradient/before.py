"""Freeze a part of the network for this loss, but not for that one."""
import tensorflow as tf


def frozen(getter, *args, **kwargs):
    return tf.stop_gradient(getter(*args, **kwargs))


def critic(x, action, getter=None):
    with tf.variable_scope('critic', reuse=tf.AUTO_REUSE, custom_getter=getter):
        h = tf.layers.dense(tf.concat([x, action], axis=1), 6, activation=tf.nn.relu, name='h')
        return tf.layers.dense(h, 1, name='q')


def actor(x):
    with tf.variable_scope('actor', reuse=tf.AUTO_REUSE):
        return tf.layers.dense(x, 2, activation=tf.tanh, name='mu')


def model(x, action):
    q = critic(x, action)
    q_of_policy = critic(x, actor(x), getter=frozen)
    return {'q': q, 'policy_loss': -tf.reduce_mean(q_of_policy)}
