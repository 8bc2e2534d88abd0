"""Whole programs, compared: run both sides, each in a process and a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from getter_compat.verify import program_side
from getter_compat.verify.compare import without_noise
from getter_compat.verify.processes import SideError, no_record, side_process, wait
from getter_compat.verify.program_compare import (
    compare_programs,
    curves,
    different_lines,
    may_be_noise,
    measure_noise,
)
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.report import Failure, Report, hint, not_measured, reference
from getter_compat.verify.sides import DEFAULT_TIMEOUT, PACKAGE_PARENT
from getter_compat.verify.tf1_side import UNMEASURED, RecordError

_ORIGINALS = ("before", "moved")
_FURTHER_WAYS = ((2, 3), (4, 5))
"""How else inputs are moved, two ways at the same time."""


@dataclass(frozen=True)
class Program:
    """A program, and how it is started."""

    target: str
    """`train.py`, a notebook, or, with `module`, `package.train`."""
    arguments: tuple[str, ...] = ()
    module: bool = False
    folder: Path | None = None
    """Where a module is imported from; None: the current folder."""
    data: tuple[str, ...] = ()
    """Files and folders that stand, as links, in the folder that the program runs in."""
    seed: int = 0
    runs: int | None = None
    """End it after so many runs; None: let it come to its end."""
    resource_variables: bool = False
    """Whether an original's variables are resources, as after `tf.enable_resource_variables()`."""

    @property
    def name(self) -> str:
        """What it is called, as on the command line."""
        return f"{self.folder}:{self.target}" if self.folder else self.target


def read_program(
    target: str,
    arguments: Sequence[str] = (),
    data: Sequence[str] = (),
    seed: int = 0,
    runs: int | None = None,
    resource_variables: bool = False,
) -> Program:
    """Return the program of `FILE.py`, `NOTEBOOK.ipynb` or `FOLDER:package.module`."""
    path = Path(target)
    rest = (tuple(data), seed, runs, resource_variables)
    if path.suffix in (".py", ".ipynb") or path.exists():
        return Program(target, tuple(arguments), False, None, *rest)
    folder, _, module = target.rpartition(":")
    return Program(module, tuple(arguments), True, Path(folder or "."), *rest)


@dataclass
class Side:
    """One run of a program under the recorder."""

    program: Program
    place: Path
    """A folder for the record, and for the folder that the program runs in."""
    python: str = sys.executable
    settings: dict[str, object] = field(default_factory=dict)
    """What the job says besides how to start the program."""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def record(self) -> Path:
        """Where the record goes."""
        return self.place / "record"

    def command(self) -> list[str]:
        """Write the job; return the command that runs it."""
        self.working.mkdir(parents=True)
        for path in map(Path, self.program.data):
            (self.working / path.name).symlink_to(path.absolute())
        target = self.program.target
        job = {
            "program": target if self.program.module else str(Path(target).absolute()),
            "module": self.program.module,
            "path": [str((self.program.folder or Path.cwd()).absolute())]
            if self.program.module
            else [],
            "arguments": list(self.program.arguments),
            "record": str(self.record),
            "seed": self.program.seed,
            "runs": self.program.runs,
            **self.settings,
        }
        file = self.place / "job.json"
        file.write_text(json.dumps(job), encoding="utf-8")
        python = os.path.abspath(shutil.which(self.python) or self.python)
        return [python, "-W", "ignore", program_side.__file__, str(file)]

    @property
    def working(self) -> Path:
        """The folder that the program runs in: empty but for its data, and its own."""
        return self.place / "work"

    @property
    def temporary(self) -> Path:
        """Where its temporary files go: below the working folder, so that they are seen."""
        return self.working / "tmp"


def run_sides(sides: Sequence[Side], timeout: float = DEFAULT_TIMEOUT) -> list[ProgramRecord]:
    """Run the sides at the same time; return their records.

    Raises:
        SideError: one left no record, or was not done in time.
    """
    records = []
    for record in _run_each(sides, timeout):
        if isinstance(record, SideError):
            raise record
        records.append(record)
    return records


def _run_each(sides: Sequence[Side], timeout: float) -> list[ProgramRecord | SideError]:
    with ExitStack() as stack:
        started = [(side, _start(side, stack)) for side in sides]
        deadline = time.monotonic() + timeout
        in_time = [_ends(process, deadline) for _, process in started]
        return [
            _record(side, process) if ended else _late(side, timeout)
            for (side, process), ended in zip(started, in_time, strict=True)
        ]


def _ends(process: subprocess.Popen[bytes], deadline: float) -> bool:
    try:
        wait(process, deadline)
    except subprocess.TimeoutExpired:
        return False
    return True


def _late(side: Side, timeout: float) -> SideError:
    return SideError(
        f"{side.program.target} was not done after {timeout:g} seconds. Give it more "
        "time with --timeout, or compare its first runs with --runs."
    )


def _start(side: Side, stack: ExitStack) -> subprocess.Popen[bytes]:
    command = side.command()
    side.temporary.mkdir()
    stdout, stderr = (
        stack.enter_context((side.place / name).open("wb")) for name in ("stdout", "stderr")
    )
    changes = {
        "TMPDIR": str(side.temporary),
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        **side.environment,
    }
    return stack.enter_context(side_process(command, changes, stdout, stderr, side.working))


def _record(side: Side, process: subprocess.Popen[bytes]) -> ProgramRecord | SideError:
    if not (side.record / "record.json").exists():
        said = (side.place / "stderr").read_text(encoding="utf-8", errors="replace")
        return no_record(side.program.target, process.returncode, said, side.python)
    record = ProgramRecord.load(str(side.record))
    record.stdout = (side.place / "stdout").read_text(encoding="utf-8", errors="replace")
    return record


def record_original(
    program: Program, scratch: Path, python: str | None = None, timeout: float = DEFAULT_TIMEOUT
) -> ProgramRecord:
    """Record the original, under TensorFlow 1.15 (`python`) or compat.v1, and its noise.

    Raises:
        SideError: It left no record, or was not done in time; but not if it was its noise alone.
    """
    sides = [_original(program, scratch / name, python, name == "moved") for name in _ORIGINALS]
    record, moved = _run_each(sides, timeout)
    if isinstance(record, SideError):
        raise record
    if isinstance(moved, SideError):
        record.meta[UNMEASURED] = moved.short
    else:
        measure_noise(record, moved)
    record.save(str(sides[0].record))
    return record


def _original(program: Program, place: Path, python: str | None, moved: int) -> Side:
    settings: dict[str, object] = {
        "interface": "v1",
        "moved": int(moved),
        "resource_variables": program.resource_variables,
    }
    keras = {"TF_USE_LEGACY_KERAS": "1"}
    return Side(program, place, python or sys.executable, settings, keras)


def settle_noise(
    original: ProgramRecord,
    migrated: ProgramRecord,
    program: Program,
    scratch: Path,
    python: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> None:
    """Measure the noise of the original `program` again, while what differs may be noise.

    What was found stands where it cannot be measured: a further run was not done in time, or died.
    """
    for ways in _FURTHER_WAYS:
        if not may_be_noise(original, compare_programs(original, migrated)):
            return
        sides = [_original(program, scratch / f"moved_{way}", python, way) for way in ways]
        try:
            further = run_sides(sides, timeout)
        except SideError:
            return
        original.meta.pop(UNMEASURED, None)
        for moved in further:
            measure_noise(original, moved)


def record_migrated(
    program: Program,
    original: Path,
    scratch: Path,
    legacy_keras: bool | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> ProgramRecord:
    """Record the migrated program, its variables initialized as in the record `original`.

    `legacy_keras` True means tf_keras, False Keras 3, None whatever the environment says.
    """
    paths = [str(PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    variables = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    if legacy_keras is not None:
        variables["TF_USE_LEGACY_KERAS"] = "1" if legacy_keras else "0"
    side = Side(
        program,
        scratch / "after",
        sys.executable,
        {"values_of": str(original.absolute())},
        variables,
    )
    return run_sides([side], timeout)[0]


def verify_program(
    before: Program | str,
    after: Program | str,
    *,
    tf1_python: str | None = None,
    legacy_keras: bool | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> Report:
    """Compare the program `before` with the migrated program `after`.

    Each runs in a process and an empty folder of its own. Every run of a session is compared, what
    variables hold at the beginning and at the end, checkpoints and summaries.

    Args:
        before: The original: a path or, for arguments and the like, a `Program`; or the directory
            of a record of TensorFlow 1.15.
        after: The migrated program, likewise.
        tf1_python: A Python that has TensorFlow 1.15; None: `tf.compat.v1` of this one.
        legacy_keras: True: tf_keras on the migrated side; False: Keras 3; None: as set.
        timeout: Seconds for each side.

    Returns:
        The report; `report.assert_equal()` in a test. Programs that run no session and leave no
        variable, checkpoint or summary are not equal: nothing was compared.
    """
    before = Program(before) if isinstance(before, str) else before
    after = Program(after) if isinstance(after, str) else after
    report = Report(before.name, after.name)
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        try:
            recorded = Path(before.target, "record.json").is_file()
            place = Path(before.target) if recorded else scratch / "before" / "record"
            if recorded:
                original = ProgramRecord.load(before.target)
            else:
                original = record_original(before, scratch, tf1_python, timeout)
            report.reference = reference(original)
            if original.error and not original.runs:
                report.failures.append(_failure("before", original))
                return report
            migrated = record_migrated(after, place, scratch, legacy_keras, timeout)
            if not recorded:
                settle_noise(original, migrated, before, scratch, tf1_python, timeout)
            add_program(report, original, migrated)
        except (SideError, RecordError) as error:
            report.failures.append(Failure("could not run", str(error)))
    return report


def add_program(report: Report, original: ProgramRecord, migrated: ProgramRecord) -> None:
    """Compare two records; a side that failed where the other did not is a failure."""
    ends = [record.error["type"] if record.error else "" for record in (original, migrated)]
    if ends[0] != ends[1]:
        for side, record in (("before", original), ("after", migrated)):
            if record.error:
                report.failures.append(_failure(side, record))
    checks = compare_programs(original, migrated)
    report.checks["program"] = without_noise(checks) if UNMEASURED in original.meta else checks
    report.remarks += not_measured(original)
    report.compared = any(record.runs or record.arrays for record in (original, migrated))
    report.curves = curves(original, migrated)
    report.printed = (original.stdout, migrated.stdout)
    report.different_lines = different_lines(*report.printed)


def _failure(side: str, record: ProgramRecord) -> Failure:
    assert record.error is not None
    error = record.error
    message = f"{error['type']}: {error['message']}"
    advice = hint(message, reference(record), program=True, migrated=side == "after")
    return Failure(side, message, error["traceback"], advice)
