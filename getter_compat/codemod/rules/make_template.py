"""`tf.make_template` becomes `getter_compat.make_template`.

The arguments stay, `custom_getter_` and `unique_name_` included.

Before:

    net = tf.make_template("net", build, custom_getter_=getter)

After:

    net = getter_compat.make_template("net", build, custom_getter_=getter)
"""

from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.renames({"tensorflow.make_template": "getter_compat.make_template"})
