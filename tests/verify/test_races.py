"""What a run reads beside the operation that changes it: TensorFlow gives one or the other.

Nothing here depends on which comes first by itself: in each program the one waits for the other,
by an event that the graph knows nothing of, or by a control dependency.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from getter_compat.verify.program_compare import measure_noise
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import Program, Side, add_program
from getter_compat.verify.report import Report
from tests.forking import Forking, of_these_tests

PROGRAM = """\
import argparse
import threading

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.training import training_util

tf.disable_v2_behavior()
parser = argparse.ArgumentParser()
parser.add_argument("order")
parser.add_argument("--fetch", action="store_true")
parser.add_argument("--carry", action="store_true")
parser.add_argument("--rate", type=float, default=0.1)
parser.add_argument("--every", type=int, default=3)
parser.add_argument("--last", type=int, default=7)
asked = parser.parse_args()

event = threading.Event()
event.set()
after = tf.control_dependencies
step = tf.train.get_or_create_global_step()
v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
w = tf.get_variable("w", [2], initializer=tf.ones_initializer(), use_resource=True)
u = tf.get_variable("u", [2], initializer=tf.zeros_initializer(), use_resource=True)
rate = tf.constant(asked.rate)
tf.summary.scalar("rate", rate)


def wait():
    return [tf.py_func(lambda: np.bool_(event.wait()), [], tf.bool)]


def tell():
    return tf.py_func(lambda: np.bool_(event.set() or True), [], tf.bool).op


def read():
    twice = w * 2.0
    tf.summary.scalar("twice", twice[0])
    return [training_util._get_or_create_global_step_read(), twice]


def update():
    loss = tf.reduce_sum(tf.square(v))
    train = tf.train.GradientDescentOptimizer(rate).minimize(loss, step)
    return [tf.group(train, w.assign_add([1.0, 1.0]))]


if asked.order == "the read waits":
    with after(wait()):
        seen = read()
    trained = update()
    with after(trained):
        trained.append(tell())
elif asked.order == "the update waits":
    seen = read()
    with after(wait()):
        trained = update()
    with after(seen):
        trained.append(tell())
elif asked.order == "the read follows":
    trained = update()
    with after(trained):
        seen = read()
else:
    seen = read()
    with after(seen):
        trained = update()
    with after(trained):
        trained.append(tell())

carried = [u.assign_add(seen[1]).op] if asked.carry else []
with tf.train.MonitoredTrainingSession(
    checkpoint_dir="saved",
    hooks=[tf.train.StopAtStepHook(last_step=asked.last)],
    save_summaries_steps=asked.every,
    config=tf.ConfigProto(inter_op_parallelism_threads=4),
) as sess:
    while not sess.should_stop():
        event.clear()
        sess.run(trained + carried + (seen[1:] if asked.fetch else []))
"""

SIDES = {
    "the read waits": ("the read waits",),
    "the update waits": ("the update waits",),
    "the update follows": ("the update follows",),
    "the read follows": ("the read follows",),
    "every second step": ("the update waits", "--every", "2"),
    "one step less": ("the update waits", "--last", "6"),
    "another rate": ("the update waits", "--rate", "0.1001"),
    "the read waits, fetched": ("the read waits", "--fetch"),
    "the update waits, fetched": ("the update waits", "--fetch"),
    "the update follows, fetched": ("the update follows", "--fetch"),
    "the read waits, carried": ("the read waits", "--carry"),
    "the update waits, carried": ("the update waits", "--carry"),
    "another rate, carried": ("the update waits", "--carry", "--rate", "0.1001"),
    "another rate, fetched": ("the update waits", "--fetch", "--rate", "0.1001"),
}

Compare = Callable[[str, str], Report]


@pytest.fixture(scope="module")
def records() -> dict[str, ProgramRecord]:
    return {}


@pytest.fixture(scope="module")
def process() -> Forking:
    return of_these_tests(False)


@pytest.fixture(scope="module")
def compare(
    records: dict[str, ProgramRecord],
    process: Forking,
    tmp_path_factory: pytest.TempPathFactory,
) -> Compare:
    scratch = tmp_path_factory.mktemp("races")
    (scratch / "train.py").write_text(PROGRAM)

    def record(name: str) -> ProgramRecord:
        if name not in records:
            program = Program(str(scratch / "train.py"), SIDES[name])
            records[name] = process.run(Side(program, scratch / name.replace(" ", "_")))
        return records[name]

    def report(before: str, after: str) -> Report:
        made = Report(before, after)
        add_program(made, record(before), record(after))
        return made

    return report


def problems(report: Report, what: str) -> tuple[str, ...]:
    return next(check.problems for check in report.checks["program"] if check.what == what)


def test_hooks_read_the_step_before_the_run_whatever_comes_first(compare: Compare) -> None:
    report = compare("the read waits", "the update waits")
    assert not problems(report, "steps of summaries")
    compare("the update follows", "the update waits").assert_equal()


def test_an_order_that_the_program_gives_is_kept(compare: Compare) -> None:
    # Each read trains, those of the hooks too.
    assert compare("the update waits", "the read follows").verdict == "differs"


def test_what_races_is_not_told(compare: Compare) -> None:
    report = compare("the read waits, fetched", "the update waits, fetched")
    assert (report.verdict, report.exit_code) == ("not told: it races", 3)
    lines = "\n".join(report.lines())
    assert "fetched values: run 0 of MainThread" in lines
    assert "mul:0[0]: 4.0 before, 2.0 after" in lines
    assert "values in summaries: saved:twice[0]: 4.0 before, 2.0 after" in lines
    assert "saved:rate" not in lines
    assert "Fetch it in a run of its own" in lines
    assert "not told: it races</h1>" in report.to_html()


def test_what_follows_from_a_race_is_not_told_where_the_original_moves_as_far(
    compare: Compare, records: dict[str, ProgramRecord]
) -> None:
    sides = "the read waits, carried", "the update waits, carried"
    assert compare(*sides).verdict == "differs"
    measure_noise(*(records[side] for side in sides))
    report = compare(*sides)
    assert report.verdict == "not told: it races"
    assert "0/u[0]" in problems(report, "variables at the end")[0]
    assert "saved/model.ckpt-7:u[0]" in problems(report, "values in checkpoints")[-1]
    assert compare("the read waits, carried", "another rate, carried").verdict == "differs"


def test_an_order_that_is_lost_differs(compare: Compare) -> None:
    report = compare("the update follows, fetched", "the read waits, fetched")
    assert report.verdict == "differs"
    for what in ("fetched values", "values in summaries"):
        assert "2.0 before, 4.0 after" in problems(report, what)[0]
        assert "nothing orders the two" in problems(report, what)[0]


REFERENCES = """\
import sys
import tensorflow.compat.v1 as tf

if sys.argv[1] == "references":
    tf.disable_v2_behavior()
with tf.Graph().as_default(), tf.Session() as sess:
    w = tf.get_variable("w", initializer=1.0)
    fetches = {"train": w.assign_add(0.5).op}
    fetches["w"] = w
    sess.run(w.initializer)
    sess.run(fetches)
"""


def test_a_reference_that_became_a_resource_differs(process: Forking, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(REFERENCES)
    report = Report("before", "after")
    sides = [
        Side(Program(str(tmp_path / "train.py"), (kind,)), tmp_path / kind)
        for kind in ("references", "resources")
    ]
    records = [process.run(side) for side in sides]
    # A resource is read before the update or after it; this is what one did that was before.
    records[1].arrays["run/1/w"] = np.array([1.0], np.float32)
    assert records[0].arrays["run/1/w"] == [1.5]
    assert (records[0].racing, records[1].racing) == ([], ["run/1/w"])
    add_program(report, *records)
    assert report.verdict == "differs"
    assert "disable_v2_behavior() before the graph is made" in "\n".join(report.lines())


def test_an_order_that_is_lost_is_told_where_values_are_equal(compare: Compare) -> None:
    report = compare("the update follows, fetched", "the update waits, fetched")
    report.assert_equal()
    assert "mul:0" in next(line for line in report.notes() if "nothing orders" in line)


def test_an_order_that_is_new_is_one_of_those_that_were(compare: Compare) -> None:
    report = compare("the read waits, fetched", "the update follows, fetched")
    assert report.verdict == "not told: it races"


@pytest.mark.parametrize(
    ("before", "after", "check"),
    [
        ("the read waits", "every second step", "steps of summaries"),
        ("the read waits", "one step less", "session runs"),
        ("the read waits", "another rate", "values in summaries"),
        ("the read waits, fetched", "another rate, fetched", "variables at the end"),
    ],
)
def test_what_is_wrong_beside_a_race_differs(
    before: str, after: str, check: str, compare: Compare
) -> None:
    report = compare(before, after)
    assert report.verdict == "differs"
    assert problems(report, check)


def test_values_of_summaries_are_not_measured_by_their_steps() -> None:
    records = ProgramRecord(), ProgramRecord()
    for record, rate in zip(records, (0.001, 0.002), strict=True):
        record.arrays["summary/events:rate"] = np.array([[100000.0, rate]])
    report = Report("before", "after")
    add_program(report, *records)
    assert report.verdict == "differs"
    assert "0.001" in problems(report, "values in summaries")[0]
