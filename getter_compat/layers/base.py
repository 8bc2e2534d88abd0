"""`tf.layers.Layer`: the base of the classes, a Keras layer with TF1's scopes and arguments."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import tensorflow as tf
from tensorflow.python.eager import context

from getter_compat.layers import in_graph
from getter_compat.layers.computations import Computation
from getter_compat.runtime import layer_scope, runs, weights
from getter_compat.runtime.creation import trainable_with
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.runtime.scopes import AUTO_REUSE, VariableScope, get_variable_scope
from getter_compat.runtime.store import (
    AUTO,
    NONE,
    VariableStore,
    default_store,
)
from getter_compat.typing import (
    Constraint,
    DType,
    Initializer,
    Name,
    Partitioner,
    Regularizer,
    Shape,
    Structure,
    TensorLike,
)

_ACTIVITY = "_getter_compat_activity"
_DTYPE = "_getter_compat_dtype"
_NOT_IN_TF1 = {"groups": 1, "lora_rank": None, "output_padding": None, "synchronized": False}
_LOSS = "_getter_compat_loss"
_LOSS_IS_COLLECTED = "_getter_compat_loss_is_collected"


class Layer(tf.keras.layers.Layer):
    """The base class of `tf.layers`: a Keras layer whose variables are named and shared as in TF1.

    Args:
        trainable: Whether its variables are trainable.
        name: Its name; a slash in it makes a deeper scope. By default its class in snake case,
            numbered in the scope in which the layer is first called.
        dtype: The dtype of its variables; by default that of the first input.
        **kwargs: `_scope`, the scope of its variables, and `_reuse`, whether to share those that
            exist; the rest is Keras's.

    Examples:
        >>> import tensorflow as tf
        >>> import getter_compat
        >>> class Scale(getter_compat.layers.Layer):
        ...     def build(self, input_shape):
        ...         self.factor = self.add_variable("factor", [input_shape[-1]])
        ...     def call(self, inputs):
        ...         return inputs * self.factor
        >>> with getter_compat.VariableStore().as_default(), getter_compat.getter_scope("model"):
        ...     layer = Scale()
        ...     _ = layer(tf.ones([1, 2]))
        >>> layer.scope_name
        'model/scale'
    """

    built: bool

    def __init__(
        self,
        trainable: bool = True,
        name: Name | None = None,
        dtype: DType | None = None,
        **kwargs: Any,
    ) -> None:
        scope, reuse = kwargs.pop("_scope", None), kwargs.pop("_reuse", None)
        check_reuse(reuse)
        _check_arguments(kwargs)
        self.__dict__[_ACTIVITY] = kwargs.get("activity_regularizer")
        if kwargs.get("activity_regularizer") is not None and _must_take_the_mean():
            kwargs["activity_regularizer"] = _mean(kwargs["activity_regularizer"])
        self.__dict__[_DTYPE] = None if dtype is None else tf.as_dtype(dtype).name
        super().__init__(
            trainable=trainable,
            name=_keras_name(name),
            dtype=dtype or tf.keras.backend.floatx(),
            autocast=False,
            **kwargs,
        )
        base_name = _text_of(name) or snake_case(type(self).__name__)
        layer_scope.give(self, LayerScope(base_name, captured_scope(scope), reuse, is_tf1=True))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in vars(cls):
            setattr(cls, "build", _taking_tensor_shapes(cls.build))  # noqa: B010 - it is a method
        shapes = cls.compute_output_shape
        owner = next(base for base in cls.mro() if "compute_output_shape" in vars(base))
        if not issubclass(owner, Layer) and not getattr(shapes, "_is_default", False):
            cls.compute_output_shape = _giving_tensor_shapes(shapes)

    def build(self, input_shape: Any) -> None:
        """Make the weights, once: Keras 2 would make them again in the first call."""
        super().build(input_shape)
        self.built = True

    @property
    def scope_name(self) -> str:
        """The name of the layer's scope, known from the first call on."""
        scope = self._layer_scope().known_scope()
        if scope is None:
            raise ValueError(
                f'No name available for layer scope because the layer "{self.name}" has not been '
                "used yet. The scope name  is determined the first time the layer instance is "
                "called. You must therefore call the layer before querying `scope_name`."
            )
        return scope.name

    @property
    def dtype(self) -> Any:
        """The dtype of the variables: the one that was given, else that of the first input."""
        return self.__dict__.get(_DTYPE) or self.dtype_policy.variable_dtype

    variable_dtype = compute_dtype = dtype

    def take_dtype_of(self, inputs: TensorLike) -> None:
        """Have the dtype of the first input, unless one was given."""
        if self.__dict__[_DTYPE] is None:
            self.__dict__[_DTYPE] = _dtype_of(inputs)

    def _layer_scope(self) -> LayerScope:
        return cast(LayerScope, layer_scope.of(self))

    def __call__(self, inputs: TensorLike, *args: Any, **kwargs: Any) -> Any:
        """Build the layer at its first call, and call it.

        Args:
            inputs: A tensor, or what `call` takes.
            *args: Further arguments of `call`.
            **kwargs: Further arguments of `call`; `scope` is the scope to be built in.

        Returns:
            What `call` returns.
        """
        scope = kwargs.pop("scope", None)
        if scope is not None:
            self._layer_scope().take(scope)
        inputs = tf.nest.map_structure(_as_tensor, inputs)
        self.take_dtype_of(inputs)
        if args:
            names = _names_of_arguments(self.call)[1:]
            kwargs = {**dict(zip(names, args, strict=False)), **kwargs}
        if isinstance(self, Computation):
            self.check(inputs)
            if self.takes_training:
                # Keras would take the mode of the model around the layer.
                kwargs.setdefault("training", False)
        in_graph = self._layer_scope().store.graph is not None
        if in_graph and not any(map(is_symbolic, tf.nest.flatten(inputs))):
            return self._call_in_graph(inputs, kwargs)
        return super().__call__(inputs, **kwargs)

    def _call_in_graph(self, inputs: TensorLike, kwargs: dict[str, Any]) -> Any:
        """Build and call the layer as TF1 did: Keras would name its operations otherwise."""
        with self._layer_scope().open(self.built):
            if not self.built:
                shapes = tf.nest.map_structure(lambda x: tf.TensorShape(x.shape), inputs)
                type(self).build(self, shapes)
                self.built = True
            if "scope" in inspect.signature(self.call, follow_wrapped=False).parameters:
                kwargs["scope"] = get_variable_scope()
            outputs = self.call(inputs, **kwargs)
            if self.__dict__[_ACTIVITY] is not None:
                self._add_activity_losses(_mean(self.__dict__[_ACTIVITY]), outputs)
        return outputs

    def _add_activity_losses(self, regularizer: Regularizer, outputs: TensorLike) -> None:
        with tf.name_scope("ActivityRegularizer"):
            for output in tf.nest.flatten(outputs):
                self.add_loss(regularizer(output))

    def apply(self, inputs: TensorLike, *args: Any, **kwargs: Any) -> Any:
        """Call the layer."""
        return self(inputs, *args, **kwargs)

    def add_weight(
        self,
        name: str,
        shape: Shape | None,
        dtype: DType | None = None,
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        trainable: bool | None = None,
        constraint: Constraint | None = None,
        use_resource: bool | None = None,
        synchronization: tf.VariableSynchronization = AUTO,
        aggregation: tf.VariableAggregation = NONE,
        partitioner: Partitioner | None = None,
        **kwargs: Any,
    ) -> Any:
        """Find or create a variable in the layer's scope, and make it a weight of the layer.

        Args:
            name: Its name below the layer's scope.
            shape: Its shape.
            dtype: Its dtype; by default the layer's.
            initializer: Its initializer; by default the scope's, else Glorot uniform.
            regularizer: A function of what the scope's getter made of the variable.
            trainable: Whether it is trainable; true by default.
            constraint: What optimizers apply to the variable after an update.
            use_resource: Without effect: every variable of TensorFlow 2 is a resource variable.
            synchronization: A `tf.VariableSynchronization`.
            aggregation: A `tf.VariableAggregation`.
            partitioner: How to split it, in a TF1 graph; elsewhere refused, as by `get_variable`.
            **kwargs: `experimental_autocast`, without effect: these layers do not cast.

        Returns:
            The weight.
        """
        unknown = set(kwargs) - {"experimental_autocast"}
        if unknown:
            raise TypeError("Unknown keyword argument:", unknown.pop())
        is_in_graph = self._layer_scope().store.graph is not None
        if partitioner is not None and not is_in_graph:
            raise NotImplementedError(
                f"The weight {name} of layer {self.name} was asked for with a partitioner, which "
                "TensorFlow 2 has no partitioned variables for. Leave the partitioner out."
            )
        given: dict[str, Any] = {
            "name": name,
            "shape": shape,
            "initializer": initializer,
            "regularizer": regularizer,
            "trainable": trainable_with(synchronization, trainable),
            "constraint": constraint,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        asked = tf.as_dtype(dtype or self.dtype)
        if is_in_graph:
            how: dict[str, Any] = {"use_resource": use_resource, "partitioner": partitioner}
            return in_graph.add_weight(self, self._layer_scope(), dtype=asked, **given, **how)
        return super().add_weight(dtype=asked.name, **given)

    add_variable = add_weight

    def add_update(self, updates: Structure, inputs: TensorLike = None) -> None:
        """Add operations to the `UPDATE_OPS` of a TF1 graph.

        Elsewhere an assignment has happened already, and only functions are run.

        Args:
            updates: Operations or functions that make them, or a list of them.
            inputs: Accepted and ignored.
        """
        made = [update() if callable(update) else update for update in tf.nest.flatten(updates)]
        self.add_updates(made)

    def add_updates(self, updates: list[tf.Operation | TensorLike]) -> None:
        """Have the store collect the updates of statistics, unless the layer is frozen."""
        if self.trainable:
            scope = self._layer_scope()
            scope.store.add_updates_of_layer(updates)
            scope.updates += updates if scope.store.graph is not None else ()

    def add_loss(self, losses: Structure, inputs: TensorLike = None) -> None:
        """Add losses to `layer.losses`, and to the regularization losses of the store.

        Args:
            losses: A scalar tensor, or a list of them.
            inputs: Accepted and ignored, as TF1's argument for graphs.
        """
        if self._is_in_graph():
            self._add_losses_in_graph(tf.nest.flatten(losses))
            return
        super().add_loss(losses)
        if callable(losses):  # Keras 2's own, for a weight whose loss is in the collection
            return
        scope = self._layer_scope()
        name = scope.name_of_loss()
        tensors = [tf.convert_to_tensor(loss) for loss in tf.nest.flatten(losses)]
        if any(runs.under_way(scope.store)):  # each call of the run has its own, as in TF1's graph
            for tensor in tensors:
                scope.store.add_loss(name, runs.of_call(tensor, self.name).now)
            return
        self.__dict__[_LOSS] = runs.of_call(tf.add_n(tensors), self.name)
        if _LOSS_IS_COLLECTED not in self.__dict__:
            self.__dict__[_LOSS_IS_COLLECTED] = True
            scope.store.add_loss(name, self._latest_loss)

    def _add_losses_in_graph(self, losses: list[TensorLike]) -> None:
        scope = self._layer_scope()
        for loss in losses:
            made = loss() if callable(loss) else loss
            if made is not None:
                scope.losses.append(made)
                scope.store.add_loss("", lambda: made)  # noqa: B023 - it is called at once

    def _is_in_graph(self) -> bool:
        """Whether the layer has its variables in a TF1 graph."""
        scope = layer_scope.of(self)
        return scope is not None and scope.is_in_graph

    @property
    def trainable_weights(self) -> list[TensorLike]:
        """What training changes."""
        if self._is_in_graph():
            return in_graph.trainable_weights(self, self._layer_scope())
        return cast("list[Any]", super().trainable_weights)

    @property
    def non_trainable_weights(self) -> list[TensorLike]:
        """The other weights."""
        if self._is_in_graph():
            return in_graph.non_trainable_weights(self, self._layer_scope())
        return cast("list[Any]", super().non_trainable_weights)

    @property
    def weights(self) -> list[TensorLike]:
        """The weights, the trainable ones first."""
        if self._is_in_graph():
            return [*self.trainable_weights, *self.non_trainable_weights]
        return cast("list[Any]", super().weights)

    @property
    def trainable_variables(self) -> list[TensorLike]:
        """What training changes, as real variables."""
        return self.trainable_weights if self._is_in_graph() else super().trainable_variables

    @property
    def non_trainable_variables(self) -> list[TensorLike]:
        """The other variables."""
        is_in_graph = self._is_in_graph()
        return self.non_trainable_weights if is_in_graph else super().non_trainable_variables

    @property
    def variables(self) -> list[TensorLike]:
        """What the getters returned for the weights."""
        return self.weights if self._is_in_graph() else super().variables

    @property
    def losses(self) -> list[TensorLike]:
        """The losses of the layer and the layers in it."""
        if not self._is_in_graph():
            return cast("list[Any]", super().losses)
        return [*self._layer_scope().losses, *in_graph.of_parts(self, "losses")]

    @property
    def updates(self) -> list[tf.Operation]:
        """What updates the statistics of the layer and of those in it, in a TF1 graph.

        Elsewhere they were updated in the call, and there is nothing to run.
        """
        if not self._is_in_graph() or not self.trainable:
            return []
        own = [getattr(update, "op", update) for update in self._layer_scope().updates]
        return [*own, *in_graph.of_parts(self, "updates")]

    def count_params(self) -> int:
        """The number of values in the weights."""
        if not self._is_in_graph():
            return cast(int, super().count_params())
        return sum(tf.TensorShape(w.shape).num_elements() for w in self.weights)

    def get_weights(self) -> list[TensorLike]:
        """The values of the weights, as arrays; in a TF1 graph those of the default session."""
        if not self._is_in_graph():
            return cast("list[TensorLike]", super().get_weights())
        weights.require_values(self, "get_weights", _tensors_in(self.weights))
        session = tf.compat.v1.get_default_session()
        return cast("list[TensorLike]", session.run(self.weights))

    def set_weights(self, values: Sequence[TensorLike]) -> None:
        """Give the weights values; in a TF1 graph in the default session."""
        if not self._is_in_graph():
            super().set_weights(values)
            return
        weights.require_values(self, "set_weights", _tensors_in(self.weights))
        pairs = zip(self.weights, values, strict=True)
        session = tf.compat.v1.get_default_session()
        session.run([variable.assign(value) for variable, value in pairs])

    def _latest_loss(self) -> tf.Tensor | None:
        return self.__dict__[_LOSS].now()


def _tensors_in(values: list[TensorLike]) -> list[str]:
    return [value.name for value in values if isinstance(value, tf.Tensor)]


def is_symbolic(inputs: TensorLike) -> bool:
    """Whether it is an input of a functional model, of either Keras: a shape without values."""
    return type(inputs).__name__ == "KerasTensor"


def check_reuse(reuse: object) -> None:
    """Refuse what says nothing about reuse."""
    if reuse is not None and reuse is not AUTO_REUSE and not isinstance(reuse, bool):
        raise ValueError("The reuse parameter must be True or False or None.")


def _check_arguments(given: dict[str, Any]) -> None:
    """Refuse what Keras has learnt since and these layers do not compute."""
    for name, neutral in _NOT_IN_TF1.items():
        if given.get(name, neutral) != neutral:
            raise TypeError(
                f"Keyword argument not understood: {name}. The layers of TF1 did not have it; "
                "use the class of tf.keras.layers."
            )


def _must_take_the_mean() -> bool:
    return default_store().graph is None and not _keras_takes_the_mean()


@functools.cache
def _keras_takes_the_mean() -> bool:
    """Whether an activity loss is that of a mean example, as in TF1; not so in older Keras 3."""
    # A TF1 graph, which this may be asked in, is what `tf.init_scope` opens there.
    with tf.init_scope(), context.eager_mode(), VariableStore().as_default():
        layer = tf.keras.layers.Activation("linear", activity_regularizer=tf.reduce_sum)
        layer(tf.ones([2, 1]))
        return float(layer.losses[0]) == 1.0


def _mean(regularizer: Regularizer | str) -> Regularizer:
    """An activity regularizer, over the size of the batch."""
    total = tf.keras.regularizers.get(regularizer)

    def mean(outputs: TensorLike) -> Any:
        loss = total(outputs)
        return loss / tf.cast(tf.shape(outputs)[0], loss.dtype)

    return mean


def _taking_tensor_shapes(build: Any) -> Any:
    """Give a `build` what TF1 gave it, a `tf.TensorShape`; Keras 3 has tuples."""

    @functools.wraps(build)
    def build_of_tf1(layer: Any, *shapes: Any, **named: Any) -> Any:
        # Keras 3 gives the shape by name, whatever the layer's author called it.
        named = {name: _tensor_shapes(shape) for name, shape in named.items()}
        return build(layer, *map(_tensor_shapes, shapes), **named)

    return build_of_tf1


def _giving_tensor_shapes(compute: Any) -> Any:
    """Give who asks Keras's `compute_output_shape` as TF1's what TF1 gave, a `tf.TensorShape`.

    Keras 3 itself asks by tuples, and has sizes where TF1's behaviour has dimensions.
    """

    @functools.wraps(compute)
    def compute_output_shape(layer: Any, input_shape: Any) -> Any:
        if not isinstance(input_shape, tf.TensorShape | list):
            return compute(layer, input_shape)
        sizes = tf.TensorShape(input_shape)
        if sizes.rank is None:
            return compute(layer, input_shape)
        return tf.TensorShape(compute(layer, tuple(sizes.as_list())))

    return compute_output_shape


def _tensor_shapes(shape: Any) -> Any:
    if isinstance(shape, dict):
        return {key: _tensor_shapes(part) for key, part in shape.items()}
    if isinstance(shape, list | tuple) and any(map(_is_shape, shape)):
        return [_tensor_shapes(part) for part in shape]
    return tf.TensorShape(shape)


def _is_shape(value: object) -> bool:
    return isinstance(value, list | tuple | tf.TensorShape)


def captured_scope(scope: str | VariableScope | None) -> VariableScope | None:
    """The scope of a layer that is told its scope when it is made."""
    return None if scope is None else layer_scope.captured(scope)


def _keras_name(name: Name | None) -> str | None:
    """A name that Keras 3 accepts, which has no slash; TF1's is that of the scope."""
    text = _text_of(name)
    return text.replace("/", "_") if text else None


def _text_of(name: Name | None) -> str | None:
    """A name as text, also where it is that of a scope."""
    return name if name is None or isinstance(name, str) else name.name


def snake_case(name: str) -> str:
    """The base name of an unnamed layer, from that of its class: `Conv2D` is `conv2d`."""
    name = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    return f"private{name}" if name.startswith("_") else name


def _names_of_arguments(call: Callable[..., Any]) -> list[str]:
    """What a function's arguments are called; of a decorator that takes any, those it wraps has."""
    own = inspect.signature(call, follow_wrapped=False)
    takes_any = any(p.kind is p.VAR_POSITIONAL for p in own.parameters.values())
    return list((inspect.signature(call) if takes_any else own).parameters)


def _as_tensor(value: TensorLike) -> TensorLike:
    """An array as a tensor of its own dtype: TF1's layers took the dtype of their input."""
    return tf.convert_to_tensor(value) if type(value).__module__ == "numpy" else value


def _dtype_of(inputs: TensorLike) -> str:
    first = next(iter(tf.nest.flatten(inputs)), None)
    dtype = getattr(first, "dtype", None)
    return cast(str, tf.keras.backend.floatx() if dtype is None else tf.as_dtype(dtype).name)
