"""TensorFlow's private modules, `tensorflow.python...`, which move without notice.

What TF1 published elsewhere (`tensorflow.python.ops.variable_scope`, the layers) is handled under
its public name; the rest is reported where it is imported.

Before and after:

    from tensorflow.python.framework import ops
"""

from __future__ import annotations

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)


@rule.below("tensorflow.python")
def leave(site: Site) -> Answer | None:
    """Leave a use by its whole path; for an imported module, the import is left."""
    if site.name.count(".") > 1 and site.chain is not None and site.chain.root.id == "tensorflow":
        return left(f"{site.name} is private to TensorFlow")
    return None
