"""`tf.variable_scope` becomes `getter_compat.getter_scope`.

Keras layers ignore TF1's variable scopes; `getter_scope` takes the same arguments, in the same
order, and Keras layers, `get_variable` and nested scopes follow it. The rest of TF1's scope
functions have a successor of the same name.
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def net(x, getter, reuse=tf.AUTO_REUSE):
            with tf.variable_scope("net", reuse=reuse, custom_getter=getter) as scope:
                scope.set_initializer(tf.zeros_initializer())
                return tf.layers.dense(x, 2)


        print(net(tf.ones([1, 3]), None))
        """,
    after="""
        import getter_compat
        import tensorflow as tf


        def net(x, getter, reuse=getter_compat.AUTO_REUSE):
            with getter_compat.getter_scope("net", reuse=reuse, custom_getter=getter) as scope:
                scope.set_initializer(tf.zeros_initializer())
                return getter_compat.layers.dense(x, 2)


        print(net(tf.ones([1, 3]), None))
        """,
)

rule.renames(
    {
        "tensorflow.variable_scope": "getter_compat.getter_scope",
        "tensorflow.AUTO_REUSE": "getter_compat.AUTO_REUSE",
        "tensorflow.VariableScope": "getter_compat.VariableScope",
        "tensorflow.get_variable_scope": "getter_compat.get_variable_scope",
    }
)
