"""Whole projects, before and after a run of the codemod, and programs that are run."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from getter_compat.codemod.findings import Finding
from getter_compat.codemod.rewrite import Options
from getter_compat.codemod.run import Job, run
from tests.forking import python

Rewritten = dict[str, tuple[str, tuple[Finding, ...]]]


def rewritten(
    folder: Path, before: dict[str, str], alone: str | None = None, target: str = "graph"
) -> Rewritten:
    """The files of a project after a run over all of them, or over one that is named alone."""
    for name, text in before.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    paths = [folder / name for name in before]
    job = Job(Options(target=target), write=True, keep_texts=False)
    named = [folder / alone] if alone is not None else []
    result = run(named or paths, job, jobs=1, alone=named)
    assert not list(result.errors), list(result.errors)
    again = run(named or paths, job, jobs=1, alone=named)
    changed = [report.path for report in again.reports if report.changed]
    assert not changed, changed
    found = {report.path: report.findings for report in result.reports}
    return {
        name: ((folder / name).read_text(), found.get(str(folder / name), ())) for name in before
    }


def check_run(
    folder: Path, before: dict[str, str], expected: str, *, main: str = "main.py", **keras: str
) -> Rewritten:
    """The files are rewritten by one command, and then the program prints what it has to."""
    result = rewritten(folder, before)
    done = python(main, folder=folder, **keras)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == dedent(expected), done.stdout + done.stderr[-2000:]
    return result
