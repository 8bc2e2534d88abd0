"""`tf.nn.softmax_cross_entropy_with_logits` lets no gradient into the labels in TF1.

TF2's function of that name is TF1's `..._v2`, whose gradient reaches the labels. Its `axis`, which
TF1 called `dim`, is written out to tell the two apart.

Before:

    a = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z)
    b = tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z)

After:

    a = tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(y), logits=z)
    b = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z, axis=-1)
"""

from __future__ import annotations

import ast

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.rules.symbols import rename_arguments

rule = Rule(__name__)

_NAME = "nn.softmax_cross_entropy_with_logits"


@rule.names(f"tensorflow.{_NAME}")
def stop_gradient(page: Page, site: Site) -> None:
    """Wrap the labels."""
    arguments = page.arguments(site) if site.call is not None else []
    labels = next((item for item in arguments if item.keyword == "labels"), None)
    if site.call is None or labels is None or any(argument.star for argument in arguments):
        page.leave(site, "its labels cannot be seen here")
        return
    if any(argument.keyword == "axis" for argument in arguments):
        return
    if not rename_arguments(page, site, _NAME):
        page.leave(site, "its arguments cannot be seen here")
        return
    if not _is_stopped(page, site, labels.value):
        function = page.spell(site.chain, "tensorflow.stop_gradient")
        page.text.wrap(page.text.value_span(labels), f"{function}(", ")")
        page.fixed(site.node, f"{site.short}: labels=tf.stop_gradient(labels)")
    page.rename(site, f"tensorflow.{_NAME}")


@rule.names(f"tensorflow.{_NAME}_v2")
def rename_v2(page: Page, site: Site) -> None:
    """Drop the suffix."""
    arguments = page.arguments(site) if site.call is not None else []
    positional = sum(argument.positional for argument in arguments)
    if site.call is None or positional > 4 or any(argument.star for argument in arguments):
        page.leave(site, "its arguments cannot be seen here")
        return
    for argument, name in zip(arguments, ("labels", "logits", "axis", "name"), strict=False):
        if argument.positional:
            page.text.name_argument(argument, name)
        elif argument.keyword == "dim":
            page.text.rename_keyword(argument, "axis")
    if positional < 3 and not any(item.keyword in ("dim", "axis") for item in arguments):
        page.text.append_arguments(site.call, ["axis=-1"])
    page.rename(site, f"tensorflow.{_NAME}")


def _is_stopped(page: Page, site: Site, value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    resolved = page.names.resolve(value.func, site.chain.scope)
    return resolved is not None and resolved.name == "tensorflow.stop_gradient"
