"""`tf.contrib` is gone: its layers, slim's and `arg_scope` are in `getter_compat.contrib`.

The functions keep their arguments: defaults, names and collections are contrib's there, and an
`arg_scope` reaches them, in whatever file it is opened. So each of them goes there, those that make
no variables too. A module keeps its name in a file where all that is used of it went there. The
rest of contrib, which has another form now or none, is left for a person; the finding says what to
look at. The functions of the package `tf_slim` go where slim's do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from getter_compat.codemod.analysis.names import prefixes
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule
from getter_compat.tables import rnn
from getter_compat.tables.contrib import (
    ADVICE,
    FAILS_IN_SLIM,
    IN_TENSORFLOW,
    MODULES,
    MODULES_OF_TENSORFLOW,
    PRIVATE_IN_NEST,
    RUNS_IN_SLIM,
    SUCCESSORS,
)
from getter_compat.tables.initializers import BROUGHT
from getter_compat.tables.symbols import GONE

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf
        import tensorflow.contrib.slim as slim


        def model(x, is_training):
            with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm,
                                weights_regularizer=slim.l2_regularizer(1e-4)):
                with slim.arg_scope([slim.batch_norm], is_training=is_training):
                    x = slim.repeat(x, 2, slim.conv2d, 8, [3, 3], scope="conv1")
            return slim.fully_connected(slim.flatten(x), 10, scope="logits")


        print(model(tf.ones([2, 4, 4, 3]), True).shape)
        print([v.name for v in slim.get_model_variables("logits")])


        def f1_score(labels, predictions):
            return tf.contrib.metrics.f1_score(labels, predictions)
        """,
    after="""
        import tensorflow as tf
        from getter_compat import contrib as slim


        def model(x, is_training):
            with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm,
                                weights_regularizer=slim.l2_regularizer(1e-4)):
                with slim.arg_scope([slim.batch_norm], is_training=is_training):
                    x = slim.repeat(x, 2, slim.conv2d, 8, [3, 3], scope="conv1")
            return slim.fully_connected(slim.flatten(x), 10, scope="logits")


        print(model(tf.ones([2, 4, 4, 3]), True).shape)
        print([v.name for v in slim.get_model_variables("logits")])


        def f1_score(labels, predictions):
            return tf.contrib.metrics.f1_score(labels, predictions)
        """,
    why="tf.contrib.metrics.f1_score is gone: tf.compat.v1.metrics has most of them",
)

_CONTRIB = "tensorflow.contrib"

_SLIM = "tf_slim"
_NEW = "getter_compat.contrib"
_NAMES = {
    successor.removeprefix(f"{_NEW}.").partition(".")[0]
    for successor in (*SUCCESSORS.values(), *rnn.SUCCESSORS.values())
    if successor.startswith(f"{_NEW}.")
}.union(BROUGHT)

rule.renames(SUCCESSORS)
rule.renames(IN_TENSORFLOW)
rule.modules(MODULES)
rule.modules(MODULES_OF_TENSORFLOW)


# Readers of checkpoints, whose first parameter contrib called otherwise.
_READERS = {
    "list_variables": ("checkpoint_dir",),
    "load_checkpoint": ("filepattern",),
    "load_variable": ("checkpoint_dir", "name"),
}


def read_checkpoint(site: Site, call: Call) -> Answer:
    """Take TensorFlow 2's, by its own name for where the checkpoint is."""
    name = site.name.rpartition(".")[2]
    first = _READERS[name][0]
    if first in call and not call[first].positional:
        call = call.with_keyword(first, "ckpt_dir_or_file")
    return becomes(f"tensorflow.train.{name}", call)


def take_reader(site: Site) -> Answer:
    """Take TensorFlow 2's where it is handed on; a call whose arguments cannot be seen is left."""
    call = site.parent(site.node)
    if isinstance(call, ast.Call) and call.func is site.node:
        return left(f"{site.short}: its arguments cannot be seen here, and go by other names")
    return becomes(f"tensorflow.train.{site.name.rpartition('.')[2]}")


for _name, _parameters in _READERS.items():
    _path = f"{_CONTRIB}.framework.{_name}"
    rule.calls(_path, takes=_parameters, unseen=take_reader)(read_checkpoint)


@rule.uses(*(f"{_CONTRIB}.framework.nest.{name}" for name in PRIVATE_IN_NEST.split()))
def leave_private_nest(site: Site) -> Answer:
    """Leave what TensorFlow 2 does not publish of it."""
    name = site.name.rpartition(".")[2]
    return left(f"tf.nest has no {name}: tensorflow.python.util.nest has it")


# `framework.python.ops.arg_scope` is a function, too, which hides the module.
@rule.uses(*(set(MODULES) - set(SUCCESSORS)))
def move_module(site: Site) -> Answer | None:
    """Move `slim = tf.contrib.slim` with all that the text uses of slim, or leave it."""
    moved = moved_as_value(site, _NEW)
    if moved is not None:
        return moved
    assert site.chain is not None
    leave = leave_package if site.name.startswith(_SLIM) else leave_rest
    return leave(replace(site, node=site.chain.node, name=site.resolve_whole()))


@rule.uses(*MODULES_OF_TENSORFLOW)
def move_to_tensorflow(site: Site) -> Answer:
    """Move `ds = tf.contrib.distributions` with all that the text uses of it, or leave it."""
    moved = moved_as_value(site, MODULES_OF_TENSORFLOW[site.name])
    if moved is not None:
        return moved
    assert site.chain is not None
    return leave_rest(replace(site, node=site.chain.node, name=site.resolve_whole()))


def is_alias_of(site: Site, new: str) -> bool:
    """Whether a module is only given a name, and all that is used by it is in the module `new`."""
    parent = site.parent(site.node)
    targets = parent.targets if isinstance(parent, ast.Assign) else []
    bindings = [
        binding
        for target in targets
        if isinstance(target, ast.Name)
        for binding in site.scope.lookup(target.id)
        if binding.value is site.node
    ]
    return len(targets) == 1 and [site.spelling.translation(b) for b in bindings] == [new]


def moved_as_value(site: Site, new: str) -> Answer | None:
    """The module `new` where one of contrib is a value: what it was is gone, whoever has it.

    Nothing where something is taken from it right there, or what is taken is not in the new one.
    """
    if site.scope.kind != "class" and is_alias_of(site, new):
        return becomes(new)
    assert site.chain is not None
    if site.chain.node is not site.node or isinstance(site.parent(site.node), ast.Expr):
        return None
    taken = _taken(site)
    if taken is None:
        message = f"{site.short} is handed on: what is taken from it cannot be seen here"
        return replace(becomes(new), left=(message,))
    rules = site.spelling.rules
    known = (rules.successor(f"{site.name}.{path}") == f"{new}.{path}" for path in taken)
    return becomes(new) if all(known) else None


def _taken(site: Site) -> set[str] | None:
    """What is taken from a module by the names that it is given; None if that cannot be seen."""
    node: ast.AST = site.node
    parent = site.parent(node)
    while isinstance(parent, ast.IfExp) and node is not parent.test:
        node, parent = parent, site.parent(parent)
    targets = parent.targets if isinstance(parent, ast.Assign) and parent.value is node else []
    found: set[str] = set()
    for target in targets:
        if not isinstance(target, ast.Name):
            return None
        found.update(_below_name(site, target.id))
        if site.scope.kind == "class":
            found.update(_below_attribute(site, target.id))
        elif site.module.exported(target.id):
            return None
    return None if not targets or "" in found else found


def _below_name(site: Site, name: str) -> Iterator[str]:
    """The paths below a name; an empty one where it is handed on itself."""
    bindings = site.scope.lookup(name)
    for chain in site.module.names.chains.get(name, ()):
        if chain.scope.lookup(name) is bindings:
            yield ast.unparse(chain.node)[len(name) + 1 :]


def _below_attribute(site: Site, name: str) -> Iterator[str]:
    """The same below an attribute of any object: `self.rnn.GRUCell`."""
    for node, scope in site.module.names.nodes.get(ast.Attribute, ()):
        path: list[str] = []
        while isinstance(node, ast.Attribute):
            if not path and site.module.names.resolve(node, scope) is not None:
                break  # This is TensorFlow's own.
            if node.attr == name and isinstance(node.ctx, ast.Load):
                yield ".".join(reversed(path))
            path.append(node.attr)
            node = node.value


@rule.below(_NEW)
def leave_missing(site: Site) -> Answer | None:
    """Leave what stood below a module that was moved, and was left."""
    name = site.name.removeprefix(_NEW).removeprefix(".")
    if name and name.partition(".")[0] not in _NAMES:
        return left(f"{_NEW} has no {name}")
    return None


@rule.below(_CONTRIB)
@rule.uses(*(f"tensorflow.{name}" for name in GONE if name.startswith("contrib.")))
def leave_rest(site: Site) -> Answer:
    """Leave it as it is, and say what there is instead."""
    return left(f"{site.short} {_advice(site.name.removeprefix(f'{_CONTRIB}.'))}", site.node)


@rule.below(_SLIM)
def leave_package(site: Site) -> Answer | None:
    """What is still in the package of slim is left, but for what was seen to run in a graph."""
    parts = tuple(prefixes(site.name))
    if not site.module.names.project.modules.isdisjoint(parts):
        return None  # A copy of it is among the files of the run, and rewritten.
    failing = next((FAILS_IN_SLIM[part] for part in parts if part in FAILS_IN_SLIM), None)
    if failing is not None:
        return left(f"{site.short} does not run: {failing}", site.node)
    if site.module.target == "graph" and not RUNS_IN_SLIM.isdisjoint(parts):
        return Answer(runs=(f"{site.short}: tf_slim 1.1.0 runs in a graph",))
    instead = _instead(site.name.replace(_SLIM, "slim", 1)) or "there is no successor"
    return left(f"{site.short} is made for a graph of tf.compat.v1: {instead}", site.node)


def _advice(name: str) -> str:
    instead = _instead(name)
    return f"is gone: {instead}" if instead else "has no successor in TensorFlow 2"


def _instead(name: str) -> str | None:
    """What there is instead, by the longest part that is known; slim has other parts of contrib."""
    name = name.replace("learn.python.learn.", "learn.", 1)
    rest = name.removeprefix("slim.").removeprefix("python.slim.")
    also = (f"slim.{rest}", f"layers.{rest}", f"framework.{rest}", rest) if rest != name else ()
    parts = [part for path in also for part in prefixes(path) if part != "slim"]
    return next((ADVICE[part] for part in (*parts, *prefixes(name)) if part in ADVICE), None)
