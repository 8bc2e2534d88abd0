"""TF1's collections of variables and regularization losses, of the current store.

A `tf.Graph` kept its variables in collections; a `getter_compat.VariableStore` keeps them now. A
scope, given by position or by name, still filters. A collection of the file's own is read from the
store if `get_variable(collections=...)` is all that fills it there. Other collections stay TF1's,
which a graph has; with --target eager they are left for a person, and so is one that lacks what
`tf.Variable` makes: outside of a `ScopedModel` no store knows it. The names of the
collections of variables, `tf.GraphKeys`, are strings, and stay.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from getter_compat.codemod.analysis.names import V1, leaf
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        ones = tf.ones_initializer()
        with tf.variable_scope("net", regularizer=tf.keras.regularizers.l2(0.1)):
            tf.layers.dense(tf.ones([1, 3]), 2, kernel_initializer=ones)
        weights = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="net/")
        print([v.name for v in weights])
        print(tf.losses.get_regularization_loss().numpy())
        print(len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)))
        mine = ["mine", tf.GraphKeys.GLOBAL_VARIABLES]
        tf.get_variable("w", [2], collections=mine)
        print([v.name for v in tf.get_collection("mine")])
        """,
    after="""
        import getter_compat
        import tensorflow as tf

        ones = tf.ones_initializer()
        with getter_compat.getter_scope("net", regularizer=tf.keras.regularizers.l2(0.1)):
            getter_compat.layers.dense(tf.ones([1, 3]), 2, kernel_initializer=ones)
        weights = getter_compat.trainable_variables(scope="net/")
        print([v.name for v in weights])
        print(tf.reduce_sum(getter_compat.regularization_losses()).numpy())
        print(len(getter_compat.regularization_losses()))
        mine = ["mine", tf.compat.v1.GraphKeys.GLOBAL_VARIABLES]
        getter_compat.get_variable("w", [2], collections=mine)
        print([v.name for v in getter_compat.default_store().collection("mine")])
        """,
)

rule.renames(
    {
        "tensorflow.global_variables": "getter_compat.global_variables",
        "tensorflow.all_variables": "getter_compat.global_variables",
        "tensorflow.trainable_variables": "getter_compat.trainable_variables",
        "tensorflow.model_variables": "getter_compat.contrib.get_model_variables",
        "tensorflow.losses.get_regularization_losses": "getter_compat.regularization_losses",
    }
)

_ALL = "getter_compat.global_variables"
_TRAINABLE = "getter_compat.trainable_variables"

# The parameters of `tf.get_variable` as far as `collections`.
_BEFORE_COLLECTIONS = 6

# What adds to TF1's collections by their names.
_ADDING = frozenset({"add_to_collection", "add_to_collections", "get_collection_ref"})
# What makes variables outside of the store's requests, and takes `collections` too.
_OTHER_VARIABLES = frozenset({"Variable", "get_local_variable", "local_variable", "model_variable"})

_GRAPH_KEYS = "tensorflow.GraphKeys."

_ALL_KEYS = frozenset({"GLOBAL_VARIABLES", "VARIABLES"})
# What `get_variable(collections=...)` may be given of TF1's own names.
_KEYS_OF_VARIABLES = (
    *_ALL_KEYS,
    "LOCAL_VARIABLES",
    "MODEL_VARIABLES",
    "MOVING_AVERAGE_VARIABLES",
    "REGULARIZATION_LOSSES",
    "TRAINABLE_VARIABLES",
)

# The keys, of those in `tf.GraphKeys`, that stand beside the name of a collection of variables.
_VARIABLES = frozenset({"GLOBAL_VARIABLES", "LOCAL_VARIABLES", "TRAINABLE_VARIABLES", "VARIABLES"})

_UPDATES = "eagerly batch normalization updates its statistics in the call: nothing is to be run"
_WHY_LEFT = {"UPDATE_OPS": _UPDATES, "update_ops": _UPDATES}
_OF_A_GRAPH = "a collection of the graph"

_COLLECTIONS = {
    "GLOBAL_VARIABLES": _ALL,
    "VARIABLES": _ALL,
    "TRAINABLE_VARIABLES": _TRAINABLE,
    "MODEL_VARIABLES": "getter_compat.contrib.get_model_variables",
    "REGULARIZATION_LOSSES": "getter_compat.regularization_losses",
    "variables": _ALL,
    "trainable_variables": _TRAINABLE,
    "model_variables": "getter_compat.contrib.get_model_variables",
    "regularization_losses": "getter_compat.regularization_losses",
}


@rule.uses("tensorflow.global_variables", "tensorflow.all_variables")
def rewrite_all(site: Site) -> Answer:
    """Read all variables from the store."""
    return replace(becomes(_ALL), left=_missing(site, _ALL))


@rule.uses("tensorflow.trainable_variables")
def rewrite_trainable(site: Site) -> Answer:
    """Read the trainable variables from the store."""
    return replace(becomes(_TRAINABLE), left=_missing(site, _TRAINABLE))


def _missing(site: Site, function: str) -> tuple[str, ...]:
    """What is said of variables that TF1 listed, and a store of a `ScopedModel` alone does.

    In a graph the collections are TensorFlow's own.
    """
    if site.module.target == "graph":
        return ()
    lines = sorted({call.lineno for call in _calls(site, "Variable") if _is_in(call, function)})
    others = site.module.names.project.variables
    places = [f"on {'line' if len(lines) == 1 else 'lines'} {_some(lines)}"] if lines else []
    places += [f"in {_some(others)}"] if others else []
    if not places:
        return ()
    return (
        f"{site.short}: what tf.Variable makes {' and '.join(places)} is not in it outside of a "
        "ScopedModel: add that, or make it by getter_compat.get_variable",
    )


def _some(places: Sequence[object]) -> str:
    return " and ".join(map(str, places[:2])) + (" and others" if len(places) > 2 else "")


def _is_in(call: ast.Call, function: str) -> bool:
    """Whether TF1 listed the variable that the call of `tf.Variable` makes."""
    words = {word.arg: word.value for word in call.keywords}
    trainable = call.args[1] if len(call.args) > 1 else words.get("trainable")
    if function == _TRAINABLE:
        return not isinstance(trainable, ast.Constant) or trainable.value is not False
    collections = call.args[2] if len(call.args) > 2 else words.get("collections")
    if not isinstance(collections, (ast.List, ast.Tuple)):
        return True
    return any(getattr(item, "attr", None) in _ALL_KEYS for item in collections.elts)


@rule.uses(*(f"{_GRAPH_KEYS}{key}" for key in _KEYS_OF_VARIABLES))
def keep_key(site: Site) -> Answer:
    """Keep the string; a method that asks a graph for the collection is left."""
    if _asks_graph(site):
        return stays("asked of a graph, by a method", needs_graph=True)
    return becomes(f"{V1}.{site.name.removeprefix('tensorflow.')}")


def _asks_graph(site: Site) -> bool:
    """Whether this is `graph.get_collection(key)` or the like, whose object cannot be seen."""
    user = site.parent(site.node)
    function = user.func if isinstance(user, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and function.attr in {*_ADDING, "get_collection"}
        and site.resolve(function) is None
    )


_UNSEEN = "which collection this asks for cannot be seen here"


@rule.calls("tensorflow.get_collection", takes=("key", "scope"), unseen=_UNSEEN)
def rewrite_collection(site: Site, call: Call) -> Answer:
    """Turn a collection of variables or losses into the function that returns it."""
    key = call.get("key")
    if key is None:
        return stays(_UNSEEN)
    name = _collection_name(site, key.written)
    function = _COLLECTIONS.get(name)
    if function is None and _is_of_variables(site, key.written):
        new = call if key.positional else call.with_keyword("key", "name")
        return becomes("getter_compat.default_store().collection", new)
    if function is None:
        in_graph = site.module.target == "graph"
        return stays(_OF_A_GRAPH if in_graph else _WHY_LEFT.get(name, _OF_A_GRAPH))
    new = call.without("key").with_keywords("scope")
    left = _missing(site, function) if function in (_ALL, _TRAINABLE) else ()
    return replace(becomes(function, new), left=left)


def _collection_name(site: Site, key: ast.expr) -> str:
    if isinstance(key, ast.Constant):
        return str(key.value)
    resolved = site.resolve(key)
    if resolved is None or not resolved.name.startswith(_GRAPH_KEYS):
        return ""
    return resolved.name[len(_GRAPH_KEYS) :]


def _is_of_variables(site: Site, key: ast.expr) -> bool:
    """Whether `get_variable` fills the collection of this name here, and nothing else does."""
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return False
    if site.module.names.project.filled & {key.value, "*"}:
        return False
    if any(
        _may_fill(node, key.value) for node in site.module.all_nodes if isinstance(node, ast.Call)
    ):
        return False
    return any(_joins(site, call, key.value) for call in _calls(site, "get_variable"))


def _calls(site: Site, function: str) -> Iterator[ast.Call]:
    for chains in site.module.names.chains.values():
        for chain in chains:
            call = site.parent(chain.node)
            if isinstance(call, ast.Call) and call.func is chain.node:
                resolved = site.module.names.resolve(chain.node, chain.scope)
                if resolved is not None and resolved.name == f"tensorflow.{function}":
                    yield call


def _joins(site: Site, call: ast.Call, collection: str) -> bool:
    """Whether the variable joins the collection, by a list here or one that is handed on."""
    given = [word.value for word in call.keywords if word.arg == "collections"]
    given += call.args[_BEFORE_COLLECTIONS : _BEFORE_COLLECTIONS + 1]
    return any(
        _holds(value, collection)
        or (isinstance(value, (ast.Name, ast.Attribute)) and _is_listed(site, collection))
        for value in given
    )


def _is_listed(site: Site, collection: str) -> bool:
    """Whether a list of collections, as one with TF1's own keys is, holds this one."""
    return any(
        isinstance(node, (ast.List, ast.Tuple))
        and _holds(node, collection)
        and any(isinstance(item, ast.Attribute) and item.attr in _VARIABLES for item in node.elts)
        for node in site.module.all_nodes
    )


def _may_fill(call: ast.Call, collection: str) -> bool:
    """Whether a call adds to the collection in TF1's graph, which the store knows nothing of."""
    function = call.func
    name = leaf(function)
    if name in _ADDING:
        first = next(iter([*call.args, *(word.value for word in call.keywords)]), None)
        return not isinstance(first, ast.Constant) or first.value == collection
    return name in _OTHER_VARIABLES and _holds(call, collection)


def _holds(value: ast.AST, text: str) -> bool:
    return any(isinstance(node, ast.Constant) and node.value == text for node in ast.walk(value))


def keep_sum(site: Site) -> Answer:
    """Keep a sum that is asked for otherwise than by a plain call."""
    return stays("the sum of getter_compat.regularization_losses()", needs_graph=True)


@rule.calls(
    "tensorflow.losses.get_regularization_loss",
    takes=("scope",),
    unseen=keep_sum,
)
def rewrite_total(site: Site, call: Call) -> Answer:
    """Sum the losses; `reduce_sum` is zero for none, as TF1's function was.

    A graph has the losses, and TF1's own function gives their sum its name.
    """
    if site.module.may_run_graph:
        return stays("the sum of a collection of the graph")
    losses = becomes("getter_compat.regularization_losses")
    return replace(losses, around="tensorflow.reduce_sum")


@rule.uses("tensorflow.losses.get_total_loss")
def keep_total_loss(site: Site) -> Answer:
    """It sums collections of a graph, where the regularization losses are, too."""
    return stays("the sum of two collections of a graph")
