"""Calling a layer with other weights: `functional_call`, and the helpers of the original answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

from getter_compat.runtime import adapters
from getter_compat.runtime.adapters import Layer, Weight
from getter_compat.runtime.scopes import AUTO_REUSE, VariableScope, get_variable_scope, getter_scope
from getter_compat.runtime.store import get_variable
from getter_compat.typing import Getter, NextGetter, Structure, TensorLike


def functional_call(
    layer: Layer, getter_or_mapping: Getter | Mapping[str, TensorLike], *args: Any, **kwargs: Any
) -> Structure:
    """Call a built Keras layer or model with some of its weights replaced.

    The call is differentiable in what the weights are replaced by, to any order. Weights that a
    layer updates itself (batch-norm statistics, seeds) are updated unless they were replaced.

    What stands in for a variable is a tensor: a scope's getter or a model function that asks for
    the variable gets no `tf.Variable` in this call, and cannot assign it. A layer's attribute is
    still a `keras.Variable` on Keras 3; on `tf_keras` it reads as a tensor. Other threads may call
    the layer meanwhile, with its own weights or with others.

    Args:
        layer: A built layer or model; it need not have been built under a scope.
        getter_or_mapping: Tensors by weight name, or a custom getter `(getter, name, **kwargs)`
            that is asked for every weight and whose `getter` gives the weight's own variable. What
            it asks for by another name and a shape, such as a mask, is a variable of the store in
            use, made in the first call and found again in the next; what it makes by `tf.Variable`
            is a new one in each call. A name is a weight's path in the layer (`dense/kernel`) or
            its TF1 name, with or without the `:0` that `v.name` has.
        *args: Arguments of the call.
        **kwargs: Keyword arguments of the call.

    Returns:
        What the layer returns.

    Raises:
        ValueError: If the layer is not built, if a name is not that of one of its weights, or if a
            replacement has another shape or dtype; the message lists what there is.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import functional_call
        >>> layer = tf.keras.layers.Dense(1, name="dense")
        >>> _ = layer(tf.ones([1, 3]))
        >>> fast = {"dense/kernel": tf.ones([3, 1]), "dense/bias": tf.ones([1])}
        >>> functional_call(layer, fast, tf.ones([1, 3])).numpy()
        array([[4.]], dtype=float32)
    """
    adapter = adapters.of(layer)
    weights = adapter.weights_by_name(layer)
    if not layer.built or not weights:
        raise ValueError(
            f"functional_call: layer {layer.name!r} has no weights to replace. "
            "If it is not built yet, call it once on an input of the right shape first."
        )
    if callable(getter_or_mapping):
        replaced = _ask_for_all(layer, weights, getter_or_mapping)
    else:
        replaced = _look_up(layer, weights, getter_or_mapping)
    return adapter.call_with(layer, replaced, args, kwargs)


_Replaced = list[tuple[Weight, tf.Tensor]]  # a weight of the adapter's Keras, and its stand-in


def _look_up(
    layer: Layer, weights: Mapping[str, Weight], values: Mapping[str, TensorLike]
) -> _Replaced:
    values = {name if name in weights else name.removesuffix(":0"): v for name, v in values.items()}
    unknown = [name for name in values if name not in weights]
    if unknown:
        raise ValueError(_unknown(layer, weights, unknown))
    return [(weights[name], _checked(name, weights[name], v)) for name, v in values.items()]


def _ask_for_all(layer: Layer, weights: Mapping[str, Weight], getter: Getter) -> _Replaced:
    """Ask a custom getter for every weight; what it returns unchanged is not replaced."""

    def own(name: str, *args: Any, **kwargs: Any) -> Any:
        if name in weights:
            weight = weights[name]
            return weight.value if hasattr(weight, "path") else weight  # a getter gets variables
        if not args and "shape" not in kwargs:
            raise ValueError(_unknown(layer, weights, [name]))
        return _made_by_getter(name, *args, **kwargs)

    replaced = []
    names = {id(weight): name for name, weight in weights.items()}  # one name for each weight
    for name in names.values():
        weight = weights[name]
        value = getter(
            getter=own,
            name=name,
            shape=tuple(weight.shape),
            dtype=tf.as_dtype(weight.dtype),
            trainable=weight.trainable,
        )
        if value is not own(name):
            replaced.append((weight, _checked(name, weight, value)))
    return replaced


def _made_by_getter(name: str, *args: Any, **kwargs: Any) -> TensorLike:
    """A variable that a getter has beside a weight, as a mask: made once, in the store in use."""
    root = VariableScope(AUTO_REUSE)  # without the getters of the scope that is open here
    with getter_scope(root, auxiliary_name_scope=False):
        return get_variable(name, *args, **kwargs)


def _unknown(layer: Layer, weights: Mapping[str, Weight], names: list[str]) -> str:
    return (
        f"functional_call: layer {layer.name!r} has no weight named "
        f"{', '.join(map(repr, names))}. It has: {', '.join(weights)}."
    )


def _checked(name: str, weight: Weight, value: TensorLike) -> tf.Tensor:
    """A stand-in as a tensor, of the weight's shape and dtype."""
    tensor = tf.convert_to_tensor(value)
    dtype = tf.as_dtype(weight.dtype).base_dtype  # of a reference variable, without the reference
    if not tensor.shape.is_compatible_with(weight.shape) or tensor.dtype != dtype:
        raise ValueError(
            f"The weight {name} has shape {tuple(weight.shape)} and dtype {dtype.name}; "
            f"its replacement has {tuple(tensor.shape)} and {tensor.dtype.name}."
        )
    return tensor


@contextmanager
def custom_make_variable(
    canonical_custom_variables: Mapping[str, tf.Tensor], outer_scope: str
) -> Iterator[None]:
    """Use given tensors as the weights of the layers built in the block.

    The weight of a layer is looked up by its canonical name, `outer_scope/.../name`. A tensor that
    is found is checked and used; otherwise the variable is created.

    Args:
        canonical_custom_variables: Tensors by canonical name.
        outer_scope: The scope that canonical names begin with; entered, unless the block is in it.

    Raises:
        ValueError: While a layer is built, if the tensor for a weight has another shape or dtype.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import custom_make_variable
        >>> weights = {"model/dense/kernel": tf.ones([3, 2]), "model/dense/bias": tf.zeros([2])}
        >>> with custom_make_variable(weights, outer_scope="model"):
        ...     layer = tf.keras.layers.Dense(2)
        ...     _ = layer(tf.ones([1, 3]))
        >>> layer.variables[0] is weights["model/dense/kernel"]
        True
    """

    def custom_getter(getter: NextGetter, name: str, **kwargs: Any) -> Any:
        canonical = canonical_variable_name(name, outer_scope)
        if canonical not in canonical_custom_variables:
            return getter(name, **kwargs)
        value = canonical_custom_variables[canonical]
        shape, dtype = tf.TensorShape(kwargs["shape"]), tf.as_dtype(kwargs["dtype"])
        if not shape.is_compatible_with(value.shape) or value.dtype != dtype:
            raise ValueError(
                f"The custom variable {canonical} has shape {tuple(value.shape)} and dtype "
                f"{value.dtype.name}; the layer asks for {tuple(shape)} and {dtype.name}."
            )
        return value

    here = get_variable_scope()
    scope = here if _position(here.name.split("/"), outer_scope) is not None else outer_scope
    with getter_scope(scope, custom_getter=custom_getter):
        yield


def canonical_variable_name(variable_name: str, outer_scope: str) -> str:
    """Return a variable's name from a scope on: `outer_scope/.../name`.

    Args:
        variable_name: A full name, with or without `:0`.
        outer_scope: The scope to begin with.

    Raises:
        ValueError: If the variable is not under the scope.

    Examples:
        >>> from getter_compat import canonical_variable_name
        >>> canonical_variable_name("train/model/dense/kernel:0", "model")
        'model/dense/kernel'
    """
    path = variable_name.split(":")[0].split("/")
    start = _position(path[:-1], outer_scope)
    if start is None:
        raise ValueError(f"The variable {variable_name} is not under the scope {outer_scope!r}.")
    return "/".join(path[start:])


def _position(path: list[str], scope: str) -> int | None:
    """Where the components of `scope` first stand in a path."""
    parts = scope.split("/")
    for start in range(len(path) - len(parts) + 1):
        if path[start : start + len(parts)] == parts:
            return start
    return None
