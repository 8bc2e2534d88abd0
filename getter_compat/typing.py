"""The types that this package's signatures are made of, in the words of TensorFlow 1.

TensorFlow and Keras have no types of their own: to a type checker their classes are `Any`, and so
is what is said of tensors here. What is a function, and with which arguments, it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Protocol, SupportsInt, TypeAlias

TensorLike: TypeAlias = Any
"""A `tf.Tensor`, a `tf.Variable`, or what becomes a tensor: an array, a number, a list of them."""

Structure: TypeAlias = Any
"""Tensors or arrays: one, a list, tuple or dict of them, nested, or a dataset that holds such."""

InputFn: TypeAlias = Callable[..., Structure]
"""Makes the input of an estimator: features, features and labels, or a dataset of them."""

AssignmentMap: TypeAlias = Mapping[str, TensorLike] | Iterable[tuple[str, TensorLike]]
"""From names or scopes in a checkpoint to those of the store, or to variables."""


class NextGetter(Protocol):
    """What a custom getter is given as `getter`: the next one further out, in the end the true one.

    The true getter finds or creates the variable whose full name it is given.
    """

    def __call__(self, name: str, *args: Any, **kwargs: Any) -> TensorLike:
        """Ask for the variable `name`, with the arguments of `tf.get_variable`."""


class Getter(Protocol):
    """A custom getter, called as `custom_getter(getter=..., name=..., **arguments)`.

    `name` is the full name, without `:0`. The arguments are those of `tf.get_variable` in
    TensorFlow 1.15: `shape`, `dtype`, `initializer`, `regularizer`, `reuse`, `trainable`,
    `collections`, `caching_device`, `partitioner`, `validate_shape`, `use_resource`,
    `synchronization`, `aggregation`, `constraint`. A getter inside another may be given `getter`
    and `name` by position.
    """

    def __call__(self, getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
        """Return what becomes the weight: a variable, or a tensor computed from some."""


Initializer: TypeAlias = Callable[..., TensorLike]
"""A function of a shape, a dtype and TF1's `partition_info`; or a class of such functions."""

Regularizer: TypeAlias = Callable[[TensorLike], TensorLike]
"""A function of a weight whose value, a scalar, is a loss; `None` is none."""

Constraint: TypeAlias = Callable[[TensorLike], TensorLike]
"""A function of a variable, which optimizers apply after an update."""

Activation: TypeAlias = Callable[[TensorLike], TensorLike]
"""A function of the outputs of a layer."""

Partitioner: TypeAlias = Callable[..., Any]
"""A function of a shape and a dtype that tells into how many parts each axis is split."""

Reuse: TypeAlias = bool | Enum | None
"""`True` to find variables only, `AUTO_REUSE` to find or create them; else none is shared."""


class _TensorShape(Protocol):
    def as_list(self) -> list[Any]: ...


Shape: TypeAlias = SupportsInt | Iterable[SupportsInt | None] | _TensorShape
"""A list or tuple of sizes, a `tf.TensorShape`, or a number, the size of a vector."""

Sizes: TypeAlias = SupportsInt | Iterable[SupportsInt]
"""A number, or one for each dimension."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


DType: TypeAlias = str | type | _Named
"""A `tf.DType`, a NumPy one, or the name of one."""

Name: TypeAlias = str | _Named
"""The name of a layer or a scope; or a `VariableScope`, which has one."""

State: TypeAlias = TensorLike
"""The state of a recurrent cell: a tensor, or a nested tuple of tensors."""

Step: TypeAlias = tuple[TensorLike, State]
"""What a step of a recurrent cell returns: the outputs, and the next state."""


class Cell(Protocol):
    """A recurrent cell: one of `getter_compat.nn.rnn_cell`, or whatever is called as they are.

    Its sizes are numbers, `tf.TensorShape`s, or nested tuples of them.
    """

    @property
    def state_size(self) -> Any:
        """The size of the state."""

    @property
    def output_size(self) -> Any:
        """The size of the outputs."""

    def __call__(self, inputs: TensorLike, state: State, /) -> Step:
        """Run one step: the outputs, and the next state."""


Device: TypeAlias = str | Callable[[Any], str]
"""The name of a device, or a function of an operation that tells it."""
