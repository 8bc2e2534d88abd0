"""TF1's summaries return a serialized string; TF2's functions of the same names write to a file.

A call that names a `step`, or a file that makes a TF2 writer, is TF2 already and stays.
"""

from __future__ import annotations

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, stays
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        print(tf.summary.scalar("loss", 0.5).dtype)
        """,
    after="""
        import tensorflow as tf

        print(tf.compat.v1.summary.scalar("loss", 0.5).dtype)
        """,
)

_KINDS = ("scalar", "histogram", "image", "audio", "text")


@rule.uses(*(f"tensorflow.summary.{kind}" for kind in _KINDS))
def keep_summary(site: Site) -> Answer | None:
    """Keep TF1's function where it is TF1's."""
    keywords = site.call.keywords if site.call is not None else []
    if any(keyword.arg in ("step", "data") for keyword in keywords):
        return None
    if "create_file_writer" in site.module.text.source and not site.v1:
        return None
    return stays("a TF2 summary writes to a file, at a step")
