"""What became of `tf.contrib`: functions with an exact successor, and advice on the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Successor:
    """A function that computes the same from other arguments."""

    target: str
    parameters: tuple[str, ...]
    """The parameters of contrib's function, in order."""
    order: tuple[str, ...]
    """The parameters of the target that may be given by position."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    """The target's arguments to write out where contrib's default differs."""


_POOL = ("inputs", "kernel_size", "stride", "padding", "data_format")
_NAMED = ("outputs_collections", "scope")


def _pool(name: str) -> Successor:
    return Successor(
        f"getter_compat.layers.{name}",
        (*_POOL, *_NAMED),
        ("inputs", "pool_size", "strides", "padding", "data_format"),
        {"kernel_size": "pool_size", "stride": "strides"},
        {"strides": "2"},
    )


FUNCTIONS: Mapping[str, Successor] = MappingProxyType(
    {
        "avg_pool2d": _pool("average_pooling2d"),
        "avg_pool3d": _pool("average_pooling3d"),
        "dropout": Successor(
            "getter_compat.layers.dropout",
            ("inputs", "keep_prob", "noise_shape", "is_training", *_NAMED, "seed"),
            ("inputs", "rate", "noise_shape"),
            {"keep_prob": "rate", "is_training": "training"},
            {"training": "True"},
        ),
        "flatten": Successor("getter_compat.layers.flatten", ("inputs", *_NAMED), ("inputs",)),
        "max_pool2d": _pool("max_pooling2d"),
        "max_pool3d": _pool("max_pooling3d"),
        "one_hot_encoding": Successor(
            "tensorflow.one_hot",
            ("labels", "num_classes", "on_value", "off_value", *_NAMED),
            ("indices", "depth", "on_value", "off_value"),
            {"labels": "indices", "num_classes": "depth"},
        ),
        "softmax": Successor("tensorflow.nn.softmax", ("logits", "scope"), ("logits",)),
    }
)
"""Functions of `tf.contrib.layers` without variables, so that no variable changes its name."""

DATA_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "NHWC": "channels_last",
        "NCHW": "channels_first",
        "NDHWC": "channels_last",
        "NCDHW": "channels_first",
    }
)

_OTHER_NAMES = "its variables are called weights and biases there, kernel and bias here"
_CONVOLUTION = f"getter_compat.layers has it, with padding='same' and activation; {_OTHER_NAMES}"
_CELLS = "take a cell of tf.keras.layers, and tf.keras.layers.RNN"
_ADDONS = "it went to TensorFlow Addons, which is no longer maintained"

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "autograph": "see tf.autograph",
        "bayesflow": "see tensorflow_probability",
        "checkpoint": "see tf.train.Checkpoint",
        "cluster_resolver": "see tf.distribute.cluster_resolver",
        "compiler": "write tf.function(jit_compile=True)",
        "cudnn_rnn": "tf.keras.layers.LSTM and GRU use cuDNN; map their weights",
        "data": "see tf.data.experimental",
        "distribute": "see tf.distribute: its strategies are made with other arguments",
        "distributions": "tensorflow_probability.distributions has it",
        "eager": "TensorFlow 2 is eager: see tf.Variable, tf.GradientTape and tf.train.Checkpoint",
        "estimator": "TensorFlow 2 has no estimators any more: train with Keras",
        "feature_column": "see tf.feature_column, or the preprocessing layers of Keras",
        "framework.add_arg_scope": "pass the arguments at each call",
        "framework.arg_scope": "pass the arguments at each call",
        "framework.assign_from_checkpoint": "see getter_compat.load_tf1_checkpoint",
        "framework.assign_from_checkpoint_fn": "see getter_compat.load_tf1_checkpoint",
        "framework.create_global_step": "keep a tf.Variable of your own",
        "framework.get_global_step": "keep a tf.Variable of your own",
        "framework.get_model_variables": "see getter_compat.global_variables",
        "framework.get_or_create_global_step": "keep a tf.Variable of your own",
        "framework.get_trainable_variables": "see getter_compat.trainable_variables",
        "framework.get_variables": "see getter_compat.global_variables",
        "framework.get_variables_to_restore": "see getter_compat.global_variables",
        "framework.init_from_checkpoint": "see getter_compat.load_tf1_checkpoint",
        "framework.list_variables": "write tf.train.list_variables()",
        "framework.load_checkpoint": "write tf.train.load_checkpoint()",
        "framework.load_variable": "write tf.train.load_variable()",
        "framework.model_variable": "write getter_compat.get_variable()",
        "framework.variable": "write getter_compat.get_variable()",
        "gan": "the package tensorflow_gan has it",
        "image": _ADDONS,
        "keras": "see tf.keras",
        "layers.apply_regularization": (
            "sum the regularizer over the weights; contrib also added it to the losses"
        ),
        "layers.batch_norm": (
            "getter_compat.layers.batch_normalization has it, with momentum=0.999, scale=False, "
            "training=True and a name of its own"
        ),
        "layers.bias_add": f"add a getter_compat.get_variable(); {_OTHER_NAMES}",
        "layers.conv1d": _CONVOLUTION,
        "layers.conv2d": _CONVOLUTION,
        "layers.conv2d_transpose": _CONVOLUTION,
        "layers.conv3d": _CONVOLUTION,
        "layers.conv3d_transpose": _CONVOLUTION,
        "layers.convolution": _CONVOLUTION,
        "layers.convolution1d": _CONVOLUTION,
        "layers.convolution2d": _CONVOLUTION,
        "layers.convolution2d_transpose": _CONVOLUTION,
        "layers.convolution3d": _CONVOLUTION,
        "layers.elu": f"getter_compat.layers.dense has it, with activation; {_OTHER_NAMES}",
        "layers.embed_sequence": "write getter_compat.get_variable() and tf.nn.embedding_lookup()",
        "layers.fully_connected": (
            f"getter_compat.layers.dense has it, with activation=tf.nn.relu; {_OTHER_NAMES}"
        ),
        "layers.group_norm": "see tf.keras.layers.GroupNormalization",
        "layers.instance_norm": "see tf.keras.layers.GroupNormalization with groups=-1",
        "layers.layer_norm": (
            "tf.keras.layers.LayerNormalization normalizes the last axis only, and its epsilon "
            "is 1e-3, not 1e-12"
        ),
        "layers.linear": f"getter_compat.layers.dense has it; {_OTHER_NAMES}",
        "layers.optimize_loss": "write the training step with tf.GradientTape, or use Keras's fit",
        "layers.relu": f"getter_compat.layers.dense has it, with activation; {_OTHER_NAMES}",
        "layers.relu6": f"getter_compat.layers.dense has it, with activation; {_OTHER_NAMES}",
        "layers.repeat": "write the loop",
        "layers.separable_conv2d": _CONVOLUTION,
        "layers.separable_convolution2d": _CONVOLUTION,
        "layers.stack": "write the loop",
        "layers.sum_regularizer": "write a function that adds them up",
        "layers.unit_norm": "see tf.math.l2_normalize: its epsilon works another way",
        "learn": "TensorFlow 2 has no estimators any more: train with Keras",
        "legacy_seq2seq": "see tf.keras.layers.RNN and Attention",
        "lookup": "see tf.lookup",
        "losses": "see tf.keras.losses",
        "metrics": "see tf.keras.metrics",
        "mixed_precision": "see tf.keras.mixed_precision",
        "model_pruning": "the package tensorflow_model_optimization has it",
        "nn": "see tf.nn",
        "opt": "see tf.keras.optimizers",
        "predictor": "see tf.saved_model.load",
        "quantize": "the package tensorflow_model_optimization has it",
        "rnn": _CELLS,
        "saved_model": "see tf.saved_model",
        "seq2seq": _ADDONS,
        "signal": "see tf.signal",
        "slim": "getter_compat.layers has its layers; their variables have other names there",
        "slim.arg_scope": "pass the arguments at each call",
        "slim.learning": "write the training loop, or use Keras's fit",
        "slim.nets": "see tf.keras.applications",
        "sparsemax": "see tf.keras.activations.sparsemax",
        "staging": "see tf.data.Dataset.prefetch",
        "stateless": "see tf.random.stateless_uniform and the like",
        "summary": "tf.summary has it, and wants a step",
        "tensor_forest": "the package tensorflow_decision_forests has it",
        "tensorrt": "see tf.experimental.tensorrt",
        "tfprof": "see tf.profiler",
        "timeseries": "see tensorflow_probability.sts",
        "tpu": "see tf.distribute.TPUStrategy",
        "training.HParams": "write a class or a dict",
    }
)
"""Below `tensorflow.contrib`: what stands for it; the longest part of a name counts."""
