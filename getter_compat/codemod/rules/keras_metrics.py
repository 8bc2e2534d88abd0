"""Metrics of `tf.keras` that are asked for under TensorFlow 1's names are given these names.

`metrics=["accuracy"]` was `acc` in the history, in `logs`, and where a callback looks for it;
`"mse"` was `mean_squared_error`. Keras 3, and Keras 2 with TensorFlow 2, call a metric as it is
written in `compile`, so that it is written there as it is asked for. Nothing changes where nobody
asks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import partial

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, changed, left
from getter_compat.codemod.project.scan import METRICS, metrics_asked
from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import numpy as np
        import tensorflow as tf

        model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="zeros")])
        model.compile("sgd", "mse", metrics=["accuracy", "mae"])
        history = model.fit(np.ones([2, 3]), np.ones([2, 1]), verbose=0).history
        print(history["acc"], history["mean_absolute_error"])
        """,
    after="""
        import numpy as np
        import tensorflow as tf

        model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="zeros")])
        model.compile("sgd", "mse", metrics=["acc", "mean_absolute_error"])
        history = model.fit(np.ones([2, 3]), np.ones([2, 1]), verbose=0).history
        print(history["acc"], history["mean_absolute_error"])
        """,
)


@rule.nodes(ast.Call, where=(r"metrics\b",), beside="compile")
def name_as_asked(site: Site) -> Answer | None:
    """Give the metrics of `compile` the names that are asked for."""
    call = site.node
    assert isinstance(call, ast.Call)
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "compile":
        return None
    metrics = next((word.value for word in call.keywords if word.arg == "metrics"), None)
    if metrics is None or not site.module.concerns_tensorflow:
        return None
    asked = metrics_asked(site.module.text.data) | site.module.names.project.metrics
    is_named = isinstance(metrics, ast.Name)
    given = site.scope.value_of(metrics.id) if isinstance(metrics, ast.Name) else metrics
    wanted = {old: new for old, new in METRICS.items() if new in asked and old not in asked}
    for name in _named_elsewhere(site, given) if wanted else ():
        wanted.pop(name, None)
    if wanted and not isinstance(given, (ast.List, ast.Tuple, ast.Dict, ast.Constant)):
        return left(
            f"metrics that cannot be seen here: {_told(wanted)}, as it is asked for", metrics
        )
    found = {old: new for old, new in wanted.items() if given is not None and old in _words(given)}
    if found and is_named:
        return left(f"metrics: {_told(found)}, as it is asked for", metrics)
    return changed(call, partial(_named, found), _told(found)) if found else None


def _named_elsewhere(site: Site, given: ast.expr | None) -> frozenset[str]:
    """The metrics that the text names, as it names them to `compile`, for whatever use.

    `"mse"` alone may be a loss.
    """
    compiled = [site.parent(node) for node, _ in site.module.names.attributes.get("compile", ())]
    inside = {id(node) for it in (*compiled, given) if it is not None for node in ast.walk(it)}
    words = {
        node.value
        for node in site.module.all_nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside
    }
    return frozenset(
        name for name in METRICS if f"val_{name}" in words or (name == "accuracy" and name in words)
    )


def _told(names: Mapping[str, str]) -> str:
    return ", ".join(f"{old!r} -> {new!r}" for old, new in names.items())


def _words(node: ast.expr) -> Iterator[str]:
    """The names that are written out, in lists and in a dict by output."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    parts = node.values if isinstance(node, ast.Dict) else getattr(node, "elts", ())
    for part in parts:
        yield from _words(part)


def _named(names: Mapping[str, str], node: cst.BaseExpression) -> cst.BaseExpression:
    """The call of `compile`, with other names of metrics."""
    assert isinstance(node, cst.Call)
    is_given = [word.keyword is not None and word.keyword.value == "metrics" for word in node.args]
    return node.with_changes(
        args=[
            word.with_changes(value=_renamed(names, word.value)) if given else word
            for word, given in zip(node.args, is_given, strict=True)
        ]
    )


def _renamed(names: Mapping[str, str], node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.SimpleString):
        word = names.get(str(node.evaluated_value), node.raw_value)
        return node.with_changes(value=f"{node.prefix}{node.quote}{word}{node.quote}")
    if isinstance(node, (cst.List, cst.Tuple, cst.Dict)):
        parts = [it.with_changes(value=_renamed(names, it.value)) for it in node.elements]
        return node.with_changes(elements=parts)
    return node
