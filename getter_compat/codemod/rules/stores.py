"""A graph that only held variables becomes a store with --target eager; else it stays a graph.

In a file without sessions and placeholders, a new graph was there to start with no variables. One
that has a name may be asked for anything, and is left for a person. With --target graph a graph is
TensorFlow's own still; resetting the default one resets the store where there is no graph.

Before:

    tf.reset_default_graph()
    with tf.Graph().as_default():
        build()

After, with --target eager:

    getter_compat.reset_default_store()
    with getter_compat.VariableStore().as_default():
        build()
"""

from __future__ import annotations

import ast

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

# What runs a graph, rather than keeps variables in one.
_GRAPH_USES = ("session", "placeholder", "estimator", "get_default_graph", "graph_def", "feed_dict")


@rule.names("tensorflow.reset_default_graph")
def rewrite_reset(page: Page, site: Site) -> None:
    """Reset the store."""
    if _runs_graphs(page):
        page.leave(site, "this file runs graphs")
        return
    page.rename(site, "getter_compat.reset_default_store")


@rule.names("tensorflow.Graph")
def rewrite_graph(page: Page, site: Site) -> None:
    """Turn a new graph, entered at once and never named, into a new store."""
    if page.target == "graph" or site.call is None or _runs_graphs(page):
        return
    if _is_entered_at_once(page, site.call):
        page.rename(site, "getter_compat.VariableStore")
    else:
        message = "its variables are in a store now: see getter_compat.VariableStore"
        page.report(site.node, message, site.short)


def _is_entered_at_once(page: Page, call: ast.Call) -> bool:
    """Whether this is `with tf.Graph().as_default():`."""
    method = page.parent(call)
    if not isinstance(method, ast.Attribute) or method.attr != "as_default":
        return False
    entered = page.parent(method)
    with_item = page.parent(entered) if entered is not None else None
    return isinstance(with_item, ast.withitem) and with_item.optional_vars is None


def _runs_graphs(page: Page) -> bool:
    return any(word in page.text.source.lower() for word in _GRAPH_USES)
