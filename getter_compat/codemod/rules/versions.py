"""Questions about which TensorFlow this is, which TensorFlow 1 and 2 answer otherwise.

Where a comparison of `tf.__version__` chooses another side on TensorFlow 2 than it did on 1.15, the
branch is left for a person, who keeps the side that was taken. Questions with one answer
(`tf.__version__ == "0.12"`) say nothing. What is asked for by `hasattr(tf, "...")` and
`"..." in dir(tf)` the rule `symbols` looks at, with the functions that stand here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from getter_compat.codemod.analysis.names import Scope, prefixes
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rules import Rule
from getter_compat.tables.symbols import GONE, RENAMES, V1_ONLY, V2

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
_VERSIONS = {f"tensorflow.{name}" for name in ("__version__", "VERSION", "version.VERSION")}


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


@rule.uses(*_VERSIONS)
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
        if _is_version(self._site, node):
            return ast.Constant(self._version)
        if node.attr not in _METHODS:
            raise _CannotTellError
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._own or node.id in _FUNCTIONS:
            return node
        if _is_version(self._site, node):
            return ast.Constant(self._version)
        value = self._site.scope.value_of(node.id)
        self._followed += 1
        if value is None or _reads(value, node.id) or self._followed > _MOST_NAMES:
            raise _CannotTellError
        return self.visit(deepcopy(value))  # type: ignore[no-any-return]


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(value))


def _is_version(site: Site, node: ast.expr) -> bool:
    resolved = site.resolve(node)
    return resolved is not None and resolved.name in _VERSIONS


# Names that are asked for.


def look_for_name(site: Site) -> Answer | None:
    """The answer for a module that is asked whether it has a name; see `is_asked`."""
    name = _asked_name(site)
    if name is None or not _is_of_tensorflow_1(name):
        return None
    return left(f"TensorFlow 1.15 has tf.{name}, TensorFlow 2 has not: keep what it took")


def is_asked(site: Site) -> bool:
    """Whether a module is only asked for a name: `hasattr(tf, "mul")`, `"mul" in dir(tf)`."""
    return _asked_name(site) is not None


def _asked_name(site: Site) -> str | None:
    call = site.parent(site.node)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    asked: ast.AST | None = None
    if call.func.id == "hasattr" and call.args[:1] == [site.node] and len(call.args) > 1:
        asked = call.args[1]
    elif call.func.id == "dir":
        compare = site.parent(call)
        asked = compare.left if isinstance(compare, ast.Compare) else None
    if not isinstance(asked, ast.Constant) or not isinstance(asked.value, str):
        return None
    return f"{site.name}.{asked.value}".removeprefix("tensorflow.")


def _is_of_tensorflow_1(name: str) -> bool:
    """Whether TensorFlow 1.15 has the name, or a module of it, and TensorFlow 2 has it no more."""
    module = f"{name}."
    if name in V2 or any(known.startswith(module) for known in V2):
        return False
    if name.partition(".")[0] in {"contrib", "layers"}:
        return True
    gone = {*RENAMES, *V1_ONLY, *GONE}
    return any(part in gone for part in prefixes(name)) or any(
        known.startswith(module) for known in gone
    )


def is_tried(site: Site) -> bool:
    """Whether the program goes on without a name: it catches its want, or asks before.

    A name that neither TensorFlow has, `tf.mul` for instance, is then never reached in either.
    """
    node: ast.AST = site.node
    for above in site.ancestors(site.node):
        if isinstance(above, ast.Try) and node in above.body and _catches(above):
            return True
        test = above.test if isinstance(above, (ast.If, ast.IfExp)) else None
        if test is not None and node is not test and _asks_tensorflow(site, test):
            return True
        node = above
    return False


def _asks_tensorflow(site: Site, test: ast.expr) -> bool:
    """Whether a test compares the version, or asks TensorFlow for a name."""
    for part in ast.walk(test):
        if isinstance(part, (ast.Name, ast.Attribute)) and _is_version(site, part):
            return True
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.args:
            resolved = site.resolve(part.args[0])
            if part.func.id in {"hasattr", "dir"} and resolved is not None:
                return True
    return False


def _catches(tried: ast.Try) -> bool:
    """Whether a handler catches the want of an attribute."""
    caught = {"AttributeError", "Exception", "BaseException"}
    for handler in tried.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(
            kind is None or (isinstance(kind, ast.Name) and kind.id in caught) for kind in kinds
        ):
            return True
    return False
