"""WGAN's critic: weights stay between two bounds; and layers that are not trained."""
import getter_compat
import tensorflow as tf


def clip(w):
    return tf.clip_by_value(w, -0.2, 0.2)


def model(x):
    with getter_compat.getter_scope('critic', constraint=clip):
        scale = getter_compat.get_variable('scale', [4])
        h = getter_compat.layers.dense(x * scale, 5, activation=tf.nn.leaky_relu, kernel_constraint=clip)
        h = getter_compat.layers.dense(h, 4, trainable=False, name='random_projection')
        return getter_compat.layers.dense(h, 1, bias_constraint=lambda b: tf.maximum(b, 0.))
