"""`tf.nn.dropout` takes the rate that is dropped, no longer the one that is kept.

Before:

    y = tf.nn.dropout(x, keep_prob=p + 0.1, name="d")

After:

    y = tf.nn.dropout(x, rate=1 - (p + 0.1), name="d")
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_NAME = "tensorflow.nn.dropout"


@rule.calls(
    _NAME,
    takes=("x", "keep_prob", "noise_shape", "seed", "name", "rate"),
    unseen="whether it is told what to keep or to drop cannot be seen here",
)
def turn_round(site: Site, call: Call) -> Answer:
    """Turn the probability round."""
    if "rate" in call:
        return becomes(_NAME)
    keep = call.get("keep_prob")
    if keep is None:
        return stays("it says neither what to keep nor what to drop")
    call = call.with_keywords("noise_shape", "seed", "name")
    if isinstance(keep.written, ast.Constant) and keep.written.value == 1:
        call = call.with_value("keep_prob", "0")
    else:
        call = call.within("keep_prob", "1 - {}")
    call = call.with_keyword("keep_prob", "rate")
    return becomes(_NAME, call, "tf.nn.dropout: keep_prob -> rate")
