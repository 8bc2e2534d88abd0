"""`tf.to_float` and its kin become `tf.cast`.

Before:

    y = tf.to_float(x, "y")

After:

    y = tf.cast(x, name="y", dtype=tf.float32)
"""

from __future__ import annotations

from getter_compat.codemod.page import Page, Site
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


@rule.names(*(f"tensorflow.{name}" for name in _DTYPES))
def rewrite_cast(page: Page, site: Site) -> None:
    """Name the type as an argument."""
    arguments = page.arguments(site) if site.call is not None else []
    if site.call is None or not arguments or any(argument.star for argument in arguments):
        page.leave(site, "write tf.cast")
        return
    if len(arguments) > 1 and arguments[1].positional:
        page.text.name_argument(arguments[1], "name")
    dtype = page.spell(site.chain, f"tensorflow.{_DTYPES[site.name.rpartition('.')[2]]}")
    page.text.append_arguments(site.call, [f"dtype={dtype}"])
    page.rename(site, "tensorflow.cast")
