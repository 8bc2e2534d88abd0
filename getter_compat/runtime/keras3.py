"""Keras 3: `Layer.add_weight` asks the scope's getters for a layer's weights.

What is relied on in Keras is listed in `_RELIED_ON` and checked when the adapter is installed.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, cast

import keras
import tensorflow as tf
from keras.src import backend
from keras.src.backend.common import dtypes, global_state
from keras.src.layers import Bidirectional
from keras.src.layers.layer import CallContext, Layer
from keras.src.models import Model, cloning
from keras.src.random.seed_generator import SeedGenerator
from keras.src.utils.naming import to_snake_case

from getter_compat.runtime import ignored, layer_scope, runs, shown, store, weights
from getter_compat.runtime.derived import Call, Derived, begin, of_function
from getter_compat.runtime.layer_scope import LayerScope

_Trackable = tf.__internal__.tracking.Trackable

_CALL = "_getter_compat_call"
_WRAPPER = "_getter_compat_keras3"

_RELIED_ON = (
    "__call__",
    "__init__",
    "__new__",
    "__reduce__",
    "_flatten_layers",
    "_get_call_context",
    "_get_regularization_losses",
    "_maybe_reset_call_context",
    "_open_name_scope",
    "_post_track_variable",
    "_track_variable",
    "add_loss",
    "add_weight",
    "get_weights",
    "set_weights",
)

_AGGREGATION = {
    None: tf.VariableAggregation.NONE,
    "none": tf.VariableAggregation.NONE,
    "mean": tf.VariableAggregation.MEAN,
    "sum": tf.VariableAggregation.SUM,
    "only_first_replica": tf.VariableAggregation.ONLY_FIRST_REPLICA,
}


class _NamedVariable(backend.Variable):
    """A `keras.Variable` whose path is its TF1 name, whatever Keras calls the layers around it."""

    _tf1_name = ""

    @property
    def path(self) -> str:
        """The TF1 name, `model/dense/kernel`."""
        return self._tf1_name

    @path.setter
    def path(self, path: str) -> None:
        """Keras 3.3 to 3.5 sets what later versions compute."""

    def get_shape(self) -> tf.TensorShape:
        """The shape, as TF1 code asks a variable for it."""
        return tf.TensorShape(self.shape)


class ScopedVariable(_NamedVariable):
    """The `keras.Variable` around a `tf.Variable` that a store made or a getter returned."""

    def __init__(self, variable: tf.Variable, path: str, autocast: bool = True) -> None:
        # As an initializer it may be handed over inside a stateless scope too, where Keras
        # builds the layers of a subclassed model.
        super().__init__(
            lambda *args, **kwargs: variable,
            shape=tuple(variable.shape.as_list()),
            dtype=variable.dtype.base_dtype.name,
            trainable=variable.trainable,
            autocast=autocast,
            name=path.rsplit("/", 1)[-1],
        )
        self._value = variable
        self._tf1_name = path

    def _initialize_with_initializer(self, initializer: Any) -> None:
        self._value = initializer()

    @property
    def op(self) -> Any:
        """The operation that makes the variable, in a TF1 graph."""
        return self._value.op

    @property
    def _in_graph_mode(self) -> bool:
        """What TF1's optimizers ask."""
        return bool(self._value._in_graph_mode)

    def _as_graph_element(self) -> Any:
        """What a session fetches."""
        return self._value._as_graph_element()

    def _direct_assign(self, value: Any) -> None:
        assigned = self._value.assign(tf.cast(value, self._value.dtype.base_dtype))
        if not tf.executing_eagerly() and layer_call() is not None:  # a layer updates statistics
            store.default_store().add_updates(store.UPDATE_OPS, [assigned])

    def _initialize(self, value: Any) -> None:
        self._value = value  # Keras 3.3 would make another variable of it

    def _deferred_initialize(self) -> None:
        """The variable is there already."""


class DerivedVariable(_NamedVariable):
    """The `keras.Variable` of a derived weight: reading it is asking the getter."""

    def __init__(self, derived: Derived, first: Any, autocast: bool = True) -> None:
        self._derived = derived
        super().__init__(
            lambda *args, **kwargs: first,
            shape=tuple(tf.TensorShape(first.shape).as_list()),
            dtype=tf.as_dtype(first.dtype).base_dtype.name,
            trainable=False,
            autocast=autocast,
            name=derived.name.rsplit("/", 1)[-1],
        )
        self._tf1_name = derived.name

    @property
    def _value(self) -> Any:
        if not backend.in_stateless_scope():
            return self._now()
        with store.standing_in(_values_in_stateless_scope(self._derived.sources)):
            return self._now()

    @_value.setter
    def _value(self, value: Any) -> None:
        """Keras sets a first value; there is none to keep."""

    def _now(self) -> Any:
        call = layer_call() or of_function()
        return self._derived.now() if call is None else call.value_of(self._derived)

    def _initialize_with_initializer(self, initializer: Any) -> None:
        """There is nothing to initialize."""

    _initialize = _initialize_with_initializer

    def _deferred_initialize(self) -> None:
        """There is nothing to initialize."""

    def _as_graph_element(self) -> Any:
        """What a session fetches."""
        return self._value

    def __repr__(self) -> str:
        return self._derived.shown("DerivedVariable", self.shape, self.dtype)

    def _repr_html_(self) -> str:
        return shown.html_text(repr(self))

    def assign(self, value: Any) -> Any:
        """Refuse: the value is not kept here."""
        raise self._derived.cannot_be_assigned()

    @property
    def _should_act_as_resource_variable(self) -> bool:
        """Be read as a tensor: TensorFlow asks whether this attribute exists."""
        raise AttributeError(f"The derived weight {self.path} has no resource of its own.")

    def _trackable_children(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Be, to checkpoints, the variables that it is made from."""
        return {variable.name.split(":")[0]: variable for variable in self._derived.sources}

    def _gather_saveables_for_checkpoint(self) -> dict[str, Any]:
        """And nothing besides."""
        return {}

    _export_to_saved_model_graph = _Trackable._export_to_saved_model_graph


def layer_call() -> Call | None:
    """The outermost layer call that runs here."""
    context = global_state.get_global_attribute("current_call_ctx")
    return getattr(context, _CALL, None)  # a call that began before the installation has none


def install() -> None:
    """Put this module's methods in the place of Keras's. Without a scope they call those."""
    missing = [name for name in _RELIED_ON if not hasattr(Layer, name)]
    if missing or backend.backend() != "tensorflow":
        raise ImportError(
            f"getter_compat does not know Keras {keras.__version__} with the "
            f"{backend.backend()} backend (missing: {missing}). It works with the TensorFlow "
            "backend of Keras 3.3 and later; install one of those, or tf_keras."
        )
    CallContext.__init__ = _wrap_context(CallContext.__init__)
    Layer.__new__ = _wrap_new(Layer.__new__)
    Layer.__init__ = _wrap_init(Layer.__init__)
    Layer.__call__ = _wrap_call(Layer.__call__)
    Bidirectional.__init__ = layer_scope.wrap_bidirectional(Bidirectional.__init__, to_snake_case)
    Layer._open_name_scope = _wrap_name_scope(Layer._open_name_scope)
    Layer.add_weight = _wrap_add_weight(Layer.add_weight)
    Layer.get_weights = weights.refuse_derived(Layer.get_weights)
    Layer.set_weights = weights.refuse_derived(Layer.set_weights)
    Layer.__reduce__ = weights.refuse_to_copy(Layer.__reduce__)
    Layer.add_loss = weights.note_added_losses(Layer.add_loss)
    SeedGenerator.__init__ = _wrap_seed_generator(SeedGenerator.__init__)
    _refuse_what_ignores_getters()
    Layer._get_regularization_losses = _wrap_losses(Layer._get_regularization_losses)
    Layer.variables = property(_wrap_variables(Layer.variables.fget))
    Layer.trainable_variables = property(_wrap_trainable(Layer.trainable_variables.fget))
    Layer.non_trainable_variables = property(_wrap_frozen(Layer.non_trainable_variables.fget))
    _know_references()


def _refuse_what_ignores_getters() -> None:
    layers = {kind for kind in vars(keras.layers).values() if isinstance(kind, type)}
    for kind in {Model, *layers} - {Layer}:
        if "quantize" in vars(kind):
            kind.quantize = ignored.refuse_to_quantize(kind.quantize)
        if "enable_lora" in vars(kind):
            kind.enable_lora = ignored.add_lora(kind.enable_lora)
    cloning._wrap_clone_function = _wrap_cloning(cloning._wrap_clone_function)


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


def _scope_for(layer: Any) -> LayerScope | None:
    return layer_scope.for_layer(layer, to_snake_case)


def _wrap_context(original: Any) -> Any:
    """Keep a `Call` on what Keras makes for each outermost call."""

    @functools.wraps(original)
    def __init__(context: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        original(context, *args, **kwargs)
        setattr(context, _CALL, begin())

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
        if scope is None or scope.is_open():
            return original(*args, **kwargs)
        with scope.open(built=layer.built):
            return original(*args, **kwargs)

    return build


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

        run = next(runs.under_way(), None)
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
            return original(layer, *args, **kwargs)
        if layer.built:
            with scope.open(built=True):
                return original(layer, *args, **kwargs)
        # What the getters return while the layer is built is what this call computes with, so that
        # a getter that takes tensors from a queue is asked once. Keras begins a call after that.
        layer._get_call_context()
        try:
            with scope.open(built=False):
                return original(layer, *args, **kwargs)
        finally:
            layer._maybe_reset_call_context()

    return __call__


def _wrap_name_scope(original: Any) -> Any:
    """In a TF1 graph the scope of a layer names its operations, and is open already."""

    @functools.wraps(original)
    def _open_name_scope(layer: Any) -> Any:
        scope = layer_scope.of(layer)
        return nullcontext() if scope is not None and scope.is_in_graph else original(layer)

    return _open_name_scope


def _wrap_add_weight(original: Any) -> Any:
    @functools.wraps(original)
    def add_weight(layer: Any, *args: Any, **kwargs: Any) -> Any:
        scope = _scope_for(layer)
        ignored.warn_if_built_outside(layer)
        if scope is None or not scope.asks or (args and isinstance(args[0], str)):
            return original(layer, *args, **kwargs)  # which refuses a positional name
        kwargs.update(zip(("shape", "initializer", "dtype"), args, strict=False))
        if scope.is_open():
            return _ask(layer, scope, **kwargs)
        with scope.open(built=layer.built):
            return _ask(layer, scope, **kwargs)

    return add_weight


def _ask(
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
    call = layer_call() or of_function()
    value, used = call.first(asked) if call else asked.run_and_note()
    if trainable and not layer.trainable:
        weights.leave_to_keras(used)
    if not trainable and isinstance(value, tf.Variable):  # TF1's layer went by what it asked for
        _keras_variable(value, asked.name, autocast).trainable = False
    weight = _bind(layer, scope, asked, value, used, autocast)
    scope.note_misfit(asked.name, shape, dtype, weight)
    for variable in used.created:
        _keras_variable(variable).constraint = constraint
    weight.overwrite_with_gradient = overwrite_with_gradient
    regularizer = keras.regularizers.get(regularizer)
    made = value.value if isinstance(value, backend.Variable) else value
    if regularizer is not None and used.is_new(made):
        if not any(runs.under_way()):  # else the losses are the model's, which the store has
            weight.regularizer = regularizer
        asked.store.add_loss(
            f"{asked.name}/Regularizer",
            lambda: weights.loss_of(asked.name, regularizer, weight.value),
        )
    scope.weights.append(weight)
    return weight


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
        weight = _keras_variable(value, asked.name, cast)
        _track(layer, weight)
        return weight
    weights.check_returned(value, asked, layer)
    derived = Derived(asked, used.variables, value)
    for variable in derived.sources:
        _track(layer, _keras_variable(variable))
    call = layer_call() or of_function()
    if call is not None:
        call.remember(derived, value)
    weight = DerivedVariable(derived, value, cast)
    scope.derived.append(weight)
    weights.save_what_is_behind(
        layer, lambda: layer._trainable_variables + layer._non_trainable_variables
    )
    # Keras tracks an attribute that is a variable unless it did before: this one must not be
    # saved or trained, the variables behind it are.
    layer._tracker.stored_ids["non_trainable_variables"].add(id(weight))
    return weight


def is_calling() -> bool:
    """Whether a call would be part of a layer call of Keras, which knows `training`."""
    context = global_state.get_global_attribute("current_call_ctx")
    return context is not None or backend.in_stateless_scope()


def is_symbolic(value: Any) -> bool:
    """Whether it is an input of a functional model, or holds one, or has a mask of Keras's."""
    if isinstance(value, tf.Tensor):
        return hasattr(value, "_keras_mask")
    return any(
        isinstance(leaf, backend.KerasTensor) or hasattr(leaf, "_keras_mask")
        for leaf in tf.nest.flatten(value)
    )


def prepare_model(model: Any) -> None:
    """Let a model take any arguments as they are; it makes its variables when it is called."""
    model._convert_input_args = False
    model._allow_non_tensor_positional_args = True
    model.built = True
    model.__dict__["_get_own_losses"] = model.own_losses  # for a Keras model around it


def track_variables(layer: Any, variables: list[tf.Variable]) -> None:
    """Make variables that a store created the weights of a layer, which may be built."""
    locked = layer._tracker.locked
    layer._tracker.unlock()
    for variable in variables:
        _track(layer, _keras_variable(variable))
        layer._track_trackable(variable, variable.name.split(":")[0], overwrite=True)
    layer._tracker.locked = locked


def track_layer(model: Any, layer: Any) -> None:
    """Make a layer a part of a model."""
    if any(part is layer for part in model._layers):
        return
    locked = model._tracker.locked
    model._tracker.unlock()
    model._tracker.add_to_store("layers", layer)
    model._tracker.locked = locked


def weights_by_name(layer: Any) -> dict[str, Any]:
    """The weights of a layer by path and by TF1 name; a derived weight before what is behind it."""
    named = {w.path: w for w in layer.weights}
    named.update((w.path, w) for w in weights.derived_in(layer))
    return weights.by_inner_names_too(layer, named)


def call_with(layer: Any, replaced: list[tuple[Any, Any]], args: Any, kwargs: Any) -> Any:
    """Call a layer with stand-ins for some of its weights; keep the updates of the others."""
    variables = [(w._value, value) for w, value in replaced if isinstance(w, ScopedVariable)]
    stateless = backend.StatelessScope(state_mapping=replaced)
    if backend.in_stateless_scope():  # a `functional_call` in one: what that replaced stays so
        around = backend.get_stateless_scope().state_mapping
        stateless.state_mapping = {**around, **stateless.state_mapping}
    fixed = {id(weight) for weight, _ in replaced}
    before = dict(stateless.state_mapping)
    with store.standing_in(variables), _own_call(), stateless as scope:
        outputs = layer(*args, **kwargs)
    for variable in _real_variables(layer):
        value = scope.get_current_value(variable)
        if value is not before.get(id(variable)) and id(variable) not in fixed:
            variable.assign(value)
    return outputs


@contextmanager
def _own_call() -> Iterator[None]:
    """Compute derived weights anew in the block: what they are made from was replaced."""
    context = global_state.get_global_attribute("current_call_ctx")
    if context is None:
        yield
        return
    outer = layer_call()
    setattr(context, _CALL, Call())
    try:
        yield
    finally:
        setattr(context, _CALL, outer)


def _values_in_stateless_scope(variables: list[tf.Variable]) -> list[tuple[tf.Variable, Any]]:
    """The values that Keras has for variables in `stateless_call`, which assigns none."""
    scope = backend.get_stateless_scope()
    values = [(v, scope.get_current_value(_keras_variable(v))) for v in variables]
    return [(variable, value) for variable, value in values if value is not None]


def variable_of_function(variable: tf.Variable, constraint: Any) -> Any:
    """What a function of `tf.layers` computes with: the variable, but where Keras replaces it."""
    if constraint is None and not backend.in_stateless_scope():
        return variable
    weight = _keras_variable(variable, autocast=False)
    if constraint is not None and weight.constraint is None:
        weight.constraint = constraint
    return weight


def export(original: Any, path: str, inputs: list[Any], options: dict[str, Any]) -> None:
    """Export a model that takes `inputs`: Keras knows shapes only of layers that it built."""
    original(path, **{"input_signature": inputs, **options})


def track_seeds(model: Any, generators: list[SeedGenerator]) -> None:
    """Make the states of seed generators variables of a model."""
    locked = model._tracker.locked
    model._tracker.unlock()
    for generator in generators:
        if not any(own is generator for own in model._seed_generators):
            model._tracker.add_to_store("seed_generators", generator)
    model._tracker.locked = locked


def _keras_variable(variable: tf.Variable, path: str = "", autocast: bool = True) -> Any:
    """The one `keras.Variable` around a `tf.Variable`: Keras tells weights apart by identity."""
    wrapper = getattr(variable, _WRAPPER, None)
    if wrapper is None:
        wrapper = ScopedVariable(variable, variable.name.split(":")[0] or path, autocast)
        setattr(variable, _WRAPPER, wrapper)
    return wrapper


def _track(layer: Any, weight: Any) -> None:
    """Track a weight without freezing it: another layer may share it."""
    if layer.trainable:
        layer._track_variable(weight)
        return
    kind = "trainable_variables" if weight.trainable else "non_trainable_variables"
    layer._tracker.add_to_store(kind, weight)
    layer._post_track_variable(weight)


def _wrap_losses(original: Any) -> Any:
    """Add what derived and frozen weights cost, as TF1 did: Keras looks at trainable ones only."""

    @functools.wraps(original)
    def _get_regularization_losses(layer: Any) -> list[Any]:
        counted = {id(weight) for weight in layer.trainable_weights}
        others = [w for w in weights.asked_in(layer) if id(w) not in counted]
        return [*original(layer), *(w.regularizer(w) for w in others if w.regularizer is not None)]

    return _get_regularization_losses


def _wrap_variables(original: Any) -> Any:
    @functools.wraps(original)
    def variables(layer: Any) -> list[Any]:
        """What TF1 showed: for a derived weight the tensor itself, after the trainable ones."""
        shown = weights.as_tf1_showed(layer)
        if shown is not None:
            own = {id(w) for part in layer._layers for w in _real_variables(part)}
            return [*shown, *(w for w in _real_variables(layer) if id(w) in own)]
        if weights.derived_in(layer):
            return _real_variables(layer)
        return cast("list[Any]", original(layer))

    return variables


def _real_variables(layer: Any) -> list[Any]:
    """The variables of a layer and of the layers in it, those behind derived weights included."""
    found: dict[int, Any] = {id(weight): weight for weight in layer.weights}
    for part in layer._flatten_layers():
        found.update((id(seed.state), seed.state) for seed in part._seed_generators)
    return list(found.values())


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
        real = _real_variables(layer)
        return [v for v in real if not v.trainable] if layer.trainable else real

    return non_trainable_variables


install()
