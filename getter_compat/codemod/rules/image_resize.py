"""`tf.image.resize_bilinear` and its kin keep TF1's pixel grid, below `tf.compat.v1`.

TF2's `tf.image.resize` puts the pixels elsewhere (half a pixel off), so the same call gives other
numbers. The function is spelled `tf.compat.v1.image` and left for a person to decide.

Before:

    y = tf.image.resize_bilinear(x, [32, 32])

After:

    y = tf.compat.v1.image.resize_bilinear(x, [32, 32])
"""

from __future__ import annotations

from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_METHODS = ("images", "area", "bicubic", "bilinear", "nearest_neighbor")


@rule.names(*(f"tensorflow.image.resize_{method}" for method in _METHODS))
def keep_grid(page: Page, site: Site) -> None:
    """Keep TF1's function."""
    page.leave(site, "tf.image.resize puts the pixels half a pixel off")


@rule.names("tensorflow.image.resize")
def keep_grid_of_resize(page: Page, site: Site) -> None:
    """TF1's own `tf.image.resize` is told by its spelling, or by arguments that TF2's lacks."""
    arguments = page.arguments(site) if site.call is not None else []
    positional = sum(argument.positional for argument in arguments)
    aligned = positional > 3 or any(item.keyword == "align_corners" for item in arguments)
    if site.v1 or aligned:
        page.leave(site, "tf.image.resize puts the pixels half a pixel off")
