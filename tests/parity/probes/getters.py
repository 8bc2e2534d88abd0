"""The ready-made getters: what TensorFlow 1 code that was written by hand computes with them."""

import numpy as np

from ..probing import outcome, plus, probe_of_values, times

X = [[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]]
KERNEL = [[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]


def _network(tf, scope, getter, reuse=None):
    with tf.variable_scope(scope, custom_getter=getter, reuse=reuse):
        return tf.layers.dense(
            tf.constant(X), 2, kernel_initializer=tf.constant_initializer(KERNEL), name="out"
        )


def _names(tf, variables):
    return [tf.name_of(variable) for variable in variables]


def _facts(tf, getter):
    """Names, outputs before and after a change of each variable, and gradients."""
    run = tf.program(lambda: _network(tf, "net", getter, reuse=tf.AUTO_REUSE))
    variables = tf.global_variables()
    facts = {
        "variables": _names(tf, variables),
        "trainable": _names(tf, tf.trainable_variables()),
        "outputs": run(),
    }
    for number, variable in enumerate(variables):
        value = np.arange(1, 1 + np.prod(variable.shape.as_list()), dtype=np.float32) / 10 + number
        tf.assign(variable, value.reshape(variable.shape.as_list()))
    facts["outputs of other values"] = run()
    return facts


def _gradients(tf, getter):
    def loss():
        return tf.reduce_sum(tf.square(_network(tf, "net", getter, reuse=tf.AUTO_REUSE)))

    tf.program(loss)()
    return tf.gradients(loss, tf.trainable_variables())


@probe_of_values
def of_mask(tf):
    return [_facts(tf, tf.getters.mask()), _gradients(tf, tf.getters.mask())]


@probe_of_values
def of_weight_norm(tf):
    return [_facts(tf, tf.getters.weight_norm()), _gradients(tf, tf.getters.weight_norm())]


@probe_of_values
def of_spectral_norm(tf):
    """The vector of the iteration is given, since it is drawn."""
    facts = []
    for training in (True, False):
        scope = "net_" + str(training)
        getter = tf.getters.spectral_norm(training=training)
        run = tf.program(lambda s=scope, g=getter: _network(tf, s, g, reuse=tf.AUTO_REUSE))
        (u,) = [v for v in tf.global_variables() if tf.name_of(v) == scope + "/out/kernel_u:0"]
        tf.assign(u, [[1.0, -2.0]])
        facts.append([run(), tf.value_of(u), run(), tf.value_of(u)])
    return [facts, _names(tf, tf.global_variables()), _names(tf, tf.trainable_variables())]


@probe_of_values
def of_stop_gradient(tf):
    with tf.variable_scope("net"):
        v = tf.get_variable("v", initializer=3.0)
    held = []

    def value():
        with tf.variable_scope("net", custom_getter=tf.getters.stop_gradient, reuse=True):
            held.append(tf.get_variable("v"))
        return held[-1] * v

    return [tf.program(value)(), tf.gradients(value, [v]), _names(tf, tf.trainable_variables())]


@probe_of_values
def of_non_trainable(tf):
    return _facts(tf, tf.getters.non_trainable)


@probe_of_values
def of_override_args(tf):
    return _facts(tf, tf.getters.override_args(initializer=tf.ones_initializer()))


@probe_of_values
def of_cast(tf):
    def outputs():
        with tf.variable_scope("net", custom_getter=tf.getters.cast(tf.float32)):
            with tf.variable_scope("", reuse=tf.AUTO_REUSE):
                y = tf.layers.dense(
                    tf.constant(X, tf.float16),
                    2,
                    kernel_initializer=tf.constant_initializer(KERNEL),
                    name="out",
                )
                n = tf.get_variable("n", [], tf.float16, trainable=False)
                i = tf.get_variable("i", [], tf.int32, trainable=False)
        return [y, tf.cast(n, tf.float16) * 0, tf.cast(i, tf.float16)]

    run = tf.program(outputs)
    values = run()
    return [values, [[tf.name_of(v), v.dtype.base_dtype.name] for v in tf.global_variables()]]


@probe_of_values
def of_ema(tf):
    run = tf.program(lambda: _network(tf, "net", None, reuse=tf.AUTO_REUSE))
    before = run()
    average = tf.averages(0.75)
    bias = tf.global_variables()[1]
    other = average.average(bias)
    tf.assign(other, [10.0, 20.0])
    smooth = tf.program(lambda: _network(tf, "net", tf.getters.ema(average), reuse=True))
    return [before, smooth(), run()]


@probe_of_values
def of_bayes_by_backprop(tf):
    means = tf.getters.bayes_by_backprop(stddev=0.25, is_sampling=False)
    run = tf.program(lambda: _network(tf, "net", means, reuse=tf.AUTO_REUSE))
    values = run()
    if hasattr(means, "losses"):  # TensorFlow 1 notes each layer once
        del means.losses[2:]
    sampled = tf.getters.bayes_by_backprop(stddev=0.25, is_sampling=True)
    draw = tf.program(lambda: _network(tf, "net", sampled, reuse=True))
    return {
        "outputs": values,
        "variables": _names(tf, tf.global_variables()),
        "trainable": _names(tf, tf.trainable_variables()),
        "scale": tf.value_of(tf.global_variables()[1]),
        "divergence": tf.value_of(means.divergence(2.0)),
        "draws are equal": np.allclose(draw(), draw()),
    }


@probe_of_values
def of_track(tf):
    weights = {}
    tf.program(lambda: _network(tf, "net", tf.getters.track(weights), reuse=tf.AUTO_REUSE))()
    return {name: tf.name_of(weight) for name, weight in weights.items()}


@probe_of_values
def of_rename(tf):
    first = tf.program(lambda: _network(tf, "net", None, reuse=tf.AUTO_REUSE))
    renamed = tf.getters.rename("^copy/", "net/")
    second = tf.program(lambda: _network(tf, "copy", renamed, reuse=tf.AUTO_REUSE))
    return [first(), second(), _names(tf, tf.global_variables())]


@probe_of_values
def of_substitute(tf):
    theta = tf.get_variable("theta", initializer=np.float32(KERNEL))
    given = {}

    def loss():
        given["net/out/kernel"] = theta * 2.0
        getter = tf.getters.substitute(given)
        return tf.reduce_sum(tf.square(_network(tf, "net", getter, reuse=tf.AUTO_REUSE)))

    value = tf.program(loss)()
    return [value, tf.gradients(loss, [theta]), _names(tf, tf.global_variables())]


@probe_of_values
def of_compose(tf):
    both = tf.getters.compose(times(10.0), plus(1.0))
    nested = _facts(tf, both)
    with tf.variable_scope("a", custom_getter=times(10.0)):
        with tf.variable_scope("b", custom_getter=plus(1.0)):
            by_scopes = tf.value_of(tf.get_variable("v", initializer=3.0))
    with tf.variable_scope("c", custom_getter=both):
        return [nested, by_scopes, tf.value_of(tf.get_variable("v", initializer=3.0))]


@probe_of_values
def of_a_context(tf):
    context = tf.getters.Context(times(2.0))
    off = tf.program(lambda: _network(tf, "net", context, reuse=tf.AUTO_REUSE))

    def switched_on():
        with context:
            return _network(tf, "net", context, reuse=tf.AUTO_REUSE)

    on = tf.program(switched_on)
    return [off(), on(), off(), outcome(lambda: _names(tf, tf.global_variables()))]
