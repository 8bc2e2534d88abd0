"""`tf.Variable` is TF1's in a program with sessions, and TensorFlow 2's in any other.

TensorFlow 2's class makes resources. Only `tf.compat.v1.Variable` makes TF1's variables again after
`disable_v2_behavior()`, with the operations, the names to fetch and feed, and the values before and
after an update in one run that they had. Its arguments stay, by name from the collections on: by
position it has TensorFlow 2's order, without them.

TensorFlow 2's takes no collections and no `use_resource`: what it makes is in TF1's own collection
of all variables anyway, in a graph, and in the store of the `ScopedModel` that makes it. A local
variable, or one in no collection, was in neither `tf.global_variables()` nor a `Saver`: it stays
TF1's, whose collections that store keeps. Other collections and an `expected_shape` stay TF1's too.
The arguments that stood behind the collections get their names.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from getter_compat.codemod.analysis.names import below_v1
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Argument, Call
from getter_compat.codemod.rules import Rule

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

        step = tf.Variable(0, False, [tf.GraphKeys.GLOBAL_VARIABLES], name="step")
        seen = tf.Variable(0, False, ["local_variables"], name="seen")
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
        seen = tf.compat.v1.Variable(0, False, collections=["local_variables"], name="seen")
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

# TF1's collection of all variables, and that of those which no Saver saves.
_GLOBAL = frozenset({"GLOBAL_VARIABLES", "VARIABLES", "variables"})
_LOCAL = frozenset({"LOCAL_VARIABLES", "local_variables"})


@rule.calls("tensorflow.Variable")
def spell(site: Site, call: Call) -> Answer | None:
    """TF1's class where there are sessions, else TensorFlow 2's without what it cannot take."""
    if site.module.may_run_graph and not _follows_tf2(call):
        tf1s = becomes(below_v1(site.name))
        return tf1s if call.starred else _by_name(tf1s, call.taking(*_PARAMETERS))
    if call.starred:
        return None
    call = call.taking(*_order(call))
    gone = [name for name in _GONE if name in call]
    effective = [name for name in gone if not _has_no_effect(site, name, call[name])]
    if effective == ["collections"] and _is_in(site, call["collections"], _GLOBAL | _LOCAL):
        message = "its collections, which the store of a ScopedModel keeps as TF1 did"
        return _by_name(stays(message), call)
    if effective:
        message = "its collections, or its expected_shape, have no successor"
        return _by_name(stays(message, needs_graph=True), call)
    if "collections" in gone and call["collections"].positional:
        call = call.with_keywords(*_PARAMETERS[_COLLECTIONS + 1 :])
    told = ["tf.Variable: without what TensorFlow 2 does not take"] if gone else []
    return becomes("tensorflow.Variable", call.without(*gone), *told)


def _by_name(answer: Answer, call: Call) -> Answer:
    """With the collections, and what stood behind them, by name.

    By position TensorFlow 2.21's `tf.compat.v1.Variable` takes the third for `validate_shape`.
    """
    if "collections" not in call or not call["collections"].positional:
        return answer
    return replace(answer, new=call.with_keywords(*_PARAMETERS[_COLLECTIONS:]))


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
    return name == "collections" and bool(_names(argument)) and _is_in(site, argument, _GLOBAL)


def _is_in(site: Site, collections: Argument, lists: frozenset[str]) -> bool:
    """Whether collections are written out as a list of these ones of TF1, or as an empty one."""
    names = _names(collections)
    return names is not None and all(_is_one_of(site, name, lists) for name in names)


def _names(collections: Argument) -> list[ast.expr] | None:
    value = collections.written
    return value.elts if isinstance(value, (ast.List, ast.Tuple)) else None


def _is_one_of(site: Site, item: ast.expr, lists: frozenset[str]) -> bool:
    if isinstance(item, ast.Constant):
        return item.value in lists
    resolved = site.resolve(item)
    path, _, name = resolved.name.rpartition(".") if resolved is not None else ("", "", "")
    return path == "tensorflow.GraphKeys" and name in lists
