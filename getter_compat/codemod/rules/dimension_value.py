"""The entries of a shape are numbers (or None) in TensorFlow 2, so `.value` goes.

TF1 wrapped each in a `Dimension`. A shape is what `.shape` or `get_shape()` gave, a
`tf.TensorShape`, a slice of one, a name for one, and whatever is called `input_shape` or the like;
an entry is what an index, a loop or several names on the left of `=` take out of it.
`as_list()` and `int(...)` stay: they work in both. So does `.dims`, whose entries still are
`Dimension`s.

Before:

    depth = x.get_shape()[-1].value
    sizes = [d.value for d in x.shape[1:]]

After:

    depth = x.get_shape()[-1]
    sizes = [d for d in x.shape[1:]]
"""

from __future__ import annotations

import ast
import re

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.edits import Span
from getter_compat.codemod.page import Page
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_SHAPE = re.compile(r"(?:.*_)?shape")
_METHODS = frozenset(
    {"concatenate", "merge_with", "with_rank", "with_rank_at_least", "with_rank_at_most"}
)


@rule.nodes(ast.Attribute, where=(r"\.\s*value\b",))
def drop_value(page: Page, node: ast.AST, scope: Scope) -> None:
    """Drop `.value` behind the entry of a shape."""
    if not page.concerns_tensorflow:
        return
    while isinstance(node, ast.Attribute):
        if node.attr == "value" and isinstance(node.ctx, ast.Load):
            _drop(page, node, scope)
        node = node.value


def _drop(page: Page, node: ast.Attribute, scope: Scope) -> None:
    if not _is_entry(page, node.value, scope):
        return
    text = page.text
    end = text.end(node)
    match = re.search(r"\.\s*value$", text.read(Span(text.end(node.value), end)))
    if match is not None:
        text.replace(Span(end - len(match.group()), end), "")
        page.fixed(node, f"{text.of(node.value)}: an entry of a shape is a number")


def _is_entry(page: Page, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """Whether the expression is one entry of a shape."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice) and _is_shape(page, node.value, scope, depth)
    if not isinstance(node, ast.Name) or depth > 4:
        return False
    source = _iterated(page, node)
    if source is not None:
        return _is_shape(page, source, scope, depth)
    values = [binding.expression for binding in scope.lookup(node.id)]
    if values and all(value is None for value in values):
        return _is_unpacked(page, node.id, scope, depth)
    return bool(values) and all(
        isinstance(value, ast.Subscript) and _is_entry(page, value, scope, depth + 1)
        for value in values
    )


def _is_unpacked(page: Page, name: str, scope: Scope, depth: int) -> bool:
    """Whether the name is one of several that a shape is assigned to, wherever it is assigned."""
    if any(isinstance(node, ast.arg) and node.arg == name for node in page.all_nodes):
        return False
    stored = [
        node
        for node in page.all_nodes
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    return bool(stored) and all(_takes_an_entry(page, node, scope, depth) for node in stored)


def _takes_an_entry(page: Page, stored: ast.Name, scope: Scope, depth: int) -> bool:
    targets = page.parent(stored)
    assignment = page.parent(targets) if isinstance(targets, (ast.Tuple, ast.List)) else None
    return (
        isinstance(assignment, ast.Assign)
        and targets in assignment.targets
        and _is_shape(page, assignment.value, scope, depth + 1)
    )


def _iterated(page: Page, name: ast.Name) -> ast.expr | None:
    """What the name runs over, in a loop, a comprehension or `map(lambda name: ..., shape)`."""
    for node in page.ancestors(name):
        loops = [node] if isinstance(node, (ast.For, ast.AsyncFor)) else []
        for loop in (*loops, *getattr(node, "generators", ())):
            if isinstance(loop.target, ast.Name) and loop.target.id == name.id:
                found = loop.iter
                return found if isinstance(found, ast.expr) else None
        if isinstance(node, ast.Lambda) and [item.arg for item in node.args.args] == [name.id]:
            call = page.parent(node)
            mapped = isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            if mapped and isinstance(call, ast.Call) and len(call.args) == 2:
                return call.args[1]
    return None


def _is_shape(page: Page, node: ast.expr, scope: Scope, depth: int) -> bool:
    """Whether the expression is a `TensorShape`."""
    if isinstance(node, ast.Attribute):
        return _SHAPE.fullmatch(node.attr) is not None
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice) and _is_shape(page, node.value, scope, depth)
    if isinstance(node, ast.Call):
        return _makes_shape(page, node, scope, depth)
    if not isinstance(node, ast.Name) or depth > 4:
        return False
    values = [binding.expression for binding in scope.lookup(node.id)]
    if all(value is not None and _is_shape(page, value, scope, depth + 1) for value in values):
        return bool(values)
    # A parameter: only a shape has entries with a `value` and such a name.
    return None in values and _SHAPE.fullmatch(node.id) is not None


def _makes_shape(page: Page, call: ast.Call, scope: Scope, depth: int) -> bool:
    resolved = page.names.resolve(call.func, scope)
    if resolved is not None and resolved.name.rpartition(".")[2] in ("TensorShape", "as_shape"):
        return True
    function = call.func
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr == "get_shape":
        return True
    return function.attr in _METHODS and _is_shape(page, function.value, scope, depth)
