"""Model-agnostic meta-learning: the loss after a step of gradient descent on the weights."""
import tensorflow as tf

INNER_RATE = 0.1


def network(x):
    h = tf.layers.dense(x, 8, activation=tf.nn.tanh, name='hidden')
    return tf.layers.dense(h, 1, name='out')


def with_weights(weights):
    def custom_getter(getter, name, *args, **kwargs):
        if name in weights:
            return weights[name]
        return getter(name, *args, **kwargs)
    return custom_getter


def model(x_train, y_train, x_test, y_test):
    weights = {}

    def remember(getter, name, *args, **kwargs):
        weights[name] = getter(name, *args, **kwargs)
        return weights[name]

    with tf.variable_scope('model', custom_getter=remember):
        inner_loss = tf.reduce_mean(tf.square(network(x_train) - y_train))
    names = sorted(weights)
    gradients = tf.gradients(inner_loss, [weights[name] for name in names])
    fast = {name: weights[name] - INNER_RATE * g for name, g in zip(names, gradients)}
    with tf.variable_scope('model', custom_getter=with_weights(fast)):
        predictions = network(x_test)
    return {'predictions': predictions,
            'loss': tf.reduce_mean(tf.square(predictions - y_test))}
