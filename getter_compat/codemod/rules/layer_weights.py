"""A tensor in the place of a layer's weight: Keras 3 has no setter for it.

Hypernetworks and meta-learning wrote `layer.kernel = tensor`, which Keras 2 took. Nothing is
rewritten: `getter_compat.functional_call` calls the layer with other weights, and a custom getter
makes it one whose weights are computed.
"""

from __future__ import annotations

import ast
import re

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.analysis.values import WEIGHTS, Kind
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

_WHY = "Keras 3 takes no other value for a weight: see functional_call"

# The weights that have no other meaning.
_OF_LAYERS_ALONE = frozenset({"depthwise_kernel", "embeddings", "pointwise_kernel"})

# What layers are called as attributes of a model.
_LAYER = re.compile(r"self\.(?:\w*_)?(?:dense|conv\w*|embedding|(?:batch)?norm|bn|fc)_?\d*")


@rule.nodes(ast.Attribute, where=(rf"\.(?:{'|'.join(sorted(WEIGHTS))})\s*[-+*/,=]",))
def look_at_weight(site: Site) -> Answer | None:
    """Leave a value that is put in the place of another object's weight."""
    node, target = site.node, site.node
    statement = site.parent(target)
    while isinstance(statement, (ast.Tuple, ast.List, ast.Starred)):
        target, statement = statement, site.parent(statement)
    assert isinstance(node, ast.Attribute)
    if not isinstance(node.ctx, ast.Store):
        return None
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return None
    if isinstance(statement.value, ast.Constant) or not _is_weight(site, node.value, node.attr):
        return None
    return left(_WHY)


@rule.nodes(ast.Call, where=(r"setattr\b",))
def look_at_setattr(site: Site) -> Answer | None:
    """Leave the same by `setattr(layer, "kernel", tensor)`."""
    node = site.node
    assert isinstance(node, ast.Call)
    if not isinstance(node.func, ast.Name) or node.func.id != "setattr" or len(node.args) != 3:
        return None
    owner, name, value = node.args
    if isinstance(value, ast.Constant):
        return None
    names = [name]
    if isinstance(name, ast.Name):  # `for name in ("kernel", "bias"):`
        names = getattr(site.module.values.run_over(name), "elts", [])
    words = {item.value for item in names if isinstance(item, ast.Constant)}
    return left(_WHY) if any(_is_weight(site, owner, str(word)) for word in words) else None


def _is_weight(site: Site, owner: ast.expr, name: str) -> bool:
    """Whether this is a weight of a layer, by how it was made or by what it is called."""
    if name not in WEIGHTS or not site.module.concerns_tensorflow:
        return False
    if isinstance(owner, ast.Name) and owner.id == "self":
        return False
    called = ast.unparse(owner).lower()
    if name in _OF_LAYERS_ALONE or "layer" in called or _LAYER.fullmatch(called):
        return True
    return site.module.values.held(owner) in (Kind.KERAS, Kind.LAYER)
