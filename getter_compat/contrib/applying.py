"""A layer of `tf.layers` in the scope of one of contrib; its variables join collections."""

from __future__ import annotations

from typing import Any

from getter_compat.contrib.common import Collections, as_tensor
from getter_compat.contrib.variables import add_to_collection, get_variable_collections
from getter_compat.layers.computations import Computation
from getter_compat.layers.once import Once
from getter_compat.runtime.scopes import VariableScope
from getter_compat.runtime.weights import parts_of
from getter_compat.typing import Reuse, TensorLike

# What `variables_collections` calls the weights of `tf.layers`, in the order in which they join.
_KINDS = {
    "kernel": "weights",
    "depthwise_kernel": "weights",
    "pointwise_kernel": "weights",
    "bias": "biases",
    "moving_mean": "moving_mean",
    "moving_variance": "moving_variance",
    "beta": "beta",
    "gamma": "gamma",
}


def apply(
    kind: type[Computation],
    inputs: TensorLike,
    scope: VariableScope | str,
    reuse: Reuse = None,
    training: bool | TensorLike = None,
    variables_collections: Collections = None,
    **given: Any,
) -> TensorLike:
    """Run a layer of `tf.layers` in a scope that is open already."""
    how = {"training": training} if kind.takes_training else {}
    layer = Once(kind, given, scope, scope, reuse)
    outputs = layer(as_tensor(inputs), how)
    # TF1 adds the layer's own as soon as it is built; no normalizer has run, nor an activation.
    for name, known_as in _KINDS.items():
        if name in layer.weights:
            for collection in get_variable_collections(variables_collections, known_as) or ():
                for part in parts_of(layer.weights[name]):
                    add_to_collection(collection, f"{layer.scope.scope.name}/{name}", part)
    return outputs
