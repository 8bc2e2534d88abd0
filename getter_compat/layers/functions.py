"""The functions of `tf.layers`: a layer made, called and forgotten, at every call.

So it was in TF1, and everything that follows from it is TF1's: an unnamed layer is numbered in the
scope around it, a named one may not be repeated unless it reuses, and the scope's getters run at
every call. In TensorFlow 2 a model function runs again and again; so what is made here is a bare
`Computation`, which costs little, and no Keras layer. Its variables are kept by the store.

Only what Keras calls symbolically, to make a functional model, becomes a Keras layer of `classes`.
"""

from __future__ import annotations

from typing import Any

from getter_compat.layers import classes, computations, normalization
from getter_compat.layers.once import call_once
from getter_compat.runtime.scopes import Reuse


def dense(
    inputs: Any,
    units: Any,
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Fully connected layer: `activation(inputs @ kernel + bias)`.

    The arguments are those of `Dense`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.dense(tf.ones([2, 3]), 4).shape)
        (2, 4)
    """
    return call_once(
        computations.Dense,
        classes.Dense,
        inputs,
        name,
        {
            "units": units,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Any = None,
    seed: Any = None,
    training: Any = False,
    name: Any = None,
) -> Any:
    """Zeros at random places while training; the rest is scaled up by `1 / (1 - rate)`.

    The arguments are those of `Dropout`, and `training`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.dropout(tf.ones([2, 3]), 0.5).shape)
        (2, 3)
    """
    return call_once(
        computations.Dropout,
        classes.Dropout,
        inputs,
        name,
        {"rate": rate, "noise_shape": noise_shape, "seed": seed},
        training=training,
    )


def flatten(
    inputs: Any,
    name: Any = None,
    data_format: str | None = "channels_last",
) -> Any:
    """All axes but the first made one.

    The arguments are those of `Flatten`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.flatten(tf.ones([2, 3, 4])).shape)
        (2, 12)
    """
    return call_once(
        computations.Flatten,
        classes.Flatten,
        inputs,
        name,
        {"data_format": data_format},
    )


def conv1d(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: Any = 1,
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Convolution over sequences.

    The arguments are those of `Conv1D`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.conv1d(tf.ones([2, 5, 3]), 4, 2).shape)
        (2, 4, 4)
    """
    return call_once(
        computations.Conv1D,
        classes.Conv1D,
        inputs,
        name,
        {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def conv2d(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: Any = (1, 1),
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Convolution over images.

    The arguments are those of `Conv2D`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.conv2d(tf.ones([2, 5, 5, 3]), 4, 2).shape)
        (2, 4, 4, 4)
    """
    return call_once(
        computations.Conv2D,
        classes.Conv2D,
        inputs,
        name,
        {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def conv3d(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: Any = (1, 1, 1),
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Convolution over volumes.

    The arguments are those of `Conv3D`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.conv3d(tf.ones([2, 5, 5, 5, 3]), 4, 2).shape)
        (2, 4, 4, 4, 4)
    """
    return call_once(
        computations.Conv3D,
        classes.Conv3D,
        inputs,
        name,
        {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def separable_conv1d(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: Any = 1,
    depth_multiplier: int = 1,
    activation: Any = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = "zeros",
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Convolution of each channel of a sequence, then one across channels.

    The arguments are those of `SeparableConv1D`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.separable_conv1d(tf.ones([2, 5, 3]), 4, 2).shape)
        (2, 4, 4)
    """
    return call_once(
        computations.SeparableConv1D,
        classes.SeparableConv1D,
        inputs,
        name,
        {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "depth_multiplier": depth_multiplier,
            "activation": activation,
            "use_bias": use_bias,
            "depthwise_initializer": depthwise_initializer,
            "pointwise_initializer": pointwise_initializer,
            "bias_initializer": bias_initializer,
            "depthwise_regularizer": depthwise_regularizer,
            "pointwise_regularizer": pointwise_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "depthwise_constraint": depthwise_constraint,
            "pointwise_constraint": pointwise_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def separable_conv2d(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = "channels_last",
    dilation_rate: Any = (1, 1),
    depth_multiplier: int = 1,
    activation: Any = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = "zeros",
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Convolution of each channel of an image, then one across channels.

    The arguments are those of `SeparableConv2D`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.separable_conv2d(tf.ones([2, 5, 5, 3]), 4, 2).shape)
        (2, 4, 4, 4)
    """
    return call_once(
        computations.SeparableConv2D,
        classes.SeparableConv2D,
        inputs,
        name,
        {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "dilation_rate": dilation_rate,
            "depth_multiplier": depth_multiplier,
            "activation": activation,
            "use_bias": use_bias,
            "depthwise_initializer": depthwise_initializer,
            "pointwise_initializer": pointwise_initializer,
            "bias_initializer": bias_initializer,
            "depthwise_regularizer": depthwise_regularizer,
            "pointwise_regularizer": pointwise_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "depthwise_constraint": depthwise_constraint,
            "pointwise_constraint": pointwise_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def conv2d_transpose(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str | None = "channels_last",
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Transposed convolution over images.

    The arguments are those of `Conv2DTranspose`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.conv2d_transpose(tf.ones([2, 5, 5, 3]), 4, 2, strides=2).shape)
        (2, 10, 10, 4)
    """
    return call_once(
        computations.Conv2DTranspose,
        classes.Conv2DTranspose,
        inputs,
        name,
        {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def conv3d_transpose(
    inputs: Any,
    filters: Any,
    kernel_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str | None = "channels_last",
    activation: Any = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = "zeros",
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
) -> Any:
    """Transposed convolution over volumes.

    The arguments are those of `Conv3DTranspose`, and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.conv3d_transpose(tf.ones([2, 5, 5, 5, 3]), 4, 2, strides=2).shape)
        (2, 10, 10, 10, 4)
    """
    return call_once(
        computations.Conv3DTranspose,
        classes.Conv3DTranspose,
        inputs,
        name,
        {
            "filters": filters,
            "kernel_size": kernel_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
            "activation": activation,
            "use_bias": use_bias,
            "kernel_initializer": kernel_initializer,
            "bias_initializer": bias_initializer,
            "kernel_regularizer": kernel_regularizer,
            "bias_regularizer": bias_regularizer,
            "activity_regularizer": activity_regularizer,
            "kernel_constraint": kernel_constraint,
            "bias_constraint": bias_constraint,
            "trainable": trainable,
        },
        reuse=reuse,
    )


def average_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: Any = None,
) -> Any:
    """Means over windows of a sequence.

    The arguments are those of `AveragePooling1D`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.average_pooling1d(tf.ones([2, 4, 3]), 2, 2).shape)
        (2, 2, 3)
    """
    return call_once(
        computations.AveragePooling1D,
        classes.AveragePooling1D,
        inputs,
        name,
        {
            "pool_size": pool_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
        },
    )


def average_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: Any = None,
) -> Any:
    """Means over windows of an image.

    The arguments are those of `AveragePooling2D`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.average_pooling2d(tf.ones([2, 4, 4, 3]), 2, 2).shape)
        (2, 2, 2, 3)
    """
    return call_once(
        computations.AveragePooling2D,
        classes.AveragePooling2D,
        inputs,
        name,
        {
            "pool_size": pool_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
        },
    )


def average_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: Any = None,
) -> Any:
    """Means over windows of a volume.

    The arguments are those of `AveragePooling3D`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.average_pooling3d(tf.ones([2, 4, 4, 4, 3]), 2, 2).shape)
        (2, 2, 2, 2, 3)
    """
    return call_once(
        computations.AveragePooling3D,
        classes.AveragePooling3D,
        inputs,
        name,
        {
            "pool_size": pool_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
        },
    )


def max_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: Any = None,
) -> Any:
    """Maxima over windows of a sequence.

    The arguments are those of `MaxPooling1D`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.max_pooling1d(tf.ones([2, 4, 3]), 2, 2).shape)
        (2, 2, 3)
    """
    return call_once(
        computations.MaxPooling1D,
        classes.MaxPooling1D,
        inputs,
        name,
        {
            "pool_size": pool_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
        },
    )


def max_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: Any = None,
) -> Any:
    """Maxima over windows of an image.

    The arguments are those of `MaxPooling2D`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.max_pooling2d(tf.ones([2, 4, 4, 3]), 2, 2).shape)
        (2, 2, 2, 3)
    """
    return call_once(
        computations.MaxPooling2D,
        classes.MaxPooling2D,
        inputs,
        name,
        {
            "pool_size": pool_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
        },
    )


def max_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str | None = "channels_last",
    name: Any = None,
) -> Any:
    """Maxima over windows of a volume.

    The arguments are those of `MaxPooling3D`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.max_pooling3d(tf.ones([2, 4, 4, 4, 3]), 2, 2).shape)
        (2, 2, 2, 2, 3)
    """
    return call_once(
        computations.MaxPooling3D,
        classes.MaxPooling3D,
        inputs,
        name,
        {
            "pool_size": pool_size,
            "strides": strides,
            "padding": padding,
            "data_format": data_format,
        },
    )


def batch_normalization(
    inputs: Any,
    axis: Any = -1,
    momentum: Any = 0.99,
    epsilon: float = 0.001,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = "zeros",
    gamma_initializer: Any = "ones",
    moving_mean_initializer: Any = "zeros",
    moving_variance_initializer: Any = "ones",
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: Any = None,
    reuse: Reuse = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: Any = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Any:
    """Normalization over a batch while training, and by moving statistics otherwise.

    The arguments are those of `BatchNormalization`, and `training` and `reuse`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.batch_normalization(tf.ones([2, 3])).shape)
        (2, 3)
    """
    return call_once(
        normalization.BatchNormalization,
        classes.BatchNormalization,
        inputs,
        name,
        {
            "axis": axis,
            "momentum": momentum,
            "epsilon": epsilon,
            "center": center,
            "scale": scale,
            "beta_initializer": beta_initializer,
            "gamma_initializer": gamma_initializer,
            "moving_mean_initializer": moving_mean_initializer,
            "moving_variance_initializer": moving_variance_initializer,
            "beta_regularizer": beta_regularizer,
            "gamma_regularizer": gamma_regularizer,
            "beta_constraint": beta_constraint,
            "gamma_constraint": gamma_constraint,
            "trainable": trainable,
            "renorm": renorm,
            "renorm_clipping": renorm_clipping,
            "renorm_momentum": renorm_momentum,
            "fused": fused,
            "virtual_batch_size": virtual_batch_size,
            "adjustment": adjustment,
        },
        reuse=reuse,
        training=training,
    )
