"""The first random models and programs: what was recorded of TensorFlow 1.15.5, and after.

`scripts/random_programs.py` runs as many as one likes, against a live TensorFlow 1.15.5.
"""

from __future__ import annotations

from pathlib import Path

from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.tf1_side import Record
from tests.chance.models import model
from tests.chance.programs import program
from tests.chance.running import (
    RECORDED,
    RECORDED_MODELS,
    RECORDED_PROGRAMS,
    compare_models,
    compare_records,
    model_jobs,
    rewrite,
    run_migrated,
)


def test_a_number_is_always_the_same_code() -> None:
    for number in RECORDED_MODELS:
        assert (RECORDED / "models" / f"model_{number:04}.py").read_text() == model(number).text
    for number in RECORDED_PROGRAMS:
        assert (RECORDED / "programs" / f"program_{number:04}.py").read_text() == program(number)


def test_models(tmp_path: Path) -> None:
    jobs = model_jobs(RECORDED_MODELS, tmp_path / "before", tmp_path / "after")
    assert rewrite(tmp_path / "before", tmp_path / "after") == {}
    places = sorted((RECORDED / "models" / "tf1").iterdir())
    originals = [Record.load(str(place)) for place in places]
    assert sum(original.error is None for original in originals) > len(originals) // 2
    assert compare_models(jobs, originals, tmp_path, places) == {}


def test_programs(tmp_path: Path) -> None:
    place = RECORDED / "programs" / "tf1"
    original = ProgramRecord.load(str(place))
    assert len({call["thread"] for call in original.calls}) == len(RECORDED_PROGRAMS)
    assert rewrite(RECORDED / "programs", tmp_path / "after") == {}
    migrated = run_migrated(place, tmp_path / "after", tmp_path)
    assert compare_records(original, migrated) == {}
