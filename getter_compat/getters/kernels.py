"""Which weights a getter is for, where it is not for all of them."""

from __future__ import annotations

from getter_compat.typing import TensorLike

KERNELS = r"(^|[/_])(kernel|weights)$"
"""The names of what layers multiply by: `kernel` in `tf.layers`, `weights` in `tf.contrib`."""


def check_has_outputs(getter: str, name: str, weight: TensorLike) -> None:
    """Refuse a scalar: what a kernel multiplies by has a last dimension, its outputs."""
    if not len(weight.shape):
        raise ValueError(
            f"{getter}: {name} is a scalar, and has no outputs to normalize by. "
            "Leave it out with only=, a regular expression."
        )
