"""Whole programs, rewritten right and then spoilt in one way: what a run shows, and where.

The original runs once; the migrated programs share a process that has imported TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from getter_compat.verify.programs import Program, Side, add_program, record_original
from getter_compat.verify.report import Report
from tests.forking import of_these_tests

BEFORE = """\
import numpy as np
import tensorflow as tf

tf.set_random_seed(3)
rng = np.random.RandomState(0)
x = tf.placeholder(tf.float32, [None, 4], "x")
y = tf.placeholder(tf.float32, [None, 2], "y")
is_training = tf.placeholder(tf.bool, [], "is_training")
step = tf.train.get_or_create_global_step()


def tower(x, name):
    with tf.variable_scope(name):
        h = tf.layers.dense(x, 6, activation=tf.nn.tanh, name="hidden")
        h = tf.layers.batch_normalization(h, training=is_training, momentum=0.9, name="norm")
        return tf.layers.dropout(h, 0.3, training=is_training, name="drop")


logits = tf.layers.dense(tf.concat([tower(x, "left"), tower(x, "right")], 1), 2, name="logits",
                         kernel_initializer=tf.random_normal_initializer(0.0, 0.3, seed=5))
probabilities = tf.nn.softmax(logits, axis=1)
noise = tf.random_normal([2], seed=11)
loss = tf.reduce_mean(tf.reduce_sum(tf.square(probabilities - y), axis=1))
rate = tf.train.exponential_decay(0.05, step, 2, 0.5)
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    train = tf.train.AdamOptimizer(rate, epsilon=1e-3).minimize(loss, global_step=step)
ema = tf.train.ExponentialMovingAverage(0.9)
average = ema.apply(tf.trainable_variables())

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(4):
        batch = rng.randn(8, 4)
        feed = {x: batch, y: np.eye(2)[(batch[:, 0] > 0).astype(int)], is_training: True}
        sess.run(train, feed)
        sess.run(average)
        feed[is_training] = False
        value, p, z = sess.run([loss, probabilities, noise], feed)
        print("loss %.4f" % value)
"""

AFTER = (
    BEFORE.replace(
        "import tensorflow as tf",
        "import getter_compat\nimport tensorflow.compat.v1 as tf\n\ntf.disable_v2_behavior()",
        1,
    )
    .replace("tf.layers", "getter_compat.layers")
    .replace("tf.variable_scope", "getter_compat.getter_scope")
)


@dataclass(frozen=True)
class Wrong:
    """Text of AFTER, what a wrong rewrite has in its place, and the check that must fail."""

    right: str
    wrong: str
    check: str = "fetched values"


WRONG = {
    "off by one step": Wrong("range(4)", "range(3)", "session runs"),
    "statistics moved too early": Wrong(
        "sess.run(average)",
        "sess.run(tf.group(average, *tf.get_collection(tf.GraphKeys.UPDATE_OPS)), feed)",
    ),
    "epsilon of the optimizer": Wrong("epsilon=1e-3", "epsilon=1e-8"),
    "learning-rate schedule": Wrong("0.05, step, 2, 0.5)", "0.05, step, 2, 0.5, staircase=True)"),
    "swapped fetches": Wrong("[loss, probabilities, noise]", "[loss, logits, noise]"),
    "a layer shared that should not be": Wrong(
        "getter_scope(name)",
        'getter_scope("left", reuse=getter_compat.AUTO_REUSE)',
        "variable names",
    ),
    "dropout always on": Wrong("0.3, training=is_training", "0.3, training=True"),
    "wrong seed": Wrong("seed=11", "seed=12"),
    "wrong seed of an initializer": Wrong("seed=5", "seed=6", "initial values"),
    "missing update": Wrong("tf.get_collection(tf.GraphKeys.UPDATE_OPS)", "[]"),
    "wrong axis": Wrong("softmax(logits, axis=1)", "softmax(logits, axis=0)"),
    "an average that is not kept": Wrong(
        "        sess.run(average)\n", "        sess.run(step)\n", "variables at the end"
    ),
    "it stops": Wrong(
        "        sess.run(average)", "        raise RuntimeError('no')", "how it ends"
    ),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Report]:
    scratch = tmp_path_factory.mktemp("programs")
    before = scratch / "before.py"
    before.write_text(BEFORE)
    original = record_original(Program(str(before)), scratch)
    assert original.error is None, original.error
    texts = {"none": AFTER}
    for kind, wrong in WRONG.items():
        assert wrong.right in AFTER, kind
        texts[kind] = AFTER.replace(wrong.right, wrong.wrong)
    settings: dict[str, object] = {"values_of": str(scratch / "before" / "record")}
    migrated = []
    process = of_these_tests(False)
    for i, text in enumerate(texts.values()):
        after = scratch / f"after_{i}.py"
        after.write_text(text)
        side = Side(Program(str(after)), scratch / f"side_{i}", settings=settings)
        migrated.append(process.run(side))
    reports = {}
    for kind, record in zip(texts, migrated, strict=True):
        reports[kind] = Report("before", kind)
        add_program(reports[kind], original, record)
    return reports


def test_the_right_rewrite_is_equal(reports: Mapping[str, Report]) -> None:
    reports["none"].assert_equal()


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_rewrite_is_caught(kind: str, reports: Mapping[str, Report]) -> None:
    report = reports[kind]
    assert not report.equal
    assert report.verdict == ("could not run" if kind == "it stops" else "differs")
    wrong = [check.what for check in report.checks["program"] if not check.ok]
    assert WRONG[kind].check in wrong


def test_the_first_difference_is_told_with_run_fetch_and_line(
    reports: Mapping[str, Report],
) -> None:
    lines = "\n".join(reports["wrong seed"].lines())
    assert "run 3 of MainThread (before.py:" in lines
    assert "random_normal:0" in lines


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("wrong seed", "random_normal has seed 11 before, 12 after"),
        ("wrong seed of an initializer", "has seed 5 before, 6 after"),
        ("wrong axis", ""),
    ],
)
def test_other_random_draws_are_named(kind: str, note: str, reports: Mapping[str, Report]) -> None:
    drawn = [line for line in reports[kind].notes() if "other random draws" in line]
    assert len(drawn) == bool(note)
    assert all(line.endswith(note) for line in drawn)


def test_a_program_that_stops_shows_its_own_traceback(reports: Mapping[str, Report]) -> None:
    lines = "\n".join(reports["it stops"].lines())
    assert "RuntimeError: no" in lines
    assert "raise RuntimeError('no')" in lines
    assert "program_side.py" not in lines


def test_the_curves_of_both_sides(reports: Mapping[str, Report]) -> None:
    curve = next(c for c in reports["none"].curves if c.name.startswith("Mean:0"))
    assert len(curve.left) == len(curve.right) == 4
    assert curve.left == pytest.approx(curve.right, rel=1e-5)
