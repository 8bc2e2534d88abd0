"""`tf.distribute`: weights that a getter makes train to the numbers of one replica.

The program is `distributed`: for each Keras line and strategy one process of it (or one for each
worker) runs all the cells, by a loop of one's own over `strategy.run` and by `fit`.
"""

import functools
import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.forking import python

ROOT = Path(__file__).parent.parent.parent
LEGACY = {"keras": "0", "tf_keras": "1"}
BY_RUN = (
    "masked_layers",
    "masked_functions",
    "from_dictionary",
    "generated",
    "averaged",
    "averaged_in_training",
    "first_called_in_training",
)
BY_FIT = (
    "masked_layers",
    "generated",
    "averaged_in_training",
    "first_called_in_training",
)

# Keras 3 itself has no `fit` for these, as "plain by fit" shows: the loop stands for it.
NO_FIT = {("keras", "multi_worker"), ("keras", "parameter_server")}

ASKED = [
    ("keras", "mirrored"),
    ("keras", "multi_worker"),
    ("keras", "parameter_server"),
    ("tf_keras", "mirrored"),
    pytest.param("tf_keras", "multi_worker", marks=pytest.mark.thorough),
    pytest.param("tf_keras", "parameter_server", marks=pytest.mark.thorough),
]

pytestmark = pytest.mark.parametrize(("line", "kind"), ASKED)


def results(line, kind):
    """What each process of a strategy prints."""
    for done in run(line, kind):
        assert done.returncode == 0, done.stderr[-5000:]
    return [json.loads(done.stdout.splitlines()[-1]) for done in run(line, kind)]


@functools.cache
def run(line, kind):
    """The processes of a strategy, which run but once."""
    program = ("-m", "tests.runtime.distributed", kind)
    if kind != "multi_worker":
        return [python(*program, TF_USE_LEGACY_KERAS=LEGACY[line])]
    workers = [f"127.0.0.1:{port}" for port in free_ports(2)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "TF_USE_LEGACY_KERAS": LEGACY[line]}

    def work(index):
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": {"worker": workers}, "task": task})
        command, environment = [sys.executable, *program], {**settings, "TF_CONFIG": config}
        options = {"env": environment, "capture_output": True, "text": True, "timeout": 900}
        try:
            return subprocess.run(command, **options)
        except subprocess.TimeoutExpired as hung:
            return subprocess.CompletedProcess(command, 1, "", str(hung))

    with ThreadPoolExecutor() as threads:  # they wait for each other
        return list(threads.map(work, range(2)))


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def of_cell(found, cell):
    assert "error" not in found[cell], found[cell]["error"]
    return found[cell]


def assert_same(values, right):
    assert len(values) == len(right)
    for value, expected in zip(values, right, strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-6)


def one_replica(line):
    (found,) = results(line, "one")
    assert found["replicas"] == 1
    return found


@pytest.mark.parametrize("case", BY_RUN)
def test_a_loop_over_run_trains_to_the_numbers_of_one_replica(line, kind, case):
    for found in results(line, kind):
        assert found["replicas"] == (1 if kind == "parameter_server" else 2)
        assert_same(of_cell(found, case), of_cell(one_replica(line), case))


@pytest.mark.parametrize("case", BY_FIT)
def test_fit_trains_to_the_numbers_of_one_replica(line, kind, case):
    if (line, kind) in NO_FIT:
        pytest.skip("Keras 3 has no fit for it")
    for found in results(line, kind):
        assert_same(of_cell(found, f"{case} by fit"), of_cell(one_replica(line), f"{case} by fit"))


def test_plain_keras_has_fit_where_the_test_above_takes_it(line, kind):
    for found in results(line, kind):
        assert ("error" in found["plain by fit"]) == ((line, kind) in NO_FIT)


def test_statistics_of_tf1s_batch_normalization_are_the_mean_of_the_replicas(line, kind):
    cell = "normalized" if kind == "parameter_server" else "normalized in parts"
    # All but the outputs in the replicas, which have their own statistics until these are read.
    right = of_cell(one_replica(line), cell)[:-1]
    for found in results(line, kind):
        assert_same(of_cell(found, "normalized")[:-1], right)


def test_statistics_of_keras_batch_normalization_are_those_without_a_scope(line, kind):
    for found in results(line, kind):
        plain, scoped = of_cell(found, "statistics of Keras")
        assert_same(scoped, plain)


def test_replicas_are_in_the_scope_that_run_was_called_in(line, kind):
    """As in TensorFlow 1.15, where all but the first of a process reuse."""
    replicas = {"mirrored": [[0, 1]], "multi_worker": [[0], [1]], "parameter_server": [[0]]}
    for found, here in zip(results(line, kind), replicas[kind], strict=True):
        is_later = [number != here[0] for number in here]
        assert of_cell(found, "scopes") == [
            [n, "outer", reuse, True, [{"keep_prob": 0.5}]]
            for n, reuse in zip(here, is_later, strict=True)
        ]
        names = ["outer/dense/kernel", "outer/dense_1/kernel"]
        asked = [
            [n, name, reuse] for n, reuse in zip(here, is_later, strict=True) for name in names
        ]
        assert of_cell(found, "variables made") == {"seen": asked, "variables": names}


def test_a_getter_runs_once_in_each_call_of_each_replica(line, kind):
    for found in results(line, kind):
        here = 2 if kind == "mirrored" else 1
        counted = of_cell(found, "evaluations")
        assert list(counted["eager"].values()) == [2 * here] * 3
        assert list(counted["traced"].values()) == [2 * here] * 3
        assert counted["ran"] == 2 * 3 * found["replicas"]


def test_a_model_function_is_traced_once_in_each_replica(line, kind):
    replicas = {"mirrored": [[0, 1]], "multi_worker": [[0], [1]], "parameter_server": [[0]]}
    names = of_cell(one_replica(line), "runs of a model")["variables"]
    assert "net/scale" in names
    for found, here in zip(results(line, kind), replicas[kind], strict=True):
        runs = of_cell(found, "runs of a model")
        assert runs["first"] == [None]
        assert runs["in steps"] == [here, [], []]
        assert runs["outside"] == 1
        assert runs["variables"] == names
        assert_same(runs["outputs"], runs["right"][: len(here)])


def test_a_model_function_trains_itself_to_the_numbers_of_one_replica(line, kind):
    """What its optimizer does in the thread that called `run` is of the run, too."""
    right = of_cell(one_replica(line), "steps of a model")
    assert "net/dense/kernel/Adam_1" in right["names"]
    for found in results(line, kind):
        steps = of_cell(found, "steps of a model")
        assert steps["names"] == right["names"]
        assert_same(steps["values"], right["values"])


WAYS = ("weights", "checkpoint", "exported", "tf1", "tf1, into one replica")


@pytest.mark.parametrize("way", WAYS)
def test_what_is_saved_under_a_strategy_loads(line, kind, way):
    for found in results(line, kind):
        saved = of_cell(found, "saved")
        assert_same([saved[way]], [saved["right"]])


def test_a_tf1_checkpoint_has_tf1s_names_and_the_values(line, kind):
    right = of_cell(one_replica(line), "saved")["names"]
    assert {"net/dense/kernel", "net/batch_normalization/moving_mean"} < set(right)
    for found in results(line, kind):
        saved = of_cell(found, "saved")
        assert saved["names"] == right
        assert saved["wrong values"] == []


def test_both_keras_lines_train_under_one_strategy(line, kind):
    if line == "keras":
        pytest.skip("the process of Keras 2 has both")
    right = of_cell(one_replica("keras"), "masked_layers")
    for found in results(line, kind):
        assert_same(of_cell(found, "Keras 3 too"), right)


def test_variables_in_slices_are_refused(line, kind):
    if kind != "parameter_server":
        pytest.skip("only parameter servers can have them")
    for found in results(line, kind):
        assert "Variable v: the tf.distribute strategy made a Sharded" in of_cell(found, "sharded")
