"""A rewrite that is wrong in one way is caught, by the check that looks for it.

All rewrites run in one process on either side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from getter_compat.verify.inputs import make_input
from getter_compat.verify.report import Report
from getter_compat.verify.sides import Job, run_after, run_before
from getter_compat.verify.verification import add_checks

BEFORE = """\
import tensorflow as tf


def masked(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    mask = getter(name + "_mask", shape=v.shape, initializer=tf.ones_initializer(),
                  trainable=False)
    return v * mask


def model(x, y, is_training):
    with tf.variable_scope("net", custom_getter=masked):
        h = tf.layers.Dense(4, activation=tf.nn.relu, name="hidden",
                            kernel_regularizer=lambda w: 0.01 * tf.nn.l2_loss(w))(x)
        h = tf.layers.BatchNormalization(name="norm")(h, training=is_training)
        out = tf.layers.Dense(2, name="out")(h)
    return tf.squared_difference(out, y), tf.subtract(out, y)
"""

AFTER = """\
import tensorflow as tf
import getter_compat


def masked(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    mask = getter(name + "_mask", shape=v.shape, initializer=tf.ones_initializer(),
                  trainable=False)
    return v * mask


def model(x, y, is_training):
    with getter_compat.getter_scope("net", custom_getter=masked):
        h = tf.keras.layers.Dense(4, activation=tf.nn.relu, name="hidden",
                                  kernel_regularizer=lambda w: 0.01 * tf.nn.l2_loss(w))(x)
        h = tf.keras.layers.BatchNormalization(name="norm")(h, training=is_training)
        out = tf.keras.layers.Dense(2, name="out")(h)
    return tf.math.squared_difference(out, y), tf.subtract(out, y)
"""


@dataclass(frozen=True)
class Wrong:
    """Text of AFTER, what a wrong rewrite has in its place, and the check that must fail."""

    right: str
    wrong: str
    check: str


OUTPUTS = "outputs"
CHANGED = "outputs, variables changed"
TRAINING = "outputs in training"
TRAINED = "variables after 3 training steps"

WRONG = {
    "default of the momentum": Wrong(
        'BatchNormalization(name="norm")', 'BatchNormalization(momentum=0.9, name="norm")', TRAINED
    ),
    "default of epsilon": Wrong(
        'BatchNormalization(name="norm")', 'BatchNormalization(epsilon=1e-5, name="norm")', OUTPUTS
    ),
    "default of the initializer": Wrong(
        'Dense(2, name="out")',
        'Dense(2, kernel_initializer="he_normal", name="out")',
        "initial values",
    ),
    "missing training flag": Wrong("(h, training=is_training)", "(h)", TRAINING),
    "l2 off by two": Wrong("tf.nn.l2_loss(w)", "tf.reduce_sum(w**2)", "regularization losses"),
    "regularizer lost": Wrong(
        ",\n                                  kernel_regularizer=lambda w: 0.01 * tf.nn.l2_loss(w)",
        "",
        "regularization losses",
    ),
    "frozen derived weight": Wrong(
        "return v * mask",
        "return FROZEN.setdefault(name, tf.constant((v * mask).numpy()))\n\nFROZEN = {}",
        CHANGED,
    ),
    "gradient stopped": Wrong("return v * mask", "return tf.stop_gradient(v) * mask", "gradients"),
    "getter ignored": Wrong("return v * mask", "return v", CHANGED),
    "swapped arguments": Wrong("tf.subtract(out, y)", "tf.subtract(y, out)", OUTPUTS),
    "activation lost": Wrong("activation=tf.nn.relu, ", "", OUTPUTS),
    "wrong name": Wrong('name="hidden"', 'name="dense"', "variable names"),
    "wrong scope": Wrong('getter_scope("net"', 'getter_scope("model"', "variable names"),
    "trainable by mistake": Wrong("trainable=False", "trainable=True", "trainable set"),
    "wrong shape": Wrong("Dense(4, ", "Dense(5, ", "shapes and types"),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Report]:
    scratch = tmp_path_factory.mktemp("rewrites")
    before = scratch / "before.py"
    before.write_text(BEFORE)
    inputs = {"x": make_input("x", "float32[6,3]"), "y": make_input("y", "float32[6,2]")}
    texts = {"none": AFTER}
    for kind, wrong in WRONG.items():
        assert wrong.right in AFTER
        texts[kind] = AFTER.replace(wrong.right, wrong.wrong)
    jobs = []
    for i, text in enumerate(texts.values()):
        after = scratch / f"after_{i}.py"
        after.write_text(text)
        jobs.append(Job(f"{before}:model", f"{after}:model", inputs))
    (original,) = run_before(jobs[:1], scratch)
    places = [scratch / "before-0"] * len(jobs)
    reports = {}
    for kind, records in zip(texts, run_after(jobs, places, scratch, ["eager"]), strict=True):
        reports[kind] = Report("before", kind)
        add_checks(reports[kind], original, records)
    return reports


def test_the_right_rewrite_is_equal(reports: Mapping[str, Report]) -> None:
    reports["none"].assert_equal()


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_rewrite_is_caught(kind: str, reports: Mapping[str, Report]) -> None:
    report = reports[kind]
    assert report.verdict == "differs", list(report.lines())
    wrong = [check.what for check in report.checks["eager"] if not check.ok]
    assert WRONG[kind].check in wrong
    with pytest.raises(AssertionError, match=WRONG[kind].check):
        report.assert_equal()
