r"""The centre: a source text in, a source text and findings out.

    result = rewrite("import tensorflow as tf\n...")
    result.source, result.findings

A text that does not parse, or whose rewrite would not, is a `RewriteError`.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field

from getter_compat.codemod import asking, comments, own_rules, places
from getter_compat.codemod.analysis.module import Module
from getter_compat.codemod.analysis.names import Names
from getter_compat.codemod.findings import Result, RewriteError
from getter_compat.codemod.project import NOTHING, View
from getter_compat.codemod.rewriting import alignment, imports, meaning
from getter_compat.codemod.rewriting.spelling import Spelling
from getter_compat.codemod.rewriting.splice import write
from getter_compat.codemod.rewriting.text import Text
from getter_compat.codemod.rules import RULES, entry_point
from getter_compat.codemod.ruleset import rule_set


@dataclass(frozen=True)
class Options:
    """What a run was asked to do."""

    rules: frozenset[str] = field(default_factory=lambda: frozenset(RULES))
    tf_aliases: tuple[str, ...] = ()
    target: str = "graph"
    """What the program is to run in: `graph`, with its sessions, or `eager`."""
    own_rules: tuple[str, ...] = ()
    """The files of rules that the project has of its own."""


def rewrite(source: str, options: Options | None = None, project: View = NOTHING) -> Result:
    """Rewrite one source text, and check that the result parses and would not change again."""
    options = options or Options()
    own_rules.load(options.own_rules)
    if comments.ignores_file(source):
        return Result(source)
    try:
        return _checked(source, options, project)
    except RecursionError:
        raise RewriteError("nested too deeply to be read") from None


def _checked(source: str, options: Options, project: View) -> Result:
    first = _rewrite_once(source, options, project)
    result = first.result
    if result.source == source:
        return result
    try:
        again = _rewrite_once(result.source, options, project)
    except RewriteError as error:
        raise RewriteError(f"the rewrite, read again: {error.message}", error.line) from None
    if again.result.source != result.source:
        raise RewriteError(
            "the rewrite would change again in a second run",
            _first_change(result.source, again.result.source),
        )
    line = meaning.first_difference(first.text, first.covered, again.text.tree)
    if line is not None:
        raise RewriteError("left alone, the rewrite would change more than it says", line)
    return result


@dataclass(frozen=True)
class _Rewritten:
    """One rewrite, and what there is to check it by."""

    result: Result
    text: Text
    covered: set[ast.AST]


def _rewrite_once(source: str, options: Options, project: View) -> _Rewritten:
    return _apply_rules(source, parse(source), options, project)


def parse(source: str) -> ast.Module:
    """The syntax tree, or a RewriteError that says where it ends."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        raise RewriteError(f"does not parse: {error.msg}", error.lineno or 1) from None
    except (ValueError, MemoryError) as error:
        raise RewriteError(f"does not parse: {str(error) or 'nested too deeply'}") from None


def _first_change(before: str, after: str) -> int:
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    return next((n for n, (old, new) in enumerate(lines, 1) if old != new), 1)


def _apply_rules(source: str, tree: ast.Module, options: Options, project: View) -> _Rewritten:
    """Ask the rules, then write what they answered, then what that means for the imports."""
    text = Text(source, tree)
    module = Module(text, Names(tree, options.tf_aliases, project), options.target)
    rules = rule_set(options.rules, options.target)
    spelling = Spelling(module, rules)
    written = write(text, module, asking.plans(module, spelling, rules))
    chosen = entry_point.choose(spelling)
    switches = [item for item in chosen if isinstance(item, entry_point.Switch)]
    for switch in switches:
        written.roots += switch.reads
        written.told.append(switch.told)
    written.told += [item for item in chosen if not isinstance(item, entry_point.Switch)]
    told = [*written.told, *imports.finish(text, spelling, written)]
    told += entry_point.look_at_tests(spelling)
    for switch in switches:
        switch.write(text)
    if text.edited:
        alignment.follow(text, module.names)
    found = {item.finding(text) for item in told}
    if comments.RULE in rules:
        found.update(comments.unknown_rules(source, frozenset(RULES)))
    findings = tuple(sorted(found))
    if not text.edited:
        return _Rewritten(Result(source, findings, findings), text, written.covered)
    after = text.result()
    moved = places.moved(findings, source, after, text.written())
    return _Rewritten(Result(after, findings, moved), text, written.covered)


__all__ = ["Options", "parse", "rewrite"]
