"""A layer of `tf.layers` in a TF1 graph: what it asks for and lists, as in TF1, without Keras.

The weights of such a layer are what `tf.compat.v1.get_variable` returned: variables of the kind
that the program uses, and tensors. Keras could hold neither as its own.

The rules are those of `tensorflow/python/layers/base.py` in TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from getter_compat.runtime import weights
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.runtime.scopes import get_variable_scope
from getter_compat.runtime.store import TRAINABLE, request
from getter_compat.typing import Constraint, Initializer, Regularizer, Shape, TensorLike


def add_weight(
    layer: Any,
    scope: LayerScope,
    name: str,
    shape: Shape | None,
    dtype: tf.DType,
    initializer: Initializer | None,
    regularizer: Regularizer | None,
    trainable: bool,
    constraint: Constraint | None,
    **how: Any,
) -> Any:
    """Ask for a weight of a layer, whose scope may be open already."""
    with scope.held_open(layer.built):
        asked = request(
            name,
            shape,
            dtype,
            initializer_of(tf.keras.initializers.get(initializer), dtype),
            trainable=trainable and layer.trainable,
            constraint=tf.keras.constraints.get(constraint),
            **how,
        )
        value, used = asked.run_and_note()
        weights.check_returned(value, asked, layer)
        scope.note_misfit(asked.name, shape, dtype, value)
        regularizer = tf.keras.regularizers.get(regularizer)
        if regularizer is not None and used.is_new(value):
            for part in weights.parts_of(value):
                layer.add_loss(weights.loss_of(name, regularizer, part))
    note(scope, value, trainable)
    return value


def note(scope: LayerScope, value: TensorLike, trainable: bool = True) -> None:
    """Make what was asked for in the scope of a layer a weight of it."""
    scope.weights.append(value)
    if trainable and any(value is v for v in scope.store.collection(TRAINABLE)):
        scope.trained.append(value)


def initializer_of(initializer: Initializer | None, dtype: tf.DType) -> Any:
    """The initializer of a weight: the scope's, or TF1's own, where the layer has none."""
    if initializer is not None:
        return initializer
    of_scope = get_variable_scope().initializer
    if of_scope is not None:
        return of_scope
    if dtype.is_floating:
        return tf.compat.v1.glorot_uniform_initializer()
    return tf.compat.v1.zeros_initializer()


def trainable_weights(layer: Any, scope: LayerScope) -> list[Any]:
    """What training changes of a layer and the layers in it; nothing, of a frozen one."""
    if not layer.trainable:
        return []
    return _unique([*scope.trained, *of_parts(layer, "trainable_weights")])


def non_trainable_weights(layer: Any, scope: LayerScope) -> list[Any]:
    """The other weights: tensors that getters returned among them."""
    trained = {id(weight) for weight in scope.trained}
    others = [weight for weight in scope.weights if id(weight) not in trained]
    if layer.trainable:
        return _unique([*others, *of_parts(layer, "non_trainable_weights")])
    return _unique([*scope.trained, *others, *of_parts(layer, "weights")])


def _unique(values: list[Any]) -> list[Any]:
    return list({id(value): value for value in values}.values())


def of_parts(layer: Any, attribute: str) -> list[Any]:
    """What the layers in a layer have as an attribute; Keras 3's own have no updates."""
    parts = layer._flatten_layers(recursive=False, include_self=False)
    return [value for part in parts for value in getattr(part, attribute, ())]
