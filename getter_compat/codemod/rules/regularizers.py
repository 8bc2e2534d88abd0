"""The regularizers of `tf.contrib.layers`, and `tf.no_regularizer`.

Contrib's L2 is half the sum of squares, Keras's the whole, so the scale is halved. What keeps a
scope's regularizer off is below `tf.compat.v1` now, and works as it did.
"""

from __future__ import annotations

from getter_compat.codemod.analysis.names import V1
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf
        from tensorflow.contrib.layers import l2_regularizer

        ones = tf.ones_initializer()
        with tf.variable_scope("net", regularizer=l2_regularizer(0.1)):
            tf.get_variable("w", [3], initializer=ones)
            tf.get_variable("b", [3], regularizer=tf.no_regularizer)
        print([loss.numpy() for loss in tf.losses.get_regularization_losses()])
        """,
    after="""
        import getter_compat
        import tensorflow as tf

        ones = tf.ones_initializer()
        with getter_compat.getter_scope("net", regularizer=tf.keras.regularizers.L2(0.5 * 0.1)):
            getter_compat.get_variable("w", [3], initializer=ones)
            getter_compat.get_variable("b", [3], regularizer=tf.compat.v1.no_regularizer)
        print([loss.numpy() for loss in getter_compat.regularization_losses()])
        """,
)

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
_KERAS = "tensorflow.keras.regularizers"
_UNSEEN = "its strength cannot be seen here"


def _named(function: str) -> tuple[str, ...]:
    return tuple(f"{module}.{function}" for module in _CONTRIB)


@rule.calls(*_named("l1_regularizer"), takes=("scale", "scope"), unseen=_UNSEEN)
def rewrite_l1(site: Site, call: Call) -> Answer:
    """Keras's L1 is contrib's."""
    if "scale" not in call or _is_scope_computed(call):
        return _unseen(site, call)
    return becomes(f"{_KERAS}.L1", call.without("scope").without_keyword("scale"))


@rule.calls(*_named("l2_regularizer"), takes=("scale", "scope"), unseen=_UNSEEN)
def rewrite_l2(site: Site, call: Call) -> Answer:
    """Halve the scale."""
    if "scale" not in call or _is_scope_computed(call):
        return _unseen(site, call)
    call = call.without("scope").without_keyword("scale")
    return becomes(f"{_KERAS}.L2", call.within("scale", "0.5 * {}"))


@rule.calls(*_named("l1_l2_regularizer"), takes=("scale_l1", "scale_l2", "scope"), unseen=_UNSEEN)
def rewrite_both(site: Site, call: Call) -> Answer:
    """Halve the second scale, and write out the defaults."""
    if _is_scope_computed(call):
        return _unseen(site, call)
    call = call.without("scope")
    if "scale_l2" in call:
        call = call.within("scale_l2", "0.5 * {}")
    for old, new, default in (("scale_l1", "l1", "1.0"), ("scale_l2", "l2", "0.5")):
        call = call.with_keyword(old, new) if old in call else call.adding(**{new: default})
    return becomes(f"{_KERAS}.L1L2", call)


def _is_scope_computed(call: Call) -> bool:
    return "scope" in call and call["scope"].computed


def _unseen(site: Site, call: Call) -> Answer:
    computed = "its scope calls a function, so it cannot be dropped"
    return left(f"{site.short}: {computed if _is_scope_computed(call) else _UNSEEN}")
