"""What a module hands on, read from its syntax tree: which names, and where they lead."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from getter_compat.codemod.analysis.names import Binding, Names, prefixes
from getter_compat.codemod.project.scan import TENSORFLOW


@dataclass(frozen=True)
class Exports:
    """The names of one module, as they are found when it has been run."""

    paths: dict[str, tuple[str, ...]]
    """Those that are imported or dotted expressions: the path, as the module's imports spell it.

    Several, where one import is for where another one fails.
    """
    assigned: frozenset[str] = frozenset()
    """Those of them that an assignment binds."""
    own: frozenset[str] = frozenset()
    """Those that are anything else: functions, classes, values."""
    stars: tuple[str, ...] = ()
    """The modules of which it imports everything."""
    public: frozenset[str] | None = None
    """The names in its `__all__`, if it has one."""


def read(tree: ast.Module) -> Exports:
    """What a module hands on."""
    names = Names(tree)
    paths: dict[str, tuple[str, ...]] = {}
    assigned = set()
    for name, bindings in names.module.bindings.items():
        path = names.path(name, names.module)
        found = (path,) if path is not None else _alternatives(bindings)
        if found:
            paths[name] = found
            if any(binding.imported is None for binding in bindings):
                assigned.add(name)
    stars = ["." * node.level + (node.module or "") for node in names.star_imports]
    for name, value in _given_what_a_star_brings(names):
        paths[name] = tuple(f"{star}{'' if star.endswith('.') else '.'}{value}" for star in stars)
        assigned.add(name)
    own = frozenset(names.module.bindings) - frozenset(paths)
    return Exports(paths, frozenset(assigned), own, tuple(stars), _public(tree))


def _alternatives(bindings: list[Binding]) -> tuple[str, ...]:
    """The paths of a name that is imported from here or, if that fails, from there."""
    paths = [binding.imported for binding in bindings if not binding.is_none]
    found = [path for path in paths if path is not None]
    return tuple(dict.fromkeys(found)) if len(found) == len(paths) else ()


def _given_what_a_star_brings(names: Names) -> Iterator[tuple[str, str]]:
    """The names that are given a dotted path which nothing in the module binds."""
    for name, bindings in names.module.bindings.items() if names.star_imports else ():
        values = {ast.unparse(it.value) for it in bindings if it.value is not None}
        others = any(it.value is None and not it.is_none for it in bindings)
        if len(values) == 1 and not others:
            (value,) = values
            if not names.module.lookup(value.partition(".")[0]):
                yield name, value


def _public(tree: ast.Module) -> frozenset[str] | None:
    """The names that `__all__` lists, in one statement or several."""
    found: set[str] | None = None
    for statement in tree.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id == "__all__":
                words = {
                    item.value
                    for item in ast.walk(statement)
                    if isinstance(item, ast.Constant) and isinstance(item.value, str)
                }
                found = words if found is None else found | words
                break
    return None if found is None else frozenset(found)


@dataclass(frozen=True)
class Origin:
    """Where a name leads: to a path that rules know, or to a module of the project."""

    path: str = ""
    file: str = ""
    assigned: bool = False


_Seen = set[tuple[str, str]]
"""The names of files that a question came by, which need not be asked again for it."""


class Tracer:
    """Follows names from module to module, until they leave the project."""

    def __init__(
        self,
        exports: Callable[[str], Exports | None],
        find: Callable[[str, str], str | None],
        known: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._exports = exports
        self._find = find
        self._known = known
        """By file, the names that are its own and that rules of the project know, and their paths.
        """
        self._found: dict[tuple[str, str], Origin] = {}

    def name(self, file: str, name: str) -> Origin:
        """Where a name of a module leads; nowhere for what is the project's own.

        Where modules have a name of each other in a long row, that of the last one is asked for
        first: a row of many that nobody asked for yet is not followed to its end.
        """
        found = self._found.get((file, name))
        if found is None:
            try:
                found = self._followed(file, name, set())
            except RecursionError:
                found = Origin()
            self._found[file, name] = found
        return found

    def _asked(self, file: str, name: str, seen: _Seen) -> Origin:
        """The same, asked for the sake of another name."""
        return self._found.get((file, name)) or self._followed(file, name, seen)

    def _followed(self, file: str, name: str, seen: _Seen) -> Origin:
        if name in self._known.get(file, {}):
            return Origin(self._known[file][name])
        exports = self._exports(file)
        if exports is None or (file, name) in seen:
            return Origin()
        seen.add((file, name))
        if name in exports.paths:
            origins = (self._path(file, path, seen) for path in exports.paths[name])
            found = next((it for it in origins if it != Origin()), Origin())
            assigned = found.assigned or name in exports.assigned
            return Origin(found.path, found.file, assigned)
        if name in exports.own:
            return Origin()
        for star in reversed(exports.stars):  # The last one that brings a name binds it.
            found = self._through_star(file, star, name, seen)
            if found != Origin():
                return found
        return Origin(file=self._find(file, f".{name}") or "")

    def _path(self, file: str, path: str, seen: _Seen) -> Origin:
        """Where a dotted path leads, as the file spells it."""
        if _is_tensorflow(path):
            return Origin(path)
        for module in prefixes_of(path):
            found = self._find(file, module)
            if found is not None and found != file:
                return self._below(found, path[len(module) :].lstrip("."), seen)
        return Origin()

    def _below(self, file: str, rest: str, seen: _Seen) -> Origin:
        if not rest:
            return Origin(self.whole(file), file)
        name, _, more = rest.partition(".")
        found = self._asked(file, name, seen)
        if found.path:
            return Origin(f"{found.path}.{more}" if more else found.path, "", found.assigned)
        return self._below(found.file, more, seen) if found.file else Origin()

    def _through_star(self, file: str, star: str, name: str, seen: _Seen) -> Origin:
        if _is_tensorflow(star):
            return Origin(f"{star}.{name}") if not name.startswith("_") else Origin()
        found = self._find(file, star)
        if found is None:
            return Origin()
        exports = self._exports(found)
        if exports is None or not is_public(exports, name):
            return Origin()
        return self._asked(found, name, seen)

    def whole(self, file: str) -> str:
        """What a module as a whole stands for, if it is TensorFlow under another name."""
        exports = self._exports(file)
        if exports is None:
            return ""
        return next((star for star in exports.stars if _is_tensorflow(star)), "")

    def star(self, file: str, names: Iterable[str]) -> Iterator[tuple[str, Origin]]:
        """Those of some names that lead somewhere, and that `from module import *` brings."""
        exports = self._exports(file)
        for name in names:
            if exports is not None and is_public(exports, name):
                found = self.name(file, name)
                if found.path:
                    yield name, found


def is_public(exports: Exports, name: str) -> bool:
    """Whether a star import takes the name along."""
    return name in exports.public if exports.public is not None else not name.startswith("_")


def prefixes_of(path: str) -> Iterator[str]:
    """The path and the modules above it, of a path that may begin with dots."""
    dots = path[: len(path) - len(path.lstrip("."))]
    yield from (dots + prefix for prefix in prefixes(path[len(dots) :]))
    if dots:
        yield dots


def _is_tensorflow(path: str) -> bool:
    return path.partition(".")[0] in TENSORFLOW
