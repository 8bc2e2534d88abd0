"""`tf.nn.dropout` takes the rate that is dropped, no longer the one that is kept.

Before:

    y = tf.nn.dropout(x, keep_prob=p + 0.1, name="d")

After:

    y = tf.nn.dropout(x, rate=1 - (p + 0.1), name="d")
"""

from __future__ import annotations

import ast

from getter_compat.codemod.edits import Argument, Text
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_ORDER = ("x", "keep_prob", "noise_shape", "seed", "name", "rate")


@rule.names("tensorflow.nn.dropout")
def rewrite_dropout(page: Page, site: Site) -> None:
    """Turn the probability round."""
    arguments = page.arguments(site) if site.call is not None else []
    if site.call is None or any(argument.star for argument in arguments):
        page.leave(site, "whether it is told what to keep or to drop cannot be seen here")
        return
    if any(argument.keyword == "rate" for argument in arguments):
        page.rename(site, "tensorflow.nn.dropout")
        return
    named = dict(zip(_ORDER, arguments, strict=False))
    named = {name: item for name, item in named.items() if item.positional}
    named.update({item.keyword: item for item in arguments if item.keyword})
    keep = named.get("keep_prob")
    if keep is None:
        page.leave(site, "it says neither what to keep nor what to drop")
        return
    for name, argument in named.items():
        if argument.positional and name not in ("x", "keep_prob"):
            page.text.name_argument(argument, name)
    if keep.positional:
        page.text.name_argument(keep, "rate")
    else:
        page.text.rename_keyword(keep, "rate")
    _subtract_from_one(page.text, keep)
    page.fixed(site.node, "tf.nn.dropout: keep_prob -> rate")
    page.rename(site, "tensorflow.nn.dropout")


def _subtract_from_one(text: Text, argument: Argument) -> None:
    value = argument.value
    if isinstance(value, ast.Constant) and value.value in (1, 1.0):
        text.replace(text.value_span(argument), "0")
        return
    span = text.value_span(argument)
    plain = isinstance(value, (ast.Attribute, ast.Call, ast.Constant, ast.Name, ast.Subscript))
    if plain or span.start < text.start(value):
        text.insert_before(span, "1 - ")
    else:
        text.wrap(span, "1 - (", ")")
