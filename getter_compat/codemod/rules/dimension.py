"""`x.shape[1].value`: a dimension is a plain number in TensorFlow 2.

Before:

    width = x.get_shape()[-1].value
    sizes = [d.value for d in x.shape]

After:

    width = x.get_shape()[-1]
    sizes = [d for d in x.shape]
"""

from __future__ import annotations

import ast

from getter_compat.codemod.edits import Span
from getter_compat.codemod.names import Scope
from getter_compat.codemod.page import Page
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_SHAPE_METHODS = frozenset(
    {
        "get_shape",
        "with_rank",
        "with_rank_at_least",
        "with_rank_at_most",
        "merge_with",
        "concatenate",
        "as_shape",
        "TensorShape",
    }
)


@rule.nodes(ast.Attribute)
def take_out_value(page: Page, node: ast.AST, scope: Scope) -> None:
    """Take `.value` off a dimension."""
    assert isinstance(node, ast.Attribute)
    if not page.concerns_tensorflow:
        return
    while isinstance(node, ast.Attribute):
        if _reads_value(node) and _is_dimension(page, node.value, scope):
            page.text.replace(Span(page.text.end(node.value), page.text.end(node)), "")
            page.fixed(node, ".value taken off a dimension")
        node = node.value


def _reads_value(node: ast.Attribute) -> bool:
    return node.attr == "value" and isinstance(node.ctx, ast.Load)


def _is_dimension(page: Page, node: ast.expr, scope: Scope) -> bool:
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice) and _is_shape(node.value, scope)
    return isinstance(node, ast.Name) and _runs_over_shape(page, node, scope)


def _is_shape(node: ast.expr, scope: Scope) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in ("shape", "static_shape")
    if isinstance(node, ast.Call):
        function = node.func
        return isinstance(function, ast.Attribute) and function.attr in _SHAPE_METHODS
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice) and _is_shape(node.value, scope)
    if not isinstance(node, ast.Name):
        return False
    bindings = scope.lookup(node.id)
    values = [binding.expression for binding in bindings]
    if node.id == "input_shape":
        values = [value for value in values if value is not None]
    elif not values:
        return False
    return all(
        value is not None and not isinstance(value, ast.Name) and _is_shape(value, scope)
        for value in values
    )


def _runs_over_shape(page: Page, name: ast.Name, scope: Scope) -> bool:
    """`d` in `[d.value for d in x.shape]`."""
    for above in page.ancestors(name):
        parts = getattr(above, "generators", None)
        if isinstance(above, ast.For):
            parts = [above]
        for part in parts or ():
            if isinstance(part.target, ast.Name) and part.target.id == name.id:
                return _is_shape(part.iter, scope)
    return False
