"""Switches between the behaviours of TensorFlow 1 and 2 are taken out.

Before:

    tf.disable_v2_behavior()
    tf.enable_eager_execution()

After: nothing; TensorFlow 2 behaves as it does.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_SWITCHES = (
    "disable_v2_behavior",
    "enable_v2_behavior",
    "enable_eager_execution",
    "enable_resource_variables",
    "disable_resource_variables",
    "enable_v2_tensorshape",
    "disable_v2_tensorshape",
)


@rule.names(*(f"tensorflow.{name}" for name in _SWITCHES))
def take_out(page: Page, site: Site) -> None:
    """Take out the statement; anything but a plain statement is left."""
    statement = page.parent(site.call) if site.call is not None else None
    if not isinstance(statement, ast.Expr):
        page.leave(site, "TensorFlow 2 behaves as it does")
        return
    assert site.call is not None
    page.consume(site.call)
    page.drop_use(site.chain)
    page.replace_statement(statement, [])
    page.fixed(site.node, f"{site.short}() taken out")
