"""The types that this package's signatures are made of, in the words of TensorFlow 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

TensorLike: TypeAlias = Any
"""A `tf.Tensor`, a `tf.Variable`, or what becomes a tensor: an array, a number, a list of them.

TensorFlow has no types of its own, so that a type checker cannot be told more.
"""

Getter: TypeAlias = Callable[..., TensorLike]
"""A custom getter, called as `custom_getter(getter=..., name=..., **arguments)`.

`getter` is the next getter further out, in the end the true one, which finds or creates the
variable; `name` is the full name, without `:0`. The arguments are those of `tf.get_variable` in
TensorFlow 1.15: `shape`, `dtype`, `initializer`, `regularizer`, `reuse`, `trainable`,
`collections`, `caching_device`, `partitioner`, `validate_shape`, `use_resource`,
`synchronization`, `aggregation`, `constraint`. A getter inside another may be given `getter` and
`name` by position. What it returns becomes the weight.
"""
