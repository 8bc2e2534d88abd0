"""Comments that tell the codemod to keep off: a line, for some rules, or a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from getter_compat.codemod.findings import Finding, Place
from getter_compat.guessing import suggestion

_LINE = re.compile(r"#\s*getter-compat:\s*ignore(?![\w-])(?:\[([^\]]*)\])?")
_FILE = re.compile(r"^[ \t]*#[ \t]*getter-compat:[ \t]*ignore-file\b", re.MULTILINE)
_NEWLINE = re.compile("\r\n|\r|\n")

RULE = "ignore_comments"


def ignores_file(source: str) -> bool:
    """Whether a comment on a line of its own keeps the whole file as it is."""
    return "getter-compat:" in source and _FILE.search(source) is not None


def ignored_lines(source: str) -> dict[int, frozenset[str]]:
    """The lines that are to be kept, and for which rules; for all, if none is named."""
    return {number: frozenset(_names(match)) for number, match in _comments(source)}


def unknown_rules(source: str, known: frozenset[str]) -> Iterator[Finding]:
    """A finding for each name in such a comment that is the name of no rule."""
    for number, match in _comments(source):
        for name in _names(match):
            if name not in known:
                message = f"{name} is no rule{suggestion(name, known)}"
                place = Place(number, match.start() + 1, number, match.end() + 1)
                yield Finding(place, RULE, message, "left", name)


def _comments(source: str) -> Iterator[tuple[int, re.Match[str]]]:
    if "getter-compat:" not in source:
        return
    for number, line in enumerate(_NEWLINE.split(source), 1):
        match = _LINE.search(line)
        if match:
            yield number, match


def _names(match: re.Match[str]) -> list[str]:
    return [name.strip() for name in (match[1] or "").split(",") if name.strip()]
