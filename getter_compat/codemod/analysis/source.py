"""A source text, addressed as `ast` addresses it: by line and by UTF-8 byte."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_NEWLINE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Span:
    """A range of bytes."""

    start: int
    end: int


class Source:
    """What stands where in a text."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self.data = source.encode()
        self._lines = list(_starts_of_lines(self.data))

    def offset(self, line: int, column: int) -> int:
        """The byte offset of a position as `ast` gives it."""
        return self._lines[line - 1] + column

    def start(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Where the node begins."""
        return self._lines[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Where the node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.end_lineno - 1] + node.end_col_offset

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> Span:
        """The bytes of the node."""
        return Span(self.start(node), self.end(node))

    def read(self, span: Span) -> str:
        """The text of the span."""
        return self.data[span.start : span.end].decode()

    def of(self, node: ast.expr | ast.stmt) -> str:
        """The text of the node."""
        return self.read(self.span(node))

    def line_of(self, offset: int) -> Span:
        """The line that holds the offset, with its line end."""
        index = bisect_right(self._lines, offset) - 1
        following = self._lines[index + 1] if index + 1 < len(self._lines) else len(self.data)
        return Span(self._lines[index], following)

    def row_of(self, offset: int) -> int:
        """The number of the line that holds the offset, as `ast` counts."""
        return bisect_right(self._lines, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, in characters and from 1, as they are shown."""
        row = self.row_of(offset)
        return row, len(self.data[self._lines[row - 1] : offset].decode()) + 1

    def line(self, row: int) -> str:
        """A line by its number, with its line end; empty behind the last one."""
        return self.read(self.line_of(self._lines[row - 1])) if row <= len(self._lines) else ""

    def newline(self) -> str:
        """The line end that this text uses."""
        match = _NEWLINE.search(self.data)
        return match.group().decode() if match else "\n"


def _starts_of_lines(data: bytes) -> Iterator[int]:
    """Where each line begins, the empty one behind a last line end too."""
    start = 0
    for line in (data + b".").splitlines(keepends=True):
        yield start
        start += len(line)
