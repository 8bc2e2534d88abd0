"""Switches between the behaviours of TensorFlow 1 and 2 are taken out where they say nothing new.

A program in which there is a graph keeps what it says of itself, in whichever direction. Under
`--target eager`, and where there is none, the switches go: TensorFlow 2 behaves as it does.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.names import below_v1
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow.compat.v1 as tf

        tf.disable_v2_behavior()
        print(tf.ones([2]).numpy())
        """,
    after="""
        import tensorflow as tf

        print(tf.ones([2]).numpy())
        """,
)

_SWITCHES = (
    "disable_v2_behavior",
    "enable_v2_behavior",
    "enable_eager_execution",
    "enable_resource_variables",
    "disable_resource_variables",
    "enable_v2_tensorshape",
    "disable_v2_tensorshape",
)


@rule.uses(*(f"tensorflow.{name}" for name in _SWITCHES))
def take_out(site: Site) -> Answer:
    """Take out the statement; anything but a plain statement stays."""
    if site.module.may_run_graph:
        return becomes(below_v1(site.name))
    statement = site.parent(site.call) if site.call is not None else None
    if not isinstance(statement, ast.Expr):
        return stays("TensorFlow 2 behaves as it does")
    return Answer(takes_out=statement, told=(f"{site.short}() taken out",))
