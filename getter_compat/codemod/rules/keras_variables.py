"""The variables of `tf.keras` in a program with sessions, where Keras 3's are no `tf.Variable`.

What takes variables of TensorFlow does not take them: the `var_list` of an optimizer, `tf.assign`,
an average, `session.run`. They lack what TF1's had (`op`, `load`, `initializer`). And what Keras
itself reads or writes needs eager execution: `get_weights()` and `fit()` stop, `set_weights()` and
`assign()` are lost in silence. Each is left for a person, where the layer or the model is of a
class of Keras's or of the project's, and made in the same file, or by a function that returns
nothing else. What takes tensors takes them, and so does a `Saver`.

`weight.value` is the `tf.Variable`; with `TF_USE_LEGACY_KERAS=1` they all are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from getter_compat.codemod.analysis.sites import Site, short
from getter_compat.codemod.analysis.values import WEIGHTS, Kind, holds_any, written_out
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import GAP, Rule

rule = Rule(__name__, target="graph")

rule.example(
    before="""
        import tensorflow as tf


        class Agent(object):
            def __init__(self):
                self.states = tf.placeholder(tf.float32, [None, 3])
                self.net = tf.keras.Sequential([tf.keras.layers.Dense(2)])

            def train(self, loss):
                weights = self.net.trainable_weights
                return tf.train.AdamOptimizer().minimize(loss, var_list=weights)
        """,
    after="""
        import tensorflow as tf


        class Agent(object):
            def __init__(self):
                self.states = tf.compat.v1.placeholder(tf.float32, [None, 3])
                self.net = tf.keras.Sequential([tf.keras.layers.Dense(2)])

            def train(self, loss):
                weights = self.net.trainable_weights
                return tf.compat.v1.train.AdamOptimizer().minimize(loss, var_list=weights)
        """,
    why=".minimize(): in a session a variable of Keras 3 is no tf.Variable",
)

# Functions that take variables: by their first argument, or by any.
_CHANGING = frozenset(
    f"tensorflow.{name}"
    for name in (
        *("assign", "assign_add", "assign_sub", "count_up_to", "scatter_add", "scatter_div"),
        *("scatter_mul", "scatter_nd_add", "scatter_nd_sub", "scatter_nd_update", "scatter_sub"),
        "scatter_update",
    )
)
_TAKING = frozenset(
    f"tensorflow.{name}"
    for name in (
        *("control_dependencies", "group", "initialize_variables", "is_variable_initialized"),
        *("report_uninitialized_variables", "train.init_from_checkpoint", "variables_initializer"),
    )
)
# Methods of optimizers, averages and sessions.
_METHODS = frozenset(
    {
        *("apply", "apply_gradients", "average", "average_name", "compute_gradients", "minimize"),
        "run",
    }
)

# Those that take them first: other objects have methods of these names, too.
_TAKING_FIRST = frozenset({"apply", "average", "average_name", "run"})

# What TF1's variables have, and Keras 3's have not, or not with effect.
_MEMBERS = frozenset(
    {
        *("assign", "assign_add", "assign_sub", "device", "eval", "experimental_ref", "get_shape"),
        *("graph", "initialized_value", "initializer", "load", "op", "read_value", "ref"),
    }
)
_OF_LAYERS = frozenset(
    {
        *("evaluate", "evaluate_generator", "fit", "fit_generator", "get_weights", "load_weights"),
        *("predict", "predict_generator", "predict_on_batch", "save", "save_weights"),
        *("set_weights", "test_on_batch", "to_json", "train_on_batch", "updates"),
    }
)

_WHY = "in a session a variable of Keras 3 is no tf.Variable, its .value is: take that"
_LEGACY = "or set TF_USE_LEGACY_KERAS=1"
_WHERE = (
    "weights",
    "trainable_variables",
    rf"\.{GAP}(?:{'|'.join(sorted({*WEIGHTS, *_OF_LAYERS, 'variables'}))})\b",
)

# A text that has its models from another file need not name Keras.
_BESIDE = ("eras", "_weights", ".fit(", ".predict(")


@rule.nodes(ast.Call, where=_WHERE, beside=_BESIDE)
def leave_call(site: Site) -> Answer | None:
    """Leave a call that is given variables of Keras, and takes TensorFlow's."""
    node = site.node
    assert isinstance(node, ast.Call)
    if not site.module.may_run_keras_3:
        return None
    given = [*node.args, *(word.value for word in node.keywords)]
    resolved = site.resolve(node.func)
    if resolved is not None and resolved.name in _CHANGING:
        called, given = short(resolved.name), given[:1]
    elif resolved is not None and resolved.name in _TAKING:
        called = short(resolved.name)
    elif isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
        called = f".{node.func.attr}"
        if node.func.attr in _TAKING_FIRST:
            given = given[:1]
        if _is_optimizer_of_keras(site, node.func.value):
            return None
    else:
        return None
    parts = (part for value in given for part in written_out(value))
    shown = (part.value if isinstance(part, ast.Starred) else part for part in parts)
    if not any(holds_any(site.module.values.held(part), (Kind.WEIGHT,)) for part in shown):
        return None
    return left(f"{called}(): {_WHY}, {_LEGACY}")


@rule.nodes(ast.Attribute, where=_WHERE, beside=_BESIDE)
def leave_members(site: Site) -> Iterator[Answer]:
    """Leave what only a variable of TensorFlow has, and what Keras does eagerly alone."""
    node = site.node
    while isinstance(node, ast.Attribute) and site.module.may_run_keras_3:
        if node.attr in _OF_LAYERS and site.module.values.held(node.value) is Kind.KERAS:
            yield left(
                f".{node.attr}: in a session Keras 3 does not do this: set TF_USE_LEGACY_KERAS=1",
                node,
            )
        elif node.attr in _MEMBERS and site.module.values.held(node.value) is Kind.WEIGHT:
            yield left(f".{node.attr}: {_WHY}, {_LEGACY}", node)
        node = node.value


def _is_optimizer_of_keras(site: Site, owner: ast.expr) -> bool:
    """Whether this is an optimizer of Keras's own, which takes its variables."""
    made = site.scope.value_of(owner.id) if isinstance(owner, ast.Name) else owner
    path = site.resolve(made.func) if isinstance(made, ast.Call) else None
    return path is not None and ".optimizers." in path.name
