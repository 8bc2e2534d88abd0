"""Estimators: what `getter_compat.estimator` has of `tf.estimator`, and where else it stood."""

from collections.abc import Mapping
from types import MappingProxyType

_NEW = "getter_compat.estimator"

NAMES = (
    "BestExporter",
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "Estimator",
    "EstimatorSpec",
    "EvalSpec",
    "Exporter",
    "FeedFnHook",
    "FinalExporter",
    "FinalOpsHook",
    "GlobalStepWaiterHook",
    "LatestExporter",
    "LoggingTensorHook",
    "ModeKeys",
    "NanLossDuringTrainingError",
    "NanTensorHook",
    "ProfilerHook",
    "RunConfig",
    "SecondOrStepTimer",
    "SessionRunArgs",
    "SessionRunContext",
    "SessionRunHook",
    "SessionRunValues",
    "StepCounterHook",
    "StopAtStepHook",
    "SummarySaverHook",
    "TrainSpec",
    "VocabInfo",
    "WarmStartSettings",
    "train_and_evaluate",
)
EXPERIMENTAL = (
    "make_early_stopping_hook",
    "stop_if_higher_hook",
    "stop_if_lower_hook",
    "stop_if_no_decrease_hook",
    "stop_if_no_increase_hook",
)
EXPORT = (
    "ClassificationOutput",
    "EvalOutput",
    "ExportOutput",
    "PredictOutput",
    "RegressionOutput",
    "ServingInputReceiver",
    "TensorServingInputReceiver",
    "TrainOutput",
    "build_parsing_serving_input_receiver_fn",
    "build_raw_serving_input_receiver_fn",
)
INPUTS = ("numpy_input_fn", "pandas_input_fn")
TPU = (
    "CrossShardOptimizer",
    "InputPipelineConfig",
    "RunConfig",
    "TPUConfig",
    "TPUEstimator",
    "TPUEstimatorSpec",
)

# By module of TensorFlow 1: the names in it, and the module of `getter_compat.estimator`.
_PLACES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("tensorflow.estimator", NAMES, ""),
    ("tensorflow.estimator.experimental", EXPERIMENTAL, ".experimental"),
    ("tensorflow.estimator.export", EXPORT, ".export"),
    ("tensorflow.estimator.inputs", INPUTS, ".inputs"),
    ("tensorflow.estimator.tpu", TPU, ".tpu"),
    ("tensorflow.contrib.estimator", EXPERIMENTAL, ".experimental"),
    ("tensorflow.contrib.estimator.python.estimator.early_stopping", EXPERIMENTAL, ".experimental"),
    ("tensorflow.contrib.tpu", TPU, ".tpu"),
    ("tensorflow.contrib.tpu.python.tpu.tpu_config", TPU, ".tpu"),
    ("tensorflow.contrib.tpu.python.tpu.tpu_estimator", TPU, ".tpu"),
    ("tensorflow.contrib.tpu.python.tpu.tpu_optimizer", TPU, ".tpu"),
    ("tensorflow.python.estimator.early_stopping", EXPERIMENTAL, ".experimental"),
    ("tensorflow.python.estimator.estimator", NAMES, ""),
    ("tensorflow.python.estimator.estimator_lib", EXPERIMENTAL, ".experimental"),
    ("tensorflow.python.estimator.estimator_lib", NAMES, ""),
    ("tensorflow.python.estimator.estimator_lib", ("TPUEstimator",), ".tpu"),
    ("tensorflow.python.estimator.export.export", EXPORT, ".export"),
    ("tensorflow.python.estimator.export.export_lib", EXPORT, ".export"),
    ("tensorflow.python.estimator.export.export_output", EXPORT, ".export"),
    ("tensorflow.python.estimator.exporter", NAMES, ""),
    ("tensorflow.python.estimator.hooks.basic_session_run_hooks", NAMES, ""),
    ("tensorflow.python.estimator.hooks.session_run_hook", NAMES, ""),
    ("tensorflow.python.estimator.inputs.inputs", INPUTS, ".inputs"),
    ("tensorflow.python.estimator.inputs.numpy_io", INPUTS, ".inputs"),
    ("tensorflow.python.estimator.inputs.pandas_io", INPUTS, ".inputs"),
    ("tensorflow.python.estimator.mode_keys", ("ModeKeys",), ""),
    ("tensorflow.python.estimator.model_fn", NAMES, ""),
    ("tensorflow.python.estimator.run_config", NAMES, ""),
    ("tensorflow.python.estimator.tpu.tpu_config", TPU, ".tpu"),
    ("tensorflow.python.estimator.tpu.tpu_estimator", TPU, ".tpu"),
    ("tensorflow.python.estimator.training", NAMES, ""),
    ("tensorflow.python.tpu.tpu_config", TPU, ".tpu"),
    ("tensorflow.python.tpu.tpu_estimator", TPU, ".tpu"),
)

SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {
        **{f"{old}.{name}": f"{_NEW}{new}.{name}" for old, names, new in _PLACES for name in names},
        # The estimators of contrib were others, with the same modes.
        "tensorflow.contrib.learn.ModeKeys.TRAIN": f"{_NEW}.ModeKeys.TRAIN",
        "tensorflow.contrib.learn.ModeKeys.EVAL": f"{_NEW}.ModeKeys.EVAL",
        "tensorflow.contrib.learn.ModeKeys.INFER": f"{_NEW}.ModeKeys.PREDICT",
    }
)
"""What stands for a name."""

_LEARN = "tensorflow.contrib.learn"

RUN_CONFIG = (
    f"{_LEARN}.RunConfig",
    f"{_LEARN}.python.learn.RunConfig",
    f"{_LEARN}.python.learn.estimators.run_config.RunConfig",
)
"""Where contrib had a configuration of its own."""

OF_RUN_CONFIG = (
    "master",
    "num_cores",
    "log_device_placement",
    "gpu_memory_fraction",
    "tf_random_seed",
    "save_summary_steps",
    "save_checkpoints_secs",
    "save_checkpoints_steps",
    "keep_checkpoint_max",
    "keep_checkpoint_every_n_hours",
    "log_step_count_steps",
    "protocol",
    "evaluation_master",
    "model_dir",
    "session_config",
    "session_creation_timeout_secs",
)
"""Its parameters, in its order."""

_SESSION = "say it in session_config=tf.compat.v1.ConfigProto"
NOT_OF_RUN_CONFIG: Mapping[str, str] = MappingProxyType(
    {
        "evaluation_master": "there is one machine",
        "gpu_memory_fraction": (
            f"{_SESSION}(gpu_options=tf.compat.v1.GPUOptions(per_process_gpu_memory_fraction=...))"
        ),
        "log_device_placement": f"{_SESSION}(log_device_placement=...)",
        "master": "there is one machine",
        "num_cores": (
            f"{_SESSION}(inter_op_parallelism_threads=..., intra_op_parallelism_threads=...)"
        ),
    }
)
"""Those that `getter_compat.estimator.RunConfig` has not, and what there is instead."""

_INPUT = ("x", "y", "batch_size", "num_epochs", "shuffle", "queue_capacity", "num_threads")
INPUTS_OF_LEARN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        f"{_LEARN}.{module}.{name}": parameters
        for name, parameters in (
            ("numpy_input_fn", _INPUT),
            ("pandas_input_fn", (*_INPUT, "target_column")),
        )
        for module in (
            "io",
            f"io.{name.partition('_')[0]}_io",
            "python.learn.learn_io",
            f"python.learn.learn_io.{name.partition('_')[0]}_io",
        )
    }
)
"""Its input functions, which shuffle if nothing else is said, and their parameters."""
