"""A conditional GAN: batch normalization in the generator, two optimizers, one label."""

import numpy as np
import tensorflow as tf

Z, DIM, CLASSES, BATCH = 3, 4, 2, 8


def generator(z, label, training):
    with tf.variable_scope("generator", reuse=tf.AUTO_REUSE):
        net = tf.concat([z, tf.one_hot(label, CLASSES)], 1)
        for i, units in enumerate([8, 8]):
            net = tf.layers.dense(net, units, use_bias=False, name="fc%d" % i)
            net = tf.layers.batch_normalization(net, training=training, name="bn%d" % i)
            net = tf.nn.relu(net)
        return tf.layers.dense(net, DIM, activation=tf.nn.tanh, name="out")


def discriminator(x, label, reuse=False):
    with tf.variable_scope("discriminator") as scope:
        if reuse:
            scope.reuse_variables()
        net = tf.concat([x, tf.one_hot(label, CLASSES)], 1)
        net = tf.layers.dense(net, 10, tf.nn.leaky_relu)
        net = tf.layers.dropout(net, 0.25, training=True)
        return tf.layers.dense(net, 1)


def bce(logits, ones):
    labels = tf.ones_like(logits) if ones else tf.zeros_like(logits)
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=labels))


tf.set_random_seed(77)
real = tf.placeholder(tf.float32, [BATCH, DIM])
label = tf.placeholder(tf.int32, [BATCH])
z = tf.random_normal([BATCH, Z])
fake = generator(z, label, True)
d_real, d_fake = discriminator(real, label), discriminator(fake, label, reuse=True)
d_loss = bce(d_real, True) + bce(d_fake, False)
g_loss = bce(d_fake, True)
d_vars = [v for v in tf.trainable_variables() if v.name.startswith("discriminator")]
g_vars = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="generator")
d_train = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(d_loss, var_list=d_vars)
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope="generator")):
    g_train = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(g_loss, var_list=g_vars)
samples = generator(tf.zeros([BATCH, Z]), label, False)

rng = np.random.RandomState(2)
config = tf.ConfigProto(allow_soft_placement=True)
config.gpu_options.allow_growth = True
with tf.Session(config=config) as sess:
    sess.run(tf.global_variables_initializer())
    for it in range(6):
        y = rng.randint(0, CLASSES, BATCH)
        x = np.tanh(rng.randn(BATCH, DIM) + y[:, None])
        sess.run(d_train, {real: x, label: y})
        sess.run(g_train, {real: x, label: y})
        if it % 2 == 1:
            print(
                "%d: d %.3f, g %.3f"
                % ((it,) + tuple(sess.run([d_loss, g_loss], {real: x, label: y})))
            )
    print(sess.run(samples, {label: y}).shape)
