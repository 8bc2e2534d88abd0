"""A source text and the edits made to it.

The syntax tree only says where to cut: every byte that no edit covers stays as it was, so
comments, spacing and line ends need no care of their own.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from getter_compat.codemod.findings import RewriteError

# Expressions that need no parentheses beside an operator.
_ATOMS = (ast.Attribute, ast.Call, ast.Constant, ast.Name, ast.Subscript)

# The start of an f-string, as far as its quote; three quotes leave one to what stands inside.
_F_STRING = re.compile(r"""(?i:f|fr|rf)(?!"{3}|'{3})(["'])""")

_NEWLINE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Span:
    """A range of bytes."""

    start: int
    end: int


@dataclass(frozen=True)
class Argument(Span):
    """One argument of a call, with the parentheses, stars or keyword written around it."""

    value: ast.expr
    keyword: str | None
    star: str
    """`""`, `"*"` or `"**"`."""

    @property
    def positional(self) -> bool:
        """Whether this is a plain positional argument."""
        return not self.star and self.keyword is None


class Text:
    """A source text, addressed by the UTF-8 byte offsets that `ast` uses."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self.data = source.encode()
        self._lines = list(_starts_of_lines(self.data))
        self._edits: list[tuple[int, int, int, int, int, bytes]] = []
        self._appended: set[ast.Call] = set()
        self._moved: dict[int, int] = {}
        """Rows with more or fewer blanks at their start."""

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

    def wrap(self, span: Span, before: str, after: str) -> None:
        """Write `before` and `after` around the span."""
        self.insert_before(span, before)
        self.insert_after(span, after)

    def move_line(self, row: int, distance: int) -> None:
        """Write more or fewer blanks before a line, and before the lines that edits add to it."""
        start = self.offset(row, 0)
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
                line = bisect_right(self._lines, start)
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

    # Calls.

    def arguments(self, call: ast.Call) -> list[Argument]:
        """The arguments of a call as they are written."""
        spans = self._argument_spans(call)
        written: list[tuple[int, ast.expr, str | None, str]] = []
        for value in call.args:
            inner = value.value if isinstance(value, ast.Starred) else value
            star = "*" if isinstance(value, ast.Starred) else ""
            written.append((self.start(inner), inner, None, star))
        for keyword in call.keywords:
            star = "" if keyword.arg else "**"
            written.append((self.start(keyword.value), keyword.value, keyword.arg, star))
        written.sort(key=lambda item: item[0])
        if len(written) == 1 and spans:
            # A bare generator may hold commas: `f(a for a, b in c)`.
            spans = [Span(spans[0].start, spans[-1].end)]
        if len(written) != len(spans):
            raise RewriteError("left alone, cannot tell the arguments apart", call.lineno)
        return [
            Argument(span.start, span.end, value, keyword, star)
            for span, (_, value, keyword, star) in zip(spans, written, strict=True)
        ]

    def _argument_spans(self, call: ast.Call) -> list[Span]:
        """Where each argument begins and ends, parentheses included."""
        base = self.end(call.func)
        segment = self.data[base : self.end(call)].decode()
        starts = [0, *(match.end() for match in re.finditer("\n", segment))]
        spans: list[Span] = []
        depth, first, last = 0, -1, -1
        lambdas: list[int] = []
        """The depths of lambdas whose parameters, and their commas, are not yet over."""
        for token in tokenize.generate_tokens(io.StringIO(segment).readline):
            if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE):
                continue
            start = starts[token.start[0] - 1] + token.start[1]
            end = starts[token.end[0] - 1] + token.end[1]
            opens = token.type == tokenize.OP and token.string in "([{"
            closes = token.type == tokenize.OP and token.string in ")]}"
            if closes and depth == 0:
                continue  # Of parentheses around what is called.
            depth -= closes
            if closes and depth == 0:
                break
            if token.string == "lambda":
                lambdas.append(depth)
            elif token.string == ":" and lambdas and lambdas[-1] == depth:
                lambdas.pop()
            if depth == 1 and token.string == "," and 1 not in lambdas:
                spans.append(Span(first, last))
                first = -1
            elif depth >= 1:
                first = start if first < 0 else first
                last = end
            depth += opens
        if first >= 0:
            spans.append(Span(first, last))
        return [
            Span(
                base + len(segment[: span.start].encode()),
                base + len(segment[: span.end].encode()),
            )
            for span in spans
        ]

    def append_arguments(
        self, call: ast.Call, words: Sequence[str], kept: Sequence[Argument] | None = None
    ) -> None:
        """Write further arguments after those that are kept, on lines of their own as their peers.

        `kept` are the arguments that no other edit removes; all of them by default.
        """
        if not words:
            return
        kept = self.arguments(call) if kept is None else kept
        if not kept:
            close = self.end(call) - 1
            first = "" if call not in self._appended else ", "
            self.insert_after(Span(close, close), first + ", ".join(words))
            self._appended.add(call)
            return
        last = kept[-1]
        before = self.data[self.line_of(last.start).start : last.start]
        separator = ", " if before.strip() else f",{self.newline()}{before.decode()}"
        self.insert_after(last, "".join(f"{separator}{word}" for word in words))

    def add_keyword(self, call: ast.Call, keyword: str, value: str) -> None:
        """Write `keyword=value` as the last argument."""
        self.append_arguments(call, [f"{keyword}={value}"])

    def value_span(self, argument: Argument) -> Span:
        """The value of an argument, with the parentheses around it but without its keyword."""
        if argument.keyword is None:
            return Span(argument.start + len(argument.star), argument.end)
        start = self.data.index(b"=", argument.start) + 1
        while self.data[start : start + 1].isspace():
            start += 1
        return Span(start, argument.end)

    def drop_keyword(self, argument: Argument) -> None:
        """Write a keyword argument as a positional one."""
        self.replace(Span(argument.start, self.value_span(argument).start), "")

    def scale(self, argument: Argument, factor: str) -> None:
        """Multiply the value of an argument."""
        span = self.value_span(argument)
        parenthesized = span.start < self.start(argument.value)
        if parenthesized or isinstance(argument.value, _ATOMS):
            self.insert_before(span, f"{factor} * ")
        else:
            self.wrap(span, f"{factor} * (", ")")

    def name_argument(self, argument: Argument, keyword: str) -> None:
        """Write a positional argument as a keyword argument."""
        if isinstance(argument.value, ast.GeneratorExp) and argument.start > self.start(
            argument.value
        ):
            self.wrap(argument, f"{keyword}=(", ")")
            return
        self.insert_before(argument, f"{keyword}=")

    def rename_keyword(self, argument: Argument, keyword: str) -> None:
        """Write another keyword before the same value."""
        assert argument.keyword is not None
        old = argument.keyword.encode()
        assert self.data.startswith(old, argument.start)
        self.replace(Span(argument.start, argument.start + len(old)), keyword)

    def remove_arguments(self, call: ast.Call, removed: Sequence[Argument]) -> None:
        """Take arguments out, with the commas that separated them."""
        arguments = self.arguments(call)
        kept = [argument for argument in arguments if argument not in removed]
        if not removed:
            return
        if not kept:
            opening = self.data.rindex(b"(", self.end(call.func), arguments[0].start)
            inside = Span(opening + 1, self.end(call) - 1)
            commented = b"#" in self.data[inside.start : arguments[0].start]
            self.replace(Span(arguments[0].start, arguments[-1].end) if commented else inside, "")
            return
        for index, argument in enumerate(arguments):
            if argument in removed and argument.start < kept[-1].start:
                self.replace(Span(argument.start, arguments[index + 1].start), "")
        if arguments[-1].start > kept[-1].start:
            self.replace(Span(kept[-1].end, arguments[-1].end), "")


def _starts_of_lines(data: bytes) -> Iterator[int]:
    """Where each line begins, the empty one behind a last line end too."""
    start = 0
    for line in (data + b".").splitlines(keepends=True):
        yield start
        start += len(line)
