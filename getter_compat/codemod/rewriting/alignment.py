"""Lines that are aligned to a bracket follow it when a longer or shorter name moves it.

Before:

    with tf.variable_scope("a",
                           reuse=True):

After:

    with getter_compat.getter_scope("a",
                                    reuse=True):

Only the blanks at the start of such lines change, and never in a string.
"""

from __future__ import annotations

import ast
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from getter_compat.codemod.analysis.names import Names
from getter_compat.codemod.rewriting.text import Text

# Since Python 3.12 an f-string is many tokens; before, it is one string.
_OPENS_STRING = getattr(tokenize, "FSTRING_START", -1)
_CLOSES_STRING = getattr(tokenize, "FSTRING_END", -1)

_NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE)


def follow(text: Text, names: Names) -> None:
    """Move the continuation lines of the brackets that the edits move."""
    changes = _Changes(text)
    rows = [row for row in sorted(changes.growths) if changes.may_be_followed(row)]
    if not rows:
        return
    starts = _starts_of_lines(text, names)
    done = 0
    for row in rows:
        if row > done:
            first = starts[bisect_right(starts, row) - 1]
            done = _Statement(text, changes, first, row).follow()


def _starts_of_lines(text: Text, names: Names) -> list[int]:
    """The rows on which a logical line begins: no statement stands before it there."""
    statements = (node for node in names.parents if isinstance(node, ast.stmt))
    places = (place for statement in statements for place in _firsts(statement))
    begins = {
        row
        for row, column in places
        if not text.data[text.offset(row, 0) : text.offset(row, column)].strip(b" \t\f@")
    }
    return sorted(begins)


def _firsts(statement: ast.stmt) -> Iterator[tuple[int, int]]:
    yield statement.lineno, statement.col_offset
    for decorator in getattr(statement, "decorator_list", ()):
        yield decorator.lineno, decorator.col_offset


class _Changes:
    """By how much the edits move what follows them on their lines."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.growths: dict[int, list[tuple[int, int]]] = {}
        """For each row, the columns where it grows, and by how much."""
        self.joined: set[int] = set()
        """Rows that an edit joins to the row above, or whose first blanks it writes."""
        self.parted: dict[int, int] = {}
        """Rows that an edit makes several of, and the column where it does."""
        for start, end, new in text.edits():
            row, last = text.row_of(start), text.row_of(end)
            self.joined.update(range(row + 1, last + 1))
            growth = len(new.decode()) - len(text.data[start:end].decode())
            column = len(text.data[text.offset(row, 0) : start].decode())
            if end > start and not text.data[text.offset(row, 0) : start + 1].strip(b" "):
                self.joined.add(row)  # Blanks at its start are written anew.
            if b"\n" in new or b"\r" in new:
                self.parted[row] = min(column, self.parted.get(row, column))
            elif growth:
                self.growths.setdefault(row, []).append((column, growth))

    def may_be_followed(self, row: int) -> bool:
        """A quick look: whether the next line begins right of where this one changes."""
        return self.indent(row + 1) > min(column for column, _ in self.growths[row])

    def indent(self, row: int) -> int:
        """How many blanks the line begins with; -1 for a line that must stay."""
        line = self.text.line(row)
        code = line.lstrip(" ")
        return -1 if code[:1].isspace() or not code or row in self.joined else len(line) - len(code)

    def before(self, row: int, column: int) -> int:
        """By how much what stands at the column moves."""
        line = self.text.line(row)
        if row in self.joined or column > self.parted.get(row, column) or "\t" in line[:column]:
            return 0
        return sum(growth for at, growth in self.growths.get(row, ()) if at < column)


@dataclass
class _Bracket:
    """An open bracket: its row, and the column of what follows it there, if anything does."""

    row: int
    content: int | None = None


class _Statement:
    """The lines from the start of a statement to the end of the logical line around a row."""

    def __init__(self, text: Text, changes: _Changes, first: int, row: int) -> None:
        self.text = text
        self.changes = changes
        self.first = first
        self.row = row
        self.open: list[_Bracket] = []
        self.moved: dict[int, int] = {}
        """By how many columns the lines move."""

    def follow(self) -> int:
        """Move the lines that are aligned; returns the last row that was looked at."""
        last = self.first - 1
        strings = 0
        try:
            for token in tokenize.generate_tokens(self._lines().__next__):
                row = token.start[0] + self.first - 1
                if row > last and not strings and token.type != tokenize.NL:
                    self.moved[row] = self._distance(row)
                last = max(last, token.end[0] + self.first - 1)
                strings += (token.type == _OPENS_STRING) - (token.type == _CLOSES_STRING)
                self._read(token, row)
                if token.type == tokenize.NEWLINE and row >= self.row:
                    break
        except (tokenize.TokenError, SyntaxError):
            return max(last, self.row)
        for row, distance in self.moved.items():
            if distance:
                self.text.move_line(row, distance)
        return last

    def _lines(self) -> Iterator[str]:
        row = self.first
        while line := self.text.line(row):
            yield line
            row += 1

    def _read(self, token: tokenize.TokenInfo, row: int) -> None:
        """Keep track of what is open, and of what follows it on its line."""
        if self.open and token.type not in _NO_CODE:
            innermost = self.open[-1]
            if innermost.content is None and innermost.row == row:
                innermost.content = token.start[1]
        if token.type != tokenize.OP:
            return
        if token.string in "([{":
            self.open.append(_Bracket(row))
        elif token.string in ")]}" and self.open:
            self.open.pop()

    def _distance(self, row: int) -> int:
        """As far as the bracket moves that the line is aligned to, or the line it hangs from."""
        indent = self.changes.indent(row)
        if indent < 0:
            return 0
        for bracket in reversed(self.open):
            moved = self.moved.get(bracket.row, 0)
            if bracket.content is None:
                # A line left of the one that it hangs from is aligned to nothing.
                return moved if indent >= self.changes.indent(bracket.row) else 0
            if indent >= bracket.content:
                return self.changes.before(bracket.row, bracket.content) + moved
        return 0
