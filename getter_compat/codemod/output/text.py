"""Plain lines, for people and editors."""

from __future__ import annotations

from collections import Counter

from getter_compat.codemod.output import visible
from getter_compat.codemod.run import Run


def render(run: Run, verbose: bool = False) -> str:
    """One line for each finding and error.

    What was rewritten is told with `verbose`, or where nothing was written.
    """
    lines = []
    for report in run.reports:
        for finding in report.findings:
            if finding.fixed and not (verbose or run.dry):
                continue
            place = f"{report.path}:{finding.line}:{finding.column}"
            mark = "[*] " if finding.fixed else ""
            lines.append(f"{place}: {finding.rule} {mark}{finding.message}")
        if report.error:
            place = f"{report.path}:{report.error.line}" if report.is_file else report.path
            lines.append(f"{place}: error: {report.error.message}")
        lines += [f"{report.path}: note: {note}" for note in report.notes]
    return "".join(f"{visible(line)}\n" for line in lines)


def summary(run: Run) -> str:
    """What happened, by rule."""
    fixed = Counter(finding.rule for _, finding in run.findings if finding.fixed)
    left = Counter(finding.rule for _, finding in run.findings if not finding.fixed)
    errors = sum(report.error is not None for report in run.reports)
    changed = sum(report.changed for report in run.reports)
    done = "would be rewritten" if run.dry else "rewritten"
    lines = []
    if fixed or left:
        width = max(len(rule) for rule in fixed | left)
        lines.append(f"{'rule':<{width}}  {done:>18}  left for a person")
        for rule in sorted(fixed | left):
            lines.append(f"{rule:<{width}}  {fixed[rule]:>18}  {left[rule]:>17}")
    total = f"{_count(run.looked_at, 'file')} looked at, {changed} {done}"
    total += f", {_count(sum(left.values()), 'site')} left for a person" if left else ""
    total += f", {_count(errors, 'error')}" if errors else ""
    lines.append(total)
    if run.signal:
        lines.append(
            f"interrupted: {_count(run.missed, 'file')} not looked at; every file is either as it"
            " was or rewritten whole"
        )
    return "".join(f"{line}\n" for line in lines)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
