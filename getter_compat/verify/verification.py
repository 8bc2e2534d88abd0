"""`verify`: run both sides, compare their records, report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from getter_compat.verify import tf1_side
from getter_compat.verify.compare import Check, compare, compare_arrays, exactness_of, without_noise
from getter_compat.verify.processes import SideError
from getter_compat.verify.report import Failure, Report, hint, not_measured, reference
from getter_compat.verify.sides import (
    DEFAULT_TIMEOUT,
    MODES,
    Job,
    run_after,
    run_before,
    run_restored,
)
from getter_compat.verify.tf1_side import Record, RecordError


def verify(
    before: str,
    after: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    arguments: Mapping[str, Any] | None = None,
    training_arguments: Mapping[str, Any] | None = None,
    constructor: Mapping[str, Any] | None = None,
    steps: int = 3,
    checkpoint: str | None = None,
    resource_variables: bool = False,
    tf1_python: str | None = None,
    legacy_keras: bool | None = None,
    modes: Sequence[str] = MODES,
    timeout: float = DEFAULT_TIMEOUT,
) -> Report:
    """Compare the TF1 function `before` with the migrated function `after`.

    Args:
        before: The original: `FILE.py:function`, `package.module:function`,
            `FILE.py:Class.method`, or the directory of a recording.
        after: The migrated function, spelled likewise.
        inputs: The arrays that both are called with, by keyword. A recording has its own.
        arguments: Further keyword arguments; they must have a JSON spelling.
        training_arguments: What is different while training. A parameter called `training` or
            `is_training` that is not mentioned is False, and True while training.
        constructor: Keyword arguments for the class of `FILE.py:Class.method`.
        steps: Training steps to compare; 0: inference only, no gradients either.
        checkpoint: A TF1 checkpoint whose values both compute with.
        resource_variables: Whether the original's variables are resources; TF1's default are
            references, which are read at other times where they change in the same run.
        tf1_python: A Python that has TensorFlow 1.15; None: `tf.compat.v1` of this one.
        legacy_keras: True: tf_keras on the migrated side; False: Keras 3; None: as set.
        modes: `eager`, `function` or both.
        timeout: Seconds for each side.

    Returns:
        The report; `report.assert_equal()` in a test.
    """
    job = Job(
        before,
        after,
        inputs or {},
        arguments or {},
        training_arguments or {},
        constructor or {},
        steps,
        checkpoint,
        resource_variables,
    )
    return verify_all([job], tf1_python, legacy_keras, modes, timeout)[0]


def verify_all(
    jobs: Sequence[Job],
    tf1_python: str | None = None,
    legacy_keras: bool | None = None,
    modes: Sequence[str] = MODES,
    timeout: float = DEFAULT_TIMEOUT,
) -> list[Report]:
    """Compare many functions, each as `verify` does, and import TensorFlow once on each side.

    Args:
        jobs: What `verify` is told of each.
        tf1_python: As for `verify`, and so are the others.
        legacy_keras: Keras of the migrated side.
        modes: How the migrated side is run.
        timeout: Seconds for each side, all functions together.

    Returns:
        A report for each, in their order. A recording that is damaged is its own report's alone.
        If a side's process dies, every report says so and `could not run`, also where it has
        checks from before.
    """
    reports = [Report(job.before, job.after, remarks=list(_one_branch(job))) for job in jobs]
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        try:
            cases = _run_originals(jobs, reports, scratch, tf1_python, timeout)
            _run_migrated(cases, scratch, modes, legacy_keras, timeout)
            _run_restored(cases, scratch, modes, tf1_python, timeout)
        except (SideError, RecordError) as error:
            for report in reports:
                report.failures.append(Failure("could not run", str(error)))
    return reports


def _one_branch(job: Job) -> Iterator[str]:
    """Say of a flag for training that it is given, so that its other branch is not compared."""
    for flag in tf1_side.TRAINING_FLAGS:
        given = job.arguments.get(flag)
        if isinstance(given, bool) and job.training_arguments.get(flag, given) == given:
            yield (
                f"{flag} is {given} in all that is compared, training steps too. Leave it out to "
                f"compare both: outputs with {flag}=False, training steps with {flag}=True."
            )


@dataclass(frozen=True)
class _Case:
    """A function whose original ran, and has something to compare."""

    job: Job
    report: Report
    original: Record
    place: Path
    """The folder of its record."""

    @property
    def recorded(self) -> bool:
        """Whether it was recorded before, and is not run now."""
        return _is_recording(self.job)


def _is_recording(job: Job) -> bool:
    return Path(job.before, "record.json").is_file()


def _run_originals(
    jobs: Sequence[Job],
    reports: Sequence[Report],
    scratch: Path,
    tf1_python: str | None,
    timeout: float,
) -> list[_Case]:
    live = [job for job in jobs if not _is_recording(job)]
    places = (scratch / f"before-{i}" for i in range(len(live)))
    originals = iter(run_before(live, scratch, tf1_python, timeout))
    cases = []
    for job, report in zip(jobs, reports, strict=True):
        if _is_recording(job):
            try:
                place, original = Path(job.before), Record.load(job.before)
            except RecordError as error:
                report.failures.append(Failure("could not run", str(error)))
                continue
            steps = original.meta.get("steps", 0)
            job = replace(job, inputs=original.group("input"), steps=steps)
        else:
            place, original = next(places), next(originals)
        if _can_be_compared(original, report):
            cases.append(_Case(job, report, original, place))
    return cases


def _can_be_compared(original: Record, report: Report) -> bool:
    """Say in the report what is known of an original; tell whether it has something to compare."""
    report.reference = reference(original)
    if original.error:
        report.failures.append(failure("before", original))
        return False
    report.remarks += not_measured(original)
    if original.not_compared:
        report.remarks.append(f"not compared, as no tensors: {', '.join(original.not_compared)}")
    if original.variables or original.group("output"):
        return True
    what = "it makes no variable and returns no tensor, so there is nothing to compare"
    report.failures.append(Failure("before", what))
    return False


def _run_migrated(
    cases: Sequence[_Case],
    scratch: Path,
    modes: Sequence[str],
    legacy_keras: bool | None,
    timeout: float,
) -> None:
    jobs, places = [case.job for case in cases], [case.place for case in cases]
    migrated = run_after(jobs, places, scratch, modes, legacy_keras, timeout)
    for case, records in zip(cases, migrated, strict=True):
        add_checks(case.report, case.original, records)


def _run_restored(
    cases: Sequence[_Case],
    scratch: Path,
    modes: Sequence[str],
    tf1_python: str | None,
    timeout: float,
) -> None:
    """Let the originals read what the migrated side wrote."""
    written = [
        (case, mode, scratch / f"after-{i}-{mode}" / tf1_side.CHECKPOINT)
        for i, case in enumerate(cases)
        for mode in modes
        if not (case.recorded or case.report.failures)
    ]
    written = [found for found in written if _is_checkpoint(found[2])]
    jobs, paths = [case.job for case, _, _ in written], [path for _, _, path in written]
    restored = run_restored(jobs, paths, scratch, tf1_python, timeout)
    for (case, mode, _), record in zip(written, restored, strict=True):
        case.report.checks[mode].append(compare_restored(case.original, record))


def _is_checkpoint(prefix: Path) -> bool:
    return prefix.with_name(prefix.name + ".index").exists()


def add_checks(report: Report, original: Record, migrated: Mapping[str, Record]) -> None:
    """Compare every mode of the migrated side; modes that could not run alike are one failure."""
    failed: dict[Failure, list[str]] = {}
    for mode, record in migrated.items():
        if record.error:
            failed.setdefault(failure("after", record), []).append(mode)
        else:
            checks = compare(original, record)
            unmeasured = tf1_side.UNMEASURED in original.meta
            report.checks[mode] = without_noise(checks) if unmeasured else checks
    for found, modes in failed.items():
        report.failures.append(replace(found, side=", ".join([found.side, *modes])))


def compare_restored(original: Record, restored: Record) -> Check:
    """Compare the original's outputs from its own variables and from the other's checkpoint."""
    what = "checkpoint written after, read before"
    if restored.error:
        return Check(what, False, "", "", (restored.error["message"],))
    left, right = original.group("changed_output"), restored.group("changed_output")
    return compare_arrays(what, left, right, exactness_of(original, "changed_output"))


def failure(side: str, record: Record) -> Failure:
    """Describe the exception that a record holds."""
    assert record.error is not None
    error = record.error
    said = f"{error.get('type')}: {error.get('message')}"
    advice = hint(said, reference(record), migrated=side == "after")
    return Failure(side, said, error.get("traceback", ""), advice)
