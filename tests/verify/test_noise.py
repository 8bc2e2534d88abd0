"""Right rewrites are not called different because float arithmetic is noisy in them.

Networks whose numbers move by more than a fixed tolerance allows when their inputs move by a unit
in the last place: the tolerance has to be measured. All run in one process on either side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from getter_compat.verify.compare import compare
from getter_compat.verify.inputs import make_input
from getter_compat.verify.precision import moved
from getter_compat.verify.program_compare import compare_programs, measure_noise
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import (
    Program,
    Side,
    add_program,
    record_original,
    settle_noise,
    verify_program,
)
from getter_compat.verify.report import Report
from getter_compat.verify.sides import Job, run_after, run_before
from getter_compat.verify.tf1_side import Record
from getter_compat.verify.verdicts import BOUND, Exactness, Verdict, compare_values
from getter_compat.verify.verification import add_checks
from tests.forking import Forking, of_these_tests

BEFORE = """\
import tensorflow as tf


def instance_norm(x, name):
    with tf.variable_scope(name):
        c = x.shape[-1].value
        scale = tf.get_variable("scale", [c], initializer=tf.random_normal_initializer(1.0, 0.02))
        offset = tf.get_variable("offset", [c], initializer=tf.zeros_initializer())
        mean, variance = tf.nn.moments(x, axes=[1, 2], keep_dims=True)
        return scale * (x - mean) * tf.rsqrt(variance + 1e-5) + offset


def generator(x, name):
    with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
        h = tf.layers.conv2d(x, 6, 3, padding="same", name="c1")
        h = tf.nn.relu(instance_norm(h, "n1"))
        h = tf.layers.conv2d(h, 6, 3, padding="same", name="c2")
        h = tf.nn.relu(instance_norm(h, "n2"))
        return tf.tanh(tf.layers.conv2d(h, 3, 3, padding="same", name="c3"))


def chained_generators(image):
    fake = generator(image, "there")
    back = generator(fake, "back")
    return generator(back, "there")


def instance_normalized(image):
    h = image
    for i in range(6):
        h = tf.nn.leaky_relu(instance_norm(tf.layers.conv2d(h, 5, 3, name="c%d" % i,
                                                            padding="same"), "n%d" % i))
    return h


def attention(words):
    h = words
    for i in range(3):
        with tf.variable_scope("block%d" % i):
            q, k, v = [tf.layers.dense(h, 8, name=n, use_bias=False) for n in "qkv"]
            scores = tf.matmul(q, k, transpose_b=True) * 4.0
            h = h + tf.matmul(tf.nn.softmax(scores), v)
            mean, variance = tf.nn.moments(h, [-1], keep_dims=True)
            h = (h - mean) / tf.sqrt(variance + 1e-6)
    return h


def sn(getter, name, *args, **kwargs):
    w = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return w
    flat = tf.reshape(w, [-1, w.shape[-1].value])
    u = getter(name + "_u", shape=[1, w.shape[-1].value], trainable=False,
               initializer=tf.random_normal_initializer())
    v = tf.nn.l2_normalize(tf.matmul(u, flat, transpose_b=True))
    u = tf.nn.l2_normalize(tf.matmul(v, flat))
    return w / tf.squeeze(tf.matmul(tf.matmul(v, flat), u, transpose_b=True))


def spectral_norm(words):
    with tf.variable_scope("d", custom_getter=sn):
        h = words
        for i in range(4):
            h = tf.nn.leaky_relu(tf.layers.dense(h, 8, name="fc%d" % i))
        return tf.layers.dense(h, 1, name="out")


def deep_batch_norm(image, is_training):
    h = image
    for i in range(8):
        h = tf.layers.conv2d(h, 4, 3, padding="same", name="c%d" % i)
        h = tf.layers.batch_normalization(h, training=is_training, name="b%d" % i)
        h = tf.nn.relu(h)
    return h
"""

AFTER = (
    BEFORE.replace("import tensorflow as tf", "import tensorflow as tf\nimport getter_compat", 1)
    .replace("tf.layers", "getter_compat.layers")
    .replace("tf.variable_scope", "getter_compat.getter_scope")
    .replace("tf.AUTO_REUSE", "getter_compat.AUTO_REUSE")
    .replace("tf.get_variable", "getter_compat.get_variable")
    .replace("shape[-1].value", "shape[-1]")
    .replace("keep_dims", "keepdims")
    .replace("tf.rsqrt", "tf.math.rsqrt")
    .replace("tf.random_normal_initializer", "tf.compat.v1.random_normal_initializer")
)

IMAGE, WORDS = {"image": "float32[2,6,6,3]"}, {"words": "float32[2,7,8]"}
FUNCTIONS = {
    "chained_generators": IMAGE,
    "instance_normalized": IMAGE,
    "attention": WORDS,
    "spectral_norm": WORDS,
    "deep_batch_norm": IMAGE,
}


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Record, Record]]:
    scratch = tmp_path_factory.mktemp("noise")
    (scratch / "before.py").write_text(BEFORE)
    (scratch / "after.py").write_text(AFTER)
    jobs = [
        Job(
            f"{scratch}/before.py:{name}",
            f"{scratch}/after.py:{name}",
            {key: make_input(key, spec) for key, spec in inputs.items()},
        )
        for name, inputs in FUNCTIONS.items()
    ]
    originals = run_before(jobs, scratch)
    places = [scratch / f"before-{i}" for i in range(len(jobs))]
    migrated = run_after(jobs, places, scratch, ["function"])
    return {
        name: (original, records["function"])
        for name, original, records in zip(FUNCTIONS, originals, migrated, strict=True)
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_right_rewrite_is_equal(name: str, sides: Mapping[str, tuple[Record, Record]]) -> None:
    original, migrated = sides[name]
    assert original.error is None, original.error
    report = Report(name, name)
    add_checks(report, original, {"function": migrated})
    report.assert_equal()
    assert max(float(value) for value in original.group("noise").values()) > 0


def test_gradients_that_are_only_rounding_are_named(
    sides: Mapping[str, tuple[Record, Record]],
) -> None:
    original, migrated = sides["instance_normalized"]
    gradients = next(c for c in compare(original, migrated) if c.what == "gradients")
    assert "zero but for rounding" in gradients.note
    assert "c0/bias" in gradients.note
    assert "c0/kernel" not in gradients.note


@pytest.mark.parametrize(
    ("apart", "noise", "verdict"),
    [
        (5e-6, 0.0, Verdict.EQUAL),
        (5e-5, 0.0, Verdict.DIFFERS),
        (5e-5, 1e-5, Verdict.EQUAL),
        (5e-4, 1e-5, Verdict.DIFFERS),
        (5e-3, 1e-3, Verdict.NOT_TOLD),
        (5e-1, 1e-3, Verdict.DIFFERS),
        (5e-1, np.inf, Verdict.NOT_TOLD),
    ],
)
def test_the_noise_says_what_is_near_enough(apart: float, noise: float, verdict: Verdict) -> None:
    left = np.array([0.5, 1.0], np.float32)
    right = np.array([0.5, 1.0 + apart], np.float32)
    found = compare_values(left, right, Exactness(noise))
    assert found.verdict is verdict
    assert (found.index == (1,)) == (verdict is not Verdict.EQUAL)


def test_nothing_larger_than_the_bound_is_ever_equal() -> None:
    left = np.ones(3, np.float32)
    for noise in np.geomspace(1e-7, 1e3, 40):
        assert (
            compare_values(left, left * (1 + 1.1 * BOUND), Exactness(noise)).verdict
            is not Verdict.EQUAL
        )


def trained(loss: float, bias: float, kind: str = "final") -> ProgramRecord:
    """A program that fetched a loss, and left a bias behind a normalization, or restored one."""
    record = ProgramRecord()
    record.calls = [{"thread": "MainThread", "site": ["a.py:1"], "fetches": [["value", "loss:0"]]}]
    record.runs = [0]
    record.arrays = {
        "run/0/value": np.array([loss], np.float32),
        f"{kind}/0/bias": np.array([bias], np.float32),
    }
    record.noise = {"run/0/value": np.array([1e-7]), f"{kind}/0/bias": np.float64(2e-3)}
    return record


@pytest.mark.parametrize(
    ("loss", "bias", "verdict"),
    [
        (0.5, -1e-3, "equal"),
        (0.5, 0.5, "differs"),
        (0.75, -1e-3, "differs"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "what"), [("final", "variables at the end"), ("initial", "initial values")]
)
def test_what_rounding_alone_moves_is_named(
    loss: float, bias: float, verdict: str, kind: str, what: str
) -> None:
    report = Report("before", "after")
    sides = trained(0.5, 1e-3, kind), trained(loss, bias, kind)
    report.checks["program"] = compare_programs(*sides)
    assert report.verdict == verdict
    (end,) = (c for c in report.checks["program"] if c.what == what)
    assert end.note == ("moved by rounding alone: 0/bias" if verdict == "equal" else "")


@pytest.mark.parametrize("racing", [[], ["run/0/value"]])
def test_what_follows_a_value_that_is_lost_in_noise_is_not_told(racing: list[str]) -> None:
    sides = []
    for losses in ([0.5, 0.25], [0.6, 0.75]):
        record = trained(0.5, losses[1])
        record.runs = [0, 0]
        record.arrays["run/0/value"] = np.array(losses, np.float32)
        record.noise.update({"run/0/value": np.array([0.02, 0.02])})
        sides.append(record)
    sides[1].racing = racing
    lost = Report("before", "after", checks={"program": compare_programs(*sides)})
    assert lost.verdict == "not told from noise"
    sides[0].noise["run/0/value"] = np.array([1e-7, 1e-7])
    told = Report("before", "after", checks={"program": compare_programs(*sides)})
    assert told.verdict == "differs"


def test_whole_numbers_are_equal_or_not() -> None:
    ones = np.ones(3, np.int32)
    assert compare_values(ones, ones + 1).verdict is Verdict.DIFFERS
    assert compare_values(ones, ones + 1, Exactness(1.0)).verdict is Verdict.NOT_TOLD


def test_only_what_is_not_whole_is_moved() -> None:
    values = np.array([0.0, 1.0, 0.1, np.nan, np.inf], np.float32)
    there = moved(values, "x")
    assert there[2] != values[2]
    np.testing.assert_allclose(there[2], values[2], rtol=1.2e-7)
    np.testing.assert_array_equal(np.delete(there, 2), np.delete(values, 2))
    labels = np.arange(3)
    assert moved(labels, "y") is labels or (moved(labels, "y") == labels).all()


GATE = """\
import os
import sys
import tensorflow as tf

for folder in sys.argv[4:]:  # where it dies
    if folder in os.getcwd():
        os._exit(3)
if hasattr(tf, "compat"):
    tf.compat.v1.disable_v2_behavior()
    tf = tf.compat.v1
a = tf.get_variable("a", [1], initializer=tf.constant_initializer(0.3))
b = tf.get_variable(sys.argv[1], [1], initializer=tf.constant_initializer(0.3))
w = tf.get_variable("w", [1], initializer=tf.ones_initializer())
rounding = tf.placeholder(tf.float32, [])
gate = tf.cast(a - b + rounding > 0.0, tf.float32)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(w.assign_add(float(sys.argv[2]) * gate).op, {rounding: float(sys.argv[3])})
"""
"""What rounding opens or closes; its arguments: a name, which chooses how variables are moved, how
large a step is, the rounding, and in which folders it dies."""


def test_noise_is_measured_again_where_one_moved_run_does_not_show_it(tmp_path: Path) -> None:
    path = tmp_path / "gate.py"
    path.write_text(GATE)
    before, after = (Program(str(path), ("e", "0.01", x)) for x in ("0.0", "1e-9"))
    report = verify_program(before, after)
    assert report.verdict == "not told from noise"


@pytest.fixture
def process() -> Forking:
    return of_these_tests(False)


Migrated = Callable[[str], ProgramRecord]


@pytest.fixture
def migrated(process: Forking, tmp_path: Path) -> Migrated:
    """Return what runs the gate on the migrated side, by the size of its step."""

    def run(step: str) -> ProgramRecord:
        return process.run(Side(Program(str(tmp_path / "gate.py"), ("e", step, "1e-9")), tmp_path))

    (tmp_path / "gate.py").write_text(GATE)
    return run


@pytest.mark.parametrize(("step", "dies"), [("1.0", ""), ("0.01", "moved_")])
def test_what_was_found_stands_where_it_cannot_be_noise_or_noise_cannot_be_measured(
    step: str, dies: str, migrated: Migrated, tmp_path: Path, process: Forking
) -> None:
    arguments = ("e", "0.01", "0.0", *filter(None, [dies]))
    program = Program(str(tmp_path / "gate.py"), arguments)
    sides = [
        Side(program, tmp_path / name, settings={"moved": name == "moved"})
        for name in ("before", "moved")
    ]
    original, moved = map(process.run, sides)
    measure_noise(original, moved)
    after = migrated(step)
    settle_noise(original, after, program, tmp_path)
    report = Report("before", "after")
    add_program(report, original, after)
    assert report.verdict == "differs"


@pytest.mark.parametrize(
    ("step", "verdict"),
    [("0.0", "equal"), ("1e-4", "not told from noise"), ("0.01", "differs")],
)
def test_an_original_that_dies_with_its_inputs_moved(
    step: str, verdict: str, dying: ProgramRecord, migrated: Migrated
) -> None:
    report = Report("before", "after")
    add_program(report, dying, migrated(step))
    assert report.verdict == verdict
    (note,) = (note for note in report.notes() if note.startswith("noise not measured"))
    assert note.endswith("gate.py ended with status 3 and left no record.")


@pytest.fixture(scope="module")
def dying(tmp_path_factory: pytest.TempPathFactory) -> ProgramRecord:
    """The record of an original that dies when it runs for the second time."""
    scratch = tmp_path_factory.mktemp("dying")
    (scratch / "gate.py").write_text(GATE)
    return record_original(
        Program(str(scratch / "gate.py"), ("e", "0.0", "0.0", "/moved/")), scratch
    )


DATA = """\
import collections

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
table = collections.defaultdict(list, x=np.linspace(0.1, 0.9, 8).astype(np.float32)), np.arange(8)
x, y = tf.data.Dataset.from_tensor_slices(table).batch(4).make_one_shot_iterator().get_next()
with tf.Session() as sess:
    sess.run([x["x"], y])
"""


def test_what_datasets_are_made_of_is_moved(process: Forking, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(DATA)
    program = Program(str(tmp_path / "main.py"))
    original, moved = (
        process.run(Side(program, tmp_path / str(moved), settings={"moved": moved}))
        for moved in (0, 1)
    )
    assert original.error is None, original.error
    measure_noise(original, moved)
    assert 0 < original.noise["run/0/0"] < 1e-6
    assert original.noise["run/0/1"] == 0
