"""Imports follow what the other rules write, whichever are chosen.

A name that moved is imported from its new place, an import that nothing needs any more goes, and
`import getter_compat` is added where isort would put it. A `tf` that comes from elsewhere, which
may be TensorFlow re-exported, is reported: `--tf-alias` says that it is.
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow.compat.v1 as tf
        from tensorflow import layers
        from tensorflow.python.ops import variable_scope as vs

        def net(x):
            with vs.variable_scope("net"):
                return layers.dense(tf.nn.relu(x), 3)
        """,
    after="""
        import getter_compat
        import tensorflow as tf
        from getter_compat import layers

        def net(x):
            with getter_compat.getter_scope("net"):
                return layers.dense(tf.nn.relu(x), 3)
        """,
)
