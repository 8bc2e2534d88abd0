"""WGAN-GP: the critic's gradient at points between real and fake."""
import getter_compat
import tensorflow as tf


def critic(x, reuse=getter_compat.AUTO_REUSE):
    with getter_compat.getter_scope('critic', reuse=reuse):
        h = getter_compat.layers.dense(x, 6, activation=tf.nn.softplus, name='h1')
        h = getter_compat.layers.dense(h, 6, activation=tf.nn.softplus, name='h2')
        return tf.squeeze(getter_compat.layers.dense(h, 1, name='out'), axis=-1)


def model(real, fake):
    alpha = tf.random.uniform([tf.compat.dimension_value(real.shape[0]), 1])
    between = real + alpha * (fake - real)
    gradients = tf.gradients(critic(between), [between])[0]
    slopes = tf.sqrt(tf.reduce_sum(tf.square(gradients), axis=[1]))
    penalty = tf.reduce_mean((slopes - 1.) ** 2)
    wasserstein = tf.reduce_mean(critic(fake)) - tf.reduce_mean(critic(real))
    return wasserstein + 10. * penalty
