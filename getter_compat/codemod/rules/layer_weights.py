"""A tensor in the place of a layer's weight: Keras 3 has no setter for it.

Hypernetworks and meta-learning wrote `layer.kernel = tensor`, which Keras 2 took. Nothing is
rewritten: `getter_compat.functional_call` calls the layer with other weights, and a custom getter
makes it one whose weights are computed.

Before and after:

    layer.kernel = generated
    y = layer(x)                # getter_compat.functional_call(layer, {"kernel": generated}, x)
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.page import Page
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

# The attributes of Keras's layers that are weights.
_WEIGHTS = frozenset(
    {
        *("bias", "depthwise_kernel", "embeddings", "kernel", "pointwise_kernel"),
        *("beta", "gamma", "moving_mean", "moving_variance", "recurrent_kernel"),
    }
)


@rule.nodes(ast.Attribute, where=tuple(rf"\.{name}\s*=[^=]" for name in sorted(_WEIGHTS)))
def look_at_weight(page: Page, node: ast.AST, scope: Scope) -> None:
    """Report a value that is put in the place of another object's weight."""
    assert isinstance(node, ast.Attribute)
    statement = page.parent(node)
    if node.attr not in _WEIGHTS or not isinstance(node.ctx, ast.Store):
        return
    if not isinstance(statement, ast.Assign) or not page.concerns_tensorflow:
        return
    is_own = isinstance(node.value, ast.Name) and node.value.id == "self"
    if not is_own and not isinstance(statement.value, ast.Constant):
        page.report(node, "Keras 3 takes no other value for a weight: see functional_call")
