"""Whether a rewrite kept what no answer covers: looked at by the trees of both texts.

Where no edit is, the bytes are the same, and nothing is looked at. A statement that an edit touches
has to be the same tree as before, but for the nodes that were answered, the imports, and the
statements that were taken out or written.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator

from getter_compat.codemod.rewriting.text import Text

_FIELDS_OF_PLACE = frozenset({"ctx", "kind", "type_comment"})


def first_difference(text: Text, covered: set[ast.AST], after: ast.Module) -> int | None:
    """The line of the old text from which on the new one means something else; None if none."""
    comparison = _Comparison(text, covered)
    try:
        comparison.bodies(text.tree.body, after.body)
    except _DifferenceError as error:
        return error.line
    return None


class _DifferenceError(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class _Comparison:
    def __init__(self, text: Text, covered: set[ast.AST]) -> None:
        self.covered = covered
        self.rows = sorted(
            {row for start, end, _ in text.edits() for row in _rows(text, start, end)}
        )
        self.line = 1

    def bodies(self, before: list[ast.stmt], after: list[ast.stmt]) -> None:
        """Compare two blocks."""
        old = [it for it in before if not isinstance(it, _IMPORTS) and it not in self.covered]
        new = [it for it in after if not isinstance(it, _IMPORTS) and not _is_switch(it)]
        if before and not old and len(new) == 1 and isinstance(new[0], ast.Pass):
            return  # All that stood there was taken out.
        old = [it for it in old if not _is_switch(it) or self._lost_its_switch(it)]
        if len(old) != len(new):
            raise _DifferenceError((before or old)[0].lineno)
        for one, other in zip(old, new, strict=True):
            if self._is_touched(one):
                self.line = one.lineno
                self.nodes(one, other)

    def _lost_its_switch(self, statement: ast.stmt) -> bool:
        """Whether this is a condition under which the switch that stood there was taken out."""
        return isinstance(statement, ast.If) and statement.body[0] in self.covered

    def _is_touched(self, statement: ast.stmt) -> bool:
        """Whether an edit is on one of the statement's lines."""
        decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(item.lineno for item in decorators)])
        at = bisect_left(self.rows, first)
        return at < len(self.rows) and self.rows[at] <= (statement.end_lineno or first)

    def nodes(self, before: ast.AST, after: ast.AST) -> None:
        """Compare two nodes, unless the old one was answered."""
        if before in self.covered:
            return
        if type(before) is not type(after):
            raise _DifferenceError(getattr(before, "lineno", self.line))
        for name in before._fields:
            if name not in _FIELDS_OF_PLACE:
                self._values(getattr(before, name, None), getattr(after, name, None))

    def _values(self, before: object, after: object) -> None:
        if isinstance(before, ast.AST) and isinstance(after, ast.AST):
            self.nodes(before, after)
        elif isinstance(before, list) and isinstance(after, list):
            if any(isinstance(item, ast.stmt) for item in (*before, *after)):
                self.bodies(before, after)
                return
            if len(before) != len(after):
                raise _DifferenceError(self.line)
            for one, other in zip(before, after, strict=True):
                self._values(one, other)
        elif type(before) is not type(after) or before != after:
            raise _DifferenceError(self.line)


_IMPORTS = (ast.Import, ast.ImportFrom)


def _rows(text: Text, start: int, end: int) -> Iterator[int]:
    yield from range(text.row_of(start), text.row_of(end) + 1)


def _is_switch(statement: ast.stmt) -> bool:
    """Whether this is the line that a program with sessions gets, alone or under a guard."""
    if isinstance(statement, ast.If) and len(statement.body) == 1:
        return _is_switch(statement.body[0])
    call = statement.value if isinstance(statement, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr in _SWITCHES


_SWITCHES = ("disable_v2_behavior", "disable_eager_execution")
