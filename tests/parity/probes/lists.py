"""What a layer's lists show: variables, trainable or not, losses; and what the collections hold."""

import numpy as np

from ..probing import noting, outcome, passing, probe, probe_of_values, times


def _lists(tf, layer):
    def names(weights):
        return [tf.name_of(weight) for weight in weights]

    return {
        "variables": names(layer.variables),
        "trainable": names(layer.trainable_variables),
        "not trainable": names(layer.non_trainable_variables),
        "kernel": tf.name_of(layer.kernel),
        "losses": len(layer.losses),
        "parameters": layer.count_params(),
        "tf.trainable": names(tf.trainable_variables()),
        "tf.global": names(tf.global_variables()),
        "tf.losses": len(tf.regularization_losses()),
    }


def _of_dense(tf, getter, **arguments):
    """The lists of a layer that was called twice."""
    with tf.variable_scope("m", custom_getter=getter):
        layer = tf.layers.Dense(2, kernel_regularizer=tf.keras.regularizers.l2(0.5), **arguments)
        layer(tf.ones([2, 3]))
        layer(tf.ones([2, 3]))
    return _lists(tf, layer)


@probe
def of_variables(tf):
    return _of_dense(tf, passing)


@probe
def of_derived_weights(tf):
    return _of_dense(tf, times(2.0))


@probe
def of_constants(tf):
    return _of_dense(tf, lambda getter, name, *args, **kwargs: tf.ones(kwargs["shape"]))


@probe
def of_variables_not_to_be_trained(tf):
    def frozen(getter, name, *args, **kwargs):
        kwargs["trainable"] = False
        return getter(name, *args, **kwargs)

    return _of_dense(tf, frozen)


@probe
def of_variables_of_the_users_own(tf):
    own = {
        "kernel": tf.Variable(np.ones([3, 2], np.float32), name="mine_k"),
        "bias": tf.Variable(np.zeros([2], np.float32), name="mine_b", trainable=False),
    }
    facts = _of_dense(tf, lambda getter, name, *args, **kwargs: own[name.split("/")[-1]])
    # A variable that `get_variable` did not make joins the collections of a TF1 graph, and no
    # store: that much is left out of the comparison.
    return {key: value for key, value in facts.items() if not key.startswith("tf.")}


@probe
def of_a_layer_not_to_be_trained(tf):
    return _of_dense(tf, passing, trainable=False)


@probe
def of_derived_weights_of_a_layer_frozen_later(tf):
    with tf.variable_scope("m", custom_getter=times(2.0)):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    layer.trainable = False
    facts = _lists(tf, layer)
    return {key: facts[key] for key in ("variables", "trainable", "not trainable")}


@probe
def of_statistics_that_a_getter_trains(tf):
    """The layer goes by what it asked for, the collection by what the variable is."""

    def trained(getter, name, *args, **kwargs):
        kwargs["trainable"] = True
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", custom_getter=trained):
        layer = tf.layers.BatchNormalization()
        layer(tf.ones([2, 3]))
    return {
        "trainable": [tf.name_of(w) for w in layer.trainable_weights],
        "not trainable": [tf.name_of(w) for w in layer.non_trainable_weights],
        "tf.trainable": [v.name for v in tf.trainable_variables()],
    }


@probe
def of_one_replaced_weight(tf):
    """The trainable ones come first."""

    def replacing(getter, name, *args, **kwargs):
        if name.endswith("kernel"):
            return tf.ones(kwargs["shape"])
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", custom_getter=replacing):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    facts = _lists(tf, layer)
    return {key: facts[key] for key in ("variables", "trainable", "not trainable")}


@probe_of_values
def gradients_through_derived_weights(tf):
    with tf.variable_scope("m", custom_getter=times(2.0)):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    return tf.gradients(lambda: layer(tf.ones([2, 3])), list(tf.trainable_variables()))


@probe_of_values
def training_of_derived_weights(tf):
    with tf.variable_scope("m", custom_getter=times(2.0)):
        layer = tf.layers.Dense(1, kernel_initializer=tf.ones_initializer())
        layer(tf.ones([1, 2]))
    tf.minimize(lambda: tf.reduce_sum(layer(tf.ones([1, 2]))), 0.1)
    return {v.name: tf.value_of(v) for v in tf.trainable_variables()}


@probe_of_values
def training_what_the_layer_calls_trainable(tf):
    with tf.variable_scope("m", custom_getter=times(2.0)):
        layer = tf.layers.Dense(1, kernel_initializer=tf.ones_initializer())
        layer(tf.ones([1, 2]))
    return outcome(
        lambda: tf.gradients(lambda: layer(tf.ones([1, 2])), list(layer.trainable_variables))
    )


@probe
def regularizer_that_a_getter_sees(tf):
    """A layer's own regularizer is not handed to the getter."""
    seen = {}

    def looking(getter, name, *args, **kwargs):
        seen[name] = kwargs["regularizer"] is None
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", custom_getter=looking):
        tf.layers.Dense(2, kernel_regularizer=tf.keras.regularizers.l2(0.5))(tf.ones([2, 3]))
    return seen


@probe
def of_the_collections(tf):
    with tf.variable_scope("m", custom_getter=noting([])) as scope:
        tf.get_variable("v", [1])
        tf.get_variable("frozen", [1], trainable=False)
        tf.get_variable("mine", [1], collections=["mine"])
        tf.get_local_variable("local", [1])
    tf.get_variable("outside", [1])
    return {
        "global": [v.name for v in tf.global_variables()],
        "trainable": [v.name for v in tf.trainable_variables()],
        "by prefix": [v.name for v in tf.global_variables("m/")],
        "by pattern": [v.name for v in tf.global_variables(".*f")],
        "scope.global": [v.name for v in scope.global_variables()],
        "scope.trainable": [v.name for v in scope.trainable_variables()],
        "scope.local": [v.name for v in scope.local_variables()],
        "scope.get_collection": [v.name for v in scope.get_collection("mine")],
    }


@probe_of_values
def of_the_saver(tf):
    """A checkpoint holds the variables, not what was derived from them."""
    with tf.variable_scope("m", custom_getter=times(2.0)):
        tf.layers.Dense(2)(tf.ones([2, 3]))
    return tf.saved_names()
