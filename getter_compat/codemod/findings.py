"""What the codemod says about a file: findings and errors."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import Literal

RULES_URL = "https://github.com/getter-compat/getter-compat/blob/main/docs/rules"

Status = Literal["rewritten", "runs", "left"]
"""What became of a site: it was rewritten; it stays TF1's and runs; or it is left for a person."""

STATUSES: tuple[Status, ...] = ("rewritten", "runs", "left")


@dataclass(frozen=True, order=True)
class Place:
    """A part of a file: lines and columns count from 1, in characters; the end is behind it."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, order=True)
class Finding:
    """One TF1 site, and what became of it."""

    place: Place
    rule: str
    message: str
    status: Status
    symbol: str = ""
    """What is found, as people say it: `tf.placeholder`."""

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.place.line

    @property
    def column(self) -> int:
        """The column where it begins."""
        return self.place.column

    @property
    def url(self) -> str:
        """The page that explains the rule."""
        return f"{RULES_URL}/{self.rule}.md"

    def at(self, place: Place) -> Finding:
        """The same finding in another place."""
        return replace(self, place=place)


@dataclass(frozen=True)
class Trouble:
    """Why a file, or a part of it, was left alone."""

    line: int
    message: str


@dataclass(frozen=True)
class Result:
    """A rewritten source text and everything that was found in the old one."""

    source: str
    findings: tuple[Finding, ...] = ()
    """In their places in the old text."""
    after: tuple[Finding, ...] = ()
    """The same findings, in their places in the new text."""
    troubles: tuple[Trouble, ...] = ()
    """Parts that were left alone, such as a cell of a notebook, with lines of the old text."""
    troubles_after: tuple[Trouble, ...] = ()
    """The same, with lines of the new text."""


class RewriteError(Exception):
    """The source text was left alone; `line` is where the trouble is."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def went_wrong(what: str, error: BaseException, line: int = 1) -> RewriteError:
    """A bug of our own, as one line: the file is left as it was, and the rest goes on."""
    said = " ".join("".join(traceback.format_exception_only(error)).split())
    return RewriteError(f"left alone, {what} went wrong: {said}", line)
