"""An optimizer network: the optimizee is rebuilt on the tensors that it is given."""
import collections

import tensorflow as tf


def make_with_custom_variables(func, variables):
    """Call func; its variables, in the order of creation, are those given."""
    variables = collections.deque(variables)

    def custom_getter(getter, name, **kwargs):
        if kwargs["trainable"]:
            return variables.popleft()
        kwargs["reuse"] = True
        return getter(name, **kwargs)

    with tf.variable_scope("", custom_getter=custom_getter):
        return func()


def model(x, y):
    def loss():
        h = tf.layers.dense(x, 3, activation=tf.sigmoid, name="mlp/h")
        scale = tf.get_variable("scale", [], trainable=False, initializer=tf.ones_initializer())
        return scale * tf.reduce_mean(tf.square(tf.layers.dense(h, 1, name="mlp/out") - y))

    first = loss()
    moved = [v + 0.1 * tf.cos(v) for v in tf.trainable_variables()]
    second = make_with_custom_variables(loss, moved)
    return first, second
