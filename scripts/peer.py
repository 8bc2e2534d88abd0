"""What tf_upgrade_v2 writes beside what we write, and why the two differ.

`scripts/check_corpus.py --peer` compares them over the corpus. tf_upgrade_v2 reads TensorFlow names
that are spelled `tf.NAME`, so those are what is compared: name by name, and for two calls of one
name argument by argument. `peer_differences.toml` explains the differences.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path

import tomls

from getter_compat.codemod.rewrite import parse

EXPLANATIONS = Path(__file__).parent / "peer_differences.toml"


class PeerError(Exception):
    """tf_upgrade_v2 cannot read the text."""


@dataclass
class Comparison:
    """What comparing many files gave."""

    files: int = 0
    agreed: int = 0
    unread: list[str] = field(default_factory=list)
    """The files that tf_upgrade_v2 cannot read, and why."""
    explained: Counter[str] = field(default_factory=Counter)
    """How many differences each reason explains."""
    unexplained: Counter[Difference] = field(default_factory=Counter)
    places: dict[Difference, str] = field(default_factory=dict)
    """Where each unexplained difference is first."""

    def add(self, path: Path, before: str, ours: str) -> None:
        """Compare what the two make of a file."""
        try:
            theirs = upgraded(before)
        except PeerError as error:
            self.unread.append(f"{path}: {error}")
            return
        self.files += 1
        for difference, line in compared(ours, theirs):
            if difference is None:
                self.agreed += 1
                continue
            reason = explanation(difference)
            if reason is not None:
                self.explained[reason] += 1
                continue
            self.unexplained[difference] += 1
            self.places.setdefault(difference, f"{path}:{line}")

    def report(self) -> str:
        """The counts, what is explained and how, and what is not."""
        lines = [
            f"files that tf_upgrade_v2 can read: {self.files:,}, cannot read: {len(self.unread)}",
            f"{self.agreed:,} uses alike, {self.explained.total():,} not alike and explained, "
            f"{self.unexplained.total():,} not explained",
        ]
        lines += [f"{number:6,}  {reason}" for reason, number in self.explained.most_common()]
        for difference, number in self.unexplained.most_common():
            place = self.places[difference]
            lines.append(
                f"{number:6,}  ? {difference.ours or '-'} | {difference.theirs or '-'}, {place}"
            )
        return "\n".join(lines)


@dataclass(frozen=True)
class Difference:
    """A place where the two do not write the same; "" where one writes nothing."""

    ours: str
    theirs: str


@dataclass(frozen=True)
class Explanation:
    """Why some differences are as they are; patterns as the shell's."""

    reason: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    def covers(self, difference: Difference) -> bool:
        """Whether both sides match."""
        return any(fnmatchcase(difference.ours, pattern) for pattern in self.ours) and any(
            fnmatchcase(difference.theirs, pattern) for pattern in self.theirs
        )


@cache
def explanations() -> tuple[Explanation, ...]:
    """All of them; the first that covers a difference is its own."""
    return tuple(
        Explanation(item["reason"], _listed(item["ours"]), _listed(item["theirs"]))
        for item in tomls.read(EXPLANATIONS)["difference"]
    )


def explanation(difference: Difference) -> str | None:
    """Why the two differ there; None if nothing says so."""
    return next((item.reason for item in explanations() if item.covers(difference)), None)


def _listed(patterns: str | list[str]) -> tuple[str, ...]:
    return (patterns,) if isinstance(patterns, str) else tuple(patterns)


def upgraded(text: str) -> str:
    """What tf_upgrade_v2 makes of a text."""
    from tensorflow.tools.compatibility import ast_edits, tf_upgrade_v2

    spec = tf_upgrade_v2.TFAPIChangeSpec(upgrade_compat_v1_import=True)
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upgrader = ast_edits.ASTCodeUpgrader(spec)
            done, result, _, _ = upgrader.update_string_pasta(text, "text.py")
    except Exception as error:
        raise PeerError(f"{type(error).__name__}: {error}") from error
    if not done:
        raise PeerError("does not parse")
    return str(result)


@dataclass(frozen=True, eq=False)
class Use:
    """A dotted name below `tf` or `getter_compat`, and its call if it is called."""

    name: str
    node: ast.expr
    call: ast.Call | None

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The arguments by keyword or number, as far as TensorFlow names do not matter in them."""
        if self.call is None:
            return {}
        found = {str(number): _plain(value) for number, value in enumerate(self.call.args)}
        for keyword in self.call.keywords:
            found[f"{keyword.arg}=" if keyword.arg else "**"] = _plain(keyword.value)
        return found

    def told_with(self, arguments: Sequence[str]) -> str:
        """The call with some of its arguments."""
        told = (
            f"{key if key.endswith('=') else ''}{self.arguments[key]}"
            for key in arguments
            if key in self.arguments
        )
        return f"{self.name}({', '.join(told)})"


def uses(text: str) -> list[Use]:
    """The uses in a text, in its order."""
    nodes = list(ast.walk(parse(text)))
    inner = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    calls = {id(node.func): node for node in nodes if isinstance(node, ast.Call)}
    found = [
        Use(ast.unparse(node), node, calls.get(id(node)))
        for node in nodes
        if isinstance(node, ast.Attribute) and id(node) not in inner and _is_use(node)
    ]
    return sorted(found, key=lambda use: (use.node.lineno, use.node.col_offset))


def _is_use(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("tf", "getter_compat")


class _Plain(ast.NodeTransformer):
    """Puts `tf` for every use, which is compared by itself."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return ast.Name("tf") if _is_use(node.func) else self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return ast.Name("tf") if _is_use(node) else self.generic_visit(node)


def _plain(node: ast.expr) -> str:
    star = "*" if isinstance(node, ast.Starred) else ""
    inner = node.value if isinstance(node, ast.Starred) else node
    copied = ast.parse(ast.unparse(inner), mode="eval")
    return star + ast.unparse(_Plain().visit(copied))


def compared(ours: str, theirs: str) -> Iterator[tuple[Difference | None, int]]:
    """Use by use the difference, None where there is none, and the line in our text or theirs."""
    for mine, other in _aligned(uses(ours), uses(theirs)):
        use = mine or other
        assert use is not None
        yield _difference(mine, other), use.node.lineno


def _aligned(ours: list[Use], theirs: list[Use]) -> Iterator[tuple[Use | None, Use | None]]:
    """The uses that stand for the same one before, as far as their order tells."""
    matcher = difflib.SequenceMatcher(None, _keys(ours), _keys(theirs), autojunk=False)
    for _, start, end, their_start, their_end in matcher.get_opcodes():
        mine, other = ours[start:end], theirs[their_start:their_end]
        if len(mine) == len(other):
            yield from zip(mine, other, strict=True)
        else:
            yield from _paired(mine, other)


def _paired(ours: list[Use], theirs: list[Use]) -> Iterator[tuple[Use | None, Use | None]]:
    """Pairs with one key; the rest alone."""
    left = list(theirs)
    for mine in ours:
        other = next((use for use in left if _key(use) == _key(mine)), None)
        if other is not None:
            left.remove(other)
        yield mine, other
    for other in left:
        yield None, other


def _keys(found: list[Use]) -> list[str]:
    return [_key(use) for use in found]


def _key(use: Use) -> str:
    """What both names of a symbol that moved have in common."""
    last = re.sub("[^a-z0-9]", "", use.name.rpartition(".")[2].lower())
    return "variablescope" if last == "getterscope" else last


def _difference(mine: Use | None, other: Use | None) -> Difference | None:
    if mine is None or other is None:
        return Difference(mine.name if mine else "", other.name if other else "")
    if mine.name != other.name:
        return Difference(mine.name, other.name)
    keys = [*mine.arguments, *(key for key in other.arguments if key not in mine.arguments)]
    changed = [key for key in keys if mine.arguments.get(key) != other.arguments.get(key)]
    if not changed:
        return None
    return Difference(mine.told_with(changed), other.told_with(changed))
