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
    ("tensorflow.contrib.tpu", TPU, ".tpu"),
    ("tensorflow.contrib.tpu.python.tpu.tpu_config", TPU, ".tpu"),
    ("tensorflow.contrib.tpu.python.tpu.tpu_estimator", TPU, ".tpu"),
    ("tensorflow.contrib.tpu.python.tpu.tpu_optimizer", TPU, ".tpu"),
    ("tensorflow.python.estimator.estimator", NAMES, ""),
    ("tensorflow.python.estimator.estimator_lib", NAMES, ""),
    ("tensorflow.python.estimator.export.export", EXPORT, ".export"),
    ("tensorflow.python.estimator.export.export_output", EXPORT, ".export"),
    ("tensorflow.python.estimator.inputs.inputs", INPUTS, ".inputs"),
    ("tensorflow.python.estimator.inputs.numpy_io", INPUTS, ".inputs"),
    ("tensorflow.python.estimator.inputs.pandas_io", INPUTS, ".inputs"),
    ("tensorflow.python.estimator.model_fn", NAMES, ""),
    ("tensorflow.python.estimator.run_config", NAMES, ""),
    ("tensorflow.python.estimator.training", NAMES, ""),
)

SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {
        **{f"{old}.{name}": f"{_NEW}{new}.{name}" for old, names, new in _PLACES for name in names},
        # The estimators of contrib were others, with the same modes.
        "tensorflow.contrib.learn.ModeKeys.TRAIN": f"{_NEW}.ModeKeys.TRAIN",
        "tensorflow.contrib.learn.ModeKeys.EVAL": f"{_NEW}.ModeKeys.EVAL",
        "tensorflow.contrib.learn.ModeKeys.INFER": f"{_NEW}.ModeKeys.PREDICT",
        "tensorflow.python.estimator.model_fn.ModeKeys": f"{_NEW}.ModeKeys",
    }
)
"""What stands for a name."""
