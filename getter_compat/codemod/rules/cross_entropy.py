"""`tf.nn.softmax_cross_entropy_with_logits` lets no gradient into the labels in TF1.

TF2's function of that name is TF1's `..._v2`, whose gradient reaches the labels. Its `axis`, which
TF1 called `dim`, is written out to tell the two apart. The `None` that could stand before the
labels, where arguments were given by their places, goes with the places.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import NAMED_AS_IN_TF1, Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Argument, Call
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.rules.symbols import with_new_arguments
from getter_compat.tables.programs import CROSS_ENTROPY

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        y, z = tf.constant([[1.0, 0.0]]), tf.constant([[0.5, 0.5]])
        print(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z).numpy())
        print(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z).numpy())
        """,
    after="""
        import tensorflow as tf

        y, z = tf.constant([[1.0, 0.0]]), tf.constant([[0.5, 0.5]])
        print(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(y), logits=z).numpy())
        print(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z, axis=-1).numpy())
        """,
)

_SENTINEL = "_sentinel"
_NAME = "nn.softmax_cross_entropy_with_logits"


@rule.calls(f"tensorflow.{_NAME}", unseen="its labels cannot be seen here")
def stop_gradient(site: Site, call: Call) -> Answer | None:
    """Wrap the labels."""
    keywords = {argument.keyword for argument in call.arguments}
    if call.starred or "labels" not in keywords:
        return stays("its labels cannot be seen here")
    if "axis" in keywords:
        return None
    if site.module.names_operations(CROSS_ENTROPY):
        return stays(NAMED_AS_IN_TF1)
    new = with_new_arguments(call, _NAME)
    if new is None:
        return stays("its arguments cannot be seen here")
    if _is_stopped(site, new["labels"]):
        return becomes(f"tensorflow.{_NAME}", new)
    stop = site.spell("tensorflow.stop_gradient")
    new = new.within("labels", f"{stop}({{}})")
    return becomes(f"tensorflow.{_NAME}", new, f"{site.short}: labels=tf.stop_gradient(labels)")


@rule.calls(
    f"tensorflow.{_NAME}_v2",
    takes=("labels", "logits", "axis", "name", "dim"),
    unseen="its arguments cannot be seen here",
)
def rename_v2(site: Site, call: Call) -> Answer:
    """Drop the suffix."""
    if "dim" in call and call["dim"].positional:
        return stays("its arguments cannot be seen here")
    call = call.with_keywords("labels", "logits", "axis", "name")
    if "dim" in call:
        call = call.with_keyword("dim", "axis")
    elif "axis" not in call:
        call = call.adding(axis="-1")
    return becomes(f"tensorflow.{_NAME}", call)


@rule.calls(
    "tensorflow.nn.sigmoid_cross_entropy_with_logits",
    "tensorflow.nn.sparse_softmax_cross_entropy_with_logits",
    takes=(_SENTINEL, "labels", "logits", "name"),
    unless=lambda name, call: not call.args and _SENTINEL not in {it.arg for it in call.keywords},
)
def drop_sentinel(site: Site, call: Call) -> Answer | None:
    """Drop the `None` that stood before the labels where arguments were given by place."""
    sentinel = call[_SENTINEL].written if _SENTINEL in call else None
    if not isinstance(sentinel, ast.Constant) or sentinel.value is not None:
        return None
    call = call.without(_SENTINEL).with_keywords("labels", "logits", "name")
    return becomes(site.name, call, f"{site.short}: arguments named")


def _is_stopped(site: Site, labels: Argument) -> bool:
    if not isinstance(labels.written, ast.Call):
        return False
    resolved = site.resolve(labels.written.func)
    return resolved is not None and resolved.name == "tensorflow.stop_gradient"
