"""`tf.get_variable` and `tf.get_local_variable` become those of `getter_compat`.

The arguments stay: the functions have TF1's signatures and run the getters of their scope.
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        with tf.variable_scope("net"):
            w = tf.get_variable("weights", [3, 2], initializer=tf.zeros_initializer())
            seen = tf.get_local_variable("seen", [])
        print(w.name, seen.name)
        """,
    after="""
        import getter_compat
        import tensorflow as tf

        with getter_compat.getter_scope("net"):
            w = getter_compat.get_variable("weights", [3, 2], initializer=tf.zeros_initializer())
            seen = getter_compat.get_local_variable("seen", [])
        print(w.name, seen.name)
        """,
)

rule.renames(
    {
        "tensorflow.get_variable": "getter_compat.get_variable",
        "tensorflow.get_local_variable": "getter_compat.get_local_variable",
    }
)
