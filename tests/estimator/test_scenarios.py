"""Estimators do in the scenarios what TensorFlow 1.15.5 did (scripts/record_estimators.py)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

import getter_compat

from .scenarios import SCENARIOS, plain

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT / "tests" / "data" / "estimator"

_OURS = {
    "contrib": getter_compat.contrib,
    "estimator": getter_compat.estimator,
    "layers": getter_compat.layers,
    "variable_scope": getter_compat.getter_scope,
}

# What is logged in other words by TensorFlow 2, or only by it.
_LOGGED_OTHERWISE = (
    "Calling checkpoint listeners",
    "From ",
    "Inference Time",
    "Issue encountered when serializing",
)


class Spelling:
    """`tf` as the codemod spells it."""

    def __getattr__(self, name: str) -> Any:
        return _OURS[name] if name in _OURS else getattr(tf.compat.v1, name)


def agree(expected: Any, found: Any) -> bool:
    """Whether facts are as recorded; messages may say more at their end."""
    if isinstance(expected, float) or isinstance(found, float):
        return abs(expected - found) <= 2e-5
    if isinstance(expected, str) and isinstance(found, str):
        return found.startswith(expected) or _same_but_for_rounding(expected, found)
    if isinstance(expected, dict) and isinstance(found, dict):
        return set(expected) == set(found) and all(agree(expected[k], found[k]) for k in found)
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(agree, expected, found))
    return bool(expected == found)


def _same_but_for_rounding(expected: str, found: str) -> bool:
    """Whether two lines have the same words, and numbers that are one in the third digit."""
    number = re.compile(r"\d+\.\d+")
    numbers = [float(n) for n in number.findall(found)]
    near = [pytest.approx(float(n), rel=2e-3) for n in number.findall(expected)]
    return number.sub("NUMBER", expected) == number.sub("NUMBER", found) and numbers == near


def facts_of(scenario: Callable[..., Any], folder: Path) -> Any:
    facts = json.loads(json.dumps(plain(scenario(Spelling(), str(folder)))))
    if isinstance(facts, dict) and "log" in facts:
        facts["log"] = [x for x in facts["log"] if not x.startswith(_LOGGED_OTHERWISE)]
    return facts


@pytest.mark.parametrize("name", SCENARIOS)
def test_does_what_tensorflow_1_did(name: str, tmp_path: Path) -> None:
    recorded = json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))
    if isinstance(recorded, dict) and "log" in recorded:
        recorded["log"] = [x for x in recorded["log"] if not x.startswith(_LOGGED_OTHERWISE)]
    found = facts_of(SCENARIOS[name], tmp_path)
    if isinstance(recorded, dict):
        assert {k: v for k, v in found.items() if not agree(recorded.get(k), v)} == {
            k: v for k, v in recorded.items() if not agree(v, found.get(k))
        }
    assert agree(recorded, found), found


def test_every_scenario_is_recorded() -> None:
    assert {file.stem for file in RECORDINGS.glob("*.json")} == set(SCENARIOS)


@pytest.mark.thorough
def test_the_recording_is_what_tensorflow_1_does_now() -> None:
    script = ROOT / "scripts" / "record_estimators.py"
    given = os.environ.get("TF1_PYTHON")
    command = [sys.executable, str(script), "--check", *(["--tf1-python", given] if given else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
