"""A text and the edits made to it: every byte that no edit covers stays as it was."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from getter_compat.codemod.analysis.source import Source, Span
from getter_compat.codemod.findings import RewriteError

# The start of an f-string, as far as its quote; three quotes leave one to what stands inside.
_F_STRING = re.compile(r"""(?i:f|fr|rf)(?!"{3}|'{3})(["'])""")

_NEWLINE = re.compile(rb"\r\n|\r|\n")


class Text(Source):
    """A source text, and what is to be written into it."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        super().__init__(source, tree)
        self._edits: list[tuple[int, int, int, int, int, bytes]] = []
        self._moved: dict[int, int] = {}
        """Rows with more or fewer blanks at their start."""

    # Edits. Two that meet at one offset are ordered by what they enclose: of insertions before
    # an offset the wider one comes first, of insertions after it the narrower one, and of equals
    # the one that was made first.

    def replace(self, span: Span, text: str) -> None:
        """Write `text` in place of the span."""
        self._edit(span.start, span.end, 1, 0, text)

    def insert_before(self, span: Span, text: str) -> None:
        """Write `text` just before the span."""
        self._edit(span.start, span.start, 0, -(span.end - span.start), text)

    def insert_after(self, span: Span, text: str) -> None:
        """Write `text` just after the span."""
        self._edit(span.end, span.end, -1, span.end - span.start, text)

    def _edit(self, start: int, end: int, kind: int, width: int, text: str) -> None:
        if '"' in text and self._f_strings:
            text = self._requoted(start, text)
        self._edits.append((start, end, kind, width, len(self._edits), text.encode()))

    @cached_property
    def _f_strings(self) -> list[tuple[Span, str]]:
        """The f-strings, each with the quote that it begins with."""
        if not _F_STRING.search(self.source):
            return []
        nodes = [node for node in ast.walk(self.tree) if isinstance(node, ast.JoinedStr)]
        starts = ((node, _F_STRING.match(self.of(node))) for node in nodes)
        return [(self.span(node), match[1]) for node, match in starts if match]

    def _requoted(self, at: int, text: str) -> str:
        """The text with quotes that may stand in the f-string around it, before Python 3.12 too."""
        taken = {quote for span, quote in self._f_strings if span.start < at < span.end}
        if '"' not in taken:
            return text
        if "'" in taken or "'" in text:
            line = self.row_of(at)
            raise RewriteError("left alone, the f-string leaves no quotes for what it needs", line)
        return text.replace('"', "'")

    def move_line(self, row: int, distance: int) -> None:
        """Write more or fewer blanks before a line, and before the lines that edits add to it."""
        start = self.offset(row, 0)
        if self.data[start : start - distance].strip(b" "):
            return  # There are no blanks to take away.
        self._moved[row] = distance
        if distance > 0:
            self.insert_before(Span(start, start), " " * distance)
        else:
            self.replace(Span(start, start - distance), "")

    def edits(self) -> Iterator[tuple[int, int, bytes]]:
        """The edits so far: where they begin and end, and what they write there."""
        return ((start, end, text) for start, end, *_, text in self._edits)

    @property
    def edited(self) -> bool:
        """Whether any edit was made."""
        return bool(self._edits)

    def result(self) -> str:
        """The text with all edits made."""
        pieces, at = [], 0
        for start, end, text in self.written():
            if start < at:
                line = self.row_of(start)
                raise RewriteError("left alone, two rules edit this line at once", line)
            pieces += [self.data[at:start], text]
            at = max(at, end)
        pieces.append(self.data[at:])
        return b"".join(pieces).decode()

    def written(self) -> Iterator[tuple[int, int, bytes]]:
        """The edits in the order of the text, with what they come to write."""
        for start, end, *_, text in sorted(self._edits, key=lambda edit: (edit[0], edit[2:])):
            yield start, end, self._aligned(text, start) if self._moved else text

    def _aligned(self, text: bytes, start: int) -> bytes:
        """The text of an edit, any further lines of it moved as the line that it stands on."""
        distance = self._moved.get(self.row_of(start), 0)
        if distance > 0:
            return _NEWLINE.sub(rb"\g<0>" + b" " * distance, text)
        return re.sub(rb"(%s) {%d}" % (_NEWLINE.pattern, -distance), rb"\1", text)
