"""TF1's collections of variables and regularization losses, of the current store.

A `tf.Graph` kept its variables in collections; a `getter_compat.VariableStore` keeps them now. A
scope, given by position or by name, still filters. Other collections are left for a person.

Before:

    weights = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="model")
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    total = tf.losses.get_regularization_loss()

After:

    weights = getter_compat.trainable_variables(scope="model")
    losses = getter_compat.regularization_losses()
    total = tf.reduce_sum(getter_compat.regularization_losses())
"""

from __future__ import annotations

import ast

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.renames(
    {
        "tensorflow.global_variables": "getter_compat.global_variables",
        "tensorflow.all_variables": "getter_compat.global_variables",
        "tensorflow.trainable_variables": "getter_compat.trainable_variables",
        "tensorflow.losses.get_regularization_losses": "getter_compat.regularization_losses",
    }
)

_COLLECTIONS = {
    "GLOBAL_VARIABLES": "global_variables",
    "VARIABLES": "global_variables",
    "TRAINABLE_VARIABLES": "trainable_variables",
    "REGULARIZATION_LOSSES": "regularization_losses",
    "variables": "global_variables",
    "trainable_variables": "trainable_variables",
    "regularization_losses": "regularization_losses",
}


@rule.names("tensorflow.get_collection")
def rewrite_collection(page: Page, site: Site) -> None:
    """Turn a collection of variables or losses into the function that returns it."""
    arguments = page.arguments(site) if site.call is not None else []
    key = next((item for item in arguments if item.keyword in (None, "key")), None)
    if site.call is None or key is None or any(item.star for item in arguments):
        page.leave(site, "which collection this asks for cannot be seen here")
        return
    function = _COLLECTIONS.get(_collection_name(page, site, key.value))
    if function is None:
        page.leave(site, "this collection has no successor")
        return
    page.consume(key.value)
    page.text.remove_arguments(site.call, [key])
    if len(arguments) > 1:
        other = arguments[1 - arguments.index(key)]
        if other.positional:
            page.text.name_argument(other, "scope")
    page.rename(site, f"getter_compat.{function}")


def _collection_name(page: Page, site: Site, key: ast.expr) -> str:
    if isinstance(key, ast.Constant):
        return str(key.value)
    resolved = page.names.resolve(key, site.chain.scope)
    prefix = "tensorflow.GraphKeys."
    if resolved is None or not resolved.name.startswith(prefix):
        return ""
    return resolved.name[len(prefix) :]


@rule.names("tensorflow.losses.get_regularization_loss")
def rewrite_total(page: Page, site: Site) -> None:
    """Sum the losses; `reduce_sum` is zero for none, as TF1's function was."""
    arguments = page.arguments(site) if site.call is not None else []
    if site.call is None or any(item.star or item.keyword == "name" for item in arguments):
        page.leave(site, "write the sum of getter_compat.regularization_losses()")
        return
    span = page.text.span(site.call)
    total = page.spell(site.chain, "tensorflow.reduce_sum")
    page.rename(site, "getter_compat.regularization_losses")
    page.text.wrap(span, f"{total}(", ")")
