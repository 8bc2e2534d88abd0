"""The layers of `tf.layers`: TF1's parameters and defaults, and where Keras 3 agrees with them.

Read by the codemod's layer rule, and by `scripts/make_layers.py`, which writes the functions and
classes of `getter_compat.layers`. The parameters are those of TensorFlow 1.15.5, in its order, so
that a positional argument has a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Default = str | int | float | bool | tuple[int, ...] | None


class Required:
    """Stands where a parameter has no default."""


REQUIRED = Required()


@dataclass(frozen=True)
class LayerSpec:
    """One layer class of `tf.layers` and the function beside it."""

    name: str
    function: str
    parameters: Mapping[str, Default | Required]
    """TF1's parameters of the class, in order."""
    in_keras_order: int = 0
    """How many leading positional arguments mean the same to the Keras 3 class."""
    not_in_keras: frozenset[str] = frozenset()
    """Parameters that the Keras 3 class lacks or gives another meaning."""
    equal_in_keras: bool = True
    """Whether `tf.keras.layers` has a class that computes the same, given the same arguments."""
    of_function: Mapping[str, Default | Required] = field(default_factory=dict)
    """Parameters that the function has besides, or with another default."""
    order_of_function: tuple[str, ...] = ()
    """TF1's order of the function's parameters, where it is not that of the class."""

    @property
    def function_parameters(self) -> Mapping[str, Default | Required]:
        """TF1's parameters of the function, in order."""
        parameters = {"inputs": REQUIRED, **self.parameters, **self.of_function}
        return {name: parameters[name] for name in self.order_of_function or parameters}

    @property
    def base_name(self) -> str:
        """What TF1 calls an unnamed layer of this kind."""
        return self.function


_KERNEL: dict[str, Default | Required] = {
    "activation": None,
    "use_bias": True,
    "kernel_initializer": None,
    "bias_initializer": "zeros",
    "kernel_regularizer": None,
    "bias_regularizer": None,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
}
_END: dict[str, Default | Required] = {"trainable": True, "name": None}
_REUSE: dict[str, Default | Required] = {"reuse": None}

# Keras 3 adds the activity loss of the whole batch, TF1 that of a mean example.
_ACTIVITY = frozenset({"activity_regularizer"})


def _strides(rank: int, value: int = 1) -> Default:
    return value if rank == 1 else (value,) * rank


def _convolution(rank: int) -> LayerSpec:
    parameters: dict[str, Default | Required] = {
        "filters": REQUIRED,
        "kernel_size": REQUIRED,
        "strides": _strides(rank),
        "padding": "valid",
        "data_format": "channels_last",
        "dilation_rate": _strides(rank),
    }
    return LayerSpec(
        f"Conv{rank}D",
        f"conv{rank}d",
        {**parameters, **_KERNEL, **_END},
        in_keras_order=6,
        not_in_keras=_ACTIVITY,
        of_function=_REUSE,
    )


def _transposed(rank: int) -> LayerSpec:
    parameters: dict[str, Default | Required] = {
        "filters": REQUIRED,
        "kernel_size": REQUIRED,
        "strides": _strides(rank),
        "padding": "valid",
        "data_format": "channels_last",
    }
    return LayerSpec(
        f"Conv{rank}DTranspose",
        f"conv{rank}d_transpose",
        {**parameters, **_KERNEL, **_END},
        in_keras_order=4,
        not_in_keras=_ACTIVITY,
        of_function=_REUSE,
    )


def _separable(rank: int) -> LayerSpec:
    parameters: dict[str, Default | Required] = {
        "filters": REQUIRED,
        "kernel_size": REQUIRED,
        "strides": _strides(rank),
        "padding": "valid",
        "data_format": "channels_last",
        "dilation_rate": _strides(rank),
        "depth_multiplier": 1,
        "activation": None,
        "use_bias": True,
        "depthwise_initializer": None,
        "pointwise_initializer": None,
        "bias_initializer": "zeros",
        "depthwise_regularizer": None,
        "pointwise_regularizer": None,
        "bias_regularizer": None,
        "activity_regularizer": None,
        "depthwise_constraint": None,
        "pointwise_constraint": None,
        "bias_constraint": None,
    }
    return LayerSpec(
        f"SeparableConv{rank}D",
        f"separable_conv{rank}d",
        {**parameters, **_END},
        in_keras_order=19,
        not_in_keras=_ACTIVITY,
        of_function=_REUSE,
    )


def _pooling(kind: str, function: str, rank: int) -> LayerSpec:
    parameters: dict[str, Default | Required] = {
        "pool_size": REQUIRED,
        "strides": REQUIRED,
        "padding": "valid",
        "data_format": "channels_last",
        "name": None,
    }
    return LayerSpec(f"{kind}Pooling{rank}D", f"{function}_pooling{rank}d", parameters, 5)


_SPECS = (
    LayerSpec(
        "Dense",
        "dense",
        {"units": REQUIRED, **_KERNEL, **_END},
        in_keras_order=10,
        not_in_keras=_ACTIVITY,
        of_function=_REUSE,
    ),
    *(_convolution(rank) for rank in (1, 2, 3)),
    *(_transposed(rank) for rank in (2, 3)),
    *(_separable(rank) for rank in (1, 2)),
    *(_pooling("Average", "average", rank) for rank in (1, 2, 3)),
    *(_pooling("Max", "max", rank) for rank in (1, 2, 3)),
    LayerSpec(
        "Flatten",
        "flatten",
        {"data_format": None},
        in_keras_order=1,
        of_function={"data_format": "channels_last", "name": None},
        order_of_function=("inputs", "name", "data_format"),
    ),
    # TF1's dropout is off unless the call says `training=True`; Keras takes the model's mode.
    LayerSpec(
        "Dropout",
        "dropout",
        {"rate": 0.5, "noise_shape": None, "seed": None, "name": None},
        equal_in_keras=False,
        of_function={"training": False},
        order_of_function=("inputs", "rate", "noise_shape", "seed", "training", "name"),
    ),
    # TF1's fused kernel keeps the Bessel-corrected variance in its moving average; Keras 3 the
    # biased one. The training flag differs as for dropout.
    LayerSpec(
        "BatchNormalization",
        "batch_normalization",
        {
            "axis": -1,
            "momentum": 0.99,
            "epsilon": 1e-3,
            "center": True,
            "scale": True,
            "beta_initializer": "zeros",
            "gamma_initializer": "ones",
            "moving_mean_initializer": "zeros",
            "moving_variance_initializer": "ones",
            "beta_regularizer": None,
            "gamma_regularizer": None,
            "beta_constraint": None,
            "gamma_constraint": None,
            "renorm": False,
            "renorm_clipping": None,
            "renorm_momentum": 0.99,
            "fused": None,
            "trainable": True,
            "virtual_batch_size": None,
            "adjustment": None,
            "name": None,
        },
        equal_in_keras=False,
        of_function={"training": False, "reuse": None},
        order_of_function=(
            *("inputs", "axis", "momentum", "epsilon", "center", "scale"),
            *("beta_initializer", "gamma_initializer"),
            *("moving_mean_initializer", "moving_variance_initializer"),
            *("beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint"),
            *("training", "trainable", "name", "reuse"),
            *("renorm", "renorm_clipping", "renorm_momentum"),
            *("fused", "virtual_batch_size", "adjustment"),
        ),
    ),
)

LAYERS: Mapping[str, LayerSpec] = MappingProxyType({spec.name: spec for spec in _SPECS})
FUNCTIONS: Mapping[str, LayerSpec] = MappingProxyType({spec.function: spec for spec in _SPECS})

# The longer names that the private modules of TF1 also used.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "AvgPool1D": "AveragePooling1D",
        "AvgPool2D": "AveragePooling2D",
        "AvgPool3D": "AveragePooling3D",
        "BatchNorm": "BatchNormalization",
        "Convolution1D": "Conv1D",
        "Convolution2D": "Conv2D",
        "Convolution2DTranspose": "Conv2DTranspose",
        "Convolution3D": "Conv3D",
        "Convolution3DTranspose": "Conv3DTranspose",
        "Deconv2D": "Conv2DTranspose",
        "Deconv3D": "Conv3DTranspose",
        "Deconvolution2D": "Conv2DTranspose",
        "Deconvolution3D": "Conv3DTranspose",
        "FullyConnected": "Dense",
        "MaxPool1D": "MaxPooling1D",
        "MaxPool2D": "MaxPooling2D",
        "MaxPool3D": "MaxPooling3D",
        "SeparableConvolution1D": "SeparableConv1D",
        "SeparableConvolution2D": "SeparableConv2D",
        "avg_pool2d": "average_pooling2d",
        "batch_norm": "batch_normalization",
        "convolution1d": "conv1d",
        "convolution2d": "conv2d",
        "convolution2d_transpose": "conv2d_transpose",
        "convolution3d": "conv3d",
        "convolution3d_transpose": "conv3d_transpose",
        "deconv2d": "conv2d_transpose",
        "deconv3d": "conv3d_transpose",
        "deconvolution2d": "conv2d_transpose",
        "deconvolution3d": "conv3d_transpose",
        "fully_connected": "dense",
        "max_pool2d": "max_pooling2d",
        "separable_convolution2d": "separable_conv2d",
    }
)
