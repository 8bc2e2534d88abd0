"""Regularizers and constraints: whose they are, and what they are applied to."""

import numpy as np
import tensorflow

from ..probing import noting, outcome, passing, probe, probe_of_values, times


def total(weight):
    """A regularizer."""
    return tensorflow.reduce_sum(weight)


def _kinds(tf):
    return {
        "variable": passing,
        "derived": times(10.0),
        "constant": lambda getter, name, *args, **kwargs: tf.fill(kwargs["shape"], 7.0),
    }


@probe_of_values
def of_a_layer(tf):
    """It is applied to what the getter returned."""
    facts = {}
    for key, getter in _kinds(tf).items():
        with tf.Graph().as_default():
            with tf.variable_scope("m", custom_getter=getter):
                layer = tf.layers.Dense(
                    2, kernel_initializer=tf.ones_initializer(), kernel_regularizer=total
                )
                layer(tf.ones([2, 3]))
            facts[key] = {
                "collection": tf.value_of(tf.regularization_losses()),
                "layer": tf.value_of(list(layer.losses)),
            }
    return facts


@probe_of_values
def that_layers_of_a_model_tell_of(tf):
    """Model functions add `layer.losses` to a loss of their own."""
    kept = []  # the first layer, which is found built by what runs again

    def model(x):
        told = []
        for key, getter in sorted(_kinds(tf).items()):
            with tf.variable_scope(key, custom_getter=getter):
                layer = tf.layers.Dense(2, kernel_regularizer=total)
                layer = kept[0] if kept and key == "variable" else layer
                y = layer(x)
            kept[:] = [layer]
            told.append([tf.reduce_sum(y), list(layer.losses)])
        return told, tf.regularization_losses()

    return tf.three_runs(model, np.array([[1.0, 2.0, 3.0]], np.float32))


def _kept(tf, name, regularizer=total, **kwargs):
    """A layer that what runs again finds built."""
    return tf.layers.Dense(3, use_bias=False, name=name, kernel_regularizer=regularizer, **kwargs)


@probe_of_values
def of_a_kept_layer_that_is_used_twice(tf):
    """It has one loss, and so has what is shared with it by reuse."""
    first, in_scope = _kept(tf, "first"), _kept(tf, "in_scope")

    def model(x):
        with tf.variable_scope("net", regularizer=lambda w: 3 * total(w)):
            y = in_scope(in_scope(first(first(x))))
        with tf.variable_scope("net", reuse=True):
            y += tf.layers.dense(x, 3, use_bias=False, name="first")
        return y, tf.regularization_losses(), list(first.losses), list(in_scope.losses)

    return tf.three_runs(model, np.array([[1.0, 2.0, 3.0]], np.float32))


@probe_of_values
def of_activities_in_branches_that_are_taken(tf):
    """After the branch they had values, and gradients."""

    def model(x):
        w = tf.get_variable("w", [3], initializer=tf.ones_initializer())

        def costly(name):
            y = tf.layers.dense(x * w, 3, name=name, activity_regularizer=total)
            tf.losses.add_loss(3.0 * tf.reduce_mean(y))
            return y

        is_positive = tf.reduce_sum(x) > 0.0
        y = tf.cond(is_positive, lambda: costly("a"), lambda: x)
        y += tf.case([(is_positive, lambda: costly("b"))], default=lambda: x)
        y += tf.cond(
            is_positive, lambda: tf.cond(is_positive, lambda: costly("c"), lambda: x), lambda: x
        )
        losses = [tf.losses.get_total_loss(), tf.losses.get_regularization_loss()]
        return y, losses, tf.tf1.gradients(losses[0], [w, *tf.trainable_variables("b")])

    return tf.three_runs(model, np.array([[1.0, 2.0, 3.0]], np.float32))


@probe_of_values
def of_what_shares_the_weights_of_a_kept_layer(tf):
    """A variable has the regularizer of who made it: here a layer which has none."""
    first, frozen = _kept(tf, "first", None), _kept(tf, "frozen", trainable=False)

    def model(x):
        with tf.variable_scope("net"):
            y = first(x) + frozen(x)
        with tf.variable_scope("net", reuse=True):
            for name in ("first", "frozen"):
                y += tf.layers.dense(x, 3, use_bias=False, name=name, kernel_regularizer=total)
            tf.get_variable("first/kernel", [3, 3], regularizer=total)
        penalties = [tf.reduce_sum(v * v) for v in tf.trainable_variables()]
        return y, tf.regularization_losses(), penalties

    return tf.three_runs(model, np.array([[1.0, 2.0, 3.0]], np.float32))


@probe_of_values
def of_what_a_getter_makes_for_a_kept_layer(tf):
    """A loss of a weight that a function makes, and of one that a layer makes which is kept."""
    first, second, hyper = _kept(tf, "first"), _kept(tf, "second"), _kept(tf, "hyper")

    def by(function):
        def getter(getter, name, shape=None, **kwargs):
            if "hyper" in name:
                return getter(name, shape=shape, **kwargs)
            return function(tf.eye(3))

        return getter

    def dense(x):
        return tf.layers.dense(x, 3, use_bias=False, name="hyper", kernel_regularizer=total)

    def model(x):
        with tf.variable_scope("a", custom_getter=by(dense)):
            y = first(first(x))
        with tf.variable_scope("b", custom_getter=by(hyper)):
            y += second(second(x))
        return y, tf.regularization_losses()

    return tf.three_runs(model, np.array([[1.0, 2.0, 3.0]], np.float32))


@probe_of_values
def of_get_variable(tf):
    """It is applied to the variable, and not at all where the getter asked for none."""
    facts = {}
    for key, getter in _kinds(tf).items():
        with tf.Graph().as_default():
            with tf.variable_scope("m", custom_getter=getter):
                tf.get_variable("v", [2], initializer=tf.ones_initializer(), regularizer=total)
            facts[key] = tf.value_of(tf.regularization_losses())
    return facts


@probe_of_values
def of_a_scope(tf):
    """It is applied to the variables of layers too, and is no loss of the layer."""
    layers = []
    with tf.variable_scope("m", regularizer=total, custom_getter=times(10.0)):
        for own in (None, lambda weight: 100 * total(weight)):
            layer = tf.layers.Dense(
                2, kernel_initializer=tf.ones_initializer(), kernel_regularizer=own
            )
            layer(tf.ones([2, 3]))
            layers.append(layer)
    return {
        "collection": tf.value_of(tf.regularization_losses()),
        "layers": [len(layer.losses) for layer in layers],
    }


@probe
def of_a_scope_as_the_getter_sees_it(tf):
    seen = []

    def looking(getter, name, *args, **kwargs):
        seen.append([name, kwargs["regularizer"] is total])
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", regularizer=total, custom_getter=looking):
        tf.layers.Dense(2)(tf.ones([2, 3]))
        tf.get_variable("v", [1])
        with tf.variable_scope("sub"):
            tf.get_variable("v", [1])
    return seen


@probe
def of_functions_that_reuse(tf):
    """One loss for a variable; one for each call where the getter makes a new tensor each time."""
    facts = {}
    for key, getter in (("variable", None), ("derived", times(10.0))):
        with tf.Graph().as_default():
            with tf.variable_scope("m", custom_getter=getter, reuse=tf.AUTO_REUSE):
                for _ in range(3):
                    tf.layers.dense(tf.ones([2, 3]), 2, name="d", kernel_regularizer=total)
                functions = len(tf.regularization_losses())
                for _ in range(3):
                    tf.get_variable("v", [2], regularizer=total)
            facts[key] = [functions, len(tf.regularization_losses()) - functions]
    return facts


@probe
def of_classes_that_reuse(tf):
    facts = {}
    for key, getter in (("variable", None), ("derived", times(10.0))):
        with tf.Graph().as_default():
            for _ in range(3):
                with tf.variable_scope("m", custom_getter=getter, reuse=tf.AUTO_REUSE):
                    tf.layers.Dense(2, kernel_regularizer=total)(tf.ones([2, 3]))
            facts[key] = len(tf.regularization_losses())
    return facts


@probe
def that_return_none(tf):
    with tf.variable_scope("m", regularizer=lambda weight: None):
        tf.get_variable("v", [1])
    return len(tf.regularization_losses())


@probe_of_values
def values_follow_the_variable(tf):
    with tf.variable_scope("m"):
        variable = tf.get_variable("v", [2], initializer=tf.ones_initializer(), regularizer=total)
    before = tf.value_of(tf.regularization_losses())
    tf.assign(variable, [2.0, 3.0])
    return [before, tf.value_of(tf.regularization_losses())]


def clipped(weight):
    """A constraint."""
    return tensorflow.clip_by_value(weight, 0.0, 1.0)


@probe
def constraints(tf):
    """A scope's reaches `get_variable` in that very scope, and no layer."""
    seen = {}

    def looking(getter, name, *args, **kwargs):
        seen[name] = kwargs["constraint"] is clipped
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", constraint=clipped, custom_getter=looking):
        variable = tf.get_variable("v", [1])
        tf.layers.Dense(2)(tf.ones([2, 3]))
        own = tf.layers.Dense(2, kernel_constraint=clipped)
        own(tf.ones([2, 3]))
        with tf.variable_scope("sub"):
            below = tf.get_variable("w", [1])
    return {
        "seen": seen,
        "variable": variable.constraint is clipped,
        "layer": own.kernel.constraint is clipped,
        "below": below.constraint is None,
    }


@probe_of_values
def constraint_of_a_derived_value(tf):
    """The optimizer applies it to the variable; what is derived follows."""
    with tf.variable_scope("m", reuse=tf.AUTO_REUSE, custom_getter=times(2.0)):

        def value():
            with tf.variable_scope(tf.get_variable_scope()):
                return tf.get_variable(
                    "v", [1], initializer=tf.ones_initializer(), constraint=clipped
                )

        tf.minimize(lambda: tf.reduce_sum(value()), -5.0)
        return {
            "derived": tf.value_of(value()),
            "variable": tf.value_of(tf.global_variables()[0]),
        }


@probe
def scopes_of_regularized_variables(tf):
    """The losses of a part of the model, by the names of its variables."""
    log = []
    for name in ("a", "b"):
        with tf.variable_scope(name, regularizer=total, custom_getter=noting(log)):
            tf.get_variable("v", initializer=np.ones([2], np.float32))
    return [len(tf.losses_of("a/")), len(tf.losses_of("b/")), len(tf.losses_of("c/"))]


@probe
def of_integers(tf):
    def raised(regularizer):
        with tf.variable_scope(None, default_name="m", regularizer=regularizer):
            made = outcome(lambda: tf.get_variable("v", [2], tf.int32).name)
        return made if isinstance(made, str) else made["raises"]

    return [
        raised(lambda v: 0.1 * tf.reduce_sum(v)),
        raised(tf.reduce_sum),
        raised(lambda v: None),
        [v.name for v in tf.global_variables()],
    ]


@probe
def that_return_no_tensor(tf):
    """TF1 asked a loss for its name, which a number has not."""

    def asked(name, loss):
        return outcome(lambda: tf.get_variable(name, [2], regularizer=lambda v: loss).name)

    losses = (1.0, 0, np.float32(1.0), np.ones(2), None)
    made = [asked(f"v{number}", loss) for number, loss in enumerate(losses)]
    with tf.variable_scope("m", regularizer=lambda v: 0.5):
        made.append(outcome(lambda: tf.get_variable("v", [2]).name))
    return made, [v.name for v in tf.global_variables()]


@probe
def that_fail(tf):
    def failing(v):
        raise KeyError("mine")

    def asked(**kwargs):
        made = outcome(lambda: tf.get_variable("v", [2], **kwargs).name)
        return made if isinstance(made, str) else made["raises"]

    return asked(regularizer=failing), asked(), [v.name for v in tf.global_variables()]
