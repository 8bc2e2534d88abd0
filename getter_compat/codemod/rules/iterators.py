"""Iterators over a dataset are made by a function, which runs in a graph.

One that is initialized runs in a graph only, and is left for a person with --target eager.
"""

from __future__ import annotations

import ast

from getter_compat.codemod import support
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer
from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rewriting.calls import as_first_argument
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        dataset = tf.data.Dataset.range(3)
        iterator = dataset.make_one_shot_iterator()
        print(iterator.get_next().numpy())
        """,
    after="""
        import tensorflow as tf

        dataset = tf.data.Dataset.range(3)
        iterator = tf.compat.v1.data.make_one_shot_iterator(dataset)
        print(iterator.get_next().numpy())
        """,
)


@rule.attributes("make_one_shot_iterator", "make_initializable_iterator")
def rewrite_method(site: Site) -> Answer | None:
    """Write the function in place of the method; a person may want a `for` loop instead."""
    node = site.node
    assert isinstance(node, ast.Attribute)
    call = site.call
    if call is None:
        return None
    if not site.module.concerns_tensorflow or _is_function(site, node):
        return None
    path = f"tensorflow.compat.v1.data.{node.attr}"
    function = site.spell(path)

    def change(method: cst.BaseExpression) -> cst.BaseExpression:
        return as_first_argument(method, function)

    status, why = support.judge(path, site.module.target)
    message = f".{node.attr}() -> tf.compat.v1.data.{node.attr}"
    reason = f"in TF2 a dataset is iterable: {path} is TF1's{why}"
    left = (reason,) if status == "left" else ()
    return Answer(node=call, change=change, at=node, told=(message,), left=left)


def _is_function(site: Site, node: ast.Attribute) -> bool:
    """Whether this is the function already: its name begins with an import."""
    if site.resolve(node) is not None:
        return True
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    return any(binding.imported is not None for binding in site.scope.lookup(root.id))
