"""Graphs whose loops and branches are TensorFlow 1's, in a program that has TensorFlow 2's.

A graph with reference variables needs them: a branch of TensorFlow 2 reads a reference before it
begins, `v.initialized_value()` thus a variable that has no value yet, and can assign to none.
TensorFlow has one switch for all graphs and threads, and asks it by one function, which this module
has look at the graph first. It knows nothing of estimators.
"""

from __future__ import annotations

import functools
from typing import Any

import tensorflow as tf
from tensorflow.python.ops import control_flow_util

_IS_V1 = "_getter_compat_control_flow_is_v1"


def install() -> None:
    """Have TensorFlow ask a graph for its control flow."""
    control_flow_util.EnableControlFlowV2 = _wrap_question(control_flow_util.EnableControlFlowV2)


def use_in(graph: tf.Graph) -> None:
    """Have TensorFlow 1's in a graph; functions in it keep TensorFlow 2's, as in TensorFlow 1."""
    setattr(graph, _IS_V1, True)


def keep_all_outputs(original: Any) -> Any:
    """Wrap Keras's loop over time, which writes the outputs of all steps to one place.

    The `TensorArray` of TensorFlow 1 refuses that, and Keras had a place for each step there.
    """

    @functools.wraps(original)
    def rnn(*args: Any, **kwargs: Any) -> Any:
        if not control_flow_util.EnableControlFlowV2(tf.compat.v1.get_default_graph()):
            kwargs["return_all_outputs"] = True
        return original(*args, **kwargs)

    return rnn


def _wrap_question(original: Any) -> Any:
    @functools.wraps(original)
    def enable_control_flow_v2(graph: tf.Graph) -> bool:
        return not getattr(graph, _IS_V1, False) and bool(original(graph))

    return enable_control_flow_v2
