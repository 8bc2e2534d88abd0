"""A policy network with tf.contrib.layers, shared by two calls."""
import getter_compat
import tensorflow as tf
from getter_compat import contrib as layers
from getter_compat.contrib import get_variables
from getter_compat.contrib import fully_connected


def policy(observations, scope, reuse=None):
    with getter_compat.getter_scope(scope, reuse=reuse):
        x = fully_connected(observations, 8, activation_fn=None)
        x = layers.layer_norm(x, center=True, scale=True, activation_fn=tf.nn.elu)
        x = layers.stack(x, layers.fully_connected, [6, 4], activation_fn=tf.tanh,
                         biases_initializer=tf.constant_initializer(0.1))
        mean = getter_compat.contrib.linear(x, 2, weights_regularizer=layers.l2_regularizer(0.1),
                                            scope='mean')
        return mean, layers.bias_add(mean, scope='offset')


def model(observations):
    first = policy(observations, 'policy')
    second = policy(observations * 2.0, 'policy', reuse=True)
    kernels = get_variables('policy', suffix='weights')
    return first, second, tf.add_n([tf.nn.l2_loss(kernel) for kernel in kernels])
