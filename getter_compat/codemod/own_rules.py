r"""Rules of a project's own: files that its configuration names, loaded beside ours.

    [tool.getter-compat]
    rules = ["tools/our_rules.py"]

Such a file says what ours say, by the names that `getter_compat.codemod` has:

    from getter_compat.codemod import Rule, Site, Call, Answer, becomes

    rule = Rule(__name__)

    @rule.calls("ops.conv", takes=("x", "channels", "k"), unseen="write conv2d by hand")
    def conv(site: Site, call: Call) -> Answer:
        call = call.with_keyword("channels", "filters").with_keyword("k", "kernel_size")
        return becomes("getter_compat.layers.conv2d", call.adding(padding='"same"'))

    rule.example(
        before="import ops\ny = ops.conv(x, channels=32, k=3)\n",
        after="import getter_compat\ny = getter_compat.layers.conv2d("
        'x, filters=32, kernel_size=3, padding="same")\n',
    )

`--test-rules tools/our_rules.py` tries its examples.
"""

from __future__ import annotations

import difflib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType

from getter_compat.codemod.rules import RULES, Example, Rule
from getter_compat.codemod.ruleset import rule_set


class OwnRuleError(ValueError):
    """A file of rules that cannot be used; the message names the file and the line."""


def load(paths: Iterable[str]) -> frozenset[str]:
    """The names of the rules in these files, which are loaded once a process."""
    return frozenset(name for path in paths for name in _load(path))


@cache
def _load(path: str) -> frozenset[str]:
    before = dict(RULES)
    name = f"{__name__}.{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise OwnRuleError(f"{path}: no Python file, and so no rules")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError:
        raise OwnRuleError(f"{path}: there is no such file of rules") from None
    except (Exception, SystemExit) as error:
        _reset(before)
        raise OwnRuleError(f"{place_of(error, path)}: {_said(error)}") from None
    taken = [name for name, rule in before.items() if RULES[name] is not rule]
    if taken:
        _reset(before)
        raise OwnRuleError(f"{path}: a rule is called {taken[0]} already; rename the file")
    own = frozenset(set(RULES) - set(before))
    if not own:
        raise OwnRuleError(f"{path}: makes no rule; it needs `rule = Rule(__name__)`")
    for rule in own:
        RULES[rule].file = path
    rule_set.cache_clear()
    return own


def _reset(rules: dict[str, Rule]) -> None:
    RULES.clear()
    RULES.update(rules)


def place_of(error: BaseException, path: str, function: Callable[..., object] | None = None) -> str:
    """The file, and the line in it where the error arose, or where the function begins."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return f"{path}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path]
    if not lines and isinstance(function, FunctionType):
        lines = [function.__code__.co_firstlineno]
    return f"{path}:{lines[-1]}" if lines else path


def recurses(error: RecursionError, path: str | None) -> bool:
    """Whether it is the functions of a file that call themselves for ever."""
    frames = traceback.extract_tb(error.__traceback__)
    return 2 * sum(frame.filename == path for frame in frames) > len(frames)


def _said(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    return " ".join("".join(traceback.format_exception_only(error)).split())


def failures(path: str) -> Iterator[str]:
    """What the rules of a file do otherwise than their examples say."""
    names = load([path])
    examples = [(RULES[name], item) for name in sorted(names) for item in RULES[name].examples]
    if not examples:
        yield f"{path}: no example to try: write rule.example(before, after)"
    for rule, example in examples:
        trouble = tried(rule, example)
        if trouble:
            yield f"{path}:{example.line}: {trouble}"


def tried(rule: Rule, example: Example) -> str:
    """What is wrong with an example; nothing if it holds."""
    from getter_compat.codemod.findings import RewriteError
    from getter_compat.codemod.project import PROGRAM
    from getter_compat.codemod.rewrite import Options, rewrite

    try:
        result = rewrite(example.before, Options(target=example.target), PROGRAM)
    except RewriteError as error:
        return f"the example cannot be rewritten: line {error.line}: {error.message}"
    if result.source != example.after:
        lines = difflib.unified_diff(
            example.after.splitlines(), result.source.splitlines(), "expected", "found", lineterm=""
        )
        return "\n".join(("the example becomes something else", *lines))
    said = [finding for finding in result.findings if finding.rule == rule.name]
    if example.why and not any(example.why in finding.message for finding in said):
        messages = [finding.message for finding in said]
        return f"nothing says {example.why!r} of it; said is {messages or 'nothing'}"
    left = [finding.message for finding in said if finding.status == "left"]
    if left and not example.why:
        return f"the example does not say why something is left: {left[0]!r}"
    return ""
