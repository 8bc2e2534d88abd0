"""Files found, and read as they are encoded."""

from __future__ import annotations

import codecs
import io
import os
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from getter_compat.replacing import FileError as FileError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".py", ".ipynb")

_SKIPPED_DIRECTORIES = frozenset(
    {"__pycache__", "node_modules", "site-packages", "venv", "build", "dist", "_build"}
)


@dataclass(frozen=True)
class Source:
    """The text of a file, and what is needed to write it back the same way."""

    data: bytes
    text: str
    encoding: str
    bom: bytes

    def encoded(self, text: str) -> bytes:
        """Another text, as this file would hold it."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise FileError(f"the rewrite does not fit the encoding {self.encoding}") from error


def decode(data: bytes) -> Source:
    """Read bytes as Python would: byte-order mark, encoding cookie, else UTF-8."""
    if b"\0" in data:
        raise FileError("holds NUL bytes, so it is no Python source")
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise FileError(f"unknown encoding: {error.msg}") from None
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"line {line} is not {encoding}: {error.reason}") from None
    return Source(data, text, encoding, bom)


def discover(paths: Iterable[Path], exclude: Iterable[str] = ()) -> Iterator[Path]:
    """The files to look at: those named, and in folders what git would not ignore.

    A file that can be reached by two ways is given once.
    """
    seen: set[Path] = set()
    folders: dict[Path, Path] = {}
    excluded = _spec(exclude)
    for path in paths:
        found = _walk(path, path, excluded, []) if path.is_dir() else iter([path])
        for file in found:
            real = _real(file, folders)
            if real not in seen:
                seen.add(real)
                yield file


def _real(file: Path, folders: dict[Path, Path]) -> Path:
    """Where a path leads; what is not a link itself needs its folder only, resolved once."""
    if file.is_symlink():
        return file.resolve()
    folder = file.parent
    if folder not in folders:
        folders[folder] = folder.resolve()
    return folders[folder] / file.name


def _spec(patterns: Iterable[str]) -> GitIgnoreSpec | None:
    lines = [line for line in patterns if line.strip()]
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


_Ignores = list[tuple[Path, "GitIgnoreSpec"]]


def _walk(
    top: Path, folder: Path, excluded: GitIgnoreSpec | None, ignores: _Ignores
) -> Iterator[Path]:
    if folder == top:
        ignores = _ignores_above(top)
    own = _gitignore(folder)
    ignores = [*ignores, (folder, own)] if own is not None else ignores
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = folder / entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not entry.name.endswith(SUFFIXES):
            continue
        if entry.name.startswith(".") or (is_folder and entry.name in _SKIPPED_DIRECTORIES):
            continue
        if _is_ignored(path, is_folder, [(top, excluded)] if excluded else []):
            continue
        if _is_ignored(path, is_folder, ignores):
            continue
        if is_folder:
            yield from _walk(top, path, excluded, ignores)
        elif entry.is_file():
            yield path


def _is_ignored(path: Path, is_folder: bool, ignores: _Ignores) -> bool:
    """Whether the last pattern that matches, from the outermost file in, ignores the path."""
    verdict = False
    for base, spec in ignores:
        relative = os.path.relpath(path, base).replace(os.sep, "/")
        result = spec.check_file(relative + "/" if is_folder else relative)
        if result.include is not None:
            verdict = result.include
    return verdict


def _gitignore(folder: Path) -> GitIgnoreSpec | None:
    try:
        return _spec((folder / ".gitignore").read_text(errors="replace").splitlines())
    except OSError:
        return None


def _ignores_above(top: Path) -> _Ignores:
    """The `.gitignore` files between the top of the repository and this folder."""
    found: _Ignores = []
    folder = top.resolve()
    while not (folder / ".git").exists() and folder != folder.parent:
        folder = folder.parent
        spec = _gitignore(folder)
        if spec is not None:
            found.insert(0, (folder, spec))
    return found if (folder / ".git").exists() else []
