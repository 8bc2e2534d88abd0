"""Random models and programs before, on TensorFlow 1.15, and after: many in one process."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from getter_compat.verify.inputs import make_input
from getter_compat.verify.program_compare import compare_programs, different_lines
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import (
    Program,
    record_migrated,
    record_original,
    settle_noise,
)
from getter_compat.verify.report import EQUAL, NOT_TOLD, Report
from getter_compat.verify.sides import Job, run_after, run_before
from getter_compat.verify.tf1_side import Record
from getter_compat.verify.verification import add_checks
from tests.chance.models import model
from tests.chance.programs import program

ROOT = Path(__file__).resolve().parents[2]
DRIVER = Path(__file__).with_name("driver.py")
_CASE = re.compile(r"\b(?:model|program)_\d+\b")

Troubles = dict[str, list[str]]
"""By the name of a case: what differs. What cannot be told from noise is not held against a case:
steps of an optimizer carry on what rounding began."""


def rewrite(folder: Path, after: Path) -> Troubles:
    """Copy a folder and rewrite the copy; return what the codemod refused."""
    shutil.copytree(folder, after)
    done = subprocess.run(
        [sys.executable, "-m", "getter_compat.codemod", "-q", str(after)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode < 2:
        return {}
    lines = [line for line in done.stderr.splitlines() if _CASE.search(line)]
    return _by_case(lines or done.stderr.splitlines())


# Recordings --------------------------------------------------------------------------------------

RECORDED = ROOT / "tests" / "data" / "chance"
RECORDED_MODELS, RECORDED_PROGRAMS = range(14), range(8)


def record(scratch: Path, tf1_python: str) -> None:
    """Record what TensorFlow 1.15.5 does with the first models and programs."""
    jobs = model_jobs(RECORDED_MODELS, scratch / "models", scratch)
    run_before(jobs, scratch, tf1_python, timeout=7200)
    write_programs(RECORDED_PROGRAMS, scratch / "programs")
    driver = Program(str(DRIVER), (str(scratch / "programs"),))
    record_original(driver, scratch, tf1_python, timeout=7200)
    shutil.rmtree(RECORDED, ignore_errors=True)
    RECORDED.mkdir()
    for kind in ("models", "programs"):
        shutil.copytree(scratch / kind, RECORDED / kind)
    shutil.copytree(scratch / "before" / "record", RECORDED / "programs" / "tf1")
    shutil.copy(scratch / "before" / "stdout", RECORDED / "programs" / "tf1" / "stdout.txt")
    for i, job in enumerate(jobs):
        place = RECORDED / "models" / "tf1" / case_of(job)
        shutil.copytree(scratch / f"before-{i}", place)
        forget_traceback(place / "record.json")


def forget_traceback(record: Path) -> None:
    """Take out of a record where it was made: only what was raised, and its words, are compared."""
    content = json.loads(record.read_text())
    if content["error"]:
        content["error"]["traceback"] = ""
        record.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")


# Models ------------------------------------------------------------------------------------------


def model_jobs(seeds: Sequence[int], before: Path, after: Path) -> list[Job]:
    """Write the models; return how they are called."""
    before.mkdir(parents=True)
    jobs = []
    for seed in seeds:
        made = model(seed)
        name = f"model_{seed:04}.py"
        (before / name).write_text(made.text)
        inputs = {"x": make_input("x", f"float32{list(made.shape)}")}
        flags = {"is_training": False}, {"is_training": True}
        jobs.append(Job(f"{before}/{name}:model", f"{after}/{name}:model", inputs, *flags, steps=2))
    return jobs


def models(seeds: Sequence[int], scratch: Path, tf1_python: str | None) -> tuple[int, Troubles]:
    """Compare models; return how many ran on TensorFlow 1.15, and what is not equal.

    The noise of a model is measured where it differs without.
    """
    jobs = model_jobs(seeds, scratch / "before", scratch / "after")
    troubles = rewrite(scratch / "before", scratch / "after")
    originals = run_before(jobs, scratch, tf1_python, noise=False, timeout=7200)
    found = compare_models(jobs, originals, scratch)
    again = [job for job in jobs if case_of(job) in found]
    if again:
        place = scratch / "again"
        place.mkdir()
        found = compare_models(again, run_before(again, place, tf1_python, timeout=7200), place)
    return sum(record.error is None for record in originals), {**found, **troubles}


def case_of(job: Job) -> str:
    """The name of a model's case."""
    return Path(job.after.partition(":")[0]).stem


def compare_models(
    jobs: Sequence[Job],
    originals: Sequence[Record],
    scratch: Path,
    places: Sequence[Path] | None = None,
) -> Troubles:
    """Run the migrated models, and say what is not equal to the originals."""
    places = places or [scratch / f"before-{i}" for i in range(len(jobs))]
    migrated = run_after(jobs, places, scratch, timeout=7200)
    troubles: Troubles = {}
    for job, original, records in zip(jobs, originals, migrated, strict=True):
        problems = _problems(original, records)
        if problems:
            troubles[case_of(job)] = problems
    return troubles


def _problems(original: Record, migrated: dict[str, Record]) -> list[str]:
    if original.error:
        kind = original.error["type"]
        # An operation that is run complains otherwise than one that is put into a graph.
        alike = {kind, "InvalidArgumentError"} if kind == "ValueError" else {kind}
        return [
            f"{mode}: {kind} before ({original.error['message'][:200]}), {_end(record)} after"
            for mode, record in migrated.items()
            if _end(record).partition(":")[0] not in alike
        ]
    report = Report("before", "after")
    add_checks(report, original, migrated)
    return [] if report.exit_code in (EQUAL, NOT_TOLD) else list(report.lines())


def _end(record: Record) -> str:
    if record.error is None:
        return "no error"
    return f"{record.error['type']}: {record.error['message'][:200]}"


# Programs ----------------------------------------------------------------------------------------


def write_programs(seeds: Sequence[int], before: Path) -> None:
    """Write the programs."""
    before.mkdir(parents=True)
    for seed in seeds:
        (before / f"program_{seed:04}.py").write_text(program(seed))


def programs(seeds: Sequence[int], scratch: Path, tf1_python: str | None) -> tuple[int, Troubles]:
    """Compare programs; return how many ran to their end on TensorFlow 1.15, and what differs.

    Those that differ are run again, each alone.
    """
    write_programs(seeds, scratch / "before")
    refused = rewrite(scratch / "before", scratch / "after")
    driver = Program(str(DRIVER), (str(scratch / "before"),))
    original = record_original(driver, scratch / "one", tf1_python, timeout=7200)
    ran = len(seeds) - original.stdout.count(" ended by ")
    place = scratch / "one" / "before" / "record"
    alone = len(seeds) == 1
    migrated = run_migrated(place, scratch / "after", scratch / "one")
    if alone:
        settle_noise(original, migrated, driver, scratch / "one", tf1_python, timeout=7200)
    found = compare_records(original, migrated, alone)
    if not found or alone:
        return ran, {**found, **refused}
    named = {name for name in found if _CASE.fullmatch(name)}
    singles = [seed for seed in seeds if not named or f"program_{seed:04}" in named]
    others = [seed for seed in seeds if seed not in singles]
    for number, some in enumerate([*([seed] for seed in singles), *([others] if others else [])]):
        refused.update(programs(some, scratch / f"again_{number}", tf1_python)[1])
    return ran, refused


def run_migrated(place: Path, after: Path, scratch: Path) -> ProgramRecord:
    """Run the rewritten programs of a folder as those of the record in `place` were."""
    return record_migrated(Program(str(DRIVER), (str(after),)), place, scratch, timeout=7200)


def compare_records(
    original: ProgramRecord, migrated: ProgramRecord, alone: bool = True
) -> Troubles:
    """Say what of the rewritten programs is not equal to the record.

    With `alone` False there are several, and what is not told from noise is told as well.
    """
    checks = compare_programs(original, migrated)
    runs = next(check for check in checks if check.what == "fetched values")
    # Of several, one may be lost in noise, and has to be looked at alone.
    wrong = [check for check in checks if check.told or (check is runs and not alone)]
    problems = [f"{check.what}: {problem}" for check in wrong for problem in check.problems]
    problems += [
        f"prints {left!r} before, {right!r} after"
        for left, right in different_lines(original.stdout, migrated.stdout)
    ]
    return _by_case(problems)


def _by_case(lines: Sequence[str]) -> Troubles:
    troubles: Troubles = {}
    for line in lines:
        named = _CASE.search(line)
        troubles.setdefault(named.group() if named else "unknown", []).append(line)
    return troubles
