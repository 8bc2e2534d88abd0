"""Graphs whose loops and branches are TensorFlow 1's, in a program that has TensorFlow 2's.

A graph with reference variables needs them: a branch of TensorFlow 2 reads a reference before it
begins, `v.initialized_value()` thus a variable that has no value yet, and can assign to none.
TensorFlow has one switch for all graphs and threads, and asks it by one function, which this module
has look at the graph first. It knows nothing of estimators.
"""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any

import tensorflow as tf
from tensorflow.python.ops import control_flow_util

from getter_compat.runtime import patching

_IS_V1 = "_getter_compat_control_flow_is_v1"
_needs_v2: ContextVar[bool] = ContextVar("getter_compat_needs_control_flow_v2", default=False)


def install() -> None:
    """Have TensorFlow ask a graph for its control flow."""
    control_flow_util.EnableControlFlowV2 = _wrap_question(control_flow_util.EnableControlFlowV2)


def use_in(graph: tf.Graph) -> None:
    """Have TensorFlow 1's in a graph; functions in it keep TensorFlow 2's, as in TensorFlow 1."""
    setattr(graph, _IS_V1, True)


with_v2 = patching.holding(_needs_v2)
"""Wraps what writes twice to one place of a `TensorArray`, which TensorFlow 1 refuses."""


def _wrap_question(original: Any) -> Any:
    @functools.wraps(original)
    def enable_control_flow_v2(graph: tf.Graph) -> bool:
        if getattr(graph, _IS_V1, False) and not _needs_v2.get():
            return False
        return bool(original(graph))

    return enable_control_flow_v2
