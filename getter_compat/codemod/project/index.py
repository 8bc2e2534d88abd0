"""The index: all files of a run looked at, and what each of them is told of the others.

    views = index(paths, work)

Three looks, each at fewer files: the text of every file (`scan.py`), the text of those that import
a module with something of TensorFlow's in it (`links.py`), and the tree of what others take from
(`exports.py`) or of what belongs to a program that may run a graph (`starts.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from getter_compat.codemod.project.links import Project
from getter_compat.codemod.project.reading import Work
from getter_compat.codemod.project.starts import Starts
from getter_compat.codemod.project.view import View


def index(
    paths: Sequence[Path],
    work: Work,
    alone: Iterable[Path] = (),
    tf_aliases: tuple[str, ...] = (),
    target: str = "graph",
) -> dict[Path, View]:
    """What each of the files is told of the project.

    `alone` are those that were named themselves: what stands beside them is read as well.
    """
    folders = {folder: os.path.realpath(folder) for folder in {path.parent for path in paths}}
    real = {path: os.path.join(folders[path.parent], path.name) for path in paths}
    project = Project(list(real.values()), work, [os.path.realpath(path) for path in alone])
    views = {file: project.view(file) for file in project.scans}
    if target == "graph":
        starts = Starts(project, views, tf_aliases)
        for file in starts.run_graphs(real.values()):
            views[file] = replace(views[file], runs_graph=True)
        for file, start in starts.find(real.values()).items():
            views[file] = replace(views[file], start=start)
    return {path: views[file] for path, file in real.items()}
