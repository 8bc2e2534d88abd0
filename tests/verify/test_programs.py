"""Programs from the command line: modules, notebooks, arguments, data, threads, their ends."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from getter_compat.verify import Program, verify_program
from getter_compat.verify.cli import run
from getter_compat.verify.program_compare import compare_programs
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import Side, add_program, read_program
from getter_compat.verify.report import Report
from getter_compat.verify.sides import PACKAGE_PARENT
from tests.forking import Forking, of_these_tests

TRAIN = """\
import argparse
import sys
import threading

import numpy as np
import tensorflow as tf

from .model import loss_of

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=1)
parser.add_argument("table")
args = parser.parse_args()
if hasattr(tf, "compat"):
    tf.compat.v1.disable_v2_behavior()
    tf = tf.compat.v1
table = np.loadtxt(args.table)
x = tf.placeholder(tf.float32, [None, 2])
w, loss = loss_of(tf, x)
train = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
sess = tf.InteractiveSession()
tf.global_variables_initializer().run()


def evaluate():
    for _ in range(3):
        loss.eval({x: table}, session=sess)


for _ in range(args.steps):
    train.run({x: table})
    thread = threading.Thread(target=evaluate, name="evaluate")
    thread.start()
    thread.join()
tf.train.Saver().save(sess, "out/model")
print("saved")
sys.exit(3)
"""

MODEL = """\
def loss_of(tf, x):
    w = tf.get_variable("w", [2, 1])
    return w, tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
"""


@pytest.fixture
def process() -> Forking:
    return of_these_tests(False)


Record = Callable[..., ProgramRecord]


@pytest.fixture
def record(process: Forking, tmp_path: Path) -> Record:
    """Return what runs a program, given as its text or as a file of `tmp_path`, and records it."""

    def run(text: str | Program, place: str = "side") -> ProgramRecord:
        program = text if isinstance(text, Program) else Program(str(tmp_path / f"{place}.py"))
        if isinstance(text, str):
            (tmp_path / f"{place}.py").write_text(text)
        return process.run(Side(program, tmp_path / place))

    return run


def compared(record: Record, before: str, after: str) -> Report:
    report = Report("before", "after")
    add_program(report, record(before, "before"), record(after, "after"))
    return report


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    for side in ("old", "new"):
        package = tmp_path / side / "pkg"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "train.py").write_text(TRAIN)
        (package / "model.py").write_text(MODEL)
    (tmp_path / "table.txt").write_text("0.5 1.25\n-0.75 2.5\n0.1 0.3\n")
    return tmp_path


def test_a_module_with_arguments_data_threads_and_an_exit_status(
    packages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = packages / "new" / "pkg" / "model.py"
    model.write_text(MODEL.replace("- 1.0", "- 1.5"))
    given = ["--program", f"{packages}/old:pkg.train", f"{packages}/new:pkg.train", "--json"]
    data = ["--data", f"{packages}/table.txt", "--", "--steps", "2", "table.txt"]
    assert run([*given, *data]) == 1
    report = json.loads(capsys.readouterr().out)
    checks = {check["what"]: check for check in report["checks"]["program"]}
    assert checks["how it ends"]["left"] == "status 3"
    assert checks["how it ends"]["ok"]
    assert checks["session runs"]["left"] == "9 runs"
    assert checks["initial values"]["ok"]
    assert not checks["fetched values"]["ok"]
    assert "run 0 of evaluate (train.py:" in checks["fetched values"]["problems"][0]
    assert checks["names in checkpoints"]["ok"]
    assert checks["names in checkpoints"]["left"] == "2 tensors"
    assert report["printed"] == {"before": "saved\n", "after": "saved\n"}
    assert not (packages / "out").exists()


def test_a_notebook_ends_after_the_runs_that_were_asked_for(record: Record, tmp_path: Path) -> None:
    cells = [
        "%matplotlib inline\nimport tensorflow as tf",
        "if hasattr(tf, 'compat'):\n    tf.compat.v1.disable_v2_behavior()\n    tf = tf.compat.v1",
        "step = tf.get_variable('step', initializer=0)\nsess = tf.InteractiveSession()",
        "step.initializer.run()\nup = step.assign_add(1)\nwhile True:\n    sess.run(up)",
    ]
    notebook = tmp_path / "count.ipynb"
    notebook.write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": [text]} for text in cells]})
    )
    made = record(Program(str(notebook), runs=5))
    assert made.error is None, made.error
    assert len(made.runs) == 5
    # The first is the initializer's.
    assert list(made.arrays["run/1/value"]) == [1, 2, 3, 4]


def test_a_program_that_fails_on_one_side_shows_where(record: Record) -> None:
    report = compared(
        record,
        "import tensorflow.compat.v1 as tf\nprint(tf.placeholder)\n",
        "def main():\n    raise KeyError('gone')\n\n\nmain()\n",
    )
    assert report.exit_code == 2
    lines = "\n".join(report.lines())
    assert "after: KeyError: 'gone'" in lines
    assert "in main" in lines
    assert "runpy" not in lines


def test_a_programs_own_modules_are_not_the_recorders(record: Record, tmp_path: Path) -> None:
    for name in ("precision", "races", "tf1_side", "variables"):
        (tmp_path / f"{name}.py").write_text(f"print('own {name}')\n")
    made = record("import precision, races, tf1_side, variables\n")
    assert made.error is None, made.error
    assert made.stdout.splitlines() == [
        "own precision",
        "own races",
        "own tf1_side",
        "own variables",
    ]


def test_what_one_side_alone_has_is_not_called_equal(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    report = compared(
        record,
        "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
        "with tf.Session() as session:\n    session.run(tf.constant(1.0))\n",
        "raise KeyError('gone')\n",
    )
    assert report.exit_code == 2
    report.print(Console())
    row = next(line for line in capsys.readouterr().out.splitlines() if "fetched values" in line)
    assert "nothing to compare" in row


@pytest.mark.parametrize(
    ("before", "after", "printed"),
    [
        ("print(1)", "print(2)", "not the same"),
        ("raise SystemExit(3)", "raise SystemExit(3)", "the same"),
        ("open('a', 'w').write('1')", "open('a', 'w').write('2')", "the same"),
    ],
)
def test_where_nothing_is_compared_nothing_is_equal(
    record: Record, before: str, after: str, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = compared(record, before, after)
    assert report.exit_code == 3
    report.print(Console())
    said = capsys.readouterr().out
    assert said.endswith("nothing compared\n")
    assert f"What they print is {printed}" in said


ENDING = """\
import tensorflow.compat.v1 as tf
tf.disable_eager_execution()
tf.Session().run(tf.fill([{size}], 3))
raise {end}
"""


def test_ends_and_shapes_are_told_in_words(record: Record) -> None:
    before = ENDING.format(size=2, end="ValueError('x')")
    report = compared(record, before, ENDING.format(size=3, end="ValueError('y')"))
    assert "program: how it ends: ValueError: 'x' before, 'y' after" in report.notes()
    (problem,) = (line for line in report.lines() if "Fill" in line)
    assert problem.endswith("Fill:0: shape [2] before, shape [3] after")


def test_the_words_that_a_program_exits_with(record: Record) -> None:
    before = ENDING.format(size=2, end="SystemExit('no data')")
    report = compared(record, before, ENDING.format(size=2, end="SystemExit('no model')"))
    assert report.verdict == "differs"
    (problem,) = (line for line in report.lines() if "how it ends" in line)
    assert problem.endswith("status 1: 'no data' before, 'no model' after")


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ("no data in a", "no data in a", "equal"),
        ("loss 0.25", "loss 0.2500001", "equal"),
        ("no data in a", "no model in a", "differs"),
        ("", "no data in a", "differs"),
    ],
)
def test_words_of_an_exit_are_compared_but_not_their_numbers(
    before: str, after: str, verdict: str
) -> None:
    records = ProgramRecord(), ProgramRecord()
    for record, said in zip(records, (before, after), strict=True):
        record.status, record.said = 1, said
        record.runs = [0]
        record.calls = [{"thread": "MainThread", "site": [], "fetches": []}]
    report = Report("before", "after")
    add_program(report, *records)
    assert report.verdict == verdict
    told = [*report.lines(), *report.notes()]
    assert (f"how it ends: status 1: {before!r} before, {after!r} after" in "\n".join(told)) == (
        before != after
    )


def test_a_time_limit_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("while True:\n    pass\n")
    program = str(tmp_path / "endless.py")
    lines = "\n".join(verify_program(program, program, timeout=0.5).lines())
    assert "endless.py was not done after 0.5 seconds" in lines
    assert "--runs" in lines


LEFT_ALONE = """\
import os, subprocess, sys
held = os.open(sys.argv[1], os.O_WRONLY)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=[held])
os.write(held, b"they run")
while True:
    pass
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_goes_on_when_verify_is_ended(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "endless.py").write_text(LEFT_ALONE)
    os.mkfifo(tmp_path / "held")
    ProgramRecord().save(str(tmp_path / "recorded"))
    command = [sys.executable, "-m", "getter_compat.verify", "--program"]
    targets = ["recorded", "endless.py", "--", str(tmp_path / "held")]
    verify = subprocess.Popen(
        [*command, *targets],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)},
        # A suite that runs in the background ignores it, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with open(tmp_path / "held", "rb", buffering=0) as held:
        assert held.read(8) == b"they run"
        verify.send_signal(number)
        verify.wait(600)
        # It comes to its end when all are gone that hold the other one.
        while True:
            assert select.select([held], [], [], 600)[0], "a process goes on"
            if not held.read(8):
                break


RUNS_OF_OTHERS = """\
import numpy as np
import tensorflow as tf
if hasattr(tf, "compat"):
    tf.compat.v1.disable_v2_behavior()
    tf = tf.compat.v1
x = tf.placeholder(tf.float32, [])
y = x * 2.0
z = y + FACTOR
with tf.Session() as sess:
    handle = sess.partial_run_setup([y, z], [x])
    sess.partial_run(handle, y, {x: 3.0})
    sess.partial_run(handle, z)
tf.train.create_global_step()


def step(step_context):
    step_context.session.run(y, {x: 1.0})
    return step_context.run_with_hooks(z, feed_dict={x: 1.0})


with tf.train.MonitoredSession() as sess:
    sess.run_step_fn(step)
"""


def test_runs_in_parts_and_by_step_functions(record: Record) -> None:
    before = RUNS_OF_OTHERS.replace("FACTOR", "1.0")
    report = compared(record, before, RUNS_OF_OTHERS.replace("FACTOR", "1.5"))
    checks = {check.what: check for check in report.checks["program"]}
    assert checks["session runs"].left == "4 runs"
    first, second = checks["fetched values"].problems
    assert "run 1 of MainThread (before.py:12" in first
    assert "run 3 of MainThread (before.py:18" in second


EVALUATION = """\
import sys
import numpy as np
import tensorflow.compat.v1 as tf
from getter_compat import estimator

tf.disable_v2_behavior()
factor = float(sys.argv[1])


def model_fn(features, labels, mode):
    w = tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())
    y = tf.squeeze(tf.matmul(features["x"], w), 1)
    loss = tf.losses.mean_squared_error(labels, y)
    step = tf.train.get_or_create_global_step()
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss, step)
    metrics = {"mean": tf.metrics.mean(factor * y)}
    return estimator.EstimatorSpec(mode, loss=loss, train_op=train, eval_metric_ops=metrics)


x = {"x": np.arange(8, dtype=np.float32).reshape(4, 2) / 8.0}
inputs = estimator.inputs.numpy_input_fn(x, x["x"][:, 0], 2, num_epochs=1, shuffle=False)
classifier = estimator.Estimator(model_fn, "runs/%d/model" % (1512345678 + 4 * factor))
classifier.train(inputs)
classifier.evaluate(inputs)
"""


def test_what_an_evaluation_gives(record: Record, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(EVALUATION)
    left, right = (
        record(Program(str(tmp_path / "main.py"), (factor,)), factor) for factor in ("1.0", "1.25")
    )
    checks = {check.what: check for check in compare_programs(left, right)}
    assert checks["session runs"].left == "5 runs"  # two of training, two of evaluation, its end
    (problem,) = (p for p in checks["fetched values"].problems if "run 4 of" in p)
    assert "mean" in problem
    # The folder is called by the time, which is not the same.
    assert checks["names in checkpoints"].ok
    assert checks["names in checkpoints"].left == "4 tensors"
    assert "checkpoint/runs/time0/model/model.ckpt-2:w" in left.arrays
    assert left.group("summary").keys() == right.group("summary").keys() != set()


DROPPED = """\
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
x = tf.placeholder(tf.float32, [])
merged = tf.summary.merge([tf.summary.scalar("loss", x)])


def train(session):
    writer = tf.summary.FileWriter("logs", session.graph)
    for step in range(3):
        writer.add_summary(session.run(merged, {x: step}), step)


with tf.Session() as session:
    train(session)
"""


def test_summaries_of_a_writer_that_its_program_drops_unclosed(record: Record) -> None:
    made = record(DROPPED)
    assert made.error is None, made.error
    (values,) = made.group("summary").values()
    assert values.tolist() == [[0, 0], [1, 1], [2, 2]]


HANDLES = """\
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
iterator = tf.data.make_one_shot_iterator(tf.data.Dataset.range(3))
handle = tf.placeholder(tf.string, [])
given = tf.data.Iterator.from_string_handle(handle, tf.int64, [])
with tf.Session() as session:
    session.run(given.get_next(), {handle: session.run(iterator.string_handle())})
"""


def test_handles_of_iterators_are_the_process_s_own(record: Record) -> None:
    made = record(HANDLES)
    assert made.error is None, made.error
    assert [value.tolist() for value in made.group("run").values()] == [[0]]


LOOPS = """\
import sys
import tensorflow.compat.v1 as tf

if sys.argv[1] == "v1":
    tf.disable_v2_behavior()
else:
    tf.disable_eager_execution()
drawn = tf.map_fn(lambda x: x + tf.random_uniform([]), tf.zeros([3]), parallel_iterations=8)
loops = [op for op in tf.get_default_graph().get_operations() if op.type in ("Enter", "While")]
with tf.Session() as sess:
    sess.run([tf.constant(op.get_attr("parallel_iterations")) for op in loops])
"""


@pytest.mark.parametrize("control_flow", ["v1", "v2"])
def test_loops_draw_one_iteration_after_the_other(
    control_flow: str, record: Record, tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text(LOOPS)
    made = record(Program(str(tmp_path / "main.py"), (control_flow,)))
    assert made.error is None, made.error
    assert made.arrays
    assert all((value == 1).all() for value in made.arrays.values())


def test_how_a_target_is_spelt() -> None:
    assert read_program("old/train.py", ["--x"]) == Program("old/train.py", ("--x",))
    assert read_program("old/a.ipynb").module is False
    assert read_program("old:pkg.train").target == "pkg.train"
    assert read_program("old:pkg.train").folder == Path("old")
    assert read_program("pkg.train").folder == Path(".")
