"""Answers written into a text.

A new name is a text edit. An expression that a rule changes otherwise, a call most often, is cut
out by its place with all that stands in it, parsed by LibCST and rewritten from the inside out, and
its code takes the place of the old: so sites may stand in each other's arguments, and every other
byte stays.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from getter_compat.codemod import support
from getter_compat.codemod.analysis.module import Module
from getter_compat.codemod.analysis.names import Scope, below_v1
from getter_compat.codemod.analysis.sites import Site, short
from getter_compat.codemod.analysis.source import Source, Span
from getter_compat.codemod.answers import Answer
from getter_compat.codemod.findings import Finding, Place, RewriteError, Status
from getter_compat.codemod.rewriting import cst, statements, trees
from getter_compat.codemod.rewriting.calls import comments_in, dotted, filled, with_comments
from getter_compat.codemod.rewriting.text import Text


@dataclass(frozen=True, eq=False)
class Plan:
    """A site and its rule's answer; or, where that depends on what its parts become, a function."""

    rule: str
    site: Site
    answer: Answer | None = None
    node: ast.expr | None = None
    """The expression to be replaced, where it is more than a name."""
    decide: Callable[[cst.BaseExpression], Answer | None] = lambda node: None
    """The answer, given the expression with all that stands in it rewritten."""

    @property
    def key(self) -> ast.expr | None:
        """The node that is to be written; None where something is to be said only."""
        if self.node is not None:
            return self.node
        named = self.answer is not None and _target(self.site, self.answer) is not None
        return self.site.node if named else None


@dataclass(frozen=True)
class Told:
    """What is to be said of a node."""

    node: ast.AST
    rule: str
    message: str
    status: Status
    symbol: str = ""

    def finding(self, source: Source) -> Finding:
        """The same, in its place in the text."""
        line, column = getattr(self.node, "lineno", 1), getattr(self.node, "col_offset", 0)
        end_line = getattr(self.node, "end_lineno", None) or line
        end_column = getattr(self.node, "end_col_offset", None) or column
        start, end = source.offset(line, column), source.offset(end_line, end_column)
        place = Place(*source.position(start), *source.position(end))
        return Finding(place, self.rule, self.message, self.status, self.symbol)


@dataclass
class Written:
    """What became of the sites."""

    told: list[Told] = field(default_factory=list)
    gone: set[ast.AST] = field(default_factory=set)
    """What was read in the old text, and no longer stands there."""
    roots: list[tuple[Scope, str]] = field(default_factory=list)
    """The names that the new pieces of text read, and where."""
    covered: set[ast.AST] = field(default_factory=set)
    """What was answered: all else means what it meant."""


def write(text: Text, module: Module, plans: Iterable[Plan]) -> Written:
    """Write the answers into the text."""
    written = Written()
    todo = _without_statements(text, module, list(plans), written)
    by_node: dict[ast.AST, Plan] = {}
    for plan in todo:
        if plan.key is not None:
            by_node.setdefault(plan.key, plan)
    inside: set[ast.AST] = set()
    for top in _outermost(todo):
        inside |= _rewrite(text, top, by_node, written)
    for node, plan in by_node.items():
        if plan.node is None and node not in inside:
            _write_name(text, plan, written)
    for plan in todo:
        if plan.key is None and plan.answer is not None and plan.site.node not in written.gone:
            _tell(plan, plan.answer, "", "", written)
    return written


def _without_statements(
    text: Text, module: Module, plans: list[Plan], written: Written
) -> list[Plan]:
    """Take out the statements that go; what is left of the plans."""
    for plan in plans:
        if plan.answer is not None and plan.answer.takes_out is not None:
            statements.replace(text, module, plan.answer.takes_out, [])
            _tell(plan, plan.answer, "", "", written)
            written.gone.update(ast.walk(plan.answer.takes_out))
            written.covered.add(plan.answer.takes_out)
    return [plan for plan in plans if plan.site.node not in written.gone] if written.gone else plans


# What surrounds an expression inside an expression.
_INSIDE = (ast.expr, ast.keyword, ast.comprehension)


def _outermost(plans: list[Plan]) -> list[ast.expr]:
    """The expressions to be cut out: those that stand in no other one."""
    nodes = {plan.node: plan.site for plan in plans if plan.node is not None}
    return list(dict.fromkeys(_highest(node, site, nodes) for node, site in nodes.items()))


def _highest(node: ast.expr, site: Site, nodes: dict[ast.expr, Site]) -> ast.expr:
    top = node
    for above in site.ancestors(node):
        if not isinstance(above, _INSIDE):
            break
        if isinstance(above, ast.expr) and above in nodes:
            top = above
    return top


# Names, and what is said.


def _write_name(text: Text, plan: Plan, written: Written) -> None:
    site, answer = plan.site, plan.answer
    assert answer is not None
    old = text.of(site.node)
    new = _new_name(site, answer, old)
    if new != old:
        text.replace(text.span(site.node), new)
        if site.chain is not None:
            written.gone.add(site.chain.root)
        written.roots.append((site.scope, _root_of(new)))
        written.covered.add(site.node)
    _tell(plan, answer, old, new, written)


def _target(site: Site, answer: Answer) -> str | None:
    """The dotted path to write; None to leave the name as it is."""
    if answer.stays is None or answer.target is not None:
        return answer.target
    below = site.name.startswith("tensorflow.") and not _is_contrib(site)
    return below_v1(site.name) if below else None


def _is_contrib(site: Site) -> bool:
    return site.name.startswith("tensorflow.contrib.")


def _new_name(site: Site, answer: Answer | None, old: str) -> str:
    """The text of a site's name as the answer has it; comments in it stay."""
    target = _target(site, answer) if answer is not None else None
    if target is None:
        return old
    new = site.spell(target)
    if new != old and re.sub(r"#[^\r\n]*|[\s\\()]", "", old) == new:
        return old
    comments = comments_in(old)
    if not comments:
        return new
    root, dot, rest = new.partition(".")
    lines = "".join(f"  {comment}{site.module.text.newline()}" for comment in comments)
    return f"({root}{lines}{dot}{rest})"


def _root_of(name: str) -> str:
    return re.split(r"\W", name.lstrip("("), maxsplit=1)[0]


def _tell(plan: Plan, answer: Answer, old: str, new: str, written: Written) -> None:
    """Note what is to be said of an answer, whose name was written `old` and is `new` now."""
    site, target = plan.site, _target(plan.site, answer)
    node = answer.at or answer.node or site.node
    for message in answer.left:
        written.told.append(Told(node, plan.rule, message, "left"))
    for message in answer.runs:
        written.told.append(Told(node, plan.rule, message, "runs", site.short))
    for message in answer.told:
        written.told.append(Told(node, plan.rule, message, "rewritten"))
    if answer.stays is not None:
        status, why = _judged(site, answer, target)
        said = answer.stays if answer.target else f"{site.short}: {answer.stays}"
        written.told.append(Told(node, plan.rule, f"{said}{why}", status, site.short))
    elif target is not None and _is_worth_telling(site, answer, old, new):
        message = f"{site.short} -> {short(target)}{answer.why}"
        written.told.append(Told(site.node, plan.rule, message, "rewritten", site.short))
    elif answer.new is not None and answer.new.changed and not answer.told:
        message = f"{site.short}: arguments changed"
        written.told.append(Told(site.node, plan.rule, message, "rewritten", site.short))


def _judged(site: Site, answer: Answer, target: str | None) -> tuple[Status, str]:
    """Whether what stays runs, and if not what to add to the message."""
    if target is None:
        return "left", ""
    status, why = support.judge(target, site.module.target)
    return ("left", why) if answer.needs_graph and site.module.target == "eager" else (status, why)


def _is_worth_telling(site: Site, answer: Answer, old: str, new: str) -> bool:
    if answer.silent or answer.quiet or old != new:
        return old != new and not answer.silent
    stands_there = site.v1 and answer.target == below_v1(site.name)
    return site.name != answer.target and not stands_there


# Expressions.


def _rewrite(
    text: Text, top: ast.expr, plans: dict[ast.AST, Plan], written: Written
) -> set[ast.AST]:
    """Rewrite an expression with all that stands in it; its nodes are returned."""
    inside = set(ast.walk(top))
    try:
        region = _Region(text, top, {node: plans[node] for node in inside if node in plans})
    except RewriteError:
        plan = plans[top]
        if not any(isinstance(above, ast.JoinedStr) for above in plan.site.ancestors(top)):
            raise
        message = "inside an f-string that this Python cannot place: rewrite by hand"
        written.told.append(Told(plan.site.node, plan.rule, message, "left"))
        return inside
    region.write(written)
    return inside


class _Region:
    """One expression, cut out with all that stands in it."""

    def __init__(self, text: Text, top: ast.expr, plans: dict[ast.AST, Plan]) -> None:
        self.text = text
        self.span = text.span(top)
        self.tree = _parsed(text.read(self.span), top.lineno)
        self.pairs = trees.Pairs(top, self.tree)
        self.todo = {self.pairs.of(plan.node or plan.site.node): plan for plan in plans.values()}
        self.above = self.pairs.above(self.todo)
        self.done: list[tuple[Plan, Answer, str, str]] = []
        self.marks = {node: trees.mark_of(word) for node, word in self.pairs.words.items()}
        """By which name to see whether what stood here stands in the result."""

    def write(self, written: Written) -> None:
        """Write the expression as the rules have it."""
        new = self._visit(self.tree)
        names = set(trees.names_in(new))
        gone = {node for node, mark in self.marks.items() if mark is not None and mark not in names}
        written.covered.update(plan.node or plan.site.node for plan, *_ in self.done)
        for plan, answer, old_name, new_name in self.done:
            if plan.site.node not in gone:
                _tell(plan, answer, old_name, new_name, written)
        before = set(self.pairs.words.values())
        written.gone |= gone
        written.gone.update(
            node
            for node, word in self.pairs.words.items()
            if isinstance(node, ast.Name) and word not in names
        )
        scope = next(iter(self.todo.values())).site.scope
        written.roots += [(scope, it.value) for it in trees.roots_in(new) if it not in before]
        _splice(self.text, self.span, with_comments(new, comments_in(self.text.read(self.span))))

    def _visit(self, node: cst.CSTNode) -> cst.CSTNode:
        """The node as it is to be; only what leads to a site is looked at."""
        if node not in self.above:
            return node
        changes: dict[str, object] = {}
        for name in trees.fields(type(node)):
            value = getattr(node, name)
            if isinstance(value, cst.CSTNode):
                new = self._visit(value)
                if new is not value:
                    changes[name] = new
            elif isinstance(value, (list, tuple)):
                items = [self._visit(item) for item in value]
                if any(now is not old for now, old in zip(items, value, strict=True)):
                    changes[name] = items
        plan = self.todo.get(node)
        if changes:
            node = node.with_changes(**changes)
        return node if plan is None else self._answered(plan, node)

    def _answered(self, plan: Plan, node: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(node, cst.BaseExpression)
        site = plan.site
        answer = plan.answer if plan.node is None else plan.decide(node)
        if answer is None:
            return node
        old = self.text.of(site.node)
        new = _new_name(site, answer, old)
        if answer.change is not None:
            node = answer.change(node)
        elif answer.new is not None:
            node = answer.new.written()
        if new != old and plan.node is None:
            node = _path(new, node)
        elif new != old and isinstance(node, cst.Call):
            node = node.with_changes(func=_path(new, node.func))
        self.done.append((plan, answer, old, new))
        self.marks[site.node] = trees.mark_of(node)
        if answer.around is not None:
            node = filled(f"{site.spell(answer.around)}({{}})", node)
        return node


_LINE_ENDS = re.compile(r"\r\n?")


def _parsed(text: str, line: int) -> cst.BaseExpression:
    """The tree of an expression, with line ends of one kind: LibCST knows one a text."""
    try:
        # The parentheses make one line of several; they are none of the expression's.
        tree = cst.parse_expression("(" + _LINE_ENDS.sub("\n", text) + ")")
        return tree.with_changes(lpar=tree.lpar[1:], rpar=tree.rpar[:-1])
    except cst.ParserSyntaxError as error:
        raise RewriteError(f"LibCST cannot parse this expression: {error.message}", line) from None


def _path(new: str, old: cst.BaseExpression) -> cst.BaseExpression:
    """The expression of a dotted path, in the parentheses that the old one had."""
    if "(" not in new:
        return dotted(new).with_changes(lpar=old.lpar, rpar=old.rpar)
    path = cst.parse_expression(_LINE_ENDS.sub("\n", new))
    return path.with_changes(lpar=(*old.lpar, *path.lpar), rpar=(*path.rpar, *old.rpar))


_WORDS = re.compile(r"\w+|[^\S\r\n]+|\r\n|\r|\n|.")


def _splice(text: Text, span: Span, new: str) -> None:
    """Write what differs between two texts, so that lines may be aligned, and no more."""
    before, after = _WORDS.findall(text.read(span)), _WORDS.findall(new)
    at = [span.start]
    for word in before:
        at.append(at[-1] + len(word.encode()))
    before = ["\n" if word in ("\r\n", "\r") else word for word in before]
    if before == after:
        return
    for i1, i2, j1, j2 in _differences(before, after):
        piece = "".join(after[j1:j2]).replace("\n", text.newline())
        text.replace(Span(at[i1], at[i2]), piece)


# `SequenceMatcher` finds the fewest differences, for which it compares each word with all others.
_FEW_WORDS = 600
# So many equal words are no accident, and so far they are looked for at first.
_SURE, _NEAR = 4, 64


def _differences(before: list[str], after: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """What differs: where it begins and ends in each of two lists of words."""
    if len(before) + len(after) < _FEW_WORDS:
        # What begins alike stays there: `v1.f` becomes `v1.compat.v1.f` behind its first `v1`.
        pairs = zip(before, after, strict=False)
        shorter = min(len(before), len(after))
        alike = next((i for i, (old, new) in enumerate(pairs) if old != new), shorter)
        matcher = SequenceMatcher(None, before[alike:], after[alike:], autojunk=False)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes():
            if tag != "equal":
                yield alike + i1, alike + i2, alike + j1, alike + j2
        return
    i = j = 0
    while i < len(before) or j < len(after):
        if before[i : i + 1] == after[j : j + 1]:
            i, j = i + 1, j + 1
            continue
        i2, j2 = _met_again(before, after, i, j)
        yield i, i2, j, j2
        i, j = i2, j2


def _met_again(before: list[str], after: list[str], i: int, j: int) -> tuple[int, int]:
    """Where two lists that differ here are the same again, nearest by."""
    far = _NEAR
    while True:
        there: dict[tuple[str, ...], int] = {}
        for b in range(j, min(j + far, len(after))):
            there.setdefault(tuple(after[b : b + _SURE]), b)
        near = range(i, min(i + far, len(before)))
        met = ((a, there.get(tuple(before[a : a + _SURE]))) for a in near)
        found = [(a, b) for a, b in met if b is not None]
        if found:
            return min(found, key=sum)
        if i + far >= len(before) and j + far >= len(after):
            return len(before), len(after)
        far *= 2
