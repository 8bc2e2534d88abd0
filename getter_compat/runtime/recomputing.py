"""Gradients that are computed apart: by functions that have their own, or are run again for them.

In TF1's graph a gradient went wherever the graph did. `tf.custom_gradient` asks only which
variables were read in its function: so a derived weight that was computed for a call before is
computed anew there. And what `tf.recompute_grad` runs again to have the gradient, runs in the
scopes that it ran in first, and finds its variables.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, TypeVar, cast

import tensorflow as tf
from tensorflow.python.eager import record
from tensorflow.python.ops import custom_gradient
from tensorflow.python.ops import gen_resource_variable_ops as operations
from tensorflow.python.ops import variable_scope as tensorflows
from tensorflow.python.util import tf_decorator

from getter_compat.runtime import adapters, callers, derived, graph, runs, scopes, weights
from getter_compat.runtime.scopes import Frame, Names
from getter_compat.typing import TensorLike

_Result = TypeVar("_Result")

# Whether code runs again, elsewhere than in a TF1 graph, to have a gradient.
_is_again: ContextVar[bool] = ContextVar("getter_compat_is_again", default=False)

_OTHER_VARIABLES = (
    "The variables used on recompute were different than the variables originally used. What "
    "tf.recompute_grad wraps is run again where the gradient is computed: make its variables by "
    "tf.get_variable or layers, which are found there, and by what it is given alone."
)


def install() -> None:
    """Have custom gradients told of what they read, and `tf.recompute_grad` find its variables."""
    for name in ("_eager_mode_decorator", "_graph_mode_decorator"):
        setattr(custom_gradient, name, _wrap_custom_gradient(getattr(custom_gradient, name)))
    for name in ("assign_variable_op", "assign_add_variable_op", "assign_sub_variable_op"):
        setattr(operations, name, _wrap_assign(getattr(operations, name)))
    custom_gradient.recompute_grad = _wrap_recompute_grad(custom_gradient.recompute_grad)
    for module in (tf, tf.compat.v1, tf.compat.v2):
        module.recompute_grad = custom_gradient.recompute_grad


def _wrap_custom_gradient(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap what calls a function that has a gradient of its own."""

    @functools.wraps(original)
    def decorator(f: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        return original(_with_own_gradient(f), tuple(map(_tensor_of_weight, args)), kwargs)

    return decorator


def _tensor_of_weight(argument: Any) -> Any:
    """A weight of Keras 3 as a tensor: TensorFlow takes it eagerly for one that is read besides."""
    is_weight = adapters.variable_of(argument) is not argument
    return tf.convert_to_tensor(argument) if is_weight else argument


def _with_own_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(f)
    def function(*args: Any, **kwargs: Any) -> Any:
        with derived.computed_apart():
            result, gradient = f(*args, **kwargs)
        return result, _apart(gradient)

    return function


def _apart(gradient: Callable[..., Any]) -> Callable[..., Any]:
    """A gradient function, which may run layers again under a tape of its own."""

    def function(*args: Any, **kwargs: Any) -> Any:
        with derived.computed_apart():
            return gradient(*args, **kwargs)

    # TensorFlow asks its signature.
    return tf_decorator.make_decorator(gradient, function)  # type: ignore[no-any-return]


def _wrap_assign(original: Callable[..., Any]) -> Callable[..., Any]:
    """Leave the statistics of layers as they are where these run again.

    TF1 collected their updates once more, after those that a step waited for. What a layer counts
    of the random numbers that it has drawn, which are integers, goes on.
    """

    @functools.wraps(original)
    def assign(resource: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_again.get() and tf.as_dtype(value.dtype).is_floating and callers.is_layer():
            return None if tf.executing_eagerly() else tf.no_op()
        return original(resource, value, *args, **kwargs)

    return assign


def _wrap_recompute_grad(original: Any) -> Any:
    @functools.wraps(original)
    def recompute_grad(f: Callable[..., Any]) -> Any:
        plain = original(f)

        def recomputed(*args: Any, **kwargs: Any) -> Any:
            if not scopes.is_active() and graph.store_here() is None:
                return plain(*args, **kwargs)
            again = _Again(f, f)
            if not tf.executing_eagerly():
                return _recompute_in_graph(again, args, kwargs)
            return original(_named(again, f))(*args, **kwargs)

        return tf_decorator.make_decorator(f, recomputed)

    return recompute_grad


def recompute(
    first: Callable[..., _Result], then: Callable[..., _Result], args: Sequence[TensorLike]
) -> _Result:
    """Run a function now, and another that does the same where the gradient is computed.

    Args:
        first: The function that runs now.
        then: What runs there, in the scopes that are open here.
        args: Tensors that both take.

    Returns:
        What the first returned.
    """
    again = _Again(first, then)
    if not tf.executing_eagerly():
        return cast(_Result, _recompute_in_graph(again, args, {}))
    original = custom_gradient.recompute_grad.__wrapped__
    return cast(_Result, original(_named(again, first))(*args))


def _named(again: _Again, f: Callable[..., Any]) -> Callable[..., Any]:
    """As a function that is called as it is: TensorFlow asks it for its name."""

    @functools.wraps(f)
    def function(*args: Any, **kwargs: Any) -> Any:
        return again(*args, **kwargs)

    return function


def _recompute_in_graph(again: _Again, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Recompute as TF1 did: its gradients, unlike a tape's, reach weights derived before.

    TensorFlow 2 recomputes otherwise in a function, and its optimizer of graphs may lose that this
    comes before a step there: gradients of `tf.gradients` had values from after it.
    """
    parts = tf.nest.flatten((tuple(args), kwargs))
    by_position = len(tf.nest.flatten(tuple(args)))
    # What is no tensor stays as it is where it has a name: it may be a flag.
    places = [i for i, part in enumerate(parts) if i < by_position or tf.is_tensor(part)]

    def run(inputs: Sequence[Any]) -> Any:
        given = dict(zip(places, inputs, strict=True))
        packed = [given.get(i, part) for i, part in enumerate(parts)]
        args_here, kwargs_here = tf.nest.pack_sequence_as((tuple(args), kwargs), packed)
        return again(*args_here, **kwargs_here)

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def function(*inputs: tf.Tensor) -> Any:
        def gradient(
            *by_outputs: tf.Tensor, variables: Sequence[tf.Variable] | None = None
        ) -> tuple[list[Any], list[Any]]:
            # What TensorFlow would merge with the first run is kept apart from it.
            arrived = [each for each in by_outputs if each is not None]
            with tf.control_dependencies(arrived):
                copies = [_copied_after(arrived[0], each) for each in inputs]
                outputs = run(copies)
            sources = [*copies, *(variables or ())]
            outputs = tf.nest.flatten(outputs)
            # What computed the inputs may have used the same variables, and has its own gradients.
            gradients = tf.gradients(outputs, sources, list(by_outputs), stop_gradients=copies)
            return gradients[: len(copies)], gradients[len(copies) :]

        return run(inputs), gradient

    return function(*(parts[i] for i in places))


def _copied_after(arrived: tf.Tensor, value: tf.Tensor) -> tf.Tensor:
    """A copy of a value, which depends on what has arrived: XLA heeds no control dependencies.

    So does TensorFlow 2's own `recompute_grad`.
    """
    if not (value.dtype.is_floating or value.dtype.is_complex):
        return tf.identity(value)
    is_some = tf.cast(tf.reduce_max(tf.reshape(tf.math.real(arrived), [-1])[:1]), tf.bool)
    zero = tf.where(tf.equal(is_some, is_some), 0.0, float("nan"))
    return tf.identity(value) + tf.cast(zero, value.dtype)


class _Again:
    """A function that is run again, in the scopes that it ran in first.

    Args:
        first: What runs first.
        then: What runs again; it has to find the variables of the first.
    """

    def __init__(self, first: Callable[..., Any], then: Callable[..., Any]) -> None:
        self._first = first
        self._then = then
        self._place: _Place | None = None
        self._used: set[Any] = set()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._place is None:
            self._place = _Place()
            result, self._used = _run_and_note(self._first, args, kwargs)
            return result
        with self._place.reopened():
            result, used = _run_and_note(self._then, args, kwargs)
        if used != self._used:
            raise ValueError(_OTHER_VARIABLES)
        return result


def _run_and_note(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[TensorLike, set[Any]]:
    with record.VariableWatcher() as watcher:
        result = function(*args, **kwargs)
    return result, {v.ref() for v in watcher.watched_variables() if v.trainable}


class _Place:
    """Where code ran: the scopes that were open, and what had been counted in them."""

    def __init__(self) -> None:
        self._around = scopes.innermost_or_none()
        self._here = scopes.innermost()
        self._counters = self._here.names.counters
        self._runs = [(run, run.state()) for run in runs.under_way()]
        call = derived.under_way()
        self._call_again = None if call is None else call.from_here()
        self._is_frozen = weights.is_frozen()
        self._counts_of_graph: dict[str, int] = {}
        if self._here.store.opens_name_scopes:
            counts = tensorflows.get_variable_scope_store().variable_scopes_count
            self._counts_of_graph = dict(counts)

    @contextmanager
    def reopened(self) -> Iterator[None]:
        """Be there again: what is asked for is found, and what is left behind is forgotten."""
        in_graph = self._here.store.opens_name_scopes
        reopened = self._reopened_in_graph() if in_graph else self._reopened_eagerly()
        token = _is_again.set(not in_graph)
        try:
            with weights.run_in(self._is_frozen), reopened:
                yield
        finally:
            _is_again.reset(token)

    @contextmanager
    def _reopened_eagerly(self) -> Iterator[None]:
        here, names = self._here, Names(self._counters, self._here.names.root)
        scope = scopes.with_reuse(here.scope, True)
        frame = Frame(here.store, names, scope, here.run, self._around)
        again = self._call_again
        call = nullcontext() if again is None else derived.one_call(again())
        with scopes.opened(frame), runs.once_more(self._runs), call:
            yield

    @contextmanager
    def _reopened_in_graph(self) -> Iterator[None]:
        counts = tensorflows.get_variable_scope_store()
        before, counts.variable_scopes_count = counts.variable_scopes_count, self._counts_of_graph
        try:
            with tf.compat.v1.variable_scope(self._here.scope, reuse=True):
                yield
        finally:
            counts.variable_scopes_count = before
