"""LibCST's names, each found as it is first used: the import takes longer than a run without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from libcst import *  # noqa: F403
else:

    def __getattr__(name: str) -> object:
        import libcst

        globals()[name] = found = getattr(libcst, name)
        return found
