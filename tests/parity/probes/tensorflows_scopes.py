"""Scopes of `tf.compat.v1`, which libraries open, beside a program's: in TF1 they were the same.

`tf.tf1.variable_scope` and `tf.tf1.get_variable` are TensorFlow's own, those of `tf` are not.
"""

import numpy as np

from ..probing import outcome, probe_of_values, times

X = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.25]], np.float32)


def theirs(tf, x):
    """A block of a library."""
    with tf.tf1.variable_scope(None, "block"):
        return x * tf.tf1.get_variable("v", [3]) + 0.5


def ours(tf, x):
    """The same block of the program."""
    with tf.variable_scope(None, "block"):
        return x * tf.get_variable("v", [3]) + 0.5


# What is counted


@probe_of_values
def names_counted_by_both(tf):
    def model(x):
        with tf.variable_scope("net"):
            x = ours(tf, theirs(tf, theirs(tf, ours(tf, x))))
        with tf.tf1.variable_scope("library"):
            x = theirs(tf, ours(tf, ours(tf, theirs(tf, x))))
        return theirs(tf, ours(tf, x))

    return tf.three_runs(model, X)


@probe_of_values
def names_counted_by_layers(tf):
    def model(x):
        x = tf.layers.dense(x, 3)
        with tf.tf1.variable_scope(None, "dense"):
            x = tf.matmul(x, tf.tf1.get_variable("kernel", [3, 3]))
        return tf.layers.dense(x, 3)

    return tf.three_runs(model, X)


@probe_of_values
def names_counted_in_a_scope_that_is_entered_again(tf):
    def model(x):
        with tf.variable_scope("net") as net:
            x = theirs(tf, x)
            with tf.variable_scope(net):
                x = theirs(tf, x)
            with tf.variable_scope(tf.get_variable_scope(), reuse=tf.AUTO_REUSE):
                x = theirs(tf, theirs(tf, x))
        with tf.tf1.variable_scope(net, reuse=tf.AUTO_REUSE):
            return ours(tf, theirs(tf, x))

    return tf.three_runs(model, X)


@probe_of_values
def names_counted_in_the_current_scope(tf):
    def model(x):
        x = theirs(tf, x)
        with tf.variable_scope(tf.get_variable_scope(), reuse=tf.AUTO_REUSE):
            x = theirs(tf, theirs(tf, x))
        with tf.tf1.variable_scope(tf.tf1.get_variable_scope(), reuse=tf.AUTO_REUSE):
            return ours(tf, ours(tf, x))

    return tf.three_runs(model, X)


@probe_of_values
def names_counted_by_both_in_loops(tf):
    def model(x):
        def body(turn, x):
            return turn + 1, ours(tf, theirs(tf, ours(tf, x)))

        x = tf.while_loop(lambda turn, _: turn < 3, body, [0, x])[1]
        return theirs(tf, ours(tf, x))

    return tf.three_runs(model, X)


# What a scope decides


@probe_of_values
def what_is_set_of_a_scope_of_the_program(tf):
    def model(x):
        with tf.variable_scope("net") as net:
            x = theirs(tf, x * tf.tf1.get_variable("a", [3]))
            net.set_custom_getter(times(2.0))
            net.set_regularizer(tf.tf1.keras.regularizers.l2(0.5))
            x = theirs(tf, x * tf.tf1.get_variable("b", [3]))
            net.set_dtype(tf.float64)
            x = x * tf.cast(tf.tf1.get_variable("c", [3]), tf.float32)
        return x + tf.add_n(
            [tf.cast(loss, tf.float32) for loss in tf.tf1.losses.get_regularization_losses()]
        )

    return tf.three_runs(model, X)


@probe_of_values
def what_is_set_of_a_scope_of_a_library(tf):
    def model(x):
        with tf.tf1.variable_scope("net") as net:
            x = ours(tf, x * tf.get_variable("a", [3]))
            net.set_custom_getter(times(2.0))
            net.set_initializer(tf.ones_initializer())
            x = ours(tf, x * tf.get_variable("b", [3]))
            tf.tf1.get_variable_scope().set_dtype(tf.float64)
            return x * tf.cast(tf.get_variable("c", [3]), tf.float32)

    return tf.three_runs(model, X)


@probe_of_values
def variables_reused_from_now_on(tf):
    def model(x):
        with tf.variable_scope("net") as net:
            x = x + tf.tf1.get_variable("v", [3])
            net.reuse_variables()
            x = x + tf.tf1.get_variable("v", [3])
        with tf.tf1.variable_scope("library") as library:
            x = x + tf.get_variable("v", [3])
            library.reuse_variables()
            x = x + tf.get_variable("v", [3])
        x = x + tf.get_variable("v", [3])
        tf.tf1.get_variable_scope().reuse_variables()
        return x + tf.get_variable("v", [3]) * tf.tf1.get_variable("v", [3])

    return tf.three_runs(model, X)


# Whether variables are shared


@probe_of_values
def a_name_that_a_library_asks_for_twice(tf):
    def model(x):
        for _ in range(2):
            with tf.tf1.variable_scope("a"):
                x = x * tf.tf1.get_variable("v", [3])
        return x

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def a_name_that_both_ask_for(tf):
    def model(x):
        with tf.tf1.variable_scope("a"):
            x = x * tf.tf1.get_variable("v", [3])
            return x * tf.get_variable("v", [3])

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def a_name_that_a_library_does_not_find(tf):
    def model(x):
        with tf.tf1.variable_scope("a", reuse=True):
            return x * tf.tf1.get_variable("v", [3])

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def what_a_library_is_told_of_reuse(tf):
    def model(x):
        told = []

        def telling(getter, name, *args, **kwargs):
            told.append({False: 1.0, True: 2.0}.get(kwargs["reuse"], 3.0))
            return getter(name, *args, **kwargs)

        def net(x, reuse):
            with tf.tf1.variable_scope("net", reuse=reuse, custom_getter=telling):
                if not tf.tf1.get_variable_scope().reuse:
                    told.append(4.0)
                return x * tf.tf1.get_variable("v", [3])

        x = net(net(net(x, None), True), tf.AUTO_REUSE)
        for place, each in enumerate(told):
            x = x + each * 10.0**place
        return x

    return tf.three_runs(model, X)


@probe_of_values
def a_scope_made_by_hand(tf):
    """It shares, whatever scope is open where it is asked."""
    from tensorflow.python.ops import variable_scope

    def model(x):
        scope = tf.tf1.VariableScope(tf.AUTO_REUSE, name="made")
        for _ in range(2):
            store = variable_scope._get_default_variable_store()
            x = x * scope.get_variable(store, "v", [3])
        return x

    return tf.three_runs(model, X)


# What is opened


@probe_of_values
def scopes_without_name_scopes(tf):
    """At the root the name scope of such a scope is the root."""

    def model(x):
        for name, default in ("a", None), (None, "b"):
            with tf.tf1.variable_scope(name, default, auxiliary_name_scope=False) as scope:
                x = x * tf.tf1.get_variable("v", [3])
            with tf.tf1.name_scope(scope.original_name_scope):
                x = x * tf.Variable(1.0, name="k")
        return x

    return tf.three_runs(model, X)


@probe_of_values
def a_manager_that_is_kept(tf):
    """It opens a scope wherever it is entered."""

    def model(x):
        manager = tf.tf1.variable_scope("kept", reuse=tf.AUTO_REUSE)
        with manager:
            x = theirs(tf, x)
        with tf.tf1.variable_scope("library"), manager:
            x = theirs(tf, x)
        with tf.variable_scope("net"), manager:
            return ours(tf, theirs(tf, x))

    return tf.three_runs(model, X)


@probe_of_values
def a_manager_in_itself(tf):
    def model(x):
        manager = tf.tf1.variable_scope("a", reuse=tf.AUTO_REUSE)
        with manager, manager:
            return x * tf.tf1.get_variable("v", [3])

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def names_that_are_no_text(tf):
    def asking(name, get_variable):
        def model(x):
            with tf.tf1.variable_scope("a"):
                return x * get_variable(name, [3])

        return outcome(lambda: tf.three_runs(model, X))

    return [
        asking(name, get_variable)["raises"]
        for name in (None, 3)
        for get_variable in (tf.get_variable, tf.tf1.get_variable)
    ]
