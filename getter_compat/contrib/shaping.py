"""The functions of `tf.contrib.layers` without variables, and those that repeat a layer.

The rules are those of `contrib/layers/python/layers/layers.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, SupportsInt

import tensorflow as tf

from getter_compat import layers
from getter_compat.contrib.applying import apply
from getter_compat.contrib.arg_scopes import add_arg_scope
from getter_compat.contrib.common import (
    CollectionNames,
    Scope,
    as_tensor,
    channels,
    check_format,
)
from getter_compat.contrib.outputs import collect_named_outputs
from getter_compat.contrib.variables import layer_getter
from getter_compat.layers import computations
from getter_compat.runtime.scopes import child_name, get_variable_scope, getter_scope
from getter_compat.typing import Shape, Sizes, TensorLike


@add_arg_scope
def avg_pool2d(
    inputs: TensorLike,
    kernel_size: Sizes,
    stride: Sizes = 2,
    padding: str = "VALID",
    data_format: str = "NHWC",
    outputs_collections: CollectionNames = None,
    scope: str | None = None,
) -> TensorLike:
    """Means over windows of an image.

    Args:
        inputs: A tensor of four axes.
        kernel_size: The size of the window: a number, or one for each dimension.
        stride: How far the window moves.
        padding: `"VALID"` or `"SAME"`.
        data_format: `"NHWC"` or `"NCHW"`.
        outputs_collections: The names of collections that the outputs join.
        scope: The name of the outputs in those.

    Returns:
        The outputs.

    Raises:
        ValueError: If the data format is another one.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> contrib.avg_pool2d(tf.ones([1, 4, 4, 3]), 2).shape.as_list()
        [1, 2, 2, 3]
    """
    check_format(data_format, "NCHW", "NHWC")
    window = kernel_size, stride, padding, data_format
    return _pool(
        computations.AveragePooling2D, "AvgPool2D", inputs, window, outputs_collections, scope
    )


@add_arg_scope
def avg_pool3d(
    inputs: TensorLike,
    kernel_size: Sizes,
    stride: Sizes = 2,
    padding: str = "VALID",
    data_format: str = "NDHWC",
    outputs_collections: CollectionNames = None,
    scope: str | None = None,
) -> TensorLike:
    """Means over windows of a volume.

    Arguments, result and errors are those of `avg_pool2d`, with `NDHWC` and `NCDHW`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> contrib.avg_pool3d(tf.ones([1, 4, 4, 4, 3]), 2).shape.as_list()
        [1, 2, 2, 2, 3]
    """
    check_format(data_format, "NCDHW", "NDHWC")
    window = kernel_size, stride, padding, data_format
    return _pool(
        computations.AveragePooling3D, "AvgPool3D", inputs, window, outputs_collections, scope
    )


@add_arg_scope
def max_pool2d(
    inputs: TensorLike,
    kernel_size: Sizes,
    stride: Sizes = 2,
    padding: str = "VALID",
    data_format: str = "NHWC",
    outputs_collections: CollectionNames = None,
    scope: str | None = None,
) -> TensorLike:
    """Maxima over windows of an image.

    Arguments, result and errors are those of `avg_pool2d`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> contrib.max_pool2d(tf.ones([1, 4, 4, 3]), 2).shape.as_list()
        [1, 2, 2, 3]
    """
    check_format(data_format, "NCHW", "NHWC")
    window = kernel_size, stride, padding, data_format
    return _pool(computations.MaxPooling2D, "MaxPool2D", inputs, window, outputs_collections, scope)


@add_arg_scope
def max_pool3d(
    inputs: TensorLike,
    kernel_size: Sizes,
    stride: Sizes = 2,
    padding: str = "VALID",
    data_format: str = "NDHWC",
    outputs_collections: CollectionNames = None,
    scope: str | None = None,
) -> TensorLike:
    """Maxima over windows of a volume.

    Arguments, result and errors are those of `avg_pool2d`, with `NDHWC` and `NCDHW`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> contrib.max_pool3d(tf.ones([1, 4, 4, 4, 3]), 2).shape.as_list()
        [1, 2, 2, 2, 3]
    """
    check_format(data_format, "NCDHW", "NDHWC")
    window = kernel_size, stride, padding, data_format
    return _pool(computations.MaxPooling3D, "MaxPool3D", inputs, window, outputs_collections, scope)


@add_arg_scope
def dropout(
    inputs: TensorLike,
    keep_prob: TensorLike = 0.5,
    noise_shape: Shape | None = None,
    is_training: bool | TensorLike = True,
    outputs_collections: CollectionNames = None,
    scope: Scope = None,
    seed: int | None = None,
) -> TensorLike:
    """Zeros at random places while training; the rest is scaled up by `1 / keep_prob`.

    Args:
        inputs: A tensor.
        keep_prob: The probability that an element is kept: a number or a tensor.
        noise_shape: The shape of what is drawn; by default that of the inputs.
        is_training: Whether to drop at all: a bool, or a tensor.
        outputs_collections: The names of collections that the outputs join.
        scope: The name of the scope; by default `Dropout`, numbered.
        seed: A seed for what is drawn.

    Returns:
        The outputs.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> contrib.dropout(tf.ones([2]), 0.9, is_training=False).numpy().tolist()
        [1.0, 1.0]
    """
    with getter_scope(scope, "Dropout", custom_getter=layer_getter()) as sc:
        outputs = apply(
            computations.Dropout,
            inputs,
            sc,
            training=is_training,
            rate=1 - keep_prob,
            noise_shape=noise_shape,
            seed=seed,
        )
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def flatten(
    inputs: TensorLike, outputs_collections: CollectionNames = None, scope: str | None = None
) -> TensorLike:
    """All axes but the first made one.

    Args:
        inputs: A tensor of two axes or more.
        outputs_collections: The names of collections that the outputs join.
        scope: The name of the outputs in those.

    Returns:
        A tensor of two axes.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> contrib.flatten(tf.ones([2, 3, 4])).shape.as_list()
        [2, 12]
    """
    with _op_scope(scope, "Flatten") as (_, name):
        return collect_named_outputs(outputs_collections, name, layers.flatten(as_tensor(inputs)))


@add_arg_scope
def one_hot_encoding(
    labels: TensorLike,
    num_classes: SupportsInt,
    on_value: TensorLike = 1.0,
    off_value: TensorLike = 0.0,
    outputs_collections: CollectionNames = None,
    scope: str | None = None,
) -> TensorLike:
    """A vector for each label that is 1 at its place.

    Args:
        labels: A tensor of integers.
        num_classes: The size of the vectors.
        on_value: What stands at the place of the label.
        off_value: What stands elsewhere.
        outputs_collections: The names of collections that the outputs join.
        scope: The name of the outputs in those.

    Returns:
        A tensor with one axis more than the labels.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.one_hot_encoding([2, 0], 3).numpy().tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    with _op_scope(scope, "OneHotEncoding") as (_, name):
        outputs = tf.one_hot(as_tensor(labels), num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, name, outputs)


@add_arg_scope
def softmax(logits: TensorLike, scope: Scope = None) -> TensorLike:
    """Softmax over the last axis.

    Args:
        logits: A tensor of two axes or more.
        scope: The name of the scope; by default `softmax`, numbered.

    Returns:
        A tensor of the same shape.

    Raises:
        ValueError: If the tensor has fewer axes, or the size of the last one is unknown.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.softmax([[0.0, 0.0]]).numpy().tolist()
        [[0.5, 0.5]]
    """
    with getter_scope(scope, "softmax"):
        logits = as_tensor(logits)
        size = last_dimension(logits.shape, min_rank=2)
        rows = tf.nn.softmax(tf.reshape(logits, [-1, size]))
        outputs = tf.reshape(rows, tf.shape(logits))
        outputs.set_shape(logits.shape)
        return outputs


def last_dimension(shape: Shape | None, min_rank: int = 1) -> int:
    """The size of the last axis.

    Args:
        shape: A `tf.TensorShape`.
        min_rank: How many axes there must be.

    Returns:
        The size.

    Raises:
        ValueError: If the rank or the size is unknown, or there are fewer axes.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> contrib.last_dimension(tf.ones([2, 3]).shape)
        3
    """
    known = tf.TensorShape(shape)
    if known.rank is None:
        raise ValueError("dims of shape must be known but is None")
    if known.rank < min_rank:
        raise ValueError(f"rank of shape must be at least {min_rank} not: {known.rank}")
    size = known.as_list()[-1]
    if size is None:
        raise ValueError(f"dimension -1 of shape must be known but is None: {known}")
    return int(size)


@add_arg_scope
def unit_norm(
    inputs: TensorLike, dim: int, epsilon: float = 1e-7, scope: Scope = None
) -> TensorLike:
    """The inputs over their length along an axis.

    Args:
        inputs: A tensor.
        dim: The axis, counted from the front.
        epsilon: What is added to the square of the length.
        scope: The name of the scope; by default `UnitNorm`, numbered.

    Returns:
        A tensor of the same shape.

    Raises:
        ValueError: If the tensor has no such axis.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.unit_norm([[0.0, 4.0]], 1).numpy().round(2).tolist()
        [[0.0, 1.0]]
    """
    with getter_scope(scope, "UnitNorm"):
        inputs = as_tensor(inputs)
        if not inputs.shape:
            raise ValueError("The input rank must be known.")
        if dim < 0 or dim >= inputs.shape.rank:
            raise ValueError("dim must be positive but smaller than the input rank.")
        return inputs / tf.sqrt(epsilon + tf.reduce_sum(tf.square(inputs), dim, keepdims=True))


@add_arg_scope
def maxout(inputs: TensorLike, num_units: int, axis: int = -1, scope: Scope = None) -> TensorLike:
    """The maxima of groups of channels.

    Args:
        inputs: A tensor.
        num_units: The number of groups.
        axis: The axis of the channels.
        scope: The name of the scope; by default `MaxOut`, numbered.

    Returns:
        A tensor whose axis has the size `num_units`.

    Raises:
        ValueError: If the number of channels is not a multiple of `num_units`.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.maxout([[1.0, 2.0, 3.0, 4.0]], 2).numpy().tolist()
        [[2.0, 4.0]]
    """
    with getter_scope(scope, "MaxOut"):
        inputs = as_tensor(inputs)
        shape = inputs.shape.as_list()
        size = shape[axis]
        if size % num_units:
            raise ValueError(
                f"number of features({size}) is not a multiple of num_units({num_units})"
            )
        shape[axis] = num_units
        dynamic = tf.shape(inputs)
        known = [dynamic[i] if n is None else n for i, n in enumerate(shape)]
        return tf.reduce_max(tf.reshape(inputs, [*known, size // num_units]), -1)


def repeat(
    inputs: TensorLike, repetitions: int, layer: Callable[..., Any], *args: Any, **kwargs: Any
) -> TensorLike:
    """A layer applied again and again, each time with variables of its own.

    Args:
        inputs: A tensor.
        repetitions: How often.
        layer: A function of the inputs, the other arguments and a `scope`.
        *args: Further arguments of the layer.
        **kwargs: Further arguments of the layer; `scope` is the scope around all, by default
            `Repeat`, numbered. Layers are `scope_1`, `scope_2`, or have the function's name.

    Returns:
        The outputs of the last layer.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     _ = contrib.repeat(tf.ones([1, 2]), 2, contrib.linear, 2, scope="fc")
        ...     print([name for name in store.variables if "weights" in name])
        ['fc/fc_1/weights', 'fc/fc_2/weights']
    """
    each: list[Sequence[Any]] = [args] * repetitions
    return _one_after_another(inputs, layer, each, kwargs, "Repeat")


def stack(inputs: TensorLike, layer: Callable[..., Any], stack_args: Any, **kwargs: Any) -> Any:
    """A layer applied once for each of some arguments.

    Args:
        inputs: A tensor.
        layer: A function of the inputs, those arguments and a `scope`.
        stack_args: A list or tuple of arguments, or of lists of them, for each layer.
        **kwargs: Further arguments of the layer; `scope` is the scope around all, by default
            `Stack`, numbered. Layers are `scope_1`, `scope_2`, or have the function's name.

    Returns:
        The outputs of the last layer.

    Raises:
        ValueError: If `stack_args` is neither a list nor a tuple.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     x = contrib.stack(tf.ones([1, 2]), contrib.fully_connected, [3, 4], scope="fc")
        ...     print(x.shape, [name for name in store.variables if "weights" in name])
        (1, 4) ['fc/fc_1/weights', 'fc/fc_2/weights']
    """
    if not isinstance(stack_args, list | tuple):
        raise ValueError(f"stack_args need to be a list or tuple, found {stack_args!r}")
    each = [args if isinstance(args, list | tuple) else [args] for args in stack_args]
    return _one_after_another(inputs, layer, each, kwargs, "Stack")


def _one_after_another(
    inputs: TensorLike,
    layer: Callable[..., Any],
    each: Sequence[Sequence[Any]],
    kwargs: dict[str, Any],
    default_name: str,
) -> TensorLike:
    scope = kwargs.pop("scope", None)
    with getter_scope(scope, default_name):
        outputs = as_tensor(inputs)
        name = _name_of(layer, default_name.lower()) if scope is None else scope
        for number, args in enumerate(each, 1):
            outputs = layer(outputs, *args, **{**kwargs, "scope": name + f"_{number}"})
        return outputs


def _name_of(layer: Any, default: str) -> str:
    """The name of a function, or of the one in a partial."""
    for function in (layer, getattr(layer, "func", None)):
        name = getattr(function, "__name__", None)
        if name is not None:
            return str(name)
    return default


def _pool(
    kind: type[computations.Computation],
    default_name: str,
    inputs: TensorLike,
    window: tuple[Any, Any, str, str],
    outputs_collections: Any,
    scope: str | None,
) -> TensorLike:
    size, stride, padding, data_format = window
    with _op_scope(scope, default_name) as (op_scope, name):
        outputs = apply(
            kind,
            inputs,
            op_scope,
            pool_size=size,
            strides=stride,
            padding=padding,
            data_format=channels(data_format),
        )
        return collect_named_outputs(outputs_collections, name, outputs)


@contextmanager
def _op_scope(scope: str | None, default_name: str) -> Iterator[tuple[str, str]]:
    """Open an operation name scope: its name, and that below the variable scope, as of outputs.

    These functions opened no variable scope in TF1, so that their names are not numbered in it.
    """
    own_name = scope or default_name
    with tf.name_scope(own_name) as name:
        yield name, child_name(get_variable_scope(), own_name)
