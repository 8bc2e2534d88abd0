"""Examples on disk: a TF1 program, its rewrite, and what TensorFlow 1.15.5 made of it.

examples/NAME/
    example.toml   what to run: see `Example`
    before.py      the TF1 program          (or before/model.py with helper modules beside it)
    after.py       what the codemod writes  (or after/...)
    tf1/           the recording of TensorFlow 1.15.5

examples/programs/NAME/
    program.toml   how to start it: see `ProgramExample`
    before/        the TF1 program, whole: main.py and what it imports, or main.ipynb
    after/         what the codemod writes
    tf1/           the recording of TensorFlow 1.15.5
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from getter_compat import toml
from getter_compat.verify.inputs import make_input
from getter_compat.verify.programs import Program
from getter_compat.verify.sides import Job


@dataclass(frozen=True)
class Example:
    """One example; the fields from `title` on are the keys of its `example.toml`."""

    directory: Path
    title: str
    function: str = "model"
    issue: str = ""
    """The public request that it answers, such as `tensorflow#33125`."""
    notes: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    training_arguments: dict[str, Any] = field(default_factory=dict)
    constructor: dict[str, Any] = field(default_factory=dict)
    steps: int = 3
    modes: tuple[str, ...] = ("eager", "function")
    compat_v1: bool = True
    """False where the program needs what only TensorFlow 1.15 has, such as `tf.contrib`."""

    @property
    def name(self) -> str:
        """The name of its directory."""
        return self.directory.name

    @property
    def before(self) -> Path:
        """The TF1 program."""
        return self._entry("before")

    @property
    def after(self) -> Path:
        """The program that the codemod writes."""
        return self.directory / self.before.relative_to(self.directory).as_posix().replace(
            "before", "after", 1
        )

    @property
    def recording(self) -> Path:
        """What TensorFlow 1.15.5 made of it."""
        return self.directory / "tf1"

    def job(self, after: Path | None = None) -> Job:
        """Return how to run it; `after` is the rewritten program, if it is not the one here."""
        return Job(
            f"{self.before}:{self.function}",
            f"{after or self.after}:{self.function}",
            {name: make_input(name, spec) for name, spec in self.inputs.items()},
            self.arguments,
            self.training_arguments,
            self.constructor,
            self.steps,
        )

    def _entry(self, stem: str) -> Path:
        single = self.directory / f"{stem}.py"
        return single if single.exists() else self.directory / stem / "model.py"


@dataclass(frozen=True)
class ProgramExample:
    """One whole program; the fields from `title` on are the keys of its `program.toml`."""

    directory: Path
    title: str
    issue: str = ""
    """The public request that it answers, such as `tensorflow#33125`."""
    notes: str = ""
    entry: str = "main.py"
    arguments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its directory."""
        return self.directory.name

    @property
    def before(self) -> Path:
        """The folder of the TF1 program."""
        return self.directory / "before"

    @property
    def after(self) -> Path:
        """The folder of the program that the codemod writes."""
        return self.directory / "after"

    @property
    def recording(self) -> Path:
        """What TensorFlow 1.15.5 made of it."""
        return self.directory / "tf1"

    def program(self, folder: Path) -> Program:
        """Return how to start it, as it lies in `folder`."""
        return Program(str(folder / self.entry), self.arguments)


def load_example(directory: Path) -> Example:
    """Read one `example.toml`."""
    return _read(Example, directory / "example.toml")


def load_examples(directory: Path) -> list[Example]:
    """Read every example under `directory`, by name."""
    return [load_example(path.parent) for path in sorted(directory.glob("*/example.toml"))]


def load_programs(directory: Path) -> list[ProgramExample]:
    """Read every whole program under `directory`, by name."""
    return [
        _read(ProgramExample, path) for path in sorted(directory.glob("programs/*/program.toml"))
    ]


_Kind = TypeVar("_Kind", Example, ProgramExample)


def _read(kind: type[_Kind], path: Path) -> _Kind:
    settings = toml.loads(path.read_text(encoding="utf-8"))
    for key in ("modes", "arguments"):
        if isinstance(settings.get(key), list):
            settings[key] = tuple(settings[key])
    try:
        return kind(path.parent, **settings)
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from None
