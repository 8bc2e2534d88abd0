"""What TF1's datasets had, and those of TensorFlow 2 have under other names.

A dataset's `output_types`, `output_shapes` and `output_classes` are asked for by functions now, and
`tf.contrib.data.batch_and_drop_remainder` is an argument of `batch`. A dataset is seen as one where
the file makes it, be it in a function or for `self`, by its name (`dataset`, `train_ds`), and where
an iterator is made of its types; members of these names of a class of the file's own stay. The
functions take iterators too, which have the members still, and keep them where they are made here.
A `shuffle` from a seed that is repeated runs, in another order than TF1's, which is told; so does
`shuffle_and_repeat`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TypeGuard

from getter_compat.codemod.analysis.names import Scope, leaf
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, changed, left
from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rewriting.calls import bound, filled, parameters_of
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        dataset = tf.data.Dataset.range(5)
        dataset = dataset.apply(tf.contrib.data.batch_and_drop_remainder(2))
        print(dataset.output_types)


        def pad_all(dataset):
            shapes = dataset.output_shapes
            return dataset.padded_batch(3, padded_shapes=shapes)
        """,
    after="""
        import tensorflow as tf

        dataset = tf.data.Dataset.range(5)
        dataset = dataset.batch(2, drop_remainder=True)
        print(tf.compat.v1.data.get_output_types(dataset))


        def pad_all(dataset):
            shapes = tf.compat.v1.data.get_output_shapes(dataset)
            return dataset.padded_batch(3, padded_shapes=shapes)
        """,
)

_MEMBERS = ("output_types", "output_shapes", "output_classes")
_DATASET = re.compile(r"(?:.*_)?(?:dataset|ds)")
_ITERATOR = re.compile(r"make_\w+_iterator$|Iterator\.from_\w+$|\biter$")

# What contrib applied to a dataset, its parameters, and the method that has it now.
_APPLIED = {
    "batch_and_drop_remainder": (("batch_size",), "batch"),
    "padded_batch_and_drop_remainder": (
        ("batch_size", "padded_shapes", "padding_values"),
        "padded_batch",
    ),
}


@rule.attributes(*sorted(_MEMBERS))
def ask_by_a_function(site: Site) -> Answer | None:
    """Write the function in place of the member of a dataset."""
    node = site.node
    assert isinstance(node, ast.Attribute)
    if not site.module.concerns_tensorflow or not isinstance(node.ctx, ast.Load):
        return None
    if not _has_structure(site, node):
        return None
    name = f"tf.compat.v1.data.get_{node.attr}"
    function = site.spell(name.replace("tf", "tensorflow", 1))
    return changed(node, partial(_function_of, function), f".{node.attr} -> {name}")


def _has_structure(site: Site, member: ast.Attribute) -> bool:
    """Whether a dataset is asked, or an iterator that this file does not make."""
    owner = member.value
    if _is_dataset(site, owner, site.scope):
        return True
    called = leaf(owner)
    if called in ("", "self", "cls") or site.resolve(owner) is not None:
        return False
    if _is_iterator(site, owner) or _is_own(site):
        return False
    return _DATASET.fullmatch(called) is not None or _makes_iterator(site, member)


def _makes_iterator(site: Site, member: ast.Attribute) -> bool:
    """Whether the member is given to `tf.data.Iterator.from_structure(...)` or the like."""
    above = site.parent(member)
    call = site.parent(above) if isinstance(above, ast.keyword) else above
    resolved = site.resolve(call.func) if isinstance(call, ast.Call) else None
    return resolved is not None and resolved.name.startswith("tensorflow.data.Iterator.from_")


def _is_iterator(site: Site, owner: ast.expr) -> bool:
    """Whether an iterator is asked: by what makes it, or its name alone."""
    values: list[ast.expr | None] = [owner]
    if isinstance(owner, ast.Name):
        values = [binding.expression for binding in site.scope.lookup(owner.id)]
    made = [value for value in values if isinstance(value, ast.Call)]
    if made:
        return all(_ITERATOR.search(site.text_of(call.func)) for call in made)
    called = leaf(owner)
    return called == "it" or called.endswith("iterator")


def _is_own(site: Site) -> bool:
    """Whether a class of this file has members of these names."""
    nodes = site.module.names.nodes
    for owner, _ in nodes.get(ast.ClassDef, ()):
        assert isinstance(owner, ast.ClassDef)
        if any(_binds_member(statement) for statement in owner.body):
            return True
    members = (node for node, _ in nodes.get(ast.Attribute, ()))
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in _MEMBERS
        and isinstance(node.ctx, ast.Store)
        for node in members
    )


def _binds_member(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return statement.name in _MEMBERS
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(target, ast.Name) and target.id in _MEMBERS for target in targets)


def _function_of(function: str, member: cst.BaseExpression) -> cst.BaseExpression:
    assert isinstance(member, cst.Attribute)
    return filled(f"{function}({{}})", member.value)


@rule.uses(*(f"tensorflow.contrib.data.{name}" for name in _APPLIED))
def call_the_method(site: Site) -> Answer:
    """Call the dataset's method in place of `dataset.apply(function)`."""
    parameters, method = _APPLIED[site.name.rpartition(".")[2]]
    call = site.call
    apply = site.parent(call) if call is not None else None
    if call is None or not _is_applied(apply) or parameters_of(call, parameters) is None:
        return left(f"{site.short} is gone: write dataset.{method}(..., drop_remainder=True)")

    def change(node: cst.BaseExpression) -> cst.BaseExpression:
        assert isinstance(node, cst.Call)
        assert isinstance(node.func, cst.Attribute)
        new = bound(node.args[0].value, call, parameters)
        assert new is not None
        written = new.adding(drop_remainder="True").written()
        return written.with_changes(
            func=node.func.with_changes(attr=cst.Name(method)),
            # What stood in the brackets of `apply(...)` may hold line ends.
            whitespace_after_func=node.whitespace_after_func,
        )

    told = f"{site.short} -> .{method}(drop_remainder=True)"
    return replace(changed(apply, change, told), at=site.node)


@rule.nodes(ast.Call, where=("shuffle",))
def tell_of_order(site: Site) -> Answer | None:
    """Tell of `shuffle(n, seed=...).repeat()`, which TF1 made one step, of another order."""
    node = site.node
    assert isinstance(node, ast.Call)
    if leaf(node.func) == "shuffle_and_repeat":
        if site.resolve(node.func) is None:
            return None  # somebody's own
        has_seed = _is_given(_arguments(node, "buffer_size", "count", "seed").get("seed"))
        return Answer(runs=(_ORDER_OF_ONE,)) if has_seed else None
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "repeat":
        return None
    if not site.module.concerns_tensorflow or not _is_shuffled(site, node.func.value):
        return None
    return Answer(runs=(_ORDER,))


_ORDER = (
    ".repeat() behind .shuffle(seed=...): TF1 made them one step, whose order is another for the "
    "same seed; reshuffle_each_iteration=False, or repeat before shuffle, is ordered as in TF1"
)
_ORDER_OF_ONE = "shuffle_and_repeat(seed=...): the order is another than TF1's for the same seed"


def _is_shuffled(site: Site, dataset: ast.expr) -> bool:
    """Whether what is repeated was shuffled from a seed right before."""
    if isinstance(dataset, ast.Name):
        given = (binding.expression for binding in site.scope.lookup(dataset.id))
        before = [it for it in given if it is not None and (it.end_lineno or 0) < dataset.lineno]
        if not before:
            return False
        dataset = max(before, key=lambda it: it.lineno)
    if not isinstance(dataset, ast.Call) or not isinstance(dataset.func, ast.Attribute):
        return False
    if dataset.func.attr != "shuffle":
        return False
    given_now = _arguments(dataset, "buffer_size", "seed", "reshuffle_each_iteration")
    again = given_now.get("reshuffle_each_iteration")
    if isinstance(again, ast.Constant) and again.value is False:
        return False
    return _is_given(given_now.get("seed"))


def _arguments(call: ast.Call, *names: str) -> dict[str, ast.expr]:
    """The arguments of a call, those that are given by their places too."""
    by_place = dict(zip(names, call.args, strict=False))
    return by_place | {word.arg: word.value for word in call.keywords if word.arg}


def _is_given(value: ast.expr | None) -> bool:
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)


def _is_applied(call: ast.AST | None) -> TypeGuard[ast.Call]:
    """Whether this is `dataset.apply(...)`."""
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return False
    return isinstance(call.func, ast.Attribute) and call.func.attr == "apply"


def _is_dataset(site: Site, node: ast.expr | None, scope: Scope, depth: int = 0) -> bool:
    """Whether the expression is a dataset that this file makes."""
    if depth > 8:
        return False
    if isinstance(node, ast.Call):
        return _is_made(site, node, scope, depth + 1)
    if isinstance(node, ast.Subscript):
        return _holds_datasets(site, node.value, scope, depth + 1)
    given = _given(site, node, scope)
    return bool(given) and all(_is_dataset(site, value, scope, depth + 1) for value in given)


def _is_made(site: Site, call: ast.Call, scope: Scope, depth: int) -> bool:
    """Whether a call gives a dataset: of `tf.data`, of a dataset's method, of a function here."""
    resolved = site.module.names.resolve(call.func, scope)
    if resolved is not None:
        path = resolved.name.removeprefix("tensorflow.data.")
        return path != resolved.name and "Dataset" in path
    function = call.func
    if isinstance(function, ast.Attribute) and not function.attr.startswith("make_"):
        return _is_dataset(site, function.value, scope, depth)
    called = function.id if isinstance(function, ast.Name) else None
    returned = [value for name, value in _returned(site) if name == called]
    return bool(returned) and all(_is_dataset(site, value, scope, depth) for value in returned)


def _returned(site: Site) -> Iterator[tuple[str, ast.expr | None]]:
    """What the functions of the file return, by their names."""
    for function, _ in site.module.names.nodes.get(ast.FunctionDef, ()):
        assert isinstance(function, ast.FunctionDef)
        for node in ast.walk(function):
            if isinstance(node, ast.Return):
                yield function.name, node.value


def _holds_datasets(site: Site, holder: ast.expr, scope: Scope, depth: int) -> bool:
    """Whether a dict or a list that is written out holds datasets alone."""
    shown = [holder] if isinstance(holder, (ast.Dict, ast.List)) else _given(site, holder, scope)
    held: list[ast.expr] = []
    for value in shown:
        if not isinstance(value, (ast.Dict, ast.List, ast.Tuple)):
            return False
        held += value.values if isinstance(value, ast.Dict) else value.elts
    return bool(held) and all(_is_dataset(site, value, scope, depth) for value in held)


def _given(site: Site, node: ast.expr | None, scope: Scope) -> list[ast.expr | None]:
    """What a name, or an attribute of `self`, is given in this file."""
    if isinstance(node, ast.Attribute):
        stores = (it for it in _stores(site) if ast.unparse(it) == ast.unparse(node))
        return [_part_for(site, it) for it in stores]
    if not isinstance(node, ast.Name):
        return []
    values = [
        binding.expression or (_part_for(site, binding.target) if binding.target else None)
        for binding in scope.lookup(node.id)
    ]
    return [value for value in values if not _is_about(value, node.id)] or values


def _stores(site: Site) -> list[ast.Attribute]:
    """The attributes that are assigned to."""
    found = (node for node, _ in site.module.names.nodes.get(ast.Attribute, ()))
    return [it for it in found if isinstance(it, ast.Attribute) and isinstance(it.ctx, ast.Store)]


def _part_for(site: Site, target: ast.expr) -> ast.expr | None:
    """What is assigned to a target, alone or at its place among others."""
    above = site.parent(target)
    if isinstance(above, ast.Assign):
        return above.value
    if not isinstance(above, ast.Tuple) or not isinstance(whole := site.parent(above), ast.Assign):
        return None
    if not isinstance(whole.value, ast.Tuple) or len(whole.value.elts) != len(above.elts):
        return None
    return whole.value.elts[above.elts.index(target)]


def _is_about(value: ast.expr | None, name: str) -> bool:
    """Whether a method of the very name gives the value: `dataset = dataset.map(f)`."""
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        value = value.func.value
        if isinstance(value, ast.Name):
            return value.id == name
    return False
