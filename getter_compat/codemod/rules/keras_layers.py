"""Layers written for TF1 and Keras 2: how they make their weights.

Keras 3's `add_weight` begins with the shape, so the arguments get their names, and `add_variable`
is `add_weight`.

Before:

    def build(self, input_shape):
        self.kernel = self.add_variable("kernel", [3, self.units])

After:

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=[3, self.units])
"""

from __future__ import annotations

import ast

from getter_compat.codemod.edits import Span
from getter_compat.codemod.names import Scope
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")

# What `tf.keras.backend` has no more in Keras 3.
_GONE = (
    "function",
    "get_session",
    "in_train_phase",
    "in_test_phase",
    "is_tensor",
    "learning_phase",
    "manual_variable_initialization",
    "placeholder",
    "set_learning_phase",
    "set_session",
    "symbolic_learning_phase",
)


@rule.nodes(ast.Attribute)
def rewrite_add_weight(page: Page, node: ast.AST, scope: Scope) -> None:
    """Name the arguments of `self.add_weight(...)`."""
    assert isinstance(node, ast.Attribute)
    call = page.parent(node)
    if node.attr not in ("add_weight", "add_variable") or not page.concerns_tensorflow:
        return
    if not isinstance(call, ast.Call) or call.func is not node:
        return
    arguments = page.text.arguments(call)
    if any(argument.star == "*" for argument in arguments):
        page.report(node, f".{node.attr}(*...): Keras 3 takes the shape before the name")
        return
    positional = [argument for argument in arguments if argument.positional]
    if len(positional) > len(_ORDER) or (positional and _is_shape(positional[0].value)):
        return
    for argument, name in zip(positional, _ORDER, strict=False):
        page.text.name_argument(argument, name)
    if node.attr == "add_variable":
        end = page.text.end(node)
        page.text.replace(Span(end - len("add_variable"), end), "add_weight")
    if positional or node.attr == "add_variable":
        page.fixed(node, f".{node.attr}(): arguments named")


def _is_shape(value: ast.expr) -> bool:
    """A first argument that is plainly a shape: this is Keras 3 already."""
    return isinstance(value, (ast.Tuple, ast.List))


@rule.names(
    *(f"{module}.backend.{name}" for module in ("tensorflow.keras", "keras") for name in _GONE)
)
def report_backend(page: Page, site: Site) -> None:
    """Report what the backend of Keras 3 does not have."""
    page.report(site.node, f"{site.short}: Keras 3 does not have it")
