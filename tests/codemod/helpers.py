"""Before and after, as texts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

from getter_compat.codemod.findings import Finding
from getter_compat.codemod.rewrite import Options, rewrite
from getter_compat.codemod.rules import selected


def check_after(
    before: str, after: str, *, rules: str | None = None, target: str = "graph"
) -> tuple[Finding, ...]:
    """The codemod turns `before` into `after`, and has nothing left to do there."""
    chosen = frozenset(selected(rules.split(",") if rules else None, []))
    options = Options(chosen, target=target)
    result = rewrite(dedent(before), options)
    assert result.source == dedent(after)
    assert not [
        finding
        for finding in rewrite(result.source, options).findings
        if finding.status == "rewritten"
    ]
    compile(result.source, "after", "exec")
    return result.findings


def check_same(
    before: str, *, rules: str | None = None, target: str = "graph"
) -> tuple[Finding, ...]:
    """The codemod leaves the text as it is."""
    return check_after(before, before, rules=rules, target=target)


def check_program(
    before: str, after: str | None = None, *, target: str = "graph"
) -> dict[str, Any]:
    """`check_after`, and that `after` runs on TensorFlow 2: the names that it binds.

    Without `after`, the codemod leaves the program as it is.
    """
    import getter_compat

    after = before if after is None else after
    check_after(before, after, target=target)
    program: dict[str, Any] = {"__name__": "after"}
    getter_compat.reset_default_store()
    exec(compile(dedent(after), "after", "exec"), program)
    return program


def left(findings: tuple[Finding, ...]) -> list[tuple[int, str]]:
    """Line and rule of what is not rewritten: TF1's that runs, or what is left for a person."""
    return [(finding.line, finding.rule) for finding in findings if finding.status != "rewritten"]


def python(
    *arguments: object, folder: Path, text: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with this checkout to import from."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
    )
