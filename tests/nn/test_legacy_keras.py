"""The tests of recurrent networks, with Keras 2 as `tf.keras`: cells are layers of that."""

import os

import pytest

from tests.forking import python


@pytest.mark.skipif("TF_USE_LEGACY_KERAS" in os.environ, reason="Keras 2 is tf.keras already")
@pytest.mark.parametrize(
    "tests",
    [
        "tests/nn",
        pytest.param("recurrent", marks=pytest.mark.thorough),
        pytest.param("decoding or refused", marks=pytest.mark.thorough),
        pytest.param("unrolled or sequences or contrib", marks=pytest.mark.thorough),
    ],
)
def test_they_pass_with_keras_2(tests: str) -> None:
    chosen = [tests]
    if tests != "tests/nn":  # a part of the probes
        # Those of getter_compat.layers alone: single layers are asked with either Keras there, and
        # graphs with Keras 2 in a process of its own.
        asked = f"({tests}) and layers- and not graph"
        chosen = ["tests/parity/test_parity.py", "-k", asked]
    command = ["-m", "pytest", "-x", "--tb=short", "-n0", *chosen]
    run = python(*command, TF_USE_LEGACY_KERAS="1")
    assert run.returncode == 0, run.stdout[-5000:]
