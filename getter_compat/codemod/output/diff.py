"""A unified diff."""

from __future__ import annotations

import difflib
from typing import TextIO

from getter_compat.codemod.output import visible
from getter_compat.codemod.run import Run


def render(run: Run) -> str:
    """The changes of all files, in the form that `patch` and `git apply` take."""
    pieces = []
    for report in run.reports:
        if not report.changed:
            continue
        name = report.path.lstrip("/")
        lines = difflib.unified_diff(
            _lines(report.before), _lines(report.after), _name(f"a/{name}"), _name(f"b/{name}")
        )
        for line in lines:
            pieces.append(line)
            if not line.endswith("\n"):
                pieces.append("\n\\ No newline at end of file\n")
    return "".join(pieces)


def _name(path: str) -> str:
    """A name, in quotes as git does it where it would end the line."""
    return path if path.isprintable() else f'"{visible(path)}"'


def _lines(text: str) -> list[str]:
    """Lines as `patch` sees them: only a line feed ends one."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def write(run: Run, out: TextIO) -> None:
    """Print the diff, coloured on a terminal."""
    content = render(run)
    if not out.isatty():
        out.write(content)
        return
    from rich.console import Console

    console = Console(file=out, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in content.splitlines(keepends=True):
        console.print(line, style=_style(line), end="")


def _style(line: str) -> str | None:
    """What shows the kind of a line; context has the terminal's own colour."""
    if line.startswith(("--- ", "+++ ")):
        return "bold"
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
