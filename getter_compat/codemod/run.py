"""A run over many files: what each one gave, and what that means for the exit status."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from getter_compat import replacing
from getter_compat.codemod import files, notebooks, pool, prefilter, python2
from getter_compat.codemod.discovery import Obstacle
from getter_compat.codemod.findings import Finding, Result, RewriteError, Trouble, went_wrong
from getter_compat.codemod.project import NOTHING, View
from getter_compat.codemod.project.index import index
from getter_compat.codemod.project.reading import Work
from getter_compat.codemod.rewrite import Options, rewrite
from getter_compat.codemod.rules import entry_point
from getter_compat.codemod.unfinished import unfinished

T = TypeVar("T")
R = TypeVar("R")

# Below this many files a second process costs more than it saves.
_WORTH_A_POOL = 24


@dataclass(frozen=True)
class FileReport:
    """What became of one file."""

    path: str
    findings: tuple[Finding, ...] = ()
    errors: tuple[Trouble, ...] = ()
    before: str = ""
    after: str = ""
    """The texts, kept only where a diff or a report was asked for."""
    changed: bool = False
    notes: tuple[str, ...] = ()
    """What of the file itself could not be kept, such as an extended attribute."""
    is_file: bool = True
    """Whether it was looked at, and not only come across."""


@dataclass
class Run:
    """What became of all files."""

    reports: list[FileReport] = field(default_factory=list)
    dry: bool = False
    """Whether nothing was written."""
    signal: int = 0
    """The signal that ended the run before all files were looked at."""
    missed: int = 0
    """How many files were not looked at for that."""

    @property
    def looked_at(self) -> int:
        """How many files were looked at."""
        return sum(report.is_file for report in self.reports)

    @property
    def findings(self) -> Iterator[tuple[str, Finding]]:
        """Every finding with the path of its file."""
        return ((report.path, item) for report in self.reports for item in report.findings)

    @property
    def errors(self) -> Iterator[tuple[str, Trouble]]:
        """Every error with the path of its file."""
        return ((report.path, item) for report in self.reports for item in report.errors)

    def tells(self, finding: Finding, verbose: bool) -> bool:
        """Whether somebody who asked for no more is told: what is left, or is yet to be written."""
        return verbose or finding.status == "left" or (finding.status == "rewritten" and self.dry)

    @property
    def exit_status(self) -> int:
        """0 nothing left, 1 something to rewrite or left for a person, 2 an error.

        As shells count, 128 and its number for a signal.
        """
        if self.signal:
            return 128 + self.signal
        if any(self.errors):
            return 2
        done = {"runs"} if self.dry else {"runs", "rewritten"}
        return int(any(finding.status not in done for _, finding in self.findings))


def _is_notebook(name: str) -> bool:
    return name.endswith(notebooks.SUFFIX)


def process_text(
    source: files.Source, options: Options, name: str, project: View = NOTHING
) -> Result:
    """Rewrite the text of a Python file or, if its name says so, of a notebook."""
    rewriting = notebooks.rewrite if _is_notebook(name) else rewrite
    try:
        return rewriting(source.text, options, project)
    except RewriteError:
        raise
    except Exception as error:
        raise went_wrong("the codemod", error) from error


def _may_concern(path: Path, data: bytes, options: Options) -> bool:
    """Whether the file has to be parsed; that it does not parse matters only then."""
    concerns = prefilter.mentions if _is_notebook(path.name) else prefilter.may_concern
    return concerns(data, options)


def process_file(
    path: Path, options: Options, write: bool, keep_texts: bool, project: View = NOTHING
) -> FileReport:
    """Rewrite one file; whatever goes wrong is in the report."""
    name = _shown(path)
    try:
        data = replacing.read_bytes(path)
        if not (project.concerns or _may_concern(path, data, options)):
            return FileReport(name)
        source = files.decode(data)
        result = process_text(source, options, path.name, project)
        changed = result.source != source.text
        notes: tuple[str, ...] = ()
        if changed and write:
            notes = replacing.replace(path, data, source.encoded(result.source))
        # In places of the file as it is on the disk when this run is over.
        findings = result.after if write else result.findings
        troubles = result.troubles_after if write else result.troubles
        if keep_texts:
            texts = source.text, result.source
            return FileReport(name, findings, troubles, *texts, changed, notes)
        return FileReport(name, findings, troubles, changed=changed, notes=notes)
    except files.FileError as error:
        return FileReport(name, errors=(Trouble(1, str(error)),))
    except RewriteError as error:
        message = error.message + python2.advice(error.message, name)
        return FileReport(name, errors=(Trouble(error.line, message),))
    except Exception as error:  # Whatever it is, it is told, and the rest goes on.
        return FileReport(name, errors=(Trouble(1, went_wrong("the codemod", error).message),))


def _shown(path: Path) -> str:
    """The path as a text that can be written: on Linux a name may hold bytes that are none."""
    return str(path).encode(errors="replace").decode()


@dataclass(frozen=True)
class Job:
    """One file's work, in a form that a process can be handed."""

    options: Options
    write: bool
    keep_texts: bool
    own: Mapping[Path, Options] = field(default_factory=dict)
    """The options of files that have others, those of a project of their own."""

    def __call__(self, item: tuple[Path, View]) -> FileReport:
        """Process the file, which the project is seen from."""
        path, project = item
        options = self.own.get(path, self.options)
        return process_file(path, options, self.write, self.keep_texts, project)


def run(
    found: Iterable[Path | Obstacle],
    job: Job,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    alone: Iterable[Path] = (),
) -> Run:
    """Process the files, in several processes where that pays; reports keep the files' order.

    `alone` are those that were named themselves: what is beside them is read, and not written.
    A signal that asks for the end is heeded between two files, and `Run.signal` is its number.
    """
    todo: list[Path] = []
    told: list[FileReport] = []
    for item in found:
        if isinstance(item, Obstacle):
            told.append(_obstacle(item))
        else:
            todo.append(item)
    told += _swept(todo) if job.write else []
    workers = min(jobs or _processors(), max(1, len(todo) // _WORTH_A_POOL))
    pool.collect_seldom()
    reports: dict[int, FileReport] = {}
    with _between_files() as signals:
        stopping = lambda: bool(signals)  # noqa: E731
        work = sharing(workers, stopping)
        known = index(todo, work, alone, job.options.tf_aliases, job.options.target)
        items = [(path, known.views[path]) for path in todo]
        results = _in_turn if workers == 1 else _pooled
        for number, report in results(items, job, workers, stopping):
            reports[number] = report
            progress(len(reports), len(todo))
    if entry_point.rule.name in job.options.rules:
        numbers = {todo[number]: number for number in reports}
        by_path = {path: reports[number] for path, number in numbers.items()}
        for path, why in unfinished(known.programs, by_path):
            report = by_path[path]
            findings = tuple(sorted([*report.findings, why]))
            reports[numbers[path]] = replace(report, findings=findings)
    told += [reports[number] for number in sorted(reports)]
    return Run(told, not job.write, next(iter(signals), 0), len(todo) - len(reports))


def _obstacle(item: Obstacle) -> FileReport:
    name = _shown(item.path)
    if item.is_error:
        return FileReport(name, errors=(Trouble(1, item.message),), is_file=False)
    return FileReport(name, notes=(item.message,), is_file=False)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _swept(paths: list[Path]) -> Iterator[FileReport]:
    """Remove what killed runs left beside the files, and tell what is not ours to remove."""
    for folder in dict.fromkeys(path.parent for path in paths):
        for path, message in replacing.sweep(folder):
            yield FileReport(_shown(path), errors=(Trouble(1, message),), is_file=False)


@contextlib.contextmanager
def _between_files() -> Iterator[list[int]]:
    """The signals that came and ask for the end; after a second one it is not waited for."""
    came: list[int] = []

    def note(number: int, _: object) -> None:
        if came:
            raise KeyboardInterrupt
        came.append(number)

    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                before[number] = signal.signal(number, note)
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_Items = list[tuple[Path, View]]
_Reports = Iterator[tuple[int, FileReport]]


def sharing(workers: int, stopping: Callable[[], bool]) -> Work:
    """The way in which the index has its work done: in the processes that there are."""

    def work(function: Callable[[T], R], items: Sequence[T]) -> list[R | None]:
        if workers == 1 or len(items) < _WORTH_A_POOL:
            return [None if stopping() else function(item) for item in items]
        found: list[R | None] = [None] * len(items)
        for number, outcome in pool.outcomes(function, items, workers, stopping):
            found[number] = None if isinstance(outcome, pool.Died) else outcome
        return found

    return work


def _in_turn(items: _Items, job: Job, _: int, stopping: Callable[[], bool]) -> _Reports:
    for number, item in enumerate(items):
        if stopping():
            return
        yield number, job(item)


def _pooled(items: _Items, job: Job, workers: int, stopping: Callable[[], bool]) -> _Reports:
    before = [_seen(path) for path, _ in items] if job.write else []
    for number, outcome in pool.outcomes(job, items, workers, stopping):
        if not isinstance(outcome, pool.Died):
            yield number, outcome
            continue
        path, _ = items[number]
        message = f"the process that worked at it died ({outcome.how})"
        if job.write and _seen(path) != before[number]:
            message += " after it was rewritten whole: run again to see what is left in it"
        else:
            message += ", and it is as it was: run again with --jobs 1 to see why"
        yield number, FileReport(_shown(path), errors=(Trouble(1, message),))


def _seen(path: Path) -> tuple[int, int] | None:
    """What is another after a file was replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
