"""What the functions of contrib share: types, inputs, data formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import tensorflow as tf

from getter_compat.layers.base import is_symbolic
from getter_compat.runtime.scopes import VariableScope
from getter_compat.typing import TensorLike

Scope = str | VariableScope | None
Function = Callable[..., TensorLike] | None
CollectionNames = str | Sequence[str] | None
Collections = CollectionNames | Mapping[str, CollectionNames]  # or those of each weight

ZEROS = tf.compat.v1.zeros_initializer()
ONES = tf.compat.v1.ones_initializer()


def as_tensor(inputs: TensorLike) -> tf.Tensor:
    """Make a tensor of what a function is given."""
    refuse_symbolic(inputs)
    return tf.convert_to_tensor(inputs)


def refuse_symbolic(inputs: TensorLike) -> None:
    """Refuse an input of a functional Keras model, which has no values to compute with."""
    if is_symbolic(inputs):
        raise TypeError(
            "The functions of getter_compat.contrib compute with tensors, and were given the "
            f"symbolic input {inputs!r}. Make a model of the function that calls them, "
            "getter_compat.ScopedModel(function), and call that on the symbolic input."
        )


def channels(data_format: str | None) -> str:
    """Where the channels are, in the words of `tf.layers`."""
    is_first = data_format is not None and data_format.startswith("NC")
    return "channels_first" if is_first else "channels_last"


def check_format(data_format: object, first: str, last: str) -> None:
    """Refuse what is no data format, in TF1's words."""
    if data_format not in (first, last):
        raise ValueError(f"data_format has to be either {first} or {last}. Found {data_format!r}.")
