"""The rules of a run, arranged for looking up: which one handles a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from getter_compat.codemod.analysis.names import Looked, Names, prefixes
from getter_compat.codemod.rules import (
    GAP,
    RULES,
    Attributes,
    CallTest,
    Handler,
    Nodes,
    Use,
    in_order,
    renamer,
)


class RuleSet:
    """Chosen rules. The longest name that one knows wins, an exact name before a prefix."""

    def __init__(self, names: frozenset[str]) -> None:
        self.rules = in_order(names)
        self.renamed: dict[str, str] = {}
        """Names that have a drop-in successor."""
        self.moved: dict[str, str] = {}
        """Modules that have one for a part of what is in them."""
        self._looks: list[tuple[str, Nodes | Attributes, Use]] = []
        self._by_name: dict[str, tuple[str, Handler]] = {}
        self._settled: dict[str, CallTest] = {}
        self._by_prefix: dict[str, tuple[str, Handler]] = {}
        for name, rule in self.rules.items():
            self.renamed.update(rule.renamed)
            self.moved.update(rule.moved)
            for old, new in rule.renamed.items():
                self._by_name[old] = (name, renamer(new))
                self._settled.pop(old, None)
            for old, handler in rule.by_name.items():
                self._by_name[old] = (name, handler)
                self._settled.pop(old, None)
            self._settled.update(rule.settled)
            for prefix, handler in rule.by_prefix.items():
                self._by_prefix[prefix] = (name, handler)
            self._looks += [(name, *look) for look in rule.looks]
        # A rule for one target looks at what the others have left.
        self._looks.sort(key=lambda item: RULES[item[0]].target is not None)
        looks = [look for _, look, _ in self._looks]
        self._texts = {look.texts for look in looks if isinstance(look, Nodes)}
        asked = {name for look in looks if isinstance(look, Attributes) for name in look.names}
        self._attributes = re.compile(rf"\.{GAP}(?:{'|'.join(sorted(asked)) or '(?!)'})\b")
        self._modules = {module for name in self._by_name for module in prefixes(_above(name))}
        self._modules |= {module for name in self._by_prefix for module in prefixes(name)}

    def is_for_target(self, rule: str) -> bool:
        """Whether a rule is for one target alone."""
        return self.rules[rule].target is not None

    def looks_at_nodes(self, source: str) -> bool:
        """Whether the text is one in which a rule looks at nodes, whatever their names."""
        return self._attributes.search(source) is not None or any(
            texts.have(source) for texts in self._texts
        )

    def looked_at(self, names: Names, source: str) -> Iterator[tuple[str, Use, list[Looked]]]:
        """The nodes of a text that a rule looks at whatever their names, with its function."""
        known: dict[int, bool] = {}
        for rule, look, function in self._looks:
            if isinstance(look, Attributes):
                for name in look.names:
                    yield rule, function, names.attributes.get(name, [])
            elif nodes := names.nodes.get(look.kind):
                # Few texts are told apart by many rules, and telling takes long.
                key = id(look.texts)
                if key not in known:
                    known[key] = look.texts.have(source)
                if known[key]:
                    yield rule, function, nodes

    def knows_below(self, name: str) -> bool:
        """Whether this is a module with names that a rule handles."""
        return name in self._modules

    def knows_part_of(self, name: str) -> bool:
        """Whether a rule handles this name, or a module above it, by its very name."""
        return any(part in self._by_name for part in prefixes(name))

    def is_settled(self, name: str, call: ast.Call) -> bool:
        """Whether a call of this name is plainly one in which a rule has nothing to do."""
        test = self._settled.get(name)
        return test is not None and test(name, call)

    def knows(self, name: str) -> bool:
        """Whether a rule handles this very name."""
        return name in self._by_name

    def __contains__(self, name: str) -> bool:
        return name in self.rules

    def find(self, node: ast.expr, name: str) -> tuple[ast.expr, str, Handler] | None:
        """The part of a dotted expression that a rule knows, the rule, and its function."""
        part, known = node, name
        while known not in self._by_name and isinstance(part, ast.Attribute):
            part, known = part.value, _above(known)
        if known in self._by_name:
            return (part, *self._by_name[known])
        for prefix in prefixes(name):
            if prefix in self._by_prefix:
                return (node, *self._by_prefix[prefix])
        return None

    def leaves(self, name: str, module: str) -> bool:
        """Whether a name below a moved module is rewritten: renamed, or taken by another rule."""
        if self.successor(name) is not None:
            return True
        mover = self._by_name[module][0]
        takers = (self._by_name[part][0] for part in prefixes(name) if part in self._by_name)
        return any(taker != mover for taker in takers)

    def successor(self, name: str) -> str | None:
        """The dotted path that stands for a TF1 name in TF 2; None if there is none."""
        for prefix in prefixes(name):
            if prefix in self.renamed:
                return self.renamed[prefix] + name[len(prefix) :]
        return None


def _above(name: str) -> str:
    return name.rpartition(".")[0]


@cache
def rule_set(names: frozenset[str], target: str) -> RuleSet:
    """The rules of these names that are for the target; arranged once a process."""
    return RuleSet(frozenset(name for name in names if RULES[name].target in (None, target)))
