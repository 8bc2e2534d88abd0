"""A layer of `tf.layers` for one call: what its functions make."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from getter_compat.layers import in_graph
from getter_compat.layers.base import captured_scope, check_reuse, is_symbolic, snake_case
from getter_compat.layers.computations import Computation
from getter_compat.runtime import adapters, runs, weights
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.runtime.store import AUTO, NONE, request
from getter_compat.typing import (
    Constraint,
    DType,
    Initializer,
    Name,
    Regularizer,
    Reuse,
    Shape,
    TensorLike,
)


def call_once(
    kind: type[Computation],
    keras_class: Any,
    inputs: TensorLike,
    name: Name | None,
    given: dict[str, Any],
    reuse: Reuse = None,
    training: bool | TensorLike = None,
) -> Any:
    """Make a layer of a kind, and call it, as the functions of `tf.layers` did.

    Args:
        kind: What is computed.
        keras_class: The Keras layer that computes it.
        inputs: The inputs.
        name: The name of the layer, or `None`.
        given: The other arguments.
        reuse: Whether to share existing variables.
        training: Whether to compute as in training, where that makes a difference.
    """
    # TF1: layers that have variables take the scope of their name, the others number it.
    scope = name if kind.has_variables else None
    how = {"training": training} if kind.takes_training else {}
    if is_symbolic(inputs):
        return keras_class(**given, name=name, _scope=scope, _reuse=reuse)(inputs, **how)
    if not isinstance(inputs, tf.Tensor | tf.SparseTensor):
        inputs = tf.convert_to_tensor(inputs)
    return Once(kind, given, name, scope, reuse)(inputs, how)


class Once:
    """A bare layer: a computation that asks the store for its weights whenever it is called."""

    def __init__(
        self,
        kind: type[Computation],
        given: dict[str, Any],
        name: Name | None,
        scope: Any,
        reuse: Reuse,
    ) -> None:
        check_reuse(reuse)
        given_name = name if isinstance(name, str) else getattr(name, "name", None)
        base_name = given_name or snake_case(kind.__name__)
        self.computation = kind()
        vars(self.computation).update(
            {
                key: _resolved(key, value) if isinstance(value, str) else value
                for key, value in kind.normalized(given).items()
            },
            name=base_name,
        )
        self.weights: dict[str, Any] = {}
        """What the getters gave, by the names of `tf.layers`."""
        self.scope = LayerScope(base_name, captured_scope(scope), reuse, is_tf1=True)

    def __call__(self, inputs: TensorLike, how: dict[str, Any]) -> Any:
        """Build and call the layer in its scope."""
        computation = self.computation
        with self.scope.open(built=False), self.scope.in_name_scope(), self._asking():
            computation.check(inputs)
            computation.dtype = inputs.dtype
            computation.build(inputs.shape)
            outputs = computation.call(inputs, **how)
            regularizer = vars(computation).get("activity_regularizer")
            if regularizer is not None:
                self._add_activity_loss(regularizer, outputs)
        return outputs

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Have the computation ask here for its weights.

        Not for longer than a call: the circle would keep its tensors until garbage is collected.
        """
        self.computation.add_weight = self.add_weight
        self.computation.add_updates = self.add_updates
        try:
            yield
        finally:
            del self.computation.add_weight, self.computation.add_updates

    def add_weight(
        self,
        name: str,
        shape: Shape | None,
        dtype: DType | None = None,
        initializer: Initializer | None = None,
        regularizer: Regularizer | None = None,
        trainable: bool = True,
        constraint: Constraint | None = None,
        synchronization: tf.VariableSynchronization = AUTO,
        aggregation: tf.VariableAggregation = NONE,
    ) -> Any:
        """Ask the store for a weight, through the scope's getters."""
        dtype = tf.as_dtype(dtype or self.computation.dtype)
        if self.scope.store.graph is not None:
            initializer = in_graph.initializer_of(initializer, dtype)
        asked = request(
            name,
            shape,
            dtype,
            initializer,
            trainable=trainable and self.computation.trainable,
            constraint=constraint,
            synchronization=synchronization,
            aggregation=aggregation,
        )
        value, used = asked.run_and_note()
        if not isinstance(value, tf.Variable):
            weights.check_returned(value, asked, self.computation)
        self.scope.note_misfit(asked.name, shape, dtype, value)
        self.weights[name] = value
        if regularizer is not None and used.is_new(value):
            of_loss = f"{self.scope.named_here(asked.name)}/Regularizer"
            for part in weights.parts_of(value):
                loss = functools.partial(_loss_of, name, regularizer, asked, part)
                asked.store.add_loss(of_loss, loss)
                asked.store.note_loss_of(part, of_loss, loss)
        if asked.store.graph is not None:
            return value
        if isinstance(value, tf.Variable):
            return adapters.current().variable_of_function(value, constraint)
        return value

    def add_updates(self, updates: list[Any]) -> None:
        """Have the store collect the updates of statistics."""
        self.scope.store.add_updates_of_layer(updates)

    def _add_activity_loss(self, regularizer: Any, outputs: TensorLike) -> None:
        with tf.name_scope("ActivityRegularizer"):
            loss = regularizer(outputs)
            name = self.scope.name_of_loss()
            mean = runs.of_call(loss / tf.cast(tf.shape(outputs)[0], loss.dtype), name)
        self.scope.store.add_loss(name, mean.now)


def _loss_of(name: str, regularizer: Any, asked: Any, value: Any) -> Any:
    return weights.loss_of(name, regularizer, asked.alive(value))


@functools.cache
def _resolved(argument: str, name: str) -> Any:
    """What a name stands for: `"relu"`, `"zeros"`, `"l2"`; others stand for themselves."""
    kind = argument.rpartition("_")[2]
    registry = getattr(tf.keras, f"{kind}s", None)
    return name if registry is None else registry.get(name)
