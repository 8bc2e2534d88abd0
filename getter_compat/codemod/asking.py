"""The rules are asked about the sites of a text, and answer: nothing is written yet."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from getter_compat.codemod import own_rules
from getter_compat.codemod.analysis.module import Module
from getter_compat.codemod.analysis.names import Chain, Resolved, below_v1
from getter_compat.codemod.analysis.sites import Site, is_changed, leading, stands_where_told
from getter_compat.codemod.answers import NAMED_AS_IN_TF1, Answer, Answers, left, several, stays
from getter_compat.codemod.findings import RewriteError, went_wrong
from getter_compat.codemod.rewriting.spelling import Spelling
from getter_compat.codemod.rewriting.splice import Plan
from getter_compat.codemod.rules import RULES, Calls, Handler
from getter_compat.codemod.ruleset import RuleSet
from getter_compat.tables.programs import GRAPH_KEYS, NAMED_OTHERWISE

if TYPE_CHECKING:
    import libcst as cst

_CHANGED = "TensorFlow itself is changed here: what reads it cannot be seen"
# A rule of somebody's own that leaves by `sys.exit` is at fault, too.
_ERRORS = (Exception, SystemExit)
_UNPLACED = "inside an f-string that this Python cannot place: rewrite by hand"


def plans(module: Module, spelling: Spelling, rules: RuleSet) -> Iterator[Plan]:
    """What the rules answer, for every site of the text."""
    for chain, resolved in leading(module.names):
        if not spelling.settled(chain):
            yield from _ask(module, spelling, rules, chain, resolved)
    changed: set[tuple[int, int]] = set()
    """Where nodes change: what a rule for one target says of the old ones is no longer true."""
    for rule, look, nodes in rules.looked_at(module.names, module.text.source):
        for node, scope in nodes:
            assert isinstance(node, (ast.expr, ast.stmt))
            place = (node.lineno, node.col_offset)
            if module.ignored(node, rule) or (rules.is_for_target(rule) and place in changed):
                continue
            call = module.call_of(node)
            site = Site(node, scope, module, spelling, call=call)  # type: ignore[arg-type]
            for plan in _planned(rule, site, _asked(rule, site, look)):
                if plan.node is not None:
                    changed.add((plan.node.lineno, plan.node.col_offset))
                yield plan


_NAMED_AS_IN_TF1 = Handler(lambda site: stays(NAMED_AS_IN_TF1))


def _ask(
    module: Module, spelling: Spelling, rules: RuleSet, chain: Chain, resolved: Resolved
) -> Iterator[Plan]:
    """Hand a dotted expression to the rule that knows it."""
    known = rules.find(chain.node, resolved.name)
    if known is None:
        return
    node, rule, handler = known
    name = module.names.resolve(node, chain.scope)
    assert name is not None
    call = module.call_of(node)
    site = Site(node, chain.scope, module, spelling, name.name, name.v1, chain, call)
    operations = NAMED_OTHERWISE.get(name.name.removeprefix("tensorflow."))
    if operations is not None and module.names_operations(operations):
        call, handler = None, _NAMED_AS_IN_TF1
    if not stands_where_told(module, node, chain.root):
        yield Plan(rule, site, left(_UNPLACED))
    elif call is not None and not name.v1 and rules.is_settled(name.name, call):
        return
    elif module.ignored(node, rule):
        if name.v1 and rules.knows(name.name):
            # Its import may come to mean TensorFlow 2.
            yield Plan(rule, site, Answer(below_v1(name.name), silent=True))
    elif _is_lost(chain, resolved) and rules.knows_part_of(resolved.name):
        yield Plan(rule, site, left(_CHANGED, chain.node))
    else:
        yield from _of_name(rule, site, handler)


def _is_lost(chain: Chain, resolved: Resolved) -> bool:
    """Whether what is changed is not what the program's other files, or TensorFlow's own, read."""
    owner, _, name = resolved.name.rpartition(".")
    # A name of a project's own for a collection: all that read it read it from the same class.
    is_own_key = owner == "tensorflow.GraphKeys" and name not in GRAPH_KEYS
    return is_changed(chain) and not is_own_key


def _of_name(rule: str, site: Site, handler: Handler) -> Iterator[Plan]:
    calls, call = handler.calls, site.call
    if calls is None or call is None:
        yield from _planned(rule, site, _asked(rule, site, handler.uses))
    elif calls.may_bind(call):
        answers = _asked(rule, site, calls.at_once)
        yield from _planned(rule, site, answers)
        if not answers:
            yield Plan(rule, site, node=call, decide=partial(_decide, rule, site, calls))
    else:
        yield from _planned(rule, site, _asked(rule, site, handler.unseen))


def _planned(rule: str, site: Site, answers: tuple[Answer, ...]) -> Iterator[Plan]:
    for answer in answers:
        if answer.change is None:
            yield Plan(rule, site, answer)
        else:
            assert answer.node is not None
            there = replace(site, node=answer.node, name="", chain=None, call=None)
            yield Plan(rule, there, node=answer.node, decide=partial(_changed, rule, answer))


def _changed(rule: str, answer: Answer, node: cst.BaseExpression) -> Answer:
    """The answer with the node written; its parentheses stay around what it becomes."""
    from getter_compat.codemod.rewriting.calls import code

    assert answer.change is not None
    assert answer.node is not None
    try:
        bare = answer.change(node.with_changes(lpar=(), rpar=()))
        if not hasattr(bare, "lpar"):
            raise TypeError(f"a node becomes an expression of LibCST's, found {bare!r}")
        if RULES[rule].file:
            code(bare)  # Nodes that cannot be written are found out here.
    except _ERRORS as error:
        raise _blamed(error, rule, answer.node, answer.change) from None
    around = {"lpar": (*node.lpar, *bare.lpar), "rpar": (*bare.rpar, *node.rpar)}
    return replace(answer, change=lambda _: bare.with_changes(**around))


def _asked(rule: str, site: Site, ask: Callable[[Site], Answers]) -> tuple[Answer, ...]:
    try:
        return several(ask(site))
    except _ERRORS as error:
        raise _blamed(error, rule, site.node, ask) from None


def _decide(rule: str, site: Site, calls: Calls, node: cst.BaseExpression) -> Answer | None:
    """What the rule makes of a call whose arguments are rewritten already."""
    assert site.call is not None
    try:
        answer = next(iter(several(calls.answer(site, calls.bind(node, site.call)))), None)
    except _ERRORS as error:
        raise _blamed(error, rule, site.node, calls.answer) from None
    if answer is None or answer.change is None:
        return answer
    return _changed(rule, replace(answer, node=site.call), node)


def _blamed(
    error: BaseException, rule: str, node: ast.AST, function: Callable[..., object]
) -> BaseException:
    """The exception, which if a rule did not foresee it says where its function was at work."""
    known = RULES.get(rule)
    is_at_fault = isinstance(error, RecursionError) and (
        known is not None and own_rules.recurses(error, known.file)
    )
    if isinstance(error, (RewriteError, RecursionError)) and not is_at_fault:
        return error  # of the text: it is nested too deeply, for one
    at = f" ({own_rules.place_of(error, known.file, function)})" if known and known.file else ""
    return went_wrong(f"the rule {rule}{at}", error, getattr(node, "lineno", 1))
