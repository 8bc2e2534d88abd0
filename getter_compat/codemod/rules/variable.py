"""`tf.Variable` takes no collections and no `use_resource` in TensorFlow 2.

Every variable is a resource now, and what `tf.Variable` makes is in TF1's own collection of all
variables anyway, in a graph, and in no store. Other collections and an `expected_shape` stay TF1's.
The arguments that stood behind the collections get their names.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Argument, Call
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        step = tf.Variable(0, False, [tf.GraphKeys.LOCAL_VARIABLES], name="step")
        scale = tf.Variable(2.0, use_resource=True, name="scale")
        rate = tf.Variable(0.5, collections=["rates"], name="rate")
        with tf.variable_scope("net"):
            weights = tf.get_variable("weights", [3, 2])
        print(step.name, [v.name for v in tf.trainable_variables()])
        """,
    after="""
        import getter_compat
        import tensorflow as tf

        step = tf.Variable(0, False, name="step")
        scale = tf.Variable(2.0, name="scale")
        rate = tf.compat.v1.Variable(0.5, collections=["rates"], name="rate")
        with getter_compat.getter_scope("net"):
            weights = getter_compat.get_variable("weights", [3, 2])
        print(step.name, [v.name for v in getter_compat.trainable_variables()])
        """,
    why="tf.Variable: its collections, or its expected_shape, have no successor",
    target="eager",
)

# TF1's parameters; TF2's are the same without those that go.
_PARAMETERS = (
    "initial_value",
    "trainable",
    "collections",
    "validate_shape",
    "caching_device",
    "name",
    "variable_def",
    "dtype",
    "expected_shape",
    "import_scope",
    "constraint",
    "use_resource",
    "synchronization",
    "aggregation",
    "shape",
)
_GONE = ("collections", "expected_shape", "use_resource")
_COLLECTIONS = _PARAMETERS.index("collections")

# Collections of TF1's own that say where a variable is listed, and nothing else; in a graph, where
# one is looked for in them, all variables are in the first.
_LISTS = {
    "graph": frozenset({"GLOBAL_VARIABLES", "VARIABLES", "variables"}),
    "eager": frozenset(
        {*("GLOBAL_VARIABLES", "VARIABLES", "variables"), "LOCAL_VARIABLES", "local_variables"}
    ),
}


def _is_as_in_tf2(name: str, call: ast.Call) -> bool:
    """Whether the call plainly has none of the arguments that go."""
    keywords = {keyword.arg for keyword in call.keywords}
    return len(call.args) <= _COLLECTIONS and keywords.isdisjoint(_GONE)


@rule.calls("tensorflow.Variable", unless=_is_as_in_tf2)
def take_out(site: Site, call: Call) -> Answer | None:
    """Take out what has no effect."""
    if call.starred:
        return None
    call = call.taking(*_order(call))
    gone = [name for name in _GONE if name in call]
    if not all(_has_no_effect(site, name, call[name]) for name in gone):
        message = "its collections, or its expected_shape, have no successor"
        return stays(message, needs_graph=True)
    if "collections" in gone and call["collections"].positional:
        call = call.with_keywords(*_PARAMETERS[_COLLECTIONS + 1 :])
    told = ["tf.Variable: without what TensorFlow 2 does not take"] if gone else []
    return becomes("tensorflow.Variable", call.without(*gone), *told)


def _order(call: Call) -> tuple[str, ...]:
    """TF1's parameters, or TF2's where the arguments plainly follow its order."""
    third = call.arguments[_COLLECTIONS].written if len(call.arguments) > _COLLECTIONS else None
    if isinstance(third, ast.Constant) and isinstance(third.value, bool):
        return tuple(name for name in _PARAMETERS if name not in _GONE)
    return _PARAMETERS


def _has_no_effect(site: Site, name: str, argument: Argument) -> bool:
    value = argument.written
    if name == "use_resource" or (isinstance(value, ast.Constant) and value.value is None):
        return True
    return (
        name == "collections"
        and isinstance(value, (ast.List, ast.Tuple))
        and (bool(value.elts) or site.module.target == "eager")
        and all(_is_list_of_tf1(site, item) for item in value.elts)
    )


def _is_list_of_tf1(site: Site, item: ast.expr) -> bool:
    if isinstance(item, ast.Constant):
        return item.value in _LISTS[site.module.target]
    resolved = site.resolve(item)
    path, _, name = resolved.name.rpartition(".") if resolved is not None else ("", "", "")
    return path == "tensorflow.GraphKeys" and name in _LISTS[site.module.target]
