"""Reuse: what is found, what is created, what is refused and in which words."""

import numpy as np

from ..probing import outcome, passing, probe, probe_of_values


@probe
def a_name_asked_for_twice(tf):
    facts = {}
    for key, getter in (("plain", None), ("getter", passing)):
        with tf.variable_scope(key, custom_getter=getter):
            tf.get_variable("v", [1])
            facts[key] = outcome(lambda: tf.get_variable("v", [1]).name)
            facts[key + ", other shape"] = outcome(lambda: tf.get_variable("v", [2]).name)
            facts[key + ", resource"] = outcome(
                lambda: [tf.get_variable("r", [1], use_resource=True).name for _ in range(2)]
            )
    return facts


@probe
def only_what_exists(tf):
    with tf.variable_scope("m"):
        tf.get_variable("v", [1])
    facts = {}
    with tf.variable_scope("m", custom_getter=passing, reuse=True):
        for key, request in {
            "existing": lambda: tf.get_variable("v", [1]),
            "missing": lambda: tf.get_variable("nope", [1]),
            "shape": lambda: tf.get_variable("v", [2]),
            "rank": lambda: tf.get_variable("v", [1, 1]),
            "dtype": lambda: tf.get_variable("v", [1], dtype=tf.float64),
            "no shape": lambda: tf.get_variable("v"),
            "partial shape": lambda: tf.get_variable("v", [None]),
            "initializer": lambda: tf.get_variable("v", [1], initializer=tf.ones_initializer()),
            "constant": lambda: tf.get_variable("v", initializer=np.ones([1], np.float32)),
            "constant and shape": lambda: tf.get_variable(
                "v", [1], initializer=np.ones([1], np.float32)
            ),
        }.items():
            facts[key] = outcome(lambda request=request: request().name)
    return facts


@probe
def a_missing_weight_of_a_layer(tf):
    def call():
        return tf.layers.Dense(2, name="nope")(tf.ones([2, 3])).shape.as_list()

    with tf.variable_scope("m", reuse=True):
        return outcome(call)


@probe
def a_layer_of_another_size(tf):
    def call(units):
        with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
            layer = tf.layers.Dense(units, name="d")
            return layer(tf.ones([2, 3])).shape.as_list()

    return [outcome(lambda: call(2)), outcome(lambda: call(5))]


@probe
def what_exists_and_the_rest(tf):
    with tf.variable_scope("m"):
        tf.get_variable("v", [1])
    facts = {}
    with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
        for key, request in {
            "existing": lambda: tf.get_variable("v", [1]),
            "new": lambda: tf.get_variable("new", [2]),
            "shape": lambda: tf.get_variable("v", [2]),
            "dtype": lambda: tf.get_variable("v", [1], dtype=tf.int32),
        }.items():
            facts[key] = outcome(lambda request=request: request().name)
    return facts


@probe
def the_second_request_changes_nothing(tf):
    """Initializer, regularizer, constraint and trainable of an existing variable stay."""
    with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
        first = tf.get_variable("v", [1])
        second = tf.get_variable(
            "v",
            [1],
            trainable=False,
            regularizer=tf.reduce_sum,
            constraint=tf.identity,
            collections=["mine"],
        )
    return {
        "same": first is second,
        "trainable": second.trainable,
        "constraint": second.constraint is None,
        "losses": len(tf.regularization_losses()),
    }


@probe
def variables_without_a_shape(tf):
    return {
        "none": outcome(lambda: tf.get_variable("none", None).name),
        "partial": outcome(lambda: tf.get_variable("partial", [None, 2]).name),
        "function": outcome(
            lambda: tf.get_variable(
                "f", initializer=lambda: np.zeros([3], np.float32)
            ).shape.as_list()
        ),
        "function and shape": outcome(
            lambda: tf.get_variable(
                "g", [3], initializer=lambda shape, dtype, partition_info=None: np.ones(shape, "f4")
            ).shape.as_list()
        ),
        "string": outcome(lambda: tf.get_variable("s", [1], initializer="zeros").name),
        "dtype": outcome(
            lambda: tf.get_variable("d", dtype=tf.int32, initializer=np.ones([1], np.float32)).name
        ),
    }


@probe
def arguments_of_a_scope(tf):
    def open_scope(*args, **kwargs):
        with tf.variable_scope(*args, **kwargs) as scope:
            return scope.name

    return {
        "reuse='x'": outcome(lambda: open_scope("m", reuse="x")),
        "reuse=1": outcome(lambda: open_scope("m", reuse=1)),
        "no name": outcome(lambda: open_scope(None)),
        "number": outcome(lambda: open_scope(3)),
        "auxiliary": outcome(lambda: open_scope("m", auxiliary_name_scope=1)),
        "blank": outcome(lambda: open_scope("a b")),
        "underscore": outcome(lambda: open_scope("_a")),
        "default and reuse": outcome(lambda: open_scope(None, default_name="q", reuse=True)),
        "default and AUTO_REUSE": outcome(
            lambda: open_scope(None, default_name="q", reuse=tf.AUTO_REUSE)
        ),
    }


@probe
def names_of_a_variable(tf):
    facts = {}
    with tf.variable_scope("m"):
        for name in ("a/b", "", "a:0", "a b"):
            facts[name] = outcome(lambda name=name: tf.get_variable(name, [1]).name)
    for name in ("", "_a", "a b"):
        facts["root " + name] = outcome(lambda name=name: tf.get_variable(name, [1]).name)
    return facts


@probe
def reuse_is_not_an_argument_of_get_variable(tf):
    found = outcome(lambda: tf.get_variable("zz", [1], reuse=False))
    return found["raises"]


def _reuse(tf, scope):
    return "AUTO_REUSE" if scope.reuse is tf.AUTO_REUSE else scope.reuse


@probe
def inheritance(tf):
    facts = {}
    kinds = {"none": None, "false": False, "true": True, "auto": tf.AUTO_REUSE}
    for outer in kinds:
        for inner in kinds:
            with tf.variable_scope("m", reuse=kinds[outer]):
                with tf.variable_scope("a", reuse=kinds[inner]) as scope:
                    facts[outer + " > " + inner] = _reuse(tf, scope)
    return facts


@probe
def reuse_variables(tf):
    with tf.variable_scope("m") as scope:
        before = _reuse(tf, scope)
        with tf.variable_scope("open") as below:
            scope.reuse_variables()
            open_below = _reuse(tf, below)
        after = _reuse(tf, scope)
        with tf.variable_scope("new") as below:
            new_below = _reuse(tf, below)
    with tf.variable_scope(scope) as again:
        by_object = _reuse(tf, again)
    with tf.variable_scope("m") as other:
        by_name = _reuse(tf, other)
    return [before, open_below, after, new_below, by_object, by_name]


@probe
def reuse_variables_of_the_root(tf):
    root = tf.get_variable_scope()
    with tf.variable_scope("a"):
        with tf.variable_scope(root):
            name = tf.get_variable("v", [1]).name
    root.reuse_variables()
    return {
        "root": [root.name, tf.get_variable_scope() is root],
        "by object": name,
        "missing": outcome(lambda: tf.get_variable("zz", [1])),
        "existing": outcome(lambda: tf.get_variable("v", [1]).name),
    }


@probe
def a_layer_class_in_a_scope_that_reuses(tf):
    def call(layer):
        layer(tf.ones([2, 3]))
        return [tf.name_of(weight) for weight in layer.weights]

    with tf.variable_scope("m"):
        call(tf.layers.Dense(2, name="d"))
        call(tf.layers.Dense(2))
    facts = {}
    with tf.variable_scope("m", reuse=True):
        facts["named"] = outcome(lambda: call(tf.layers.Dense(2, name="d")))
        facts["unnamed"] = outcome(lambda: call(tf.layers.Dense(2)))
        facts["second unnamed"] = outcome(lambda: call(tf.layers.Dense(2)))
    facts["all"] = [v.name for v in tf.global_variables()]
    return facts


@probe_of_values
def layers_share_one_variable(tf):
    """Two layer objects of one name under AUTO_REUSE: what one is given, the other computes."""
    outputs = []
    for _ in range(2):
        with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
            layer = tf.layers.Dense(1, name="d", use_bias=False)
            outputs.append(tf.program(lambda layer=layer: layer(tf.ones([1, 2]))))
    tf.assign(tf.global_variables()[0], [[2.0], [5.0]])
    return {"outputs": [run() for run in outputs], "variables": len(tf.global_variables())}
