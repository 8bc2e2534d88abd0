"""How the arguments of a model function pass through Keras, which takes fewer than Python does.

Keras wants a first argument, refuses a list or dict that mixes tensors with other things, makes
tensors of some numbers, and gives `training` also to a function that has no use for it. So a call
is bound to the function's own signature first; Keras is handed the arguments by name, shown those
that are tensors, and the others pass unseen.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import tensorflow as tf

_TRAINING = "training"
_NOTHING = "nothing"  # Keras's first argument where a function has none


class Arguments:
    """The arguments of one function.

    Args:
        fn: The function.

    Attributes:
        for_keras: The signature that Keras is to see.
    """

    def __init__(self, fn: Callable[..., Any]) -> None:
        self._own = inspect.signature(fn)
        parameters = self._own.parameters.values()
        self._more = next((p.name for p in parameters if p.kind is p.VAR_KEYWORD), None)
        rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
        self._collecting: dict[str, Any] = {
            n: v for n, v in ((rest, ()), (self._more, {})) if n is not None
        }
        defaults = {p.name: None if p.default is p.empty else p.default for p in parameters}
        if not defaults:
            defaults[_NOTHING] = None
        defaults.setdefault(_TRAINING, None)  # Keras gives it to the layers that the function makes
        self._first = next(iter(defaults))
        self._defaults = defaults
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.for_keras = inspect.Signature(
            [inspect.Parameter(name, kind, default=value) for name, value in defaults.items()]
        )

    def pack(self, args: Any, kwargs: Any) -> dict[str, Any]:
        """Bind a call, as keywords for Keras.

        Raises:
            TypeError: If the function does not take these arguments, in Python's words.
        """
        context = {}
        if _TRAINING in kwargs and _TRAINING not in self._own.parameters:
            context = {_TRAINING: kwargs[_TRAINING]}
            kwargs = {name: value for name, value in kwargs.items() if name != _TRAINING}
        given = {**self._own.bind(*args, **kwargs).arguments, **context}
        if self._first != _TRAINING:
            given.setdefault(self._first, self._defaults[self._first])
        return {name: _pack(value) for name, value in given.items()}

    def tensors_in(self, packed: dict[str, Any]) -> list[Any]:
        """The types of the tensors that Keras sees, the batch of any size."""
        names = [name for name in self._defaults if name != _TRAINING]
        shown = [packed[name] for name in names if _is_shown(packed.get(name))]
        return [tf.nest.map_structure(_any_batch, value) for value in shown]

    def unpack(self, args: Any, kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments for the function, from what Keras handed on."""
        packed = self.for_keras.bind(*args, **kwargs).arguments
        given = {name: _unpack(value) for name, value in packed.items()}
        for name in self._collecting:
            given[name] = given.get(name) or self._collecting[name]
        if _TRAINING not in self._own.parameters:
            training = given.pop(_TRAINING, None)
            if self._more is not None and training is not None:
                given[self._more] = {**given[self._more], _TRAINING: training}
        bound = inspect.BoundArguments(self._own, given)
        return bound.args, bound.kwargs


class _Unseen:
    """An argument that passes Keras unseen."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return repr(self.value)


def _pack(argument: Any) -> Any:
    leaves = tf.nest.flatten(argument)
    if any(_is_array(leaf) for leaf in leaves):
        # Nothing else is copied: a function may fill a list or dict that it is given.
        argument = tf.nest.map_structure(_as_tensor, argument)
    if isinstance(argument, bool | _Unseen) or all(
        leaf is None or _is_tensor(leaf) for leaf in leaves
    ):
        return argument
    return _Unseen(argument)


def _is_shown(argument: Any) -> bool:
    leaves = tf.nest.flatten(argument)
    return bool(leaves) and all(_is_tensor(leaf) for leaf in leaves)


def _any_batch(tensor: Any) -> Any:
    if isinstance(tensor, tf.__internal__.CompositeTensor):
        return tf.type_spec_from_value(tensor)
    shape = tf.TensorShape(tensor.shape)
    return tf.TensorSpec([None, *shape[1:]] if shape.rank else shape, tensor.dtype)


def _unpack(argument: Any) -> Any:
    return argument.value if isinstance(argument, _Unseen) else argument


def _is_tensor(value: Any) -> bool:
    return (hasattr(value, "shape") and hasattr(value, "dtype")) or _is_array(value)


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy"


def _as_tensor(value: Any) -> Any:
    return tf.convert_to_tensor(value) if _is_array(value) else value
