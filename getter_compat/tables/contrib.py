"""What became of `tf.contrib`: functions with a successor, and advice on the rest."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from getter_compat.tables.initializers import BRINGING

_LAYERS = (
    "avg_pool2d avg_pool3d batch_norm bias_add conv1d conv2d conv2d_transpose conv3d "
    "conv3d_transpose convolution convolution1d convolution2d convolution2d_transpose "
    "convolution3d convolution3d_transpose dropout elu embed_sequence flatten fully_connected "
    "group_norm instance_norm layer_norm linear max_pool2d max_pool3d maxout one_hot_encoding relu "
    "relu6 repeat separable_conv2d separable_convolution2d softmax stack unit_norm"
)
_OPTIMIZE = "OPTIMIZER_CLS_NAMES OPTIMIZER_SUMMARIES optimize_loss"
_ARG_SCOPES = "add_arg_scope arg_scope arg_scoped_arguments current_arg_scope has_arg_scope"
_REGULARIZERS = (
    "apply_regularization l1_l2_regularizer l1_regularizer l2_regularizer sum_regularizer"
)
_VARIABLES = (
    "add_model_variable assign_from_checkpoint_fn filter_variables get_local_variables "
    "get_model_variables get_trainable_variables get_unique_variable get_variables "
    "get_variables_by_name get_variables_by_suffix get_variables_to_restore model_variable variable"
)
_UTILITIES = (
    "collect_named_outputs convert_collection_to_dict get_variable_collections last_dimension"
)

# Where code imports them from: what TF1 published, and the files that they are in; `tf_slim` is the
# package that slim became.
_FUNCTIONS_OF = {
    "layers": f"{_LAYERS} {_REGULARIZERS} {_OPTIMIZE} recompute_grad",
    "layers.python.layers": f"{_LAYERS} {_REGULARIZERS} {_OPTIMIZE} recompute_grad",
    "layers.python.layers.encoders": "embed_sequence",
    "layers.python.layers.layers": _LAYERS,
    "layers.python.layers.normalization": "group_norm instance_norm",
    "layers.python.layers.optimizers": _OPTIMIZE,
    "layers.python.layers.regularizers": _REGULARIZERS,
    "layers.python.layers.rev_block_lib": "recompute_grad",
    "layers.python.layers.utils": _UTILITIES,
    "layers.utils": _UTILITIES,
    "framework": f"{_ARG_SCOPES} {_VARIABLES}",
    "framework.python.ops": f"{_ARG_SCOPES} arg_scope_func_key {_VARIABLES}",
    "framework.python.ops.arg_scope": f"{_ARG_SCOPES} arg_scope_func_key",
    "framework.python.ops.variables": _VARIABLES,
    "slim": f"{_LAYERS} {_REGULARIZERS} {_OPTIMIZE} {_ARG_SCOPES} arg_scope_func_key {_VARIABLES}",
    "slim.regularizers": _REGULARIZERS,
    "slim.utils": _UTILITIES,
}
_PLACES = {f"tensorflow.contrib.{module}": names for module, names in _FUNCTIONS_OF.items()} | {
    "tf_slim": _FUNCTIONS_OF["slim"],
    "tf_slim.layers": f"{_LAYERS} {_REGULARIZERS}",
    "tf_slim.layers.layers": _LAYERS,
    "tf_slim.layers.regularizers": _REGULARIZERS,
    "tf_slim.layers.utils": _UTILITIES,
    "tf_slim.ops.arg_scope": _FUNCTIONS_OF["framework.python.ops.arg_scope"],
    "tf_slim.ops.variables": _VARIABLES,
    "tf_slim.regularizers": _REGULARIZERS,
    "tf_slim.utils": _UTILITIES,
}

# What has a module of its own in `getter_compat.contrib`.
_GRADIENTS = "add_gradients_summaries clip_gradient_norms multiply_gradients"
_OF_GRADIENTS = f"{_GRADIENTS} clip_gradient_norms_fn"
_LEARNING = f"{_GRADIENTS} create_train_op train train_step"
_LOSSES = (
    "absolute_difference add_loss compute_weighted_loss cosine_distance get_losses "
    "get_regularization_losses get_total_loss hinge_loss log_loss mean_pairwise_squared_error "
    "mean_squared_error sigmoid_cross_entropy softmax_cross_entropy sparse_softmax_cross_entropy"
)
_EVALUATION = "evaluate_once evaluation_loop wait_for_new_checkpoint"
_REPEATED = (
    "StopAfterNEvalsHook SummaryAtEndHook evaluate_once evaluate_repeatedly "
    "get_or_create_eval_step wait_for_new_checkpoint"
)
_ASSIGNING = "assign_from_checkpoint assign_from_values assign_from_values_fn"
_OWN_VARIABLES = f"{_ASSIGNING} global_variable local_variable"
_CONDITIONS = "smart_cond smart_constant_value"
_METRIC_PARTS = "aggregate_metric_map aggregate_metrics"
_SUMMARIES = (
    "SummaryWriter all_summary_ops always_record_summaries audio create_file_writer "
    "create_summary_file_writer eval_dir flush generic graph histogram image import_event "
    "initialize never_record_summaries record_summaries_every_n_global_steps scalar "
    "should_record_summaries summary_writer_initializer_op"
)
_TABLES = (
    "FastHashSpec HashTable HasherSpec IdTableWithHashBuckets InitializableLookupTableBase "
    "KeyValueTensorInitializer LookupInterface MutableDenseHashTable MutableHashTable "
    "StrongHashSpec TextFileIdTableInitializer TextFileIndex TextFileInitializer "
    "TextFileStringTableInitializer index_table_from_file index_table_from_tensor "
    "index_to_string_table_from_file index_to_string_table_from_tensor"
)
_DOCUMENTS = "ByteProcessor CategoricalVocabulary VocabularyProcessor tokenizer"
_LEARN = "tensorflow.contrib.learn.python.learn"
_IN_MODULES = (
    ("tensorflow.contrib.framework", f"{_OWN_VARIABLES} {_CONDITIONS}", "framework"),
    ("tensorflow.contrib.framework.python.ops", _OWN_VARIABLES, "framework"),
    ("tensorflow.contrib.framework.python.ops.variables", _OWN_VARIABLES, "framework"),
    ("tensorflow.contrib.learn.preprocessing", _DOCUMENTS, "preprocessing"),
    ("tensorflow.contrib.learn.preprocessing.text", _DOCUMENTS, "preprocessing"),
    (f"{_LEARN}.preprocessing", _DOCUMENTS, "preprocessing"),
    (f"{_LEARN}.preprocessing.categorical_vocabulary", _DOCUMENTS, "preprocessing"),
    (f"{_LEARN}.preprocessing.text", _DOCUMENTS, "preprocessing"),
    ("tensorflow.contrib.lookup", _TABLES, "lookup"),
    ("tensorflow.contrib.lookup.lookup_ops", _TABLES, "lookup"),
    ("tensorflow.contrib.metrics", f"accuracy {_METRIC_PARTS}", "metrics"),
    ("tensorflow.contrib.slim", _OWN_VARIABLES, "framework"),
    ("tensorflow.contrib.slim.evaluation", _EVALUATION, "evaluation"),
    ("tensorflow.contrib.slim.metrics", f"accuracy {_METRIC_PARTS}", "metrics"),
    ("tensorflow.contrib.slim.python.slim.evaluation", _EVALUATION, "evaluation"),
    ("tensorflow.contrib.summary", _SUMMARIES, "summary"),
    ("tensorflow.contrib.summary.summary", _SUMMARIES, "summary"),
    ("tensorflow.contrib.training", f"{_REPEATED} create_train_op train", "training"),
    ("tensorflow.contrib.training.python.training.evaluation", _REPEATED, "training"),
    (
        "tensorflow.contrib.training.python.training.training",
        "create_train_op train",
        "training",
    ),
    ("tensorflow.contrib.training.python.training.training", _OF_GRADIENTS, "learning"),
    ("tf_slim.evaluation", _EVALUATION, "evaluation"),
    ("tf_slim.metrics", _METRIC_PARTS, "metrics"),
    ("tf_slim.training.evaluation", _REPEATED, "training"),
    ("tensorflow.contrib.losses", _LOSSES, "losses"),
    ("tensorflow.contrib.losses.python.losses", _LOSSES, "losses"),
    ("tensorflow.contrib.losses.python.losses.loss_ops", _LOSSES, "losses"),
    ("tensorflow.contrib.slim.learning", _LEARNING, "learning"),
    ("tensorflow.contrib.slim.losses", _LOSSES, "losses"),
    ("tensorflow.contrib.slim.python.slim.learning", _LEARNING, "learning"),
    ("tensorflow.contrib.training", "HParams", "training"),
    ("tensorflow.contrib.training", _OF_GRADIENTS, "learning"),
    ("tensorflow.contrib.training.python.training.hparam", "HParams", "training"),
    ("tf_slim.learning", _LEARNING, "learning"),
    ("tf_slim.losses", _LOSSES, "losses"),
    ("tf_slim.losses.loss_ops", _LOSSES, "losses"),
)

# What TensorFlow 2 has elsewhere, with the same arguments.
_SIGNAL = (
    "frame hamming_window hann_window inverse_stft inverse_stft_window_fn "
    "linear_to_mel_weight_matrix mfccs_from_log_mel_spectrograms overlap_and_add stft"
)
_STEPS = "create_global_step get_global_step get_or_create_global_step"
_TRAIN = "tensorflow.compat.v1.train"
_DISTRIBUTIONS = (
    "Bernoulli Beta Categorical Dirichlet DirichletMultinomial Distribution Exponential "
    "FULLY_REPARAMETERIZED Gamma Laplace Multinomial NOT_REPARAMETERIZED Normal RegisterKL "
    "ReparameterizationType StudentT Uniform kl_divergence"
)
_STRATEGIES = "get_replica_context get_strategy has_strategy in_cross_replica_context"
_IN_TENSORFLOW = (
    ("tensorflow.contrib.slim.evaluation", "checkpoints_iterator", "tensorflow.train"),
    (
        "tensorflow.contrib.training.python.training.evaluation",
        "checkpoints_iterator",
        "tensorflow.train",
    ),
    ("tf_slim.evaluation", "checkpoints_iterator", "tensorflow.train"),
    ("tensorflow.contrib.framework", f"{_STEPS} init_from_checkpoint", _TRAIN),
    ("tensorflow.contrib.autograph", "Feature do_not_convert", "tensorflow.autograph.experimental"),
    ("tensorflow.contrib.checkpoint", "CheckpointManager", "tensorflow.train"),
    ("tensorflow.contrib.distribute", _STRATEGIES, "tensorflow.distribute"),
    ("tensorflow.contrib.distributions", _DISTRIBUTIONS, "tensorflow.compat.v1.distributions"),
    ("tensorflow.contrib.eager", "Checkpoint", _TRAIN),
    (
        "tensorflow.contrib.eager",
        "GradientTape TensorSpec custom_gradient executing_eagerly function",
        "tensorflow",
    ),
    ("tensorflow.contrib.framework", "TensorSpec nest", "tensorflow"),
    (
        "tensorflow.contrib.framework",
        "assert_scalar convert_to_tensor_or_sparse_tensor",
        "tensorflow.compat.v1",
    ),
    ("tensorflow.contrib.framework", "assert_same_float_dtype", "tensorflow.debugging"),
    ("tensorflow.contrib.framework.python.ops", _STEPS, _TRAIN),
    ("tensorflow.contrib.framework.python.ops.variables", _STEPS, _TRAIN),
    ("tensorflow.contrib.proto", "decode_proto encode_proto", "tensorflow.io"),
    ("tensorflow.contrib.signal", _SIGNAL, "tensorflow.signal"),
    ("tensorflow.contrib.slim", f"{_STEPS} init_from_checkpoint", _TRAIN),
    ("tensorflow.contrib.util", "make_ndarray make_tensor_proto", "tensorflow"),
)
_IN_TENSORFLOW_OTHERWISE = {
    "distribute.get_distribution_strategy": "distribute.get_strategy",
    "distribute.has_distribution_strategy": "distribute.has_strategy",
    "eager.in_eager_mode": "executing_eagerly",
    "eager.py_func": "py_function",
    "framework.get_name_scope": "get_current_name_scope",
    "framework.nest.is_sequence": "nest.is_nested",
    "metrics.set_difference": "sets.difference",
    "metrics.set_intersection": "sets.intersection",
    "metrics.set_size": "sets.size",
    "metrics.set_union": "sets.union",
    "stateless.stateless_random_normal": "random.stateless_normal",
    "stateless.stateless_random_uniform": "random.stateless_uniform",
    "stateless.stateless_truncated_normal": "random.stateless_truncated_normal",
}

SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {
        **{
            f"{module}.{name}": f"getter_compat.contrib.{name}"
            for module, names in _PLACES.items()
            for name in names.split()
        },
        **{
            f"{module}.{name}": f"getter_compat.contrib.{home}.{name}"
            for module, names, home in _IN_MODULES
            for name in names.split()
        },
    }
)
"""Functions that `getter_compat.contrib` has, with the same arguments."""

IN_TENSORFLOW: Mapping[str, str] = MappingProxyType(
    {
        f"{module}.{name}": f"{home}.{name}"
        for module, names, home in _IN_TENSORFLOW
        for name in names.split()
    }
    | {
        f"tensorflow.contrib.{old}": f"tensorflow.{new}"
        for old, new in _IN_TENSORFLOW_OTHERWISE.items()
    }
)
"""Functions that TensorFlow 2 has elsewhere, with the same arguments."""

PRIVATE_IN_NEST = (
    "assert_shallow_structure flatten_dict_items flatten_up_to flatten_with_joined_string_paths "
    "get_traverse_shallow_structure map_structure_up_to map_structure_with_paths "
    "map_structure_with_tuple_paths"
)
"""What `tf.contrib.framework.nest` has, and of TensorFlow 2 its private module alone."""

MODULES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((*_PLACES, *sorted(BRINGING - {*_PLACES})), "getter_compat.contrib")
)
"""The modules that they are in."""

MODULES_OF_TENSORFLOW: Mapping[str, str] = MappingProxyType(
    {
        "tensorflow.contrib.distributions": "tensorflow.compat.v1.distributions",
        "tensorflow.contrib.signal": "tensorflow.signal",
    }
)
"""Modules of which TensorFlow 2 has one with the same functions."""

RUNS_IN_SLIM = frozenset(
    f"tf_slim.{part}" for part in ("data", "metrics", "model_analyzer", "queues", "summaries")
)
"""What the package tf_slim 1.1.0 has that was seen to run in a graph of TensorFlow 2.21."""

FAILS_IN_SLIM: Mapping[str, str] = MappingProxyType(
    {
        "tf_slim.data.tfexample_decoder.Image": (
            "TensorFlow 2.21 has not what it calls: decode by tf.io.decode_image, in an "
            "ItemHandlerCallback"
        ),
    }
)
"""What in it was seen to fail."""

_CELLS = "getter_compat.contrib.rnn has others of its cells, and RNNCell to derive one from"
_METRICS = (
    "tf.compat.v1.metrics has most of them, without streaming_ and with labels first; tf_slim "
    "1.1.0 has them as they were; both run in a graph, and out of one see tf.keras.metrics"
)
_ADDONS = "it went to TensorFlow Addons, which is no longer maintained"

_PROJECTS = "tf.raw_ops.ImageProjectiveTransformV3 is the operation"
_DEPRECATION = "tensorflow.python.util.deprecation, which is private, has it"
_READY_MADE = "getter_compat.estimator has those with a model function: write one"
_FIT = (
    "getter_compat.estimator.Estimator takes such a model function, which returns an "
    "EstimatorSpec; fit(input_fn=f) is train(f)"
)
_SCHEDULE = (
    "write getter_compat.estimator.train_and_evaluate(estimator, TrainSpec(...), EvalSpec(...))"
)
_EXPORTERS = (
    "give EvalSpec(exporters=) a getter_compat.estimator.FinalExporter or LatestExporter, or call "
    "estimator.export_saved_model"
)
_HEADS = "write the loss by tf.compat.v1.losses, and return getter_compat.estimator.EstimatorSpec"
_COLUMNS = "write [tf.feature_column.numeric_column(name, shape=[n])]"
_READ_EXAMPLES = (
    "write tf.data.Dataset.list_files(pattern).interleave(tf.data.TFRecordDataset), then repeat, "
    "shuffle and batch"
)
_READ_FEATURES = (
    "tf.data.experimental.make_batched_features_dataset(pattern, batch_size, features) makes a "
    "dataset of them"
)

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "autograph": "see tf.autograph",
        "bayesflow": "see tensorflow_probability",
        "checkpoint": "see tf.train.Checkpoint",
        "cluster_resolver": "see tf.distribute.cluster_resolver",
        "compiler": "write tf.function(jit_compile=True)",
        "cudnn_rnn": (
            "getter_compat.contrib.cudnn_rnn has the layers, whose variables are what TF1's "
            "saveables wrote: a Saver saves them without one"
        ),
        "data": "see tf.data.experimental",
        "data.LMDBDataset": "the package tensorflow_io has one",
        "data.assert_element_shape": "give what map() returns to tf.ensure_shape",
        "data.read_batch_features": "see tf.data.experimental.make_batched_features_dataset",
        "data.reduce_dataset": "write dataset.reduce(initial_state, reduce_func)",
        "data.sliding_window_batch": (
            "write dataset.window(size, shift, stride, drop_remainder=True), and batch each of its "
            "windows in flat_map"
        ),
        "data.sloppy_interleave": "write dataset.interleave(..., deterministic=False)",
        "distribute": "see tf.distribute: its strategies are made with other arguments",
        "distributions": (
            "tensorflow_probability.distributions has it; take from there what meets it too, "
            "kl_divergence and Distribution"
        ),
        "distributions.bijectors": "tensorflow_probability.bijectors has it",
        "eager": "TensorFlow 2 is eager: see tf.Variable, tf.GradientTape and tf.train.Checkpoint",
        "eager.defun": "write tf.function",
        "eager.metrics": "see tf.keras.metrics",
        "eager.python.tfe.defun": "write tf.function",
        "eager.python.tfe.in_eager_mode": "write tf.executing_eagerly",
        "eager.python.tfe.metrics": "see tf.keras.metrics",
        "estimator.clip_gradients_by_norm": (
            "clip what the optimizer's compute_gradients gives, and give that to apply_gradients"
        ),
        "estimator": _READY_MADE,
        "feature_column": "see tf.feature_column, or the preprocessing layers of Keras",
        "eager.run_test_in_graph_and_eager_modes": (
            "tensorflow.python.framework.test_util, which is private, has it as "
            "run_in_graph_and_eager_modes"
        ),
        "framework.deprecated": _DEPRECATION,
        "framework.deprecated_arg_values": _DEPRECATION,
        "framework.deprecated_args": _DEPRECATION,
        "framework": "getter_compat.contrib.framework has its variables and smart_cond",
        "gan": "the package tensorflow_gan has it",
        "image": _ADDONS,
        "image.rotate": _PROJECTS,
        "image.transform": _PROJECTS,
        "graph_editor": "walk from operation to operation, by op.inputs and tensor.consumers()",
        "keras": "see tf.keras",
        "learn": _READY_MADE,
        "learn.BaseEstimator": _FIT,
        "learn.Estimator": _FIT,
        "learn.Experiment": _SCHEDULE,
        "learn.ExportStrategy": _EXPORTERS,
        "learn.Head": _HEADS,
        "learn.InputFnOps": (
            "write getter_compat.estimator.export.ServingInputReceiver(features, receiver_tensors)"
        ),
        "learn.MetricSpec": (
            "give EstimatorSpec(eval_metric_ops={name: tf.compat.v1.metrics...}), in the model "
            "function of a getter_compat.estimator.Estimator"
        ),
        "learn.ModelFnOps": (
            "write getter_compat.estimator.EstimatorSpec, with export_outputs in place of "
            "output_alternatives"
        ),
        "learn.NanLossDuringTrainingError": "write tf.compat.v1.train.NanLossDuringTrainingError",
        "learn.RunConfig": "write getter_compat.estimator.RunConfig",
        "learn.build_parsing_serving_input_fn": (
            "write getter_compat.estimator.export.build_parsing_serving_input_receiver_fn"
        ),
        "learn.datasets": (
            "read the files by numpy.loadtxt or Python's csv; tf.keras.datasets has some of them"
        ),
        "learn.datasets.base.maybe_download": (
            "write tf.keras.utils.get_file(name, url, cache_dir=folder, cache_subdir='')"
        ),
        "learn.datasets.load_boston": (
            "tf.keras.datasets.boston_housing.load_data() has it, in two parts"
        ),
        "learn.datasets.load_dataset": (
            "tf.keras.datasets.mnist.load_data() has mnist, as bytes and without a validation "
            "set; sklearn.datasets.load_iris() iris"
        ),
        "learn.datasets.load_iris": "sklearn.datasets.load_iris() has it",
        "learn.datasets.mnist": (
            "tf.keras.datasets.mnist.load_data() has the images, as bytes and without a "
            "validation set"
        ),
        "learn.estimators.estimator": _FIT,
        "learn.estimators.model_fn.ModelFnOps": (
            "write getter_compat.estimator.EstimatorSpec, with export_outputs in place of "
            "output_alternatives"
        ),
        "learn.estimators.run_config.RunConfig": "write getter_compat.estimator.RunConfig",
        "learn.experiment": _SCHEDULE,
        "learn.extract_pandas_data": "write frame.to_numpy(float)",
        "learn.extract_pandas_labels": "write labels.to_numpy()",
        "learn.extract_pandas_matrix": "write frame.to_numpy()",
        "learn.graph_actions": "write a loop in a tf.compat.v1.train.MonitoredTrainingSession",
        "learn.head": _HEADS,
        "learn.infer_real_valued_columns_from_input": _COLUMNS,
        "learn.infer_real_valued_columns_from_input_fn": _COLUMNS,
        "learn.io.generator_input_fn": "write tf.data.Dataset.from_generator in an input function",
        "learn.learn_io.generator_io": "write tf.data.Dataset.from_generator in an input function",
        "learn.learn_io.graph_io": _READ_FEATURES,
        "learn.learn_runner": _SCHEDULE,
        "learn.make_export_strategy": _EXPORTERS,
        "learn.models": "write the layer, by getter_compat.layers.dense, and tf.compat.v1.losses",
        "learn.monitors": (
            "hooks stand for them: getter_compat.estimator.LoggingTensorHook, StopAtStepHook, "
            "NanTensorHook, SummarySaverHook, CheckpointSaverHook, StepCounterHook"
        ),
        "learn.monitors.ValidationMonitor": (
            "getter_compat.estimator.train_and_evaluate evaluates at each checkpoint, and "
            "getter_compat.estimator.experimental.stop_if_no_decrease_hook stops early"
        ),
        "learn.monitors.replace_monitors_with_hooks": (
            "give a list of hooks, such as getter_compat.estimator.StopAtStepHook"
        ),
        "learn.multi_class_head": _HEADS,
        "learn.multi_head": _HEADS,
        "learn.multi_label_head": _HEADS,
        "learn.ops.categorical_variable": (
            "write tf.compat.v1.nn.embedding_lookup in a getter_compat.get_variable"
        ),
        "learn.ops.embedding_lookup": "write tf.compat.v1.nn.embedding_lookup",
        "learn.preprocessing": "getter_compat.contrib.preprocessing has VocabularyProcessor",
        "learn.preprocessing.CategoricalProcessor": (
            "write a getter_compat.contrib.preprocessing.CategoricalVocabulary for each column"
        ),
        "learn.read_batch_examples": _READ_EXAMPLES,
        "learn.read_batch_features": _READ_FEATURES,
        "learn.read_batch_record_features": _READ_FEATURES,
        "learn.read_keyed_batch_examples": _READ_EXAMPLES,
        "learn.read_keyed_batch_examples_shared_queue": _READ_EXAMPLES,
        "learn.read_keyed_batch_features": _READ_FEATURES,
        "learn.read_keyed_batch_features_shared_queue": _READ_FEATURES,
        "learn.regression_head": _HEADS,
        "learn.utils.export": _EXPORTERS,
        "learn.utils.make_export_strategy": _EXPORTERS,
        "learn.utils.input_fn_utils": (
            "write getter_compat.estimator.export.build_parsing_serving_input_receiver_fn"
        ),
        "learn.utils.saved_model_export_utils": _EXPORTERS,
        "layers.safe_embedding_lookup_sparse": (
            "tf.compat.v1.nn.safe_embedding_lookup_sparse takes the same arguments"
        ),
        "legacy_seq2seq": (
            "getter_compat.contrib.legacy_seq2seq has its decoders but embedding_tied_rnn_seq2seq "
            "and one2many_rnn_seq2seq"
        ),
        "lookup": "getter_compat.contrib.lookup has its tables, tf.lookup newer ones",
        "losses": "see tf.compat.v1.losses, whose functions take labels first",
        "memory_stats": "tf.config.experimental.get_memory_info('GPU:0') has it",
        "metrics": _METRICS,
        "metrics.confusion_matrix": (
            "write tf.math.confusion_matrix, whose dtype, name and weights are given by keyword"
        ),
        "mixed_precision": "see tf.keras.mixed_precision",
        "model_pruning": "the package tensorflow_model_optimization has it",
        "nccl": "tf.raw_ops.NcclAllReduce is the operation, tf.distribute.NcclAllReduce uses it",
        "nn": "see tf.nn",
        "opt": "see tf.keras.optimizers: AdamW, Adamax, Nadam, and use_ema=True for averages",
        "opt.AdamWOptimizer": "tf.keras.optimizers.AdamW is one, for programs without sessions",
        "opt.NadamOptimizer": "tf.keras.optimizers.Nadam is one, for programs without sessions",
        "opt.ScipyOptimizerInterface": (
            "give scipy.optimize.minimize a function that loads the variables from a vector, and "
            "runs the loss and its tf.gradients"
        ),
        "predictor": "see tf.compat.v1.saved_model.load for a session, else tf.saved_model.load",
        "quantize": "the package tensorflow_model_optimization has it",
        "resampler": "write tf.gather_nd of the four pixels beside each place",
        "rnn": _CELLS,
        "saved_model": "see tf.saved_model",
        "seq2seq": "getter_compat.contrib.seq2seq has its decoders, helpers and attention",
        "signal": "see tf.signal",
        "slim": "getter_compat.contrib has its layers and arg_scope",
        "slim.data": "tf_slim 1.1.0 has it, which runs in a graph; out of one see tf.data",
        "slim.learning": "getter_compat.contrib.learning has create_train_op and train",
        "slim.model_analyzer": "tf_slim 1.1.0 has it, which runs in a graph",
        "slim.nets": "see tf.keras.applications; those without batch_norm run in tf_slim 1.1.0",
        "slim.prefetch_queue": "tf_slim 1.1.0 has it, which runs in a graph; else see tf.data",
        "slim.queues": "tf_slim 1.1.0 has it, which runs in a graph",
        "slim.summaries": "tf_slim 1.1.0 has it, which runs in a graph",
        "slim.tfexample_decoder": (
            "tf_slim 1.1.0 has it, which runs in a graph; out of one see tf.io.parse_example"
        ),
        "sparsemax": "see tf.keras.activations.sparsemax",
        "staging": "see tf.data.Dataset.prefetch",
        "stateless": "see tf.random.stateless_uniform and the like",
        "summary": "getter_compat.contrib.summary has its functions",
        "tensor_forest": "the package tensorflow_decision_forests has it",
        "tensorboard": "the package tensorboard has it: from tensorboard.plugins import projector",
        "tensorrt": "see tf.experimental.tensorrt",
        "tfprof": "see tf.profiler",
        "timeseries": "see tensorflow_probability.sts",
        "tpu": "see tf.distribute.TPUStrategy",
        "tpu.Topology": "tf.tpu.experimental.Topology is one",
        "tpu.python.tpu.device_assignment": "see tf.tpu.experimental.DeviceAssignment",
        "training": "getter_compat.contrib.training has HParams, train and evaluate_repeatedly",
        "training.GreedyLoadBalancingStrategy": (
            "write a function from an operation to a device, for tf.compat.v1.train."
            "replica_device_setter(ps_strategy=)"
        ),
        **dict.fromkeys(
            ("training.bucket", "training.bucket_by_sequence_length"),
            "its queue is tf.data.Dataset.bucket_by_sequence_length now",
        ),
        **dict.fromkeys(
            ("training.rejection_sample", "training.stratified_sample"),
            "its queue is tf.data.Dataset.rejection_resample now",
        ),
        "util": "see tf.make_tensor_proto, tf.make_ndarray and tf.get_static_value",
    }
)
"""Below `tensorflow.contrib`: what stands for it; the longest part of a name counts."""
