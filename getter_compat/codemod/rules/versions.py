"""Questions about which TensorFlow this is, which TensorFlow 1 and 2 answer otherwise.

A comparison of `tf.__version__`, `hasattr(tf, "...")`, `"..." in dir(tf)` and `getattr(tf, "...")`
choose the side of a branch. Where TensorFlow 1.15 took another side than TensorFlow 2 takes, the
branch is left for a person, who keeps the side that TensorFlow 1.15 took. Questions with one
answer (`tf.__version__ >= "1.4"`) say nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from copy import deepcopy

from getter_compat.codemod.analysis.names import Scope, prefixes
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rules import Rule
from getter_compat.tables.symbols import GONE, KEYWORDS, RENAMES, REORDERS, V1_ONLY, V2

rule = Rule(__name__)

rule.kept(
    """
        import tensorflow as tf

        multiply = tf.mul if tf.__version__ < "1.0" else tf.multiply
        rate = 0.1 if tf.__version__.startswith("1.") else 0.001
        """,
    why="TensorFlow 1.15 says True here, TensorFlow 2 says False",
)

_BEFORE, _NOW = "1.15.5", "2.21.0"
_VERSIONS = {f"tensorflow.{name}" for name in ("__version__", "VERSION", "version.VERSION")}


def _numbers(version: str) -> list[int]:
    """A version as what parses it compares it."""
    return [int(number) for number in re.findall(r"\d+", version)]


# What may stand in a question whose answer is asked for: nothing of it can do anything.
_PARSERS = ("LooseVersion", "StrictVersion", "Version", "parse_version", "parse")
_FUNCTIONS = dict.fromkeys(_PARSERS, _numbers) | {
    kind.__name__: kind for kind in (int, float, str, list, tuple, map, len)
}
_METHODS = frozenset({"startswith", "endswith", "split"})
_NODES = (
    *(ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.Not, ast.USub),
    *(ast.Call, ast.Subscript, ast.Slice, ast.ListComp, ast.GeneratorExp, ast.comprehension),
    *(ast.Attribute, ast.Name, ast.Constant, ast.List, ast.Tuple, ast.expr_context),
)


class _CannotTellError(Exception):
    """The value of an expression does not follow from the version alone."""


@rule.uses(*_VERSIONS)
def look_at_questions(site: Site) -> Iterator[Answer]:
    """Leave comparisons of the version that have another answer now."""
    if site.name == "tensorflow.VERSION":
        yield becomes("tensorflow.version.VERSION")
    seen: set[ast.expr] = set()
    for reader in _readers(site, site.node, site.scope):
        question = _question(site, reader)
        if question is not None and question not in seen:
            seen.add(question)
            yield from _told(site, question)


def _readers(site: Site, node: ast.expr, scope: Scope, depth: int = 0) -> Iterator[ast.expr]:
    """The version where it stands, and names that are bound to what is made of it."""
    yield node
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
        before, now = (_answered(site, question, version) for version in (_BEFORE, _NOW))
    except (_CannotTellError, TypeError, ValueError, IndexError, AttributeError, RecursionError):
        yield left("compares versions of TensorFlow: keep what TensorFlow 1.15 took", question)
        return
    if before != now:
        said = f"TensorFlow 1.15 says {before} here, TensorFlow 2 says {now}"
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

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        return self._comprehended(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        return self._comprehended(node)

    def _comprehended(self, node: ast.ListComp | ast.GeneratorExp) -> ast.AST:
        for part in node.generators:
            if isinstance(part.target, ast.Name):
                self._own.add(part.target.id)
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
        bindings = self._site.scope.lookup(node.id)
        value = bindings[0].expression if len(bindings) == 1 else None
        if value is None or _reads(value, node.id):
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
    return left(f"TensorFlow 1.15 has tf.{name}, TensorFlow 2 has another or none")


def is_asked(site: Site) -> bool:
    """Whether a module is only asked for a name: `hasattr(tf, "mul")`, `"mul" in dir(tf)`."""
    return _asked_name(site) is not None


def _asked_name(site: Site) -> str | None:
    call = site.parent(site.node)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    asked: ast.AST | None = None
    if call.func.id in {"hasattr", "getattr"} and call.args[:1] == [site.node]:
        asked = call.args[1] if len(call.args) > 1 else None
    elif call.func.id == "dir":
        compare = site.parent(call)
        asked = compare.left if isinstance(compare, ast.Compare) else None
    if not isinstance(asked, ast.Constant) or not isinstance(asked.value, str):
        return None
    return f"{site.name}.{asked.value}".removeprefix("tensorflow.")


def _is_of_tensorflow_1(name: str) -> bool:
    """Whether TensorFlow 1.15 has the name and TensorFlow 2 has it no more, or as another one."""
    if name.partition(".")[0] in {"contrib", "layers"} or name in V2:
        return name not in V2 or name in KEYWORDS or name in REORDERS
    gone = {*RENAMES, *V1_ONLY, *GONE}
    module = f"{name}."
    if any(part in gone for part in prefixes(name)):
        return True
    return any(known.startswith(module) for known in gone) and not any(
        known.startswith(module) for known in V2
    )


def is_tried(site: Site) -> bool:
    """Whether the program goes on without a name: it catches its want, or asks before.

    A name that neither TensorFlow has, `tf.mul` for instance, is then never reached in either.
    """
    node: ast.AST = site.node
    for above in site.ancestors(site.node):
        if isinstance(above, ast.Try) and node in above.body and _catches(above):
            return True
        if isinstance(above, (ast.If, ast.IfExp)) and node is not above.test:
            asked = site.text_of(above.test)
            if re.search(r"__version__|VERSION|\bhasattr\(|\bdir\(", asked):
                return True
        node = above
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
