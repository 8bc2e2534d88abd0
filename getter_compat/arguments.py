"""How the arguments of a model function pass through Keras, which takes fewer than Python does.

Keras wants a first argument, refuses a list or dict that mixes tensors with other things, makes
tensors of some numbers, and loses a `training` that a function takes among its `**kwargs`. So a
call is bound to the function's own signature first; Keras is handed the arguments by name, shown
those that are tensors, and the others pass unseen.
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
        if self._more is not None or not defaults:
            defaults.setdefault(_TRAINING if defaults else _NOTHING, None)
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
        given = self._own.bind(*args, **kwargs).arguments
        if self._more in given and _TRAINING in given[self._more]:
            given[_TRAINING] = given[self._more].pop(_TRAINING)
        if self._first != _TRAINING:
            given.setdefault(self._first, self._defaults[self._first])
        return {name: _pack(value) for name, value in given.items()}

    def unpack(self, args: Any, kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments for the function, from what Keras handed on."""
        packed = self.for_keras.bind(*args, **kwargs).arguments
        given = {name: _unpack(value) for name, value in packed.items()}
        for name in self._collecting:
            given[name] = given.get(name) or self._collecting[name]
        training = given.get(_TRAINING)
        if (
            self._more is not None
            and _TRAINING not in self._own.parameters
            and training is not None
        ):
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


def _unpack(argument: Any) -> Any:
    return argument.value if isinstance(argument, _Unseen) else argument


def _is_tensor(value: Any) -> bool:
    return (hasattr(value, "shape") and hasattr(value, "dtype")) or _is_array(value)


def _is_array(value: Any) -> bool:
    return type(value).__module__ == "numpy"


def _as_tensor(value: Any) -> Any:
    return tf.convert_to_tensor(value) if _is_array(value) else value
