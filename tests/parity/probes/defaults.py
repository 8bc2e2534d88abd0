"""What a scope decides for the variables under it: initializer, dtype, regularizer and others."""

import math

import numpy as np

from ..probing import noting, outcome, probe, probe_of_values


@probe_of_values
def initializer(tf):
    """A layer has the scope's only where its own is `None`: the kernel, not the bias."""
    image = tf.ones([1, 2, 2, 1])
    with tf.variable_scope("m", initializer=tf.constant_initializer(0.3)):
        tf.layers.Dense(2)(tf.ones([2, 3]))
        tf.layers.Dense(2, kernel_initializer=tf.ones_initializer())(tf.ones([2, 3]))
        tf.layers.BatchNormalization()(tf.ones([2, 3]))
        tf.layers.Conv2D(1, 1)(image)
        tf.layers.SeparableConv2D(1, 1)(image)
        tf.get_variable("v", [1])
        with tf.variable_scope("s"):
            tf.get_variable("w", [1])
        with tf.variable_scope("s2", initializer=tf.ones_initializer()):
            tf.get_variable("w", [1])
    return {v.name: np.ravel(tf.value_of(v)).tolist()[0] for v in tf.global_variables()}


@probe_of_values
def bias_initializer_that_is_none(tf):
    with tf.variable_scope("m", initializer=tf.constant_initializer(0.3)):
        tf.layers.Dense(2, bias_initializer=None)(tf.ones([2, 3]))
    return {v.name: np.ravel(tf.value_of(v)).tolist()[0] for v in tf.global_variables()}


@probe_of_values
def initializer_where_none_is_given(tf):
    """Glorot uniform for floating types, zeros for integers, booleans and strings."""
    values = np.array(tf.value_of(tf.get_variable("uniform", [40, 40])))
    limit = math.sqrt(6.0 / 80)
    return {
        "within": bool(np.abs(values).max() <= limit),
        "not much less": bool(np.abs(values).max() > 0.9 * limit),
        "integers": tf.value_of(tf.get_variable("i", [2], dtype=tf.int32)),
        "booleans": tf.value_of(tf.get_variable("b", [2], dtype=tf.bool)),
        "strings": str(tf.value_of(tf.get_variable("s", [], dtype=tf.string))),
        "complex": outcome(lambda: tf.get_variable("c", [2], dtype=tf.complex64).name),
    }


@probe
def dtype(tf):
    facts = {}
    with tf.variable_scope("m", dtype=tf.float64) as scope:
        facts["scope"] = scope.dtype.name
        facts["variable"] = tf.get_variable("v", [1]).dtype.base_dtype.name
        with tf.variable_scope("sub"):
            facts["below"] = tf.get_variable("w", [1]).dtype.base_dtype.name
        facts["own"] = tf.get_variable("x", [1], tf.float32).dtype.base_dtype.name
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
        facts["layer"] = tf.as_dtype(layer.kernel.dtype).base_dtype.name
        layer = tf.layers.Dense(2, dtype=tf.float64)
        layer(tf.ones([2, 3], tf.float64))
        facts["layer's own"] = tf.as_dtype(layer.kernel.dtype).base_dtype.name
    return facts


@probe
def dtype_of_a_layer_from_its_input(tf):
    layer = tf.layers.Dense(2)
    layer(tf.ones([2, 3], tf.float64))
    return tf.as_dtype(layer.kernel.dtype).base_dtype.name


@probe
def partitioner(tf):
    """The getter sees it, and the variable is made of parts."""
    seen = {}

    def looking(getter, name, *args, **kwargs):
        seen[name] = kwargs["partitioner"] is not None
        return getter(name, *args, **kwargs)

    with tf.variable_scope(
        "m", partitioner=tf.fixed_size_partitioner(2, axis=0), custom_getter=looking
    ):
        variable = outcome(lambda: type(tf.get_variable("v", [4])).__name__)
        with tf.variable_scope("sub") as scope:
            inherited = scope.partitioner is not None
    return {"seen": seen, "variable": variable, "inherited": inherited}


@probe
def caching_device(tf):
    seen = {}

    def looking(getter, name, *args, **kwargs):
        seen[name] = kwargs["caching_device"]
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", caching_device="/cpu:0", custom_getter=looking):
        tf.get_variable("v", [1])
        tf.layers.Dense(2)(tf.ones([2, 3]))
    return seen


@probe
def use_resource(tf):
    seen = {}

    def looking(getter, name, *args, **kwargs):
        seen[name] = kwargs["use_resource"]
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", use_resource=True, custom_getter=looking) as scope:
        tf.get_variable("v", [1])
        tf.layers.Dense(2)(tf.ones([2, 3]))
        with tf.variable_scope("sub"):
            tf.get_variable("v", [1])
    with tf.variable_scope("n", custom_getter=looking):
        tf.get_variable("v", [1])
    return {"seen": seen, "scope": scope.use_resource}


@probe
def setters(tf):
    log = []
    with tf.variable_scope("m") as scope:
        scope.set_initializer(tf.ones_initializer())
        scope.set_dtype(tf.float64)
        scope.set_regularizer(tf.reduce_sum)
        scope.set_custom_getter(noting(log))
        scope.set_use_resource(True)
        scope.set_partitioner(None)
        scope.set_caching_device("/cpu:0")
        variable = tf.get_variable("v", [1])
    with tf.variable_scope("m", reuse=True) as by_name:
        pass
    with tf.variable_scope(scope) as by_object:
        pass
    return {
        "dtype": variable.dtype.base_dtype.name,
        "losses": len(tf.regularization_losses()),
        "asked": log,
        "by name": [by_name.dtype.name, by_name.custom_getter is None],
        "by object": [by_object.dtype.name, by_object.custom_getter is None],
        "attributes": sorted(
            key for key in dir(scope) if not key.startswith("_") and key not in ("child_name",)
        ),
    }


@probe_of_values
def initializers_as_users_give_them(tf):
    """An object, a class, a function, an array, a number, a list."""
    given = {
        "object": dict(shape=[2], initializer=tf.ones_initializer()),
        "class": dict(shape=[2], initializer=tf.ones_initializer),
        "array": dict(initializer=np.array([1.0, 2.0], np.float32)),
        "number": dict(initializer=3.0),
        "integer": dict(initializer=3),
        "list": dict(initializer=[1.0, 2.0]),
        "tensor": dict(initializer=tf.constant([1.0, 2.0])),
        "double": dict(initializer=np.array([1.0, 2.0])),
        "shapeless": dict(initializer=lambda: tf.ones([2])),
    }
    facts = {}
    for key, arguments in given.items():

        def ask(key=key, arguments=arguments):
            variable = tf.get_variable(key, **arguments)
            return [variable.name, variable.dtype.base_dtype.name, tf.value_of(variable)]

        facts[key] = outcome(ask)
    return facts
