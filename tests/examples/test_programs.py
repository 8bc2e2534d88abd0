"""Whole programs of the TF1 years, rewritten by one command, train to TensorFlow 1.15.5's numbers.

Each is compared run by run with the recording; how near is near enough is measured, not chosen: the
recording holds by how much TensorFlow 1.15.5 itself moves when its inputs move by a unit in the
last place.
"""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from getter_compat.codemod.cli import main as codemod
from getter_compat.verify.examples import load_programs
from getter_compat.verify.program_compare import compare_programs
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import Side, add_program, record_original
from getter_compat.verify.report import Report
from tests.forking import of_these_tests

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {program.name: program for program in load_programs(ROOT / "examples")}

# Programs of cells and decoders, which are layers of `tf.keras`, and one of an Estimator.
OF_TF_KERAS = ("a3c_lstm", "bayes_lstm", "char_rnn", "estimator", "hyper_lstm", "tagger", "translation")

each_program = pytest.mark.parametrize("name", PROGRAMS)


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Copies of the originals, each rewritten by the command that a user gives."""
    place = tmp_path_factory.mktemp("rewritten")
    for name, example in PROGRAMS.items():
        shutil.copytree(
            example.before, place / name, ignore=shutil.ignore_patterns("__pycache__")
        )
        assert codemod([str(place / name)]) in (0, 1), name
    return {name: place / name for name in PROGRAMS}


def with_both_lines() -> list[Any]:
    """Each program with either Keras line as `tf.keras`; with Keras 2 mostly it asks again."""
    return [
        pytest.param(
            name,
            legacy_keras,
            id=f"{line}-{name}",
            marks=pytest.mark.thorough if legacy_keras and name not in OF_TF_KERAS else (),
        )
        for line, legacy_keras in (("keras_3", False), ("keras_2", True))
        for name in PROGRAMS
    ]


def texts(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".ipynb")
    }


@pytest.mark.parametrize(("name", "legacy_keras"), with_both_lines())
def test_it_trains_to_the_recorded_numbers(
    name: str, legacy_keras: bool, rewritten: dict[str, Path], tmp_path: Path
) -> None:
    example = PROGRAMS[name]
    program = example.program(rewritten[name])
    side = Side(program, tmp_path, settings={"values_of": str(example.recording)})
    migrated = of_these_tests(legacy_keras).run(side)
    report = Report(str(example.before), program.target)
    add_program(report, ProgramRecord.load(str(example.recording)), migrated)
    report.assert_equal()


@each_program
def test_nothing_is_left_and_a_second_run_changes_nothing(
    name: str, rewritten: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert codemod(["--check", str(rewritten[name])]) == 0, capsys.readouterr().out


@each_program
def test_the_codemod_writes_after_to_the_byte(name: str, rewritten: dict[str, Path]) -> None:
    assert texts(rewritten[name]) == texts(PROGRAMS[name].after)


@pytest.mark.parametrize("name", ["flags_package", "queue_input"])
def test_a_user_starts_it_as_ever(name: str, tmp_path: Path) -> None:
    example = PROGRAMS[name]
    place = tmp_path / "program"
    shutil.copytree(example.before, place, ignore=shutil.ignore_patterns("__pycache__"))
    rewriting = [sys.executable, "-m", "getter_compat.codemod", str(place)]
    assert subprocess.run(rewriting, cwd=ROOT, capture_output=True).returncode in (0, 1)
    done = subprocess.run(
        [sys.executable, example.entry, *example.arguments],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    recorded = ProgramRecord.load(str(example.recording)).stdout
    assert len(done.stdout.splitlines()) == len(recorded.splitlines())


@each_program
def test_a_recording_is_whole_and_of_tensorflow_1(name: str) -> None:
    record = ProgramRecord.load(str(PROGRAMS[name].recording))
    assert record.meta["tensorflow"] == "1.15.5"
    assert (record.error, record.status) == (None, 0)
    assert record.runs
    assert record.variables
    assert record.noise.keys() == record.arrays.keys()
    # Nothing in it may tell one machine from another.
    assert not re.search(r"0x[0-9a-f]{6}|site-packages|/tmp/", record.stdout)
    assert str(ROOT) not in record.stdout


@pytest.mark.thorough
def test_tensorflow_1_says_it_again(tmp_path: Path) -> None:
    goldens: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "make_goldens.py"))
    given = os.environ.get("TF1_PYTHON")
    if not given and not goldens["find_python37"]():
        pytest.skip(goldens["HOW_TO_GET_ONE"])
    example = PROGRAMS["gan"]
    python = str(goldens["tf1_python"](given))
    record = record_original(example.program(example.before), tmp_path, python)
    recorded = ProgramRecord.load(str(example.recording))
    assert record.stdout == recorded.stdout
    assert [check.problems for check in compare_programs(recorded, record) if not check.ok] == []
