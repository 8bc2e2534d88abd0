"""What works in a graph alone is left for a person with --target eager, where no name tells it.

A tensor of eager execution has a value, and no name, operation or graph; a variable has no
operation. What was to be run later happens at once. Nothing is rewritten: what to write instead
depends on what the program is for. With --target graph all of it runs, and this rule has nothing
to say.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.analysis.values import Kind
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import GAP, Rule

rule = Rule(__name__, target="eager")

rule.kept(
    """
        import tensorflow as tf


        def shape_of(tensor, name=None):
            if name is None:
                name = tensor.name
            return tensor.shape.as_list(), name


        def train(x, variables):
            w, target = variables
            names = [v.op.name for v in variables]
            update = [target.assign(w)]
            gradient = tf.gradients(tf.reduce_sum(x * w), [w])
            mean, variance = tf.nn.moments(x, [0])
            averages = tf.train.ExponentialMovingAverage(0.9)
            averages.apply([mean, variance])
            print(w.eval(), names)
            return update, gradient
        """,
    "a tensor has no name in eager execution",
    target="eager",
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_ASSIGNING = frozenset(
    {
        *("assign", "assign_add", "assign_sub", "batch_scatter_update", "count_up_to"),
        *(f"scatter_{how}" for how in ("add", "div", "max", "min", "mul", "sub", "update")),
        *(f"scatter_nd_{how}" for how in ("add", "sub", "update")),
    }
)
# What puts something where it is found later.
_PUTTING = frozenset({"add_to_collection", "add_to_collections", "append", "extend", "insert"})
# What runs others, if it is itself run.
_GROUPS = frozenset({"tensorflow.group", "tensorflow.tuple"})


_WORDS = "op|name|eval|graph|consumers|apply|assign|batch_scatter|count_up|scatter|initialize"


@rule.nodes(ast.Attribute, where=(rf"\.{GAP}(?:{_WORDS})",))
def look_at_attribute(site: Site) -> Iterator[Answer]:
    """Leave what is asked of a tensor or a variable that only a graph has, or does later."""
    node = site.node
    while isinstance(node, ast.Attribute):
        why = _why_left(site, node) if site.module.concerns_tensorflow else None
        if why is not None:
            yield left(why, node)
        node = node.value


def _why_left(site: Site, node: ast.Attribute) -> str | None:
    call, scope = site.parent(node), site.scope
    call = call if isinstance(call, ast.Call) and call.func is node else None
    if node.attr == "op" and call is None and not _is_ours(site, node, scope):
        return "neither a tensor nor a variable has an operation in eager execution"
    if node.attr in ("name", "graph") and call is None and _is_tensor(site, node.value, scope):
        return f"a tensor has no {node.attr} in eager execution"
    if node.attr == "consumers" and call is not None and not call.args:
        return "a tensor has no consumers in eager execution"
    if node.attr == "initializer" and call is None and _is_variable(site, node.value):
        return "a variable has its value at once in eager execution, and no initializer to run"
    if node.attr == "initialized_value" and call is not None and not call.args:
        return "a variable has its value at once in eager execution: read it"
    if node.attr == "eval" and call is not None and _is_of_session(call):
        return "eval() is for a session: in eager execution the value is numpy()"
    if node.attr == "apply" and call is not None and _averages_tensors(site, call):
        return "the average of what is no variable is for a graph alone"
    if node.attr in _ASSIGNING and call is not None and _is_kept(site, call):
        return f"{node.attr} happens here and now in eager execution, not when it is run"
    return None


def _is_ours(site: Site, node: ast.expr, scope: Scope) -> bool:
    """Whether this is a name of TensorFlow or a module, such as `operator.op`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and (
        node.id in ("self", "cls")
        or any(binding.statement is not None for binding in scope.lookup(node.id))
    )


def _is_variable(site: Site, node: ast.expr) -> bool:
    return site.module.values.held(node) is Kind.VARIABLE


def _is_tensor(site: Site, node: ast.expr, scope: Scope) -> bool:
    """Whether this is what a function of TensorFlow made, or a parameter that is a tensor."""
    if site.module.values.held(node) is Kind.TENSOR:
        return True
    bindings = scope.lookup(node.id) if isinstance(node, ast.Name) else []
    is_given = all(it.expression is None and it.imported is None for it in bindings)
    return bool(bindings) and is_given and _is_used_as_tensor(site, node)


def _is_used_as_tensor(site: Site, node: ast.expr) -> bool:
    """Whether a function asks its parameter for a shape as it asks it for its name."""
    function = next((it for it in site.ancestors(node) if isinstance(it, _Function)), None)
    if function is None or not isinstance(node, ast.Name):
        return False
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if node.id not in {parameter.arg for parameter in parameters}:
        return False
    return any(
        isinstance(other, ast.Attribute)
        and other.attr in ("shape", "get_shape")
        and isinstance(other.value, ast.Name)
        and other.value.id == node.id
        for other in ast.walk(function)
    )


def _is_of_session(call: ast.Call) -> bool:
    """Whether this is `x.eval()`, alone or with a session and what to feed it."""
    words = {word.arg for word in call.keywords}
    return words <= {"session", "feed_dict"} and all(
        isinstance(value, (ast.Name, ast.Attribute, ast.Dict)) for value in call.args
    )


def _averages_tensors(site: Site, call: ast.Call) -> bool:
    values = [*call.args, *(word.value for word in call.keywords)]
    if len(values) != 1:
        return False
    parts = [values[0]]
    while isinstance(parts[-1], ast.BinOp):  # `losses + [total]`
        parts[-1:] = [parts[-1].right, parts[-1].left]
    if any(site.module.values.items(part) is Kind.TENSOR for part in parts):
        return True
    lists = [part for part in parts if isinstance(part, (ast.List, ast.Tuple))]
    return any(not _is_variable(site, item) for part in lists for item in part.elts)


def _is_kept(site: Site, call: ast.Call) -> bool:
    """Whether an assignment is put away to be run later: named, put into a list, or returned."""
    if not _assigns(call):
        return False
    node: ast.AST = call
    above: ast.AST | None = site.parent(node)
    while above is not None and (isinstance(above, _COLLECTING) or _is_group(site, above)):
        node, above = above, site.parent(above)
    if isinstance(above, ast.Call) and node in above.args:
        function = above.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        return name in _PUTTING
    if isinstance(above, ast.Return):
        return node is not call or not _is_handed_on(site, above)
    if isinstance(above, ast.AugAssign):
        return node is not call  # `total += count.assign_add(1)` takes the value.
    return isinstance(above, (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Yield))


_COLLECTING = (
    ast.List,
    ast.Tuple,
    ast.ListComp,
    ast.GeneratorExp,
    ast.Starred,
    ast.Dict,
    ast.IfExp,
)


def _assigns(call: ast.Call) -> bool:
    """Whether this is told a value: `frame.assign(column=...)` of pandas takes other keywords."""
    words = {word.arg for word in call.keywords}
    return bool(call.args) or not words.isdisjoint(("delta", "ref", "sparse_delta", "value"))


def _is_handed_on(site: Site, node: ast.Return) -> bool:
    """Whether the function is for others to call, such as a branch of `tf.cond`."""
    function = next((it for it in site.ancestors(node) if isinstance(it, _Function)), None)
    uses = site.module.names.chains.get(getattr(function, "name", ""), ())
    return bool(uses) and not any(
        isinstance(above := site.parent(use.node), ast.Call) and above.func is use.node
        for use in uses
    )


def _is_group(site: Site, node: ast.AST) -> bool:
    resolved = site.resolve(node.func) if isinstance(node, ast.Call) else None
    return resolved is not None and resolved.name in _GROUPS
