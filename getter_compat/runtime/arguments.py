"""How the arguments of a model function pass through Keras, which takes fewer than Python does.

Keras wants a first argument, refuses a list or dict that mixes tensors with other things, makes
tensors of some numbers, and gives `training` also to a function that has no use for it, or calls it
`is_training`. So a call
is bound to the function's own signature first; Keras is handed the arguments by name, shown those
that are tensors, and the others pass unseen. A functional model keeps them as Keras was handed
them, and calls with them so.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import tensorflow as tf
import wrapt

_TRAINING = "training"
_CALLED = (_TRAINING, "is_training", "train", "is_train")  # as model functions do
_NOTHING = "nothing"  # Keras's first argument where a function has none
_WITHOUT_NAME = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.VAR_POSITIONAL,
    inspect.Parameter.VAR_KEYWORD,
)
_BY_KEYWORD = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)


class Arguments:
    """The arguments of one function.

    Args:
        fn: The function.
        training: What it calls Keras's `training`; by default the one of `training`,
            `is_training`, `train` and `is_train` that it has.

    Attributes:
        for_keras: The signature that Keras is to see.

    Raises:
        ValueError: If the function has no argument of the name that is given.
    """

    def __init__(self, fn: Callable[..., Any], training: str | None = None) -> None:
        # A decorator may supply arguments of what it wraps, or take others: what is called is bound
        # to. What that takes by `**kwargs` it hands on.
        self._own = _own_signature(fn)
        # One of wrapt shows the signature of what it wraps, and may give some of that itself.
        is_of_wrapt = isinstance(fn, wrapt.FunctionWrapper | wrapt.BoundFunctionWrapper)
        self._bind = self._own.bind_partial if is_of_wrapt else self._own.bind
        self._more = _collecting(self._own, inspect.Parameter.VAR_KEYWORD)
        self._rest = _collecting(self._own, inspect.Parameter.VAR_POSITIONAL)
        inner = self._own if self._more is None else _wrapped_signature(fn)
        known = {**inner.parameters, **self._own.parameters}
        self._training = _name_of_training(fn, known, training)
        if self._training is None and _collecting(inner, inspect.Parameter.VAR_KEYWORD):
            self._training = _TRAINING
        self._is_handed_on = self._training not in self._own.parameters
        self._place = _place_of(self._training, inner)
        self._must_have_training = (
            self._training in known and known[self._training].default is inspect.Parameter.empty
        )
        parameters = self._own.parameters.values()
        self._is_by_keyword = all(p.kind in _BY_KEYWORD for p in parameters)
        self._collecting: dict[str, Any] = {
            n: v for n, v in ((self._rest, ()), (self._more, {})) if n is not None
        }
        # What no keyword gives has a name of its own in Keras, by which calls of Keras's are known.
        self._renamed = {p.name: f"given_{p.name}" for p in parameters if p.kind in _WITHOUT_NAME}
        defaults = {
            self._renamed.get(p.name, p.name): None if p.default is p.empty else p.default
            for p in parameters
        }
        inputs = list(self._own.parameters)
        if self._is_by_keyword and self._training in inputs:
            # Keras gives the first by position.
            defaults[self._training] = defaults.pop(self._training)
            inputs.remove(self._training)
        if next(iter(inputs), None) in {None, *self._collecting}:
            defaults = {_NOTHING: None, **defaults}
        defaults.setdefault(_TRAINING, None)  # Keras gives it to the layers that the function makes
        self._first = next(iter(defaults))
        self._defaults = defaults
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.for_keras = inspect.Signature(
            [inspect.Parameter(name, kind, default=value) for name, value in defaults.items()]
        )

    def by_place(self, args: Any, kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The same call, with what has a place given by it: calls that are alike look alike."""
        if not kwargs:
            return args, kwargs
        try:
            bound = self._own.bind_partial(*args, **kwargs)
        except TypeError:  # Keras's `training`, where the function calls it otherwise; or an error
            return args, kwargs
        return bound.args, bound.kwargs

    def pack(
        self, args: Any, kwargs: Any, in_keras: bool = False, by_keras: bool = False
    ) -> dict[str, Any]:
        """Bind a call, as keywords for Keras.

        Args:
            args: The arguments by position.
            kwargs: The arguments by keyword.
            in_keras: Whether Keras may add `training`, that of a model around this one.
            by_keras: Whether it may be Keras that calls, which gives arguments by position.

        Raises:
            TypeError: If the function does not take these arguments, in Python's words.
        """
        if by_keras and self._is_by_keyword:
            args, kwargs = (), self._by_keyword(args, kwargs)
        args, kwargs = self._as_the_function_takes_them(args, kwargs)
        context = {}
        if _TRAINING in kwargs and self._comes_apart():
            context = {_TRAINING: kwargs[_TRAINING]}
            kwargs = {name: value for name, value in kwargs.items() if name != _TRAINING}
        given = {**self._bound(args, kwargs, bool(context) or in_keras), **context}
        given = {self._renamed.get(name, name): value for name, value in given.items()}
        if self._first != _TRAINING:
            given.setdefault(self._first, self._defaults[self._first])
        return {
            name: value if name == _TRAINING and isinstance(value, bool) else _pack(value)
            for name, value in given.items()
        }

    def _by_keyword(self, args: Any, kwargs: Any) -> dict[str, Any]:
        """What Keras gives by position to a function that takes nothing so, but for training."""
        if args and args[0] is None and self._first == _NOTHING:
            args = args[1:]
        no_inputs = (_NOTHING, _TRAINING, self._training)
        names = [name for name in self._defaults if name not in no_inputs]
        if len(args) > len(names):
            raise TypeError("too many positional arguments")
        given = dict(zip(names, args, strict=False))
        collected = _unpack(given.get(self._renamed.get(str(self._more), "")))
        if not isinstance(collected, Mapping | None):
            raise TypeError("too many positional arguments")
        twice = next((name for name in given if name in kwargs), None)
        if twice is not None:
            raise TypeError(f"multiple values for argument {twice!r}")
        return {**given, **kwargs}

    def _as_the_function_takes_them(self, args: Any, kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """The arguments of a call, which may be those that Keras was handed."""
        if not kwargs.keys() & self._renamed.values():
            return args, kwargs
        packed = self.for_keras.bind_partial(*args, **kwargs).arguments  # Keras 2 gives the first
        given = self._by_own_names(packed)
        bound = inspect.BoundArguments(self._own, given)
        if _TRAINING in given and _TRAINING not in self._own.parameters:
            return bound.args, {**bound.kwargs, _TRAINING: given[_TRAINING]}
        return bound.args, bound.kwargs

    def _by_own_names(self, packed: Mapping[str, Any]) -> dict[str, Any]:
        own = {shown: name for name, shown in self._renamed.items()}
        return {own.get(name, name): _unpack(value) for name, value in packed.items()}

    def _bound(self, args: Any, kwargs: Any, training_comes: bool) -> dict[str, Any]:
        """The arguments by name. That for training may be missing where it comes from Keras."""
        is_missing = (
            training_comes
            and self._must_have_training
            and not self._is_handed_on
            and self._training not in self._own.bind_partial(*args, **kwargs).arguments
        )
        if not is_missing:
            return self._bind(*args, **kwargs).arguments
        given = self._bind(*args, **kwargs, **{str(self._training): None}).arguments
        del given[str(self._training)]
        return given

    def tensors_in(self, args: Any, kwargs: Any) -> list[Any]:
        """The types of the tensors in what Keras handed on, the batch of any size."""
        packed = self.for_keras.bind(*args, **kwargs).arguments
        shown: list[Any] = []
        for name in self._defaults:
            if name != _TRAINING and _is_shown(packed.get(name)):
                given = packed[name]
                shown += given if name == self._renamed.get(str(self._rest)) else [given]
        return [tf.nest.map_structure(_any_batch, value) for value in shown]

    def unpack(self, args: Any, kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments for the function, from what Keras handed on."""
        packed = self.for_keras.bind(*args, **kwargs).arguments
        given = self._by_own_names(packed)
        for name in self._collecting:
            given[name] = given.get(name) or self._collecting[name]
        self._hand_on_training(given, given.pop(_TRAINING, None) if self._comes_apart() else None)
        bound = inspect.BoundArguments(self._own, given)
        return bound.args, bound.kwargs

    def _comes_apart(self) -> bool:
        """Whether Keras's `training` is no argument of the function by that name."""
        return self._is_handed_on or self._training != _TRAINING

    def _hand_on_training(self, given: dict[str, Any], training: Any) -> None:
        """Give the function Keras's `training` under its own name, unless the caller gave that."""
        if training is None and self._must_have_training:
            training = False  # Keras has none to give: it infers
        if training is None or self._training is None:
            return
        if self._is_handed_on:
            if self._place < len(inspect.BoundArguments(self._own, given).args):
                return
            handed_on = given[str(self._more)] = dict(given[str(self._more)])
        else:
            handed_on = given
        if handed_on.get(self._training) is None:
            handed_on[self._training] = training


def sizes_in(given: Any) -> list[tf.TensorShape | None]:
    """The shapes of the tensors in what a function is given, the batch of any size."""
    leaves = tf.nest.flatten(given)
    return [_any_batch(leaf).shape if isinstance(leaf, tf.Tensor) else None for leaf in leaves]


def with_sizes(given: Any, sizes: list[tf.TensorShape | None]) -> Iterator[Any]:
    """The same, for tensors whose last size is not known: with that, then with all of `sizes`."""
    leaves = tf.nest.flatten(given)
    for first in (-1, 1) if len(leaves) == len(sizes) else ():
        sized = [_with_size(leaf, size, first) for leaf, size in zip(leaves, sizes, strict=True)]
        if any(a is not b for a, b in zip(leaves, sized, strict=True)):
            yield tf.nest.pack_sequence_as(given, sized)


def _with_size(value: Any, size: tf.TensorShape | None, first: int) -> Any:
    if size is None or not size.rank or size[-1] is None or not isinstance(value, tf.Tensor):
        return value
    own = value.shape.as_list() if value.shape.rank is not None else [None] * size.rank
    if len(own) != size.rank or own[-1] is not None:
        return value
    known = [None] * size.rank
    known[first:] = size.as_list()[first:]
    return tf.ensure_shape(value, [a or b for a, b in zip(own, known, strict=True)])


def _own_signature(fn: Callable[..., Any]) -> inspect.Signature:
    try:
        return inspect.signature(fn, follow_wrapped=False)
    except ValueError:  # of what is written in C, as the decorator `functools.lru_cache` is
        return inspect.signature(fn)


def _wrapped_signature(fn: Callable[..., Any]) -> inspect.Signature:
    """What a decorator wraps takes."""
    try:
        return inspect.signature(fn)
    except ValueError:  # of a partial, with arguments that the decorator alone takes
        return _own_signature(fn)


def _collecting(signature: inspect.Signature, kind: Any) -> str | None:
    """The parameter that takes what has no parameter of its own, if there is one."""
    parameters = signature.parameters.values()
    return next((parameter.name for parameter in parameters if parameter.kind is kind), None)


def _place_of(name: str | None, signature: inspect.Signature) -> float:
    """The place of an argument that may be given by position."""
    by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [p.name for p in signature.parameters.values() if p.kind in by_position]
    return names.index(name) if name in names else float("inf")


def _name_of_training(
    fn: Callable[..., Any], known: Mapping[str, inspect.Parameter], given: str | None
) -> str | None:
    """What a function calls Keras's `training`."""
    if given is None:
        fixed = fn.keywords if isinstance(fn, functools.partial) else {}
        return next((n for n in _CALLED if n in known and n not in fixed), None)
    if given not in known:
        raise ValueError(
            f"training={given!r}: the model function has no argument of that name, but "
            f"{', '.join(known) or 'none'}."
        )
    return given


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
    if isinstance(argument, _Unseen) or all(leaf is None or _is_tensor(leaf) for leaf in leaves):
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
