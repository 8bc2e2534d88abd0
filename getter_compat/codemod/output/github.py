"""Annotations, as GitHub Actions reads them from a job's output."""

from __future__ import annotations

from getter_compat.codemod.output import visible
from getter_compat.codemod.run import Run


def render(run: Run) -> str:
    """One workflow command for each finding and error."""
    lines = []
    for report in run.reports:
        for finding in report.findings:
            if finding.fixed and not run.dry:
                continue
            place = f"file={_property(report.path)},line={finding.line},col={finding.column}"
            title = _property(f"getter-compat ({finding.rule})")
            text = _message(f"{finding.message} ({finding.url})")
            lines.append(f"::warning title={title},{place}::{text}\n")
        if report.error:
            place = f"file={_property(report.path)},line={report.error.line}"
            lines.append(f"::error title=getter-compat,{place}::{_message(report.error.message)}\n")
    return "".join(lines)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return visible(_message(text)).replace(":", "%3A").replace(",", "%2C")
