"""Dense layers in the ways people called them."""
import tensorflow as tf


def model(x):
    with tf.variable_scope("mlp"):
        h = tf.layers.dense(x, 6, tf.nn.relu)
        h = tf.layers.dense(inputs=h, units=5, activation=tf.identity, use_bias=False)
        h = tf.layers.dense(h, 5, activation=lambda t: tf.maximum(0.1 * t, t), name="leaky",
                            kernel_initializer=tf.truncated_normal_initializer(stddev=0.02),
                            bias_initializer=tf.constant_initializer(0.1))
        h = tf.layers.Dense(4, "tanh", name="classy")(h)
        layer = tf.layers.Dense(units=3, activation=None,
                                kernel_initializer=tf.variance_scaling_initializer())
        return layer(h), layer(2.0 * h)
