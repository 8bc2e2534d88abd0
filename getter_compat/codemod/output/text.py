"""Plain lines, for people and editors."""

from __future__ import annotations

from collections import Counter

from getter_compat.codemod.findings import STATUSES, Status
from getter_compat.codemod.output import visible
from getter_compat.codemod.run import Run

_MARKS = {"rewritten": "[*] ", "runs": "[runs] ", "left": ""}


def render(run: Run, verbose: bool = False) -> str:
    """One line for each finding and error.

    What was rewritten is told with `verbose`, or where nothing was written; what runs as it is,
    with `verbose`.
    """
    lines = []
    for report in run.reports:
        for finding in report.findings:
            if run.tells(finding, verbose):
                place = f"{report.path}:{finding.line}:{finding.column}"
                message = f"{_MARKS[finding.status]}{finding.message}"
                lines.append(f"{place}: {finding.rule} {message}")
        for error in report.errors:
            place = f"{report.path}:{error.line}" if report.is_file else report.path
            lines.append(f"{place}: error: {error.message}")
        lines += [f"{report.path}: note: {note}" for note in report.notes]
    return "".join(f"{visible(line)}\n" for line in lines)


def summary(run: Run) -> str:
    """What happened, by rule."""
    heads = {
        "rewritten": "would be rewritten" if run.dry else "rewritten",
        "runs": "runs as it is",
        "left": "left for a person",
    }
    counts = count_by_rule(run)
    rules = sorted({rule for counter in counts.values() for rule in counter})
    lines = []
    if rules:
        width = max(map(len, rules))
        widths = {status: max(len(head), 13) for status, head in heads.items()}
        lines.append(
            f"{'rule':<{width}}" + "".join(f"  {heads[it]:>{widths[it]}}" for it in STATUSES)
        )
        for rule in rules:
            numbers = (f"  {counts[it][rule]:>{widths[it]}}" for it in STATUSES)
            lines.append(f"{rule:<{width}}" + "".join(numbers))
    errors = len(list(run.errors))
    changed = sum(report.changed for report in run.reports)
    left = counts["left"].total()
    total = f"{count(run.looked_at, 'file')} looked at, {changed} {heads['rewritten']}"
    total += f", {count(left, 'site')} left for a person" if left else ""
    total += f", {count(errors, 'error')}" if errors else ""
    lines.append(total)
    return "".join(f"{line}\n" for line in lines)


def interruption(run: Run) -> str:
    """That a run was ended before it was over; nothing if it was not."""
    if not run.signal:
        return ""
    missed = count(run.missed, "file")
    return (
        f"interrupted: {missed} not looked at; every file is either as it was or rewritten whole\n"
    )


def notes(run: Run) -> str:
    """What of the files themselves was not kept, a line for each."""
    lines = (f"{report.path}: note: {note}" for report in run.reports for note in report.notes)
    return "".join(f"{visible(line)}\n" for line in lines)


def count_by_rule(run: Run) -> dict[Status, Counter[str]]:
    """How many findings of each rule came to what."""
    counts: dict[Status, Counter[str]] = {status: Counter() for status in STATUSES}
    for _, finding in run.findings:
        counts[finding.status][finding.rule] += 1
    return counts


def statistics(run: Run) -> str:
    """What is left for a person, by symbol, the most frequent first."""
    counts = Counter(
        (finding.symbol or finding.message, finding.rule)
        for _, finding in run.findings
        if finding.status == "left"
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = len(str(max(counts.values(), default=0)))
    return "".join(
        f"{visible(f'{number:>{width}}  {symbol}  ({rule})')}\n"
        for (symbol, rule), number in ordered
    )


def count(number: int, thing: str) -> str:
    """The number and the noun that goes with it."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
