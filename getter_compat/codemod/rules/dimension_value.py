"""`.value` of an entry of a shape, which is a number (or None) in TensorFlow 2, goes.

TF1 wrapped each in a `Dimension`, and `tf.compat.v1.disable_v2_behavior()` does so again: in what
may run in a program's graph, `tf.compat.dimension_value(...)` takes either. A shape is what
`.shape` or `get_shape()` gave, a `tf.TensorShape`, a slice of one, a name for one, and whatever is
called `input_shape` or the like; an entry is what an index, a loop or several names on the left of
`=` take out of it. `as_list()` and `int(...)` stay: they work in both. So does `.dims`, whose
entries still are `Dimension`s.
"""

from __future__ import annotations

import ast
import re
from functools import partial

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.analysis.source import Span
from getter_compat.codemod.answers import Answer, changed
from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rewriting.calls import filled
from getter_compat.codemod.rules import GAP, Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        x = tf.ones([2, 3])
        print(x.get_shape()[-1].value, [d.value for d in x.shape[1:]], x.shape.as_list())
        """,
    after="""
        import tensorflow as tf

        x = tf.ones([2, 3])
        print(x.get_shape()[-1], [d for d in x.shape[1:]], x.shape.as_list())
        """,
)

rule.example(
    before="""
        import tensorflow as tf

        x = tf.placeholder(tf.float32, [None, 3])
        size = x.get_shape()[0].value
        print("any size" if size is None else size)
        """,
    after="""
        import tensorflow as tf

        tf.compat.v1.disable_v2_behavior()

        x = tf.compat.v1.placeholder(tf.float32, [None, 3])
        size = tf.compat.dimension_value(x.get_shape()[0])
        print("any size" if size is None else size)
        """,
)

_SHAPE = re.compile(r"(?:.*_)?shape")
_METHODS = frozenset(
    {"concatenate", "merge_with", "with_rank", "with_rank_at_least", "with_rank_at_most"}
)


@rule.attributes("value")
def drop_value(site: Site) -> Answer | None:
    """Drop `.value` behind the entry of a shape, or ask for it by the function for both."""
    node = site.node
    assert isinstance(node, ast.Attribute)
    if not site.module.concerns_tensorflow or not isinstance(node.ctx, ast.Load):
        return None
    if not _is_plain(site, node):
        return None
    entry = site.text_of(node.value)
    if not site.module.may_run_graph:
        return changed(node, _owner, f"{entry}: an entry of a shape is a number")
    function = site.spell("tensorflow.compat.dimension_value")
    told = f"{entry}.value -> tf.compat.dimension_value: it is a Dimension, or a number"
    return changed(node, partial(_asked_by, function), told)


def _asked_by(function: str, node: cst.BaseExpression) -> cst.BaseExpression:
    return filled(f"{function}({{}})", _owner(node))


def _is_plain(site: Site, node: ast.Attribute) -> bool:
    """Whether this is an entry of a shape, in its place: Python < 3.12 may err in an f-string."""
    if not _is_entry(site, node.value, site.scope):
        return False
    text = site.module.text
    between = text.read(Span(text.end(node.value), text.end(node)))
    return re.fullmatch(rf"{GAP}(?:\){GAP})*\.{GAP}value", between) is not None


def _owner(node: cst.BaseExpression) -> cst.BaseExpression:
    assert isinstance(node, cst.Attribute)
    return node.value


def _is_entry(site: Site, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """Whether the expression is one entry of a shape."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Slice) and _is_shape(site, node.value, scope, depth)
    if not isinstance(node, ast.Name) or depth > 4:
        return False
    source = _iterated(site, node)
    if source is not None:
        return _is_shape(site, source, scope, depth)
    values = [binding.expression for binding in scope.lookup(node.id)]
    if values and all(value is None for value in values):
        return _is_unpacked(site, node.id, scope, depth)
    return bool(values) and all(
        isinstance(value, ast.Subscript) and _is_entry(site, value, scope, depth + 1)
        for value in values
    )


def _is_unpacked(site: Site, name: str, scope: Scope, depth: int) -> bool:
    """Whether the name is one of several that a shape is assigned to, wherever it is assigned."""
    if any(isinstance(node, ast.arg) and node.arg == name for node in site.module.all_nodes):
        return False
    stored = [
        node
        for node in site.module.all_nodes
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    return bool(stored) and all(_takes_an_entry(site, node, scope, depth) for node in stored)


def _takes_an_entry(site: Site, stored: ast.Name, scope: Scope, depth: int) -> bool:
    targets = site.parent(stored)
    assignment = site.parent(targets) if isinstance(targets, (ast.Tuple, ast.List)) else None
    return (
        isinstance(assignment, ast.Assign)
        and targets in assignment.targets
        and _is_shape(site, assignment.value, scope, depth + 1)
    )


def _iterated(site: Site, name: ast.Name) -> ast.expr | None:
    """What the name runs over, in a loop, a comprehension or `map(lambda name: ..., shape)`."""
    for node in site.ancestors(name):
        loops = [node] if isinstance(node, (ast.For, ast.AsyncFor)) else []
        for loop in (*loops, *getattr(node, "generators", ())):
            if isinstance(loop.target, ast.Name) and loop.target.id == name.id:
                found = loop.iter
                return found if isinstance(found, ast.expr) else None
        if isinstance(node, ast.Lambda) and [item.arg for item in node.args.args] == [name.id]:
            call = site.parent(node)
            mapped = isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
            if mapped and isinstance(call, ast.Call) and len(call.args) == 2:
                return call.args[1]
    return None


def _is_shape(site: Site, node: ast.expr, scope: Scope, depth: int) -> bool:
    """Whether the expression is a `TensorShape`."""
    if isinstance(node, ast.Attribute):
        return _SHAPE.fullmatch(node.attr) is not None
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice) and _is_shape(site, node.value, scope, depth)
    if isinstance(node, ast.Call):
        return _makes_shape(site, node, scope, depth)
    if not isinstance(node, ast.Name) or depth > 4:
        return False
    values = [binding.expression for binding in scope.lookup(node.id)]
    if all(value is not None and _is_shape(site, value, scope, depth + 1) for value in values):
        return bool(values)
    # A parameter: only a shape has entries with a `value` and such a name.
    return None in values and _SHAPE.fullmatch(node.id) is not None


def _makes_shape(site: Site, call: ast.Call, scope: Scope, depth: int) -> bool:
    resolved = site.module.names.resolve(call.func, scope)
    if resolved is not None and resolved.name.rpartition(".")[2] in ("TensorShape", "as_shape"):
        return True
    function = call.func
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr == "get_shape":
        return True
    return function.attr in _METHODS and _is_shape(site, function.value, scope, depth)
