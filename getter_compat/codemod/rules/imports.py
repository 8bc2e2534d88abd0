"""Imports follow what the other rules write, whichever are chosen.

A name that moved is imported from its new place, an import that nothing needs any more goes, and
`import getter_compat` is added where isort would put it. A `tf` that comes from elsewhere, which
may be TensorFlow re-exported, is reported: `--tf-alias` says that it is. A name that is given
`import_module("tensorflow")` is followed; what else is imported by a call is left for a person.
"""

import ast

from getter_compat.codemod.analysis.names import V2, imported_by_call
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.project.scan import TENSORFLOW
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow.compat.v1 as tf
        from tensorflow import layers
        from tensorflow.python.ops import variable_scope as vs

        def net(x):
            with vs.variable_scope("net"):
                return layers.dense(tf.nn.relu(x), 3)
        """,
    after="""
        import getter_compat
        import tensorflow as tf
        from getter_compat import layers

        def net(x):
            with getter_compat.getter_scope("net"):
                return layers.dense(tf.nn.relu(x), 3)
        """,
)


@rule.nodes(ast.Call, where=(r"import_module\b", r"__import__\b"))
def leave_call(site: Site) -> Answer | None:
    """Leave TensorFlow imported by a call, where no name is given to it that can be followed."""
    path = imported_by_call(site.node)
    if path is None or path.partition(".")[0] not in TENSORFLOW or path.startswith(V2):
        return None
    parent = site.parent(site.node)
    if isinstance(parent, ast.Expr):
        return None  # Nothing is taken from it.
    if path == "tensorflow" and all(isinstance(target, ast.Name) for target in _targets(parent)):
        return None
    return left(f"{path} is imported by a call: what is taken from it cannot be seen here")


def _targets(statement: ast.AST | None) -> list[ast.expr | None]:
    """What is given the value in an assignment; None for any other node."""
    if isinstance(statement, ast.Assign):
        return [*statement.targets]
    return [statement.target if isinstance(statement, (ast.AnnAssign, ast.NamedExpr)) else None]
