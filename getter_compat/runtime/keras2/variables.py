"""What stands for a weight in a layer of Keras 2 where no variable can: it reads as a tensor."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import tensorflow as tf
from tf_keras.src.mixed_precision import autocast_variable

from getter_compat.runtime import shown
from getter_compat.runtime.derived import Derived, of_function
from getter_compat.runtime.keras2 import calls


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
        return (self._autocast and calls.cast_to()) or self._true_dtype

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
        call = calls.layer_call() or of_function()
        return self.derived.now() if call is None else call.value_of(self.derived)

    def assign(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: the value is not kept here."""
        raise self.derived.cannot_be_assigned()

    assign_add = assign_sub = assign

    def __repr__(self) -> str:
        return self.derived.shown("DerivedWeight", self.shape, self._true_dtype.name)

    def _repr_html_(self) -> str:
        return shown.html_text(repr(self))


_AUTOCAST = "_getter_compat_keras2"


def autocast(variable: tf.Variable) -> Any:
    """The one autocasting variable around a `tf.Variable`: Keras tells weights by identity."""
    if isinstance(variable, autocast_variable.AutoCastVariable):
        return variable
    wrapper = getattr(variable, _AUTOCAST, None)
    if wrapper is None:
        wrapper = autocast_variable.create_autocast_variable(variable)
        setattr(variable, _AUTOCAST, wrapper)
    return wrapper


def forms_of(variable: Any) -> list[Any]:
    """A variable as layers hold it: itself, or what casts it."""
    wrapper = getattr(variable, _AUTOCAST, variable)
    return [variable] if wrapper is variable else [variable, wrapper]


# What the call that runs here has weights replaced by, by the weight's identity.
replacements: ContextVar[dict[int, Any]] = ContextVar("getter_compat_keras2_replaced", default={})  # noqa: B039


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
        return replacements.get().get(id(self._weight), self._weight)

    def __getattr__(self, name: str) -> Any:
        """An attribute of the weight; of what replaces it here, if that has one."""
        if id(self._weight) not in replacements.get():
            return getattr(self._weight, name)
        if name.startswith("assign"):  # what is replaced is not updated
            return lambda *args, **kwargs: self
        return super().__getattr__(name)
