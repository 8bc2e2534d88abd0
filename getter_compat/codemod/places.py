"""Where the findings of a text are in the text that was made of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from difflib import SequenceMatcher

from getter_compat.codemod.findings import Finding, Place

Edit = tuple[int, int, bytes]
"""Where an edit begins and ends, in bytes of the old text, and what it writes there."""


def moved(
    findings: Iterable[Finding], before: str, after: str, edits: Iterable[Edit]
) -> tuple[Finding, ...]:
    """The findings in their places in the new text; the edits are in the order of the text."""
    old, new = _Lines(before.encode()), _Lines(after.encode())
    way = _Way(old.data, list(edits))

    def place(finding: Finding) -> Place:
        at = finding.place
        start = way.start(old.offset(at.line, at.column))
        end = way.end(old.offset(at.end_line, at.end_column))
        return Place(*new.position(start), *new.position(max(start, end)))

    return tuple(sorted(finding.at(place(finding)) for finding in findings))


class _Way:
    """The way from an offset in the old text to the one in the new."""

    def __init__(self, data: bytes, edits: list[Edit]) -> None:
        self._data = data
        self._edits = edits
        # At one offset, what is inserted there comes before what replaces what stands there.
        self._keys = [(start, end > start) for start, end, _ in edits]
        self._growths = [0]
        for start, end, text in edits:
            self._growths.append(self._growths[-1] + len(text) - (end - start))

    def start(self, offset: int) -> int:
        """Where what begins at the offset begins now: behind what was inserted before it."""
        return self._behind(bisect_left(self._keys, (offset, True)), offset)

    def end(self, offset: int) -> int:
        """Where what ends at the offset ends now: before what was inserted behind it."""
        return self._behind(bisect_left(self._keys, (offset, False)), offset)

    def _behind(self, count: int, offset: int) -> int:
        """Where the offset is, behind so many edits, in the last of which it may lie."""
        if count and self._edits[count - 1][1] > offset:
            start, end, text = self._edits[count - 1]
            return start + self._growths[count - 1] + self._inside(start, end, text, offset)
        return offset + self._growths[count]

    def _inside(self, start: int, end: int, text: bytes, offset: int) -> int:
        """Where a place inside of what was replaced is in what replaces it."""
        match = SequenceMatcher(None, self._data[start:end], text, autojunk=False)
        at = offset - start
        for tag, old, old_end, new, new_end in match.get_opcodes():
            if old <= at < old_end:
                return new + at - old if tag == "equal" else min(new + at - old, new_end)
        return len(text)


class _Lines:
    """A text by lines and columns, in characters, and by the offsets of its bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._starts = [0]
        for line in (data + b".").splitlines(keepends=True)[:-1]:
            self._starts.append(self._starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        """The offset of a place."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.data)
        return start + len(self.data[start:end].decode()[: column - 1].encode())

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        row = bisect_right(self._starts, offset)
        return row, len(self.data[self._starts[row - 1] : offset].decode()) + 1
