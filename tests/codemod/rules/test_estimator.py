from __future__ import annotations

import numpy as np
import pytest

from getter_compat.codemod.rewrite import rewrite
from getter_compat.tables.estimator import SUCCESSORS
from tests.codemod.helpers import check_after, check_program


def test_classes_functions_and_bases() -> None:
    check_after(
        """\
        import tensorflow as tf

        class Hook(tf.estimator.SessionRunHook):
            pass

        kinds = [tf.estimator.Estimator, tf.estimator.EvalSpec]
        config = tf.estimator.RunConfig(save_checkpoints_steps=10)
        """,
        """\
        import getter_compat

        class Hook(getter_compat.estimator.SessionRunHook):
            pass

        kinds = [getter_compat.estimator.Estimator, getter_compat.estimator.EvalSpec]
        config = getter_compat.estimator.RunConfig(save_checkpoints_steps=10)
        """,
    )


def test_every_place_that_they_had() -> None:
    check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib import tpu as contrib_tpu
        from tensorflow.python.estimator.model_fn import EstimatorSpec, ModeKeys

        spec = EstimatorSpec(ModeKeys.EVAL, loss=loss)
        spec = contrib_tpu.TPUEstimatorSpec(mode, x)
        mode = tf.contrib.learn.ModeKeys.INFER
        optimizer = tf.contrib.tpu.CrossShardOptimizer(optimizer)
        """,
        """\
        import getter_compat
        from getter_compat.estimator import EstimatorSpec, ModeKeys

        spec = EstimatorSpec(ModeKeys.EVAL, loss=loss)
        spec = getter_compat.estimator.tpu.TPUEstimatorSpec(mode, x)
        mode = getter_compat.estimator.ModeKeys.PREDICT
        optimizer = getter_compat.estimator.tpu.CrossShardOptimizer(optimizer)
        """,
    )


@pytest.mark.parametrize(
    ("name", "rule"),
    [("tf.estimator.DNNClassifier", "estimator"), ("tf.contrib.learn.Estimator", "contrib")],
)
def test_others_are_left_for_a_person(name: str, rule: str) -> None:
    result = rewrite(f"import tensorflow as tf\n\nmodel = {name}([3])\n")
    (finding,) = result.findings
    assert (finding.line, finding.rule, finding.status) == (3, rule, "left")
    instead = "getter_compat.estimator has those with a model function: write one"
    assert finding.message == f"{name} is gone: {instead}"


def test_every_successor_is_there() -> None:
    import getter_compat

    for successor in SUCCESSORS.values():
        found = getter_compat
        for part in successor.split(".")[1:]:
            found = getattr(found, part)


def test_a_program_trains() -> None:
    program = check_program(
        """\
        import numpy as np
        import tensorflow as tf

        def model_fn(features, labels, mode):
            w = tf.get_variable("w", [2, 1], initializer=tf.zeros_initializer())
            loss = tf.reduce_mean(tf.square(tf.matmul(features, w) - labels))
            step = tf.compat.v1.train.get_global_step()
            op = tf.compat.v1.train.GradientDescentOptimizer(0.1).minimize(loss, step)
            return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=op)

        x = np.float32([[1, 2], [3, 4]])
        data = tf.estimator.inputs.numpy_input_fn(x, x[:, :1], shuffle=False)
        estimator = tf.estimator.Estimator(model_fn).train(data, steps=1)
        w = estimator.get_variable_value("w")
        """,
        """\
        import getter_compat
        import numpy as np
        import tensorflow as tf

        def model_fn(features, labels, mode):
            w = getter_compat.get_variable("w", [2, 1], initializer=tf.zeros_initializer())
            loss = tf.reduce_mean(tf.square(tf.matmul(features, w) - labels))
            step = tf.compat.v1.train.get_global_step()
            op = tf.compat.v1.train.GradientDescentOptimizer(0.1).minimize(loss, step)
            return getter_compat.estimator.EstimatorSpec(mode, loss=loss, train_op=op)

        x = np.float32([[1, 2], [3, 4]])
        data = getter_compat.estimator.inputs.numpy_input_fn(x, x[:, :1], shuffle=False)
        estimator = getter_compat.estimator.Estimator(model_fn).train(data, steps=1)
        w = estimator.get_variable_value("w")
        """,
    )
    np.testing.assert_allclose(program["w"], [[1.0], [1.4]], rtol=1e-5)
