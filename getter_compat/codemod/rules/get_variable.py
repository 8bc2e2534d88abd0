"""`tf.get_variable` becomes `getter_compat.get_variable`.

The arguments stay: the function has TF1's signature and runs the getters of its scope.

Before:

    w = tf.get_variable("w", [3, 4], initializer=tf.zeros_initializer())

After:

    w = getter_compat.get_variable("w", [3, 4], initializer=tf.zeros_initializer())
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.renames({"tensorflow.get_variable": "getter_compat.get_variable"})
