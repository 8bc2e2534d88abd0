"""`verify`: run both sides, compare their records, report."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from getter_compat.verify import tf1_side
from getter_compat.verify.compare import Check, compare, compare_arrays, exactness_of
from getter_compat.verify.processes import SideError
from getter_compat.verify.report import Failure, Report, hint, reference
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
    report = Report(before, after, remarks=list(_one_branch(job)))
    with tempfile.TemporaryDirectory() as directory:
        try:
            _compare_sides(report, job, Path(directory), tf1_python, legacy_keras, modes, timeout)
        except (SideError, RecordError) as error:
            report.failures.append(Failure("could not run", str(error)))
    return report


def _one_branch(job: Job) -> Iterator[str]:
    """Say of a flag for training that it is given, so that its other branch is not compared."""
    for flag in tf1_side.TRAINING_FLAGS:
        given = job.arguments.get(flag)
        if isinstance(given, bool) and job.training_arguments.get(flag, given) == given:
            yield (
                f"{flag} is {given} in all that is compared, training steps too. Leave it out to "
                f"compare both: outputs with {flag}=False, training steps with {flag}=True."
            )


def _compare_sides(
    report: Report,
    job: Job,
    scratch: Path,
    tf1_python: str | None,
    legacy_keras: bool | None,
    modes: Sequence[str],
    timeout: float,
) -> None:
    recorded = Path(job.before, "record.json").is_file()
    place = Path(job.before) if recorded else scratch / "before-0"
    if recorded:
        original = Record.load(job.before)
        job = replace(job, inputs=original.group("input"), steps=original.meta.get("steps", 0))
    else:
        (original,) = run_before([job], scratch, tf1_python, timeout)
    report.reference = reference(original)
    if original.error:
        report.failures.append(failure("before", original))
        return
    if original.not_compared:
        report.remarks.append(f"not compared, as no tensors: {', '.join(original.not_compared)}")
    if not original.variables and not original.group("output"):
        what = "it makes no variable and returns no tensor, so there is nothing to compare"
        report.failures.append(Failure("before", what))
        return
    (migrated,) = run_after([job], [place], scratch, modes, legacy_keras, timeout)
    add_checks(report, original, migrated)
    if recorded or report.failures:
        return
    written = {mode: scratch / f"after-0-{mode}" / tf1_side.CHECKPOINT for mode in modes}
    written = {mode: path for mode, path in written.items() if _is_checkpoint(path)}
    jobs = [job] * len(written)
    restored = run_restored(jobs, list(written.values()), scratch, tf1_python, timeout)
    for mode, record in zip(written, restored, strict=True):
        report.checks[mode].append(compare_restored(original, record))


def _is_checkpoint(prefix: Path) -> bool:
    return prefix.with_name(prefix.name + ".index").exists()


def add_checks(report: Report, original: Record, migrated: Mapping[str, Record]) -> None:
    """Compare every mode of the migrated side; a mode that could not run is a failure."""
    for mode, record in migrated.items():
        if record.error:
            report.failures.append(failure(f"after, {mode}", record))
        else:
            report.checks[mode] = compare(original, record)


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
    return Failure(side, said, error.get("traceback", ""), hint(said, reference(record)))
