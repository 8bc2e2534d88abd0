r"""The centre: a source text in, a source text and findings out.

    result = rewrite("import tensorflow as tf\n...")
    result.source, result.findings

A text that does not parse, or whose rewrite would not, is a `RewriteError`.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from getter_compat.codemod import alignment, comments, imports, places
from getter_compat.codemod.analysis.names import Chain, Names, Resolved
from getter_compat.codemod.findings import Result, RewriteError, went_wrong
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.project import NOTHING, View
from getter_compat.codemod.rules import RULES, entry_point
from getter_compat.codemod.ruleset import RuleSet, found, rule_set


@dataclass(frozen=True)
class Options:
    """What a run was asked to do."""

    rules: frozenset[str] = field(default_factory=lambda: frozenset(RULES))
    tf_aliases: tuple[str, ...] = ()
    target: str = "graph"
    """What the program is to run in: `graph`, with its sessions, or `eager`."""


def rewrite(source: str, options: Options | None = None, project: View = NOTHING) -> Result:
    """Rewrite one source text, and check that the result parses and would not change again."""
    options = options or Options()
    if comments.ignores_file(source):
        return Result(source)
    result = _rewrite_once(source, options, project)
    if result.source == source:
        return result
    try:
        again = _rewrite_once(result.source, options, project)
    except RewriteError as error:
        raise RewriteError(f"the rewrite, read again: {error.message}", error.line) from None
    if again.source != result.source:
        raise RewriteError(
            "the rewrite would change again in a second run",
            _first_change(result.source, again.source),
        )
    return result


def _rewrite_once(source: str, options: Options, project: View) -> Result:
    try:
        return _apply_rules(source, parse(source), options, project)
    except RecursionError:
        raise RewriteError("nested too deeply to be read") from None


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


def _apply_rules(source: str, tree: ast.Module, options: Options, project: View) -> Result:
    names = Names(tree, options.tf_aliases, project)
    rules = rule_set(options.rules, options.target)
    page = Page(source, tree, names, rules, options.target)
    sites = sorted(_resolved_chains(names), key=lambda site: _position(site[0].node))
    for chain, resolved in sites:
        if chain.node in page.consumed:
            page.drop_use(chain)
        elif not page.settled(chain):
            _handle(page, rules, chain, resolved)
    for page.rule, kind, patterns, handler in rules.by_node:
        nodes = names.nodes.get(kind)
        if nodes and found(patterns, source):
            for node, scope in nodes:
                if not page.ignored(node, page.rule):
                    try:
                        handler(page, node, scope)
                    except Exception as error:
                        raise _blamed(error, page.rule, node) from None
    switch = entry_point.choose(page)
    imports.finish(page)
    if switch is not None:
        switch.write(page)
    if page.text.edited:
        alignment.follow(page.text, names)
    if comments.RULE in rules:
        page.findings += comments.unknown_rules(source, frozenset(RULES))
    findings = tuple(sorted(set(page.findings)))
    if not page.text.edited:
        return Result(source, findings, findings)
    after = page.text.result()
    return Result(after, findings, places.moved(findings, source, after, page.text.written()))


def _resolved_chains(names: Names) -> Iterator[tuple[Chain, Resolved]]:
    """Every dotted expression that leads into TensorFlow or Keras."""
    for root in names.leading:
        for chain in names.chains.get(root, ()):
            if not names.may_lead(root, chain.scope):
                continue
            for binding in chain.scope.lookup(root):
                binding.uses += 1
            resolved = names.resolve(chain.node, chain.scope)
            if resolved is not None:
                yield chain, resolved


def _position(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _handle(page: Page, rules: RuleSet, chain: Chain, resolved: Resolved) -> None:
    """Hand a dotted expression to the rule that knows it."""
    found = rules.find(chain.node, resolved.name)
    if found is None:
        return
    node, rule, handler = found
    page.rule = rule
    if not page.stands_where_told(node, chain.root):
        page.report(node, "inside an f-string that this Python cannot place: rewrite by hand")
        return
    name = page.names.resolve(node, chain.scope)
    assert name is not None
    parent = page.parent(node)
    call = parent if isinstance(parent, ast.Call) and parent.func is node else None
    if call is not None and not name.v1 and rules.is_settled(name.name, call):
        return
    site = Site(node, name.name, name.v1, chain, call)
    if page.ignored(node, rule):
        if rules.knows(site.name):
            page.keep(site)
        return
    if _is_changed(chain) and rules.knows_part_of(resolved.name):
        page.report(chain.node, "TensorFlow itself is changed here: what reads it cannot be seen")
        return
    try:
        handler(page, site)
    except Exception as error:
        raise _blamed(error, rule, node) from None


def _is_changed(chain: Chain) -> bool:
    """Whether this is assigned to or deleted, as in `tf.log = tf.math.log`."""
    return isinstance(chain.node, ast.Attribute) and not isinstance(chain.node.ctx, ast.Load)


def _blamed(error: Exception, rule: str, node: ast.AST) -> Exception:
    """The exception, which if a rule did not foresee it says where that was at work."""
    if isinstance(error, (RewriteError, RecursionError)):
        return error
    return went_wrong(f"the rule {rule}", error, getattr(node, "lineno", 1))


__all__ = ["Options", "parse", "rewrite"]
