"""The codemod: TensorFlow 1 source in, TensorFlow 2 source and findings out.

Data flows one way: files -> names -> rules -> output. The centre is
`getter_compat.codemod.rewrite.rewrite`, a pure function of a source text. Nothing here imports
TensorFlow or NumPy, and no code of the target is ever imported or run.

The names below are what a rule of a project's own is written with; `own_rules.py` shows one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from getter_compat.codemod.analysis.sites import Site as Site
    from getter_compat.codemod.answers import Answer as Answer
    from getter_compat.codemod.answers import becomes as becomes
    from getter_compat.codemod.answers import changed as changed
    from getter_compat.codemod.answers import left as left
    from getter_compat.codemod.answers import stays as stays
    from getter_compat.codemod.rewriting.calls import Call as Call
    from getter_compat.codemod.rules import Rule as Rule

_HOMES = {
    "Answer": "answers",
    "Call": "rewriting.calls",
    "Rule": "rules",
    "Site": "analysis.sites",
    "becomes": "answers",
    "changed": "answers",
    "left": "answers",
    "stays": "answers",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
