"""The rules, one file each, and the registry that finds them.

A rule file makes one `Rule(__name__)`, describes itself in its docstring (what it matches, what it
writes, an example before and after) and registers what it handles:

* `rule.renames({...})`: names that have a drop-in successor, arguments untouched;
* `rule.modules({...})`: modules to import another one for, where all that a text uses of them is
  in that one or is rewritten;
* `@rule.names(...)`: a function that handles the sites of some names;
* `@rule.prefixes(...)`: the same for everything below a module;
* `@rule.nodes(...)`: a function that looks at every node of a kind, whatever its name, in texts
  that match one of some patterns.
"""

from __future__ import annotations

import ast
import pkgutil
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, TypeAlias

from getter_compat.codemod.guessing import suggestion

if TYPE_CHECKING:
    from getter_compat.codemod.analysis.names import Scope
    from getter_compat.codemod.page import Page, Site

SiteHandler: TypeAlias = "Callable[[Page, Site], None]"
NodeHandler: TypeAlias = "Callable[[Page, ast.AST, Scope], None]"
CallTest: TypeAlias = "Callable[[str, ast.Call], bool]"

RULES: dict[str, Rule] = {}


class Rule:
    """What one file in this package knows how to rewrite."""

    def __init__(self, module_name: str, *, last: bool = False, target: str | None = None) -> None:
        self.target = target
        """The only target that the rule is for, if there is one."""
        self.last = last
        """Whether every other rule that knows a name comes before this one."""
        self.name = module_name.rpartition(".")[2]
        self.renamed: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.by_name: dict[str, SiteHandler] = {}
        self.settled: dict[str, CallTest | None] = {}
        self.by_prefix: dict[str, SiteHandler] = {}
        self.by_node: list[tuple[type[ast.AST], tuple[str, ...], NodeHandler]] = []
        self._module_name = module_name
        RULES[self.name] = self

    @property
    def doc(self) -> str:
        """The docstring of the rule's file."""
        return (sys.modules[self._module_name].__doc__ or "").strip()

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return self.doc.partition("\n")[0]

    def renames(self, table: Mapping[str, str]) -> None:
        """Register names whose successor takes the same arguments."""
        self.renamed.update(table)

    def modules(self, table: Mapping[str, str]) -> None:
        """Register modules whose names may stand for another module."""
        self.moved.update(table)

    def names(
        self, *names: str, unless: CallTest | None = None
    ) -> Callable[[SiteHandler], SiteHandler]:
        """Register a function for the sites of these names.

        `unless` tells from a call alone that there is nothing to do, which saves a closer look.
        """

        def register(handler: SiteHandler) -> SiteHandler:
            self.by_name.update(dict.fromkeys(names, handler))
            self.settled.update(dict.fromkeys(names, unless))
            return handler

        return register

    def prefixes(self, *prefixes: str) -> Callable[[SiteHandler], SiteHandler]:
        """Register a function for the sites of everything below these modules."""

        def register(handler: SiteHandler) -> SiteHandler:
            self.by_prefix.update(dict.fromkeys(prefixes, handler))
            return handler

        return register

    def nodes(
        self, *kinds: type[ast.AST], where: tuple[str, ...] = ("",)
    ) -> Callable[[NodeHandler], NodeHandler]:
        """Register a function for all nodes of these kinds, in texts where a pattern is found.

        A pattern that begins with plain letters is found quickly.
        """

        def register(handler: NodeHandler) -> NodeHandler:
            self.by_node += [(kind, where, handler) for kind in kinds]
            return handler

        return register


def selected(select: Iterable[str] | None, ignore: Iterable[str]) -> dict[str, Rule]:
    """The rules that a run uses; ValueError for a name that is no rule."""
    wanted = set(RULES if select is None else select)
    unknown = sorted((wanted | set(ignore)) - set(RULES))
    if unknown:
        raise ValueError(no_such_rule(*unknown))
    return in_order(wanted - set(ignore))


def no_such_rule(*names: str) -> str:
    """What is said of names that are no rules."""
    meant = suggestion(names[0], RULES) if len(names) == 1 else ""
    return f"no such rule: {', '.join(names)}{meant} (--list-rules shows them)"


def in_order(names: Iterable[str]) -> dict[str, Rule]:
    """The rules of these names; of two that know a name, the later one has it."""
    chosen = [RULES[name] for name in sorted(names)]
    return {rule.name: rule for rule in sorted(chosen, key=lambda rule: not rule.last)}


def _import_rules() -> None:
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


_import_rules()
