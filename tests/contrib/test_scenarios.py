"""slim's training, losses and hyperparameters do what TensorFlow 1.15.5's did.

scripts/record_contrib.py recorded that.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

from getter_compat import contrib
from tests.estimator.test_scenarios import agree
from tests.forking import python

from .scenarios import SCENARIOS

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT / "tests" / "data" / "contrib"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The facts of all scenarios, from a process of their own: eager execution is off in it."""
    folder = tmp_path_factory.mktemp("here")
    done = python("-m", "tests.contrib.here", folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", SCENARIOS)
def test_does_what_tensorflow_1_did(name: str, here: Path) -> None:
    recorded = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    found = json.loads((here / f"{name}.json").read_text(encoding="utf-8"))
    if isinstance(recorded, dict):
        assert {k: v for k, v in found.items() if not agree(recorded.get(k), v)} == {
            k: v for k, v in recorded.items() if not agree(v, found.get(k))
        }
    assert agree(recorded, found), found


def test_a_training_loop_in_an_eager_program_says_what_is_missing() -> None:
    with tf.Graph().as_default(), pytest.raises(RuntimeError, match="disable_v2_behavior"):
        contrib.learning.train(tf.constant(1.0), None, number_of_steps=1)


def test_every_scenario_is_recorded() -> None:
    assert {file.stem for file in RECORDINGS.glob("*.json")} == set(SCENARIOS)


@pytest.mark.thorough
def test_the_recording_is_what_tensorflow_1_does_now() -> None:
    script = ROOT / "scripts" / "record_contrib.py"
    given = os.environ.get("TF1_PYTHON")
    command = [sys.executable, str(script), "--check", *(["--tf1-python", given] if given else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
