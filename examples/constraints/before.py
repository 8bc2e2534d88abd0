"""WGAN's critic: weights stay between two bounds; and layers that are not trained."""
import tensorflow as tf


def clip(w):
    return tf.clip_by_value(w, -0.2, 0.2)


def model(x):
    with tf.variable_scope('critic', constraint=clip):
        scale = tf.get_variable('scale', [4])
        h = tf.layers.dense(x * scale, 5, activation=tf.nn.leaky_relu, kernel_constraint=clip)
        h = tf.layers.dense(h, 4, trainable=False, name='random_projection')
        return tf.layers.dense(h, 1, bias_constraint=lambda b: tf.maximum(b, 0.))
