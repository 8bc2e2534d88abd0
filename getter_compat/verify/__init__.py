"""Before and after, compared: does the migrated model compute what the TF1 original did?

On the command line:

    python -m getter_compat.verify BEFORE.py:model AFTER.py:model --input x=float32[4,784]

In a test:

    from getter_compat.verify import make_input, verify

    def test_migration():
        x = make_input("x", "float32[4,784]")
        verify("old/model.py:model", "new/model.py:model", {"x": x}).assert_equal()

Each side runs in a process of its own; importing this imports neither TensorFlow nor NumPy.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "Check": "compare",
    "Difference": "compare",
    "Failure": "report",
    "Job": "sides",
    "Program": "programs",
    "Report": "report",
    "make_input": "inputs",
    "verify": "verification",
    "verify_all": "verification",
    "verify_program": "programs",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import the module that holds `name` the first time it is asked for."""
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
