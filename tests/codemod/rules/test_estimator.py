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


def test_the_package_that_they_came_from() -> None:
    check_after(
        """\
        import tensorflow_estimator as tfe
        from tensorflow_estimator import estimator
        from tensorflow_estimator.python.estimator import estimator as estimator_lib
        from tensorflow_estimator.python.estimator import model_fn as model_fn_lib, run_config
        from tensorflow_estimator.python.estimator.api._v1 import estimator as tf_estimator
        from tensorflow_estimator.python.estimator.mode_keys import ModeKeys
        from tensorflow_estimator.python.estimator.tpu.tpu_estimator import TPUEstimator

        class Mine(estimator_lib.Estimator):
            config = run_config.RunConfig(save_checkpoints_steps=10)

        spec = model_fn_lib.EstimatorSpec(ModeKeys.EVAL, loss=loss)
        spec = tfe.estimator.EstimatorSpec(tf_estimator.ModeKeys.TRAIN)
        data = estimator.inputs.numpy_input_fn(x)
        model = TPUEstimator(model_fn, use_tpu=False, train_batch_size=8)
        """,
        """\
        import getter_compat
        from getter_compat.estimator import ModeKeys
        from getter_compat.estimator.tpu import TPUEstimator

        class Mine(getter_compat.estimator.Estimator):
            config = getter_compat.estimator.RunConfig(save_checkpoints_steps=10)

        spec = getter_compat.estimator.EstimatorSpec(ModeKeys.EVAL, loss=loss)
        spec = getter_compat.estimator.EstimatorSpec(getter_compat.estimator.ModeKeys.TRAIN)
        data = getter_compat.estimator.inputs.numpy_input_fn(x)
        model = TPUEstimator(model_fn, use_tpu=False, train_batch_size=8)
        """,
    )


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "from tensorflow_estimator.python.estimator import util\nutil.fn_args(f)",
            "import of tf.python.estimator.util: TensorFlow 2 has no "
            "tf.python.estimator.util.fn_args",
        ),
        (
            "from tensorflow_estimator import estimator\nestimator.DNNClassifier([3])",
            "tf.estimator.DNNClassifier is gone: getter_compat.estimator has those with a model "
            "function: write one",
        ),
        (
            "import tensorflow_estimator as tfe\nprint(tfe.__version__)",
            "import of tensorflow_estimator: TensorFlow 2 has no tensorflow_estimator",
        ),
    ],
)
def test_what_the_package_has_besides_is_left(statement: str, why: str) -> None:
    (finding,) = rewrite(f"{statement}\n").findings
    assert (finding.status, finding.message) == ("left", why)


@pytest.mark.parametrize(
    ("name", "rule", "instead"),
    [
        (
            "tf.estimator.DNNClassifier",
            "estimator",
            "getter_compat.estimator has those with a model function: write one",
        ),
        (
            "tf.contrib.learn.Estimator",
            "contrib",
            "getter_compat.estimator.Estimator takes such a model function, which returns an "
            "EstimatorSpec; fit(input_fn=f) is train(f)",
        ),
    ],
)
def test_others_are_left_for_a_person(name: str, rule: str, instead: str) -> None:
    result = rewrite(f"import tensorflow as tf\n\nmodel = {name}([3])\n")
    (finding,) = result.findings
    assert (finding.line, finding.rule, finding.status) == (3, rule, "left")
    assert finding.message == f"{name} is gone: {instead}"


def test_configurations_and_input_functions_of_learn() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib.learn.python.learn.estimators import run_config

        plain = tf.contrib.learn.RunConfig(model_dir="m", save_checkpoints_steps=5)
        plain = run_config.RunConfig()
        shuffled = tf.contrib.learn.io.numpy_input_fn({"x": x}, y, 8)
        ordered = tf.contrib.learn.io.pandas_input_fn(x, y, shuffle=False)
        """,
        """\
        import getter_compat

        plain = getter_compat.estimator.RunConfig(model_dir="m", save_checkpoints_steps=5)
        plain = getter_compat.estimator.RunConfig()
        shuffled = getter_compat.estimator.inputs.numpy_input_fn({"x": x}, y, 8, shuffle=True)
        ordered = getter_compat.estimator.inputs.pandas_input_fn(x, y, shuffle=False)
        """,
    )
    assert {finding.status for finding in findings} == {"rewritten"}


@pytest.mark.parametrize(
    ("use", "why"),
    [
        ("RunConfig(gpu_memory_fraction=0.5)", "takes no gpu_memory_fraction: say it in session_c"),
        ("RunConfig('local', 4)", "takes no master: there is one machine"),
        ("RunConfig(**options)", "its arguments cannot be seen here: see getter_compat.estimator."),
        ("RunConfig", "its arguments cannot be seen here: see getter_compat.estimator.RunConfig"),
        ("io.numpy_input_fn(*args)", "its arguments cannot be seen here"),
    ],
)
def test_what_only_learn_takes_is_left(use: str, why: str) -> None:
    result = rewrite(f"import tensorflow as tf\n\nf = [tf.contrib.learn.{use}]\n")
    (finding,) = result.findings
    assert (finding.status, finding.line) == ("left", 3)
    assert why in finding.message
    assert "getter_compat" not in result.source


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
