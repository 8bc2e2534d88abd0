"""Model-agnostic meta-learning: the loss after a step of gradient descent on the weights."""
import getter_compat
import tensorflow as tf

INNER_RATE = 0.1


def network(x):
    h = getter_compat.layers.dense(x, 8, activation=tf.nn.tanh, name='hidden')
    return getter_compat.layers.dense(h, 1, name='out')


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

    with getter_compat.getter_scope('model', custom_getter=remember):
        inner_loss = tf.reduce_mean(tf.square(network(x_train) - y_train))
    names = sorted(weights)
    gradients = tf.gradients(inner_loss, [weights[name] for name in names])
    fast = {name: weights[name] - INNER_RATE * g for name, g in zip(names, gradients)}
    with getter_compat.getter_scope('model', custom_getter=with_weights(fast)):
        predictions = network(x_test)
    return {'predictions': predictions,
            'loss': tf.reduce_mean(tf.square(predictions - y_test))}
