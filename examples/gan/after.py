"""A GAN whose discriminator sees real and generated images with the same weights."""
import getter_compat
import tensorflow as tf


def generator(z, training):
    with getter_compat.getter_scope('generator'):
        x = getter_compat.layers.dense(z, 2 * 2 * 6, use_bias=False)
        x = tf.reshape(x, (-1, 2, 2, 6))
        x = getter_compat.layers.batch_normalization(x, training=training)
        x = tf.nn.relu(x)
        x = getter_compat.layers.conv2d_transpose(x, 1, 4, strides=2, padding='same', name='tconv1/conv')
        return tf.tanh(x)


def discriminator(images, training, reuse=False):
    with getter_compat.getter_scope('discriminator', reuse=reuse):
        x = getter_compat.layers.conv2d(images, 4, 4, strides=2, padding='same', name='conv1/conv')
        x = tf.maximum(0.2 * x, x)
        x = getter_compat.layers.dropout(x, 0.3, training=training)
        return getter_compat.layers.dense(getter_compat.layers.flatten(x), 1)


def model(real, z, is_training):
    fake = generator(z, is_training)
    d_real = discriminator(real, is_training)
    d_fake = discriminator(fake, is_training, reuse=True)
    d_loss = tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(logits=d_real, labels=tf.ones_like(d_real) * 0.9) +
        tf.nn.sigmoid_cross_entropy_with_logits(logits=d_fake, labels=tf.zeros_like(d_fake)))
    g_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
        logits=d_fake, labels=tf.ones_like(d_fake)))
    return {'fake': fake, 'd_loss': d_loss, 'g_loss': g_loss}
