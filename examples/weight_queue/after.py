"""An optimizer network: the optimizee is rebuilt on the tensors that it is given."""
import collections

import getter_compat
import tensorflow as tf


def make_with_custom_variables(func, variables):
    """Call func; its variables, in the order of creation, are those given."""
    variables = collections.deque(variables)

    def custom_getter(getter, name, **kwargs):
        if kwargs["trainable"]:
            return variables.popleft()
        kwargs["reuse"] = True
        return getter(name, **kwargs)

    with getter_compat.getter_scope("", custom_getter=custom_getter):
        return func()


def model(x, y):
    def loss():
        h = getter_compat.layers.dense(x, 3, activation=tf.sigmoid, name="mlp/h")
        scale = getter_compat.get_variable("scale", [], trainable=False, initializer=tf.ones_initializer())
        return scale * tf.reduce_mean(tf.square(getter_compat.layers.dense(h, 1, name="mlp/out") - y))

    first = loss()
    moved = [v + 0.1 * tf.cos(v) for v in getter_compat.trainable_variables()]
    second = make_with_custom_variables(loss, moved)
    return first, second
