"""Which files a run looks at: those named, and in folders what git would not ignore."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from getter_compat.codemod import ignoring
from getter_compat.codemod.ignoring import Ignores
from getter_compat.replacing import FileError

SUFFIXES = (".py", ".ipynb")

# What else holds Python where it is named, as hooks of pre-commit name it.
_NAMED_SUFFIXES = (*SUFFIXES, ".gyp", ".gypi", ".pyi", ".pyt", ".pyw", ".tac", ".wsgi")

_SKIPPED_DIRECTORIES = frozenset(
    {"__pycache__", "node_modules", "site-packages", "venv", "build", "dist", "_build"}
)


@dataclass(frozen=True)
class Obstacle:
    """What was come across and not looked at, and why."""

    path: Path
    message: str
    is_error: bool = True


class Discovery:
    """A look around the paths that were given: a file to which two ways lead is found once.

    What a link leads to is looked at where it lies in what was given: whoever gives a folder means
    that folder, not what somebody linked into it.
    """

    def __init__(self, given: Iterable[Path]) -> None:
        self._given = [_real(path) for path in given]
        self._seen: set[Path] = set()

    def below(self, path: Path, excluded: Ignores) -> Iterator[Path | Obstacle]:
        """What is found at one of the paths."""
        for found in self._at(path, excluded):
            if isinstance(found, Obstacle):
                yield found
            elif found.target not in self._seen:
                self._seen.add(found.target)
                yield found.path

    def _at(self, path: Path, excluded: Ignores) -> Iterator[_Entry | Obstacle]:
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            yield Obstacle(path, "there is no such file or folder")
            return
        except OSError as error:
            yield Obstacle(path, f"cannot be read: {error.strerror}")
            return
        if stat.S_ISDIR(mode):
            yield from self._walk(_Entry(path, _real(path), is_folder=True), excluded)
            return
        folder = _real(path.parent)
        file = _Entry(path, folder / path.name, is_link=path.is_symlink())
        # A link that is given by name may lead to anything in its own folder.
        if file.is_link and folder not in file.target.parents and not self._is_given(file.target):
            yield Obstacle(path, _leads_out(file))
        elif stat.S_ISREG(mode) and not _may_hold_python(path):
            yield Obstacle(path, "is no Python file and no notebook; `- < FILE` reads it as Python")
        else:
            yield file

    def _is_given(self, real: Path) -> bool:
        # A link that was given by name stands for itself, not for what it leads to.
        return any(given in real.parents for given in self._given)

    def _walk(self, top: _Entry, excluded: Ignores) -> Iterator[_Entry | Obstacle]:
        above, obstacles = _ignores_above(top.place)
        yield from obstacles
        if ignoring.is_ignored(top.place, True, above):
            above = []  # Whoever names a folder means it, as with a file.
        # What is still to come, the next one last: folders may lie deeper than Python recurses.
        ahead = [(top, above)]
        while ahead:
            entry, ignores = ahead.pop()
            if entry.is_folder:
                ignores, obstacles = _with_own(entry.path, entry.place, ignores)
                yield from obstacles
                try:
                    inside = _entries(entry)
                except OSError as error:
                    yield Obstacle(entry.path, f"cannot be read: {error.strerror}")
                    continue
                inside.sort(key=lambda found: found.path.name, reverse=True)
                ahead += [
                    (found, ignores) for found in inside if found.is_wanted(excluded, ignores)
                ]
            elif entry.is_link:
                yield from self._link(entry, excluded)
            else:
                yield entry

    def _link(self, link: _Entry, excluded: Ignores) -> Iterator[_Entry | Obstacle]:
        """A link that was found in a folder."""
        target = link.target
        if target.is_symlink():
            yield Obstacle(link.path, "is a loop of links")
        elif not target.is_file():
            return  # It leads to a folder, or nowhere.
        elif not self._is_given(target):
            yield Obstacle(link.path, _leads_out(link), is_error=False)
        elif target.name.endswith(SUFFIXES) or ignoring.is_ignored(target, False, excluded):
            return  # It is found, or left out, under its own name.
        else:
            yield link


@dataclass(frozen=True)
class _Entry:
    """What was given, or a folder holds."""

    path: Path
    place: Path
    """The same without a link on the way there; it may be one itself."""
    is_folder: bool = False
    is_link: bool = False

    @property
    def target(self) -> Path:
        """The file that this is or leads to."""
        return _real(self.path) if self.is_link else self.place

    def is_wanted(self, *ignores: Ignores) -> bool:
        """Whether this may be a file to look at, or hold one."""
        name = self.path.name
        if name.startswith(".") or not (self.is_folder or name.endswith(SUFFIXES)):
            return False
        if self.is_folder and name in _SKIPPED_DIRECTORIES:
            return False
        return not any(ignoring.is_ignored(self.place, self.is_folder, each) for each in ignores)


def _may_hold_python(path: Path) -> bool:
    """Whether a file that was named is one to look at; a script may be called anything."""
    if not path.suffix or path.suffix.lower() in _NAMED_SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            first = file.readline(200)
    except OSError:
        return True  # Whoever reads it says why it cannot be.
    return first.startswith(b"#!") and b"python" in first


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _entries(folder: _Entry) -> list[_Entry]:
    with os.scandir(folder.path) as found:
        return [
            _Entry(
                folder.path / entry.name,
                folder.place / entry.name,
                entry.is_dir(follow_symlinks=False),
                entry.is_symlink(),
            )
            for entry in found
            # A pipe or a socket is nothing to read, as it is nothing for git to keep.
            if entry.is_symlink() or entry.is_dir() or entry.is_file()
        ]


def _leads_out(link: _Entry) -> str:
    return f"is a link that leads out of what was given, to {link.target}: left alone"


def _with_own(path: Path, place: Path, ignores: Ignores) -> tuple[Ignores, list[Obstacle]]:
    """What is ignored in a folder: what is above, and what its own `.gitignore` says."""
    try:
        return [*ignores, *ignoring.gitignore(place)], []
    except FileError as error:
        return ignores, [Obstacle(path / ".gitignore", str(error))]


def _ignores_above(place: Path) -> tuple[Ignores, list[Obstacle]]:
    """What the folders between the top of the repository and this one ignore."""
    folders = [place]
    while not os.path.lexists(folders[-1] / ".git"):
        if folders[-1] == folders[-1].parent:
            return [], []  # There is no repository.
        folders.append(folders[-1].parent)
    ignores: Ignores = []
    obstacles: list[Obstacle] = []
    for folder in reversed(folders[1:]):
        ignores, found = _with_own(folder, folder, ignores)
        obstacles += found
    return ignores, obstacles
