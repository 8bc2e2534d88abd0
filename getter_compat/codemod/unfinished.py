"""Programs that do not run yet for what is in their other files: told where they start."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from getter_compat import replacing
from getter_compat.codemod import files
from getter_compat.codemod.findings import Finding, Place
from getter_compat.codemod.rules import entry_point

if TYPE_CHECKING:
    from getter_compat.codemod.run import FileReport

# So many files are named; each says itself what is left in it.
_FILES = 5


def unfinished(
    programs: Mapping[Path, tuple[Path, ...]], reports: Mapping[Path, FileReport]
) -> Iterator[tuple[Path, Finding]]:
    """What of its other files keeps a program from running, for the file that it starts with."""
    for path, others in programs.items():
        found = (_left_in(reports[file]) for file in others if file in reports)
        reasons = [why for why in found if why]
        report = reports.get(path)
        if not reasons or report is None or report.errors:
            continue
        if len(reasons) > _FILES:
            reasons[_FILES:] = [f"{len(reasons) - _FILES} more of its files"]
        message = f"this program does not run yet: {'; '.join(reasons)}"
        yield path, Finding(_start_of(path, report), entry_point.rule.name, message, "left")


def _left_in(report: FileReport) -> str:
    """Where a person has to look first in a file, and why; nothing if there is no need to."""
    for trouble in report.errors[:1]:
        # What to do about it is told there.
        return f"{report.path}:{trouble.line}: {trouble.message.partition('; ')[0]}"
    left = [finding for finding in report.findings if finding.status == "left"]
    return f"{report.path}:{left[0].line}: {len(left)} left for a person there" if left else ""


_GUARD = re.compile(rb"^if\b.*__name__.*$", re.MULTILINE)


def _start_of(path: Path, report: FileReport) -> Place:
    """Where a program starts in the file as it is on the disk: its guard, switch or first line."""
    with contextlib.suppress(files.FileError):
        data = replacing.read_bytes(path)
        guard = _GUARD.search(data)
        if guard is not None:
            line = data.count(b"\n", 0, guard.start()) + 1
            return Place(line, 1, line, len(guard[0].decode(errors="replace").rstrip()) + 1)
    rule = entry_point.rule.name
    switches = (finding.place for finding in report.findings if finding.rule == rule)
    return next(switches, Place(1, 1, 1, 1))
