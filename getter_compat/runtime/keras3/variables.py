"""What stands for a weight in a layer of Keras 3: a `keras.Variable` for each kind."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import tensorflow as tf
from keras.src import backend
from tensorflow.python.ops.ref_variable import RefVariable

from getter_compat.runtime import creation, graph, shown, store
from getter_compat.runtime.derived import Derived, of_function
from getter_compat.runtime.keras3 import calls

_Trackable = tf.__internal__.tracking.Trackable
_READS = ("gather_nd", "sparse_read")
_WRAPPER = "_getter_compat_keras3"


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

    @property
    def dtype(self) -> str:
        """The dtype, by its name."""
        return _DTypeName(super().dtype)

    def get_shape(self) -> tf.TensorShape:
        """The shape, as TF1 code asks a variable for it."""
        return tf.TensorShape(self.shape)

    def __eq__(self, other: object) -> Any:
        """Whether the elements are equal; in a TF1 graph, whether it is the same variable."""
        if graph.store_here() is None:
            return super().__eq__(other)
        return self._told_by() is (other._told_by() if isinstance(other, _NamedVariable) else other)

    def __ne__(self, other: object) -> Any:
        """The contrary."""
        return super().__ne__(other) if graph.store_here() is None else not self == other

    def __hash__(self) -> int:
        """Be a key where a `tf.Variable` is one: in a TF1 graph, `feed_dict` for instance."""
        if graph.store_here() is None:
            raise TypeError(f"The weight {self.path} is unhashable: use its .ref() as the key.")
        return id(self._told_by())

    def _told_by(self) -> Any:
        """What it is told from others by in a TF1 graph."""
        return self

    def __iter__(self) -> Iterator[tf.Tensor]:
        """Iterate over the first axis, as TensorFlow does."""
        return iter(tf.convert_to_tensor(self.value))


class _DTypeName(str):
    """A dtype as Keras has it, its name, that TF1 code can ask all that it asks a `tf.DType`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(tf.as_dtype(str(self)), name)


class _DTypeNameOfReference(_DTypeName):
    """The dtype of a reference, which TF1's functions tell from others by this."""

    __slots__ = ()

    _is_ref_dtype = True


class ScopedVariable(_NamedVariable):
    """The `keras.Variable` around a `tf.Variable` that a store made or a getter returned.

    What TF1's functions and TF1 code ask of a variable, and Keras's has not, that answers.
    """

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

    @property
    def trainable(self) -> bool:
        """Whether it is trained: not while the layer is frozen that made it so."""
        return self._trainable and not creation.is_frozen(self._value)

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)

    def _initialize_with_initializer(self, initializer: Any) -> None:
        self._value = initializer()

    def __getattr__(self, name: str) -> Any:
        """What only a `tf.Variable` has: `ref()`, `initializer`, `op`, `scatter_add()`."""
        if name.startswith("__") or self.__dict__.get("_value") is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        # What reads is asked of what Keras has here: a stand-in, or the value in another precision.
        return getattr(self.value if name in _READS else self._value, name)

    @property
    def variable(self) -> tf.Variable:
        """The `tf.Variable`, whatever stands for it here."""
        return self._value

    def _told_by(self) -> Any:
        return self._value

    def read_value(self) -> tf.Tensor:
        """The value here and now."""
        return tf.identity(self.value)

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Assign; in a TF1 graph, return what assigns when it is run."""
        return self._changed("assign", value, use_locking, name, read_value)

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Add; in a TF1 graph, return what adds when it is run."""
        return self._changed("assign_add", delta, use_locking, name, read_value)

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtract; in a TF1 graph, return what subtracts when it is run."""
        return self._changed("assign_sub", delta, use_locking, name, read_value)

    def _changed(self, method: str, value: Any, *how: Any) -> Any:
        """Keras's change, which takes a value alone; in a TF1 graph TensorFlow's.

        What Keras returns is the value that was assigned, which waits for no assignment in a graph.
        """
        if graph.store_here() is None or backend.in_stateless_scope():
            return getattr(super(), method)(value)
        if calls.layer_call() is None:
            return getattr(self._value, method)(value, *how)
        return _updating(getattr(self._value, method)(self._in_own_dtype(value), *how))

    def _direct_assign(self, value: Any) -> None:
        _updating(self._value.assign(self._in_own_dtype(value)))

    def _in_own_dtype(self, value: Any) -> Any:
        """A value that a layer computed, in the precision of its policy."""
        return tf.cast(value, self._value.dtype.base_dtype)

    def _initialize(self, value: Any) -> None:
        self._value = value  # Keras 3.3 would make another variable of it

    def _deferred_initialize(self) -> None:
        """The variable is there already."""


def _updating(assigned: Any) -> Any:
    """Have a graph run what a layer assigns, its statistics for one, with its updates."""
    if calls.layer_call() is not None and not tf.executing_eagerly():
        store.default_store().add_updates_of_layer([assigned])
    return assigned


class ScopedReference(ScopedVariable):
    """One around a reference variable, as TF1's were: see `disable_v2_behavior()`.

    The operations that change a reference take nothing else.
    """

    @property
    def dtype(self) -> str:
        """The dtype, by its name."""
        return _DTypeNameOfReference(super().dtype)

    @property
    def _should_act_as_resource_variable(self) -> bool:
        """Have no `handle` to work on: TensorFlow asks whether this attribute exists."""
        raise AttributeError(f"The variable {self.path} is a reference.")

    __tf_tensor__ = None  # it asks for a value alone

    def _tensor(self, dtype: Any, name: str | None, as_ref: bool) -> tf.Tensor:
        if as_ref:
            return self._value._ref()
        return tf.convert_to_tensor(self.value, dtype=dtype, name=name)


tf.register_tensor_conversion_function(ScopedReference, ScopedReference._tensor)


class DerivedVariable(_NamedVariable):
    """The `keras.Variable` of a derived weight: reading it is asking the getter."""

    def __init__(self, derived: Derived, first: Any, autocast: bool = True) -> None:
        self.derived = derived
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
        with store.standing_in(_values_in_stateless_scope(self.derived.sources)):
            return self._now()

    @_value.setter
    def _value(self, value: Any) -> None:
        """Keras sets a first value; there is none to keep."""

    def _now(self) -> Any:
        call = calls.layer_call() or of_function()
        return self.derived.now() if call is None else call.value_of(self.derived)

    def _initialize_with_initializer(self, initializer: Any) -> None:
        """There is nothing to initialize."""

    _initialize = _initialize_with_initializer

    def _deferred_initialize(self) -> None:
        """There is nothing to initialize."""

    def _as_graph_element(self) -> Any:
        """What a session fetches."""
        return self._value

    def __repr__(self) -> str:
        return self.derived.shown("DerivedVariable", self.shape, self.dtype)

    def _repr_html_(self) -> str:
        return shown.html_text(repr(self))

    def __getattr__(self, name: str) -> Any:
        """What only a tensor has, as the weight was in TF1: `ref()`, `device`; in a graph `op`."""
        if name in ("value", "_value"):  # the getter raised an AttributeError, which it does again
            return self._now()
        if name.startswith("_") or "derived" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.value, name)

    def assign(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: the value is not kept here."""
        raise self.derived.cannot_be_assigned()

    assign_add = assign_sub = assign

    @property
    def _should_act_as_resource_variable(self) -> bool:
        """Be read as a tensor: TensorFlow asks whether this attribute exists."""
        raise AttributeError(f"The derived weight {self.path} has no resource of its own.")

    def _trackable_children(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Be, to checkpoints, the variables that it is made from."""
        return {variable.name.split(":")[0]: variable for variable in self.derived.sources}

    def _gather_saveables_for_checkpoint(self) -> dict[str, Any]:
        """And nothing besides."""
        return {}

    _export_to_saved_model_graph = _Trackable._export_to_saved_model_graph


def wrap_equal(original: Any) -> Any:
    """Have a `tf.Variable` in a TF1 graph be the same as its weight, whichever of them is asked."""

    @functools.wraps(original)
    def __eq__(variable: tf.Variable, other: object) -> Any:  # noqa: N807
        if isinstance(other, ScopedVariable) and graph.store_here() is not None:
            return variable is other.variable
        return original(variable, other)

    return __eq__


def wrap_unequal(original: Any) -> Any:
    """The contrary."""

    @functools.wraps(original)
    def __ne__(variable: tf.Variable, other: object) -> Any:  # noqa: N807
        if isinstance(other, ScopedVariable) and graph.store_here() is not None:
            return variable is not other.variable
        return original(variable, other)

    return __ne__


def _values_in_stateless_scope(variables: list[tf.Variable]) -> list[tuple[tf.Variable, Any]]:
    """The values that Keras has for variables in `stateless_call`, which assigns none."""
    scope = backend.get_stateless_scope()
    values = [(v, scope.get_current_value(keras_variable(v))) for v in variables]
    return [(variable, value) for variable, value in values if value is not None]


def keras_variable(variable: tf.Variable, path: str = "", autocast: bool = True) -> Any:
    """The one `keras.Variable` around a `tf.Variable`: Keras tells weights apart by identity."""
    wrapper = getattr(variable, _WRAPPER, None)
    if wrapper is None:
        _require_shape(variable)
        kind = ScopedReference if isinstance(variable, RefVariable) else ScopedVariable
        wrapper = kind(variable, variable.name.split(":")[0] or path, autocast)
        setattr(variable, _WRAPPER, wrapper)
    return wrapper


def _require_shape(variable: tf.Variable) -> None:
    if not variable.shape.is_fully_defined():
        raise ValueError(
            f"Variable {variable.name.split(':')[0]} has the shape {variable.shape}, and Keras 3 "
            "knows no weight whose shape is not fully known. Make it without shape= or "
            "validate_shape=False, or outside of the ScopedModel or layer, or use tf_keras "
            "(TF_USE_LEGACY_KERAS=1)."
        )
