"""`tf.image.resize_bilinear` and its kin keep TF1's pixel grid, below `tf.compat.v1`.

TF2's `tf.image.resize` puts the pixels elsewhere (half a pixel off), so the same call gives other
numbers. The function is spelled `tf.compat.v1.image` and left for a person to decide.
"""

from __future__ import annotations

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, stays
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
        print(tf.image.resize_bilinear(image, [4, 4])[0, 0, :, 0].numpy())
        """,
    after="""
        import tensorflow as tf

        image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
        print(tf.compat.v1.image.resize_bilinear(image, [4, 4])[0, 0, :, 0].numpy())
        """,
)

_METHODS = ("images", "area", "bicubic", "bilinear", "nearest_neighbor")


@rule.uses(*(f"tensorflow.image.resize_{method}" for method in _METHODS))
def keep_grid(site: Site) -> Answer:
    """Keep TF1's function."""
    return stays("tf.image.resize puts the pixels half a pixel off")


@rule.uses("tensorflow.image.resize")
def keep_grid_of_resize(site: Site) -> Answer | None:
    """TF1's own `tf.image.resize` is told by its spelling, or by arguments that TF2's lacks."""
    call = site.call
    keywords = {keyword.arg for keyword in call.keywords} if call is not None else set()
    positional = len(call.args) if call is not None else 0
    if site.v1 or positional > 3 or "align_corners" in keywords:
        return keep_grid(site)
    return None
