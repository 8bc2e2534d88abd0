"""What to do next, at the end of a run."""

from __future__ import annotations

import ast
import os
import re
import shlex
from pathlib import Path

from getter_compat.codemod.output.text import count_by_rule
from getter_compat.codemod.run import FileReport, Run

# What is run by itself guards its main part, or hands it over; others act as they are imported.
_PROGRAM = re.compile(r"^if __name__ == ['\"]__main__['\"]|\bapp\.run\(", re.MULTILINE)

# So many files are read to tell what comes next.
_MOST = 200

_SWITCH = "tf.compat.v1.disable_v2_behavior()"
_NEEDS_GRAPH = re.compile(r"compat\.v1\.(?:\w*Session|placeholder)\(")
_MAKES_WEIGHTS = re.compile(r"\bgetter_compat\.(?!estimator\b)")
_RUNS = re.compile(r"(?:Session|Supervisor|Estimator|EstimatorSpec|train_and_evaluate)\(")
# Arguments that verify gives by itself, and those that no tensor is.
_FLAGS = frozenset({"training", "is_training"})
_NO_INPUT = re.compile(
    r"args|activation|config|depth|filters|flags|graph|hparams|mode|name|optimizer|params|reuse"
    r"|scope|sess|session|units|(?:is|n|num|use)_\w+"
    r"|\w+_(?:channels|classes|dims?|dir|file|fn|initializer|layers|name|path|regularizer|scope"
    r"|shape|size|units)"
)


def next_steps(run: Run) -> list[str]:
    """The commands that come next, one a line."""
    left = count_by_rule(run)["left"]
    changed = [it for it in run.reports if it.changed and it.path.endswith((".py", ".ipynb"))]
    steps = []
    if changed and run.dry:
        steps.append("next: the same without --check or --diff rewrites in place")
    elif changed:
        steps += [*_unstarted(run, changed), f"next: {_verification(changed)}"]
    if left:
        rule = left.most_common(1)[0][0]
        steps.append(f"left: getter-compat-codemod --explain {rule} says what to do")
    return steps


def _unstarted(run: Run, changed: list[FileReport]) -> list[str]:
    """What is missing where sessions were rewritten, and none of the files starts a program."""
    if any(finding.rule == "entry_point" for report in run.reports for finding in report.findings):
        return []
    texts = ((report.path, _text(report.path)) for report in changed[:_MOST])
    rewritten = next((path for path, text in texts if _NEEDS_GRAPH.search(text)), None)
    if rewritten is None or any(_SWITCH in _text(it.path) for it in run.reports[:_MOST]):
        return []
    where = f"where a program starts that runs {rewritten}"
    return [f"next: {where}, write {_SWITCH}; none is seen here"]


def _verification(changed: list[FileReport]) -> str:
    """The command that compares what was rewritten with what it was."""
    modules = {report.path: report for report in changed if report.path.endswith(".py")}
    texts = {path: _text(path) for path in [*modules][:_MOST]}
    if not modules:
        return "run the notebook, and compare it with what it was"
    trees = {path: _tree(text) for path, text in texts.items()}
    programs = [path for path in texts if _PROGRAM.search(texts[path]) or _runs(trees[path])]
    if programs:
        return _once_done(modules[programs[0]], _command(programs[0], "--program "))
    for path, tree in trees.items():
        function = _model_function(tree)
        if function is not None:
            command = _command(path, "", f":{function.name}", _inputs(function))
            return _once_done(modules[path], command)
    scripts = [path for path, tree in trees.items() if _acts(tree)]
    if scripts:
        return _once_done(modules[scripts[0]], _command(scripts[0], "--program "))
    return "compare a program that uses it: python -m getter_compat.verify --program BEFORE AFTER"


def _once_done(report: FileReport, command: str) -> str:
    """The command, and that it is too early for it where something is left to be done."""
    is_done = not report.errors and all(it.status != "left" for it in report.findings)
    return command if is_done else f"when nothing is left in {report.path}: {command}"


def _command(path: str, option: str, name: str = "", inputs: str = "") -> str:
    """The command that compares a file, or a function of it, with what it was."""
    old, how, remark = _before(path)
    before, after = (f"{shlex.quote(side)}{name}" for side in (old, path))
    return f"{how}python -m getter_compat.verify {option}{before} {after}{inputs}{remark}"


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


def _tree(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _model_function(tree: ast.Module) -> ast.FunctionDef | None:
    """The first function that makes weights and can be called with tensors alone."""
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return next((node for node in functions if _takes_tensors(node)), None)


def _takes_tensors(function: ast.FunctionDef) -> bool:
    needed = {*_needed(function), *(it.arg for it in function.args.kwonlyargs)}
    if not needed or any(map(_NO_INPUT.fullmatch, needed - _FLAGS)) or function.decorator_list:
        return False
    text = ast.unparse(function)
    returns = any(isinstance(it, ast.Return) and it.value for it in ast.walk(function))
    return bool(returns and _MAKES_WEIGHTS.search(text) and not _RUNS.search(text))


def _needed(function: ast.FunctionDef) -> list[str]:
    """The positional arguments without a default."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    return [it.arg for it in arguments[: len(arguments) - len(function.args.defaults)]]


def _inputs(function: ast.FunctionDef) -> str:
    given = [name for name in _needed(function) if name not in _FLAGS]
    return "".join(f" --input {name}=float32[SHAPE]" for name in given)


def _runs(tree: ast.Module) -> bool:
    """Whether importing it runs a session, or an estimator."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(_RUNS.search(ast.unparse(it)) for it in tree.body if not isinstance(it, kinds))


def _acts(tree: ast.Module) -> bool:
    """Whether importing it does something, and does not only define: it calls, loops, tries."""
    return any(
        isinstance(node, ast.For | ast.While | ast.With | ast.Try)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        for node in tree.body
    )
