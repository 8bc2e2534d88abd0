"""Calls of layers of Keras 3: which one runs here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf
from keras.src import backend
from keras.src.backend.common import global_state

from getter_compat.runtime.derived import Call
from getter_compat.typing import TensorLike

CALL = "_getter_compat_call"


def layer_call() -> Call | None:
    """The outermost layer call that runs here."""
    context = global_state.get_global_attribute("current_call_ctx")
    return getattr(context, CALL, None)  # a call that began before the installation has none


@contextmanager
def own_call() -> Iterator[None]:
    """Compute derived weights anew in the block: what they are made from was replaced."""
    context = global_state.get_global_attribute("current_call_ctx")
    if context is None:
        yield
        return
    outer = layer_call()
    setattr(context, CALL, Call())
    try:
        yield
    finally:
        setattr(context, CALL, outer)


def is_calling() -> bool:
    """Whether a call would be part of a layer call of Keras, which knows `training`."""
    context = global_state.get_global_attribute("current_call_ctx")
    return context is not None or backend.in_stateless_scope()


def is_symbolic(value: TensorLike) -> bool:
    """Whether it is an input of a functional model, or holds one, or has a mask of Keras's."""
    if isinstance(value, tf.Tensor):
        return hasattr(value, "_keras_mask")
    return any(
        isinstance(leaf, backend.KerasTensor) or hasattr(leaf, "_keras_mask")
        for leaf in tf.nest.flatten(value)
    )
