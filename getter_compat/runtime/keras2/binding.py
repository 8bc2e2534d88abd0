"""The weights of a layer of Keras 2: asked for, bound and tracked."""

from __future__ import annotations

import functools
import inspect
from contextvars import ContextVar
from typing import Any

import tensorflow as tf
import tf_keras
from tf_keras.src.mixed_precision.policy import Policy

from getter_compat.runtime import store, weights
from getter_compat.runtime.creation import trainable_with
from getter_compat.runtime.derived import Derived, of_function
from getter_compat.runtime.keras2 import calls, holding
from getter_compat.runtime.keras2.variables import DerivedWeight, autocast
from getter_compat.runtime.layer_scope import LayerScope

_counted: ContextVar[frozenset[int]] = ContextVar(
    "getter_compat_keras2_counted", default=frozenset()
)


def ask(
    layer: Any,
    scope: LayerScope,
    name: str | None = None,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool | None = None,
    constraint: Any = None,
    use_resource: bool | None = None,
    synchronization: Any = store.AUTO,
    aggregation: Any = store.NONE,
    partitioner: Any = None,
    collections: Any = None,
    caching_device: Any = None,
    autocast: bool | None = None,
    experimental_autocast: bool | None = None,
) -> Any:
    """Ask the store for a weight of a layer whose scope is open, and bind what comes.

    Keras 2 takes a partitioner and does nothing with it.
    """
    name = name or f"variable_{len(scope.weights)}"
    shape = shape if shape is not None else ()
    dtype = tf.as_dtype(dtype or layer.dtype or tf_keras.backend.floatx())
    if layer.variable_dtype is None:  # the policy "_infer"
        layer._set_dtype_policy(Policy(dtype.base_dtype.name))
    trainable = trainable_with(synchronization, trainable)
    asked = store.request(
        name,
        shape=shape,
        dtype=dtype,
        initializer=_initializer(scope, initializer, dtype),
        trainable=trainable and layer.trainable,
        collections=collections,
        caching_device=caching_device,
        use_resource=use_resource,
        constraint=tf_keras.constraints.get(constraint),
        synchronization=synchronization,
        aggregation=aggregation,
    )
    call = calls.layer_call() or of_function()
    value, used = call.first(asked) if call else asked.run_and_note()
    scope.keep(used)
    if trainable:
        weights.freeze_or_thaw(layer, used)
        holding.note_maker(layer, used)
    casts = autocast if autocast is not None else experimental_autocast is not False
    casts = casts and layer.compute_dtype != layer.variable_dtype and dtype.is_floating
    weight = _bind(layer, scope, asked, value, used, casts)
    scope.note_misfit(asked.name, shape, dtype, value)
    regularizer = tf_keras.regularizers.get(regularizer)
    if regularizer is not None and used.is_new(value):
        beside_models = functools.partial(_unless_counted, scope, regularizer)
        layer._handle_weight_regularization(asked.name, weight, beside_models)

        def loss() -> Any:
            return weights.loss_of(asked.name, regularizer, weight)

        scope.add_loss_of_weight(asked.name, loss, value)
    scope.weights.append(weight)
    return weight


def _unless_counted(scope: LayerScope, regularizer: Any, weight: Any) -> Any:
    return None if id(scope.store) in _counted.get() else regularizer(weight)


def count_losses_once(original: Any) -> Any:
    """Wrap `losses`: those of a layer of a model that is in here too are the model's."""

    @functools.wraps(original)
    def losses(layer: Any) -> Any:
        token = _counted.set(weights.stores_of_models(layer))
        try:
            return original(layer)
        finally:
            _counted.reset(token)

    return losses


def _initializer(scope: LayerScope, initializer: Any, dtype: tf.DType) -> Any:
    """What the layer asks for; `None` where a default of the scope takes its place."""
    initializer = tf_keras.initializers.get(initializer)
    return weights.unless_scope_has_one(
        scope, initializer, tf_keras.initializers.GlorotUniform, dtype
    )


def _bind(
    layer: Any, scope: LayerScope, asked: store.Request, value: Any, used: store.Used, casts: bool
) -> Any:
    """Make a weight of what the getter returned, and track the variables in it."""
    if isinstance(value, tf.Variable):
        weight = autocast(value) if casts else value
        holding.note_holder(layer, value)
        _track(layer, weight, asked.name.rsplit("/", 1)[-1])
        return weight
    weights.check_returned(value, asked, layer)
    derived = Derived(asked, used.variables, value)
    call = calls.layer_call() or of_function()
    if call is not None:
        call.remember(derived, value)
    for variable in derived.sources:
        _track(layer, variable)
    weight = DerivedWeight(derived, value, casts)
    scope.derived.append(weight)
    weights.save_what_is_behind(
        layer, lambda: layer._trainable_weights + layer._non_trainable_weights
    )
    return weight


def _track(layer: Any, variable: Any, name: str | None = None) -> None:
    """Make a variable a weight of a layer, for training and, under a name, for checkpoints."""
    _train(layer, variable)
    layer._track_trackable(variable, name or variable.name.split(":")[0], overwrite=True)


def _train(layer: Any, variable: Any) -> None:
    kind = layer._trainable_weights if variable.trainable else layer._non_trainable_weights
    if not any(weight is variable for weight in kind):
        kind.append(variable)


def track_variables(layer: Any, variables: list[tf.Variable]) -> None:
    """Make variables that a store created the weights of a layer, which may be built."""
    for variable in variables:
        _train(layer, variable)
        weights.track_in_checkpoints(layer, variable, variable.name.split(":")[0])


def track_layer(model: Any, layer: Any) -> None:
    """Make a layer a part of a model."""
    if not any(part is layer for part in model._self_tracked_trackables):
        model._self_tracked_trackables.append(layer)
        weights.track_in_checkpoints(model, layer, layer.name)


def track_seeds(model: Any, generators: list[Any]) -> None:
    """Nothing: dropout keeps no state in a variable."""


def prepare_model(model: Any) -> None:
    """Let a model take any arguments as they are; it makes its variables when it is called."""
    model._autocast = False
    model.built = True

    def sum_of_losses() -> tf.Tensor | None:  # AutoGraph converts it, and knows no `:=`
        losses = model.own_losses()
        return tf.add_n(losses) if losses else None

    model._callable_losses.append(sum_of_losses)  # for a Keras model around it


def export(original: Any, path: str, inputs: list[Any], options: dict[str, Any]) -> None:
    """Export a model; Keras remembers its first argument, if it was called with that."""
    model = original.__self__
    if len(inputs) == 1 and model.save_spec() is not None:
        original(path, **options)
        return
    inspect.signature(original).bind(path, **options)  # refuses what this Keras does not know
    # Not the model: TensorFlow would have Keras write that.
    held = [*model.variables, *model.store.kept_of("table")]
    weights.export(model, path, inputs, held)


def weights_by_name(layer: Any) -> dict[str, Any]:
    """The weights of a layer by path and by TF1 name; a derived weight before what is behind it."""
    named = {weight.name.split(":")[0]: weight for weight in layer.weights}
    named.update((weight.path, weight) for weight in weights.derived_in(layer))
    return weights.by_inner_names_too(layer, named)


def variable_of_function(variable: tf.Variable, constraint: Any) -> Any:
    """What a function of `tf.layers` computes with: the variable, which knows its constraint."""
    return variable
