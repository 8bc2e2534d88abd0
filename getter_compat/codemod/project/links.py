"""Who imports what of whom: the files of a project, and the names that go from one to another."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from getter_compat.codemod.analysis.names import OWN_NAMES, prefixes
from getter_compat.codemod.project import reading
from getter_compat.codemod.project.exports import Exports, Origin, Tracer
from getter_compat.codemod.project.modules import Modules
from getter_compat.codemod.project.reading import Work
from getter_compat.codemod.project.scan import Import, Scan
from getter_compat.codemod.project.view import View

T = TypeVar("T", bound=Hashable)

# So many files that make variables are told, of hundreds that may.
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Own:
    """What a file imports of a module of the project."""

    file: str
    """The module."""
    path: str
    """The dotted path to it, as the import spells that."""
    prefix: str
    """What stands for the module in the text; nothing where single names are imported."""
    name: str
    """The name that is taken from it; `*`, or nothing for the module itself."""
    bound: str

    def below(self, name: str) -> str:
        """The dotted path of a name in the module."""
        return _joined(self.path, name)


@dataclass
class _Related:
    """What files that belong together do to what they hand to each other."""

    applying: set[str] = field(default_factory=set)
    """Those that call what only TF1's layers have."""
    filled: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The collections that are filled, and which files do."""
    making: set[str] = field(default_factory=set)
    """Those that make a `tf.Variable`."""
    partitions: bool = False
    """Whether one of them has a partitioner of variables."""

    def add(self, file: str, scan: Scan) -> None:
        """Take in what one of the files does."""
        if scan.applies:
            self.applying.add(file)
        if scan.variables:
            self.making.add(file)
        self.partitions = self.partitions or scan.partitions
        for name in scan.filled:
            self.filled[name].add(file)


class Project:
    """The files of a run and what they import, by the absolute paths of the files."""

    def __init__(self, files: Sequence[str], work: Work, alone: Iterable[str] = ()) -> None:
        self.work = work
        self.modules = Modules(files)
        self.scans: dict[str, Scan] = {}
        self.imported: dict[str, list[Own]] = {}
        self._read: dict[str, Exports | None] = {}
        self._values: dict[Hashable, Any] = {}
        self._look_at([*files, *(near for file in alone for near in self.modules.siblings(file))])
        self._modules = {
            file: frozenset(own.below(own.name) if own.name else own.path for own in imports)
            for file, imports in self.imported.items()
        }
        for file, imports in self.imported.items():
            self.imported[file] = [*imports, *self._below_packages(imports)]
        self._known = {file: found for file in self.scans if (found := self._known_to_rules(file))}
        self.tracer = Tracer(self._read.get, self.modules.find, self._known)
        self.handed = self._find_handed()
        """By file, the names by which it may hand something on that rules know."""
        self.used = self._find_uses()
        """By file, the names that it may take from others, and from whom."""
        self.needed = self._find_needed()
        self._related = self._find_related()
        # A graph that is stored is fetched from by files that import nothing of what built it.
        self._fetched = frozenset(it for scan in self.scans.values() for it in scan.fetched)
        self._keras = self._spread(
            {it: scan.keras for it, scan in self.scans.items() if scan.keras}
        )
        self._metrics = frozenset(it for scan in self.scans.values() for it in scan.metrics)
        self._read_exports()
        for file in self._in_order_of_import():
            for name in sorted(self.needed.get(file, ())):
                self.tracer.name(file, name)

    # Looking at texts.

    def _look_at(self, files: Iterable[str]) -> None:
        """Scan these files and, one after another, all that they import."""
        todo = [file for file in dict.fromkeys(files) if file not in self.scans]
        while todo:
            for file, found in zip(todo, self.work(reading.scan, todo), strict=True):
                self.scans[file] = found or Scan()
                self.imported[file] = list(self._own_imports(file, self.scans[file].imports))
            targets = (own.file for file in todo for own in self.imported[file])
            todo = [file for file in dict.fromkeys(targets) if file not in self.scans]

    def _own_imports(self, file: str, imports: Iterable[Import]) -> Iterator[Own]:
        for item in imports:
            if item.name and item.name != "*":
                path = _joined(item.module, item.name)
                module = self.modules.find(file, path)
                if module is not None and module != file:
                    yield Own(module, path, item.bound, "", item.bound)
            found = self.modules.find(file, item.module)
            if found is not None and found != file:
                is_below = not item.name and item.bound == item.module.partition(".")[0]
                prefix = "" if item.name else item.module if is_below else item.bound
                yield Own(found, item.module, prefix, item.name, item.bound)

    def _below_packages(self, imports: Iterable[Own]) -> Iterator[Own]:
        """The modules that a package, imported as a whole, has as attributes: `kit.ops`."""
        for own in imports:
            for sub in self.imported.get(own.file, ()) if not own.name else ():
                if not sub.name and sub.prefix == sub.bound:
                    prefix = f"{own.prefix}.{sub.bound}"
                    yield Own(sub.file, own.below(sub.bound), prefix, "", sub.bound)

    def _known_to_rules(self, file: str) -> dict[str, str]:
        """The names in a file that rules of the project's own know, and under which paths."""
        if not OWN_NAMES:
            return {}
        way = file.removesuffix(".py").removesuffix(f"{os.sep}__init__").replace(os.sep, ".")
        packages = self.modules.packages_above(file) - file.endswith("__init__.py")
        paths = (f"{module}.{name}" for module, names in OWN_NAMES.items() for name in names)
        found = {}
        for part in (part for path in paths for part in prefixes(path)):
            module, _, name = part.rpartition(".")
            if module and module.count(".") >= packages and way.endswith(f".{module}"):
                found[name] = part
        return found

    # Who uses what of whom.

    def _find_uses(self) -> dict[str, dict[str, set[str]]]:
        used: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        open_questions: dict[str, list[Own]] = defaultdict(list)
        for file, imports in self.imported.items():
            for own in imports:
                names = self.handed.get(own.file, frozenset())
                if own.name in names or (own.name and "*" in names):
                    used[file][own.file].add(own.name)
                if names and own.name in ("", "*"):
                    open_questions[file].append(own)
        items = [
            (file, tuple((own.prefix, self.handed[own.file]) for own in asked))
            for file, asked in open_questions.items()
        ]
        for (file, _), found in zip(items, self.work(reading.uses, items), strict=True):
            for prefix, name in found or ():
                for own in open_questions[file]:
                    if own.prefix == prefix and name in self.handed[own.file]:
                        used[file][own.file].add(name)
        return used

    def _find_handed(self) -> dict[str, frozenset[str]]:
        """The names that each file may hand on, its own and those that it has from others."""
        handed = {file: scan.handed for file, scan in self.scans.items() if scan.handed}
        for file, known in self._known.items():
            handed[file] = handed.get(file, frozenset()) | known.keys()
        return self._spread(handed)

    def _spread(self, handed: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """The names that each file has, of its own and by its imports of others."""
        users: defaultdict[str, set[str]] = defaultdict(set)
        for file, imports in self.imported.items():
            for own in imports:
                users[own.file].add(file)
        todo = list(handed)
        while todo:
            for file in users[todo.pop()]:
                given = self.scans[file].given
                names = frozenset(
                    name
                    for own in self.imported[file]
                    if (there := handed.get(own.file))
                    for name in (*_bound(own, there), *_given(own, there, given))
                )
                if not names <= handed.get(file, frozenset()):
                    handed[file] = handed.get(file, frozenset()) | names
                    todo.append(file)
        return handed

    def _find_needed(self) -> dict[str, set[str]]:
        """By file, the names that others may take from it, also through the stars of others."""
        needed: defaultdict[str, set[str]] = defaultdict(set)
        for taken in self.used.values():
            for file, names in taken.items():
                needed[file] |= names
        todo = list(needed)
        while todo:
            file = todo.pop()
            for own in self.imported.get(file, ()):
                names = needed[file] & self.handed.get(own.file, frozenset())
                if own.name == "*" and not names <= needed[own.file]:
                    self.used[file][own.file] |= names
                    needed[own.file] |= names
                    todo.append(own.file)
        return needed

    def _find_related(self) -> dict[str, _Related]:
        """By file, what is done in all files that belong together by what they import."""
        related: dict[str, _Related] = {}
        near: defaultdict[str, set[str]] = defaultdict(set)
        for file, imports in self.imported.items():
            for own in imports:
                near[file].add(own.file)
                near[own.file].add(file)
        for start in self.scans:
            if start in related:
                continue
            together = _Related()
            related[start] = together
            todo = [start]
            while todo:
                file = todo.pop()
                together.add(file, self.scans[file])
                for other in near[file] - related.keys():
                    related[other] = together
                    todo.append(other)
        return related

    # What exactly is handed on.

    def _read_exports(self) -> None:
        """Read the modules that something is taken from, and those that they have it from."""
        todo = set(self.needed)
        while todo:
            files = sorted(todo)
            self._read.update(zip(files, self.work(reading.exports, files), strict=True))
            todo = {
                target
                for file in files
                for target in self.used.get(file, ())
                if target not in self._read
            }

    def _in_order_of_import(self) -> Iterator[str]:
        """The files that take something from others, after those that they take it from."""
        begun: set[str] = set()
        for start in self.used:
            todo = [(start, False)]
            while todo:
                file, is_done = todo.pop()
                if is_done:
                    yield file
                elif file not in begun:
                    begun.add(file)
                    todo.append((file, True))
                    todo += ((other, False) for other in self.used.get(file, ()))

    # What a file is told.

    def view(self, file: str) -> View:
        """What the rewrite of this file has to know."""
        origins: dict[str, str | None] = {}
        assigned: set[str] = set()
        stars = {}
        for own in self.imported.get(file, ()):
            taken = self.used.get(file, {}).get(own.file, set())
            if not taken:
                continue
            found = dict(self._found(own, taken))
            if own.name == "*":
                stars[own.path] = tuple(found)
            whole = "" if own.name else self.tracer.whole(own.file)
            if whole:
                origins[own.path] = whole
            for name, origin in found.items():
                if origin.path or whole:
                    origins[own.below(name)] = origin.path or None
                if origin.assigned:
                    assigned.add(own.below(name))
        needed = self._shared(frozenset(self.needed.get(file, ())))
        related = self._related[file]
        return View(
            origins,
            self._shared(frozenset(assigned)),
            stars,
            self._modules[file],
            needed,
            is_hole=file in self._read and self._read[file] is None,
            tf1_layers=bool(related.applying - {file}),
            filled=self._shared(
                frozenset(name for name, by in related.filled.items() if by - {file})
            ),
            fetched=self._fetched,
            metrics=self._metrics,
            keras=self._shared(frozenset(self._classes_of_keras(file))),
            partitions=related.partitions,
            variables=tuple(sorted(map(os.path.basename, related.making - {file}))[:_MOST_TOLD]),
            folder=self._shared(tuple(os.path.dirname(file).split(os.sep))),
            packages=self.modules.packages_above(file),
        )

    def _classes_of_keras(self, file: str) -> Iterator[str]:
        """The paths, as a file spells them, to classes of Keras that others have."""
        for own in self.imported.get(file, ()) if self._keras else ():
            names = self._keras.get(own.file, frozenset())
            if own.name == "*":
                yield from names
            elif own.name in names:
                yield own.below(own.name)
            elif not own.name:
                yield from map(own.below, names)

    def _shared(self, value: T) -> T:
        """The value, the same one for all files of which it is true."""
        found: T = self._values.setdefault(value, value)
        return found

    def _found(self, own: Own, taken: set[str]) -> Iterator[tuple[str, Origin]]:
        """The names that an import leads to what rules know by, and if all may the others."""
        taken = {name for name in taken if not self._is_spelled_out(own, name)}
        if own.name == "*":
            yield from self.tracer.star(own.file, sorted(taken))
            return
        exports = self._read.get(own.file)
        if exports is not None and not own.name and self.tracer.whole(own.file):
            taken = taken | exports.own | set(exports.paths)
        for name in sorted(taken - {"*"}):
            yield name, self.tracer.name(own.file, name)

    def _is_spelled_out(self, own: Own, name: str) -> bool:
        """Whether the import has the very path that a rule of the project's own knows."""
        path = self._known.get(own.file, {}).get(name)
        return path is not None and (own.path.startswith(".") or own.below(name) == path)


def _joined(path: str, name: str) -> str:
    """The path of a name below another, which many files spell: all of them have the same text."""
    return sys.intern(f"{path}{'' if path.endswith('.') else '.'}{name}")


def _bound(own: Own, names: frozenset[str]) -> Iterator[str]:
    """The names of TensorFlow's that an import of a module with such names binds."""
    if own.name == "*":
        yield from names
    elif "*" in names or own.name in names:
        yield own.bound


def _given(own: Own, names: frozenset[str], given: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The names that are given something of TensorFlow's through an import of such a module."""
    for name, path in given:
        root, below = path.partition(".")[0], path.removeprefix(f"{own.prefix}.").partition(".")[0]
        is_below = not own.name and path.startswith(f"{own.prefix}.") and below in names
        if is_below or (own.name == "*" and root in names) or root in _bound(own, names):
            yield name
