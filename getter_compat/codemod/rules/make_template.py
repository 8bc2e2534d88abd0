"""`tf.make_template` becomes `getter_compat.make_template`.

The arguments stay, `custom_getter_` and `unique_name_` included.
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def scale(x):
            return x * tf.get_variable("factor", [], initializer=tf.ones_initializer())


        shared = tf.make_template("scale", scale)
        print(shared(1.0).numpy(), shared(2.0).numpy(), [v.name for v in shared.variables])
        """,
    after="""
        import getter_compat
        import tensorflow as tf


        def scale(x):
            return x * getter_compat.get_variable("factor", [], initializer=tf.ones_initializer())


        shared = getter_compat.make_template("scale", scale)
        print(shared(1.0).numpy(), shared(2.0).numpy(), [v.name for v in shared.variables])
        """,
)

rule.renames({"tensorflow.make_template": "getter_compat.make_template"})
