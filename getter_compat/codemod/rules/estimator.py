"""`tf.estimator`, and the TPUEstimator of contrib, become `getter_compat.estimator`.

Arguments, checkpoints, event files and log lines stay those of TensorFlow 1. Ready-made estimators
(`DNNClassifier` and the like) and those of `tf.contrib.learn` are left for a person.

Before:

    estimator = tf.estimator.Estimator(model_fn, "/tmp/model")
    spec = tf.contrib.tpu.TPUEstimatorSpec(mode, loss=loss)

After:

    estimator = getter_compat.estimator.Estimator(model_fn, "/tmp/model")
    spec = getter_compat.estimator.tpu.TPUEstimatorSpec(mode, loss=loss)
"""

from getter_compat.codemod.rules import Rule
from getter_compat.tables.estimator import SUCCESSORS

rule = Rule(__name__)

rule.renames(SUCCESSORS)
