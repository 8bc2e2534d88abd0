"""Where a text counts with the sizes of tensors, which TensorFlow 1 had as `Dimension`s.

With one that is not known, `x.shape[0] * 2` is a `Dimension` too; TensorFlow 2 has None there, and
raises. What is read as a number, by `.value` or `tf.compat.dimension_value`, is the same in both.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.names import Names, Scope
from getter_compat.codemod.analysis.values import Kind, Values, holds_any

_HAVE_SHAPES = (Kind.VARIABLE, Kind.TENSOR)
_COUNTS = (ast.Assign, ast.AugAssign, ast.BinOp, ast.UnaryOp)


def counts_with(
    shape: ast.expr, scope: Scope, names: Names, values: Values, makes_operations: bool
) -> bool:
    """Whether the text counts with the sizes in a shape, or may.

    Args:
        shape: `x.shape`, or the `x.get_shape` of a call.
        scope: Where it stands.
        names: What the names of the text are.
        values: What its expressions hold.
        makes_operations: Whether the function around it makes any, and so is given tensors.
    """
    assert isinstance(shape, ast.Attribute)
    if shape.attr == "get_shape":
        return not _is_read_as_numbers(names.parents[shape], names)
    size = _size(shape, names)
    if size is None:
        return False  # Arrays have shapes, too.
    if holds_any(values.held(shape.value), _HAVE_SHAPES):
        return not _is_read_as_numbers(shape, names)
    is_counted = isinstance(names.parents.get(size), _COUNTS)
    return is_counted and makes_operations and _is_given(shape.value, scope)


def _size(shape: ast.expr, names: Names) -> ast.Subscript | None:
    """The one size that is taken out of a shape."""
    above = names.parents.get(shape)
    if not isinstance(above, ast.Subscript) or isinstance(above.slice, (ast.Slice, ast.Tuple)):
        return None
    return above


def _is_given(node: ast.expr, scope: Scope) -> bool:
    """Whether this is a parameter of a function, or a part of one: `features["x"]`."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if not isinstance(node, ast.Name):
        return False
    bindings = scope.lookup(node.id)
    return any(it.expression is None and it.target is None and not it.imported for it in bindings)


def _is_read_as_numbers(shape: ast.AST, names: Names) -> bool:
    """Whether a shape is asked for what both have, and not counted with by `Dimension`s."""
    above = names.parents.get(shape)
    if not isinstance(above, ast.Subscript):
        return isinstance(above, ast.Attribute) and above.attr != "dims"
    above = names.parents.get(above)
    function = above.func if isinstance(above, ast.Call) else above
    return isinstance(function, ast.Attribute) and function.attr in ("dimension_value", "value")
