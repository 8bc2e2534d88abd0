"""Calls of layers of Keras 2: which one runs here, and what it computes in."""

from __future__ import annotations

from contextvars import ContextVar

import tensorflow as tf
from tf_keras.src.engine import base_layer_utils
from tf_keras.src.engine.keras_tensor import KerasTensor
from tf_keras.src.mixed_precision import autocast_variable

from getter_compat.runtime.derived import Call
from getter_compat.typing import TensorLike

# The outermost layer call that runs here. Keras 2 has one object for all the calls of a thread, so
# there is none of its own to keep ours on.
call: ContextVar[Call | None] = ContextVar("getter_compat_keras2_call", default=None)


def layer_call() -> Call | None:
    """The outermost layer call that runs here."""
    return call.get()


def is_calling() -> bool:
    """Whether a call would be part of a layer call of Keras, which knows `training`."""
    in_call: bool = base_layer_utils.call_context().in_call
    return in_call


def is_symbolic(value: TensorLike) -> bool:
    """Whether it is an input of a functional model, or holds one, or has a mask of Keras's."""
    if isinstance(value, tf.Tensor):
        return _has_mask(value)
    return any(isinstance(leaf, KerasTensor) or _has_mask(leaf) for leaf in tf.nest.flatten(value))


def _has_mask(value: object) -> bool:
    """Whether it has one: Keras 2 sets it to `None` on a tensor that a Sequential was given."""
    return getattr(value, "_keras_mask", None) is not None


def cast_to() -> tf.DType | None:
    """The dtype that the layer being called computes in."""
    return getattr(autocast_variable._autocast_dtype, "dtype", None)
