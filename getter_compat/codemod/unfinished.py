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

# So many reasons are told of a program; the files that have them say all.
_REASONS = 5


def unfinished(
    programs: Mapping[Path, tuple[Path, ...]], reports: Mapping[Path, FileReport]
) -> Iterator[tuple[Path, list[Finding]]]:
    """What of its other files keeps a program from running, for the file that it starts with."""
    for path, others in programs.items():
        reasons = [why for file in others if file in reports for why in _reasons(reports[file])]
        report = reports.get(path)
        if not reasons or report is None or report.errors:
            continue
        if len(reasons) > _REASONS:
            reasons[_REASONS:] = [f"{len(reasons) - _REASONS} more of its files"]
        place = _start_of(path, report)
        message = "this program does not run yet: "
        rule = entry_point.rule.name
        yield path, [Finding(place, rule, f"{message}{why}", "left") for why in reasons]


def _reasons(report: FileReport) -> Iterator[str]:
    for trouble in report.errors[:1]:
        yield f"{report.path}:{trouble.line}: {trouble.message}"
        return
    left = [finding for finding in report.findings if finding.status == "left"]
    if left:
        sites = "1 site is" if len(left) == 1 else f"{len(left)} sites are"
        yield f"{report.path}:{left[0].line}: {sites} left for a person there"


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
