"""Standalone Keras 2, and TensorFlow's private copies of it, become `tf.keras`.

`tf.keras` is the Keras that TensorFlow 2 runs with, so that all of a program takes the same one.
Modules that Keras 2 split a package into are gone; what Keras 3 does not have at all is reported.

Before:

    from keras import backend as K
    from keras.engine.topology import Layer
    from keras.layers.core import Dense

After:

    from tensorflow.keras import backend as K
    from tensorflow.keras.layers import Layer
    from tensorflow.keras.layers import Dense
"""

from __future__ import annotations

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.tables.keras import GONE, MODULES, ROOTS

rule = Rule(__name__)

_KERAS = "tensorflow.keras"

for _root in ROOTS:
    rule.renames({_root: _KERAS})
for _root in (*ROOTS, _KERAS):
    # What is gone keeps its name, in the imports too.
    rule.renames({f"{_root}.{name}": f"{_root}.{name}" for name in GONE})
    rule.renames({f"{_root}.{old}": f"{_KERAS}.{new}" for old, new in MODULES.items()})


@rule.names(*(f"{_root}.{name}" for _root in (*ROOTS, _KERAS) for name in GONE))
def report_gone(page: Page, site: Site) -> None:
    """Report what Keras 3 does not have."""
    root = next(root for root in (_KERAS, *reversed(ROOTS)) if site.name.startswith(f"{root}."))
    page.report(site.node, f"{site.short}: {GONE[site.name[len(root) + 1 :]]}")
