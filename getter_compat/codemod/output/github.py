"""Annotations, as GitHub Actions reads them from a job's output."""

from __future__ import annotations

from getter_compat.codemod.output import visible
from getter_compat.codemod.run import Run

_LEVELS = {"rewritten": "notice", "runs": "notice", "left": "warning"}
_TITLES = {
    "rewritten": "getter-compat would rewrite this",
    "runs": "getter-compat: runs as it is",
    "left": "getter-compat: left for a person",
}


def render(run: Run, verbose: bool = False) -> str:
    """One workflow command for each finding that needs somebody, and for each error."""
    lines = []
    for report in run.reports:
        for finding in report.findings:
            if not run.tells(finding, verbose):
                continue
            at = finding.place
            place = f"file={_property(report.path)},line={at.line},endLine={at.end_line}"
            if at.line == at.end_line:  # Columns are not to be given for several lines.
                place += f",col={at.column},endColumn={at.end_column}"
            title = _property(f"{_TITLES[finding.status]} ({finding.rule})")
            text = _message(f"{finding.message} ({finding.url})")
            lines.append(f"::{_LEVELS[finding.status]} title={title},{place}::{text}\n")
        for error in report.errors:
            place = f"file={_property(report.path)},line={error.line}"
            lines.append(f"::error title=getter-compat,{place}::{_message(error.message)}\n")
    return "".join(lines)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return visible(_message(text)).replace(":", "%3A").replace(",", "%2C")
