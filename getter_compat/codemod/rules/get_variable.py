"""`tf.get_variable` becomes `getter_compat.get_variable`.

The arguments stay: the function has TF1's signature and runs the getters of its scope.
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        with tf.variable_scope("net"):
            w = tf.get_variable("weights", [3, 2], initializer=tf.zeros_initializer())
        print(w.name)
        """,
    after="""
        import getter_compat
        import tensorflow as tf

        with getter_compat.getter_scope("net"):
            w = getter_compat.get_variable("weights", [3, 2], initializer=tf.zeros_initializer())
        print(w.name)
        """,
)

rule.renames({"tensorflow.get_variable": "getter_compat.get_variable"})
