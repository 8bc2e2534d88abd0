"""A tensor in the place of a layer's weight: Keras 3 has no setter for it.

Hypernetworks and meta-learning wrote `layer.kernel = tensor`, which Keras 2 took. Nothing is
rewritten: `getter_compat.functional_call` calls the layer with other weights, and a custom getter
makes it one whose weights are computed.
"""

from __future__ import annotations

import ast
import re

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.kept(
    """
        import tensorflow as tf

        layer = tf.keras.layers.Dense(2)
        layer.build([1, 3])
        generated = tf.ones([3, 2])
        layer.kernel = generated
        """,
    "Keras 3 takes no other value for a weight: see functional_call",
)

# The attributes of Keras's layers that are weights.
_WEIGHTS = frozenset(
    {
        *("bias", "depthwise_kernel", "embeddings", "kernel", "pointwise_kernel"),
        *("beta", "gamma", "moving_mean", "moving_variance", "recurrent_kernel"),
    }
)

# Those of them that have no other meaning.
_OF_LAYERS_ALONE = frozenset({"depthwise_kernel", "embeddings", "pointwise_kernel"})

# What layers are called as attributes of a model.
_LAYER = re.compile(r"self\.(?:\w*_)?(?:dense|conv\w*|embedding|(?:batch)?norm|bn|fc)_?\d*")

_MAKING_LAYERS = ("getter_compat.layers.", "keras.", "tensorflow.keras.", "tensorflow.layers.")


@rule.nodes(ast.Attribute, where=tuple(rf"\.{name}\s*[-+*/,=]" for name in sorted(_WEIGHTS)))
def look_at_weight(site: Site) -> Answer | None:
    """Leave a value that is put in the place of another object's weight."""
    node, target = site.node, site.node
    statement = site.parent(target)
    while isinstance(statement, (ast.Tuple, ast.List, ast.Starred)):
        target, statement = statement, site.parent(statement)
    assert isinstance(node, ast.Attribute)
    if node.attr not in _WEIGHTS or not isinstance(node.ctx, ast.Store):
        return None
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return None
    if not site.module.concerns_tensorflow:
        return None
    is_own = isinstance(node.value, ast.Name) and node.value.id == "self"
    if is_own or isinstance(statement.value, ast.Constant) or not _is_of_layer(site, node):
        return None
    return left("Keras 3 takes no other value for a weight: see functional_call")


def _is_of_layer(site: Site, node: ast.Attribute) -> bool:
    """Whether what has the attribute is a layer, by how it was made or by what it is called."""
    owner = ast.unparse(node.value).lower()
    if node.attr in _OF_LAYERS_ALONE or "layer" in owner or _LAYER.fullmatch(owner):
        return True
    if not isinstance(node.value, ast.Name):
        return False
    for binding in site.scope.lookup(node.value.id):
        made = binding.expression
        resolved = site.resolve(made.func) if isinstance(made, ast.Call) else None
        if resolved is not None and resolved.name.startswith(_MAKING_LAYERS):
            return True
    return False
