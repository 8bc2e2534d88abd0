"""A run over many files: what each one gave, and what that means for the exit status."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

from getter_compat import replacing
from getter_compat.codemod import files, notebooks, prefilter
from getter_compat.codemod.findings import Finding, RewriteError, went_wrong
from getter_compat.codemod.rewrite import Options, rewrite

# Below this many files a second process costs more than it saves.
_WORTH_A_POOL = 24


@dataclass(frozen=True)
class FileError:
    """Why a file was left alone."""

    line: int
    message: str


@dataclass(frozen=True)
class FileReport:
    """What became of one file."""

    path: str
    findings: tuple[Finding, ...] = ()
    error: FileError | None = None
    before: str = ""
    after: str = ""
    """The texts, kept only where they differ and a diff was asked for."""
    changed: bool = False


@dataclass
class Run:
    """What became of all files."""

    reports: list[FileReport] = field(default_factory=list)
    dry: bool = False
    """Whether nothing was written."""

    @property
    def findings(self) -> Iterator[tuple[str, Finding]]:
        """Every finding with the path of its file."""
        return ((report.path, item) for report in self.reports for item in report.findings)

    @property
    def exit_status(self) -> int:
        """0 nothing left, 1 something to rewrite or left for a person, 2 an error."""
        if any(report.error for report in self.reports):
            return 2
        return int(any(self.dry or not finding.fixed for _, finding in self.findings))


def _is_notebook(name: str) -> bool:
    return name.endswith(notebooks.SUFFIX)


def process_text(
    source: files.Source, options: Options, name: str
) -> tuple[str, tuple[Finding, ...]]:
    """Rewrite the text of a Python file or, if its name says so, of a notebook."""
    try:
        result = (notebooks.rewrite if _is_notebook(name) else rewrite)(source.text, options)
    except RewriteError:
        raise
    except Exception as error:
        raise went_wrong("the codemod", error) from error
    return result.source, result.findings


def _may_concern(path: Path, data: bytes, options: Options) -> bool:
    """Whether the file has to be parsed; that it does not parse matters only then."""
    concerns = prefilter.mentions if _is_notebook(path.name) else prefilter.may_concern
    return concerns(data, options)


def process_file(path: Path, options: Options, write: bool, keep_texts: bool) -> FileReport:
    """Rewrite one file; whatever goes wrong is in the report."""
    name = _shown(path)
    try:
        data = replacing.read_bytes(path)
        if not _may_concern(path, data, options):
            return FileReport(name)
        source = files.decode(data)
        text, findings = process_text(source, options, path.name)
        changed = text != source.text
        if changed and write:
            replacing.replace(path, data, source.encoded(text))
        if changed and keep_texts:
            return FileReport(name, findings, None, source.text, text, True)
        return FileReport(name, findings, changed=changed)
    except files.FileError as error:
        return FileReport(name, error=FileError(1, str(error)))
    except RewriteError as error:
        return FileReport(name, error=FileError(error.line, error.message))


def _shown(path: Path) -> str:
    """The path as a text that can be written: on Linux a name may hold bytes that are none."""
    return str(path).encode(errors="replace").decode()


@dataclass(frozen=True)
class Job:
    """One file's work, in a form that a process can be handed."""

    options: Options
    write: bool
    keep_texts: bool

    def __call__(self, path: Path) -> FileReport:
        """Process the file."""
        return process_file(path, self.options, self.write, self.keep_texts)


def run(
    paths: Iterable[Path],
    job: Job,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Run:
    """Process the files, in several processes where that pays; reports keep the files' order."""
    todo = list(paths)
    workers = min(jobs or _processors(), max(1, len(todo) // _WORTH_A_POOL))
    result = Run(dry=not job.write)
    _collect_seldom()
    reports = map(job, todo) if workers == 1 else _pooled(todo, job, workers)
    for done, report in enumerate(reports, 1):
        result.reports.append(report)
        progress(done, len(todo))
    return result


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start_worker() -> None:
    """Leave an interrupt to the main process: it ends the run between two files."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _collect_seldom()


def _collect_seldom() -> None:
    """Syntax trees are large and die as one: looking through them for garbage is in vain."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _pooled(paths: list[Path], job: Job, workers: int) -> Iterator[FileReport]:
    from concurrent.futures import ProcessPoolExecutor

    chunk = max(1, min(16, len(paths) // (workers * 4)))
    done = 0
    with ProcessPoolExecutor(workers, initializer=_start_worker) as pool:
        try:
            for report in pool.map(job, paths, chunksize=chunk):
                done += 1
                yield report
        except BrokenProcessPool:
            message = "a worker process died; run again with --jobs 1 to see at which file"
            for path in paths[done:]:
                yield FileReport(_shown(path), error=FileError(1, message))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
