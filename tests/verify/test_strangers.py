"""Programs that nobody had in mind: rewritten by one command they are equal, spoilt they differ.

Against `tf.compat.v1`, and against a live TensorFlow 1.15.5 where there is one. All five share a
process on either side; a thread's name tells whose run a difference is in.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import pytest

from getter_compat.verify.programs import Program, Side, add_program, record_original, run_sides
from getter_compat.verify.report import Report
from tests.chance.running import DRIVER, ROOT, rewrite
from tests.forking import of_these_tests

STRANGERS = ROOT / "tests" / "data" / "strangers"
NAMES = sorted(path.stem for path in STRANGERS.glob("*.py"))

SPOILT = {
    "bag_of_words": ("tf.reduce_mean(looked_up, axis=1)", "tf.reduce_sum(looked_up, axis=1)"),
    "factorization": ("ExponentialMovingAverage(0.95, step)", "ExponentialMovingAverage(0.95)"),
    "decayed_convnet": ("staircase=True", "staircase=False"),
    "reinforce": ("tf.stop_gradient(self.returns - value)", "(self.returns - value)"),
    "conditional_gan": ('UPDATE_OPS, scope="generator")', 'UPDATE_OPS, scope="generators")'),
}
"""By program: what the rewritten one has, and what a careless hand made of it."""


def tensorflow_1() -> str:
    goldens: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "make_goldens.py"))
    given = os.environ.get("TF1_PYTHON")
    if not given and not goldens["find_python37"]():
        pytest.skip(goldens["HOW_TO_GET_ONE"])
    return str(goldens["tf1_python"](given))


@pytest.fixture(
    scope="module",
    params=["compat.v1", pytest.param("TensorFlow 1.15.5", marks=pytest.mark.thorough)],
)
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What is said of the right rewrites, and of the spoilt ones."""
    python = None if request.param == "compat.v1" else tensorflow_1()
    scratch = tmp_path_factory.mktemp("strangers")
    original = record_original(Program(str(DRIVER), (str(STRANGERS),)), scratch, python)
    assert "ended by" not in original.stdout
    right, spoilt = scratch / "right", scratch / "spoilt"
    assert not rewrite(STRANGERS, right)
    spoilt.mkdir()
    for name, (text, wrong) in SPOILT.items():
        written = (right / f"{name}.py").read_text()
        assert written.count(text) == 1, name
        (spoilt / f"{name}.py").write_text(written.replace(text, wrong))
    settings: dict[str, object] = {"values_of": str(scratch / "before" / "record")}
    reports = []
    process = of_these_tests(False)
    for folder in (right, spoilt):
        program = Program(str(DRIVER), (str(folder),))
        side = Side(program, scratch / f"run_{folder.name}", settings=settings)
        reports.append(Report("before", folder.name))
        add_program(reports[-1], original, process.run(side))
    return reports


def test_every_one_is_spoilt_in_some_way() -> None:
    assert sorted(SPOILT) == NAMES


def test_the_right_rewrites_are_equal(reports: list[Report]) -> None:
    reports[0].assert_equal()
    assert not reports[0].different_lines


@pytest.mark.parametrize("name", NAMES)
def test_a_spoilt_one_differs(name: str, reports: list[Report]) -> None:
    assert reports[1].verdict == "differs"
    problems = [p for c in reports[1].checks["program"] for p in c.problems]
    assert any(f" of {name} ({name}.py:" in problem for problem in problems)


ESTIMATOR = """\
import numpy as np
import tensorflow as tf


def model_fn(features, labels, mode):
    w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
    loss = tf.reduce_mean(tf.square(tf.matmul(features, w) - labels))
    step = tf.train.get_global_step()
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, step)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train)


x = np.arange(8, dtype=np.float32).reshape(4, 2) / 8.0
inputs = tf.estimator.inputs.numpy_input_fn(x, x[:, :1], 2, num_epochs=1, shuffle=False)
tf.estimator.Estimator(model_fn, "model").train(inputs)
"""


def test_what_feeds_an_estimator_is_no_run_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(ESTIMATOR)
    program = Program(str(tmp_path / "main.py"))
    (made,) = run_sides([Side(program, tmp_path, tensorflow_1(), {"interface": "v1"})])
    assert made.error is None, made.error
    assert len(made.runs) == 2
    assert {call["thread"] for call in made.calls} == {"MainThread"}
    # How full the queue is, which threads fill, is no result.
    assert made.group("summary").keys() == {"model:loss"}
