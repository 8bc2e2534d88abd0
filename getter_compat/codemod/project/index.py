"""The index: all files of a run looked at, and what each of them is told of the others.

    views = index(paths, work).views

Three looks, each at fewer files: the text of every file (`scan.py`), the text of those that import
a module with something of TensorFlow's in it (`links.py`), and the tree of what others take from
(`exports.py`) or of what belongs to a program that may run a graph (`starts.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from getter_compat.codemod.project.links import Project
from getter_compat.codemod.project.reading import Work
from getter_compat.codemod.project.starts import Starts
from getter_compat.codemod.project.view import View

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Index:
    """What is known of the files of a run."""

    views: dict[Path, View]
    """What each is told of the others."""
    programs: dict[Path, tuple[Path, ...]] = field(default_factory=dict)
    """Where a program with a graph starts, and the files of the run that are nearest to it."""


def seen_from(path: Path, tf_aliases: tuple[str, ...] = (), target: str = "graph") -> View:
    """What is known of one file by what is beside it."""

    def in_turn(function: Callable[[T], R], items: Sequence[T]) -> list[R | None]:
        return [function(item) for item in items]

    return index([path], in_turn, [path], tf_aliases, target).views[path]


def index(
    paths: Sequence[Path],
    work: Work,
    alone: Iterable[Path] = (),
    tf_aliases: tuple[str, ...] = (),
    target: str = "graph",
) -> Index:
    """What is known of these files.

    `alone` are those that were named themselves: what stands beside them is read as well.
    """
    folders = {folder: os.path.realpath(folder) for folder in {path.parent for path in paths}}
    real = {path: os.path.join(folders[path.parent], path.name) for path in paths}
    project = Project(list(real.values()), work, [os.path.realpath(path) for path in alone])
    views = {file: project.view(file) for file in project.scans}
    programs = {}
    starts = Starts(project, views, tf_aliases)
    for file in starts.run_graphs():
        views[file] = replace(views[file], runs_graph=True)
    for file in starts.keep_keras_2():
        views[file] = replace(views[file], keeps_keras_2=True)
    if target == "graph":
        path_of = {file: path for path, file in real.items()}
        for file, start in starts.find(real.values()).items():
            views[file] = replace(views[file], start=start)
            for it in starts.beside(file) if start.builds else ():
                views[it] = replace(views[it], runs_graph=True)
            is_run = not start.is_for_pytest or project.scans[file].has_guard
            if is_run and (start.has_graph or project.scans[file].has_graph):
                near = starts.near(file)
                programs[path_of[file]] = tuple(path_of[it] for it in near if it in path_of)
    return Index({path: views[file] for path, file in real.items()}, programs)
