"""TOML on every supported Python: its own reader, or `tomli`, from which that one was made."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def loads(text: str) -> dict[str, Any]:
    """The document that a text holds.

    Raises:
        ValueError: If it is no TOML.
    """
    # Imported when it is needed: the codemod starts for each file that an editor saves.
    reader = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    document: dict[str, Any] = reader.loads(text)
    return document
