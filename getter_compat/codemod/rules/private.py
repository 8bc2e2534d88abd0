"""TensorFlow's private modules, `tensorflow.python...`, which move without notice.

What TF1 published elsewhere (`tensorflow.python.ops.variable_scope`, the layers) is handled under
its public name. Of the rest, what TensorFlow 2 can still import, and still has, runs, by a table
that was measured. What is no more there gets the name by which TensorFlow 2 publishes the same;
without one, it is left for a person where it is imported.
"""

from __future__ import annotations

from getter_compat.codemod import support
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule
from getter_compat.tables.published import PUBLIC

rule = Rule(__name__)

rule.example(
    before="""
        from tensorflow.python.framework import ops
        from tensorflow.python.ops import math_ops
        from tensorflow.python.ops import variable_scope as vs
        from tensorflow.python.util import nest

        with vs.variable_scope("net"):
            print(math_ops.reduce_sum(vs.get_variable("v", [2])).shape)


        def are_tensors(x):
            flat = nest.flatten(x) if nest.is_sequence(x) else [x]
            return all(isinstance(item, ops.Tensor) for item in flat)
        """,
    after="""
        import getter_compat
        import tensorflow as tf
        from tensorflow.python.ops import math_ops
        from tensorflow.python.util import nest

        with getter_compat.getter_scope("net"):
            print(math_ops.reduce_sum(getter_compat.get_variable("v", [2])).shape)


        def are_tensors(x):
            flat = nest.flatten(x) if tf.nest.is_nested(x) else [x]
            return all(isinstance(item, tf.Tensor) for item in flat)
        """,
)

rule.renames({f"{support.PRIVATE}.{old}": f"tensorflow.{new}" for old, new in PUBLIC.items()})
# Another name for the same: of 35 kinds of values both say alike what is nested.
rule.renames({f"{support.PRIVATE}.util.nest.is_sequence": "tensorflow.nest.is_nested"})


@rule.below("tensorflow.python")
def leave(site: Site) -> Answer | None:
    """Leave a use by its whole path; for an imported module, the import is left."""
    if site.name.count(".") < 2 or site.chain is None or site.chain.root.id != "tensorflow":
        return None
    if support.has_private(site.resolve_whole()):
        return Answer(runs=(f"{site.name} is private to TensorFlow, and still there",))
    return left(f"{site.name} is private to TensorFlow, and no more there")
