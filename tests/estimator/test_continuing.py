"""A `model_dir` of TensorFlow 1.15.5 is continued here, and one of here there."""

import os
import runpy
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from .continuing import train
from .test_scenarios import ROOT, Spelling

Tensors = dict[str, np.ndarray]


def train_with_tensorflow_1(folder: Path, steps: int) -> Tensors:
    """The checkpoint after some more steps on TensorFlow 1.15.5."""
    goldens = runpy.run_path(str(ROOT / "scripts" / "make_goldens.py"))
    given = os.environ.get("TF1_PYTHON")
    if not given and not goldens["find_python37"]():
        pytest.skip(goldens["HOW_TO_GET_ONE"])
    python = goldens["tf1_python"](given)
    command = [str(python), "-W", "ignore", "-m", "estimator.continuing", str(folder), str(steps)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    environment.pop("TF2_BEHAVIOR", None)
    subprocess.run(command, check=True, env=environment, capture_output=True)
    with np.load(folder / "tensors.npz") as file:
        return dict(file)


def assert_same(found: Tensors, expected: Tensors) -> None:
    assert set(found) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-6, err_msg=name)


def test_each_continues_the_other(tmp_path: Path) -> None:
    alone = train_with_tensorflow_1(tmp_path / "alone", 3)
    begun = tmp_path / "begun"
    train_with_tensorflow_1(begun, 3)
    shutil.copytree(begun, tmp_path / "here")
    further = train_with_tensorflow_1(begun, 3)
    assert_same(train(Spelling(), str(tmp_path / "here"), 3), further)

    ours = train(Spelling(), str(tmp_path / "ours"), 3)
    assert_same(ours, alone)
    assert_same(train_with_tensorflow_1(tmp_path / "ours", 3), further)


def test_a_crash_leaves_the_last_checkpoint_whole(tmp_path: Path) -> None:
    tf = Spelling()
    before = train(tf, str(tmp_path), 2)

    class Crash(tf.train.SessionRunHook):
        def after_run(self, run_context: object, run_values: object) -> None:
            raise RuntimeError("crash")

    from .scenarios import an_estimator, batches, checkpoint

    with pytest.raises(RuntimeError, match="crash"):
        an_estimator(tf, str(tmp_path)).train(batches(tf), [Crash()], steps=3)
    assert_same(checkpoint(tf, str(tmp_path)), before)
    assert train(tf, str(tmp_path), 1)["global_step"] == 3
