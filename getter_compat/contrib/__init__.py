"""`tf.contrib.layers`, slim and `arg_scope` of TensorFlow 1, on TensorFlow 2.

Arguments, defaults, names (`fully_connected/weights`, `Conv/biases`, `BatchNorm/beta`), sharing of
variables, collections and numbers are those of TensorFlow 1.15; the functions of
`tf.contrib.layers`, `tf.contrib.framework` and `tf.contrib.slim` are together here, as in slim.

Statistics of batch normalization are updated by the call itself: there is no `UPDATE_OPS` to run.
"""

from __future__ import annotations

from getter_compat.contrib import crf as crf
from getter_compat.contrib import cudnn_rnn as cudnn_rnn
from getter_compat.contrib import (
    evaluation,
    framework,
    learning,
    lookup,
    losses,
    metrics,
    preprocessing,
    summary,
    training,
)
from getter_compat.contrib import legacy_seq2seq as legacy_seq2seq
from getter_compat.contrib import rnn as rnn
from getter_compat.contrib import seq2seq as seq2seq
from getter_compat.contrib.arg_scopes import (
    add_arg_scope,
    arg_scope,
    arg_scope_func_key,
    arg_scoped_arguments,
    current_arg_scope,
    has_arg_scope,
)
from getter_compat.contrib.initializers import (
    variance_scaling_initializer,
    xavier_initializer,
    xavier_initializer_conv2d,
)
from getter_compat.contrib.layers import (
    bias_add,
    conv1d,
    conv2d,
    conv2d_transpose,
    conv3d,
    conv3d_transpose,
    convolution,
    convolution1d,
    convolution2d,
    convolution2d_transpose,
    convolution3d,
    convolution3d_transpose,
    elu,
    embed_sequence,
    fully_connected,
    linear,
    relu,
    relu6,
    separable_conv2d,
    separable_convolution2d,
)
from getter_compat.contrib.normalization import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
)
from getter_compat.contrib.optimizers import (
    OPTIMIZER_CLS_NAMES,
    OPTIMIZER_SUMMARIES,
    optimize_loss,
)
from getter_compat.contrib.outputs import (
    collect_named_outputs,
    convert_collection_to_dict,
)
from getter_compat.contrib.recomputing import recompute_grad
from getter_compat.contrib.regularizers import (
    apply_regularization,
    l1_l2_regularizer,
    l1_regularizer,
    l2_regularizer,
    sum_regularizer,
)
from getter_compat.contrib.shaping import (
    avg_pool2d,
    avg_pool3d,
    dropout,
    flatten,
    last_dimension,
    max_pool2d,
    max_pool3d,
    maxout,
    one_hot_encoding,
    repeat,
    softmax,
    stack,
    unit_norm,
)
from getter_compat.contrib.variables import (
    add_model_variable,
    assign_from_checkpoint_fn,
    filter_variables,
    get_local_variables,
    get_model_variables,
    get_trainable_variables,
    get_unique_variable,
    get_variable_collections,
    get_variables,
    get_variables_by_name,
    get_variables_by_suffix,
    get_variables_to_restore,
    model_variable,
    variable,
)

__all__ = [
    "OPTIMIZER_CLS_NAMES",
    "OPTIMIZER_SUMMARIES",
    "add_arg_scope",
    "add_model_variable",
    "apply_regularization",
    "arg_scope",
    "arg_scope_func_key",
    "arg_scoped_arguments",
    "assign_from_checkpoint_fn",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bias_add",
    "collect_named_outputs",
    "conv1d",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "convert_collection_to_dict",
    "convolution",
    "convolution1d",
    "convolution2d",
    "convolution2d_transpose",
    "convolution3d",
    "convolution3d_transpose",
    "current_arg_scope",
    "dropout",
    "elu",
    "embed_sequence",
    "evaluation",
    "filter_variables",
    "flatten",
    "framework",
    "fully_connected",
    "get_local_variables",
    "get_model_variables",
    "get_trainable_variables",
    "get_unique_variable",
    "get_variable_collections",
    "get_variables",
    "get_variables_by_name",
    "get_variables_by_suffix",
    "get_variables_to_restore",
    "group_norm",
    "has_arg_scope",
    "instance_norm",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "last_dimension",
    "layer_norm",
    "learning",
    "linear",
    "lookup",
    "losses",
    "max_pool2d",
    "max_pool3d",
    "maxout",
    "metrics",
    "model_variable",
    "one_hot_encoding",
    "optimize_loss",
    "preprocessing",
    "recompute_grad",
    "relu",
    "relu6",
    "repeat",
    "separable_conv2d",
    "separable_convolution2d",
    "softmax",
    "stack",
    "sum_regularizer",
    "summary",
    "training",
    "unit_norm",
    "variable",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]
