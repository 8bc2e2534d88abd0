"""`type(x) is tf.Tensor`, which no tensor of TensorFlow 2 answers with yes, becomes `isinstance`.

A tensor of TF1's was of that very class; those of TensorFlow 2 are of classes below it, one for
graphs and one for eager execution. Where other classes are asked for too, as in
`type(x) in (tf.Tensor, tf.Variable)`, it is left for a person: of a variable TensorFlow 1.15 said
that it was neither.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, changed, left
from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rewriting.calls import filled
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def feed(x):
            if type(x) is not tf.Tensor:
                raise TypeError(type(x))
            return tf.identity(x)


        print(feed(tf.constant(1.0)) is not None)
        """,
    after="""
        import tensorflow as tf


        def feed(x):
            if not isinstance(x, tf.Tensor):
                raise TypeError(type(x))
            return tf.identity(x)


        print(feed(tf.constant(1.0)) is not None)
        """,
)

_TENSOR = ("tensorflow.Tensor", "tensorflow.python.framework.ops.Tensor")
_ASKS = {ast.Is: "{}", ast.Eq: "{}", ast.IsNot: "not {}", ast.NotEq: "not {}"}
_NEAR = r"[\s\S]{0,120}"
_WHERE = (
    rf"type\({_NEAR}\bTensor\b",
    rf"__class__{_NEAR}\bTensor\b",
    rf"Tensor\b{_NEAR}\b(?:type\(|__class__)",
)


@rule.nodes(ast.Compare, where=_WHERE, beside="Tensor")
def ask_isinstance(site: Site) -> Iterator[Answer]:
    """Ask whether it is a tensor of any class."""
    node = site.node
    assert isinstance(node, ast.Compare)
    if len(node.ops) > 1:
        return
    operator, (right,) = node.ops[0], node.comparators
    at = next((at for at, side in enumerate((node.left, right)) if _asked_of(side)), None)
    if at is None or site.scope.lookup("type"):
        return
    other = (right, node.left)[at]
    if type(operator) in _ASKS and _is_tensor(site, other):
        change = partial(_isinstance, _ASKS[type(operator)], at)
        yield changed(node, change, "type(...) is tf.Tensor -> isinstance(..., tf.Tensor)")
    elif any(_is_tensor(site, item) for item in getattr(other, "elts", ())):
        yield left("no tensor is of the class tf.Tensor itself now: ask by isinstance(...)", node)


def _asked_of(node: ast.expr) -> bool:
    """Whether this is `type(x)` or `x.__class__`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "__class__"
    is_type = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return is_type and node.func.id == "type" and len(node.args) == 1  # type: ignore[attr-defined]


def _is_tensor(site: Site, node: ast.expr) -> bool:
    resolved = site.resolve(node)
    return resolved is not None and resolved.name in _TENSOR


def _isinstance(template: str, at: int, node: cst.BaseExpression) -> cst.BaseExpression:
    """The comparison as a call; `at` is the side that has `type(x)`."""
    assert isinstance(node, cst.Comparison)
    sides = (node.left, node.comparisons[0].comparator)
    asked, tensor = sides[at], sides[1 - at]
    of = asked.args[0].value if isinstance(asked, cst.Call) else asked.value  # type: ignore[attr-defined]
    call = filled(template.format("isinstance({}, {})"), of, tensor)
    return call.with_changes(lpar=node.lpar, rpar=node.rpar)
