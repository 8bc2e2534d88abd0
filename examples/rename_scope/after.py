"""Two models, one set of weights: the second one asks for the first one's names."""
import getter_compat
import tensorflow as tf


def outer_scope_getter(scope, new_scope=""):
    """Drop the scope in front of each name, so that variables of the scope around are found."""

    def _getter(getter, name, *args, **kwargs):
        name = name.replace(scope + "/", new_scope, 1)
        return getter(name, *args, **kwargs)

    return _getter


def policy(x, reuse=False):
    with getter_compat.getter_scope("model", reuse=reuse):
        h = getter_compat.layers.dense(x, 5, activation=tf.tanh, name="h1")
        return getter_compat.layers.dense(h, 2, name="pi")


def model(x):
    step_model = policy(x)
    with getter_compat.getter_scope("train_model", reuse=True,
                                    custom_getter=outer_scope_getter("train_model")):
        train_model = policy(x * 2.0, reuse=True)
    return step_model, train_model
