"""Iterators over a dataset are made by a function.

Before:

    iterator = dataset.make_one_shot_iterator()

After:

    iterator = tf.compat.v1.data.make_one_shot_iterator(dataset)
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.edits import Span
from getter_compat.codemod.page import Page
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_METHODS = frozenset({"make_one_shot_iterator", "make_initializable_iterator"})


@rule.nodes(ast.Attribute, where=("_iterator",))
def rewrite_method(page: Page, node: ast.AST, scope: Scope) -> None:
    """Write the function in place of the method; a person may want a `for` loop instead."""
    assert isinstance(node, ast.Attribute)
    call = page.parent(node)
    if node.attr not in _METHODS or not isinstance(call, ast.Call) or call.func is not node:
        return
    if not page.concerns_tensorflow or _is_function(page, node, scope):
        return
    function = page.tensorflow_path(scope, f"tensorflow.compat.v1.data.{node.attr}")
    text = page.text
    text.insert_before(text.span(node.value), f"{function}(")
    opening = text.data.index(b"(", text.end(node))
    separator = ", " if call.args or call.keywords else ""
    text.replace(Span(text.end(node.value), opening + 1), separator)
    page.report(node, f".{node.attr}() is only in tf.compat.v1; in TF2 a dataset is iterable")


def _is_function(page: Page, node: ast.Attribute, scope: Scope) -> bool:
    """Whether this is the function already: its name begins with an import."""
    if page.names.resolve(node, scope) is not None:
        return True
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    return any(binding.imported is not None for binding in scope.lookup(root.id))
