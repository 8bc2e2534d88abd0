"""How a custom getter is called: with which keywords, in which order, with which values."""

import functools

import numpy as np

from ..probing import noting, outcome, passing, plus, probe, probe_of_values, times


def described(tf, value):
    """A getter's argument, told in words that are the same in both versions."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if value is tf.AUTO_REUSE:
        return "AUTO_REUSE"
    if isinstance(value, tf.DType):
        return "DType " + value.name
    if isinstance(value, tf.TensorShape):
        return f"TensorShape {value.as_list()}"
    if isinstance(value, (tf.VariableSynchronization, tf.VariableAggregation)):
        return str(value).replace("V2", "")
    if isinstance(value, type):
        return "class"
    if callable(value):
        return "callable"
    if isinstance(value, (str, int, list, tuple)):
        return f"{type(value).__name__} {value!r}"
    return tf.name_of(value)


def describing(tf, calls):
    """A getter that notes how it was called."""

    def getter_that_describes(getter, *args, **kwargs):
        seen = {key: described(tf, value) for key, value in kwargs.items()}
        calls.append({"positional": len(args), "order": list(kwargs), "values": seen})
        return getter(*args, **kwargs)

    return getter_that_describes


def noting_some(tf, calls, *keys):
    """A getter that notes the name and a few of the keywords it was called with."""

    def getter_that_notes(getter, name, *args, **kwargs):
        calls.append([name] + [described(tf, kwargs[key]) for key in keys])
        return getter(name, *args, **kwargs)

    return getter_that_notes


@probe
def of_get_variable(tf):
    calls = []
    with tf.variable_scope("m", custom_getter=describing(tf, calls)):
        tf.get_variable("list", [2])
        tf.get_variable("other", tf.TensorShape([2, 3]), "float16", tf.zeros_initializer)
        tf.get_variable("array", initializer=np.ones([2], np.float32))
        tf.get_variable("collection", [2], trainable=False, collections=["mine"])
        tf.get_variable("number", 3)
        tf.get_variable(
            "functions",
            (),
            regularizer=tf.keras.regularizers.l2(0.1),
            constraint=lambda x: x,
            use_resource=True,
        )
    return calls


@probe_of_values
def of_get_variable_with_a_tensor(tf):
    calls = []
    with tf.variable_scope("m", custom_getter=describing(tf, calls)):
        tf.get_variable("tensor", initializer=tf.ones([2]))
    return calls


@probe
def of_get_local_variable(tf):
    calls = []
    with tf.variable_scope("m", custom_getter=describing(tf, calls)):
        tf.get_local_variable("local", [1])
    return calls


@probe
def of_get_local_variable_with_everything(tf):
    asked = []
    with tf.variable_scope("m", custom_getter=noting(asked)):
        trained = tf.get_local_variable("trained", [1], trainable=True)
        collected = tf.get_local_variable("collected", [1], collections=["mine"])
        own = tf.get_local_variable("own", [1], custom_getter=times(2.0))
        given = [[1], tf.float64, tf.ones_initializer(), None, True, None, None, None, True, None]
        placed = tf.get_local_variable("placed", *given, plus(1.0))
    with tf.variable_scope("m", reuse=True):
        found = [tf.get_local_variable("trained") is trained, tf.get_variable("trained") is trained]
        missing = outcome(lambda: tf.get_local_variable("missing", [1]).name)
    scope = tf.get_variable_scope()
    return {
        "are": [tf.name_of(v) for v in (trained, collected, own, placed)],
        "trainable": trained.trainable,
        "dtype": placed.dtype.name,
        "local": [v.name for v in scope.local_variables()],
        "others": [v.name for v in scope.global_variables() + scope.trainable_variables()],
        "of the collection": [v.name for v in scope.get_collection("mine")],
        "asked": asked,
        "found": [*found, missing],
    }


@probe
def of_a_dense_layer(tf):
    calls = []
    with tf.variable_scope("m", custom_getter=describing(tf, calls)):
        layer = tf.layers.Dense(
            2, kernel_regularizer=tf.keras.regularizers.l2(0.1), kernel_constraint=lambda x: x
        )
        layer(tf.ones([2, 3]))
    return calls


@probe
def of_a_layer_under_defaults_of_the_scope(tf):
    calls = []
    with tf.variable_scope(
        "m",
        custom_getter=noting_some(tf, calls, "dtype", "initializer", "regularizer", "constraint"),
        initializer=tf.ones_initializer(),
        regularizer=tf.keras.regularizers.l2(0.1),
        constraint=lambda x: x,
        dtype=tf.float64,
    ):
        tf.layers.Dense(2)(tf.ones([2, 3]))
    return calls


@probe
def of_batch_normalization(tf):
    calls = []
    with tf.variable_scope("m", custom_getter=describing(tf, calls)):
        tf.layers.BatchNormalization()(tf.ones([2, 3]), training=True)
    return calls


@probe
def of_batch_normalization_of_images(tf):
    calls = []
    getter = noting_some(tf, calls, "shape", "trainable", "reuse", "synchronization", "aggregation")
    with tf.variable_scope("m", custom_getter=getter):
        tf.layers.BatchNormalization()(tf.ones([1, 4, 4, 2]), training=True)
    return calls


@probe
def of_batch_renormalization(tf):
    calls = []
    with tf.variable_scope("m", custom_getter=noting_some(tf, calls, "shape", "trainable")):
        tf.layers.batch_normalization(tf.ones([1, 4, 4, 2]), training=True, renorm=True)
    return calls


@probe
def of_every_kind_of_layer(tf):
    """The order in which a layer asks for its weights."""
    calls = []
    images, rows = tf.ones([1, 8, 8, 2]), tf.ones([1, 8, 2])
    volumes = tf.ones([1, 8, 8, 8, 2])
    getter = noting_some(tf, calls, "shape", "dtype", "reuse", "partitioner", "regularizer")
    layers = tf.layers
    with tf.variable_scope("m", custom_getter=getter):
        regularizer = tf.keras.regularizers.l2(0.1)
        layers.SeparableConv2D(3, 2, depthwise_regularizer=regularizer)(images)
        layers.SeparableConv1D(3, 2)(rows)
        layers.Conv1D(3, 2)(rows)
        layers.Conv2D(3, 2)(images)
        layers.Conv2DTranspose(3, 2)(images)
        layers.Conv3D(1, 2)(volumes)
        layers.Conv3DTranspose(1, 2)(volumes)
        layers.BatchNormalization(center=False)(tf.ones([2, 3]))
    return calls


@probe
def of_a_dense_layer_without_bias(tf):
    calls = []
    with tf.variable_scope("m", custom_getter=noting_some(tf, calls, "shape")):
        tf.layers.Dense(2, use_bias=False)(tf.ones([2, 3]))
    return calls


@probe
def initializers_of_layers(tf):
    """A layer hands on an initializer object; `get_variable` without one hands on `None`."""
    kinds = {}

    def getter(getter, name, *args, **kwargs):
        kinds[name] = type(kwargs["initializer"]).__name__
        return getter(name, *args, **kwargs)

    with tf.variable_scope("m", custom_getter=getter):
        tf.layers.Dense(2)(tf.ones([2, 3]))
        tf.layers.Conv2D(1, 1)(tf.ones([1, 2, 2, 1]))
        tf.layers.BatchNormalization()(tf.ones([2, 3]))
        tf.get_variable("v", [2])
    return kinds


def _explicit(
    getter,
    name,
    shape=None,
    dtype=None,
    initializer=None,
    regularizer=None,
    reuse=None,
    trainable=None,
    collections=None,
    caching_device=None,
    partitioner=None,
    validate_shape=True,
    use_resource=None,
    synchronization=None,
    aggregation=None,
):
    """The signature of a getter written before there was `constraint`."""
    return getter(name, shape=shape, dtype=dtype)


class CallableGetter:
    """A getter that is an object."""

    def __call__(self, getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs)


@probe
def with_every_signature(tf):
    def other_names(g, n, *args, **kwargs):
        return g(n, *args, **kwargs)

    def getter_first(getter, *args, **kwargs):
        return getter(*args, **kwargs)

    def only_name(getter, name):
        return getter(name)

    def renamed(true_getter, name, **kwargs):
        return true_getter(name, **kwargs)

    def positional(getter, name, shape, dtype, *args, **kwargs):
        return getter(name, shape, dtype, *args, **kwargs)

    def bound(extra, getter, name, **kwargs):
        return getter(name, **kwargs)

    getters = {
        "explicit": _explicit,
        "other_names": other_names,
        "getter_first": getter_first,
        "only_name": only_name,
        "renamed": renamed,
        "positional": positional,
        "lambda": lambda getter, *args, **kwargs: getter(*args, **kwargs),
        "partial": functools.partial(bound, 1),
        "object": CallableGetter(),
        "method": CallableGetter().__call__,
    }
    facts = {}
    for key, getter in getters.items():
        with tf.variable_scope(key, custom_getter=getter):
            facts[key] = outcome(lambda: tf.get_variable("v", [1]).name)
    return facts


@probe
def nested_without_constraint(tf):
    """A getter that does not take `constraint` is only spared it where it is alone."""
    facts = {}
    with tf.variable_scope("outside", custom_getter=_explicit):
        facts["alone"] = outcome(lambda: tf.get_variable("v", [1]).name)
        with tf.variable_scope("i", custom_getter=passing):
            facts["outer"] = outcome(lambda: tf.get_variable("v", [1]).name)
    with tf.variable_scope("inside", custom_getter=passing):
        with tf.variable_scope("i", custom_getter=_explicit):
            facts["inner"] = outcome(lambda: tf.get_variable("v", [1]).name)
    return facts


@probe
def nested(tf):
    """Alone by keyword; nested, the inner gets `getter` by position, the outer `name` too."""
    calls = []

    def noting_style(tag):
        def getter_that_notes(*args, **kwargs):
            given = [key for key in ("getter", "name", "constraint") if key in kwargs]
            calls.append([tag, len(args), given, len(kwargs)])
            getter = args[0] if args else kwargs.pop("getter")
            rest = args[1:] or (kwargs.pop("name"),)
            return getter(*rest, **kwargs)

        return getter_that_notes

    with tf.variable_scope("o", custom_getter=noting_style("outer")):
        tf.get_variable("alone", [1])
        with tf.variable_scope("i", custom_getter=noting_style("middle")):
            with tf.variable_scope("j", custom_getter=noting_style("inner")):
                tf.get_variable("v", [1])
                tf.layers.Dense(2)(tf.ones([2, 3]))
    return calls


@probe
def reuse_that_it_sees(tf):
    calls = []
    getter = noting_some(tf, calls, "reuse")
    for reuse in (None, True, tf.AUTO_REUSE):
        with tf.variable_scope("m", custom_getter=getter, reuse=reuse):
            tf.layers.Dense(2)(tf.ones([2, 3]))
            tf.get_variable("v", [1])
    return calls


@probe_of_values
def and_changes_its_arguments(tf):
    def ones_not_trained(getter, name, *args, **kwargs):
        kwargs["initializer"] = tf.ones_initializer()
        kwargs["trainable"] = False
        return getter(name, kwargs.pop("shape"), **kwargs)

    with tf.variable_scope("m", custom_getter=ones_not_trained):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    return {
        "values": tf.value_of(list(layer.weights)),
        "trainable": [tf.name_of(w) for w in layer.trainable_weights],
        "not trainable": [tf.name_of(w) for w in layer.non_trainable_weights],
        "collection": [v.name for v in tf.trainable_variables()],
    }


@probe
def and_drops_its_arguments(tf):
    """Getters of the wild delete keywords: the keys must be there."""

    def popping(getter, name, *args, **kwargs):
        shape = kwargs.pop("shape")
        for key in ("initializer", "regularizer", "partitioner", "collections", "use_resource"):
            del kwargs[key]
        return getter(name, shape=shape, **kwargs)

    with tf.variable_scope("m", custom_getter=popping):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    return [tf.name_of(w) for w in layer.weights]
