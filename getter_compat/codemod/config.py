"""The options that a project keeps in `[tool.getter-compat]` of its `pyproject.toml`."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from getter_compat import toml

TARGETS = ("graph", "eager")

_LISTS = ("select", "ignore", "exclude", "rules", "tf-alias")
_OPTIONS = (*_LISTS, "baseline", "force-exclude", "jobs", "target")


class ConfigError(Exception):
    """A `pyproject.toml` that cannot be used; the message is one line."""


@dataclass(frozen=True)
class Project:
    """The options of a project, and the folder that its patterns are about."""

    folder: Path
    options: dict[str, Any]

    @property
    def file(self) -> Path:
        """The file that has them, if one does."""
        return self.folder / "pyproject.toml"

    def get(self, name: str, default: Any = None) -> Any:
        """An option, by its name with underscores."""
        return self.options.get(name, default)


def load(start: Path) -> Project:
    """The project of a path: the nearest `pyproject.toml` at or above it that has our table."""
    start = Path(os.path.realpath(start))
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        options = _read(path) if os.path.isfile(path) else None
        if options is not None:
            return Project(folder, options)
    return Project(start, {})


@functools.cache
def _read(path: Path) -> dict[str, Any] | None:
    try:
        document = toml.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: nested too deeply to be read") from None
    tools = _table(path, "[tool]", document.get("tool", {}))
    if "getter-compat" not in tools:
        return None
    table = _table(path, "[tool.getter-compat]", tools["getter-compat"])
    for key, value in table.items():
        _check(path, key, value)
    return {key.replace("-", "_"): value for key, value in table.items()}


def _table(path: Path, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: {name} must be a table, found {value!r}")
    return value


def _check(path: Path, key: str, value: object) -> None:
    where = f"{path}: [tool.getter-compat] {key}"
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{where} must be a list of strings, found {value!r}")
    elif key == "jobs":
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ConfigError(f"{where} must be a number of 1 or more, found {value!r}")
    elif key == "force-exclude":
        if not isinstance(value, bool):
            raise ConfigError(f"{where} must be true or false, found {value!r}")
    elif key == "baseline":
        if not isinstance(value, str):
            raise ConfigError(f"{where} must be the name of a file, found {value!r}")
    elif key == "target":
        if value not in TARGETS:
            raise ConfigError(f"{where} must be {' or '.join(TARGETS)}, found {value!r}")
    else:
        raise ConfigError(f"{where} is not an option; there are {', '.join(_OPTIONS)}")
