"""What works in a graph alone is left for a person with --target eager, where no name tells it.

A tensor of eager execution has a value, and no name, operation or graph; a variable has no
operation; neither is the key of a dict. What was to be run later happens at once. Nothing is
rewritten: what to write instead depends on what the program is for. With --target graph all of it
runs, and this rule has nothing to say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import GAP, Rule
from getter_compat.codemod.rules.getter_bodies import is_variable

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
            rate = tf.Variable(0.1)
            return update, gradient, {rate: 2.0}
        """,
    "a tensor has no name in eager execution",
    target="eager",
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_ASSIGNING = frozenset(
    {
        *("assign", "assign_add", "assign_sub", "scatter_add", "scatter_sub", "scatter_update"),
        "scatter_nd_update",
    }
)
# What runs others, if it is itself run.
_GROUPS = frozenset({"tensorflow.group", "tensorflow.tuple"})
# A parameter so called is a list of variables.
_VARIABLES = re.compile(r"(?:.*_)?(?:tvars|vars|var_list|variables)")

# TF1 functions whose result is no tensor.
_NO_TENSORS = frozenset(
    {
        *("Graph", "Session", "InteractiveSession", "Variable", "get_variable", "get_collection"),
        *("get_default_graph", "get_variable_scope", "global_variables", "name_scope"),
        *("trainable_variables", "variable_scope", "all_variables", "local_variables"),
        *("AUTO_REUSE", "group", "no_op", "TensorShape", "constant_initializer", "Operation"),
    }
)

# Modules of TF1 whose functions make tensors.
_OF_TENSORS = frozenset({"", "layers", "linalg", "math", "nn", "sparse", "strings"})


@rule.nodes(
    ast.Attribute,
    where=(rf"\.{GAP}(?:op|name|eval|graph|consumers|apply|assign|scatter|initializer)",),
)
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
    if node.attr == "initializer" and call is None and is_variable(site, node.value, scope):
        return "a variable has its value at once in eager execution, and no initializer to run"
    if node.attr == "eval" and call is not None and _is_of_session(call):
        return "eval() is for a session: in eager execution the value is numpy()"
    if node.attr == "apply" and call is not None and _averages_tensors(site, call, scope):
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


def _is_tensor(site: Site, node: ast.expr, scope: Scope) -> bool:
    """Whether this is what a function of TensorFlow made, or a parameter that is a tensor."""
    if not isinstance(node, ast.Name):
        return isinstance(node, ast.Call) and _makes_tensor(site, node, scope)
    bindings = scope.lookup(node.id)
    if not bindings:
        return False
    if all(_makes_tensor(site, binding.expression, scope) for binding in bindings):
        return True
    return all(binding.expression is None for binding in bindings) and _is_used_as_tensor(
        site, node
    )


def _makes_tensor(site: Site, node: ast.expr | None, scope: Scope) -> bool:
    if isinstance(node, ast.BinOp):
        return any(_makes_tensor(site, side, scope) for side in (node.left, node.right))
    if not isinstance(node, ast.Call):
        return False
    resolved = site.module.names.resolve(node.func, scope)
    if resolved is None or not resolved.name.startswith("tensorflow."):
        return False
    module, _, name = resolved.name.removeprefix("tensorflow.").rpartition(".")
    return module in _OF_TENSORS and name.islower() and name not in _NO_TENSORS


def _is_used_as_tensor(site: Site, node: ast.Name) -> bool:
    """Whether a function asks its parameter for a shape as it asks it for its name."""
    function = next((it for it in site.ancestors(node) if isinstance(it, _Function)), None)
    if function is None:
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


def _averages_tensors(site: Site, call: ast.Call, scope: Scope) -> bool:
    values = [*call.args, *(word.value for word in call.keywords)]
    if len(values) != 1:
        return False
    parts = [values[0]]
    while isinstance(parts[-1], ast.BinOp):  # `losses + [total]`
        parts[-1:] = [parts[-1].right, parts[-1].left]
    lists = [part for part in parts if isinstance(part, (ast.List, ast.Tuple))]
    return any(not is_variable(site, item, scope) for part in lists for item in part.elts)


def _is_kept(site: Site, call: ast.Call) -> bool:
    """Whether an assignment is put into a list, or given a name, to be run later."""
    node: ast.AST = call
    above: ast.AST | None = site.parent(node)
    while above is not None and (isinstance(above, _COLLECTING) or _is_group(site, above)):
        node, above = above, site.parent(above)
    if isinstance(above, ast.Call) and node in above.args:
        function = above.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        return name in ("append", "extend")
    if node is call:
        return isinstance(above, ast.Assign)
    return isinstance(above, (ast.Assign, ast.AugAssign, ast.Return))


_COLLECTING = (ast.List, ast.Tuple, ast.ListComp, ast.GeneratorExp, ast.Starred)


def _is_group(site: Site, node: ast.AST) -> bool:
    resolved = site.resolve(node.func) if isinstance(node, ast.Call) else None
    return resolved is not None and resolved.name in _GROUPS


@rule.nodes(
    ast.Dict, ast.DictComp, ast.Set, ast.SetComp, where=(r"ariable", r"vars\b", r"var_list\b")
)
def look_at_keys(site: Site) -> Iterator[Answer]:
    """Leave variables that are keys: TensorFlow 2 compares them by value, so they have no hash."""
    node: ast.AST = site.node
    if isinstance(node, ast.Dict):
        keys = [key for key in node.keys if key is not None]
    elif isinstance(node, ast.DictComp):
        keys = [node.key]
    elif isinstance(node, ast.SetComp):
        keys = [node.elt]
    else:
        assert isinstance(node, ast.Set)
        keys = node.elts
    for key in keys:
        if is_variable(site, key, site.scope) or _runs_over_variables(site, key):
            yield left("a variable is no key in TensorFlow 2: its ref() is", key)


def _runs_over_variables(site: Site, key: ast.expr) -> bool:
    """Whether a comprehension takes its keys out of what is called a list of variables."""
    loops = getattr(site.node, "generators", ())
    names = [
        loop.iter.id if isinstance(loop.iter, ast.Name) else getattr(loop.iter, "attr", "")
        for loop in loops
        if isinstance(loop.target, ast.Name) and getattr(key, "id", None) == loop.target.id
    ]
    return site.module.concerns_tensorflow and any(map(_VARIABLES.fullmatch, names))
