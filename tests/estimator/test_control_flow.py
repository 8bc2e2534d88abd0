"""Estimators' graphs have TensorFlow 1's loops and branches; whatever else there is keeps its own.

That they give TensorFlow 1.15.5's numbers is a scenario.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from getter_compat import estimator

v1 = tf.compat.v1


def trained(outputs_of: Callable[[Any], Any], folder: Path) -> Any:
    """An estimator that has trained for two steps."""

    def model_fn(features: Any, mode: str) -> estimator.EstimatorSpec:
        loss = tf.reduce_mean(tf.square(outputs_of(features) - 1.0))
        optimizer = v1.train.GradientDescentOptimizer(0.1)
        train_op = optimizer.minimize(loss, v1.train.get_global_step())
        return estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    def input_fn() -> tf.data.Dataset:
        return tf.data.Dataset.from_tensors(np.ones([4, 3, 2], np.float32)).repeat(2)

    return estimator.Estimator(model_fn, str(folder)).train(input_fn)


@pytest.mark.parametrize("kind", ["SimpleRNN", "GRU", "LSTM"])
def test_recurrent_layers_of_keras_train(kind: str, tmp_path: Path) -> None:
    layers = tf.keras.layers

    def outputs_of(x: Any) -> Any:
        recurrent = getattr(layers, kind)(3, kernel_initializer="ones")
        return layers.Bidirectional(recurrent, name="both")(x)

    model = trained(outputs_of, tmp_path)
    assert model.get_variable_value("global_step") == 2
    kernels = [name for name in model.get_variable_names() if name.endswith("cell/kernel")]
    assert len(kernels) == 2
    assert all((model.get_variable_value(name) != 1.0).any() for name in kernels)


def test_other_graphs_and_functions_keep_their_control_flow(tmp_path: Path) -> None:
    seen = {}

    @tf.function
    def function() -> tf.Tensor:
        seen["function"] = v1.control_flow_v2_enabled()
        return tf.constant(0.0)

    def outputs_of(features: Any) -> Any:
        seen["estimator"] = v1.control_flow_v2_enabled()
        with tf.Graph().as_default():
            seen["graph"] = v1.control_flow_v2_enabled()
        return tf.keras.layers.Dense(1)(features) + function()

    before = v1.control_flow_v2_enabled()
    trained(outputs_of, tmp_path)
    assert seen == {"estimator": False, "graph": before, "function": True}
    assert v1.control_flow_v2_enabled() == before
