"""`tf.to_float` and its kin become `tf.cast`.

Before:

    y = tf.to_float(x, "y")

After:

    y = tf.cast(x, name="y", dtype=tf.float32)
"""

from __future__ import annotations

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_DTYPES = {
    "to_bfloat16": "bfloat16",
    "to_complex128": "complex128",
    "to_complex64": "complex64",
    "to_double": "float64",
    "to_float": "float32",
    "to_int32": "int32",
    "to_int64": "int64",
}


@rule.calls(
    *(f"tensorflow.{name}" for name in _DTYPES), takes=("x", "name"), unseen="write tf.cast"
)
def name_the_type(site: Site, call: Call) -> Answer:
    """Name the type as an argument."""
    if not call.arguments:
        return stays("write tf.cast")
    dtype = site.spell(f"tensorflow.{_DTYPES[site.name.rpartition('.')[2]]}")
    return becomes("tensorflow.cast", call.with_keywords("name").adding(dtype=dtype))
