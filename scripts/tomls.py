"""Reading the files of settings and reasons beside the scripts, on every supported Python."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def read(path: Path) -> dict[str, Any]:
    """The document of a TOML file."""
    tomllib = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return document
