"""What is put in the place of Keras 3's own methods. Without a scope each calls the original."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, cast

import keras
import tensorflow as tf
from keras.src import backend
from keras.src.backend.common import dtypes
from keras.src.callbacks import EarlyStopping
from keras.src.layers import BatchNormalization, Bidirectional
from keras.src.layers.layer import CallContext, Layer, get_shapes_dict
from keras.src.models import Functional, Model, Sequential, cloning
from keras.src.random.seed_generator import SeedGenerator
from keras.src.utils.naming import to_snake_case
from keras.src.utils.python_utils import is_default
from keras.src.utils.tracking import Tracker

from getter_compat.runtime import (
    control_flow_v1,
    ignored,
    layer_scope,
    patching,
    runs,
    scopes,
    weights,
)
from getter_compat.runtime.derived import begin
from getter_compat.runtime.keras3 import calls
from getter_compat.runtime.keras3.binding import ask, real_variables
from getter_compat.runtime.keras3.variables import (
    DerivedVariable,
    keras_variable,
    wrap_equal,
    wrap_unequal,
)
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.runtime.patching import Patch, unknown

_BUILT_BY_CALL = "_getter_compat_built_by_call"


def _scope_for(layer: Any) -> LayerScope | None:
    return layer_scope.for_layer(layer, to_snake_case)


def _wrap_context(original: Any) -> Any:
    """Keep a `Call` on what Keras makes for each outermost call."""

    @functools.wraps(original)
    def __init__(context: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        original(context, *args, **kwargs)
        setattr(context, calls.CALL, begin())

    return __init__


def _wrap_new(original: Any) -> Any:
    @functools.wraps(original)
    def __new__(cls: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        layer = original(cls, *args, **kwargs)
        layer.__dict__["build"] = _wrap_build(layer, layer.build)
        return layer

    return __new__


def _wrap_build(layer: Any, original: Any) -> Any:
    """Open the layer's scope in an explicit `layer.build(shape)` too."""

    @functools.wraps(original)
    def build(*args: Any, **kwargs: Any) -> Any:
        scope = _scope_for(layer)
        opened = nullcontext() if scope is None else scope.held_open_to_build(layer.built)
        with opened, ignored.building(layer):
            return original(*args, **kwargs)

    return build


def _wrap_build_from_config(original: Any) -> Any:
    """Open the scope of a model where Keras loads it, and runs its `call` to build what is in it.

    That is not its `build`, and not a call of the model, which would open it.
    """

    @functools.wraps(original)
    def build_from_config(model: Any, *args: Any, **kwargs: Any) -> Any:
        runs_call = not model.built and is_default(model.build)
        scope = _scope_for(model) if runs_call else None
        with nullcontext() if scope is None else scope.held_open_to_build(built=False):
            return original(model, *args, **kwargs)

    return build_from_config


def _wrap_init(original: Any) -> Any:
    """Remember whether a layer was named: Keras numbers the others, TF1 does so by scope."""

    @functools.wraps(original)
    def __init__(layer: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        layer_scope.remember_named(layer, kwargs.get("name") is not None)
        ignored.note_where_it_is_made(layer)
        original(layer, *args, **kwargs)

    # Keras reads the arguments of a constructor, and does not look behind a wrapper.
    __init__.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
    return __init__


def _wrap_seed_generator(original: Any) -> Any:
    """Let a generator that a model function makes anew in every run go on from its last state.

    Each would make a variable, which a `tf.function` refuses, and with a `seed` of its own would
    draw the same numbers in every run, which TF1's random operations did not.
    """

    @functools.wraps(original)
    def __init__(generator: Any, seed: Any = None, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        def make() -> Any:
            original(generator, seed, *args, **kwargs)
            return generator

        run = runs.innermost()
        if run is None:
            original(generator, seed, *args, **kwargs)
        else:
            vars(generator).update(vars(run.keep(("seed", seed), make)))

    return __init__


def _wrap_call(original: Any) -> Any:
    @functools.wraps(original)
    def __call__(layer: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        scope = _scope_for(layer)
        if scope is None:
            with layer_scope.numbered(layer):
                return original(layer, *args, **kwargs)
        scope.is_called = True
        try:
            return call(layer, scope, args, kwargs)
        except Exception as error:
            layer_scope.explain(layer, error)
            raise

    def call(layer: Any, scope: LayerScope, args: Any, kwargs: Any) -> Any:
        if layer.built:
            with scope.open(built=True, builds_parts=_has_parts_to_build(layer)):
                outputs = original(layer, *args, **kwargs)
            weights.count_parts_again(layer)
            return outputs
        # What the getters return while the layer is built is what this call computes with, so that
        # a getter that takes tensors from a queue is asked once. Keras begins a call after that.
        layer._get_call_context()
        try:
            with scope.open(built=False):
                outputs = original(layer, *args, **kwargs)
                if _BUILT_BY_CALL in layer.__dict__:  # which Keras saves the shapes of
                    layer.__dict__[_BUILT_BY_CALL]()
                return outputs
        finally:
            layer.__dict__.pop(_BUILT_BY_CALL, None)
            layer._maybe_reset_call_context()

    return __call__


def _wrap_maybe_build(original: Any) -> Any:
    """Let the call build the layers in one that has no `build` of its own, as it did in TF1.

    Keras calls it by symbols before: what it asks for would be asked for twice. There is no other
    call where Keras knows by the layer what comes of its symbols.
    """

    @functools.wraps(original)
    def _maybe_build(layer: Any, call_spec: Any) -> None:
        is_called = call_spec.eager or not _tells_what_comes_of_symbols(layer)
        if layer.built or layer_scope.of(layer) is None or not is_called:
            original(layer, call_spec)
        elif is_default(layer.build) and _has_parts_to_build(layer):
            shape = next(iter(get_shapes_dict(call_spec).values()), None)
            layer.__dict__[_BUILT_BY_CALL] = functools.partial(layer.build, shape)
        else:
            original(layer, call_spec)

    return _maybe_build


def _tells_what_comes_of_symbols(layer: Any) -> bool:
    of_its_own = type(layer).compute_output_spec is not Layer.compute_output_spec
    return of_its_own or not is_default(layer.compute_output_shape)


def _has_parts_to_build(layer: Any) -> bool:
    return any(not part.built for part in layer._layers)


def _is_in_graph(layer: Any) -> bool:
    scope = layer_scope.of(layer)
    return scope is not None and scope.is_in_graph


def _wrap_name_scope(original: Any) -> Any:
    """In a TF1 graph the scope of a layer names its operations, and is open already."""

    @functools.wraps(original)
    def _open_name_scope(layer: Any) -> Any:
        if _is_in_graph(layer):
            return nullcontext()
        opened = original(layer)
        if not layer.name.startswith("_") or not scopes.is_active():
            return opened
        return backend.name_scope(layer_scope.public(layer.name), caller=layer)

    return _open_name_scope


def _wrap_add_weight(original: Any) -> Any:
    @functools.wraps(original)
    def add_weight(layer: Any, *args: Any, **kwargs: Any) -> Any:
        scope = _scope_for(layer)
        ignored.warn_if_built_outside(layer)
        if scope is None or not scope.asks or (args and isinstance(args[0], str)):
            return original(layer, *args, **kwargs)  # which refuses a positional name
        kwargs.update(zip(("shape", "initializer", "dtype"), args, strict=False))
        with scope.held_open(built=layer.built):
            return ask(layer, scope, **kwargs)

    return add_weight


def _wrap_track(original: Any) -> Any:
    """Let no layer that has a derived weight as an attribute save and train it.

    The layer that asked for it, and one around that too, has the variables behind it.
    """

    @functools.wraps(original)
    def track(tracker: Any, value: Any) -> Any:
        return value if isinstance(value, DerivedVariable) else original(tracker, value)

    return track


def _wrap_losses(original: Any) -> Any:
    """Add what derived and frozen weights cost, as TF1 did: Keras looks at trainable ones only.

    And at those behind derived weights, whose losses the layers have that asked for them.
    """

    @functools.wraps(original)
    def _get_regularization_losses(layer: Any) -> list[Any]:
        asked = weights.asked_in(layer)
        counted = {id(weight) for weight in layer.trainable_weights}
        others = [w for w in asked if id(w) not in counted]
        behind = _behind(layer) - {id(weight) for weight in asked}
        if behind:
            others = [*(w for w in layer.trainable_weights if id(w) not in behind), *others]
        further = [w.regularizer(w) for w in others if w.regularizer is not None]
        further += [loss() for loss in weights.losses_beside_models(layer)]
        of_keras = [] if behind else original(layer)
        # A regularizer of contrib that is switched off returns none.
        return [loss for loss in (*of_keras, *further) if loss is not None]

    return _get_regularization_losses


def _behind(layer: Any) -> set[int]:
    """The identities of the variables that the derived weights in a layer are made from."""
    derived = [weight.derived for weight in weights.derived_in(layer)]
    return {id(keras_variable(variable)) for one in derived for variable in one.sources}


def _wrap_variables(original: Any) -> Any:
    @functools.wraps(original)
    def variables(layer: Any) -> list[Any]:
        """What TF1 showed: for a derived weight the tensor itself, after the trainable ones."""
        shown = weights.as_tf1_showed(layer)
        if shown is not None:
            own = {id(w) for part in layer._layers for w in real_variables(part)}
            return [*shown, *(w for w in real_variables(layer) if id(w) in own)]
        if weights.derived_in(layer):
            return real_variables(layer)
        return cast("list[Any]", original(layer))

    return variables


def _wrap_trainable(original: Any) -> Any:
    @functools.wraps(original)
    def trainable_variables(layer: Any) -> list[Any]:
        """The variables that training changes, those behind derived weights included."""
        if not weights.derived_in(layer):
            return cast("list[Any]", original(layer))
        return cast("list[Any]", layer.trainable_weights)

    return trainable_variables


def _wrap_frozen(original: Any) -> Any:
    @functools.wraps(original)
    def non_trainable_variables(layer: Any) -> list[Any]:
        """The other variables."""
        if not weights.derived_in(layer):
            return cast("list[Any]", original(layer))
        real = real_variables(layer)
        return [v for v in real if not v.trainable] if layer.trainable else real

    return non_trainable_variables


def _wrap_normalize(original: Any) -> Any:
    """Have batch normalization infer in a frozen model."""

    @functools.wraps(original)
    def call(layer: Any, inputs: Any, training: Any = None, *args: Any, **kwargs: Any) -> Any:
        return original(layer, inputs, weights.trains(training), *args, **kwargs)

    return call


def _wrap_cloning(original: Any) -> Any:
    @functools.wraps(original)
    def _wrap_clone_function(clone_function: Any, *args: Any, **kwargs: Any) -> Any:
        return original(clone_function or _clone, *args, **kwargs)

    return _wrap_clone_function


def _clone(layer: Any) -> Any:
    ignored.check_clone(layer)
    return type(layer).from_config(layer.get_config())


def _know_references() -> None:
    """Have Keras know the types of TF1's reference variables, for regularizers and operations.

    After `tf.compat.v1.disable_v2_behavior()` variables are references again, `float32_ref`.
    """
    for name in dtypes.ALLOWED_DTYPES:
        if name in tf.dtypes.__dict__:
            dtypes.PYTHON_DTYPES_MAP[tf.as_dtype(name)._as_ref] = name


def _of_each_layer() -> Iterator[Patch]:
    """What a layer would lose its getter by."""
    layers = [kind for kind in vars(keras.layers).values() if isinstance(kind, type)]
    # Where they have it, which may be a class that Keras does not publish, as that of convolutions.
    owners = {owner for kind in (Model, *layers) for owner in kind.__mro__}
    for kind in owners - {Layer}:
        if "quantize" in vars(kind):
            yield Patch(kind, "quantize", ignored.refuse_to_quantize)
        if "enable_lora" in vars(kind):
            yield Patch(kind, "enable_lora", ignored.add_lora)


_wrap_bidirectional = functools.partial(layer_scope.wrap_bidirectional, snake_case=to_snake_case)

PATCHES = (
    # Which layer is called, and in which scope it is built and called.
    Patch(tf.Variable, "__eq__", wrap_equal),
    Patch(tf.Variable, "__ne__", wrap_unequal),
    Patch(CallContext, "__init__", _wrap_context),
    Patch(Layer, "__new__", _wrap_new),
    Patch(Layer, "__init__", _wrap_init),
    Patch(Layer, "__call__", _wrap_call),
    Patch(Layer, "_maybe_build", _wrap_maybe_build),
    Patch(Model, "build_from_config", _wrap_build_from_config),
    Patch(Layer, "_open_name_scope", _wrap_name_scope),
    Patch(Bidirectional, "__init__", _wrap_bidirectional),
    Patch(backend, "rnn", control_flow_v1.keep_all_outputs),
    Patch(BatchNormalization, "call", _wrap_normalize),
    # Its weights.
    Patch(Layer, "add_weight", _wrap_add_weight),
    Patch(Layer, "variables", _wrap_variables),
    Patch(Layer, "trainable_variables", _wrap_trainable),
    Patch(Layer, "non_trainable_variables", _wrap_frozen),
    Patch(Tracker, "track", _wrap_track),
    Patch(SeedGenerator, "__init__", _wrap_seed_generator),
    # Their losses.
    Patch(Layer, "add_loss", weights.note_added_losses),
    Patch(Layer, "losses", weights.collect_added_losses_once),
    Patch(Layer, "_get_regularization_losses", _wrap_losses),
    # What has no use for a weight without a value, or would lose a getter.
    Patch(Layer, "get_weights", weights.refuse_derived),
    Patch(Layer, "set_weights", weights.refuse_derived),
    Patch(EarlyStopping, "on_epoch_end", weights.restoring),
    Patch(EarlyStopping, "on_train_end", weights.restoring),
    Patch(Layer, "__reduce__", weights.refuse_to_copy),
    Patch(cloning, "_wrap_clone_function", _wrap_cloning),
    *(
        Patch(kind, "get_config", ignored.warn_of_config)
        for kind in (Layer, Functional, Sequential)
    ),
    *_of_each_layer(),
)

# What is called or read besides.
_RELIED_ON = {
    Layer: (
        "_flatten_layers",
        "_get_call_context",
        "_maybe_reset_call_context",
        "_post_track_variable",
        "_track_variable",
    ),
    dtypes: ("ALLOWED_DTYPES", "PYTHON_DTYPES_MAP"),
}


def install() -> None:
    """Put the patches in their places."""
    if backend.backend() != "tensorflow":
        raise unknown("keras", f"it has the {backend.backend()} backend, not that of TensorFlow")
    patching.install("keras", PATCHES, _RELIED_ON)
    _know_references()
