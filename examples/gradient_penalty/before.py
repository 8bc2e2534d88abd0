"""WGAN-GP: the critic's gradient at points between real and fake."""
import tensorflow as tf


def critic(x, reuse=tf.AUTO_REUSE):
    with tf.variable_scope('critic', reuse=reuse):
        h = tf.layers.dense(x, 6, activation=tf.nn.softplus, name='h1')
        h = tf.layers.dense(h, 6, activation=tf.nn.softplus, name='h2')
        return tf.squeeze(tf.layers.dense(h, 1, name='out'), axis=-1)


def model(real, fake):
    alpha = tf.random_uniform([real.shape[0].value, 1])
    between = real + alpha * (fake - real)
    gradients = tf.gradients(critic(between), [between])[0]
    slopes = tf.sqrt(tf.reduce_sum(tf.square(gradients), reduction_indices=[1]))
    penalty = tf.reduce_mean((slopes - 1.) ** 2)
    wasserstein = tf.reduce_mean(critic(fake)) - tf.reduce_mean(critic(real))
    return wasserstein + 10. * penalty
