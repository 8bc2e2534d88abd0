"""The streaming metrics of contrib and slim become those of `tf.compat.v1.metrics`.

They are what contrib called, and made the same variables; predictions come second there, so that
the arguments get their names. They run in a graph alone.
"""

from __future__ import annotations

from getter_compat.codemod.analysis.names import V1
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule
from getter_compat.tables.metrics import STREAMING

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf
        import tensorflow.contrib.slim as slim


        def measure(predictions, labels):
            return slim.metrics.streaming_accuracy(predictions, labels)
        """,
    after="""
        import tensorflow as tf


        def measure(predictions, labels):
            return tf.compat.v1.metrics.accuracy(predictions=predictions, labels=labels)
        """,
)

_MODULES = (
    "tensorflow.contrib.metrics",
    "tensorflow.contrib.metrics.python.ops.metric_ops",
    "tensorflow.contrib.slim.metrics",
)


def _old(site: Site) -> str:
    return site.name.rpartition(".")[2].removeprefix("streaming_")


def leave(site: Site) -> Answer:
    """Leave what is handed on, or called with arguments that cannot be seen."""
    new, _ = STREAMING[_old(site)]
    if site.module.target == "eager":
        return left(_in_a_graph(new))
    return left(f"{site.short}: write tf.compat.v1.metrics.{new}, which takes labels first")


def rewrite(site: Site, call: Call) -> Answer:
    """Name the arguments, whose order is another."""
    new, parameters = STREAMING[_old(site)]
    named = call.with_keywords(*parameters)
    if site.module.target == "eager":
        return Answer(f"{V1}.metrics.{new}", new=named, left=(_in_a_graph(new),))
    return Answer(f"{V1}.metrics.{new}", new=named, stays="the metric of contrib")


def _in_a_graph(new: str) -> str:
    return f"tf.compat.v1.metrics.{new} runs in a graph only: see tf.keras.metrics"


for _name, (_, _parameters) in STREAMING.items():
    _paths = [f"{module}.streaming_{_name}" for module in _MODULES]
    rule.calls(*_paths, takes=_parameters, unseen=leave)(rewrite)
    rule.uses(*_paths)(leave)
