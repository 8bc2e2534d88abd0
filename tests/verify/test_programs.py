"""Programs from the command line: modules, notebooks, arguments, data, threads, their ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from getter_compat.verify import Program, verify_program
from getter_compat.verify.cli import run
from getter_compat.verify.programs import read_program

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


def test_a_notebook_ends_after_the_runs_that_were_asked_for(tmp_path: Path) -> None:
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
    program = Program(str(notebook), runs=5)
    report = verify_program(program, program)
    report.assert_equal()
    assert next(c.left for c in report.checks["program"] if c.what == "session runs") == "5 runs"


def test_a_program_that_fails_on_one_side_shows_where(tmp_path: Path) -> None:
    (tmp_path / "before.py").write_text("import tensorflow as tf\nprint(tf.placeholder)\n")
    (tmp_path / "after.py").write_text("def main():\n    raise KeyError('gone')\n\n\nmain()\n")
    report = verify_program(str(tmp_path / "before.py"), str(tmp_path / "after.py"))
    assert report.exit_code == 2
    lines = "\n".join(report.lines())
    assert "after: KeyError: 'gone'" in lines
    assert "in main" in lines
    assert "runpy" not in lines


def test_a_time_limit_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("while True:\n    pass\n")
    program = str(tmp_path / "endless.py")
    lines = "\n".join(verify_program(program, program, timeout=0.5).lines())
    assert "endless.py was not done after 0.5 seconds" in lines
    assert "--runs" in lines


def test_how_a_target_is_spelt() -> None:
    assert read_program("old/train.py", ["--x"]) == Program("old/train.py", ("--x",))
    assert read_program("old/a.ipynb").module is False
    assert read_program("old:pkg.train").target == "pkg.train"
    assert read_program("old:pkg.train").folder == Path("old")
    assert read_program("pkg.train").folder == Path(".")
