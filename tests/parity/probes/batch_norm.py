"""Batch normalization under getters: its statistics are variables that the layer itself assigns."""

import numpy as np

from ..probing import outcome, probe, probe_of_values

INPUT = np.array([[1.0], [3.0]], np.float32)


def doubled_if_trained(getter, name, *args, **kwargs):
    """A getter that leaves alone what the layer itself assigns."""
    variable = getter(name, *args, **kwargs)
    return variable * 2.0 if kwargs["trainable"] else variable


@probe
def under_a_getter_that_wraps_everything(tf):
    facts = {}
    getters = {
        "times two": lambda getter, *args, **kwargs: getter(*args, **kwargs) * 2.0,
        "identity": lambda getter, *args, **kwargs: tf.identity(getter(*args, **kwargs)),
    }
    for key, getter in getters.items():
        with tf.variable_scope(key.split()[0], custom_getter=getter):
            for training in (True, False):
                for shape in ([2, 3], [1, 4, 4, 2]):
                    layer = tf.layers.BatchNormalization()
                    facts[f"{key}, {training}, {shape}"] = outcome(
                        lambda layer=layer, shape=shape, training=training: layer(
                            tf.ones(shape), training=training
                        ).shape.as_list()
                    )
    facts["variables"] = [v.name for v in tf.global_variables()]
    return facts


@probe_of_values
def statistics_of_one_training_call(tf):
    """Outputs, and what one training step makes of the statistics."""
    with tf.variable_scope("m"):
        layer = tf.layers.BatchNormalization(momentum=0.5)
        layer.build((None, 1))
    output = tf.training_call(lambda: layer(tf.constant(INPUT), training=True))
    evaluated = tf.program(lambda: layer(tf.constant(INPUT), training=False))
    return {
        "output": output,
        "variables": {v.name: tf.value_of(v) for v in tf.global_variables()},
        "evaluated": evaluated(),
    }


@probe_of_values
def under_a_getter_that_wraps_what_is_trained(tf):
    with tf.variable_scope("m", custom_getter=doubled_if_trained):
        layer = tf.layers.BatchNormalization(momentum=0.5)
        layer.build((None, 1))
    output = tf.training_call(lambda: layer(tf.constant(INPUT), training=True))
    return {
        "output": output,
        "variables": {v.name: tf.value_of(v) for v in tf.global_variables()},
        "trainable": [tf.name_of(w) for w in layer.trainable_variables],
        "not trainable": [tf.name_of(w) for w in layer.non_trainable_variables],
    }


@probe_of_values
def under_the_getter_of_moving_averages(tf):
    """The evaluation model of many papers: the averages of what is trained, by name."""
    with tf.variable_scope("m"):
        tf.layers.BatchNormalization(name="bn")(tf.constant(INPUT))
        tf.layers.Dense(2, name="d", kernel_initializer=tf.ones_initializer())(tf.ones([2, 3]))
    averages = tf.averages(0.9)
    seen = {}

    def averaged(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        average = averages.average(variable)
        seen[name] = None if average is None else tf.name_of(average)
        return variable if average is None else average

    with tf.variable_scope("m", reuse=True, custom_getter=averaged):
        dense, norm = tf.layers.Dense(2, name="d"), tf.layers.BatchNormalization(name="bn")
        runs = [
            tf.program(lambda: dense(tf.ones([1, 3]))),
            tf.program(lambda: norm(tf.constant(INPUT))),
        ]
    return {
        "seen": seen,
        "outputs": [run() for run in runs],
        "weights": [tf.name_of(w) for w in dense.variables],
        "trainable": [tf.name_of(w) for w in dense.trainable_variables],
        "not trainable": [tf.name_of(w) for w in dense.non_trainable_variables],
    }


def _training_call(tf):
    """A layer in training, and its output: in TF1 the updates of its statistics run apart."""
    layer = tf.layers.BatchNormalization(momentum=0.5)
    layer.build((None, 1))
    return layer, layer(tf.constant([[1.0], [5.0]]), training=True)


@probe_of_values
def evaluation_after_a_training_call_in_one_run(tf):
    layer, output = _training_call(tf)
    evaluated = layer(tf.constant([[1.0], [5.0]]), training=False)
    return tf.value_of([output, evaluated])


@probe_of_values
def losses_of_statistics_after_a_training_call(tf):
    """A scope's regularizer is applied to the statistics too."""

    def total(weight):
        return sum(tf.unstack(weight))

    with tf.variable_scope("m", regularizer=total):
        _, output = _training_call(tf)
    return tf.value_of([output, *tf.regularization_losses()])
