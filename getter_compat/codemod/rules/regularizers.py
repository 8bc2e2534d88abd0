"""The regularizers of `tf.contrib.layers`, and `tf.no_regularizer`.

Contrib's L2 is half the sum of squares, Keras's the whole, so the scale is halved. What keeps a
scope's regularizer off is below `tf.compat.v1` now, and works as it did.

Before:

    regularizer = tf.contrib.layers.l2_regularizer(scale=decay + 1e-4)
    none = tf.no_regularizer

After:

    regularizer = tf.keras.regularizers.L2(0.5 * (decay + 1e-4))
    none = tf.compat.v1.no_regularizer
"""

from __future__ import annotations

from getter_compat.codemod.analysis.names import V1
from getter_compat.codemod.edits import Argument
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.renames({"tensorflow.no_regularizer": f"{V1}.no_regularizer"})

_CONTRIB = (
    "tensorflow.contrib.layers",
    "tensorflow.contrib.layers.python.layers",
    "tensorflow.contrib.layers.python.layers.regularizers",
    "tensorflow.contrib.slim",
    "tensorflow.contrib.slim.regularizers",
    "tf_slim",
    "tf_slim.regularizers",
    "tf_slim.layers.regularizers",
)
_PARAMETERS = {
    "l1_regularizer": ("scale", "scope"),
    "l2_regularizer": ("scale", "scope"),
    "l1_l2_regularizer": ("scale_l1", "scale_l2", "scope"),
}
_SUCCESSORS = {"l1_regularizer": "L1", "l2_regularizer": "L2", "l1_l2_regularizer": "L1L2"}


@rule.names(*(f"{module}.{name}" for module in _CONTRIB for name in _PARAMETERS))
def rewrite_regularizer(page: Page, site: Site) -> None:
    """Write Keras's regularizer of the same strength."""
    function = site.name.rpartition(".")[2]
    named = _named(page, site, _PARAMETERS[function])
    if site.call is None or named is None:
        page.report(site.node, f"{site.short}: its strength cannot be seen here")
        return
    text = page.text
    scope = [named.pop("scope")] if "scope" in named else []
    if function == "l1_l2_regularizer":
        _name_strengths(page, site, named)
    if function == "l2_regularizer":
        text.scale(named["scale"], "0.5")
    if "scale_l2" in named:
        # After the keyword of a positional argument, which stands before the factor.
        text.scale(named["scale_l2"], "0.5")
    if "scale" in named and named["scale"].keyword is not None:
        text.drop_keyword(named["scale"])
    text.remove_arguments(site.call, scope)
    page.rename(site, f"tensorflow.keras.regularizers.{_SUCCESSORS[function]}")


def _name_strengths(page: Page, site: Site, named: dict[str, Argument]) -> None:
    assert site.call is not None
    missing = []
    for old, new, default in (("scale_l1", "l1", "1.0"), ("scale_l2", "l2", "0.5")):
        if old not in named:
            missing.append(f"{new}={default}")
        elif named[old].positional:
            page.text.name_argument(named[old], new)
        else:
            page.text.rename_keyword(named[old], new)
    page.text.append_arguments(site.call, missing, list(named.values()))


def _named(page: Page, site: Site, parameters: tuple[str, ...]) -> dict[str, Argument] | None:
    if site.call is None:
        return None
    named: dict[str, Argument] = {}
    for index, argument in enumerate(page.arguments(site)):
        name = argument.keyword
        if argument.positional and index < len(parameters):
            name = parameters[index]
        if name not in parameters:
            return None
        named[name] = argument
    return named if "scale" not in parameters or "scale" in named else None
