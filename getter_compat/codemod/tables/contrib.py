"""What became of `tf.contrib`: functions with a successor, and advice on the rest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_LAYERS = (
    "avg_pool2d avg_pool3d batch_norm bias_add conv1d conv2d conv2d_transpose conv3d "
    "conv3d_transpose convolution convolution1d convolution2d convolution2d_transpose "
    "convolution3d convolution3d_transpose dropout elu embed_sequence flatten fully_connected "
    "group_norm instance_norm layer_norm linear max_pool2d max_pool3d maxout one_hot_encoding relu "
    "relu6 repeat separable_conv2d separable_convolution2d softmax stack unit_norm"
)
_ARG_SCOPES = "add_arg_scope arg_scope arg_scoped_arguments current_arg_scope has_arg_scope"
_VARIABLES = (
    "add_model_variable filter_variables get_local_variables get_model_variables "
    "get_trainable_variables get_unique_variable get_variables get_variables_by_name "
    "get_variables_by_suffix get_variables_to_restore model_variable variable"
)
_UTILITIES = "collect_named_outputs convert_collection_to_dict last_dimension"

# Where code imports them from: what TF1 published, and the files that they are in.
_PLACES = (
    ("layers layers.python.layers layers.python.layers.layers slim", _LAYERS),
    ("layers.python.layers.encoders", "embed_sequence"),
    ("layers.python.layers.normalization", "group_norm instance_norm"),
    ("framework framework.python.ops framework.python.ops.arg_scope slim", _ARG_SCOPES),
    ("slim framework.python.ops framework.python.ops.arg_scope", "arg_scope_func_key"),
    ("framework framework.python.ops framework.python.ops.variables slim", _VARIABLES),
    ("layers.python.layers.utils layers.utils slim.utils", _UTILITIES),
)

SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {
        f"tensorflow.contrib.{module}.{name}": f"getter_compat.contrib.{name}"
        for modules, names in _PLACES
        for module in modules.split()
        for name in names.split()
    }
)
"""Functions of `tf.contrib` that `getter_compat.contrib` has, with the same arguments."""

MODULES: Mapping[str, str] = MappingProxyType(
    {
        f"tensorflow.contrib.{module}": "getter_compat.contrib"
        for modules, _ in _PLACES
        for module in modules.split()
        if f"tensorflow.contrib.{module}" not in SUCCESSORS  # the function hides its module
    }
)
"""The modules that they are in."""

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
        "framework.assign_from_checkpoint": "see getter_compat.load_tf1_checkpoint",
        "framework.assign_from_checkpoint_fn": "see getter_compat.load_tf1_checkpoint",
        "framework.create_global_step": "keep a tf.Variable of your own",
        "framework.get_global_step": "keep a tf.Variable of your own",
        "framework.get_or_create_global_step": "keep a tf.Variable of your own",
        "framework.init_from_checkpoint": "see getter_compat.load_tf1_checkpoint",
        "framework.list_variables": "write tf.train.list_variables()",
        "framework.load_checkpoint": "write tf.train.load_checkpoint()",
        "framework.load_variable": "write tf.train.load_variable()",
        "gan": "the package tensorflow_gan has it",
        "image": _ADDONS,
        "keras": "see tf.keras",
        "layers.apply_regularization": (
            "sum the regularizer over the weights; contrib also added it to the losses"
        ),
        "layers.optimize_loss": "write the training step with tf.GradientTape, or use Keras's fit",
        "layers.sum_regularizer": "write a function that adds them up",
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
        "slim": "getter_compat.contrib has its layers and arg_scope",
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
