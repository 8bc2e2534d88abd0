"""A comment that keeps a line from a rule that does not exist.

The rest of the comment holds; the name is a mistake, or that of a rule that is gone.
"""

from __future__ import annotations

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.kept(
    """
        import tensorflow as tf

        y = tf.abs(1.0)  # getter-compat: ignore[symbol]
        """,
    "symbol is no rule; did you mean symbols?",
)
