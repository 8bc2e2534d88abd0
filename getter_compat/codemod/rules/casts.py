"""`tf.to_float` and its kin become `tf.cast`."""

from __future__ import annotations

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        y = tf.to_float([1, 2], "y")
        print(y.numpy(), tf.to_int32(2.7).numpy())
        """,
    after="""
        import tensorflow as tf

        y = tf.cast([1, 2], name="y", dtype=tf.float32)
        print(y.numpy(), tf.cast(2.7, dtype=tf.int32).numpy())
        """,
)

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
