"""Questions about which TensorFlow this is, which TensorFlow 1 and 2 answer otherwise.

Where a comparison of `tf.__version__` chooses another side on TensorFlow 2 than it did on 1.15, the
branch is left for a person, who keeps the side that was taken. Questions with one answer
(`tf.__version__ == "0.12"`) say nothing. What is asked for by `hasattr(tf, "...")` and
`"..." in dir(tf)` the rule `symbols` looks at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.analysis.questions import VERSIONS, is_version
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.kept(
    """
        import tensorflow as tf

        multiply = tf.mul if tf.__version__ < "1.0" else tf.multiply
        rate = 0.1 if tf.__version__.startswith("1.") else 0.001
        """,
    why="TensorFlow 1.15 says True here, TensorFlow 2 says False",
)

_BEFORE, _NOW = [f"1.15.{patch}" for patch in range(6)], "2.21.0"


def _numbers(version: str) -> list[int]:
    """A version as what parses it compares it."""
    return [int(number) for number in re.findall(r"\d+", version)]


# What may stand in a question whose answer is asked for: nothing of it can do anything.
_PARSERS = ("LooseVersion", "StrictVersion", "Version", "parse_version", "parse")
_FUNCTIONS = dict.fromkeys(_PARSERS, _numbers) | {
    kind.__name__: kind for kind in (int, float, str, list, tuple, map, len)
}
_MOST_NAMES = 20
_METHODS = frozenset({"startswith", "endswith", "split"})
_NODES = (
    *(ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Not, ast.USub),
    *(ast.Call, ast.Subscript, ast.Slice, ast.ListComp, ast.GeneratorExp, ast.comprehension),
    *(ast.Attribute, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.expr_context),
)


class _CannotTellError(Exception):
    """The value of an expression does not follow from the version alone."""


_FAILURES = (
    *(_CannotTellError, TypeError, ValueError, IndexError, AttributeError, NameError),
    *(RecursionError, MemoryError),
)


@rule.uses(*VERSIONS)
def look_at_questions(site: Site) -> Iterator[Answer]:
    """Leave comparisons of the version that have another answer now."""
    if site.name == "tensorflow.VERSION":
        yield becomes("tensorflow.version.VERSION")
    seen: set[ast.expr] = set()
    for reader, scope in _readers(site, site.node, site.scope):
        question = _question(site, reader)
        if question is not None and question not in seen:
            seen.add(question)
            yield from _told(replace(site, scope=scope), question)


def _readers(
    site: Site, node: ast.expr, scope: Scope, depth: int = 0
) -> Iterator[tuple[ast.expr, Scope]]:
    """The version where it stands, and names that are bound to what is made of it."""
    yield node, scope
    names = [
        target
        for above in site.ancestors(node)
        if isinstance(above, ast.Assign)
        for target in above.targets
        if isinstance(target, ast.Name)
    ]
    for name in names if depth < 3 else ():
        for chain in site.module.names.chains.get(name.id, ()):
            if chain.scope.lookup(name.id) == scope.lookup(name.id):
                yield from _readers(site, chain.root, chain.scope, depth + 1)


def _question(site: Site, node: ast.expr) -> ast.expr | None:
    """The comparison, or the call of `startswith`, that the node stands in."""
    for above in site.ancestors(node):
        if isinstance(above, ast.Compare):
            return above
        function = above.func if isinstance(above, ast.Call) else None
        if isinstance(function, ast.Attribute) and function.attr in {"startswith", "endswith"}:
            return above  # type: ignore[return-value]
        if isinstance(above, ast.stmt):
            return None
    return None


def _told(site: Site, question: ast.expr) -> Iterator[Answer]:
    try:
        before, now = (
            [_answered(site, question, v) for v in _BEFORE],
            _answered(site, question, _NOW),
        )
    except _FAILURES:
        yield left("compares versions of TensorFlow: keep what TensorFlow 1.15 took", question)
        return
    other = next((answer for answer in before if answer != now), now)
    if other != now:
        said = f"TensorFlow 1.15 says {other} here, TensorFlow 2 says {now}"
        yield left(f"{said}: keep what TensorFlow 1.15 took", question)


def _answered(site: Site, question: ast.expr, version: str) -> object:
    """What a question says under a version of TensorFlow."""
    plain = ast.Expression(_Plain(site, version).visit(deepcopy(question)))
    for node in ast.walk(plain.body):
        if not isinstance(node, _NODES):
            raise _CannotTellError
    ast.fix_missing_locations(plain)
    names: dict[str, object] = {"__builtins__": {}, **_FUNCTIONS}
    return eval(compile(plain, "<question>", "eval"), names)


class _Plain(ast.NodeTransformer):
    """Writes the version where it is asked for, and for names what they are bound to."""

    def __init__(self, site: Site, version: str) -> None:
        self._site = site
        self._version = version
        self._own: set[str] = set()
        self._followed = 0

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._comprehended(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._comprehended(node)

    def _comprehended(self, node: ast.ListComp | ast.GeneratorExp) -> ast.AST:
        target = node.generators[0].target
        if len(node.generators) > 1 or self._own or not isinstance(target, ast.Name):
            raise _CannotTellError
        self._own.add(target.id)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = self._site.text_of(node.func).rpartition(".")[2]
        if isinstance(node.func, ast.Attribute) and name in _METHODS:
            return self.generic_visit(node)
        if name not in _FUNCTIONS or node.keywords:
            raise _CannotTellError
        node.func = ast.Name(name, ast.Load())
        node.args = [self.visit(argument) for argument in node.args]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if is_version(self._site, node):
            return ast.Constant(self._version)
        if node.attr not in _METHODS:
            raise _CannotTellError
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._own or node.id in _FUNCTIONS:
            return node
        if is_version(self._site, node):
            return ast.Constant(self._version)
        value = self._site.scope.value_of(node.id)
        self._followed += 1
        if value is None or _reads(value, node.id) or self._followed > _MOST_NAMES:
            raise _CannotTellError
        return self.visit(deepcopy(value))  # type: ignore[no-any-return]


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(value))
