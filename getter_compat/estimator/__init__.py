"""`tf.estimator` of TensorFlow 1, on the sessions, savers and hooks that TensorFlow 2 still has.

A model function is called in a graph of its own, as it was; checkpoints, event files, directories
and log lines are those of TensorFlow 1.15, so that a `model_dir` of either is continued by the
other.
"""

from __future__ import annotations

import tensorflow as tf

from getter_compat.estimator import experimental, export, inputs, tpu
from getter_compat.estimator.config import RunConfig
from getter_compat.estimator.estimator import Estimator, WarmStartSettings
from getter_compat.estimator.exporters import BestExporter, Exporter, FinalExporter, LatestExporter
from getter_compat.estimator.spec import EstimatorSpec, ModeKeys
from getter_compat.estimator.training import EvalSpec, TrainSpec, train_and_evaluate

# TensorFlow 1 had its hooks under this name too.
CheckpointSaverHook = tf.compat.v1.train.CheckpointSaverHook
CheckpointSaverListener = tf.compat.v1.train.CheckpointSaverListener
FeedFnHook = tf.compat.v1.train.FeedFnHook
FinalOpsHook = tf.compat.v1.train.FinalOpsHook
GlobalStepWaiterHook = tf.compat.v1.train.GlobalStepWaiterHook
LoggingTensorHook = tf.compat.v1.train.LoggingTensorHook
NanLossDuringTrainingError = tf.compat.v1.train.NanLossDuringTrainingError
NanTensorHook = tf.compat.v1.train.NanTensorHook
ProfilerHook = tf.compat.v1.train.ProfilerHook
SecondOrStepTimer = tf.compat.v1.train.SecondOrStepTimer
SessionRunArgs = tf.compat.v1.train.SessionRunArgs
SessionRunContext = tf.compat.v1.train.SessionRunContext
SessionRunHook = tf.compat.v1.train.SessionRunHook
SessionRunValues = tf.compat.v1.train.SessionRunValues
StepCounterHook = tf.compat.v1.train.StepCounterHook
StopAtStepHook = tf.compat.v1.train.StopAtStepHook
SummarySaverHook = tf.compat.v1.train.SummarySaverHook
VocabInfo = tf.compat.v1.train.VocabInfo

__all__ = [
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
    "experimental",
    "export",
    "inputs",
    "tpu",
    "train_and_evaluate",
]
