"""What the project tells the rewrite of one file: small, and handed to a process with the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Start:
    """What the other files of a program do, for the one that it starts with."""

    is_notebook: bool = False
    is_main: bool = False
    """Whether it is a `__main__.py`, which is run by the name of its package."""
    is_for_pytest: bool = False
    """Whether it is called as pytest has files of tests called."""
    commands: frozenset[str] = frozenset()
    """The functions of it that the project installs as commands."""
    is_run: bool = True
    """Whether it may be run itself, and not only be imported by such a command."""
    is_imported: bool = False
    """Whether another file imports it."""
    runs_graph: bool = False
    has_graph: bool = False
    """Whether they run one, be it in a `with graph.as_default():` of their own."""
    builds: bool = False
    """Whether the program builds a graph and may not run it, and does nothing without one."""
    fits: bool = False
    """Whether one of them does what programs without sessions train by."""
    needs_v1: bool = False
    """Whether one of them does what TensorFlow 2 may do otherwise, in whatever graph."""
    has_estimator: bool = False
    """Whether one of them makes an estimator, or a part of one."""
    counts_shapes: bool = False
    """Whether one of them counts with sizes that may be unknown."""
    is_settled: bool = False
    """Whether one of them says itself how TensorFlow is to behave."""
    is_eager: bool = False
    """Whether one of them does what only programs without sessions do."""
    needs_v2: bool = False
    """Whether one of them makes a layer that needs the rest of TensorFlow 2."""
    names_that_run: frozenset[str] = frozenset()
    """The names, used in this file, below which one of them runs a graph."""
    before: frozenset[str] = frozenset()
    """The imports of modules that build a graph as they are imported, as this file spells them."""


@dataclass(frozen=True)
class View:
    """The project, seen from one file. Paths are as its own imports spell them: `..ops.tf`."""

    origins: dict[str, str | None] = field(default_factory=dict)
    """Where a path through a module of the project leads: `ops.tf` to `tensorflow`.

    None for a path that is the module's own, although all around it is TensorFlow's.
    """
    assigned: frozenset[str] = frozenset()
    """Those of `origins` that the other module has by an assignment: `dense = tf.layers.dense`."""
    stars: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of TensorFlow's that `from module import *` brings."""
    modules: frozenset[str] = frozenset()
    """The modules of the project that the file imports."""
    needed: frozenset[str] = frozenset()
    """The names that other files take from this one."""
    is_hole: bool = False
    """Whether others take something from this file which, as it cannot be read, nobody sees."""
    tf1_layers: bool = False
    """Whether another file calls what only TF1's layers have: `layer.apply(x)`."""
    filled: frozenset[str] = frozenset()
    """The collections that other files fill in TF1's graph; `*` for one that cannot be seen."""
    fetched: frozenset[str] = frozenset()
    """The operations that any file of the project asks for by TensorFlow 1's names: `MaxPool`."""
    metrics: frozenset[str] = frozenset()
    """The metrics of Keras that any file of the project may ask for by name: `acc`."""
    partitions: bool = False
    """Whether a file near this one, or this one, has a partitioner of variables."""
    keras: frozenset[str] = frozenset()
    """The paths to other files' classes that are layers or models of Keras: `net.Net`."""
    keeps_keras_2: bool = False
    """Whether all programs that this file belongs to say that `tf.keras` is to be Keras 2."""
    runs_graph: bool = False
    """Whether a program that this file belongs to has to do with a graph."""
    start: Start | None = None
    """Where a program starts that may run a graph."""
    variables: tuple[str, ...] = ()
    """Some of the files that belong to it and make a `tf.Variable`."""
    folder: tuple[str, ...] = ()
    """The folders that the file is in, from the root of the file system on."""
    packages: int = 0
    """How many of the last ones are packages, by their `__init__.py`."""

    def absolutes(self, path: str) -> Iterator[str]:
        """The paths that a relative one may stand for, the likeliest first.

        Where the topmost package is cannot always be seen: `__init__.py` may be missing.
        """
        name = path.lstrip(".")
        up = len(path) - len(name) - 1
        parts = self.folder[: len(self.folder) - up]
        for start in range(len(parts) - max(self.packages - up, 0), -1, -1):
            yield ".".join((*parts[start:], name))

    def origin(self, path: str) -> str:
        """The path, or if it leads through a module of the project that of what it leads to."""
        if not self.origins:
            return path
        head = path
        while head:
            if head in self.origins:
                found = self.origins[head]
                return path if found is None else found + path[len(head) :]
            head = _above(head)
        return path

    def leads(self, path: str) -> bool:
        """Whether the path, or one below it, leads through the project to TensorFlow."""
        return path in self._leading

    @cached_property
    def _leading(self) -> frozenset[str]:
        """The paths of `origins`, and those above them."""
        return frozenset(part for path in self.origins for part in _upwards(path))

    @property
    def concerns(self) -> bool:
        """Whether the file has TensorFlow, or a graph that it runs, from others, or is a hole."""
        is_start = self.start and (
            self.start.has_graph or self.start.has_estimator or self.start.builds
        )
        return bool(self.origins or self.stars or is_start or self.is_hole)


def _upwards(path: str) -> Iterator[str]:
    """A path, and those above it that are told by a dot: `..ops.tf`, `..ops`, but not `..`."""
    yield path
    while (at := path.rfind(".")) > 0:
        path = path[:at]
        yield path


def _above(path: str) -> str:
    """The module above, of a path that may begin with the dots of a relative import."""
    head, _, _ = path.rpartition(".")
    return head.rstrip(".") and head


NOTHING = View()
"""What is known of a text that belongs to no project."""
PROGRAM = View(start=Start())
"""What is known of a text that is a program by itself."""
