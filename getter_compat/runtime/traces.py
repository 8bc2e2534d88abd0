"""Traces: a model function runs once for each kind of input, and then its graph is run.

So TF1 had it. A `tf.function` does it for tensors. What is added here is that all else is as if the
Python had run: arguments that are no tensors tell kinds of input apart, and come back where the
function returns them; what a call left behind to be read after it holds the values of that call.
"""

from __future__ import annotations

import enum
import functools
import operator
import types
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any, ClassVar

import numpy as np
import tensorflow as tf
from tensorflow.python import pywrap_tfe
from tensorflow.python.ops.resource_variable_ops import variable_accessed

from getter_compat.runtime import lifting, runs
from getter_compat.runtime.locks import Lock

_CompositeTensor = tf.__internal__.CompositeTensor
_EagerTensor = tf.__internal__.EagerTensor

_VALUES = (bool, int, float, complex, str, bytes, type(None), enum.Enum, tf.DType, tf.TensorShape)
_TENSORS = (_EagerTensor, _CompositeTensor)
_ARRAYS = (np.ndarray, np.generic)
# What is the same after the trace: it is no tensor of it, and holds none.
_LASTING = (*_VALUES, *_ARRAYS, _EagerTensor)
_TENSOR = "tensor"  # in a kind of input
# What TensorFlow says of a loop in Python over a dataset, which in a graph has no end.
_ENDLESS = "high number of `tf.data.Iterator.get_next()` calls"


class Untraceable(Exception):  # noqa: N818 - whoever asked for a trace does without
    """What a function takes, returns or changes that no trace can."""


class Traces:
    """A function, traced once for each kind of input.

    The shapes of tensors are relaxed as `tf.function` does: a second size of an axis is any size.
    Where the function cannot be traced so, because it computes with the sizes in Python, each
    shape has a trace of its own.

    Args:
        run: The function.
        told_apart_by: What tells kinds of input apart besides the input.

    Raises:
        Untraceable: When called, if the function cannot be traced.
    """

    _all: ClassVar[weakref.WeakSet[Traces]] = weakref.WeakSet()
    _all_lock: ClassVar[Lock] = Lock()

    def __init__(self, run: Callable[..., Any], told_apart_by: Callable[[], object]) -> None:
        self._run = run
        self._told_apart_by = told_apart_by
        self._functions: dict[Any, _Function] = {}
        with self._all_lock:
            self._all.add(self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function. Arrays become tensors; nothing is cast."""
        tensors: list[Any] = []
        kind = self._told_apart_by(), self._kind((args, kwargs), tensors)
        function = self._functions.get(kind)
        if function is None:  # of two threads that find none, both take the first one's
            function = self._functions.setdefault(kind, _Function(self._run))
        return function(args, kwargs, tensors)

    def _kind(self, argument: Any, tensors: list[Any]) -> Any:
        """What an argument is apart from its tensors, which are added to a list."""
        if isinstance(argument, _TENSORS):
            tensors.append(argument)
            return _TENSOR
        if isinstance(argument, _VALUES):
            return type(argument), argument  # 1, 1.0 and True are equal
        if isinstance(argument, tuple | list):
            return type(argument), *[self._kind(part, tensors) for part in argument]
        if isinstance(argument, dict):
            parts = [(key, self._kind(part, tensors)) for key, part in _by_key(argument)]
            return type(argument), *argument, *parts  # the function may go by the order that it has
        if isinstance(argument, _ARRAYS):
            tensors.append(tf.convert_to_tensor(argument))
            return _TENSOR
        if isinstance(argument, types.MethodType):  # a new object whenever it is asked for
            return argument.__func__, self._kind(argument.__self__, tensors)
        try:
            return _Identity(argument, self._forget)
        except TypeError:  # a range, a slice: no object that is told by its identity
            return _hashable(argument)

    def _forget(self, identity: _Identity) -> None:
        """Drop the traces of an object that is no more."""
        for kind in list(self._functions):
            if _holds(kind, identity):
                self._functions.pop(kind, None)


def forget_all() -> None:
    """Have every function traced anew: what its traces compute with is not what it would be now."""
    with Traces._all_lock:
        everyone = list(Traces._all)
    for traces in everyone:
        traces._functions.clear()


def _holds(kind: Any, identity: _Identity) -> bool:
    if isinstance(kind, tuple):
        return any(_holds(part, identity) for part in kind)
    return kind is identity


def _hashable(argument: Any) -> Any:
    try:
        hash(argument)
    except TypeError:
        raise Untraceable(f"takes a {type(argument).__name__}") from None
    return type(argument), argument


class _Identity:
    """An object as a part of a kind of input: this very one, as long as it lives."""

    __slots__ = ("_hash", "_object")

    def __init__(self, value: Any, forget: Callable[[_Identity], None]) -> None:
        self._hash = id(value)
        self._object = weakref.ref(value, lambda _: forget(self))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Identity):
            return False
        value = self._object()
        return self is other or (value is not None and value is other._object())


# The arguments of the call under way: traces hold on to no object that they were made for.
_arguments: ContextVar[Any] = ContextVar("getter_compat_arguments")


def are_under_way() -> bool:
    """Whether a trace of a model is made or run here, which sees to sizes that are not known."""
    return _arguments.get(None) is not None


class _Function:
    """The traces for one kind of input, with any shapes."""

    def __init__(self, run: Callable[..., Any]) -> None:
        self._run = run
        self._relaxes = True
        self._is_traced = False
        self._first_trace = Lock()
        self._begin()

    def _begin(self) -> None:
        # AutoGraph would rewrite what was written for TF1, which had none. TensorFlow warns of code
        # that is traced too often; as a partial it is told from that of other models.
        self._function = tf.function(
            functools.partial(self._trace), autograph=False, reduce_retracing=self._relaxes
        )

    def __call__(self, args: Any, kwargs: Any, tensors: list[Any]) -> Any:
        token = _arguments.set((args, kwargs, tensors))
        try:
            return self._call(tensors)
        except _NotRelaxed:
            with self._first_trace:
                if self._relaxes:  # no other thread has seen it meanwhile
                    self._relaxes = False
                    self._begin()
            return self._call(tensors)
        finally:
            _arguments.reset(token)

    def _call(self, tensors: list[Any]) -> Any:
        if self._is_traced:
            return _settled(self._function(*tensors))
        with self._first_trace:
            if not self._is_traced:
                self._begin()  # a `tf.function` whose first trace failed is of no use
            result = self._function(*tensors)
            self._is_traced = True
        return _settled(result)

    def _trace(self, *placeholders: Any) -> _Result:
        args, kwargs, given = _arguments.get()
        is_relaxed = any(map(_is_less_known, placeholders, given))
        try:
            with lifting.tracing_with(placeholders, given):
                return self._run_in_trace(_with(iter(placeholders), (args, kwargs)), is_relaxed)
        except tf.errors.OperatorNotAllowedInGraphError as error:
            raise Untraceable("needs the value of a tensor in Python") from error
        except Exception as error:
            if _ENDLESS in str(error):
                raise Untraceable("loops over a dataset in Python") from error
            if is_relaxed:
                raise _NotRelaxed from error
            raise

    def _run_in_trace(self, arguments: Any, is_relaxed: bool) -> _Result:
        args, kwargs = arguments
        before = tf.nest.flatten(arguments)
        with runs.noting() as noted:
            outputs = self._run(*args, **kwargs)
        after = tf.nest.flatten(arguments)
        if len(before) != len(after) or any(a is not b for a, b in zip(before, after, strict=True)):
            raise Untraceable("puts something into a list or dict that it is given")
        leaves = [_returned(leaf) for leaf in _flattened(outputs)]
        if is_relaxed and any(isinstance(leaf, tf.TensorShape | None) for leaf in leaves):
            raise _NotRelaxed  # it may be a size, which is not known in this trace
        return _Trace(outputs, leaves, noted).result()


def _flattened(outputs: Any) -> list[Any]:
    """The parts of what a function returned."""
    try:
        leaves: list[Any] = tf.nest.flatten(outputs)
    except TypeError:  # TensorFlow sorts the keys
        raise Untraceable("returns a dict with keys of several kinds") from None
    return leaves


class _NotRelaxed(Exception):  # noqa: N818 - never seen outside
    """A function that was not made for axes of any size."""


def _is_less_known(placeholder: Any, given: Any) -> bool:
    known = isinstance(given, tf.Tensor)
    return known and not placeholder.shape.is_fully_defined()


def _with(placeholders: Iterator[Any], argument: Any) -> Any:
    """An argument with placeholders for its tensors, in the order of `Traces._kind`."""
    if isinstance(argument, (*_TENSORS, *_ARRAYS)):
        return next(placeholders)
    if isinstance(argument, _VALUES):
        return argument
    if isinstance(argument, tuple | list):
        parts = [_with(placeholders, part) for part in argument]
        return type(argument)(*parts) if hasattr(argument, "_fields") else type(argument)(parts)
    if isinstance(argument, dict):
        filled = argument.copy()  # a defaultdict has more than its items
        filled.update([(key, _with(placeholders, part)) for key, part in _by_key(argument)])
        return filled
    return argument


def _by_key(argument: dict[Any, Any]) -> list[tuple[Any, Any]]:
    """The items of a dict as `tf.nest` orders them, so that it is no matter which was put in first.

    A tensor that is averaged is named after its placeholder.
    """
    try:
        return sorted(argument.items(), key=operator.itemgetter(0))
    except TypeError:  # keys of several kinds
        return list(argument.items())


def _returned(leaf: Any) -> Any:
    """What a function returned, as a tensor of the trace or as what is the same after it."""
    if isinstance(leaf, tf.Variable):
        is_lasting = isinstance(getattr(leaf, "handle", None), _EagerTensor | None)
        return leaf if is_lasting and "Unread" not in type(leaf).__name__ else tf.identity(leaf)
    if isinstance(leaf, tf.Operation):
        return None  # it is run, as everything that has an effect is
    if isinstance(leaf, (*_LASTING, tf.Tensor, _CompositeTensor)) or _is_keras_variable(leaf):
        return leaf
    raise Untraceable(f"returns a {type(leaf).__name__}")


def _is_keras_variable(value: Any) -> bool:
    return hasattr(value, "path") and hasattr(value, "assign")


def _is_of_trace(value: Any) -> bool:
    if isinstance(value, (*_LASTING, tf.Variable)) or _is_keras_variable(value):
        return False
    return isinstance(value, tf.Tensor | _CompositeTensor)


def _mask(tensor: Any) -> Any:
    return getattr(tensor, "_keras_mask", None)


# The key is all that is no tensor and comes out of a trace as it is, at the price of a list.
_Result = dict["_Trace", list[Any]]


def _settled(result: _Result) -> Any:
    """What the function would have returned."""
    ((trace, tensors),) = result.items()
    return trace.settled(tensors)


class _Trace:
    """What came of one trace.

    Args:
        outputs: What the function returned.
        leaves: The parts of that, each a tensor of the trace or what is the same after it.
        noted: What its runs left behind to be read after the call.
    """

    def __init__(self, outputs: Any, leaves: list[Any], noted: runs.Noted) -> None:
        self._is_one = not tf.nest.is_nested(outputs)
        self._outputs = tf.nest.map_structure(lambda leaf: None, outputs)
        # Layers and losses of Keras go by the mask that a tensor has as an attribute.
        self._masked = [i for i, leaf in enumerate(leaves) if _mask(leaf) is not None]
        leaves = [*leaves, *(_mask(leaves[i]) for i in self._masked)]
        self._places = [i for i, leaf in enumerate(leaves) if _is_of_trace(leaf)]
        self._leaves: list[Any] = [None if _is_of_trace(leaf) else leaf for leaf in leaves]
        self._tensors = [leaves[i] for i in self._places]
        self._graph = weakref.ref(tf.compat.v1.get_default_graph())
        self._noted = noted
        self._of_call = [value for value in noted.values if value.is_usable()]

    def result(self) -> _Result:
        """What the trace returns: the tensors, and how they become what was returned."""
        tensors, self._tensors = [*self._tensors, *(v.tensor for v in self._of_call)], []
        return {self: tensors}

    def settled(self, tensors: Sequence[Any]) -> Any:
        """Leave behind what a run of the Python would, and return what it would."""
        leaves = self._leaves.copy()
        for place, tensor in zip(self._places, tensors, strict=False):
            leaves[place] = tensor
        for value, tensor in zip(self._of_call, tensors[len(self._places) :], strict=True):
            value.tensor = tensor
        self._noted.settle()
        self._tell_what_is_read()
        for place in reversed(self._masked):
            leaves[place]._keras_mask = leaves.pop()
        return leaves[0] if self._is_one else tf.nest.pack_sequence_as(self._outputs, leaves)

    def _tell_what_is_read(self) -> None:
        """Tell of variables where no tape records, as TensorFlow does where one does.

        `tf.recompute_grad` stops tapes, and has gradients by the variables that it is told of.
        """
        graph = self._graph()
        if graph is not None and pywrap_tfe.TFE_Py_TapeSetIsStopped():
            for variable in graph.variables:
                variable_accessed(variable)
