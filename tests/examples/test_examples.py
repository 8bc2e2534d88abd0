"""Every example: rewritten to the byte, and equal to what TensorFlow 1.15.5 does.

All examples share one process for each side, because importing TensorFlow takes seconds.
"""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from getter_compat.verify.examples import Example, load_examples
from getter_compat.verify.report import Report
from getter_compat.verify.sides import Job, run_after, run_before
from getter_compat.verify.tf1_side import Record
from getter_compat.verify.verification import add_checks

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {example.name: example for example in load_examples(ROOT / "examples")}
LIVE = {name: example for name, example in EXAMPLES.items() if example.compat_v1}

each_example = pytest.mark.parametrize("name", EXAMPLES)

Records = Mapping[str, Mapping[str, Record]]
"""By example and mode."""


def jobs(examples: Mapping[str, Example]) -> list[Job]:
    return [example.job() for example in examples.values()]


def run_migrated(scratch: Path, legacy_keras: bool) -> Records:
    recordings = [example.recording for example in EXAMPLES.values()]
    records = run_after(jobs(EXAMPLES), recordings, scratch, legacy_keras=legacy_keras)
    return dict(zip(EXAMPLES, records, strict=True))


@pytest.fixture(scope="session")
def on_keras_3(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return run_migrated(tmp_path_factory.mktemp("keras3"), legacy_keras=False)


@pytest.fixture(scope="session")
def on_keras_2(tmp_path_factory: pytest.TempPathFactory) -> Records:
    return run_migrated(tmp_path_factory.mktemp("keras2"), legacy_keras=True)


@pytest.fixture(scope="session")
def on_compat_v1(tmp_path_factory: pytest.TempPathFactory) -> Records:
    records = run_before(jobs(LIVE), tmp_path_factory.mktemp("compat_v1"), noise=False)
    return {name: {"graph": record} for name, record in zip(LIVE, records, strict=True)}


@pytest.fixture(scope="session")
def on_tensorflow_1(tmp_path_factory: pytest.TempPathFactory) -> Records:
    goldens: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "make_goldens.py"))
    given = os.environ.get("TF1_PYTHON")
    if not given and not goldens["find_python37"]():
        pytest.skip(goldens["HOW_TO_GET_ONE"])
    python = str(goldens["tf1_python"](given))
    records = run_before(jobs(EXAMPLES), tmp_path_factory.mktemp("tf1"), python, noise=False)
    return {name: {"graph": record} for name, record in zip(EXAMPLES, records, strict=True)}


@pytest.fixture(scope="session")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of all originals, rewritten in one run of the codemod."""
    directory = tmp_path_factory.mktemp("rewritten")
    for example in EXAMPLES.values():
        for path in sources(example, "before"):
            target = directory / example.name / path.relative_to(example.directory)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    done = subprocess.run(
        [sys.executable, "-m", "getter_compat.codemod", str(directory)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    return directory


def sources(example: Example, stem: str) -> list[Path]:
    single = example.directory / f"{stem}.py"
    return [single] if single.exists() else sorted((example.directory / stem).glob("**/*.py"))


def assert_equal(name: str, records: Records) -> None:
    example = EXAMPLES[name]
    report = Report(f"the recording of {name}", name)
    ours = {
        mode: record
        for mode, record in records[name].items()
        if mode == "graph" or mode in example.modes
    }
    add_checks(report, Record.load(str(example.recording)), ours)
    report.assert_equal()


@each_example
def test_the_codemod_writes_after_to_the_byte(name: str, rewritten: Path) -> None:
    example = EXAMPLES[name]
    before, after = sources(example, "before"), sources(example, "after")
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        written = rewritten / name / old.relative_to(example.directory)
        assert written.read_text() == new.read_text()


@each_example
def test_keras_3(name: str, on_keras_3: Records) -> None:
    assert_equal(name, on_keras_3)


@each_example
def test_keras_2(name: str, on_keras_2: Records) -> None:
    assert_equal(name, on_keras_2)


@pytest.mark.thorough
@pytest.mark.parametrize("name", LIVE)
def test_compat_v1(name: str, on_compat_v1: Records) -> None:
    assert_equal(name, on_compat_v1)


@pytest.mark.thorough
@each_example
def test_tensorflow_1(name: str, on_tensorflow_1: Records) -> None:
    assert_equal(name, on_tensorflow_1)
