"""The initializers of TF1: their parameters, and how TensorFlow 2 spells the same distribution.

TensorFlow 2 has five of them in its own namespace, with other defaults. The others stay TF1's
classes: an unseeded initializer of Keras 3 draws the same values at each call, so that one object
for several Keras layers would make equal weights. TF1's draw anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PARAMETERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "zeros_initializer": ("dtype",),
        "ones_initializer": ("dtype",),
        "constant_initializer": ("value", "dtype", "verify_shape"),
        "random_uniform_initializer": ("minval", "maxval", "seed", "dtype"),
        "random_normal_initializer": ("mean", "stddev", "seed", "dtype"),
    }
)
"""Those that TensorFlow 2 has too, with TF1's parameters in order."""

DEFAULTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "random_uniform_initializer": {"minval": "0.0", "maxval": "1.0"},
        "random_normal_initializer": {"stddev": "1.0"},
    }
)
"""TF1's defaults where TensorFlow 2 has others (-0.05 to 0.05; 0.05)."""

V1_ONLY = (
    "glorot_normal_initializer",
    "glorot_uniform_initializer",
    "orthogonal_initializer",
    "truncated_normal_initializer",
    "uniform_unit_scaling_initializer",
    "variance_scaling_initializer",
    "initializers.he_normal",
    "initializers.he_uniform",
    "initializers.identity",
    "initializers.lecun_normal",
    "initializers.lecun_uniform",
)
"""Those that keep TF1's class, below `tf.compat.v1`."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        f"initializers.{name}": f"{name}_initializer"
        for name in (
            "constant",
            "glorot_normal",
            "glorot_uniform",
            "ones",
            "orthogonal",
            "random_normal",
            "random_uniform",
            "truncated_normal",
            "uniform_unit_scaling",
            "variance_scaling",
            "zeros",
        )
    }
)
"""The short names that TF1 published beside the long ones."""

# tf.contrib cuts its normal distribution at two standard deviations and makes up for it by 1.3,
# TF1's variance_scaling_initializer by 0.87962566103423978 ** -2.
CONTRIB_NORMAL_SCALE = 1.3 * 0.87962566103423978**2
"""What contrib's factor is to be multiplied with, where the distribution is normal."""

KERAS_RANDOM = (
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "LecunNormal",
    "LecunUniform",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "variance_scaling",
)
"""Those of `tf.keras.initializers` that draw, and draw the same at each call of one object."""

BRINGING = frozenset(
    {
        "tensorflow.contrib.layers",
        "tensorflow.contrib.layers.python.layers",
        "tensorflow.contrib.layers.python.layers.initializers",
        "tensorflow.contrib.slim",
        "tensorflow.contrib.slim.initializers",
        "tf_slim",
        "tf_slim.initializers",
        "tf_slim.layers.initializers",
    }
)
"""The modules that have contrib's own initializers."""

XAVIER = ("xavier_initializer", "xavier_initializer_conv2d")
BROUGHT = (*XAVIER, "variance_scaling_initializer")
"""Those initializers, which a star import brings."""

CLASSES = (
    "Constant",
    "ConvolutionDeltaOrthogonal",
    "ConvolutionOrthogonal",
    "ConvolutionOrthogonal1D",
    "ConvolutionOrthogonal2D",
    "ConvolutionOrthogonal3D",
    "GlorotNormal",
    "GlorotUniform",
    "Identity",
    "Initializer",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "UniformUnitScaling",
    "VarianceScaling",
    "Zeros",
)
"""The classes of `tensorflow.python.ops.init_ops`, which TensorFlow 2 still has there: TF1
published them under other names, and their base class nowhere below `tensorflow` itself."""
