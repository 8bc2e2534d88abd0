"""`tf.Variable` is TF1's in a program with sessions, and TensorFlow 2's in any other.

TensorFlow 2's class makes resources. Only `tf.compat.v1.Variable` makes TF1's variables again after
`disable_v2_behavior()`, with the operations, the names to fetch and feed, and the values before and
after an update in one run that they had; its arguments stay.

TensorFlow 2's takes no collections and no `use_resource`: what it makes is in TF1's own collection
of all variables anyway, in a graph, and in the store of the `ScopedModel` that makes it. Other
collections and an `expected_shape` stay TF1's. The arguments that stood behind the collections get
their names.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.names import below_v1
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Argument, Call
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.rules.v2_behavior import may_run_graph

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def counted():
            step = tf.Variable(0, trainable=False, name="step")
            with tf.Session() as session:
                session.run(step.initializer)
                return session.run([step.assign_add(1), step])
        """,
    after="""
        import tensorflow as tf


        def counted():
            step = tf.compat.v1.Variable(0, trainable=False, name="step")
            with tf.compat.v1.Session() as session:
                session.run(step.initializer)
                return session.run([step.assign_add(1), step])
        """,
)

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


@rule.calls("tensorflow.Variable")
def spell(site: Site, call: Call) -> Answer | None:
    """TF1's class where there are sessions, else TensorFlow 2's without what it cannot take."""
    if may_run_graph(site) and not _follows_tf2(call):
        return becomes(below_v1(site.name))
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
    if _follows_tf2(call):
        return tuple(name for name in _PARAMETERS if name not in _GONE)
    return _PARAMETERS


def _follows_tf2(call: Call) -> bool:
    third = next(iter(call.arguments[_COLLECTIONS:]), None)
    if third is None or not third.positional:
        return False
    return isinstance(third.written, ast.Constant) and isinstance(third.written.value, bool)


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
