"""`tf.distribute`: weights that a getter makes train to the numbers of one replica.

Each test runs `distributed.py` in processes of its own. Its cases are derived weights, weights that
a call replaces, and evaluation with moving averages, each in a loop of its own; and `fit`.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

PROGRAM = Path(__file__).with_name("distributed.py")
ROOT = PROGRAM.parent.parent.parent


def start(kind, **environment):
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), kind],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def results(process):
    try:
        out, errors = process.communicate(timeout=240)
    finally:
        process.kill()
    assert process.returncode == 0, errors[-3000:]
    return json.loads(out.splitlines()[-1])


@pytest.fixture(scope="module")
def one_replica():
    found = results(start("one"))
    assert found["replicas"] == 1
    return found


def assert_same(found, expected, cases):
    for case in cases:
        assert len(found[case]) == len(expected[case])
        for value, right in zip(found[case], expected[case], strict=True):
            np.testing.assert_allclose(value, right, rtol=1e-4, atol=1e-6, err_msg=case)


CASES = ["derived", "replaced", "averaged"]


def test_the_cases_train_something_and_differ(one_replica):
    outputs = [np.array(one_replica[case][-1]) for case in CASES]
    assert np.abs(outputs[0] - outputs[1]).max() > 1e-3
    assert np.abs(outputs[1] - outputs[2]).max() > 1e-3
    for case in CASES:
        for bias in (one_replica[case][1], one_replica[case][3]):
            assert np.abs(bias).min() > 1e-4


def test_mirrored_strategy_over_two_cpus(one_replica):
    found = results(start("mirrored"))
    assert found["replicas"] == 2
    assert_same(found, one_replica, [*CASES, "fit"])


def test_multi_worker_mirrored_strategy_with_two_processes(one_replica):
    ports = [free_port(), free_port()]
    workers = [f"127.0.0.1:{port}" for port in ports]
    processes = [
        start(
            "multi_worker",
            TF_CONFIG=json.dumps(
                {"cluster": {"worker": workers}, "task": {"type": "worker", "index": index}}
            ),
        )
        for index in range(2)
    ]
    try:
        for process in processes:
            found = results(process)
            assert found["replicas"] == 2
            assert_same(found, one_replica, CASES)
    finally:
        for process in processes:
            process.kill()


def test_parameter_server_strategy_with_a_loop_of_ones_own(one_replica):
    """Keras 3 has no `fit` for this strategy: TensorFlow says so, for every Keras model."""
    found = results(start("parameter_server"))
    assert_same(found, one_replica, CASES)
    assert "ClusterCoordinator" in found["fit"]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
