"""`tf.nn.dropout` takes the rate that is dropped, no longer the one that is kept."""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        keep = 0.75
        print(tf.nn.dropout(tf.ones([4]), keep_prob=keep, name="d").shape)
        print(tf.nn.dropout(tf.ones([4]), keep + 0.25).numpy())
        """,
    after="""
        import tensorflow as tf

        keep = 0.75
        print(tf.nn.dropout(tf.ones([4]), rate=1 - keep, name="d").shape)
        print(tf.nn.dropout(tf.ones([4]), rate=1 - (keep + 0.25)).numpy())
        """,
)

_NAME = "tensorflow.nn.dropout"
_REST = ("noise_shape", "seed", "name")


@rule.calls(
    _NAME,
    takes=("x", "keep_prob", *_REST, "rate"),
    unseen="whether it is told what to keep or to drop cannot be seen here",
)
def turn_round(site: Site, call: Call) -> Answer:
    """Turn the probability round."""
    keep = call.get("keep_prob")
    if "rate" in call:
        if keep is None:
            return becomes(_NAME)
        if not isinstance(keep.written, ast.Constant) or keep.written.value is not None:
            return stays("it says both what to keep and what to drop")
        return becomes(_NAME, call.without("keep_prob").with_keywords(*_REST, "rate"))
    if keep is None:
        return stays("it says neither what to keep nor what to drop")
    call = call.with_keywords(*_REST)
    if isinstance(keep.written, ast.Constant) and keep.written.value == 1:
        call = call.with_value("keep_prob", "0")
    else:
        call = call.within("keep_prob", "1 - {}")
    call = call.with_keyword("keep_prob", "rate")
    return becomes(_NAME, call, "tf.nn.dropout: keep_prob -> rate")
