"""Which file a module is: packages, relative imports, namespace packages, several roots.

Nothing is imported. Where Python's own search path cannot be known, the nearest module is taken.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache


class Modules:
    """Finds files by the names of modules, as seen from the file that imports them."""

    def __init__(self, files: Iterable[str]) -> None:
        self._names = cache(_names_in)
        # No `functools.cache` of a method: what it keeps would be garbage in a circle, which is
        # looked for too seldom.
        self._roots: dict[str, str] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._tops: defaultdict[str, set[str]] = defaultdict(set)
        """The folders of the run that may be on the search path, by what can be found in each."""
        folders = set()
        for file in files:
            folder, name = os.path.split(file)
            stem = name.removesuffix(".py")
            if stem != "__init__" and not self._is_package(folder):
                self._tops[stem].add(folder)
            folders.add(folder)
        seen: set[str] = set()
        for folder in folders:
            while folder not in seen and folder != os.path.dirname(folder):
                seen.add(folder)
                above, name = os.path.split(folder)
                if not self._is_package(above):
                    self._tops[name].add(above)
                if not any(other.startswith(above + os.sep) for other in folders):
                    break
                folder = above

    def find(self, importer: str, module: str) -> str | None:
        """The file of a module; `module` may begin with the dots of a relative import."""
        asked = importer.rpartition(os.sep)[0], module
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def _find(self, folder: str, module: str) -> str | None:
        for base, path in self._places(folder, module):
            found = self._file(base, path)
            if found is not None:
                return found
        return None

    def _places(self, folder: str, module: str) -> Iterator[tuple[str, list[str]]]:
        """The folders to look in, the likeliest first, and the way from there."""
        name = module.lstrip(".")
        path = name.split(".") if name else []
        level = len(module) - len(name)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            yield folder, path
            return
        root = self._root(folder)
        yield root, path
        yield folder, path
        others = set(self._tops.get(path[0], ())) - {root, folder}
        shared = {other: len(os.path.commonpath([other, folder])) for other in others}
        best = [other for other in others if shared[other] == max(shared.values())]
        if len(best) == 1:
            yield best[0], path

    def _file(self, base: str, path: list[str]) -> str | None:
        if not path:
            return os.path.join(base, "__init__.py") if self._is_package(base) else None
        for part in path[:-1]:
            if part not in self._names(base):
                return None
            base = os.path.join(base, part)
        last, names = path[-1], self._names(base)
        if last in names and self._is_package(os.path.join(base, last)):
            return os.path.join(base, last, "__init__.py")
        return os.path.join(base, f"{last}.py") if f"{last}.py" in names else None

    def _is_package(self, folder: str) -> bool:
        return "__init__.py" in self._names(folder)

    def _root(self, folder: str) -> str:
        """The folder above the package that the folder belongs to."""
        if folder not in self._roots:
            root = folder
            while self._is_package(root) and root != os.path.dirname(root):
                root = os.path.dirname(root)
            self._roots[folder] = root
        return self._roots[folder]

    def packages_above(self, file: str) -> int:
        """How many packages the file is in, one in another."""
        folder = os.path.dirname(file)
        return folder.count(os.sep) - self._root(folder).count(os.sep)

    def siblings(self, file: str) -> Iterator[str]:
        """The files beside this one, and those of its package."""
        folder = os.path.dirname(file)
        names = sorted(self._names(folder))
        yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))
        root = self._root(folder)
        if root == folder:
            return
        top = os.path.join(root, os.path.relpath(folder, root).split(os.sep)[0])
        for place, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
            if place != folder:
                yield from (os.path.join(place, name) for name in files if name.endswith(".py"))


def _names_in(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()
