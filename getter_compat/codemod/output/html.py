"""A report for a browser, in one HTML file that loads nothing: what is left, where, and why."""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from getter_compat.codemod.explaining import explanation
from getter_compat.codemod.findings import RULES_URL, Finding
from getter_compat.codemod.output import visible
from getter_compat.codemod.output.text import count
from getter_compat.codemod.rules import RULES
from getter_compat.codemod.run import FileReport, Run

if TYPE_CHECKING:
    from markupsafe import Markup

_NEWLINE = re.compile("\r\n|\r|\n")
_CONTEXT = 2

# Longer lines, of generated files, are compared as a whole.
_LONG = 2000


@dataclass(frozen=True)
class Line:
    """A line of source, and the part of it that is pointed at."""

    number: int
    before: str
    marked: str
    behind: str


@dataclass(frozen=True)
class Row:
    """A line of the old text beside one of the new; neither, where lines were left out."""

    kind: str
    old: Line | None = None
    new: Line | None = None

    @property
    def gap(self) -> bool:
        """Whether lines were left out here."""
        return self.old is None and self.new is None


@dataclass(frozen=True)
class Group:
    """The findings of a folder or a rule, counted."""

    name: str
    rewritten: int
    runs: int
    left: int
    summary: str = ""
    doc: str = ""
    url: str = ""


def render(run: Run, verbose: bool = True) -> str:
    """The report."""
    from jinja2 import Environment
    from markupsafe import Markup

    style, script = _part("report.css"), _part("report.js")
    environment = Environment(autoescape=True, keep_trailing_newline=True)
    environment.globals.update(visible=_visible, counted=count, bar=_bar)
    findings = list(run.findings)
    return environment.from_string(_part("report.html")).render(
        dry=run.dry,
        looked_at=run.looked_at,
        totals=_group("", [finding for _, finding in findings]),
        errors=list(run.errors),
        folders=_groups((str(PurePath(path).parent), item) for path, item in findings),
        rules=[_explained(group) for group in _groups((it.rule, it) for _, it in findings)],
        files=[_file(report, run.dry) for report in run.reports if report.findings],
        labels={
            "left": "left",
            "runs": "runs",
            "rewritten": "to rewrite" if run.dry else "rewritten",
        },
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _part(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """By which the page's policy lets this style or script be, and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _visible(text: str) -> str:
    return visible(text.replace("\t", "    "))


def _groups(named: Iterable[tuple[str, Finding]]) -> list[Group]:
    """The findings by name, those with the most left first."""
    found: dict[str, list[Finding]] = {}
    for name, finding in named:
        found.setdefault(name, []).append(finding)
    groups = (_group(name, items) for name, items in found.items())
    return sorted(groups, key=lambda group: (-group.left, group.name))


def _group(name: str, findings: list[Finding]) -> Group:
    counts = Counter(finding.status for finding in findings)
    return Group(name, counts["rewritten"], counts["runs"], counts["left"])


def _explained(group: Group) -> Group:
    rule = RULES[group.name]
    url = f"{RULES_URL}/{group.name}.md"
    counts = (group.rewritten, group.runs, group.left)
    return Group(group.name, *counts, rule.summary, explanation(rule), url)


def _bar(group: Group, name: str) -> Markup:
    """What is done, runs, and is left, side by side."""
    from markupsafe import Markup

    total = group.rewritten + group.runs + group.left
    told = f"{name}: {group.rewritten} rewritten, {group.runs} run, {group.left} left"
    parts, at = [], 0.0
    for kind, number in (("done", group.rewritten), ("runs", group.runs), ("left", group.left)):
        width = 100 * number / max(total, 1)
        parts.append(f'<rect class="{kind}" x="{at:.2f}" width="{width:.2f}" height="10"/>')
        at += width
    bar = Markup('<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img"')
    return (
        bar + Markup(' aria-label="{}">').format(_visible(told)) + Markup("".join(parts) + "</svg>")
    )


@dataclass(frozen=True)
class _Shown:
    """A finding with the lines of source around it."""

    line: int
    column: int
    rule: str
    message: str
    status: str
    url: str
    lines: list[Line]


@dataclass(frozen=True)
class _File:
    path: str
    findings: list[_Shown]
    rows: list[Row]


def _file(report: FileReport, dry: bool) -> _File:
    source = _NEWLINE.split(report.before if dry else report.after)
    shown = [
        _Shown(it.line, it.column, it.rule, it.message, it.status, it.url, _around(it, source))
        for it in report.findings
    ]
    rows = list(_rows(report.before, report.after)) if report.changed else []
    return _File(report.path, shown, rows)


def _around(finding: Finding, source: list[str]) -> list[Line]:
    """The lines of the finding, and one above and below."""
    at = finding.place
    if source == [""] or at.line > len(source):
        return []
    lines = []
    for number in range(max(at.line - 1, 1), min(at.line + 1, len(source)) + 1):
        text = source[number - 1]
        start, end = len(text), len(text)
        if number == at.line:
            start, end = at.column - 1, at.end_column - 1 if at.end_line == at.line else len(text)
        lines.append(Line(number, text[:start], text[start:end], text[end:]))
    return lines


def _rows(before: str, after: str) -> Iterator[Row]:
    """The old text beside the new, where they differ, with a little of what is around."""
    old, new = _NEWLINE.split(before), _NEWLINE.split(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        if number:
            yield Row("gap")
        for kind, first, last, new_first, new_last in group:
            yield from _beside(kind, old, (first, last), new, (new_first, new_last))


def _beside(
    kind: str, old: list[str], span: tuple[int, int], new: list[str], new_span: tuple[int, int]
) -> Iterator[Row]:
    for offset in range(max(span[1] - span[0], new_span[1] - new_span[0])):
        at, new_at = span[0] + offset, new_span[0] + offset
        left = old[at] if at < span[1] else None
        right = new[new_at] if new_at < new_span[1] else None
        if left is None or right is None:
            yield Row(
                "added" if left is None else "removed",
                None if left is None else Line(at + 1, left, "", ""),
                None if right is None else Line(new_at + 1, right, "", ""),
            )
        elif kind == "equal":
            yield Row("same", Line(at + 1, left, "", ""), Line(new_at + 1, right, "", ""))
        else:
            start, behind = _common(left, right)
            yield Row(
                "changed",
                _marked(at + 1, left, start, len(left) - behind),
                _marked(new_at + 1, right, start, len(right) - behind),
            )


def _common(left: str, right: str) -> tuple[int, int]:
    """How many characters two lines share at their beginnings and at their ends."""
    limit = min(len(left), len(right), _LONG)
    start = next((n for n in range(limit) if left[n] != right[n]), limit)
    rest = limit - start
    end = next((n for n in range(rest) if left[-1 - n] != right[-1 - n]), rest)
    return start, end


def _marked(number: int, text: str, start: int, end: int) -> Line:
    return Line(number, text[:start], text[start:end], text[end:])
