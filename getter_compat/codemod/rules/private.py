"""TensorFlow's private modules, `tensorflow.python...`, which move without notice.

What TF1 published elsewhere (`tensorflow.python.ops.variable_scope`, the layers) is handled under
its public name; the rest is reported where it is imported.
"""

from __future__ import annotations

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        from tensorflow.python.framework import ops
        from tensorflow.python.ops import variable_scope as vs

        with vs.variable_scope("net"):
            vs.get_variable("v", [2])
        """,
    after="""
        import getter_compat
        from tensorflow.python.framework import ops

        with getter_compat.getter_scope("net"):
            getter_compat.get_variable("v", [2])
        """,
    why="import of tf.python.framework.ops",
)


@rule.below("tensorflow.python")
def leave(site: Site) -> Answer | None:
    """Leave a use by its whole path; for an imported module, the import is left."""
    if site.name.count(".") > 1 and site.chain is not None and site.chain.root.id == "tensorflow":
        return left(f"{site.name} is private to TensorFlow")
    return None
