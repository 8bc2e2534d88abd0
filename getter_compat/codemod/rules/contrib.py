"""`tf.contrib` and TensorFlow's private modules, where no other rule knows a successor.

TensorFlow 2 has no `tf.contrib`; what came from there is reported, import and use, and left as it
is.

Before and after:

    from tensorflow.contrib import slim

    net = slim.conv2d(images, 64, [3, 3])
"""

from __future__ import annotations

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)


@rule.prefixes("tensorflow.contrib")
def report(page: Page, site: Site) -> None:
    """Leave it as it is."""
    page.report(site.node, f"{site.short} has no successor in TensorFlow 2")
