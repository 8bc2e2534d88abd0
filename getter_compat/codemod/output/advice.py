"""What to do next, at the end of a run."""

from __future__ import annotations

import ast
import os
import re
import shlex
from pathlib import Path

from getter_compat.codemod.output.text import count_by_rule
from getter_compat.codemod.run import FileReport, Run

# What is run by itself: it guards its main part, hands it over, or has its session at the top.
_PROGRAM = re.compile(
    r"^if __name__ == ['\"]__main__['\"]|\bapp\.run\(|^(?:with |\w+ = )[\w.]*Session\(",
    re.MULTILINE,
)


def next_steps(run: Run) -> list[str]:
    """The commands that come next, one a line."""
    left = count_by_rule(run)["left"]
    changed = [it for it in run.reports if it.changed and it.path.endswith((".py", ".ipynb"))]
    steps = []
    if changed and run.dry:
        steps.append("next: the same without --check or --diff rewrites in place")
    elif changed:
        steps.append(f"next: {_verification(changed)}")
    if left:
        rule = left.most_common(1)[0][0]
        steps.append(f"left: getter-compat-codemod --explain {rule} says what to do")
    return steps


def _verification(changed: list[FileReport]) -> str:
    """The command that compares what was rewritten with what it was."""
    modules = [report.path for report in changed if report.path.endswith(".py")]
    texts = {path: _text(path) for path in modules[:200]}
    programs = [path for path, text in texts.items() if _PROGRAM.search(text)]
    path = next(iter(programs or modules), None)
    if path is None:
        return "run the notebook, and compare it with what it was"
    before, how, which = _before(path)
    before, after = shlex.quote(before), shlex.quote(path)
    if programs:
        return f"{how}python -m getter_compat.verify --program {before} {after}{which}"
    name, inputs = _function(texts[path])
    return f"{how}python -m getter_compat.verify {before}:{name} {after}:{name}{inputs}{which}"


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _before(path: str) -> tuple[str, str, str]:
    """Where the file is as it was, the command that puts it there, and a remark."""
    real = Path(os.path.realpath(path))
    top = next((folder for folder in real.parents if (folder / ".git").exists()), None)
    if top is None:
        return f"old/{Path(path).name}", "", "  # old/: as it was before"
    folder = os.path.relpath(top.with_name(f"{top.name}-before"))
    command = f"git worktree add {shlex.quote(folder)} HEAD && "
    return os.path.join(folder, real.relative_to(top)), command, ""


def _function(text: str) -> tuple[str, str]:
    """The first function that makes variables or layers, and options for its inputs."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return "FUNCTION", ""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and "getter_compat" in ast.unparse(node):
            needed = node.args.args[: len(node.args.args) - len(node.args.defaults)]
            return node.name, "".join(f" --input {it.arg}=float32[SHAPE]" for it in needed)
    return "FUNCTION", ""
