"""Patterns of what to leave out, as git reads them in `.gitignore`; `exclude` has the same."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from getter_compat.replacing import read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# From the outermost folder in: the folder, and what it ignores below it.
Ignores: TypeAlias = "list[tuple[Path, GitIgnoreSpec]]"


def ignores(folder: Path, patterns: Iterable[str]) -> Ignores:
    """What these patterns ignore below a folder.

    Raises:
        ValueError: one of them is no pattern.
    """
    found = [pattern for line in patterns for pattern in _patterns(line)]
    if not found:
        return []
    from pathspec import GitIgnoreSpec

    return [(folder, GitIgnoreSpec(found))]


def gitignore(folder: Path) -> Ignores:
    """What a folder's `.gitignore` says; a line that is no pattern matches nothing, as for git.

    Comments and empty lines are such lines.

    Raises:
        FileError: it cannot be read.
    """
    path = folder / ".gitignore"
    if not os.path.lexists(path):
        return []
    text = read_bytes(path).decode("utf-8-sig", errors="replace")
    return ignores(folder, filter(_is_pattern, text.splitlines()))


def is_ignored(path: Path, is_folder: bool, ignores: Ignores) -> bool:
    """Whether the last pattern that matches, from the outermost folder in, ignores the path."""
    verdict = False
    for base, spec in ignores:
        relative = os.path.relpath(path, base).replace(os.sep, "/")
        result = spec.check_file(relative + "/" if is_folder else relative)
        if result.include is not None:
            verdict = result.include
    return verdict


def _patterns(line: str) -> list[Any]:
    """The pattern of a line, in a list of one."""
    from pathspec import GitIgnoreSpec

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `re` has an opinion about `[[:alpha:]]`
            patterns = list(GitIgnoreSpec.from_lines([line]).patterns)
            for pattern in patterns:
                pattern.regex = re.compile(_straight(_expression(pattern)))
            if not patterns:
                raise ValueError
    except (ValueError, re.error, OverflowError, RecursionError):
        raise ValueError(
            f"{line!r} is no pattern that git knows; patterns are those of .gitignore"
        ) from None
    return patterns


def _expression(pattern: Any) -> str:
    """The regular expression of a pattern; a comment has none, nor has a bracket without end."""
    if pattern.regex is None:
        raise ValueError
    return str(pattern.regex.pattern)


_STAR = "[^/]*"  # what pathspec makes of a star


def _straight(regex: str) -> str:
    """The same expression, in which no star is tried at more than one length.

    Between two stars of one name the first place that fits is as good as any other. Trying the
    others as well, `*a*a*a*a*a*a*b` takes minutes for a name of many `a`. A group that looks ahead
    cannot be entered again; Python's own `fnmatch` does the same.
    """
    first, *rest = re.sub(rf"(?:{re.escape(_STAR)})+", lambda _: _STAR, regex).split(_STAR)
    pieces = [first]
    for number, piece in enumerate(rest, 1):
        if number == len(rest) or "/" in piece:
            pieces.append(f"{_STAR}{piece}")
        else:
            pieces.append(f"(?=(?P<star{number}>{_STAR}?{piece}))(?P=star{number})")
    return "".join(pieces)


def _is_pattern(line: str) -> bool:
    try:
        _patterns(line)
    except ValueError:
        return False
    return True
