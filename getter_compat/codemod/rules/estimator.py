"""`tf.estimator`, and the TPUEstimator of contrib, become `getter_compat.estimator`.

Arguments, checkpoints, event files and log lines stay those of TensorFlow 1. Ready-made estimators
(`DNNClassifier` and the like) and those of `tf.contrib.learn` are left for a person; contrib's
`RunConfig` is written where both take the arguments, and so are its input functions.
"""

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule
from getter_compat.tables.estimator import (
    INPUTS_OF_LEARN,
    NOT_OF_RUN_CONFIG,
    OF_RUN_CONFIG,
    RUN_CONFIG,
    SUCCESSORS,
)

rule = Rule(__name__)

rule.example(
    before="""
        import numpy as np
        import tensorflow as tf


        def model_fn(features, labels, mode):
            zeros = tf.zeros_initializer()
            outputs = tf.layers.dense(features, 1, kernel_initializer=zeros, name="out")
            loss = tf.losses.mean_squared_error(labels, outputs)
            optimizer = tf.train.GradientDescentOptimizer(0.1)
            train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


        x = np.float32([[1.0], [2.0]])
        data = tf.estimator.inputs.numpy_input_fn(x, 3 * x, shuffle=False)
        estimator = tf.estimator.Estimator(model_fn).train(data, steps=1)
        print(estimator.get_variable_value("out/kernel").round(4))
        """,
    after="""
        import getter_compat
        import numpy as np
        import tensorflow as tf


        def model_fn(features, labels, mode):
            zeros = tf.zeros_initializer()
            outputs = getter_compat.layers.dense(features, 1, kernel_initializer=zeros, name="out")
            loss = tf.compat.v1.losses.mean_squared_error(labels, outputs)
            optimizer = tf.compat.v1.train.GradientDescentOptimizer(0.1)
            train_op = optimizer.minimize(loss, global_step=tf.compat.v1.train.get_global_step())
            return getter_compat.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


        x = np.float32([[1.0], [2.0]])
        data = getter_compat.estimator.inputs.numpy_input_fn(x, 3 * x, shuffle=False)
        estimator = getter_compat.estimator.Estimator(model_fn).train(data, steps=1)
        print(estimator.get_variable_value("out/kernel").round(4))
        """,
)

rule.renames(SUCCESSORS)


def leave_unseen(site: Site) -> Answer:
    """Leave what is handed on, or called with what cannot be seen."""
    new = _successor_in_learn(site)
    return left(f"{site.short}: its arguments cannot be seen here: see {new}", site.node)


@rule.calls(*RUN_CONFIG, takes=OF_RUN_CONFIG, unseen=leave_unseen)
def take_run_config(site: Site, call: Call) -> Answer:
    """Take the arguments that both have, which can only have been given by name."""
    new = _successor_in_learn(site)
    other = next((name for name in NOT_OF_RUN_CONFIG if name in call), None)
    if other is None:
        return becomes(new)
    return left(f"{site.short}: {new} takes no {other}: {NOT_OF_RUN_CONFIG[other]}", site.node)


def take_input(site: Site, call: Call) -> Answer:
    """Say that it shuffles, which was contrib's default; `tf.estimator` has none."""
    new = call if "shuffle" in call else call.adding(shuffle="True")
    return becomes(_successor_in_learn(site), new)


for _path, _parameters in INPUTS_OF_LEARN.items():
    rule.calls(_path, takes=_parameters, unseen=leave_unseen)(take_input)


def _successor_in_learn(site: Site) -> str:
    name = site.name.rpartition(".")[2]
    return f"getter_compat.estimator.{name if name == 'RunConfig' else f'inputs.{name}'}"


@rule.below("tensorflow.estimator")
def leave_the_others(site: Site) -> Answer:
    """Leave those that were ready made."""
    instead = "getter_compat.estimator has those with a model function: write one"
    return left(f"{site.short} is gone: {instead}", site.node)
