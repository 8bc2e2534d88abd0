"""Dense layers in the ways people called them."""
import getter_compat
import tensorflow as tf


def model(x):
    with getter_compat.getter_scope("mlp"):
        h = getter_compat.layers.dense(x, 6, tf.nn.relu)
        h = getter_compat.layers.dense(inputs=h, units=5, activation=tf.identity, use_bias=False)
        h = getter_compat.layers.dense(h, 5, activation=lambda t: tf.maximum(0.1 * t, t), name="leaky",
                                       kernel_initializer=tf.compat.v1.truncated_normal_initializer(stddev=0.02),
                                       bias_initializer=tf.constant_initializer(0.1))
        h = tf.keras.layers.Dense(4, "tanh", name="classy")(h)
        layer = tf.keras.layers.Dense(units=3, activation=None,
                                      kernel_initializer=tf.compat.v1.variance_scaling_initializer())
        return layer(h), layer(2.0 * h)
