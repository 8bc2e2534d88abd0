r"""Notebooks: the code cells are rewritten, and every other byte of the JSON stays.

    result = rewrite('{"cells": [...], ...}')

The cells of a notebook share their names, so they are rewritten as one text, with a comment after
each to part them again. Magics and shell lines stand aside meanwhile.

A finding's line and column are those of the file, as for any other file: what reads SARIF or
annotates a diff knows no cells. For people its message begins as ruff calls the place in a
notebook: `cell 3:2:5`, the second line of the third cell.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from getter_compat.codemod import ipython
from getter_compat.codemod import rewrite as modules
from getter_compat.codemod.findings import Finding, Place, Result, RewriteError, Trouble
from getter_compat.codemod.project import NOTHING, View

SUFFIX = ".ipynb"

# The rule that takes out `tf.disable_v2_behavior()`, which these lines are like.
_VERSION_RULE = "v2_behavior"

_SPACE = re.compile(r"[ \t\r\n]*")

# What stands for one character in a JSON string; one beyond U+FFFF may be two escapes.
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|."
)

_ASKS_FOR_TF1 = re.compile(
    r"\s*(?:%tensorflow_version\s+1|[!%]\s*pip3?\s+install\b.*\btensorflow(?:[-_]gpu)?\s*==\s*1\.)"
)


@dataclass(frozen=True)
class _String:
    """A string of the JSON text: where it stands, and what it says."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, eq=False)
class _Cell:
    """A code cell: its number among all cells, and the strings that make up its source."""

    number: int
    start: int
    end: int
    strings: tuple[_String, ...]
    is_list: bool

    @property
    def source(self) -> str:
        """The code."""
        return "".join(string.value for string in self.strings)

    def offset_of(self, text: str, line: int, column: int) -> int:
        """Where a character of the source, given by its line and column, is in the JSON text."""
        starts = [0, *(match.end() for match in ipython.NEWLINE.finditer(self.source))]
        rest = starts[line - 1] + column - 1
        for string in self.strings:
            if rest < len(string.value):
                found = _CHARACTER.finditer(text, string.start + 1)
                return next(islice(found, rest, None)).start()
            rest -= len(string.value)
        return self.strings[-1].end - 1 if self.strings else self.start


def rewrite(text: str, options: modules.Options | None = None, project: View = NOTHING) -> Result:
    """Rewrite the code cells of a notebook; one that cannot be is an error, and stays as it is."""
    wrong: _Wrong = {}
    while True:
        before = _Notebook(text, wrong)
        joined = before.joined
        try:
            result = modules.rewrite(joined.source, options, project)
            break
        except RewriteError as error:
            cell, row = joined.locate(error.line)
            if cell.number in joined.wrong:
                _, line, _ = before.locate(error.line)
                raise RewriteError(f"cell {cell.number}:{row}: {error.message}", line) from None
            wrong[cell.number] = Trouble(row, error.message)
    if result.source != joined.source:
        text = _with_sources(text, joined.parted(result.source))
    after = _Notebook(text, wrong)
    return Result(
        text,
        before.located([*result.findings, *before.joined.asks_for_tf1(options)])
        + before.written(options),
        after.located([*result.after, *after.joined.asks_for_tf1(options)])
        + after.written(options),
        before.troubles(),
        after.troubles(),
    )


def source_of(text: str) -> str:
    """The Python of a notebook as one source text."""
    return _Notebook(text, {}).joined.source


_Wrong = dict[int, Trouble]
"""By the numbers of cells that cannot be rewritten: why, and in which line of the cell."""


class _Notebook:
    """The text of a notebook, its cells as one source text, and the way back into the file."""

    def __init__(self, text: str, wrong: _Wrong) -> None:
        self.text = text
        self._cells = _code_cells(text)
        cells = [cell for cell in self._cells if ipython.is_python(cell.source)]
        self.joined = _Joined(cells, wrong)
        self._newlines = [match.end() for match in re.finditer("\n", text)]

    def locate(self, line: int, column: int = 1) -> tuple[str, int, int]:
        """The place in its cell, as it is shown; the line and column in the file."""
        cell, row = self.joined.locate(line)
        return self._in_file(cell, row, column + self.joined.shift(line))

    def _in_file(self, cell: _Cell, row: int, column: int) -> tuple[str, int, int]:
        offset = cell.offset_of(self.text, row, column)
        above = bisect_right(self._newlines, offset)
        start = self._newlines[above - 1] if above else 0
        return f"cell {cell.number}:{row}:{column}", above + 1, offset - start + 1

    def located(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings in the joined cells, in their places in the file."""
        # Those in a cell that cannot be rewritten are about what stands in for it.
        ours = (it for it in findings if not self._is_wrong(it.line))
        return tuple(sorted(map(self._located, ours)))

    def written(self, options: modules.Options | None) -> tuple[Finding, ...]:
        """The cells that write a file of TF1 code, `%%writefile ops.py`; they stay as they are."""
        found = []
        for cell in self._cells:
            name, source = ipython.written_file(cell.source) or ("", "")
            rule = _rule_for(source, options) if source else None
            if rule is not None:
                shown, line, column = self._in_file(cell, 1, 1)
                said = f"{shown}: writes TF1 code into {name}: rewrite it as the other cells were"
                found.append(Finding(Place(line, column, line, column + 1), rule, said, "left"))
        return tuple(found)

    def _is_wrong(self, line: int) -> bool:
        return self.joined.locate(line)[0].number in self.joined.wrong

    def _located(self, finding: Finding) -> Finding:
        at = finding.place
        shown, line, column = self.locate(at.line, at.column)
        _, end_line, end_column = self.locate(at.end_line, at.end_column)
        message = f"{shown}: {finding.message}"
        return replace(finding, place=Place(line, column, end_line, end_column), message=message)

    def troubles(self) -> tuple[Trouble, ...]:
        """The cells that cannot be rewritten, with their lines in the file."""
        found = []
        for cell in self.joined.cells:
            trouble = self.joined.wrong.get(cell.number)
            if trouble is not None:
                _, line, _ = self._in_file(cell, trouble.line, 1)
                place = f"cell {cell.number}:{trouble.line}"
                found.append(Trouble(line, f"{place}: {trouble.message}"))
        return tuple(found)


def _rule_for(source: str, options: modules.Options | None) -> str | None:
    """The first rule that has something to do in a text, or to leave, and more than an import."""
    try:
        findings = modules.rewrite(source, options).findings
    except RewriteError:
        return None
    rules = [found.rule for found in findings if found.status != "runs"]
    return max(rules, key=lambda rule: rule != "imports", default=None)


class _Joined:
    """The cells as one source text, and the way back."""

    def __init__(self, cells: list[_Cell], wrong: _Wrong) -> None:
        self.cells = cells
        self.wrong = dict(wrong)
        self.indents = {cell: ipython.indent_of(cell.source) for cell in cells}
        self.word = "getter_compat"
        while any(f"# {self.word} " in cell.source for cell in cells):
            self.word += "_"
        self.magics: dict[str, str] = {}
        self.prefixes: dict[str, str] = {}
        self.lines: list[tuple[_Cell, int]] = []
        self._shifts: list[int] = []
        # The lines between the cells end as theirs do: new lines are to end so, too.
        ends = (match for cell in cells if (match := ipython.NEWLINE.search(cell.source)))
        self.newline = next((match.group() for match in ends), "\n")
        parts = []
        for cell in cells:
            masked = self._masked(cell)
            count = len(ipython.NEWLINE.findall(masked)) + 1
            self.lines += [(cell, line) for line in (*range(1, count + 1), count)]
            self._shifts += [self._cut(cell, line) for line in ipython.NEWLINE.split(masked)] + [0]
            parts.append(f"{masked}{self.newline}{self._end(cell)}{self.newline}")
        self.source = "".join(parts)

    def locate(self, line: int) -> tuple[_Cell, int]:
        """The cell of a line of the whole, and the line in the cell."""
        if not self.lines:
            raise RewriteError("holds no code cell")
        return self.lines[min(line, len(self.lines)) - 1]

    def shift(self, line: int) -> int:
        """How much further to the right a line of the whole begins in its cell."""
        return self._shifts[min(line, len(self._shifts)) - 1]

    def _cut(self, cell: _Cell, line: str) -> int:
        """How many characters of a line of the cell are not in the whole."""
        mark = re.search(rf"# {self.word} magic \d+$", line)
        return len(self.indents[cell]) + len(self.prefixes.get(mark.group(), "") if mark else "")

    def asks_for_tf1(self, options: modules.Options | None) -> Iterator[Finding]:
        """The lines of IPython's own that install or choose TensorFlow 1."""
        if options is not None and _VERSION_RULE not in options.rules:
            return
        for number, line in enumerate(ipython.NEWLINE.split(self.source), 1):
            mark = re.search(rf"# {self.word} magic \d+$", line)
            if mark is not None and _ASKS_FOR_TF1.match(self.magics[mark.group()]):
                place = Place(number, 1, number, len(line) + 1)
                yield Finding(place, _VERSION_RULE, "asks for TensorFlow 1", "left")

    def parted(self, source: str) -> dict[_Cell, str]:
        """The cells' new sources, out of the rewritten whole."""
        sources = {}
        newline = self.newline
        for cell in self.cells:
            end = re.search(rf"(?:\A|{newline}){re.escape(self._end(cell))}{newline}", source)
            if end is None:
                raise RewriteError("the rewrite lost the border between two cells")
            if cell.number not in self.wrong:
                part = self._unmasked(source[: end.start()])
                sources[cell] = ipython.with_indent(part, self.indents[cell])
            source = source[end.end() :]
        return sources

    def _end(self, cell: _Cell) -> str:
        return f"# {self.word} end of cell {cell.number}"

    def _masked(self, cell: _Cell) -> str:
        """The source with a stand-in for each line that is IPython's."""
        if cell.number in self.wrong:
            return self._unread(cell)
        source = ipython.without_indent(cell.source, self.indents[cell])
        if ipython.parses(source):
            return source
        lines = ipython.logical_lines(source)
        masked = "".join(self._stand_in(line) if is_magic else line for line, is_magic in lines)
        try:
            modules.parse(masked)
        except RewriteError as error:
            self.wrong[cell.number] = Trouble(error.line, error.message)
            return self._unread(cell)
        return masked

    def _unread(self, cell: _Cell) -> str:
        """What stands in for a cell that cannot be rewritten: all that it may use is used."""
        return "; ".join(f"{name}.{self.word}" for name in ipython.names_in(cell.source))

    def _stand_in(self, line: str) -> str:
        body = line.rstrip("\r\n")
        mark = f"# {self.word} magic {len(self.magics)}"
        self.magics[mark] = body
        indent = body[: len(body) - len(body.lstrip())]
        masked = ipython.mask(body.strip())
        if masked.prefix is not None:
            self.prefixes[mark] = masked.prefix
        # As many lines as before, so that findings stay where they are.
        more = "".join(ipython.NEWLINE.findall(body))
        return f"{indent}{masked.stand_in}  {mark}{more}{line[len(body) :]}"

    def _unmasked(self, part: str) -> str:
        if not self.magics:
            return part
        pattern = re.compile(rf"([ \t]*)(.*)  (# {self.word} magic \d+)(?!\d)")
        lines, skipped = [], 0
        for line in ipython.LINES.findall(part):
            if skipped:
                skipped -= 1
                if not skipped:
                    lines.append(line)  # how the last of several lines ends
                continue
            match = pattern.match(line)
            if match is None:
                lines.append(line)
                continue
            indent, python, mark = match.groups()
            body = self.magics[mark]
            skipped = len(ipython.NEWLINE.findall(body))
            if mark in self.prefixes:
                body = f"{indent}{self.prefixes[mark]}{python}"
            lines.append(body if skipped else body + line[match.end() :])
        return "".join(lines)


# The JSON text.


def _code_cells(text: str) -> list[_Cell]:
    """The code cells with their positions; none for a notebook in another language."""
    start = _after_space(text, 0)
    try:
        notebook = json.loads(text)
        if not isinstance(notebook, dict) or "cells" not in notebook:
            raise RewriteError("is no notebook of format 4, which Jupyter can convert it to")
        if not _is_python(notebook):
            return []
        at, _ = dict(_members(text, start))["cells"]
        if text[at] != "[":
            line = text.count("\n", 0, at) + 1
            raise RewriteError("its cells are no list, so it is no notebook of format 4", line)
        return [
            cell
            for number, (start, _) in enumerate(_items(text, at), 1)
            if (cell := _code_cell(text, start, number))
        ]
    except json.JSONDecodeError as error:
        raise RewriteError(f"is no JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise RewriteError("nested too deeply to be read") from None


def _is_python(notebook: dict[str, Any]) -> bool:
    metadata = notebook.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for holder, key in (("language_info", "name"), ("kernelspec", "language")):
        found = metadata.get(holder)
        language = found.get(key) if isinstance(found, dict) else None
        if isinstance(language, str):
            return language.lower() in ("python", "ipython")
    return True


def _code_cell(text: str, start: int, number: int) -> _Cell | None:
    if text[start] != "{":
        return None
    members = dict(_members(text, start))
    if "source" not in members or "cell_type" not in members:
        return None
    kind_start, kind_end = members["cell_type"]
    if json.loads(text[kind_start:kind_end]) != "code":
        return None
    at, end = members["source"]
    spans = list(_items(text, at)) if text[at] == "[" else [(at, end)]
    values = [json.loads(text[first:last]) for first, last in spans]
    if not all(isinstance(value, str) for value in values):
        return None
    strings = (_String(*span, value) for span, value in zip(spans, values, strict=True))
    return _Cell(number, at, end, tuple(strings), text[at] == "[")


_DECODER = json.JSONDecoder()


def _after_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def _members(text: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The keys of the object at the offset, each with where its value stands."""
    at = _after_space(text, at + 1)
    while text[at] != "}":
        key, at = _DECODER.raw_decode(text, at)
        start = _after_space(text, _after_space(text, at) + 1)
        _, at = _DECODER.raw_decode(text, start)
        yield key, (start, at)
        at = _after_comma(text, at)


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where the items of the array at the offset stand."""
    at = _after_space(text, at + 1)
    while text[at] != "]":
        start = at
        _, at = _DECODER.raw_decode(text, start)
        yield start, at
        at = _after_comma(text, at)


def _after_comma(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _with_sources(text: str, sources: dict[_Cell, str]) -> str:
    """The JSON text with other sources in its cells."""
    pieces, at = [], 0
    for cell, source in sources.items():
        if source != cell.source:
            pieces += [text[at : cell.start], _written(text, cell, source)]
            at = cell.end
    return "".join([*pieces, text[at:]])


def _written(text: str, cell: _Cell, source: str) -> str:
    """The cell's source as JSON, spaced as before; a line that stayed is written as it was."""
    as_before = {string.value: text[string.start : string.end] for string in cell.strings}
    ascii_only = text.isascii()

    def quoted(line: str) -> str:
        return as_before.get(line) or json.dumps(line, ensure_ascii=ascii_only)

    if not cell.is_list:
        return quoted(source)
    lines = [quoted(line) for line in ipython.LINES.findall(source)]
    if not lines:
        return "[]"
    first, last = cell.strings[0], cell.strings[-1]
    opening, closing = text[cell.start : first.start], text[last.end : cell.end]
    between = f",{opening[1:]}"
    if len(cell.strings) > 1:
        between = text[first.end : cell.strings[1].start]
    return opening + between.join(lines) + closing
