"""TensorFlow 1's variable scopes and custom getters, for Keras layers on TensorFlow 2.

Importing this package imports neither TensorFlow nor NumPy: the codemod and the tools run where
TensorFlow is not installed, and a name below is resolved when it is first used (PEP 562).
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "AUTO_REUSE": "scopes",
    "VariableScope": "scopes",
    "get_variable_scope": "scopes",
    "getter_scope": "scopes",
    "VariableStore": "store",
    "default_store": "store",
    "reset_default_store": "store",
    "get_variable": "variables",
    "global_variables": "variables",
    "trainable_variables": "variables",
    "regularization_losses": "variables",
}

__all__ = sorted(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the module that holds `name` the first time it is asked for."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
