"""The layers of `tf.contrib.layers`: those of `tf.layers` under contrib's names and defaults.

As TF1 did, a function opens a variable scope whose innermost getter calls the kernel `weights` and
the bias `biases`, runs the layer of `tf.layers` in it, and then the normalizer and the activation.
The rules are those of `contrib/layers/python/layers/layers.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, SupportsInt

import tensorflow as tf

from getter_compat.contrib.applying import apply
from getter_compat.contrib.arg_scopes import add_arg_scope
from getter_compat.contrib.common import (
    ZEROS,
    CollectionNames,
    Collections,
    Function,
    Scope,
    as_tensor,
    channels,
    check_format,
    refuse_symbolic,
)
from getter_compat.contrib.outputs import collect_named_outputs
from getter_compat.contrib.variables import get_variable_collections, layer_getter, weight
from getter_compat.layers import computations
from getter_compat.runtime.scopes import getter_scope
from getter_compat.typing import Initializer, Regularizer, Reuse, Sizes, TensorLike

# A new draw at every call, as in TF1: an object of Keras 3 gives every weight the same numbers.
XAVIER = tf.compat.v1.glorot_uniform_initializer()

_RENAMED = {"kernel": "weights", "bias": "biases"}
_RENAMED_SEPARABLE = {
    "depthwise_kernel": "depthwise_weights",
    "pointwise_kernel": "pointwise_weights",
    "bias": "biases",
}
_CONVOLUTIONS = {3: computations.Conv1D, 4: computations.Conv2D, 5: computations.Conv3D}
_FORMATS = (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW")


@add_arg_scope
def fully_connected(
    inputs: TensorLike,
    num_outputs: int,
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
) -> TensorLike:
    """Fully connected layer: `activation_fn(inputs @ weights + biases)`.

    Args:
        inputs: A tensor of two axes or more; the last one is contracted.
        num_outputs: The size of the last axis of the outputs.
        activation_fn: What is applied to the outputs, or `None`.
        normalizer_fn: What is applied before that, in place of biases, such as `batch_norm`.
        normalizer_params: The keywords of `normalizer_fn`.
        weights_initializer: The initializer of the weights; `None` for the scope's.
        weights_regularizer: A function of the weights; its value is a regularization loss.
        biases_initializer: The initializer of the biases; `None` for no biases.
        biases_regularizer: A function of the biases; its value is a regularization loss.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the variables join, or a dict of them
            for each of `weights` and `biases`.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether the variables are trainable.
        scope: The name of the layer's scope, or the scope; by default `fully_connected`, numbered.

    Returns:
        The outputs.

    Raises:
        ValueError: If `num_outputs` is no integer, or as `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     print(contrib.fully_connected(tf.ones([2, 3]), 4).shape, list(store.variables))
        (2, 4) ['fully_connected/weights', 'fully_connected/biases']
    """
    if not isinstance(num_outputs, int):
        raise ValueError(
            f"num_outputs type should be one of {[int]}, got {type(num_outputs)}: "
            f"{num_outputs!r}. Convert it by int()."
        )
    getter = layer_getter(_RENAMED)
    with getter_scope(scope, "fully_connected", reuse=reuse, custom_getter=getter) as sc:
        outputs = apply(
            computations.Dense,
            inputs,
            sc,
            reuse,
            units=num_outputs,
            trainable=trainable,
            use_bias=_has_biases(normalizer_fn, biases_initializer),
            variables_collections=variables_collections,
            **_affine(
                weights_initializer, weights_regularizer, biases_initializer, biases_regularizer
            ),
        )
        outputs = _activated(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


elu = functools.partial(fully_connected, activation_fn=tf.nn.elu)
relu = functools.partial(fully_connected, activation_fn=tf.nn.relu)
relu6 = functools.partial(fully_connected, activation_fn=tf.nn.relu6)
linear = functools.partial(fully_connected, activation_fn=None)


@add_arg_scope
def convolution(
    inputs: TensorLike,
    num_outputs: SupportsInt,
    kernel_size: Sizes,
    stride: Sizes = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Sizes = 1,
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
    conv_dims: int | None = None,
) -> TensorLike:
    """Convolution in one, two or three dimensions, by the rank of the inputs.

    Args:
        inputs: A tensor of three to five axes.
        num_outputs: The number of filters.
        kernel_size: The size of the window: a number, or one for each dimension.
        stride: How far the window moves.
        padding: `"SAME"` or `"VALID"`.
        data_format: `"NCHW"` and the like for channels first; `None` or `"NHWC"` for last.
        rate: How far the places of the window are apart.
        activation_fn: What is applied to the outputs, or `None`.
        normalizer_fn: What is applied before that, in place of biases, such as `batch_norm`.
        normalizer_params: The keywords of `normalizer_fn`.
        weights_initializer: The initializer of the weights; `None` for the scope's.
        weights_regularizer: A function of the weights; its value is a regularization loss.
        biases_initializer: The initializer of the biases; `None` for no biases.
        biases_regularizer: A function of the biases; its value is a regularization loss.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the variables join, or a dict of them
            for each of `weights` and `biases`.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether the variables are trainable.
        scope: The name of the layer's scope, or the scope; by default `Conv`, numbered.
        conv_dims: The number of dimensions that the inputs must have.

    Returns:
        The outputs.

    Raises:
        ValueError: If the inputs have another rank, the data format is unknown, or as
            `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     print(contrib.conv2d(tf.ones([1, 5, 5, 3]), 4, 3).shape, list(store.variables))
        (1, 5, 5, 4) ['Conv/weights', 'Conv/biases']
    """
    if data_format not in _FORMATS:
        raise ValueError(f"Invalid data_format: {data_format!r}. Give one of {_FORMATS}.")
    getter = layer_getter(_RENAMED)
    with getter_scope(scope, "Conv", reuse=reuse, custom_getter=getter) as sc:
        inputs = as_tensor(inputs)
        rank = inputs.shape.rank
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(
                f"Convolution expects input with rank {conv_dims + 2}, got {rank} (scope {sc.name})"
            )
        if rank not in _CONVOLUTIONS:
            raise ValueError("Convolution not supported for input with rank", rank)
        outputs = apply(
            _CONVOLUTIONS[rank],
            inputs,
            sc,
            reuse,
            filters=num_outputs,
            kernel_size=kernel_size,
            strides=stride,
            padding=padding,
            data_format=channels(data_format),
            dilation_rate=rate,
            trainable=trainable,
            use_bias=_has_biases(normalizer_fn, biases_initializer),
            variables_collections=variables_collections,
            **_affine(
                weights_initializer, weights_regularizer, biases_initializer, biases_regularizer
            ),
        )
        outputs = _activated(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def convolution1d(
    inputs: TensorLike,
    num_outputs: SupportsInt,
    kernel_size: Sizes,
    stride: Sizes = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Sizes = 1,
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
) -> TensorLike:
    """Convolution over sequences.

    Arguments, result and errors are those of `convolution`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     print(contrib.convolution1d(tf.ones([1, 5, 3]), 4, 3).shape)
        (1, 5, 4)
    """
    return convolution(
        inputs,
        num_outputs,
        kernel_size,
        stride,
        padding,
        data_format,
        rate,
        activation_fn,
        normalizer_fn,
        normalizer_params,
        weights_initializer,
        weights_regularizer,
        biases_initializer,
        biases_regularizer,
        reuse,
        variables_collections,
        outputs_collections,
        trainable,
        scope,
        conv_dims=1,
    )


@add_arg_scope
def convolution2d(
    inputs: TensorLike,
    num_outputs: SupportsInt,
    kernel_size: Sizes,
    stride: Sizes = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Sizes = 1,
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
) -> TensorLike:
    """Convolution over images.

    Arguments, result and errors are those of `convolution`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     print(contrib.convolution2d(tf.ones([1, 5, 5, 3]), 4, 3).shape)
        (1, 5, 5, 4)
    """
    return convolution(
        inputs,
        num_outputs,
        kernel_size,
        stride,
        padding,
        data_format,
        rate,
        activation_fn,
        normalizer_fn,
        normalizer_params,
        weights_initializer,
        weights_regularizer,
        biases_initializer,
        biases_regularizer,
        reuse,
        variables_collections,
        outputs_collections,
        trainable,
        scope,
        conv_dims=2,
    )


@add_arg_scope
def convolution3d(
    inputs: TensorLike,
    num_outputs: SupportsInt,
    kernel_size: Sizes,
    stride: Sizes = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Sizes = 1,
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
) -> TensorLike:
    """Convolution over volumes.

    Arguments, result and errors are those of `convolution`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     print(contrib.convolution3d(tf.ones([1, 5, 5, 5, 3]), 4, 3).shape)
        (1, 5, 5, 5, 4)
    """
    return convolution(
        inputs,
        num_outputs,
        kernel_size,
        stride,
        padding,
        data_format,
        rate,
        activation_fn,
        normalizer_fn,
        normalizer_params,
        weights_initializer,
        weights_regularizer,
        biases_initializer,
        biases_regularizer,
        reuse,
        variables_collections,
        outputs_collections,
        trainable,
        scope,
        conv_dims=3,
    )


@add_arg_scope
def convolution2d_transpose(
    inputs: TensorLike,
    num_outputs: SupportsInt,
    kernel_size: Sizes,
    stride: Sizes = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
) -> TensorLike:
    """Transposed convolution: the gradient of one over images, as a layer.

    Arguments, result and errors are those of `convolution`; the scope is `Conv2d_transpose` by
    default, and there is no `rate`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     image = tf.ones([1, 5, 5, 3])
        ...     print(contrib.conv2d_transpose(image, 4, 3, stride=2).shape)
        (1, 10, 10, 4)
    """
    getter = layer_getter(_RENAMED)
    with getter_scope(scope, "Conv2d_transpose", reuse=reuse, custom_getter=getter) as sc:
        check_format(data_format, "NCHW", "NHWC")
        outputs = apply(
            computations.Conv2DTranspose,
            inputs,
            sc,
            reuse,
            filters=num_outputs,
            kernel_size=kernel_size,
            strides=stride,
            padding=padding,
            data_format=channels(data_format),
            trainable=trainable,
            use_bias=_has_biases(normalizer_fn, biases_initializer),
            variables_collections=variables_collections,
            **_affine(
                weights_initializer, weights_regularizer, biases_initializer, biases_regularizer
            ),
        )
        outputs = _activated(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def convolution3d_transpose(
    inputs: TensorLike,
    num_outputs: SupportsInt,
    kernel_size: Sizes,
    stride: Sizes = 1,
    padding: str = "SAME",
    data_format: str = "NDHWC",
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
) -> TensorLike:
    """Transposed convolution: the gradient of one over volumes, as a layer.

    Arguments, result and errors are those of `convolution`; the scope is `Conv3d_transpose` by
    default, and there is no `rate`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     volume = tf.ones([1, 5, 5, 5, 3])
        ...     print(contrib.conv3d_transpose(volume, 4, 3, stride=2).shape)
        (1, 10, 10, 10, 4)
    """
    getter = layer_getter(_RENAMED)
    with getter_scope(scope, "Conv3d_transpose", reuse=reuse, custom_getter=getter) as sc:
        check_format(data_format, "NCDHW", "NDHWC")
        outputs = apply(
            computations.Conv3DTranspose,
            inputs,
            sc,
            reuse,
            filters=num_outputs,
            kernel_size=kernel_size,
            strides=stride,
            padding=padding,
            data_format=channels(data_format),
            trainable=trainable,
            use_bias=_has_biases(normalizer_fn, biases_initializer),
            variables_collections=variables_collections,
            **_affine(
                weights_initializer, weights_regularizer, biases_initializer, biases_regularizer
            ),
        )
        outputs = _activated(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def separable_convolution2d(
    inputs: TensorLike,
    num_outputs: SupportsInt | None,
    kernel_size: Sizes,
    depth_multiplier: int = 1,
    stride: Sizes = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
    rate: Sizes = 1,
    activation_fn: Function = tf.nn.relu,
    normalizer_fn: Function = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Initializer | None = XAVIER,
    pointwise_initializer: Initializer | None = None,
    weights_regularizer: Regularizer | None = None,
    biases_initializer: Initializer | None = ZEROS,
    biases_regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
) -> TensorLike:
    """Convolution of each channel of an image, then one across channels.

    Arguments, result and errors are those of `convolution`, and these.

    Args:
        inputs: A tensor of four axes.
        num_outputs: The number of filters; `None` to leave the second convolution out.
        kernel_size: The size of the window.
        depth_multiplier: How many outputs the first convolution has for each channel.
        stride: How far the window moves.
        padding: `"SAME"` or `"VALID"`.
        data_format: `"NHWC"` or `"NCHW"`.
        rate: How far the places of the window are apart.
        activation_fn: What is applied to the outputs, or `None`.
        normalizer_fn: What is applied before that, in place of biases.
        normalizer_params: The keywords of `normalizer_fn`.
        weights_initializer: The initializer of the depthwise weights.
        pointwise_initializer: That of the pointwise weights; by default the same.
        weights_regularizer: A function of either weights.
        biases_initializer: The initializer of the biases; `None` for no biases.
        biases_regularizer: A function of the biases.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the variables join, or a dict of them.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether the variables are trainable.
        scope: The name of the layer's scope; by default `SeparableConv2d`, numbered.

    Returns:
        The outputs.

    Raises:
        ValueError: If the data format is unknown, or as `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     print(contrib.separable_conv2d(tf.ones([1, 5, 5, 3]), 4, 3).shape)
        ...     print(contrib.separable_conv2d(tf.ones([1, 5, 5, 3]), None, 3, 2).shape)
        (1, 5, 5, 4)
        (1, 5, 5, 6)
    """
    check_format(data_format, "NCHW", "NHWC")
    getter = layer_getter(_RENAMED_SEPARABLE)
    with getter_scope(scope, "SeparableConv2d", reuse=reuse, custom_getter=getter) as sc:
        inputs = as_tensor(inputs)
        has_biases = _has_biases(normalizer_fn, biases_initializer)
        if num_outputs is not None:
            outputs = apply(
                computations.SeparableConv2D,
                inputs,
                sc,
                reuse,
                filters=num_outputs,
                kernel_size=kernel_size,
                strides=stride,
                padding=padding,
                data_format=channels(data_format),
                dilation_rate=rate,
                depth_multiplier=depth_multiplier,
                depthwise_initializer=weights_initializer,
                pointwise_initializer=(
                    weights_initializer if pointwise_initializer is None else pointwise_initializer
                ),
                depthwise_regularizer=weights_regularizer,
                pointwise_regularizer=weights_regularizer,
                depthwise_constraint=None,
                pointwise_constraint=None,
                trainable=trainable,
                use_bias=has_biases,
                variables_collections=variables_collections,
                **_affine(None, None, biases_initializer, biases_regularizer),
            )
        else:
            asked = {"dtype": inputs.dtype, "trainable": trainable}
            outputs = _depthwise(
                inputs,
                (*_pair(kernel_size), depth_multiplier),
                _pair(stride),
                _pair(rate),
                padding,
                data_format,
                initializer=weights_initializer,
                regularizer=weights_regularizer,
                collections=get_variable_collections(variables_collections, "weights"),
                **asked,
            )
            if has_biases:
                biases = weight(
                    "biases",
                    shape=[computations.sizes_of(outputs.shape)[_channel_axis(data_format)]],
                    initializer=biases_initializer,
                    regularizer=biases_regularizer,
                    collections=get_variable_collections(variables_collections, "biases"),
                    **asked,
                )
                outputs = _add_biases(outputs, biases, data_format)
        outputs = _activated(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def _depthwise(
    inputs: TensorLike,
    size: tuple[int, int, int],
    strides: tuple[int, int],
    rate: tuple[int, int],
    padding: str,
    data_format: str,
    **asked: Any,
) -> TensorLike:
    """The convolution of each channel alone, as a layer of its own."""
    height, width, multiplier = size
    in_channels = computations.sizes_of(inputs.shape)[_channel_axis(data_format)]
    weights = weight("depthwise_weights", shape=[height, width, in_channels, multiplier], **asked)
    first = data_format == "NCHW"  # the kernels for the CPU want the channels last
    outputs = tf.nn.depthwise_conv2d(
        tf.transpose(inputs, [0, 2, 3, 1]) if first else inputs,
        weights,
        (1, *strides, 1),
        padding,
        dilations=rate,
    )
    return tf.transpose(outputs, [0, 3, 1, 2]) if first else outputs


@add_arg_scope
def bias_add(
    inputs: TensorLike,
    activation_fn: Function = None,
    initializer: Initializer | TensorLike | None = ZEROS,
    regularizer: Regularizer | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Scope = None,
) -> TensorLike:
    """Biases for each channel, added.

    Args:
        inputs: A tensor of two axes or more, or of four with channels first.
        activation_fn: What is applied to the outputs, or `None`.
        initializer: The initializer of the biases.
        regularizer: A function of the biases; its value is a regularization loss.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the biases join, or a dict of them.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether the biases are trainable.
        data_format: `"NHWC"` or `"NCHW"`.
        scope: The name of the layer's scope; by default `BiasAdd`, numbered.

    Returns:
        The outputs.

    Raises:
        ValueError: If the data format does not fit, or as `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     print(contrib.bias_add(tf.ones([1, 2])).shape, list(store.variables))
        (1, 2) ['BiasAdd/biases']
    """
    check_format(data_format, "NCHW", "NHWC")
    with getter_scope(scope, "BiasAdd", reuse=reuse) as sc:
        inputs = as_tensor(inputs)
        if inputs.shape.rank is None:
            raise ValueError("Dims of shape must be known but is None")
        if inputs.shape.rank != 4 and data_format == "NCHW":
            raise ValueError("Data format NCHW only supports 4D Tensor")
        channel_count = computations.sizes_of(inputs.shape)[_channel_axis(data_format)]
        if channel_count is None:
            raise ValueError("`C` dimension must be known but is None")
        biases = weight(
            "biases",
            shape=[channel_count],
            dtype=inputs.dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=get_variable_collections(variables_collections, "biases"),
            trainable=trainable,
        )
        outputs = _add_biases(inputs, biases, data_format)
        outputs = _activated(outputs, None, None, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def embed_sequence(
    ids: TensorLike,
    vocab_size: int | None = None,
    embed_dim: int | None = None,
    unique: bool = False,
    initializer: Initializer | TensorLike | None = None,
    regularizer: Regularizer | None = None,
    trainable: bool = True,
    scope: Scope = None,
    reuse: Reuse = None,
) -> TensorLike:
    """The embeddings of symbols.

    Args:
        ids: The numbers of the symbols.
        vocab_size: How many symbols there are; may be left out with `reuse`.
        embed_dim: The size of an embedding; may be left out with `reuse`.
        unique: Without effect: in TF1 it looked up what is repeated only once.
        initializer: The initializer of the embeddings; by default the scope's.
        regularizer: A function of the embeddings; its value is a regularization loss.
        trainable: Whether the embeddings are trainable.
        scope: The name of the scope; by default `EmbedSequence`, numbered.
        reuse: Whether to share the embeddings that exist.

    Returns:
        A tensor with one axis more than `ids`.

    Raises:
        ValueError: If a size is left out without `reuse`, or as `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     print(contrib.embed_sequence([[1, 2, 2]], 10, 4).shape, list(store.variables))
        (1, 3, 4) ['EmbedSequence/embeddings']
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. "
            f"Got vocab_size={vocab_size} and embed_dim={embed_dim}"
        )
    refuse_symbolic(ids)
    with getter_scope(scope, "EmbedSequence", reuse=reuse):
        is_known = embed_dim is not None and (vocab_size is not None or not reuse)
        embeddings = weight(
            "embeddings",
            shape=[vocab_size, embed_dim] if is_known else None,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        return tf.compat.v1.nn.embedding_lookup(embeddings, ids)


conv1d = convolution1d
conv2d = convolution2d
conv3d = convolution3d
conv2d_transpose = convolution2d_transpose
conv3d_transpose = convolution3d_transpose
separable_conv2d = separable_convolution2d


def _affine(
    weights_initializer: Initializer | None,
    weights_regularizer: Regularizer | None,
    biases_initializer: Initializer | None,
    biases_regularizer: Regularizer | None,
) -> dict[str, Any]:
    """What every layer with weights and biases is told in the words of `tf.layers`."""
    return {
        "activation": None,
        "kernel_initializer": weights_initializer,
        "kernel_regularizer": weights_regularizer,
        "kernel_constraint": None,
        "bias_initializer": biases_initializer,
        "bias_regularizer": biases_regularizer,
        "bias_constraint": None,
    }


def _has_biases(normalizer_fn: Function, biases_initializer: Initializer | None) -> bool:
    return not normalizer_fn and bool(biases_initializer)


def _activated(
    outputs: TensorLike,
    normalizer_fn: Function,
    normalizer_params: Mapping[str, Any] | None,
    activation_fn: Function,
) -> TensorLike:
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    return outputs if activation_fn is None else activation_fn(outputs)


def _add_biases(outputs: TensorLike, biases: TensorLike, data_format: str) -> tf.Tensor:
    return tf.nn.bias_add(outputs, computations.readable(biases), data_format=data_format)


def _channel_axis(data_format: str) -> int:
    return 1 if data_format.startswith("NC") else -1


def _pair(value: TensorLike) -> tuple[int, int]:
    """Two numbers, from one or from two."""
    if isinstance(value, int):
        return value, value
    if len(value) != 2:
        raise ValueError(f"Must be a list with 2 elements: {value}")
    return int(value[0]), int(value[1])
