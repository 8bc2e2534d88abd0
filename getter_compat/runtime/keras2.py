"""Keras 2 (`tf_keras`): `Layer.add_weight` asks the scope's getters for a layer's weights.

What is relied on in Keras is listed in `_RELIED_ON` and checked when the adapter is installed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, cast

import tensorflow as tf
import tf_keras
from tf_keras.src.engine import base_layer_utils
from tf_keras.src.engine.base_layer import Layer
from tf_keras.src.engine.base_layer_v1 import Layer as GraphLayer
from tf_keras.src.engine.functional import Functional
from tf_keras.src.engine.keras_tensor import KerasTensor
from tf_keras.src.engine.training import Model
from tf_keras.src.layers import Bidirectional
from tf_keras.src.metrics.base_metric import Metric
from tf_keras.src.mixed_precision import autocast_variable
from tf_keras.src.mixed_precision.policy import Policy
from tf_keras.src.models import cloning
from tf_keras.src.saving.legacy.saved_model import save_impl
from tf_keras.src.utils import tf_utils
from tf_keras.src.utils.generic_utils import to_snake_case

from getter_compat.runtime import ignored, layer_scope, shown, store, weights
from getter_compat.runtime.creation import trainable_with
from getter_compat.runtime.derived import Call, Derived, begin, of_function
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.runtime.locks import Lock

_AUTOCAST = "_getter_compat_keras2"
_BUILDS = "_getter_compat_builds"

_RELIED_ON = {
    Layer: (
        "__call__",
        "__new__",
        "_flatten_layers",
        "_gather_children_attribute",
        "_handle_weight_regularization",
        "_init_set_name",
        "_name_scope",
        "_set_dtype_policy",
        "_track_trackable",
        "add_loss",
        "add_weight",
        "get_weights",
        "set_weights",
        "variables",
    ),
    Model: ("_undeduplicated_weights",),
    save_impl: ("wrap_layer_objects",),
    Functional: ("_init_set_name",),
    cloning: ("_clone_layer",),
    tf_utils: ("maybe_init_scope",),  # which asks for `_keras_style`
    autocast_variable: ("AutoCastVariable", "_autocast_dtype", "create_autocast_variable"),
}

# The outermost layer call that runs here. Keras 2 has one object for all the calls of a thread, so
# there is none of its own to keep ours on.
_call: ContextVar[Call | None] = ContextVar("getter_compat_keras2_call", default=None)


def layer_call() -> Call | None:
    """The outermost layer call that runs here."""
    return _call.get()


# Whether `layer.variables` shows the variables behind derived weights, as `layer.weights` does.
_real: ContextVar[bool] = ContextVar("getter_compat_keras2_real", default=False)


class _ReadAsTensor(tf.__internal__.types.Tensor):
    """What stands where a variable would, and reads as a tensor that is computed when it is read.

    It is no `tf.Variable`, which Keras 2 would track, train and save. TensorFlow takes it for a
    tensor: it has a tensor's operators and methods, and converts to one wherever one is needed.
    """

    def __init__(self, shape: Any, dtype: Any, autocast: bool) -> None:
        self._shape = tf.TensorShape(shape)
        self._true_dtype = tf.as_dtype(dtype)
        self._autocast = autocast and self._true_dtype.is_floating

    def _now(self) -> Any:
        """The value here and now, not cast."""
        raise NotImplementedError

    @property
    def shape(self) -> tf.TensorShape:
        """The shape."""
        return self._shape

    @property
    def dtype(self) -> tf.DType:
        """The dtype that reading gives here: under mixed precision, that of the computation."""
        return (self._autocast and _cast_to()) or self._true_dtype

    def value(self) -> tf.Tensor:
        """The value here and now."""
        value = self._now()
        return tf.cast(value, self.dtype) if self._autocast else tf.convert_to_tensor(value)

    read_value = value

    def __tf_tensor__(self, dtype: Any = None, name: str | None = None) -> tf.Tensor:
        """Convert to a tensor, as TensorFlow asks."""
        return tf.convert_to_tensor(self.value(), dtype=dtype, name=name)

    def __tf_tracing_type__(self, context: Any) -> tf.TensorSpec:
        """Be an argument of a `tf.function` by value, not as an object that the graph keeps."""
        return tf.TensorSpec(self.shape, self.dtype)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """Convert to a NumPy array."""
        return self.value().__array__(dtype)

    def __getattr__(self, name: str) -> Any:
        """The other methods and attributes of a tensor."""
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.value(), name)

    def __iter__(self) -> Iterator[tf.Tensor]:
        """Iterate over the first axis."""
        return iter(self.value())

    def __len__(self) -> int:
        """The size of the first axis."""
        return len(self.value())

    def __bool__(self) -> bool:
        """The truth of a scalar."""
        return bool(self.value())


def _operator(name: str) -> Any:
    def method(self: _ReadAsTensor, *args: Any) -> Any:
        return getattr(self.value(), name)(*args)

    return method


for _name in tf.Tensor.OVERLOADABLE_OPERATORS:
    setattr(_ReadAsTensor, _name, _operator(_name))


class DerivedWeight(_ReadAsTensor):
    """A derived weight: reading it is asking the getter."""

    def __init__(self, derived: Derived, first: Any, autocast: bool) -> None:
        super().__init__(first.shape, first.dtype, autocast)
        self.derived = derived
        self.trainable = False

    @property
    def name(self) -> str:
        """The TF1 name of the weight, `model/dense/kernel:0`."""
        return f"{self.derived.name}:0"

    @property
    def path(self) -> str:
        """The TF1 name without the number of an output."""
        return self.derived.name

    def _now(self) -> Any:
        """What the getter gives now; within a layer call, what it gave in that call."""
        call = layer_call() or of_function()
        return self.derived.now() if call is None else call.value_of(self.derived)

    def assign(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: the value is not kept here."""
        raise self.derived.cannot_be_assigned()

    assign_add = assign_sub = assign

    def __repr__(self) -> str:
        return self.derived.shown("DerivedWeight", self.shape, self._true_dtype.name)

    def _repr_html_(self) -> str:
        return shown.html_text(repr(self))


class StandIn(_ReadAsTensor):
    """What stands in a layer for a weight that calls under way replace.

    It reads as what the call that runs here replaced the weight by. To the calls of other threads
    and tasks, and to their other uses of the layer, it is the weight.
    """

    def __init__(self, weight: Any) -> None:
        autocasts = isinstance(weight, autocast_variable.AutoCastVariable)
        dtype = weight.true_dtype if autocasts else weight.dtype
        super().__init__(weight.shape, dtype, autocasts)
        self._weight = weight

    def _now(self) -> Any:
        return _replaced.get().get(id(self._weight), self._weight)

    def __getattr__(self, name: str) -> Any:
        """An attribute of the weight; of what replaces it here, if that has one."""
        if id(self._weight) not in _replaced.get():
            return getattr(self._weight, name)
        if name.startswith("assign"):  # what is replaced is not updated
            return lambda *args, **kwargs: self
        return super().__getattr__(name)


def install() -> None:
    """Put this module's methods in the place of Keras's. Without a scope they call those."""
    missing = [n for home, names in _RELIED_ON.items() for n in names if not hasattr(home, n)]
    if missing:
        raise ImportError(
            f"getter_compat does not know tf_keras {tf_keras.__version__} (missing: {missing}). "
            "It works with tf_keras 2.16 and later, in the version of the TensorFlow installed."
        )
    Layer.__new__ = _wrap_new(Layer.__new__)
    for layer in (Layer, GraphLayer):  # Keras 2 makes the other one where eager execution is off
        layer.__call__ = _wrap_call(layer.__call__)
        layer._init_set_name = _wrap_set_name(layer._init_set_name)
        layer._name_scope = _wrap_name_scope(layer._name_scope)
        layer.add_weight = _wrap_add_weight(layer.add_weight)
        layer.get_weights = weights.refuse_derived(layer.get_weights)
        layer.set_weights = weights.refuse_derived(layer.set_weights)
        layer.add_loss = weights.note_added_losses(layer.add_loss)
        layer.variables = property(_wrap_variables(layer.variables.fget))
    Functional._init_set_name = _wrap_set_name(Functional._init_set_name)
    Bidirectional.__init__ = layer_scope.wrap_bidirectional(Bidirectional.__init__, to_snake_case)
    Model.__reduce__ = weights.refuse_to_copy(Model.__reduce__)
    Model.__deepcopy__ = weights.refuse_to_copy(Model.__deepcopy__)
    Layer._gather_children_attribute = _with_real_variables(Layer._gather_children_attribute)
    Model._undeduplicated_weights = property(
        _with_real_variables(Model._undeduplicated_weights.fget)
    )
    cloning._clone_layer = _wrap_clone(cloning._clone_layer)
    save_impl.wrap_layer_objects = _with_real_variables(save_impl.wrap_layer_objects)


def _wrap_clone(original: Any) -> Any:
    @functools.wraps(original)
    def _clone_layer(layer: Any) -> Any:
        ignored.check_clone(layer)
        return original(layer)

    return _clone_layer


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
        if scope is None or scope.is_open():
            return original(layer, *args, **kwargs)
        with scope.open(built=layer.built):
            return original(layer, *args, **kwargs)

    setattr(build, _BUILDS, True)
    return build


def _wrap_set_name(original: Any) -> Any:
    """Remember whether a layer was named: Keras numbers the others, TF1 does so by scope."""

    @functools.wraps(original)
    def _init_set_name(layer: Any, name: Any, *args: Any, **kwargs: Any) -> None:
        layer_scope.remember_named(layer, name is not None)
        ignored.note_where_it_is_made(layer)
        original(layer, name, *args, **kwargs)

    return _init_set_name


def _wrap_call(original: Any) -> Any:
    @functools.wraps(original)
    def __call__(layer: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        token = _call.set(begin()) if _call.get() is None else None
        scope = _scope_for(layer)
        try:
            if scope is None:
                return original(layer, *args, **kwargs)
            if not layer.built:
                # Or Keras builds it outside of gradient tapes and of the function being traced,
                # and with it what the getters compute. The store makes variables outside anyway.
                layer.__dict__["_keras_style"] = False
            with scope.open(built=layer.built):
                outputs = original(layer, *args, **kwargs)
            if scope.is_in_graph:
                _collect_updates(layer, scope)
            return outputs
        finally:
            if token is not None:
                _call.reset(token)

    return __call__


def _collect_updates(layer: Any, scope: LayerScope) -> None:
    """Put the updates of statistics where a training step of a TF1 graph finds them."""
    collected = {id(update) for update in scope.store.collection(store.UPDATE_OPS)}
    updates = layer._updates if layer.trainable else []
    scope.store.add_updates(store.UPDATE_OPS, [u for u in updates if id(u) not in collected])


def _wrap_name_scope(original: Any) -> Any:
    """In a TF1 graph the scope of a layer names its operations, and is open already."""

    @functools.wraps(original)
    def _name_scope(layer: Any) -> Any:
        scope = layer_scope.of(layer)
        if scope is None or not scope.is_in_graph:
            return original(layer)
        return f"{tf.get_current_name_scope()}/"  # the slash enters it again

    return _name_scope


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
        if scope.is_open():
            return _ask(layer, scope, *args, **kwargs)
        with scope.open(built=layer.built):
            return _ask(layer, scope, *args, **kwargs)

    return add_weight


def _ask(
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
    call = layer_call() or of_function()
    value, used = call.first(asked) if call else asked.run_and_note()
    if trainable and not layer.trainable:
        weights.leave_to_keras(used)
    casts = autocast if autocast is not None else experimental_autocast is not False
    casts = casts and layer.compute_dtype != layer.variable_dtype and dtype.is_floating
    weight = _bind(layer, scope, asked, value, used, casts)
    scope.note_misfit(asked.name, shape, dtype, value)
    regularizer = tf_keras.regularizers.get(regularizer)
    if regularizer is not None and used.is_new(value):
        layer._handle_weight_regularization(asked.name, weight, regularizer)
        asked.store.add_loss(
            f"{asked.name}/Regularizer", lambda: weights.loss_of(asked.name, regularizer, weight)
        )
    scope.weights.append(weight)
    return weight


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
        weight = _autocast(value) if casts else value
        _track(layer, weight, asked.name.rsplit("/", 1)[-1])
        return weight
    weights.check_returned(value, asked, layer)
    derived = Derived(asked, used.variables, value)
    call = layer_call() or of_function()
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


def _autocast(variable: tf.Variable) -> Any:
    """The one autocasting variable around a `tf.Variable`: Keras tells weights by identity."""
    if isinstance(variable, autocast_variable.AutoCastVariable):
        return variable
    wrapper = getattr(variable, _AUTOCAST, None)
    if wrapper is None:
        wrapper = autocast_variable.create_autocast_variable(variable)
        setattr(variable, _AUTOCAST, wrapper)
    return wrapper


def _cast_to() -> tf.DType | None:
    """The dtype that the layer being called computes in."""
    return getattr(autocast_variable._autocast_dtype, "dtype", None)


def _track(layer: Any, variable: Any, name: str | None = None) -> None:
    """Make a variable a weight of a layer, for training and, under a name, for checkpoints."""
    kind = layer._trainable_weights if variable.trainable else layer._non_trainable_weights
    if not any(weight is variable for weight in kind):
        kind.append(variable)
    layer._track_trackable(variable, name or variable.name.split(":")[0], overwrite=True)


def is_calling() -> bool:
    """Whether a call would be part of a layer call of Keras, which knows `training`."""
    in_call: bool = base_layer_utils.call_context().in_call
    return in_call


def is_symbolic(value: Any) -> bool:
    """Whether it is an input of a functional model, or holds one, or has a mask of Keras's."""
    if isinstance(value, tf.Tensor):
        return hasattr(value, "_keras_mask")
    return any(
        isinstance(leaf, KerasTensor) or hasattr(leaf, "_keras_mask")
        for leaf in tf.nest.flatten(value)
    )


def prepare_model(model: Any) -> None:
    """Let a model take any arguments as they are; it makes its variables when it is called."""
    model._autocast = False
    model.built = True
    # For a Keras model around it.
    model._callable_losses.append(
        lambda: tf.add_n(losses) if (losses := model.own_losses()) else None
    )


def track_variables(layer: Any, variables: list[tf.Variable]) -> None:
    """Make variables that a store created the weights of a layer, which may be built."""
    for variable in variables:
        _track(layer, variable)


def track_layer(model: Any, layer: Any) -> None:
    """Make a layer a part of a model."""
    if not any(part is layer for part in model._self_tracked_trackables):
        model._self_tracked_trackables.append(layer)
        model._track_trackable(layer, layer.name, overwrite=True)


def weights_by_name(layer: Any) -> dict[str, Any]:
    """The weights of a layer by path and by TF1 name; a derived weight before what is behind it."""
    named = {weight.name.split(":")[0]: weight for weight in layer.weights}
    named.update((weight.path, weight) for weight in weights.derived_in(layer))
    return weights.by_inner_names_too(layer, named)


_TRACKED = ("_trainable_weights", "_non_trainable_weights")

# What the call that runs here has weights replaced by, by the weight's identity.
_replaced: ContextVar[dict[int, Any]] = ContextVar("getter_compat_keras2_replaced", default={})  # noqa: B039


@dataclass
class _Place:
    """An attribute of a layer that holds stand-ins, as long as calls need them there."""

    layer: Any
    attribute: str
    original: Any
    weights: set[int] = field(default_factory=set)  # which of the weights in it, by identity
    calls: int = 0


_places: dict[tuple[int, str], _Place] = {}
_placing = Lock()


def call_with(layer: Any, replaced: list[tuple[Any, Any]], args: Any, kwargs: Any) -> Any:
    """Call a layer with some of its weights replaced: stand-ins are put into its attributes."""
    values = {id(weight): value for weight, value in replaced}
    tokens: tuple[tuple[Any, Any], ...] = (
        (_replaced, _replaced.set({**_replaced.get(), **values})),
        (_call, _call.set(Call())),  # a call of its own: what derived weights are made from changes
    )
    places = _put_stand_ins(layer, values.keys())
    try:
        with store.standing_in([(getattr(w, "_variable", w), value) for w, value in replaced]):
            return layer(*args, **kwargs)
    finally:
        _take_back(places)
        for variable, token in tokens:
            variable.reset(token)


def _put_stand_ins(layer: Any, weights: Iterable[int]) -> list[_Place]:
    """Put stand-ins for weights wherever a layer and the layers in it hold them."""
    places = []
    with _placing:
        for part in layer._flatten_layers():
            attributes = [item for item in vars(part).items() if item[0] not in _TRACKED]
            for attribute, value in attributes:
                place = _places.get((id(part), attribute)) or _Place(part, attribute, value)
                held = place.weights.union(weights)
                standing = _with_stand_ins(place.original, held)
                if standing is place.original:
                    continue
                place.weights, place.calls = held, place.calls + 1
                vars(part)[attribute] = standing  # past the tracking of attributes
                _places[id(part), attribute] = place
                places.append(place)
    return places


def _take_back(places: list[_Place]) -> None:
    """Put back what was there, once no other call needs the stand-ins."""
    with _placing:
        for place in places:
            place.calls -= 1
            if not place.calls:
                vars(place.layer)[place.attribute] = place.original
                del _places[id(place.layer), place.attribute]


def _with_stand_ins(value: Any, weights: set[int]) -> Any:
    """An attribute with stand-ins for the weights in it; itself, where there is none."""
    if id(value) in weights:
        return StandIn(value)
    if isinstance(value, dict):
        items = {key: _with_stand_ins(item, weights) for key, item in value.items()}
        return items if any(items[key] is not value[key] for key in items) else value
    if isinstance(value, list | tuple):
        parts = [_with_stand_ins(item, weights) for item in value]
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    return value


def variable_of_function(variable: tf.Variable, constraint: Any) -> Any:
    """What a function of `tf.layers` computes with: the variable, which knows its constraint."""
    return variable


def export(original: Any, path: str, inputs: list[Any], options: dict[str, Any]) -> None:
    """Export a model; Keras remembers what it was called on."""
    original(path, **options)


def track_seeds(model: Any, generators: list[Any]) -> None:
    """Nothing: dropout keeps no state in a variable."""


def _wrap_variables(original: Any) -> Any:
    @functools.wraps(original)
    def variables(layer: Any) -> list[Any]:
        """What TF1 showed: for a derived weight the tensor itself, after the trainable ones."""
        shown = None if _real.get() else weights.as_tf1_showed(layer)
        if shown is None:
            return cast("list[Any]", original(layer))
        return [*shown, *layer._dedup_weights(layer._gather_children_attribute("variables"))]

    return variables


def _with_real_variables(original: Any) -> Any:
    """Where Keras itself reads `variables`, to train and to save, show the real ones."""

    @functools.wraps(original)
    def function(*args: Any) -> Any:
        token = _real.set(True)
        try:
            return original(*args)
        finally:
            _real.reset(token)

    return function


install()
