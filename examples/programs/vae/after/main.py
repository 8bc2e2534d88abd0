import os

import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()


class VAE(object):
    """Variational autoencoder with a Gaussian code."""

    def __init__(self, sess, n_input, n_hidden, n_z, learning_rate=0.005):
        self.sess = sess
        self.n_z = n_z
        self.x = tf.compat.v1.placeholder(tf.float32, [None, n_input], name='x')
        with getter_compat.getter_scope('encoder'):
            h = getter_compat.layers.dense(self.x, n_hidden, tf.nn.softplus)
            self.z_mean = getter_compat.layers.dense(h, n_z, name='mean')
            self.z_log_sigma_sq = getter_compat.layers.dense(h, n_z, name='log_sigma_sq')
        eps = tf.random.normal(tf.shape(self.z_mean), 0, 1, dtype=tf.float32)
        self.z = self.z_mean + tf.sqrt(tf.exp(self.z_log_sigma_sq)) * eps
        self.logits = self._decode(self.z, n_hidden, n_input, reuse=False)
        self.code = tf.compat.v1.placeholder(tf.float32, [None, n_z], name='code')
        self.generated = tf.nn.sigmoid(self._decode(self.code, n_hidden, n_input, reuse=True))

        reconstruction = tf.reduce_sum(
            tf.nn.sigmoid_cross_entropy_with_logits(logits=self.logits, labels=self.x), 1)
        latent = -0.5 * tf.reduce_sum(
            1 + self.z_log_sigma_sq - tf.square(self.z_mean) - tf.exp(self.z_log_sigma_sq), 1)
        self.cost = tf.reduce_mean(reconstruction + latent)
        self.optimizer = tf.compat.v1.train.AdamOptimizer(learning_rate).minimize(self.cost)
        tf.compat.v1.summary.scalar('cost', self.cost)
        tf.compat.v1.summary.histogram('z', self.z)
        self.summary = tf.compat.v1.summary.merge_all()
        self.sess.run(tf.compat.v1.global_variables_initializer())

    def _decode(self, z, n_hidden, n_input, reuse):
        with getter_compat.getter_scope('decoder', reuse=reuse):
            h = getter_compat.layers.dense(z, n_hidden, tf.nn.softplus, name='h')
            return getter_compat.layers.dense(h, n_input, name='logits')

    def partial_fit(self, X):
        _, cost, summary = self.sess.run([self.optimizer, self.cost, self.summary], {self.x: X})
        return cost, summary

    def transform(self, X):
        return self.sess.run(self.z_mean, feed_dict={self.x: X})

    def generate(self, z_mu):
        return self.sess.run(self.generated, feed_dict={self.code: z_mu})


def bars(n):
    """Binary 4x4 images that are unions of rows."""
    on = np.random.rand(n, 4, 1) < 0.4
    return np.repeat(on, 4, axis=2).reshape(n, 16).astype(np.float32)


np.random.seed(0)
tf.compat.v1.set_random_seed(0)
with tf.compat.v1.Session() as sess:
    vae = VAE(sess, n_input=16, n_hidden=10, n_z=2)
    writer = tf.compat.v1.summary.FileWriter(os.path.join('logs', 'vae'), sess.graph)
    for epoch in range(5):
        avg_cost = 0.
        for i in range(4):
            cost, summary = vae.partial_fit(bars(20))
            avg_cost += cost / 4
            writer.add_summary(summary, epoch * 4 + i)
        print("Epoch: %04d cost= %.5f" % (epoch + 1, avg_cost))
    writer.close()
    print(vae.transform(bars(3)).shape)
    print(np.round(vae.generate(np.zeros((1, 2))).reshape(4, 4), 1).shape)
