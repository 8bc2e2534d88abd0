"""Imports follow what the other rules write, whichever are chosen.

A name that moved is imported from its new place, an import that nothing needs any more goes, and
`import getter_compat` is added where isort would put it. A `tf` that comes from elsewhere, which
may be TensorFlow re-exported, is reported: `--tf-alias` says that it is.

Before:

    from tensorflow.python.ops import variable_scope as vs
    from tensorflow import layers

After:

    import getter_compat
    from getter_compat import layers
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)
