"""What is put in the place of Keras 2's own methods. Without a scope each calls the original."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any, cast

import tensorflow as tf
from tf_keras.src import backend
from tf_keras.src.callbacks import EarlyStopping
from tf_keras.src.engine import data_adapter
from tf_keras.src.engine.base_layer import Layer
from tf_keras.src.engine.base_layer_v1 import Layer as GraphLayer
from tf_keras.src.engine.functional import Functional
from tf_keras.src.engine.sequential import Sequential
from tf_keras.src.engine.training import Model
from tf_keras.src.layers import Bidirectional, MultiHeadAttention
from tf_keras.src.layers.normalization.batch_normalization import BatchNormalizationBase
from tf_keras.src.metrics.base_metric import Metric
from tf_keras.src.mixed_precision import autocast_variable
from tf_keras.src.models import cloning
from tf_keras.src.saving.legacy.saved_model import save_impl
from tf_keras.src.utils import tf_utils
from tf_keras.src.utils.generic_utils import to_snake_case

from getter_compat.runtime import (
    control_flow_v1,
    creation,
    ignored,
    layer_scope,
    patching,
    runs,
    store,
    weights,
)
from getter_compat.runtime.derived import begin
from getter_compat.runtime.keras2 import calls, holding
from getter_compat.runtime.keras2.binding import ask, count_losses_once
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.runtime.patching import Patch

_BUILDS = "_getter_compat_builds"
# Whether `layer.variables` shows the variables behind derived weights, as `layer.weights` does.
_real: ContextVar[bool] = ContextVar("getter_compat_keras2_real", default=False)


def _scope_for(layer: Any) -> LayerScope | None:
    return layer_scope.for_layer(layer, to_snake_case)


def _wrap_new(original: Any) -> Any:
    @functools.wraps(original)
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        if _BUILDS not in cls.__dict__:
            _open_scope_in_builds(cls)
            setattr(cls, _BUILDS, True)
        return original(cls, *args, **kwargs)

    return __new__


def _open_scope_in_builds(cls: Any) -> None:
    """Open the layer's scope in an explicit `layer.build(shape)` too.

    It is the classes that are changed: a `build` put on a layer could not be copied or pickled.
    """
    for owner in cls.__mro__:
        build = owner.__dict__.get("build")
        if owner is Layer or not issubclass(owner, Layer) or build is None:
            continue
        if not hasattr(build, _BUILDS):
            owner.build = _wrap_build(build)


def _wrap_build(original: Any) -> Any:
    @functools.wraps(original)
    def build(layer: Any, *args: Any, **kwargs: Any) -> Any:
        scope = _scope_for(layer)
        opened = nullcontext() if scope is None else scope.held_open_to_build(layer.built)
        with opened, _variables_outside(scope), ignored.building(layer):
            return original(layer, *args, **kwargs)

    setattr(build, _BUILDS, True)
    return build


def _variables_outside(scope: LayerScope | None) -> AbstractContextManager[object]:
    """Make what a layer makes by `tf.Variable` where Keras would build it: outside of functions."""
    if scope is None or runs.innermost() is not None or not tf.inside_function():
        return nullcontext()
    outside: AbstractContextManager[object]
    outside = tf.variable_creator_scope(creation.create_outside)
    return outside


def _wrap_attention(original: Any) -> Any:
    """What attention is built by, in its first call."""

    @functools.wraps(original)
    def _build_from_signature(layer: Any, *args: Any, **kwargs: Any) -> None:
        with ignored.building(layer):
            original(layer, *args, **kwargs)

    return _build_from_signature


def _wrap_set_name(original: Any) -> Any:
    """Remember whether a layer was named: Keras numbers the others, TF1 does so by scope."""

    @functools.wraps(original)
    def _init_set_name(layer: Any, name: Any, *args: Any, **kwargs: Any) -> None:
        layer_scope.remember_named(layer, name is not None)
        ignored.note_where_it_is_made(layer)
        original(layer, name, *args, **kwargs)

    return _init_set_name


def _wrap_generator(original: Any) -> Any:
    """What takes a generator; it has a model that is not built called on the first batch.

    A `ScopedModel`, which is always built, makes its variables for that batch in a graph that is
    not run: its function may train.
    """

    @functools.wraps(original)
    def __init__(adapter: Any, x: Any, *args: Any, model: Any = None, **kwargs: Any) -> None:  # noqa: N807
        is_uncalled = hasattr(model, "own_losses") and not model._complete
        if is_uncalled and not model.run_eagerly:
            batch, x = adapter._peek_and_restore(x)
            batch = data_adapter._process_tensorlike(adapter._standardize_batch(batch))
            inputs = data_adapter.unpack_x_y_sample_weight(batch)[0]
            call = functools.partial(model, training=False)
            tf.function(call, autograph=False).get_concrete_function(inputs)
        original(adapter, x, *args, model=model, **kwargs)

    return __init__


def _has_parts_to_build(layer: Any) -> bool:
    parts = layer._flatten_layers(recursive=False, include_self=False)
    return any(not part.built for part in parts)


def _wrap_call(original: Any) -> Any:
    @functools.wraps(original)
    def __call__(layer: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        token = calls.call.set(begin()) if calls.call.get() is None else None
        scope = _scope_for(layer)
        try:
            if scope is None:
                with layer_scope.numbered(layer):
                    return original(layer, *args, **kwargs)
            scope.is_called = True
            was_built = layer.built
            if not was_built:
                # Or Keras builds it outside of gradient tapes and of the function being traced,
                # and with it what the getters compute. The store makes variables outside anyway.
                layer.__dict__["_keras_style"] = False
            built_here = nullcontext() if was_built else holding.building(layer)
            builds_parts = was_built and _has_parts_to_build(layer)
            with built_here, scope.open(was_built, builds_parts):
                outputs = original(layer, *args, **kwargs)
            if scope.is_in_graph:
                _collect_updates(layer, scope)
            elif was_built:
                weights.count_parts_again(layer)
            return outputs
        except Exception as error:
            layer_scope.explain(layer, error)
            raise
        finally:
            if token is not None:
                calls.call.reset(token)

    return __call__


def _collect_updates(layer: Any, scope: LayerScope) -> None:
    """Put the updates of statistics where a training step of a TF1 graph finds them."""
    collected = {id(update) for update in scope.store.collection(store.UPDATE_OPS)}
    updates = layer._updates if layer.trainable else []
    operations = [getattr(update, "op", update) for update in updates]
    scope.store.add_updates(store.UPDATE_OPS, [u for u in operations if id(u) not in collected])


def _wrap_name_scope(original: Any) -> Any:
    """In a TF1 graph the scope of a layer names its operations, and is open already."""

    @functools.wraps(original)
    def _name_scope(layer: Any) -> Any:
        scope = layer_scope.of(layer)
        if scope is None or not scope.is_in_graph:
            return original(layer)
        return f"{tf.get_current_name_scope()}/"  # the slash enters it again

    return _name_scope


def _wrap_training_value(original: Any) -> Any:
    """What batch normalization asks whether it trains. Its `call` is saved, and stays Keras's."""

    @functools.wraps(original)
    def _get_training_value(layer: Any, training: Any = None) -> Any:
        return weights.trains(original(layer, training))

    return _get_training_value


def _wrap_add_weight(original: Any) -> Any:
    @functools.wraps(original)
    def add_weight(layer: Any, *args: Any, **kwargs: Any) -> Any:
        # A metric is a layer in Keras 2; to TF1 its variables were local ones of tf.metrics.
        if isinstance(layer, Metric):
            return original(layer, *args, **kwargs)
        scope = _scope_for(layer)
        ignored.warn_if_built_outside(layer)
        if scope is None or "getter" in kwargs:
            return original(layer, *args, **kwargs)
        with scope.held_open(built=layer.built):
            return ask(layer, scope, *args, **kwargs)

    return add_weight


def _wrap_variables(original: Any) -> Any:
    @functools.wraps(original)
    def variables(layer: Any) -> list[Any]:
        """What TF1 showed: for a derived weight the tensor itself, after the trainable ones."""
        shown = None if _real.get() else weights.as_tf1_showed(layer)
        if shown is None:
            return cast("list[Any]", original(layer))
        return [*shown, *layer._dedup_weights(layer._gather_children_attribute("variables"))]

    return variables


def _frozen_in(model: Any) -> list[Any]:
    """The weights of a model function whose layers are frozen: Keras knows none of its layers."""
    if not hasattr(model, "own_losses"):
        return []
    return [weight for weight in model._trainable_weights if holding.is_frozen(weight)]


def _wrap_trained(original: Any) -> Any:
    @functools.wraps(original)
    def trainable_weights(model: Any) -> list[Any]:
        """All others."""
        trained: list[Any] = original(model)
        frozen = {id(weight) for weight in _frozen_in(model)}
        return [weight for weight in trained if id(weight) not in frozen] if frozen else trained

    return trainable_weights


def _wrap_untrained(original: Any) -> Any:
    @functools.wraps(original)
    def non_trainable_weights(model: Any) -> list[Any]:
        """Those too."""
        others: list[Any] = original(model)
        frozen = _frozen_in(model) if model.trainable else []
        return model._dedup_weights([*frozen, *others]) if frozen else others

    return non_trainable_weights


# Where Keras itself reads `variables`, to train and to save, show the real ones.
_with_real_variables = patching.holding(_real)


def _wrap_clone(original: Any) -> Any:
    @functools.wraps(original)
    def _clone_layer(layer: Any) -> Any:
        ignored.check_clone(layer)
        return original(layer)

    return _clone_layer


_wrap_bidirectional = functools.partial(layer_scope.wrap_bidirectional, snake_case=to_snake_case)

_of_weight = patching.holding(weights.adding_loss_of_weight)

PATCHES = (
    Patch(Layer, "__new__", _wrap_new),
    *(
        patch
        for layer in (Layer, GraphLayer)  # Keras 2 makes the other one where eager execution is off
        for patch in (
            # In which scope a layer is built and called.
            Patch(layer, "__call__", _wrap_call),
            Patch(layer, "build", _wrap_build),  # `__new__` sees to those of their own
            Patch(layer, "_init_set_name", _wrap_set_name),
            Patch(layer, "_name_scope", _wrap_name_scope),
            # Its weights, and their losses.
            Patch(layer, "add_weight", _wrap_add_weight),
            Patch(layer, "variables", _wrap_variables),
            Patch(layer, "add_loss", weights.note_added_losses),
            Patch(layer, "_handle_weight_regularization", _of_weight),
            Patch(layer, "losses", weights.collect_added_losses_once),
            Patch(layer, "losses", count_losses_once),
            # What has no use for a weight without a value.
            Patch(layer, "get_weights", weights.refuse_derived),
            Patch(layer, "set_weights", weights.refuse_derived),
        )
    ),
    Patch(EarlyStopping, "on_epoch_end", weights.restoring),
    Patch(EarlyStopping, "on_train_end", weights.restoring),
    Patch(Functional, "_init_set_name", _wrap_set_name),
    Patch(data_adapter.GeneratorDataAdapter, "__init__", _wrap_generator),
    Patch(Bidirectional, "__init__", _wrap_bidirectional),
    Patch(backend, "rnn", control_flow_v1.keep_all_outputs),
    Patch(BatchNormalizationBase, "_get_training_value", _wrap_training_value),
    # What reads `variables` to train and to save.
    Patch(Layer, "_gather_children_attribute", _with_real_variables),
    Patch(Model, "trainable_weights", _wrap_trained),
    Patch(Model, "non_trainable_weights", _wrap_untrained),
    Patch(Model, "_undeduplicated_weights", _with_real_variables),
    Patch(save_impl, "wrap_layer_objects", _with_real_variables),
    # What would lose a getter.
    Patch(MultiHeadAttention, "_build_from_signature", _wrap_attention),
    Patch(Model, "__reduce__", weights.refuse_to_copy),
    Patch(Model, "__deepcopy__", weights.refuse_to_copy),
    Patch(cloning, "_clone_layer", _wrap_clone),
    Patch(Layer, "_tracking_metadata", ignored.look_around),
    *(
        Patch(kind, "get_config", ignored.warn_of_config)
        for kind in (Layer, Functional, Sequential)
    ),
)

# What is called or read besides.
_RELIED_ON = {
    data_adapter: ("_process_tensorlike", "unpack_x_y_sample_weight"),
    data_adapter.GeneratorDataAdapter: ("_peek_and_restore", "_standardize_batch"),
    Layer: (
        "_flatten_layers",
        "_handle_weight_regularization",
        "_set_dtype_policy",
        "_track_trackable",
    ),
    tf_utils: ("maybe_init_scope",),  # which asks for `_keras_style`
    autocast_variable: ("AutoCastVariable", "_autocast_dtype", "create_autocast_variable"),
}


def install() -> None:
    """Put the patches in their places."""
    patching.install("tf_keras", PATCHES, _RELIED_ON)
