"""`tf.no_regularizer`, which keeps a scope's regularizer off, is below `tf.compat.v1` now.

It works there as it did. The regularizers of `tf.contrib.layers` are in `getter_compat.contrib`.
"""

from __future__ import annotations

from getter_compat.codemod.analysis.names import V1
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf
        from tensorflow.contrib.layers import l2_regularizer

        ones = tf.ones_initializer()
        with tf.variable_scope("net", regularizer=l2_regularizer(0.1)):
            tf.get_variable("w", [3], initializer=ones)
            tf.get_variable("b", [3], regularizer=tf.no_regularizer)
        print([loss.numpy() for loss in tf.losses.get_regularization_losses()])
        """,
    after="""
        import getter_compat
        import tensorflow as tf
        from getter_compat.contrib import l2_regularizer

        ones = tf.ones_initializer()
        with getter_compat.getter_scope("net", regularizer=l2_regularizer(0.1)):
            getter_compat.get_variable("w", [3], initializer=ones)
            getter_compat.get_variable("b", [3], regularizer=tf.compat.v1.no_regularizer)
        print([loss.numpy() for loss in getter_compat.regularization_losses()])
        """,
)

rule.renames({"tensorflow.no_regularizer": f"{V1}.no_regularizer"})
