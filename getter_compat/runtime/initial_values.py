"""`v.initialized_value()`, which TensorFlow 2 has for reference variables alone, and TF1 for all.

TF1 code lets one variable begin with what another one begins with: copies of a network, sums of
gradients of the shapes of all variables.
"""

from __future__ import annotations

from contextlib import nullcontext

import tensorflow as tf
from tensorflow.python.ops.resource_variable_ops import BaseResourceVariable

from getter_compat.runtime import eager_runs, runs


def install() -> None:
    """Give resource variables the method."""
    BaseResourceVariable.initialized_value = _initialized_value


def _initialized_value(variable: tf.Variable) -> tf.Tensor:
    """The value that a variable begins with, to be what another one begins with."""
    # In a run the name scope is opened that the condition had in TF1, for the names after it.
    named = tf.name_scope("cond") if any(runs.under_way()) else nullcontext()
    with named, tf.init_scope():
        if tf.executing_eagerly():
            return eager_runs.first_value(variable)
        return tf.cond(
            tf.compat.v1.is_variable_initialized(variable),
            variable.read_value,
            lambda: variable.initial_value,
        )
