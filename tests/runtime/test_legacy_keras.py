"""The tests of the model around the weights, with Keras 2 as `tf.keras`.

`TF_USE_LEGACY_KERAS=1` decides what `tf.keras` is when TensorFlow is imported, so another process
runs them. (Single layers of both Keras lines are tested in one process.)
"""

import os
from pathlib import Path

import pytest

from tests.forking import python

HERE = Path(__file__).parent


@pytest.mark.skipif("TF_USE_LEGACY_KERAS" in os.environ, reason="Keras 2 is tf.keras already")
@pytest.mark.parametrize(
    "name", ["test_contrib", "test_for_keras_users", "test_scoped_model", "test_traces"]
)
def test_it_passes_with_keras_2(name):
    tests = str(HERE / f"{name}.py")
    run = python("-m", "pytest", "-x", "--tb=short", tests, TF_USE_LEGACY_KERAS="1")
    assert run.returncode == 0, run.stdout[-5000:]
