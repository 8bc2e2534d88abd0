"""`tf.contrib` is gone: what has an exact successor gets it, and the rest is reported.

The functions of `tf.contrib.layers` and slim that make no variables become those of
`getter_compat.layers` with contrib's defaults, unless the file uses `arg_scope`, which changes
their defaults. Those that make variables call them `weights` and `biases`, and so are left for a
person, as is all that has another form now; the finding says what to look at.

Before:

    x = tf.contrib.layers.max_pool2d(x, [2, 2], scope="pool")
    x = tf.contrib.layers.dropout(x, 0.8, is_training=training)
    x = tf.contrib.layers.fully_connected(x, 10)

After:

    x = getter_compat.layers.max_pooling2d(x, [2, 2], strides=2)
    x = getter_compat.layers.dropout(x, 1 - 0.8, training=training)
    x = tf.contrib.layers.fully_connected(x, 10)
"""

from __future__ import annotations

import ast

from getter_compat.codemod.edits import Argument
from getter_compat.codemod.page import Page, Site, short
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.tables.contrib import ADVICE, DATA_FORMATS, FUNCTIONS, Successor
from getter_compat.codemod.tables.symbols import GONE

rule = Rule(__name__)

_CONTRIB = "tensorflow.contrib"


@rule.prefixes(_CONTRIB)
@rule.names(*(f"tensorflow.{name}" for name in GONE if name.startswith("contrib.")))
def report(page: Page, site: Site) -> None:
    """Leave it as it is, and say what there is instead."""
    page.report(site.node, f"{site.short} {_advice(site.name.removeprefix(f'{_CONTRIB}.'))}")


def _advice(name: str) -> str:
    if name.startswith("slim.") and f"layers.{name[5:]}" in ADVICE:
        name = f"layers.{name[5:]}"
    while name:
        if name in ADVICE:
            return f"is gone: {ADVICE[name]}"
        name = name.rpartition(".")[0]
    return "has no successor in TensorFlow 2"


@rule.names(*(f"{_CONTRIB}.{module}.{name}" for module in ("layers", "slim") for name in FUNCTIONS))
def rewrite_function(page: Page, site: Site) -> None:
    """Call the successor with contrib's defaults."""
    successor = FUNCTIONS[site.name.rpartition(".")[2]]
    given = _given(page, site, successor)
    if site.call is None or given is None or _uses_arg_scope(page):
        page.report(
            site.node,
            f"{site.short} is gone: {short(successor.target)} has it; "
            "the arguments, or an arg_scope's, cannot all be carried over here",
        )
        return
    dropped = [given.pop(name) for name in ("outputs_collections", "scope") if name in given]
    for argument in dropped:
        page.consume(argument.value)
    page.text.remove_arguments(site.call, dropped)
    written = {_write(page, successor, name, argument) for name, argument in given.items()}
    for name, value in successor.defaults.items():
        if name not in written:
            page.text.add_keyword(site.call, name, value)
    page.rename(site, successor.target)


def _given(page: Page, site: Site, successor: Successor) -> dict[str, Argument] | None:
    """The arguments by contrib's names; None where an exact call cannot be written."""
    if site.call is None:
        return None
    given: dict[str, Argument] = {}
    for index, argument in enumerate(page.arguments(site)):
        name = argument.keyword
        if argument.positional and index < len(successor.parameters):
            name = successor.parameters[index]
        if name not in successor.parameters:
            return None
        given[name] = argument
    collections, data_format = given.get("outputs_collections"), given.get("data_format")
    if collections is not None and not _is_constant(collections.value, (None,)):
        return None
    if data_format is not None and not _is_constant(data_format.value, tuple(DATA_FORMATS)):
        return None
    scope = given.get("scope")
    return None if scope is not None and _has_effects(scope.value) else given


def _is_constant(value: ast.expr, values: tuple[object, ...]) -> bool:
    return isinstance(value, ast.Constant) and value.value in values


def _has_effects(value: ast.expr) -> bool:
    """Whether leaving the expression out could change more than a name."""
    return any(isinstance(node, (ast.Call, ast.Await, ast.NamedExpr)) for node in ast.walk(value))


def _uses_arg_scope(page: Page) -> bool:
    """Whether the defaults of contrib's functions may be others in this file."""
    attributes = (node for node, _ in page.names.nodes.get(ast.Attribute, ()))
    return any(
        isinstance(node, ast.Attribute) and node.attr == "arg_scope" for node in attributes
    ) or any((binding.imported or "").endswith(".arg_scope") for binding in page.names.imports)


def _write(page: Page, successor: Successor, name: str, argument: Argument) -> str:
    """Give the argument its new name and value; returns the name."""
    text, value = page.text, argument.value
    new = successor.renamed.get(name, name)
    if argument.keyword is not None and new != name:
        text.rename_keyword(argument, new)
    elif argument.positional and new not in successor.order:
        text.name_argument(argument, new)
    if name == "data_format":
        assert isinstance(value, ast.Constant)
        text.replace(text.span(value), f'"{DATA_FORMATS[str(value.value)]}"')
    elif name == "keep_prob":
        loose = not isinstance(value, (ast.Constant, ast.Name, ast.Attribute, ast.Call))
        text.wrap(text.span(value), "1 - (" if loose else "1 - ", ")" if loose else "")
    return new
