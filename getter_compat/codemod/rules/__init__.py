"""The rules, one file each, and the registry that finds them.

A rule file makes one `Rule(__name__)`, says in its docstring what it matches and what it writes,
shows it by examples, and registers what it handles. A rule is asked about a site, and answers;
`codemod/answers.py` has the answers. Its examples are tried by the tests, and are the programs on
its page, `docs/rules/NAME.md`, which `--explain` prints.

* `rule.example(before, after)`: what a program becomes; `rule.kept(text, why)`: one that stays;

* `rule.renames({...})`: names that have a drop-in successor, arguments untouched;
* `rule.modules({...})`: modules to import another one for, where all that a text uses of them is
  in that one or is rewritten;
* `@rule.calls(...)`: a function `(site, call) -> answer` for the calls of some names; the call is
  bound to the parameters that the rule declares, and where that cannot be done it is left;
* `@rule.uses(...)`: a function `(site) -> answer` for all uses of some names, or for those that are
  no calls where the rule has a function for calls;
* `@rule.below(...)`: the same for everything below a module;
* `@rule.attributes(...)`: a function `(site) -> answers` for attributes of these names, whatever
  they are attributes of;
* `@rule.nodes(...)`: one that looks at every node of a kind, in texts that match a pattern.
"""

from __future__ import annotations

import ast
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from textwrap import dedent
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from getter_compat.codemod.analysis.names import follow
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, Answers, becomes, stays
from getter_compat.codemod.config import TARGETS
from getter_compat.codemod.findings import RewriteError
from getter_compat.guessing import suggestion

if TYPE_CHECKING:
    import libcst as cst

    from getter_compat.codemod.rewriting.calls import Call

Use: TypeAlias = Callable[[Site], Answers]
CallUse: TypeAlias = "Callable[[Site, Call], Answer | None]"
_Use = TypeVar("_Use", bound=Use)
_CallUse = TypeVar("_CallUse", bound="CallUse")
CallTest: TypeAlias = Callable[[str, ast.Call], bool]

RULES: dict[str, Rule] = {}

GAP = r"(?:\s|\\|#[^\r\n]*[\r\n])*"
"""A pattern of what may stand beside a dot: blanks, and in parentheses comments."""


def _nothing(site: Site) -> None:
    return None


@dataclass(frozen=True)
class Calls:
    """What a rule has for the calls of a name."""

    answer: CallUse
    takes: tuple[str, ...] | None
    """The parameters to which the arguments are bound; None to bind none."""
    at_once: Use = _nothing
    """The answer of a call whose arguments stay as they are; None for any other call."""

    def may_bind(self, call: ast.Call) -> bool:
        """Whether every argument is plainly for one of the parameters."""
        if self.takes is None:
            return True
        if len(call.args) > len(self.takes) or any(isinstance(it, ast.Starred) for it in call.args):
            return False
        given = [*self.takes[: len(call.args)], *(keyword.arg for keyword in call.keywords)]
        return len({*given}) == len(given) and {*given} <= {*self.takes}

    def bind(self, node: cst.BaseExpression, call: ast.Call) -> Call:
        """The call with its arguments bound."""
        from getter_compat.codemod.rewriting.calls import bound

        found = bound(node, call, self.takes)
        if found is None:
            raise RewriteError("left alone, cannot tell the arguments apart", call.lineno)
        return found


@dataclass(frozen=True)
class Example:
    """A program, and what it becomes; the same, where it stays as it is."""

    before: str
    after: str
    why: str
    """A part of what is said of what is left in it for a person."""
    target: str
    line: int
    """Where it stands in the file of the rule."""


@dataclass(frozen=True)
class Handler:
    """What a rule has for a name."""

    uses: Use = _nothing
    """For any use, or for one that is no call."""
    calls: Calls | None = None
    unseen: Use = _nothing
    """For a call whose arguments cannot be bound."""


def renamer(target: str) -> Handler:
    """A handler for a name that has a drop-in successor."""
    return Handler(lambda site: becomes(target))


@dataclass(frozen=True)
class Texts:
    """The texts in which a rule looks at nodes."""

    patterns: tuple[re.Pattern[str], ...]
    beside: tuple[str, ...]

    def have(self, source: str) -> bool:
        """Whether a text is one of them."""
        is_beside = any(word in source for word in self.beside)
        return is_beside and any(item.search(source) for item in self.patterns)


@dataclass(frozen=True)
class Nodes:
    """Nodes of a kind that a rule looks at."""

    kind: type[ast.AST]
    texts: Texts


@dataclass(frozen=True)
class Attributes:
    """Attributes that a rule looks at, by their names."""

    names: tuple[str, ...]


class Rule:
    """What one file in this package knows how to rewrite."""

    def __init__(self, module_name: str, *, last: bool = False, target: str | None = None) -> None:
        if not isinstance(module_name, str) or not _NAME_OF_RULE.fullmatch(module_name):
            raise ValueError(f"a rule is called by its file, Rule(__name__), found {module_name!r}")
        if target not in (None, *TARGETS):
            raise ValueError(f"a target is {' or '.join(TARGETS)}, found {target!r}")
        self.target = target
        """The only target that the rule is for, if there is one."""
        self.last = last
        """Whether every other rule that knows a name comes before this one."""
        self.name = module_name.rpartition(".")[2]
        self.renamed: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.by_name: dict[str, Handler] = {}
        self.by_prefix: dict[str, Handler] = {}
        self.looks: list[tuple[Nodes | Attributes, Use]] = []
        self.settled: dict[str, CallTest] = {}
        self.examples: list[Example] = []
        self.file: str | None = None
        """The file, of a rule that a project has of its own."""
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

    def example(self, before: str, after: str, *, why: str = "", target: str | None = None) -> None:
        """Say what a program becomes: a test, and what explains the rule.

        Args:
            before: The program; its indentation, and an empty first line, are taken off.
            after: What it becomes.
            why: Where a part of it is left for a person, what is said of that, or a part of it.
            target: The target of the run, `graph` or `eager`; that of the rule if it has one.
        """
        self._add(before, after, why, target)

    def kept(self, text: str, why: str, *, target: str | None = None) -> None:
        """Say of which program nothing is rewritten, and what is said of it."""
        self._add(text, text, why, target)

    def _add(self, before: str, after: str, why: str, target: str | None) -> None:
        line = sys._getframe(2).f_lineno
        chosen = target or self.target or "graph"
        self.examples.append(Example(_flush(before), _flush(after), why, chosen, line))

    def renames(self, table: Mapping[str, str]) -> None:
        """Register names whose successor takes the same arguments."""
        _check_names(*table, *table.values())
        self.renamed.update(table)
        follow(table)

    def modules(self, table: Mapping[str, str]) -> None:
        """Register modules whose names may stand for another module."""
        _check_names(*table, *table.values())
        self.moved.update(table)

    def calls(
        self,
        *names: str,
        takes: Iterable[str] | None = None,
        unseen: str | Use = _nothing,
        unless: CallTest | None = None,
        at_once: Use = _nothing,
    ) -> Callable[[_CallUse], _CallUse]:
        """Register a function for the calls of these names.

        Args:
            *names: Canonical names, such as `tensorflow.nn.dropout` or `project.ops.conv`.
            takes: The parameters of the function, to which the arguments are bound. A call with a
                star, an unknown keyword or too many arguments is left before the rule is asked.
                Without it, the arguments are handed on as they are written.
            unseen: Why such a call stays TF1's, and a use that is no call: "its labels cannot be
                seen here"; or a function `(site) -> answer`. Without it they stay, unsaid.
            unless: Tells from a call alone that there is nothing to do, which saves a closer look.
            at_once: Has the answer for a call whose arguments stay as they are written; most calls
                are renamed and no more, and LibCST need not parse them for that.
        """
        _check_names(*names)
        if isinstance(takes, str):
            raise ValueError(f"takes is several names, such as ({takes!r},), found {takes!r}")
        parameters = tuple(takes) if takes is not None else None
        hidden = _staying(unseen) if isinstance(unseen, str) else unseen

        follow(names)

        def register(function: _CallUse) -> _CallUse:
            for name in names:
                known = self.by_name.get(name, Handler(hidden))
                calls = Calls(function, parameters, at_once)
                self.by_name[name] = replace(known, calls=calls, unseen=hidden)
                if unless is not None:
                    self.settled[name] = unless
            return function

        return register

    def uses(self, *names: str) -> Callable[[_Use], _Use]:
        """Register a function for uses of these names: all, or those that are no calls."""
        _check_names(*names)
        follow(names)

        def register(function: _Use) -> _Use:
            for name in names:
                self.by_name[name] = replace(self.by_name.get(name, Handler()), uses=function)
            return function

        return register

    def below(self, *modules: str) -> Callable[[_Use], _Use]:
        """Register a function for the uses of everything below these modules."""
        _check_names(*modules)
        follow(modules)

        def register(function: _Use) -> _Use:
            self.by_prefix.update(dict.fromkeys(modules, Handler(function)))
            return function

        return register

    def attributes(self, *names: str) -> Callable[[_Use], _Use]:
        """Register a function for the attributes of these names, of whatever object."""
        _check_names(*names)

        def register(function: _Use) -> _Use:
            self.looks.append((Attributes(names), function))
            return function

        return register

    def nodes(
        self,
        *kinds: type[ast.AST],
        where: tuple[str, ...] = ("",),
        beside: str | tuple[str, ...] = "",
    ) -> Callable[[_Use], _Use]:
        """Register a function for all nodes of these kinds, in texts where a pattern is found.

        Args:
            *kinds: Classes of `ast`.
            where: Regular expressions, one of which the text matches. Each is searched for in
                every file: one that begins with plain letters is found quickly, several that
                do not are better one, `.(?:a|b)`.
            beside: Letters that the text must hold as well, or several, of which it holds one.
        """
        for kind in kinds or (None,):
            if not isinstance(kind, type) or not issubclass(kind, ast.AST):
                raise ValueError(f"kinds of nodes are such as ast.Call, found {kind!r}")
        words = (beside,) if isinstance(beside, str) else beside
        texts = Texts(tuple(map(re.compile, where)), words)

        def register(function: _Use) -> _Use:
            self.looks += [(Nodes(kind, texts), function) for kind in kinds]
            return function

        return register


_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_NAME_OF_RULE = re.compile(r"[\w.]*[\w-]+")


def _check_names(*names: str) -> None:
    """Refuse what is no name: what a rule asks for is never found then, and nobody told."""
    for name in names or ("",):
        if not isinstance(name, str) or not _DOTTED.fullmatch(name):
            raise ValueError(f"{name!r} is no dotted name, such as 'ops.conv'")


def _flush(text: str) -> str:
    """The text without the indentation that it has in the file of a rule."""
    return dedent(text.removeprefix("\n"))


def _staying(message: str) -> Use:
    return lambda site: stays(message)


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
