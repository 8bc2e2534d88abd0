"""What a getter may return, ask for, and raise."""

import numpy as np

from ..probing import outcome, passing, probe, probe_of_values, times


def names(tf, weights):
    return [tf.name_of(weight) for weight in weights]


def everything(tf):
    return [v.name for v in tf.global_variables()]


@probe_of_values
def two_variables_as_one(tf):
    def summed(getter, name, *args, **kwargs):
        return getter(name + "/0", *args, **kwargs) + getter(name + "/1", *args, **kwargs)

    with tf.variable_scope("m", custom_getter=summed):
        layer = tf.layers.Dense(2, kernel_initializer=tf.ones_initializer())
        run = tf.program(lambda: layer(tf.ones([1, 3])))
        value = tf.get_variable("v", [2], initializer=tf.ones_initializer())
    return {
        "variables": everything(tf),
        "layer": names(tf, layer.variables),
        "output": run(),
        "get_variable": [tf.name_of(value), tf.value_of(value)],
    }


def _under(tf, getter):
    """What `get_variable` and a Dense layer make of what a getter returns."""
    with tf.variable_scope("m", custom_getter=getter):
        value = outcome(lambda: tf.name_of(tf.get_variable("v", [3])))
        layer = tf.layers.Dense(2)
        output = outcome(lambda: layer(tf.ones([2, 3])).shape.as_list())
    return {"get_variable": value, "layer": output}


@probe
def a_tensor_of_another_shape(tf):
    return _under(tf, lambda getter, name, *args, **kwargs: tf.ones([5, 5]))


@probe
def a_tensor_of_another_dtype(tf):
    return _under(tf, lambda getter, *args, **kw: tf.cast(getter(*args, **kw), tf.float64))


@probe
def a_variable_of_another_shape(tf):
    def changing(getter, name, *args, **kwargs):
        if "kernel" in name:
            kwargs["shape"] = [1, 2]
        return getter(name, *args, **kwargs)

    return _under(tf, changing)


@probe
def none(tf):
    return _under(tf, lambda getter, name, *args, **kwargs: None)


@probe
def an_array(tf):
    return _under(tf, lambda getter, name, *a, **kwargs: np.ones(kwargs["shape"], np.float32))


@probe
def a_number(tf):
    return _under(tf, lambda getter, name, *args, **kwargs: 3.0)


@probe
def a_list(tf):
    return _under(tf, lambda getter, name, *args, **kwargs: [getter(name, *args, **kwargs)])


@probe
def a_getter_that_cannot_be_called(tf):
    def inside(outer):
        with tf.variable_scope("o", custom_getter=outer):
            with tf.variable_scope("m", custom_getter=3):
                return tf.get_variable("v", [1]).name

    return {
        "argument": outcome(lambda: tf.get_variable("v", [1], custom_getter=3)),
        "scope": outcome(lambda: inside(None)),
        "nested": outcome(lambda: inside(passing)),
    }


@probe
def an_exception(tf):
    def failing(getter, name, *args, **kwargs):
        raise KeyError("boom")

    def failing_at_bias(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        if "bias" in name:
            raise KeyError("boom")
        return variable

    facts = {}

    def build(layer, name, getter):
        with tf.variable_scope(name, custom_getter=getter):
            layer(tf.ones([2, 3]))
            return names(tf, layer.weights)

    facts["at once"] = outcome(lambda: build(tf.layers.Dense(2), "m", failing))
    facts["scope after"] = tf.get_variable_scope().name
    facts["getter after"] = tf.get_variable_scope().custom_getter is None
    facts["next layer"] = outcome(lambda: build(tf.layers.Dense(2), "m", None))
    layer = tf.layers.Dense(2)
    facts["at the bias"] = outcome(lambda: build(layer, "n", failing_at_bias))
    facts["built"] = layer.built
    facts["variables"] = everything(tf)
    facts["same layer again"] = outcome(lambda: build(layer, "n", None))
    return facts


@probe
def further_variables_by_get_variable(tf):
    """They go through the getter again, under the scope that is open: that of the layer."""
    scopes = []

    def scaling(getter, name, *args, **kwargs):
        if name.endswith("_scale"):
            return getter(name, *args, **kwargs)
        scopes.append(tf.get_variable_scope().name)
        scale = tf.get_variable(name + "_scale", [], initializer=tf.ones_initializer())
        return getter(name, *args, **kwargs) * scale

    with tf.variable_scope("m", custom_getter=scaling):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
        tf.get_variable("v", [1])
    return {
        "first scopes": [scopes[0], scopes[-1]],
        "variables": everything(tf),
        "layer": names(tf, layer.variables),
    }


@probe
def further_variables_by_the_true_getter(tf):
    def scaling(getter, name, *args, **kwargs):
        changed = dict(kwargs, shape=[], initializer=tf.ones_initializer(), trainable=False)
        return getter(name, *args, **kwargs) * getter(name + "_scale", **changed)

    with tf.variable_scope("m", custom_getter=scaling):
        tf.layers.Dense(2)(tf.ones([2, 3]))
    return {
        "variables": everything(tf),
        "trainable": [v.name for v in tf.trainable_variables()],
    }


@probe
def endless_recursion(tf):
    def asking_again(getter, name, *args, **kwargs):
        tf.get_variable("extra", [1])
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", custom_getter=asking_again):
        found = outcome(lambda: tf.get_variable("v", [1]))
    return {"raises": found["raises"], "message": "", "scope after": tf.get_variable_scope().name}


@probe
def the_true_getter_called_twice(tf):
    same = []

    def twice(getter, name, *args, **kwargs):
        first, second = getter(name, *args, **kwargs), getter(name, *args, **kwargs)
        same.append(first is second)
        return first

    facts = {}
    for reuse in (None, tf.AUTO_REUSE):
        with tf.variable_scope("m%s" % (reuse is None), custom_getter=twice, reuse=reuse):
            facts[f"reuse {bool(reuse)}"] = outcome(lambda: tf.get_variable("v", [1]).name)
    return {"calls": facts, "same": same}


@probe
def a_variable_of_any_name(tf):
    def elsewhere(getter, name, *args, **kwargs):
        return getter("elsewhere/" + name.split("/")[-1], *args, **kwargs)

    with tf.variable_scope("m", custom_getter=elsewhere):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    return {"variables": everything(tf), "layer": names(tf, layer.weights)}


@probe
def the_true_getter_kept_for_later(tf):
    kept = []

    def keeping(getter, name, *args, **kwargs):
        kept.append((getter, kwargs))
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", custom_getter=keeping):
        tf.get_variable("v", [1])
    getter, keywords = kept[0]
    return {
        "new": outcome(lambda: getter("m/late", **keywords).name),
        "existing": outcome(lambda: getter("m/v").name),
        "existing, as asked": outcome(lambda: getter("m/v", **keywords).name),
    }


@probe_of_values
def variables_stored_in_another_precision(tf):
    """The getter of mixed precision training: float32 variables, float16 weights."""

    def stored_as_float32(getter, name, shape=None, dtype=None, trainable=True, *args, **kwargs):
        stored = tf.float32 if trainable else dtype
        variable = getter(name, shape, dtype=stored, trainable=trainable, *args, **kwargs)  # noqa: B026
        return tf.cast(variable, dtype) if trainable and dtype != tf.float32 else variable

    with tf.variable_scope("m", custom_getter=stored_as_float32, dtype=tf.float16):
        layer = tf.layers.Dense(2, kernel_initializer=tf.ones_initializer(), dtype=tf.float16)
        run = tf.program(lambda: layer(tf.ones([2, 3], tf.float16)))
        weight = tf.get_variable("v", [1])
        normalize = tf.layers.BatchNormalization(dtype=tf.float16)
        normalized = normalize(tf.ones([2, 3], tf.float16), training=True)
    return {
        "output": run(),
        "normalized": tf.as_dtype(normalized.dtype).name,
        "get_variable": tf.as_dtype(weight.dtype).name,
        "variables": [[v.name, v.dtype.base_dtype.name] for v in tf.global_variables()],
    }


@probe
def tensors_are_new_at_each_request(tf):
    log = []

    def doubling(getter, name, *args, **kwargs):
        log.append(name)
        return getter(name, *args, **kwargs) * 2

    with tf.variable_scope("m", custom_getter=doubling):
        first = tf.get_variable("v", [1])
    with tf.variable_scope("m", custom_getter=doubling, reuse=True):
        second = tf.get_variable("v", [1])
    with tf.variable_scope("m", reuse=True):
        variable = tf.get_variable("v", [1])
    return {"same": first is second, "asked": log, "variable": variable.name}


@probe
def a_replacement_needs_no_variable(tf):
    """A getter that never asks the true one is beyond reuse."""
    weight = tf.ones([3, 2])

    def replacing(getter, name, *args, **kwargs):
        return weight if "kernel" in name else getter(name, *args, **kwargs)

    def twice():
        return [tf.get_variable("kernel", [3, 2]) is weight for _ in range(2)]

    facts = {}
    with tf.variable_scope("m", custom_getter=replacing, reuse=True):
        facts["missing"] = outcome(lambda: tf.get_variable("kernel", [9]) is weight)
        facts["only the bias is missing"] = outcome(
            lambda: tf.layers.Dense(2)(tf.ones([2, 3])).shape.as_list()
        )
    with tf.variable_scope("m", custom_getter=replacing):
        facts["twice"] = outcome(twice)
    facts["variables"] = everything(tf)
    return facts


@probe_of_values
def a_tensor_that_the_caller_differentiates(tf):
    """MAML: the gradient flows through a replaced weight to where it came from."""
    source = tf.ones([3, 2])

    def loss_of(source):
        replaced = source * 3.0

        def replacing(getter, name, *args, **kwargs):
            if name == "m/dense/kernel":
                return replaced
            return getter(name, *args, **kwargs)

        with tf.variable_scope("m", custom_getter=replacing, reuse=tf.AUTO_REUSE):
            return tf.layers.Dense(2)(tf.ones([2, 3]))

    return {"gradient": tf.gradients(lambda: loss_of(source), [source])}


@probe_of_values
def get_and_set_weights(tf):
    with tf.variable_scope("m", custom_getter=times(2.0)):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    with tf.session():
        return {
            "get": outcome(lambda: len(layer.get_weights())),
            "set": outcome(lambda: layer.set_weights([np.ones([3, 2]), np.zeros([2])])),
        }


@probe
def shapes_that_layers_are_asked_for(tf):
    layers = {
        "dense": tf.layers.Dense(3),
        "conv1d": tf.layers.Conv1D(3, 2),
        "conv2d": tf.layers.Conv2D(3, 2, padding="same", strides=2),
        "separable_conv2d": tf.layers.SeparableConv2D(3, 2),
        "conv2d_transpose": tf.layers.Conv2DTranspose(3, 2, strides=2),
        "max_pooling2d": tf.layers.MaxPooling2D(2, 2),
        "average_pooling1d": tf.layers.AveragePooling1D(2, 2),
        "flatten": tf.layers.Flatten(),
        "dropout": tf.layers.Dropout(0.5),
        "batch_normalization": tf.layers.BatchNormalization(),
    }
    answers = {}
    for name, layer in layers.items():
        shape = [None, 5, 2] if name.endswith("1d") else [None, 5, 6, 2]
        x = tf.ones([4, *shape[1:]])
        layer(x)
        answers[name] = [
            outcome(lambda: tf.TensorShape(layer.compute_output_shape(asked)).as_list())  # noqa: B023
            for asked in (shape, tf.TensorShape(shape), x.get_shape())
        ]
    return answers
