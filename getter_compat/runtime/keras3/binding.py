"""The weights of a layer of Keras 3: asked for, bound, tracked, and replaced for a call."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from keras.src import backend
from keras.src.random.seed_generator import SeedGenerator

from getter_compat.runtime import runs, store, weights
from getter_compat.runtime.derived import Derived, of_function
from getter_compat.runtime.keras3 import calls
from getter_compat.runtime.keras3.variables import DerivedVariable, ScopedVariable, keras_variable
from getter_compat.runtime.layer_scope import LayerScope

_AGGREGATION = {
    None: tf.VariableAggregation.NONE,
    "none": tf.VariableAggregation.NONE,
    "mean": tf.VariableAggregation.MEAN,
    "sum": tf.VariableAggregation.SUM,
    "only_first_replica": tf.VariableAggregation.ONLY_FIRST_REPLICA,
}


def ask(
    layer: Any,
    scope: LayerScope,
    shape: Any = None,
    initializer: Any = None,
    dtype: Any = None,
    trainable: bool = True,
    autocast: bool = True,
    regularizer: Any = None,
    constraint: Any = None,
    aggregation: Any = "none",
    overwrite_with_gradient: bool = False,
    name: str | None = None,
    synchronization: Any = store.AUTO,
) -> Any:
    """Ask the store for a weight of a layer whose scope is open, and bind what comes."""
    constraint = keras.constraints.get(constraint)
    shape = shape if shape is not None else ()
    dtype = tf.as_dtype(backend.standardize_dtype(dtype or layer.variable_dtype))
    asked = store.request(
        name or f"variable_{len(scope.weights)}",
        shape=shape,
        dtype=dtype,
        initializer=_initializer(scope, initializer, dtype),
        trainable=trainable and layer.trainable,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=_AGGREGATION.get(aggregation, aggregation),
    )
    call = calls.layer_call() or of_function()
    value, used = call.first(asked) if call else asked.run_and_note()
    scope.keep(used)
    if trainable:
        weights.freeze_or_thaw(layer, used)
    if not trainable and isinstance(value, tf.Variable):  # TF1's layer went by what it asked for
        keras_variable(value, asked.name, autocast).trainable = False
    weight = _bind(layer, scope, asked, value, used, autocast)
    scope.note_misfit(asked.name, shape, dtype, weight)
    for variable in used.created:
        keras_variable(variable).constraint = constraint
    weight.overwrite_with_gradient = overwrite_with_gradient
    regularizer = keras.regularizers.get(regularizer)
    made = value.value if isinstance(value, backend.Variable) else value
    if regularizer is not None and used.is_new(made):

        def loss() -> Any:
            return weights.loss_of(asked.name, regularizer, weight.value)

        if not any(runs.under_way()):  # else the losses are the model's, which the store has
            weight.regularizer = _as_keras_takes_it(regularizer)
        scope.add_loss_of_weight(asked.name, loss, made)
    scope.weights.append(weight)
    return weight


class _Function(keras.regularizers.Regularizer):
    """A function that regularizes: Keras 3.12 and before take an instance of their class alone."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def __call__(self, x: Any) -> Any:
        return self._function(x)


def _as_keras_takes_it(regularizer: Callable[[Any], Any]) -> keras.regularizers.Regularizer:
    """The regularizer of a weight: TF1's were functions."""
    known = isinstance(regularizer, keras.regularizers.Regularizer)
    return regularizer if known else _Function(regularizer)


def _initializer(scope: LayerScope, initializer: Any, dtype: tf.DType) -> Any:
    """What the layer asks for; `None` where a default of the scope takes its place."""
    initializer = keras.initializers.get(initializer)
    return weights.unless_scope_has_one(scope, initializer, keras.initializers.GlorotUniform, dtype)


def _bind(
    layer: Any, scope: LayerScope, asked: store.Request, value: Any, used: store.Used, cast: bool
) -> Any:
    """Make a weight of what the getter returned, and track the variables in it."""
    if isinstance(value, backend.Variable):
        _track(layer, value)
        return value
    value = store.behind_stand_in(value, used)  # Keras has the stand-in for the layer's weight
    if isinstance(value, tf.Variable):
        weight = keras_variable(value, asked.name, cast)
        _track(layer, weight)
        return weight
    weights.check_returned(value, asked, layer)
    derived = Derived(asked, used.variables, value)
    for variable in derived.sources:
        _track(layer, keras_variable(variable))
    call = calls.layer_call() or of_function()
    if call is not None:
        call.remember(derived, value)
    weight = DerivedVariable(derived, value, cast)
    scope.derived.append(weight)
    weights.save_what_is_behind(
        layer, lambda: layer._trainable_variables + layer._non_trainable_variables
    )
    return weight


def _track(layer: Any, weight: Any) -> None:
    """Track a weight without freezing it: another layer may share it.

    In the same place whether it is frozen or not: files of weights go by that.
    """
    kind = "trainable_variables" if weight._trainable else "non_trainable_variables"
    layer._tracker.add_to_store(kind, weight)
    layer._post_track_variable(weight)


def track_variables(layer: Any, variables: list[tf.Variable]) -> None:
    """Make variables that a store created the weights of a layer, which may be built."""
    locked = layer._tracker.locked
    layer._tracker.unlock()
    for variable in variables:
        _track(layer, keras_variable(variable))
        weights.track_in_checkpoints(layer, variable, variable.name.split(":")[0])
    layer._tracker.locked = locked


def track_layer(model: Any, layer: Any) -> None:
    """Make a layer a part of a model."""
    if not any(part is layer for part in model._layers):
        locked = model._tracker.locked
        model._tracker.unlock()
        model._tracker.add_to_store("layers", layer)
        model._tracker.locked = locked
    # Also one that it knows by a list in an attribute, which TensorFlow does not.
    weights.track_in_checkpoints(model, layer, layer.name)


def track_seeds(model: Any, generators: list[SeedGenerator]) -> None:
    """Make the states of seed generators variables of a model."""
    locked = model._tracker.locked
    model._tracker.unlock()
    for generator in generators:
        if not any(own is generator for own in model._seed_generators):
            model._tracker.add_to_store("seed_generators", generator)
    model._tracker.locked = locked


def prepare_model(model: Any) -> None:
    """Let a model take any arguments as they are; it makes its variables when it is called."""
    model._convert_input_args = False
    model._allow_non_tensor_positional_args = True
    model.built = True
    model.__dict__["_get_own_losses"] = model.own_losses  # for a Keras model around it
    model.__dict__["call"] = _without_autocast(model.__dict__["call"])


def _without_autocast(call: Callable[..., Any]) -> Callable[..., Any]:
    """Nothing is cast in a function, wherever it is called; its Keras layers have a policy."""

    @functools.wraps(call)
    def called(*args: Any, **kwargs: Any) -> Any:
        if backend.get_autocast_scope() is None:
            return call(*args, **kwargs)
        with backend.AutocastScope(None):
            return call(*args, **kwargs)

    return called


def export(original: Any, path: str, inputs: list[Any], options: dict[str, Any]) -> None:
    """Export a model that takes `inputs`: Keras knows shapes only of layers that it built."""
    if "input_signature" in inspect.signature(original).parameters:
        original(path, **{"input_signature": inputs, **options})
        return
    # Up to Keras 3.7 a model is exported by what it built, and without the tables in it.
    others = {name: value for name, value in options.items() if name != "input_signature"}
    inspect.signature(original).bind(path, **others)  # refuses what this Keras does not know
    model = original.__self__
    weights.export(model, path, options.get("input_signature", inputs), model)


def weights_by_name(layer: Any) -> dict[str, Any]:
    """The weights of a layer by path and by TF1 name; a derived weight before what is behind it."""
    if not all(isinstance(weight, backend.Variable) for weight in layer.weights):
        raise TypeError(
            f"functional_call: in a TF1 graph the weights of {layer.name!r}, a layer of tf.layers, "
            "are TensorFlow's own, which Keras replaces nowhere. Make the layer under "
            "getter_scope(..., custom_getter=getter_compat.getters.substitute({...})), or call a "
            "Keras layer."
        )
    named = {w.path: w for w in layer.weights}
    named.update((w.path, w) for w in weights.derived_in(layer))
    return weights.by_inner_names_too(layer, named)


def real_variables(layer: Any) -> list[Any]:
    """The variables of a layer and of the layers in it, those behind derived weights included."""
    found: dict[int, Any] = {id(weight): weight for weight in layer.weights}
    for part in layer._flatten_layers():
        found.update((id(seed.state), seed.state) for seed in part._seed_generators)
    return list(found.values())


def call_with(layer: Any, replaced: list[tuple[Any, Any]], args: Any, kwargs: Any) -> Any:
    """Call a layer with stand-ins for some of its weights; keep the updates of the others."""
    variables = [(w._value, value) for w, value in replaced if isinstance(w, ScopedVariable)]
    stateless = backend.StatelessScope(state_mapping=replaced)
    if backend.in_stateless_scope():  # a `functional_call` in one: what that replaced stays so
        around = backend.get_stateless_scope().state_mapping
        stateless.state_mapping = {**around, **stateless.state_mapping}
    fixed = {id(weight) for weight, _ in replaced}
    before = dict(stateless.state_mapping)
    with store.standing_in(variables), calls.own_call(), stateless as scope:
        outputs = layer(*args, **kwargs)
    for variable in real_variables(layer):
        value = scope.get_current_value(variable)
        if value is not before.get(id(variable)) and id(variable) not in fixed:
            variable.assign(value)
    return outputs


def variable_of_function(variable: tf.Variable, constraint: Any) -> Any:
    """What a function of `tf.layers` computes with: the variable, but where Keras replaces it."""
    if constraint is None and not backend.in_stateless_scope():
        return variable
    weight = keras_variable(variable, autocast=False)
    if constraint is not None and weight.constraint is None:
        weight.constraint = constraint
    return weight
