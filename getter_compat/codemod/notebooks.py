r"""Notebooks: the code cells are rewritten, and every other byte of the JSON stays.

    result = rewrite('{"cells": [...], ...}')

The cells of a notebook share their names, so they are rewritten as one text, with a comment after
each to part them again. Magics and shell lines stand aside meanwhile.

A finding's line and column are those of the file, as for any other file: what reads SARIF or
annotates a diff knows no cells. For people its message begins as ruff calls the place in a
notebook: `cell 3:2:5`, the second line of the third cell.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from getter_compat.codemod import rewrite as modules
from getter_compat.codemod.findings import Finding, Place, Result, RewriteError
from getter_compat.codemod.project import NOTHING, View

SUFFIX = ".ipynb"

# The rule that takes out `tf.disable_v2_behavior()`, which these lines are like.
_VERSION_RULE = "v2_behavior"

_NEWLINE = re.compile(r"\r\n|\r|\n")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_SPACE = re.compile(r"[ \t\r\n]*")

# What stands for one character in a JSON string; one beyond U+FFFF may be two escapes.
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|."
)

# Lines of IPython's own: magics, shell commands, help, and either's output given a name.
_MAGIC = re.compile(r"\s*(?:[%!?]|[^#'\"\s].*\?\s*$)")
_ASSIGNED_MAGIC = re.compile(r"\s*(?P<names>[\w, ]+?)\s*=\s*[%!]")
_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_ASKS_FOR_TF1 = re.compile(
    r"\s*(?:%tensorflow_version\s+1|[!%]\s*pip3?\s+install\b.*\btensorflow(?:[-_]gpu)?\s*==\s*1\.)"
)
_PYTHON_CELL_MAGICS = frozenset({"capture", "prun", "python", "python3", "time", "timeit"})


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

    @property
    def is_python(self) -> bool:
        """Whether this is no cell in a language of its own, such as `%%bash`."""
        magic = _CELL_MAGIC.match(self.source)
        return magic is None or magic[1] in _PYTHON_CELL_MAGICS

    def offset_of(self, text: str, line: int, column: int) -> int:
        """Where a character of the source, given by its line and column, is in the JSON text."""
        starts = [0, *(match.end() for match in _NEWLINE.finditer(self.source))]
        rest = starts[line - 1] + column - 1
        for string in self.strings:
            if rest < len(string.value):
                found = _CHARACTER.finditer(text, string.start + 1)
                return next(islice(found, rest, None)).start()
            rest -= len(string.value)
        return self.strings[-1].end - 1 if self.strings else self.start


def rewrite(text: str, options: modules.Options | None = None, project: View = NOTHING) -> Result:
    """Rewrite the code cells of a notebook."""
    before = _Notebook(text)
    joined = before.joined
    try:
        result = modules.rewrite(joined.source, options, project)
    except RewriteError as error:
        place, line, _ = before.locate(error.line)
        raise RewriteError(f"{place}: {error.message}", line) from None
    if result.source != joined.source:
        text = _with_sources(text, joined.parted(result.source))
    after = _Notebook(text)
    return Result(
        text,
        before.located([*result.findings, *before.joined.asks_for_tf1(options)]),
        after.located([*result.after, *after.joined.asks_for_tf1(options)]),
    )


class _Notebook:
    """The text of a notebook, its cells as one source text, and the way back into the file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.joined = _Joined([cell for cell in _code_cells(text) if cell.is_python])
        self._newlines = [match.end() for match in re.finditer("\n", text)]

    def locate(self, line: int, column: int = 1) -> tuple[str, int, int]:
        """The cell and the line in it, as they are shown; the line and column in the file."""
        cell, row = self.joined.locate(line)
        offset = cell.offset_of(self.text, row, column)
        above = bisect_right(self._newlines, offset)
        start = self._newlines[above - 1] if above else 0
        return f"cell {cell.number}:{row}", above + 1, offset - start + 1

    def located(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings in the joined cells, in their places in the file."""
        return tuple(sorted(map(self._located, findings)))

    def _located(self, finding: Finding) -> Finding:
        at = finding.place
        shown, line, column = self.locate(at.line, at.column)
        _, end_line, end_column = self.locate(at.end_line, at.end_column)
        message = f"{shown}:{at.column}: {finding.message}"
        return replace(finding, place=Place(line, column, end_line, end_column), message=message)


def source_of(text: str) -> str:
    """The Python of a notebook as one source text."""
    return _Joined([cell for cell in _code_cells(text) if cell.is_python]).source


class _Joined:
    """The cells as one source text, and the way back."""

    def __init__(self, cells: list[_Cell]) -> None:
        self.cells = cells
        self.word = "getter_compat"
        while any(f"# {self.word} " in cell.source for cell in cells):
            self.word += "_"
        self.magics: dict[str, str] = {}
        self.lines: list[tuple[_Cell, int]] = []
        parts = []
        for cell in cells:
            masked = self._masked(cell)
            count = len(_NEWLINE.findall(masked)) + 1
            self.lines += [(cell, line) for line in (*range(1, count + 1), count)]
            parts.append(f"{masked}\n{self._end(cell)}\n")
        self.source = "".join(parts)

    def locate(self, line: int) -> tuple[_Cell, int]:
        """The cell of a line of the whole, and the line in the cell."""
        if not self.lines:
            raise RewriteError("holds no code cell")
        return self.lines[min(line, len(self.lines)) - 1]

    def asks_for_tf1(self, options: modules.Options | None) -> Iterator[Finding]:
        """The lines of IPython's own that install or choose TensorFlow 1."""
        if options is not None and _VERSION_RULE not in options.rules:
            return
        for number, line in enumerate(self.source.split("\n"), 1):
            mark = re.search(rf"# {self.word} magic \d+$", line.rstrip("\r"))
            if mark is not None and _ASKS_FOR_TF1.match(self.magics[mark.group()]):
                place = Place(number, 1, number, len(line.rstrip("\r")) + 1)
                yield Finding(place, _VERSION_RULE, "asks for TensorFlow 1", "left")

    def parted(self, source: str) -> dict[_Cell, str]:
        """The cells' new sources, out of the rewritten whole."""
        sources = {}
        for cell in self.cells:
            part, found, source = source.partition(f"\n{self._end(cell)}\n")
            if not found:
                raise RewriteError("the rewrite lost the border between two cells")
            sources[cell] = self._unmasked(part)
        return sources

    def _end(self, cell: _Cell) -> str:
        return f"# {self.word} end of cell {cell.number}"

    def _masked(self, cell: _Cell) -> str:
        """The source with a stand-in for each line that is IPython's."""
        if _parses(cell.source):
            return cell.source
        lines = []
        for line, is_magic in _logical_lines(cell.source):
            lines.append(self._stand_in(line) if is_magic else line)
        return "".join(lines)

    def _stand_in(self, line: str) -> str:
        body = line.rstrip("\r\n")
        mark = f"# {self.word} magic {len(self.magics)}"
        self.magics[mark] = body
        indent = body[: len(body) - len(body.lstrip())]
        assigned = _ASSIGNED_MAGIC.match(body)
        stand_in = f"{assigned['names']} = None" if assigned else "pass"
        # As many lines as before, so that findings stay where they are.
        more = "".join(_NEWLINE.findall(body))
        return f"{indent}{stand_in}  {mark}{more}{line[len(body) :]}"

    def _unmasked(self, part: str) -> str:
        if not self.magics:
            return part
        pattern = re.compile(rf"[ \t]*[\w, =]*  (# {self.word} magic \d+)(?!\d)")
        lines, skipped = [], 0
        for line in _LINES.findall(part):
            if skipped:
                skipped -= 1
                continue
            match = pattern.match(line)
            if match is None:
                lines.append(line)
                continue
            body = self.magics[match[1]]
            skipped = len(_NEWLINE.findall(body))
            lines.append(body + line[match.end() :])
        return "".join(lines)


def _parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _logical_lines(source: str) -> Iterator[tuple[str, bool]]:
    """The lines, those that belong together as one, and whether they are a magic."""
    pending = ""
    for line in _LINES.findall(source):
        pending += line
        is_magic = bool(_MAGIC.match(pending) or _ASSIGNED_MAGIC.match(pending))
        continued = pending.rstrip("\r\n").endswith("\\")
        if continued or (not is_magic and not _is_complete(pending)):
            continue
        yield pending, is_magic
        pending = ""
    if pending:
        yield pending, False


def _is_complete(line: str) -> bool:
    """Whether no bracket and no string is left open."""
    try:
        for _ in tokenize.generate_tokens(io.StringIO(line.lstrip(" \t")).readline):
            pass
    except tokenize.TokenError as error:
        return "EOF" not in str(error) and "unterminated triple-quoted" not in str(error)
    except SyntaxError:
        return True
    return True


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
    lines = [quoted(line) for line in _LINES.findall(source)]
    if not lines:
        return "[]"
    first, last = cell.strings[0], cell.strings[-1]
    opening, closing = text[cell.start : first.start], text[last.end : cell.end]
    between = f",{opening[1:]}"
    if len(cell.strings) > 1:
        between = text[first.end : cell.strings[1].start]
    return opening + between.join(lines) + closing
