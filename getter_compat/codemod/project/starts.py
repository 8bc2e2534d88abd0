"""The files that programs start with, and what the rest of each program does.

What such a file does itself is seen when it is rewritten.
"""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from getter_compat.codemod import notebooks
from getter_compat.codemod.project import reading, scripts
from getter_compat.codemod.project.links import Project
from getter_compat.codemod.project.programs import Facts, Program
from getter_compat.codemod.project.view import Start, View

# So many files of a program, the nearest first, tell whether it runs a graph.
_NEAR = 24
# So many files are held with all of their words at a time.
_AT_ONCE = 100

# What stands in the topmost folder of a project, above which pytest looks for nothing either.
_OF_PROJECTS = (".git", "pyproject.toml", "pytest.ini", "setup.cfg", "setup.py", "tox.ini")


class Starts:
    """Where the programs of a project start."""

    def __init__(
        self, project: Project, views: dict[str, View], tf_aliases: tuple[str, ...]
    ) -> None:
        self._project = project
        self._scans = project.scans
        self._views = views
        self._tf_aliases = tf_aliases
        self._users: defaultdict[str, set[str]] = defaultdict(set)
        for file, imports in project.imported.items():
            for own in imports:
                self._users[own.file].add(file)
        scans = project.scans.items()
        self._near_graph = self._reaching(file for file, scan in scans if scan.has_graph)
        """The files that have something to do with a graph, or import one that has."""
        self._near_running = self._reaching(file for file, scan in scans if scan.runs_graph)
        """Those of them in which more than a comment or a text has."""
        self._near_building = self._reaching(file for file, scan in scans if scan.builds)

    def find(self, files: Iterable[str]) -> dict[str, Start]:
        """What is to be known where a program starts that may run a graph."""
        files = list(files)
        given = _above_all(files)
        near = [file for file in files if file in self._near_running]
        building = [file for file in files if file in self._near_building - self._near_running]
        commands = self._commands([*near, *building], given)
        entries = [file for file in near if file in commands or self._may_start(file)]
        others = {file: self._others(file) for file in entries}
        facts = self._read({it for near, far in others.values() for it in (*near, *far)})
        words = self._words(entries, _places(facts))
        builders = self._builders(facts)
        settings = {file: _settings(item) for file, item in facts.items()}
        found = dict(self._building(building, given, commands))
        for file, (near, far) in others.items():
            known = {it: facts[it] for it in near if it in facts}
            known |= {it: settings[it] for it in far if it in settings}
            program = Program(file, {**known, file: words[file]})
            found[file] = self._start(program, builders, given, frozenset(commands[file]))
        return found

    def _building(
        self, files: list[str], given: Path, commands: Mapping[str, set[str]]
    ) -> Iterator[tuple[str, Start]]:
        """The starts of programs that surely build a graph, and run none."""
        near = {
            file: [file, *self.near(file)]
            for file in files
            if file in commands or self._may_build(file)
        }
        facts = self._read({it for files in near.values() for it in files}, building=True)
        builders = self._builders(facts)
        for file, files in near.items():
            known = {it: facts[it] for it in files if it in facts}
            called = commands.get(file, set())
            programs = [Program(file, known), *(Program(file, known, name) for name in called)]
            if any(map(_builds, programs)):
                start = self._start(programs[0], builders, given, frozenset(called))
                yield file, replace(start, builds=True, is_run=self._may_build(file))

    def _may_build(self, file: str) -> bool:
        """Whether this is run, or says of itself what only a program says."""
        scan = self._scans[file]
        is_switched = scan.has_switch and not self._users[file]
        return (self._is_run(file) or is_switched) and not scan.is_test

    def _commands(self, files: Iterable[str], given: Path) -> defaultdict[str, set[str]]:
        """By file, the functions that the project installs as commands."""
        folders = {
            folder
            for beside in {os.path.dirname(file) for file in files}
            for folder in _folders_of_project(os.path.join(beside, "x"), given)
        }
        found: defaultdict[str, set[str]] = defaultdict(set)
        for setup in (str(folder / name) for folder in folders for name in scripts.FILES):
            for script in scripts.scripts(setup) if os.path.exists(setup) else ():
                module = self._project.modules.find(setup, script.module)
                if module is not None:
                    file, function = self._defined(module, script.function)
                    found[file].add(function)
        return found

    def _defined(self, file: str, name: str) -> tuple[str, str]:
        """Where a function is defined that a module may have from another, and its name there."""
        seen = set()
        while file not in seen:
            seen.add(file)
            first, _, rest = name.partition(".")
            for own in self._project.imported.get(file, ()):
                if own.name and own.bound == first:
                    file, name = own.file, f"{own.name}.{rest}" if rest else own.name
                    break
        return file, name

    def run_graphs(self) -> set[str]:
        """The files of programs that have to do with a graph: those with one, and all beside."""
        return set(self._closure(self._near_graph))

    def keep_keras_2(self) -> set[str]:
        """The files all of whose programs say, in whichever file, that `tf.keras` is Keras 2."""
        saying = [file for file, scan in self._scans.items() if scan.keeps_keras_2]
        if not saying:
            return set()
        keeping = self._reaching(saying)
        others = [file for file in self._scans if not self._users[file] and file not in keeping]
        return keeping | (set(self._closure(keeping)) - set(self._closure(others)))

    def beside(self, entry: str) -> Iterator[str]:
        """The file that a program starts with, and all that it imports."""
        return self._closure([entry])

    def _may_start(self, file: str) -> bool:
        scan = self._scans[file]
        if _is_for_pytest(file) and not scan.has_guard:
            return True
        if scan.is_test:
            return scan.has_graph  # What it tests may run graphs as it likes.
        is_run = self._is_run(file)
        if is_run or self._users[file]:
            return is_run
        return scan.has_graph or not self._is_in_package(file)

    def _is_run(self, file: str) -> bool:
        """Whether a file shows that it is run."""
        is_main = file.endswith(notebooks.SUFFIX) or _is_main(file)
        return is_main or self._scans[file].has_guard

    def near(self, entry: str) -> list[str]:
        """The other files of a program, as many as tell what it runs, the nearest first."""
        return self._others(entry)[0]

    def _others(self, entry: str) -> tuple[list[str], list[str]]:
        """Those nearest files, and those behind them that matter where they are imported."""
        others = islice(self._closure([entry]), 1, None)
        near = list(islice(others, _NEAR))
        return near, [file for file in others if self._scans[file].matters]

    def _closure(self, files: Iterable[str]) -> Iterator[str]:
        """The files and all that they import, the nearest first."""
        found = set(files)
        todo = deque(found)
        while todo:
            file = todo.popleft()
            yield file
            for own in self._project.imported.get(file, ()):
                if own.file not in found:
                    found.add(own.file)
                    todo.append(own.file)

    def _start(
        self, program: Program, builders: set[str], given: Path, commands: frozenset[str]
    ) -> Start:
        return Start(
            is_notebook=program.entry.endswith(notebooks.SUFFIX),
            is_main=_is_main(program.entry),
            is_for_pytest=_is_for_pytest(program.entry),
            commands=commands,
            is_run=self._may_start(program.entry),
            is_imported=bool(self._users[program.entry]),
            runs_graph=any(program.uses("graph", bare=True)),
            builds=any(program.uses("builds", bare=True)),
            fits=any(program.uses("fits")),
            has_graph=any(program.uses("graph")),
            needs_v1=any(program.uses("needs_v1")),
            has_estimator=any(program.uses("estimators")),
            counts_shapes=any(program.uses("counts_shapes")),
            is_settled=any(program.uses("switches"))
            or any(program.uses("turns_eager"))
            or (_is_for_pytest(program.entry) and self._is_configured(program.entry, given)),
            is_eager=any(program.uses("eager")),
            needs_v2=any(program.uses("needs_v2")),
            names_that_run=frozenset(
                program.names_that_run() if commands else self._names_that_run(program)
            ),
            before=self._before(program.entry, builders),
        )

    def _builders(self, facts: Mapping[str, Facts]) -> set[str]:
        """The files with which a graph is built as they are imported."""
        return self._reaching(
            file for file, item in facts.items() if Program(file, {file: item}).builds_on_import()
        )

    def _before(self, file: str, builders: set[str]) -> frozenset[str]:
        """The imports of such files, as another one spells them."""
        return frozenset(
            own.below(own.name) if own.name else own.path
            for own in self._project.imported.get(file, ())
            if own.file in builders
        )

    def _is_configured(self, file: str, given: Path) -> bool:
        """Whether a `conftest.py` beside the file, or above, says how TensorFlow is to behave."""
        for folder in _folders_of_project(file, given):
            conftest = str(folder / "conftest.py")
            scan = self._scans.get(conftest)
            if scan is None and os.path.exists(conftest):
                scan = reading.scan(conftest)
            if scan is not None and scan.has_switch:
                return True
        return False

    def _names_that_run(self, program: Program) -> Iterable[str]:
        is_module = self._is_in_package(program.entry)
        return () if is_module or self._scans[program.entry].has_guard else program.names_that_run()

    def _is_in_package(self, file: str) -> bool:
        """Whether it is a module of a package, which is imported unless it shows that it is run.

        What imports a file beside it as if there were no package can only be run.
        """
        folder = os.path.dirname(file)
        if os.path.join(folder, "__init__.py") not in self._scans:
            return False
        beside = {f"{own.path}.py" for own in self._project.imported.get(file, ())}
        return not any(os.path.join(folder, name) in self._scans for name in beside)

    def _reaching(self, files: Iterable[str]) -> set[str]:
        """These files and all that import them, over whatever others."""
        found = set(files)
        todo = list(found)
        while todo:
            for user in self._users[todo.pop()] - found:
                found.add(user)
                todo.append(user)
        return found

    def _read(self, files: set[str], *, building: bool = False) -> dict[str, Facts]:
        """What the files do; of a program without sessions those that may build as well."""
        scans = self._scans
        closely = [
            file
            for file in sorted(files)
            if scans[file].says_something or (building and scans[file].builds)
        ]
        items = [(file, self._views[file], self._tf_aliases) for file in closely]
        found = dict(zip(closely, self._project.work(reading.facts, items), strict=True))
        read = {file: facts for file, facts in found.items() if facts is not None}
        return read | self._words(sorted(files - set(closely)), _places(read))

    def _words(self, files: list[str], known: set[str]) -> dict[str, Facts]:
        """Which of the names that are known the files may use, a few files at a time."""
        found: dict[str, Facts] = {}
        for first in range(0, len(files), _AT_ONCE):
            some = files[first : first + _AT_ONCE]
            for file, facts in zip(some, self._project.work(reading.words, some), strict=True):
                found[file] = (facts or Facts()).limited(known)
        return found


def _builds(program: Program) -> bool:
    """Whether a program builds a graph, and says nowhere that it is none of those that do."""
    kinds = ["builds", "graph"]
    if any(program.uses("switches")):
        kinds += ["rewritten", "makes"]  # A run before this one may have written the switch.
    others = ("turns_eager", "eager", "fits", "estimators")
    if any(True for kind in others for _ in program.uses(kind)):
        return False
    return any(True for kind in kinds for _ in program.uses(kind, bare=True))


def _places(facts: dict[str, Facts]) -> set[str]:
    return {name for item in facts.values() for name in item.places()}


def _above_all(files: list[str]) -> Path:
    """The folder in which all of these files are."""
    return Path(os.path.commonpath([os.path.dirname(file) for file in files] or [os.sep]))


def _folders_of_project(file: str, given: Path) -> list[Path]:
    """The folders above a file, up to the top of its project or of what the run was given."""
    folders = list(Path(file).parents)
    tops = [it for it in folders if any(os.path.lexists(it / name) for name in _OF_PROJECTS)][:1]
    highest = min((given, *tops), key=lambda folder: len(folder.parts))
    return folders[: folders.index(highest) + 1]


def _is_main(file: str) -> bool:
    return os.path.basename(file) == "__main__.py"


def _is_for_pytest(file: str) -> bool:
    name = os.path.basename(file)
    return name.endswith(".py") and (name.startswith("test_") or name.endswith("_test.py"))


def _settings(facts: Facts) -> Facts:
    """What counts of a file that is far from where a program starts, however much is used of it."""
    own = replace(facts, graph=(), eager=(), estimators=(), needs_v1=(), counts_shapes=())
    return replace(own, builds=(), fits=())
