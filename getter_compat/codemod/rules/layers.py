"""`tf.layers`: classes become Keras layers, functions become `getter_compat.layers`.

A class becomes the Keras class of the same name where the two are equal for the arguments given,
else the class of `getter_compat.layers`, which takes TF1's arguments as they are: dropout and batch
normalization, a name that is not a plain literal or holds a `/`, `_scope`, `_reuse`, an activity
regularizer, a splat, a base class, a class that is handed on as a value. In a program with sessions
it always does: there names, of operations too, are TF1's. A function keeps its arguments.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rules import Rule
from getter_compat.tables.layers import ALIASES, FUNCTIONS, LAYERS, LayerSpec

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        x = tf.ones([2, 8, 8, 3])
        conv = tf.layers.Conv2D(4, 3, padding="SAME", activation=tf.nn.relu)
        norm = tf.layers.BatchNormalization(axis=-1)
        x = norm(conv(x), training=True)
        x = tf.layers.max_pooling2d(x, 2, 2)
        x = tf.layers.dense(tf.layers.flatten(x), 10, name="head/logits")
        print(x.shape, conv.kernel.path)
        """,
    after="""
        import getter_compat
        import tensorflow as tf

        x = tf.ones([2, 8, 8, 3])
        conv = tf.keras.layers.Conv2D(4, 3, padding="SAME", activation=tf.nn.relu)
        norm = getter_compat.layers.BatchNormalization(axis=-1)
        x = norm(conv(x), training=True)
        x = getter_compat.layers.max_pooling2d(x, 2, 2)
        x = getter_compat.layers.dense(getter_compat.layers.flatten(x), 10, name="head/logits")
        print(x.shape, conv.kernel.path)
        """,
)

_OLD = "tensorflow.layers"
_NEW = "getter_compat.layers"
_KERAS = "tensorflow.keras.layers"

rule.renames({_OLD: _NEW, f"{_OLD}.InputSpec": f"{_KERAS}.InputSpec"})
rule.renames({f"{_OLD}.{name}": f"{_NEW}.{name}" for name in (*FUNCTIONS, "Layer")})
rule.renames({f"{_OLD}.{old}": f"{_NEW}.{new}" for old, new in ALIASES.items()})

# Keras takes these with TF1's meaning, although the class does not list them.
_ALSO_IN_KERAS = frozenset({"dtype", "name", "trainable"})

# TF1 layers have these and Keras 3 layers do not: a project that uses one keeps TF1's classes.
_TF1_ONLY_MEMBERS = frozenset({"apply", "add_variable", "scope_name"})


@rule.uses(*(f"{_OLD}.{name}" for name in LAYERS))
def choose_class(site: Site) -> Answer:
    """Choose between the Keras class and TF1's."""
    spec = LAYERS[site.name.rpartition(".")[2]]
    module = _KERAS if _is_type_check(site) or _keras_is_equal(site, spec) else _NEW
    return becomes(f"{module}.{spec.name}")


@rule.below(f"{_OLD}.experimental")
def leave_experimental(site: Site) -> Answer:
    """Keras-style scopes for `tf.layers` have no successor: Keras layers never share by name."""
    return left(f"{site.short} has no successor: a Keras layer is its own scope")


def _is_type_check(site: Site) -> bool:
    """`isinstance(x, tf.layers.Dense)`: both kinds of layer are instances of the Keras class."""
    parent = site.parent(site.node)
    while isinstance(parent, ast.Tuple):
        parent = site.parent(parent)
    return (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Name)
        and parent.func.id in ("isinstance", "issubclass")
    )


def _keras_is_equal(site: Site, spec: LayerSpec) -> bool:
    if not spec.equal_in_keras or site.call is None or _uses_tf1_members(site):
        return False
    if site.module.may_run_graph:  # where names at the root, and those of operations, are TF1's
        return False
    order = tuple(spec.parameters)[: spec.in_keras_order]
    if len(site.call.args) > len(order):
        return False
    given: list[tuple[str | None, ast.expr]] = list(zip(order, site.call.args, strict=False))
    given += [(keyword.arg, keyword.value) for keyword in site.call.keywords]
    return all(_keras_takes(spec, name, value) for name, value in given)


def _keras_takes(spec: LayerSpec, keyword: str | None, value: ast.expr) -> bool:
    if isinstance(value, ast.Starred) or keyword is None:
        return False
    if keyword not in spec.parameters and keyword not in _ALSO_IN_KERAS:
        return False
    if keyword == "name":
        # Keras 3 refuses a slash; what a variable holds cannot be seen here.
        return isinstance(value, ast.Constant) and "/" not in str(value.value)
    if keyword in spec.not_in_keras:
        return isinstance(value, ast.Constant) and value.value is None
    return True


def _uses_tf1_members(site: Site) -> bool:
    """Whether this file, or another of its project, asks a layer for what Keras's have not."""
    return site.module.names.project.tf1_layers or any(
        isinstance(node, ast.Attribute) and node.attr in _TF1_ONLY_MEMBERS
        for node, _ in site.module.names.nodes.get(ast.Attribute, ())
    )
