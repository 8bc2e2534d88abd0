"""The classes of Keras that do not take all of TF1's arguments, made to keep them."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from getter_compat.typing import TensorLike

_OF_TF1 = (
    "axis",
    "renorm",
    "renorm_clipping",
    "renorm_momentum",
    "fused",
    "virtual_batch_size",
    "adjustment",
)


class Dropout(tf.keras.layers.Dropout):
    """Keras makes a generator of random numbers, and its variable, for any rate but 0."""

    def __init__(self, rate: TensorLike, seed: int | None, **given: Any) -> None:
        super().__init__(rate=0, **given)
        self.rate, self.seed = rate, seed


class SeparableConv1D(tf.keras.layers.SeparableConv1D):
    """Keras 3 does not pad a separable convolution causally."""

    def __init__(self, padding: str, **given: Any) -> None:
        super().__init__(**given)
        self.padding = padding


class BatchNormalization(tf.keras.layers.BatchNormalization):
    """Keras 3 knows one axis, and neither line knows all of the others."""

    def __init__(self, **given: Any) -> None:
        of_tf1 = {name: given.pop(name) for name in _OF_TF1}
        super().__init__(**given)
        for name, value in of_tf1.items():
            setattr(self, name, value)
        self._of_tf1 = of_tf1

    def get_config(self) -> dict[str, Any]:
        """The arguments. A function given as `adjustment` is left out, as in TF1."""
        return {**super().get_config(), **self._of_tf1, "adjustment": None}
