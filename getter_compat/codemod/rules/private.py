"""TensorFlow's private modules, `tensorflow.python...`, which move without notice.

What TF1 published elsewhere (`tensorflow.python.ops.variable_scope`, the layers) is handled under
its public name. Of the rest, what TensorFlow 2 can still import, and still has, runs, by a table
that was measured; what is gone is left for a person where it is imported.
"""

from __future__ import annotations

from getter_compat.codemod import support
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        from tensorflow.python.framework import ops
        from tensorflow.python.ops import math_ops
        from tensorflow.python.ops import variable_scope as vs

        with vs.variable_scope("net"):
            print(math_ops.reduce_sum(vs.get_variable("v", [2])).shape)


        def is_tensor(x):
            return isinstance(x, ops.Tensor)
        """,
    after="""
        import getter_compat
        from tensorflow.python.framework import ops
        from tensorflow.python.ops import math_ops

        with getter_compat.getter_scope("net"):
            print(math_ops.reduce_sum(getter_compat.get_variable("v", [2])).shape)


        def is_tensor(x):
            return isinstance(x, ops.Tensor)
        """,
    why="TensorFlow 2 has no tf.python.framework.ops.Tensor",
)


@rule.below("tensorflow.python")
def leave(site: Site) -> Answer | None:
    """Leave a use by its whole path; for an imported module, the import is left."""
    if site.name.count(".") < 2 or site.chain is None or site.chain.root.id != "tensorflow":
        return None
    if support.has_private(site.resolve_whole()):
        return Answer(runs=(f"{site.name} is private to TensorFlow, and still there",))
    return left(f"{site.name} is private to TensorFlow, and no more there")
