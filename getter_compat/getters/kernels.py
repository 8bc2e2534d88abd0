"""Which weights a getter is for, where it is not for all of them."""

from __future__ import annotations

KERNELS = r"(^|[/_])(kernel|weights)$"
"""The names of what layers multiply by: `kernel` in `tf.layers`, `weights` in `tf.contrib`."""
