"""TensorFlow's private modules, `tensorflow.python...`, which move without notice.

What TF1 published elsewhere (`tensorflow.python.ops.variable_scope`, the layers) is handled under
its public name; the rest is reported where it is imported.

Before and after:

    from tensorflow.python.framework import ops
"""

from __future__ import annotations

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)


@rule.prefixes("tensorflow.python")
def report(page: Page, site: Site) -> None:
    """Report a use by its whole path; for an imported module, the import is reported."""
    if site.name.count(".") > 1 and site.chain.root.id == "tensorflow":
        page.report(site.node, f"{site.name} is private to TensorFlow")
