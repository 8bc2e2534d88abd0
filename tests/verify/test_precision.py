"""Programs and functions that compute in 16 bits between numbers of 32, rewritten right and wrong.

A right rewrite may add up in another order, and every unit of 16 bits that this is off by is
thousands of units of 32. What is not computed of them is held to 32 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from getter_compat.verify.inputs import make_input
from getter_compat.verify.precision import UNITS, moved
from getter_compat.verify.program_compare import measure_noise
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import Program, Side, add_program
from getter_compat.verify.report import Report
from getter_compat.verify.sides import Job, run_before
from getter_compat.verify.tf1_side import Record
from tests.forking import of_these_tests

BEFORE = """\
import sys

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
half = tf.as_dtype(sys.argv[1])


def stored_in_32_bits(getter, name, shape=None, dtype=None, **kwargs):
    variable = getter(name, shape, dtype=tf.float32, **kwargs)
    return tf.cast(variable, dtype)


x = tf.placeholder(tf.float32, [None, 5], "x")
y = tf.placeholder(tf.float32, [None, 1], "y")
weights = tf.random_normal_initializer(seed=1)
with tf.variable_scope("mixed", dtype=half, custom_getter=stored_in_32_bits):
    w = tf.get_variable("w", [5, 4], initializer=weights)
    b = tf.get_variable("b", [4], initializer=tf.zeros_initializer())
    u = tf.get_variable("u", [5, 4], initializer=weights)
    h = tf.cast(x, half)
    h = tf.nn.tanh((tf.matmul(h, w) + tf.matmul(h * h, u)) + b, name="h")
    v = tf.get_variable("v", [4, 1], initializer=weights)
    out = tf.cast(tf.matmul(h, v), tf.float32, name="out")
loss = tf.reduce_mean(tf.square(out - y), name="loss")
alone = tf.get_variable("alone", [3], initializer=weights)
other = tf.reduce_sum(tf.square(alone - 0.5), name="other")
optimizer = tf.train.AdamOptimizer(0.05)
train = tf.group(optimizer.minimize(loss), tf.train.GradientDescentOptimizer(0.1).minimize(other))
tf.summary.scalar("loss", loss)
summaries = tf.summary.merge_all()

rng = np.random.RandomState(0)
data = rng.uniform(-1.0, 1.0, [8, 5])
feed = {x: data, y: data[:, :1] - data[:, 1:2] * data[:, 2:3]}
with tf.Session() as sess:
    writer = tf.summary.FileWriter("logs")
    sess.run(tf.global_variables_initializer())
    for step in range(6):
        sess.run([h, loss, other], feed)
        sess.run(train, feed)
        writer.add_summary(sess.run(summaries, feed), step)
    tf.train.Saver().save(sess, "saved/model")
"""

AFTER = BEFORE.replace(
    "(tf.matmul(h, w) + tf.matmul(h * h, u)) + b", "tf.matmul(h * h, u) + (b + tf.matmul(h, w))"
)


@dataclass(frozen=True)
class Wrong:
    """Text of AFTER, and what a wrong rewrite has in its place."""

    right: str
    wrong: str


WRONG = {
    "the schedule": Wrong("AdamOptimizer(0.05)", "AdamOptimizer(0.02)"),
    "the optimizer's epsilon": Wrong("AdamOptimizer(0.05)", "AdamOptimizer(0.05, epsilon=0.1)"),
    "the activation": Wrong("tf.nn.tanh", "tf.nn.relu"),
    "a missing update": Wrong(
        "        sess.run(train, feed)", "        step and sess.run(train, feed)"
    ),
    "a step that is not made": Wrong("range(6)", "range(5)"),
    "all in 32 bits": Wrong("tf.as_dtype(sys.argv[1])", "tf.float32"),
    "what is not computed in 16 bits": Wrong("alone - 0.5", "alone - 0.5002"),
}

Reports = Mapping[str, Report]


@pytest.fixture(scope="module", params=sorted(UNITS))
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reports:
    scratch = tmp_path_factory.mktemp("precision")
    texts = {"before": BEFORE, "moved": BEFORE, "right": AFTER}
    for kind, wrong in WRONG.items():
        assert wrong.right in AFTER, kind
        texts[kind] = AFTER.replace(wrong.right, wrong.wrong)
    records: dict[str, ProgramRecord] = {}
    process = of_these_tests(False)
    for number, (kind, text) in enumerate(texts.items()):
        path = scratch / f"program_{number}.py"
        path.write_text(text)
        settings: dict[str, object] = {"moved": kind == "moved"}
        if number > 1:
            settings["values_of"] = str(scratch / "side_0" / "record")
        program = Program(str(path), (request.param,))
        records[kind] = process.run(Side(program, scratch / f"side_{number}", "", settings))
    original = records.pop("before")
    assert original.error is None, original.error
    measure_noise(original, records.pop("moved"))
    reports = {}
    for kind, record in records.items():
        reports[kind] = Report("before", kind)
        add_program(reports[kind], original, record)
    return reports


def test_a_right_rewrite_is_equal(reports: Reports) -> None:
    reports["right"].assert_equal()
    apart = {check.what: check.max_rel for check in reports["right"].checks["program"]}
    # There is something to forgive; how much of it depends on the processor.
    assert min(apart[what] for what in ("fetched values", "variables at the end")) > 0


def test_what_is_computed_in_32_bits_alone_is_told(reports: Reports) -> None:
    lines = "\n".join(reports["all in 32 bits"].lines())
    assert "16 before, nothing after" in lines


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_rewrite_is_caught(kind: str, reports: Reports) -> None:
    assert reports[kind].verdict == "differs", list(reports[kind].lines())


def test_a_number_is_moved_by_a_unit_of_what_is_computed_of_it() -> None:
    values = np.array([0.75, 0.6, -3.3, 1000.7, 1e-3, 2.0], np.float32)
    for kind, unit in UNITS.items():
        there = moved(values, "x", kind)
        assert there.dtype == np.float32
        np.testing.assert_array_equal(there[-1], 2.0)
        apart = np.abs(there - values)[:-1] / np.abs(values[:-1])
        assert (apart > 0.49 * unit).all()
        assert (apart < 1.01 * unit).all()
    np.testing.assert_allclose(moved(values, "x"), values, rtol=1.2e-7)


FUNCTIONS = """\
import tensorflow as tf


def mixed(x):
    h = tf.cast(x, tf.{half})
    w = tf.get_variable("w", [4, 3])
    with tf.variable_scope("low", dtype=tf.{half}):
        b = tf.get_variable("b", [3], initializer=tf.random_normal_initializer(seed=1))
    h = tf.matmul(h, tf.cast(w, tf.{half})) + b
    alone = tf.get_variable("alone", [2], initializer=tf.random_normal_initializer(seed=2))
    return {{"low": h, "high": tf.cast(h, tf.float32), "alone": alone * 2.0}}
"""


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Record]:
    scratch = tmp_path_factory.mktemp("functions")
    inputs = {"x": make_input("x", "float32[5,4]")}
    jobs = []
    for half in UNITS:
        (scratch / f"{half}.py").write_text(FUNCTIONS.format(half=half))
        jobs.append(Job(f"{scratch}/{half}.py:mixed", "", inputs))
    return dict(zip(UNITS, run_before(jobs, scratch), strict=True))


@pytest.mark.parametrize("half", sorted(UNITS))
def test_what_functions_compute_in_16_bits(half: str, originals: Mapping[str, Record]) -> None:
    original = originals[half]
    assert original.error is None, original.error
    exact = {"initial/w", "initial/alone", "output/output/alone", "trained/alone"}
    passed = {"output/output/low", "output/output/high", "gradient/w", "gradient/low/b"}
    passed |= {"gradient/input:x", "trained/w", "trained/low/b"}
    assert {original.narrow.get(name) for name in passed} == {half}
    assert not exact & original.narrow.keys()
    noise = original.group("noise")
    assert noise["output/output/high"] > 0.1 * UNITS[half]
    assert noise["output/output/alone"] < 1e-6
