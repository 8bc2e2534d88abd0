"""`tf.variable_scope` becomes `getter_compat.getter_scope`.

Keras layers ignore TF1's variable scopes; `getter_scope` takes the same arguments, in the same
order, and Keras layers, `get_variable` and nested scopes follow it. The rest of TF1's scope
functions have a successor of the same name.

Before:

    with tf.variable_scope("model", reuse=tf.AUTO_REUSE, custom_getter=getter) as scope:
        ...

After:

    with getter_compat.getter_scope(
        "model", reuse=getter_compat.AUTO_REUSE, custom_getter=getter
    ) as scope:
        ...
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.renames(
    {
        "tensorflow.variable_scope": "getter_compat.getter_scope",
        "tensorflow.AUTO_REUSE": "getter_compat.AUTO_REUSE",
        "tensorflow.VariableScope": "getter_compat.VariableScope",
        "tensorflow.get_variable_scope": "getter_compat.get_variable_scope",
    }
)
