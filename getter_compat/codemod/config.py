"""The options that a project keeps in `[tool.getter-compat]` of its `pyproject.toml`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

TARGETS = ("graph", "eager")

_LISTS = ("select", "ignore", "exclude", "tf-alias")


class ConfigError(Exception):
    """A `pyproject.toml` that cannot be used; the message is one line."""


def load(start: Path) -> dict[str, Any]:
    """The project's options, from the nearest `pyproject.toml` at or above `start`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            return _read(path)
    return {}


def _read(path: Path) -> dict[str, Any]:
    tomllib = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from None
    table = document.get("tool", {}).get("getter-compat", {})
    for key, value in table.items():
        _check(path, key, value)
    return {key.replace("-", "_"): value for key, value in table.items()}


def _check(path: Path, key: str, value: object) -> None:
    where = f"{path}: [tool.getter-compat] {key}"
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{where} must be a list of strings, found {value!r}")
    elif key == "jobs":
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ConfigError(f"{where} must be a number of 1 or more, found {value!r}")
    elif key == "target":
        if value not in TARGETS:
            raise ConfigError(f"{where} must be {' or '.join(TARGETS)}, found {value!r}")
    else:
        known = ", ".join((*_LISTS, "jobs", "target"))
        raise ConfigError(f"{where} is not an option; there are {known}")
