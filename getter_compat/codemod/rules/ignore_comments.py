"""A comment that keeps a line from a rule that does not exist.

The rest of the comment holds; the name is a mistake, or that of a rule that is gone.

Before and after:

    x = tf.log(y)  # getter-compat: ignore[symbol]      # symbols is meant
"""

from __future__ import annotations

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)
