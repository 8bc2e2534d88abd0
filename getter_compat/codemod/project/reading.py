"""Reading one file for the index; this is what the processes do.

A file that cannot be read or parsed gives nothing: it is a hole in the index, and its own report
says why.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from getter_compat import replacing
from getter_compat.codemod import files, notebooks
from getter_compat.codemod.analysis.names import Names
from getter_compat.codemod.analysis.values import Values
from getter_compat.codemod.project import exports as exporting
from getter_compat.codemod.project import programs
from getter_compat.codemod.project import scan as scanning
from getter_compat.codemod.project.exports import Exports
from getter_compat.codemod.project.programs import Facts
from getter_compat.codemod.project.scan import Scan
from getter_compat.codemod.project.view import View

T = TypeVar("T")
R = TypeVar("R")

_Wanted = tuple[tuple[str, frozenset[str]], ...]


_UNREADABLE = (files.FileError, SyntaxError, ValueError, RecursionError, MemoryError)


class Work(Protocol):
    """Does the same with many items, in order, perhaps in several processes."""

    def __call__(self, function: Callable[[T], R], items: Sequence[T], /) -> list[R | None]:
        """What came of each; None where the process died at it."""


def _source(file: str) -> bytes:
    """The Python source of a file, of a notebook's cells too."""
    data = replacing.read_bytes(Path(file))
    if not file.endswith(notebooks.SUFFIX):
        return data
    try:
        return notebooks.source_of(data.decode()).encode()
    except Exception:  # Its own report says what is wrong with it.
        return b""


def scan(file: str) -> Scan | None:
    """A quick look at the text."""
    try:
        return scanning.scan(_source(file))
    except files.FileError:
        return None


def uses(item: tuple[str, _Wanted]) -> list[tuple[str, str]]:
    """Which names of other modules stand in the text."""
    file, wanted = item
    try:
        return scanning.uses(_source(file), wanted)
    except files.FileError:
        return []


def _parsed(file: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(_source(file))


def exports(file: str) -> Exports | None:
    """What the module hands on."""
    try:
        return exporting.read(_parsed(file))
    except _UNREADABLE:
        return None


def facts(item: tuple[str, View, tuple[str, ...]]) -> Facts | None:
    """What the file does, as a part of a program."""
    file, view, tf_aliases = item
    try:
        tree = _parsed(file)
        names = Names(tree, tf_aliases, view)
        return programs.read(tree, names, Values(names))
    except _UNREADABLE:
        return None


def words(file: str) -> Facts | None:
    """What the file may use, if it is not looked at more closely."""
    try:
        return programs.words(_source(file))
    except files.FileError:
        return None
