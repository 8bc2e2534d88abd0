"""A graph that only held variables becomes a store with --target eager; else it stays a graph.

In a program without sessions and placeholders, a new graph was there to start with no variables.
One that has a name may be asked for anything, and is left for a person. With --target graph a graph
is TensorFlow's own still; resetting the default one resets the store where there is no graph.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left, stays
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def build():
            return tf.get_variable("v", [2]).name


        with tf.Graph().as_default():
            print(build())
        tf.reset_default_graph()
        print(build())
        """,
    after="""
        import getter_compat


        def build():
            return getter_compat.get_variable("v", [2]).name


        with getter_compat.VariableStore().as_default():
            print(build())
        getter_compat.reset_default_store()
        print(build())
        """,
    target="eager",
)

# What runs a graph, rather than keeps variables in one.
_GRAPH_USES = ("session", "placeholder", "estimator", "get_default_graph", "graph_def", "feed_dict")


@rule.uses("tensorflow.reset_default_graph")
def rewrite_reset(site: Site) -> Answer:
    """Reset the store."""
    if _runs_graphs(site):
        return stays("this program runs graphs")
    return becomes("getter_compat.reset_default_store")


@rule.uses("tensorflow.Graph")
def rewrite_graph(site: Site) -> Answer | None:
    """Turn a new graph, entered at once and never named, into a new store."""
    if site.module.target == "graph" or site.call is None or _runs_graphs(site):
        return None
    if _is_entered_at_once(site, site.call):
        return becomes("getter_compat.VariableStore")
    return left("its variables are in a store now: see getter_compat.VariableStore")


def _is_entered_at_once(site: Site, call: ast.Call) -> bool:
    """Whether this is `with tf.Graph().as_default():`."""
    method = site.parent(call)
    if not isinstance(method, ast.Attribute) or method.attr != "as_default":
        return False
    entered = site.parent(method)
    with_item = site.parent(entered) if entered is not None else None
    return isinstance(with_item, ast.withitem) and with_item.optional_vars is None


def _runs_graphs(site: Site) -> bool:
    """Whether this file runs a graph, or a program that it belongs to."""
    text = site.module.text.source.lower()
    return site.module.names.project.runs_graph or any(word in text for word in _GRAPH_USES)
