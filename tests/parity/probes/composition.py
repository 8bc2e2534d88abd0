"""Getters of nested scopes: which of them run, and in which order."""

from ..probing import noting, passing, plus, probe, probe_of_values, times


def around(log, tag):
    """A getter that notes when it is entered, with the name that it sees, and when it is left."""

    def getter_that_notes(getter, name, *args, **kwargs):
        log.append(tag + ">" + name)
        variable = getter(name, *args, **kwargs)
        log.append(tag + "<")
        return variable

    return getter_that_notes


@probe
def order(tf):
    log = []
    with tf.variable_scope("o", custom_getter=around(log, "outer")):
        with tf.variable_scope("i", custom_getter=around(log, "inner")):
            tf.get_variable("v", [1])
            tf.get_variable("w", [1], custom_getter=around(log, "own"))
            tf.layers.Dense(1, use_bias=False)(tf.ones([2, 3]))
        tf.get_variable("x", [1])
    return log


@probe_of_values
def arithmetic(tf):
    """The inner getter works on what the outer one returns: 3 * 10 + 1."""
    with tf.variable_scope("o", custom_getter=times(10.0)):
        with tf.variable_scope("i", custom_getter=plus(1.0)):
            value = tf.get_variable("v", [], initializer=tf.constant_initializer(3.0))
            layer = tf.layers.Dense(1, use_bias=False, kernel_initializer=tf.ones_initializer())
            run = tf.program(lambda: layer(tf.ones([1, 2])))
    return {"get_variable": tf.value_of(value), "layer": run()}


@probe
def the_outer_getter_sees_a_new_name(tf):
    log = []

    def renaming(getter, name, *args, **kwargs):
        return getter(name + "_in", *args, **kwargs)

    with tf.variable_scope("o", custom_getter=noting(log)):
        with tf.variable_scope("i", custom_getter=renaming):
            variable = tf.get_variable("v", [1])
    return {"seen": log, "name": variable.name}


@probe
def the_same_getter_at_two_levels_runs_twice(tf):
    log = []
    getter = around(log, "g")
    with tf.variable_scope("a", custom_getter=getter):
        with tf.variable_scope("b", custom_getter=getter):
            tf.get_variable("v", [1])
    return log


@probe
def a_scope_entered_again_by_object(tf):
    """It brings its own getters, and the enclosing scope's do not run."""
    log = []
    with tf.variable_scope("m", custom_getter=noting(log, "m")) as scope:
        pass
    with tf.variable_scope("o", custom_getter=noting(log, "o")):
        with tf.variable_scope(scope):
            tf.get_variable("v1", [1])
        with tf.variable_scope(scope, custom_getter=noting(log, "new")):
            tf.get_variable("v2", [1])
    scope.set_custom_getter(None)
    with tf.variable_scope(scope):
        tf.get_variable("v3", [1])
    return log


@probe
def a_scope_entered_again_by_name(tf):
    """It has nothing of the earlier scope of that name."""
    log = []
    with tf.variable_scope("m", custom_getter=noting(log)):
        tf.get_variable("v1", [1])
    with tf.variable_scope("m"):
        tf.get_variable("v2", [1])
    return log


@probe
def the_attribute_of_a_scope(tf):
    with tf.variable_scope("a", custom_getter=passing) as scope:
        inside = tf.get_variable_scope().custom_getter
    return {
        "own": inside is passing,
        "same": inside is scope.custom_getter,
        "outside": tf.get_variable_scope().custom_getter is None,
    }


@probe
def set_on_the_root(tf):
    log = []
    root = tf.get_variable_scope()
    root.set_custom_getter(noting(log, "root"))
    tf.layers.Dense(2)(tf.ones([2, 3]))
    with tf.variable_scope("m"):
        tf.get_variable("v", [1])
    with tf.variable_scope("m2", custom_getter=noting(log, "m2")):
        tf.get_variable("v", [1])
    return log


@probe
def set_while_the_scope_is_open(tf):
    """A layer made before and called after has it too."""
    log = []
    with tf.variable_scope("m") as scope:
        layer = tf.layers.Dense(2)
        tf.get_variable("a", [1])
        scope.set_custom_getter(noting(log))
        tf.get_variable("b", [1])
        layer(tf.ones([2, 3]))
        with tf.variable_scope("c"):
            tf.get_variable("d", [1])
        scope.set_custom_getter(None)
        tf.get_variable("e", [1])
    return log


@probe
def with_a_variable_creator(tf):
    """The creator is below the getter, and is not asked where a variable is reused."""
    log = []

    def creator(next_creator, **kwargs):
        log.append("creator:" + kwargs["name"])
        return next_creator(**kwargs)

    with tf.variable_creator_scope(creator):
        with tf.variable_scope("m", custom_getter=noting(log, "getter")):
            tf.get_variable("v", [1])
            tf.Variable(1.0, name="w")
        with tf.variable_scope("m", reuse=True):
            tf.get_variable("v", [1])
    return log
