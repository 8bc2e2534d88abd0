"""Denoise small pictures of discs."""
import argparse

import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()

parser = argparse.ArgumentParser()
parser.add_argument('--steps', type=int, default=10)
parser.add_argument('--noise', type=float, default=0.2)
parser.add_argument('--weight_decay', type=float, default=1e-3)
args = parser.parse_args()


def discs(n, size=8):
    centre = np.random.uniform(2, size - 2, (n, 2, 1, 1))
    rows, columns = np.indices((size, size))
    d = (rows - centre[:, 0]) ** 2 + (columns - centre[:, 1]) ** 2
    return (d < 4.0).astype(np.float32)[..., np.newaxis]


def encode(x, regularizer):
    with getter_compat.getter_scope('encoder', regularizer=regularizer):
        x = getter_compat.layers.conv2d(x, 6, [3, 3], strides=(2, 2), padding='SAME', activation=tf.nn.elu,
                                        name='conv1')
        x = getter_compat.layers.conv2d(x, 8, [3, 3], strides=(2, 2), padding='SAME', activation=tf.nn.elu,
                                        name='conv2')
    return x


def decode(x, regularizer):
    with getter_compat.getter_scope('decoder', regularizer=regularizer):
        x = getter_compat.layers.conv2d_transpose(x, 6, 3, strides=2, padding='SAME', activation=tf.nn.elu,
                                                  name='deconv1')
        x = getter_compat.layers.conv2d_transpose(x, 1, 3, strides=2, padding='SAME', name='deconv2')
    return x


np.random.seed(11)
tf.compat.v1.set_random_seed(11)

clean = tf.compat.v1.placeholder(tf.float32, [None, 8, 8, 1])
noisy = tf.compat.v1.placeholder(tf.float32, [None, 8, 8, 1])
regularizer = getter_compat.contrib.l2_regularizer(args.weight_decay)
logits = decode(encode(noisy, regularizer), regularizer)
reconstruction_loss = tf.compat.v1.losses.sigmoid_cross_entropy(clean, logits)
total_loss = tf.compat.v1.losses.get_total_loss()

global_step = tf.compat.v1.Variable(0, trainable=False, name='global_step')
rate = tf.compat.v1.train.exponential_decay(0.01, global_step, 4, 0.5, staircase=True)
optimizer = tf.compat.v1.train.RMSPropOptimizer(rate)
grads, variables = zip(*optimizer.compute_gradients(total_loss))
grads, norm = tf.clip_by_global_norm(grads, 0.05)
train = optimizer.apply_gradients(zip(grads, variables), global_step=global_step)

with tf.compat.v1.Session() as sess:
    sess.run(tf.compat.v1.global_variables_initializer())
    for i in range(args.steps):
        batch = discs(8)
        corrupted = batch + args.noise * np.random.randn(*batch.shape)
        _, loss, total, size = sess.run(
            [train, reconstruction_loss, total_loss, norm], {clean: batch, noisy: corrupted})
        if i % 3 == 0:
            print('%d: %.5f + %.5f (gradient %.4f, rate %.4f)'
                  % (i, loss, total - loss, size, sess.run(rate)))
