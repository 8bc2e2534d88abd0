"""Siamese towers."""
import getter_compat
import tensorflow as tf


class Siamese:
    """Two inputs, one network, contrastive loss."""

    margin = 1.0

    def network(self, x):
        fc1 = self.fc_layer(x, 6, "fc1")
        ac1 = tf.nn.relu(fc1)
        return self.fc_layer(ac1, 2, "fc2")

    def fc_layer(self, bottom, n_weight, name):
        n_prev_weight = bottom.get_shape()[1]
        initer = tf.compat.v1.truncated_normal_initializer(stddev=0.1)
        W = getter_compat.get_variable(name + 'W', dtype=tf.float32, shape=[n_prev_weight, n_weight],
                                       initializer=initer)
        b = getter_compat.get_variable(name + 'b', dtype=tf.float32,
                                       initializer=tf.constant(0.01, shape=[n_weight], dtype=tf.float32))
        return tf.nn.bias_add(tf.matmul(bottom, W), b)

    def loss(self, x1, x2, same):
        with getter_compat.getter_scope("siamese") as scope:
            o1 = self.network(x1)
            scope.reuse_variables()
            o2 = self.network(x2)
        eucd2 = tf.reduce_sum(tf.pow(tf.subtract(o1, o2), 2), 1)
        eucd = tf.sqrt(eucd2 + 1e-6)
        pos = tf.multiply(same, eucd2)
        neg = tf.multiply(1.0 - same, tf.pow(tf.maximum(self.margin - eucd, 0), 2))
        return tf.reduce_mean(pos + neg, name="loss")
