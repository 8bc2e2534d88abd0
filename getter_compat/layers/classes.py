"""The classes of `tf.layers`: Keras layers with TF1's arguments, names and arithmetic.

Each is a class of `tf.keras.layers`, so that whoever asks for that finds it; its variables and what
it computes are those of `computations`. The arguments and their defaults are TF1's, in its order;
`name` and what else `Layer` takes come last.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from getter_compat.layers import computations, normalization
from getter_compat.layers.base import Layer

# So that models with these layers are cloned, copied and loaded by Keras.
_registered = tf.keras.utils.register_keras_serializable("getter_compat")


@_registered
class Dense(Layer, computations.Dense, tf.keras.layers.Dense):
    """Fully connected layer: `activation(inputs @ kernel + bias)`.

    Args:
        units: The size of the last axis of the outputs.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: Initializer of the kernel; by default the scope's, else Glorot uniform.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: A function of the kernel, whose value is a regularization loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        kernel_constraint: What optimizers apply to the kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Dense(4)(tf.ones([2, 3])).shape)
        (2, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
            {
                "units": units,
                "activation": activation,
                "use_bias": use_bias,
                "kernel_initializer": kernel_initializer,
                "bias_initializer": bias_initializer,
                "kernel_regularizer": kernel_regularizer,
                "bias_regularizer": bias_regularizer,
                "kernel_constraint": kernel_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@_registered
class Dropout(Layer, computations.Dropout, tf.keras.layers.Dropout):
    """Zeros at random places while training; the rest is scaled up by `1 / (1 - rate)`.

    Args:
        rate: The fraction that is dropped.
        noise_shape: The shape of the mask, broadcast to the inputs; `None` is an axis of theirs.
        seed: The seed of the operation that draws the mask.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Dropout(0.5)(tf.ones([2, 3])).shape)
        (2, 3)
    """

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Any = None,
        seed: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        # Keras makes a generator of random numbers, and its variable, for any other rate.
        super().__init__(rate=0, noise_shape=noise_shape, name=name, **kwargs)
        self.rate, self.seed = rate, seed


@_registered
class Flatten(Layer, computations.Flatten, tf.keras.layers.Flatten):
    """All axes but the first made one.

    Args:
        data_format: `"channels_last"` or `"channels_first"`.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Flatten()(tf.ones([2, 3, 4])).shape)
        (2, 12)
    """

    def __init__(
        self,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized({"data_format": data_format})
        super().__init__(**given, **kwargs)


@_registered
class Conv1D(Layer, computations.Conv1D, tf.keras.layers.Conv1D):
    """Convolution over sequences.

    Args:
        filters: The number of output channels.
        kernel_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        dilation_rate: The distance of the points in a window: a number, or one for each dimension.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: Initializer of the kernel; by default the scope's, else Glorot uniform.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: A function of the kernel, whose value is a regularization loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        kernel_constraint: What optimizers apply to the kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Conv1D(4, 2)(tf.ones([2, 5, 3])).shape)
        (2, 4, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "kernel_constraint": kernel_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@_registered
class Conv2D(Layer, computations.Conv2D, tf.keras.layers.Conv2D):
    """Convolution over images.

    Args:
        filters: The number of output channels.
        kernel_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        dilation_rate: The distance of the points in a window: a number, or one for each dimension.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: Initializer of the kernel; by default the scope's, else Glorot uniform.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: A function of the kernel, whose value is a regularization loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        kernel_constraint: What optimizers apply to the kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Conv2D(4, 2)(tf.ones([2, 5, 5, 3])).shape)
        (2, 4, 4, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "kernel_constraint": kernel_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@_registered
class Conv3D(Layer, computations.Conv3D, tf.keras.layers.Conv3D):
    """Convolution over volumes.

    Args:
        filters: The number of output channels.
        kernel_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        dilation_rate: The distance of the points in a window: a number, or one for each dimension.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: Initializer of the kernel; by default the scope's, else Glorot uniform.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: A function of the kernel, whose value is a regularization loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        kernel_constraint: What optimizers apply to the kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Conv3D(4, 2)(tf.ones([2, 5, 5, 5, 3])).shape)
        (2, 4, 4, 4, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "kernel_constraint": kernel_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@_registered
class SeparableConv1D(Layer, computations.SeparableConv1D, tf.keras.layers.SeparableConv1D):
    """Convolution of each channel of a sequence, then one across channels.

    Args:
        filters: The number of output channels.
        kernel_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        dilation_rate: The distance of the points in a window: a number, or one for each dimension.
        depth_multiplier: The number of outputs of each channel before they are combined.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        depthwise_initializer: Initializer of the depthwise kernel; by default the scope's, else
            Glorot uniform.
        pointwise_initializer: Initializer of the pointwise kernel; by default the scope's, else
            Glorot uniform.
        bias_initializer: Initializer of the bias.
        depthwise_regularizer: A function of the depthwise kernel, whose value is a regularization
            loss.
        pointwise_regularizer: A function of the pointwise kernel, whose value is a regularization
            loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        depthwise_constraint: What optimizers apply to the depthwise kernel after an update.
        pointwise_constraint: What optimizers apply to the pointwise kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.SeparableConv1D(4, 2)(tf.ones([2, 5, 3])).shape)
        (2, 4, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "depthwise_constraint": depthwise_constraint,
                "pointwise_constraint": pointwise_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        # Keras 3 does not pad a separable convolution causally.
        padding = given.pop("padding")
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )
        self.padding = padding


@_registered
class SeparableConv2D(Layer, computations.SeparableConv2D, tf.keras.layers.SeparableConv2D):
    """Convolution of each channel of an image, then one across channels.

    Args:
        filters: The number of output channels.
        kernel_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        dilation_rate: The distance of the points in a window: a number, or one for each dimension.
        depth_multiplier: The number of outputs of each channel before they are combined.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        depthwise_initializer: Initializer of the depthwise kernel; by default the scope's, else
            Glorot uniform.
        pointwise_initializer: Initializer of the pointwise kernel; by default the scope's, else
            Glorot uniform.
        bias_initializer: Initializer of the bias.
        depthwise_regularizer: A function of the depthwise kernel, whose value is a regularization
            loss.
        pointwise_regularizer: A function of the pointwise kernel, whose value is a regularization
            loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        depthwise_constraint: What optimizers apply to the depthwise kernel after an update.
        pointwise_constraint: What optimizers apply to the pointwise kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.SeparableConv2D(4, 2)(tf.ones([2, 5, 5, 3])).shape)
        (2, 4, 4, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "depthwise_constraint": depthwise_constraint,
                "pointwise_constraint": pointwise_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@_registered
class Conv2DTranspose(Layer, computations.Conv2DTranspose, tf.keras.layers.Conv2DTranspose):
    """Transposed convolution over images.

    Args:
        filters: The number of output channels.
        kernel_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: Initializer of the kernel; by default the scope's, else Glorot uniform.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: A function of the kernel, whose value is a regularization loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        kernel_constraint: What optimizers apply to the kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Conv2DTranspose(4, 2, strides=2)(tf.ones([2, 5, 5, 3])).shape)
        (2, 10, 10, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "kernel_constraint": kernel_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@_registered
class Conv3DTranspose(Layer, computations.Conv3DTranspose, tf.keras.layers.Conv3DTranspose):
    """Transposed convolution over volumes.

    Args:
        filters: The number of output channels.
        kernel_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        activation: A function of the outputs, or its name.
        use_bias: Whether a bias is added.
        kernel_initializer: Initializer of the kernel; by default the scope's, else Glorot uniform.
        bias_initializer: Initializer of the bias.
        kernel_regularizer: A function of the kernel, whose value is a regularization loss.
        bias_regularizer: A function of the bias, whose value is a regularization loss.
        activity_regularizer: A function of the outputs, whose value over the batch size is a loss.
        kernel_constraint: What optimizers apply to the kernel after an update.
        bias_constraint: What optimizers apply to the bias after an update.
        trainable: Whether the variables are trainable.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.Conv3DTranspose(4, 2, strides=2)(tf.ones([2, 5, 5, 5, 3])).shape)
        (2, 10, 10, 10, 4)
    """

    def __init__(
        self,
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
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "kernel_constraint": kernel_constraint,
                "bias_constraint": bias_constraint,
            }
        )
        super().__init__(
            **given,
            activity_regularizer=activity_regularizer,
            trainable=trainable,
            name=name,
            **kwargs,
        )


@_registered
class AveragePooling1D(Layer, computations.AveragePooling1D, tf.keras.layers.AveragePooling1D):
    """Means over windows of a sequence.

    Args:
        pool_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.AveragePooling1D(2, 2)(tf.ones([2, 4, 3])).shape)
        (2, 2, 3)
    """

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
            {
                "pool_size": pool_size,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            }
        )
        super().__init__(**given, name=name, **kwargs)


@_registered
class AveragePooling2D(Layer, computations.AveragePooling2D, tf.keras.layers.AveragePooling2D):
    """Means over windows of an image.

    Args:
        pool_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.AveragePooling2D(2, 2)(tf.ones([2, 4, 4, 3])).shape)
        (2, 2, 2, 3)
    """

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
            {
                "pool_size": pool_size,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            }
        )
        super().__init__(**given, name=name, **kwargs)


@_registered
class AveragePooling3D(Layer, computations.AveragePooling3D, tf.keras.layers.AveragePooling3D):
    """Means over windows of a volume.

    Args:
        pool_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.AveragePooling3D(2, 2)(tf.ones([2, 4, 4, 4, 3])).shape)
        (2, 2, 2, 2, 3)
    """

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
            {
                "pool_size": pool_size,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            }
        )
        super().__init__(**given, name=name, **kwargs)


@_registered
class MaxPooling1D(Layer, computations.MaxPooling1D, tf.keras.layers.MaxPooling1D):
    """Maxima over windows of a sequence.

    Args:
        pool_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.MaxPooling1D(2, 2)(tf.ones([2, 4, 3])).shape)
        (2, 2, 3)
    """

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
            {
                "pool_size": pool_size,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            }
        )
        super().__init__(**given, name=name, **kwargs)


@_registered
class MaxPooling2D(Layer, computations.MaxPooling2D, tf.keras.layers.MaxPooling2D):
    """Maxima over windows of an image.

    Args:
        pool_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.MaxPooling2D(2, 2)(tf.ones([2, 4, 4, 3])).shape)
        (2, 2, 2, 3)
    """

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
            {
                "pool_size": pool_size,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            }
        )
        super().__init__(**given, name=name, **kwargs)


@_registered
class MaxPooling3D(Layer, computations.MaxPooling3D, tf.keras.layers.MaxPooling3D):
    """Maxima over windows of a volume.

    Args:
        pool_size: The size of the window: a number, or one for each dimension.
        strides: The steps of the window: a number, or one for each dimension.
        padding: `"valid"` or `"same"`, in any case.
        data_format: `"channels_last"` or `"channels_first"`.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.MaxPooling3D(2, 2)(tf.ones([2, 4, 4, 4, 3])).shape)
        (2, 2, 2, 2, 3)
    """

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str | None = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
            {
                "pool_size": pool_size,
                "strides": strides,
                "padding": padding,
                "data_format": data_format,
            }
        )
        super().__init__(**given, name=name, **kwargs)


@_registered
class BatchNormalization(
    Layer, normalization.BatchNormalization, tf.keras.layers.BatchNormalization
):
    """Normalization over a batch while training, and by moving statistics otherwise.

    Args:
        axis: The axis of the parameters, or a list of axes: that of the channels.
        momentum: How much of the moving statistics a step keeps.
        epsilon: Added to the variance.
        center: Whether `beta` is added.
        scale: Whether the outputs are multiplied by `gamma`.
        beta_initializer: Initializer of `beta`.
        gamma_initializer: Initializer of `gamma`.
        moving_mean_initializer: Initializer of `moving_mean`.
        moving_variance_initializer: Initializer of `moving_variance`.
        beta_regularizer: A function of `beta`, whose value is a regularization loss.
        gamma_regularizer: A function of `gamma`, whose value is a regularization loss.
        beta_constraint: What optimizers apply to `beta` after an update.
        gamma_constraint: What optimizers apply to `gamma` after an update.
        renorm: Whether to use batch renormalization, which has three more variables.
        renorm_clipping: `rmin`, `rmax` and `dmax`, the limits of its correction.
        renorm_momentum: The momentum of its statistics.
        fused: `False` to compute without the fused kernel, whose moving variance is that of a
            sample.
        trainable: Whether the variables are trainable.
        virtual_batch_size: The size of the virtual batches that are normalized apart.
        adjustment: A function of the inputs' shape that gives a scale and an offset for training.
        name: The name of the layer and of its scope.
        **kwargs: As for `Layer`.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.BatchNormalization()(tf.ones([2, 3])).shape)
        (2, 3)
    """

    def __init__(
        self,
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
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: Any = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        given = self.normalized(
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
                "renorm": renorm,
                "renorm_clipping": renorm_clipping,
                "renorm_momentum": renorm_momentum,
                "fused": fused,
                "virtual_batch_size": virtual_batch_size,
                "adjustment": adjustment,
            }
        )
        # Keras 3 knows one axis, and neither line knows all of these.
        of_tf1 = {name: given.pop(name) for name in _OF_TF1}
        super().__init__(**given, trainable=trainable, name=name, **kwargs)
        for name, value in of_tf1.items():
            setattr(self, name, value)
        self._of_tf1 = of_tf1

    def get_config(self) -> dict[str, Any]:
        """The arguments. A function given as `adjustment` is left out, as in TF1."""
        return {**super().get_config(), **self._of_tf1, "adjustment": None}


_OF_TF1 = (
    "axis",
    "renorm",
    "renorm_clipping",
    "renorm_momentum",
    "fused",
    "virtual_batch_size",
    "adjustment",
)
