"""`tf.Variable` takes no collections and no `use_resource` in TensorFlow 2.

Every variable is a resource now, and what `tf.Variable` makes is in TF1's own collection of all
variables anyway, in a graph, and in no store. Other collections and an `expected_shape` stay TF1's.
The arguments that stood behind the collections get their names.

Before:

    step = tf.Variable(0, False, [tf.GraphKeys.GLOBAL_VARIABLES], name="step")
    rate = tf.Variable(0.1, collections=["rates"])

After:

    step = tf.Variable(0, False, name="step")
    rate = tf.compat.v1.Variable(0.1, collections=["rates"])
"""

from __future__ import annotations

import ast

from getter_compat.codemod.edits import Argument
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

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
_GONE = frozenset({"collections", "expected_shape", "use_resource"})
_COLLECTIONS = _PARAMETERS.index("collections")

# Collections of TF1's own that say where a variable is listed, and nothing else; in a graph, where
# one is looked for in them, all variables are in the first.
_LISTS = {
    "graph": frozenset({"GLOBAL_VARIABLES", "VARIABLES", "variables"}),
    "eager": frozenset(
        {*("GLOBAL_VARIABLES", "VARIABLES", "variables"), "LOCAL_VARIABLES", "local_variables"}
    ),
}


@rule.names("tensorflow.Variable")
def rewrite(page: Page, site: Site) -> None:
    """Take out what has no effect."""
    arguments = page.arguments(site) if site.call is not None else []
    if site.call is None or any(argument.star for argument in arguments):
        return
    named = _named(arguments)
    gone = [named[name] for name in named if name in _GONE]
    if not all(_has_no_effect(page, site, name, named[name]) for name in named if name in _GONE):
        message = "its collections, or its expected_shape, have no successor"
        page.leave(site, message, needs_graph=True)
        return
    if "collections" in named and named["collections"].positional:
        for name, argument in named.items():
            if argument.positional and _PARAMETERS.index(name) > _COLLECTIONS:
                page.text.name_argument(argument, name)
    for argument in gone:
        page.consume(argument.value)
    page.text.remove_arguments(site.call, gone)
    if gone:
        page.fixed(site.node, "tf.Variable: without what TensorFlow 2 does not take")
    page.rename(site, "tensorflow.Variable")


def _named(arguments: list[Argument]) -> dict[str, Argument]:
    """The arguments by TF1's names, or by TF2's where they plainly follow its order."""
    order: tuple[str, ...] = _PARAMETERS
    third = arguments[_COLLECTIONS].value if len(arguments) > _COLLECTIONS else None
    if isinstance(third, ast.Constant) and isinstance(third.value, bool):
        order = tuple(name for name in _PARAMETERS if name not in _GONE)
    return {item.keyword or name: item for name, item in zip(order, arguments, strict=False)}


def _has_no_effect(page: Page, site: Site, name: str, argument: Argument) -> bool:
    value = argument.value
    if name == "use_resource" or (isinstance(value, ast.Constant) and value.value is None):
        return True
    return (
        name == "collections"
        and isinstance(value, (ast.List, ast.Tuple))
        and (bool(value.elts) or page.target == "eager")
        and all(_is_list_of_tf1(page, site, item) for item in value.elts)
    )


def _is_list_of_tf1(page: Page, site: Site, item: ast.expr) -> bool:
    if isinstance(item, ast.Constant):
        return item.value in _LISTS[page.target]
    resolved = page.names.resolve(item, site.chain.scope)
    path, _, name = resolved.name.rpartition(".") if resolved is not None else ("", "", "")
    return path == "tensorflow.GraphKeys" and name in _LISTS[page.target]
