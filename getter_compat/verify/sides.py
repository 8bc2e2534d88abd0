"""Run the two sides, each in a process of its own, and read the records that they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from getter_compat.verify import tf1_side
from getter_compat.verify.processes import SideError, no_record, side_process, wait
from getter_compat.verify.tf1_side import UNMEASURED, Record
from getter_compat.verify.verdicts import noise_between

MODES = ("eager", "function")
DEFAULT_TIMEOUT = 600.0

PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Job:
    """A model function before and after, and how to call it."""

    before: str
    """`FILE.py:function`, `package.module:function`, `FILE.py:Class.method`."""
    after: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    training_arguments: Mapping[str, Any] = field(default_factory=dict)
    constructor: Mapping[str, Any] = field(default_factory=dict)
    steps: int = 3
    checkpoint: str | None = None
    """A TF1 checkpoint whose values both sides compute with; None: initial values."""
    resource_variables: bool = False
    """Whether the original's variables are resources, as after `tf.enable_resource_variables()`."""


def run_before(
    jobs: Sequence[Job],
    scratch: Path,
    python: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    noise: bool = True,
) -> list[Record]:
    """Record the originals under TensorFlow 1.15 (`python`) or, without one, compat.v1.

    With `noise` each runs a second time, with moved inputs, and its record says by how much its
    arrays move: the group `noise`; or why that is not known.
    """
    records = [scratch / f"before-{i}" for i in range(len(jobs))]
    work = [
        {**_settings(job, record), "target": job.before, "checkpoint": job.checkpoint}
        for job, record in zip(jobs, records, strict=True)
    ]
    if not noise:
        return _run_tf1(work, records, scratch, python, timeout)
    twins = [record.with_name(record.name + "-moved") for record in records]
    work += [
        {**about, "record": str(twin), "moved": True}
        for about, twin in zip(work, twins, strict=True)
    ]
    originals = _run_tf1(work, records, scratch, python, timeout)
    for place, twin, original in zip(records, twins, originals, strict=True):
        if not original.error:
            _add_noise(original, twin)
            original.save(str(place))
    return originals


def _add_noise(record: Record, twin: Path) -> None:
    """Keep by how much each array moved in a run with moved inputs, or why that is not known."""
    if not _is_record(twin):
        record.meta[UNMEASURED] = "it came to no end"
        return
    moved = Record.load(str(twin))
    if moved.error:
        record.meta[UNMEASURED] = f"it ended by {moved.error['type']}: {moved.error['message']}"
        return
    noise = {
        name: noise_between(value, moved.arrays.get(name, np.nan))
        for name, value in record.arrays.items()
        if not name.startswith("input/")
    }
    record.add("noise", noise)


def run_after(
    jobs: Sequence[Job],
    befores: Sequence[Path],
    scratch: Path,
    modes: Sequence[str] = MODES,
    legacy_keras: bool | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> list[dict[str, Record]]:
    """Record the migrated functions, with the variable values of the records in `befores`.

    `legacy_keras` True means tf_keras, False Keras 3, None whatever the environment says.
    """
    work = []
    for i, (job, before) in enumerate(zip(jobs, befores, strict=True)):
        for mode in modes:
            record = scratch / f"after-{i}-{mode}"
            settings = _settings(job, record)
            work.append({**settings, "target": job.after, "before": str(before), "mode": mode})
    command = [sys.executable, "-m", "getter_compat.verify.tf2_side"]
    paths = [str(PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    changes = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    if legacy_keras is not None:
        changes["TF_USE_LEGACY_KERAS"] = "1" if legacy_keras else "0"
    _run(command, work, scratch, changes, timeout)
    return [
        {mode: Record.load(str(scratch / f"after-{i}-{mode}")) for mode in modes}
        for i in range(len(jobs))
    ]


def run_restored(
    jobs: Sequence[Job],
    checkpoints: Sequence[Path],
    scratch: Path,
    python: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> list[Record]:
    """Record the outputs of the originals with checkpoints that the migrated side wrote."""
    records = [scratch / f"restored-{i}" for i in range(len(jobs))]
    work = [
        {**_settings(job, record), "target": job.before, "restore": str(checkpoint)}
        for job, record, checkpoint in zip(jobs, records, checkpoints, strict=True)
    ]
    return _run_tf1(work, records, scratch, python, timeout)


def _settings(job: Job, record: Path) -> dict[str, Any]:
    """Return what both sides are told alike; the inputs go into a file beside the record."""
    inputs = record.with_suffix(".npz")
    tf1_side.save_arrays(str(inputs), dict(job.inputs))
    return {
        "record": str(record),
        "inputs": str(inputs),
        "arguments": dict(job.arguments),
        "training_arguments": dict(job.training_arguments),
        "constructor": dict(job.constructor),
        "steps": job.steps,
        "resource_variables": job.resource_variables,
    }


def _run_tf1(
    work: list[dict[str, Any]],
    records: list[Path],
    scratch: Path,
    python: str | None,
    timeout: float,
) -> list[Record]:
    command = [python or sys.executable, "-W", "ignore", tf1_side.__file__]
    _run(command, work, scratch, {"TF_USE_LEGACY_KERAS": "1"}, timeout)
    return [Record.load(str(record)) for record in records]


def _run(
    command: list[str],
    work: list[dict[str, Any]],
    scratch: Path,
    changes: dict[str, str],
    timeout: float,
) -> None:
    """Run one side over its jobs; every job leaves a record or this raises, but one for noise."""
    if not work:
        return
    with tempfile.NamedTemporaryFile(
        "w", suffix=".json", dir=scratch, delete=False, encoding="utf-8"
    ) as file:
        json.dump(work, file)
    with (
        tempfile.TemporaryFile(dir=scratch) as stderr,
        side_process([*command, file.name], changes, subprocess.DEVNULL, stderr) as process,
    ):
        try:
            status = wait(process, time.monotonic() + timeout)
        except subprocess.TimeoutExpired:
            late = _first_missing(work)
            if not late:
                return
            raise SideError(
                f"{late} was not done after {timeout:g} seconds. Give it more time with --timeout."
            ) from None
        stderr.seek(0)
        said = stderr.read().decode(errors="replace")
    missing = _first_missing(work)
    if missing:
        raise no_record(missing, status, said, command[0])


def _first_missing(work: list[dict[str, Any]]) -> str:
    """Return the target of the first job without a record that is needed."""
    for job in work:
        if not (job.get("moved") or _is_record(Path(job["record"]))):
            return str(job["target"])
    return ""


def _is_record(place: Path) -> bool:
    return (place / "record.json").exists()
