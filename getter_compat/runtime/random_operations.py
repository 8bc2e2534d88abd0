"""Random operations with seeds: each has numbers of its own, as in TF1's graphs.

There an operation drew a sequence that no other one shared, two with equal seeds the same, and went
on with it from one run to the next. Eagerly, all operations of a process that have equal seeds draw
from one sequence. So what gives a variable its first value is a graph of its own here, and what a
model function draws whose Python runs at each call is one that the next run finds by its place in
the code. A seed that such a function sets is that of the function, as it was that of a graph.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from threading import Lock
from types import ModuleType
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import execute, record
from tensorflow.python.framework import op_def_registry, random_seed
from tensorflow.python.ops import gen_candidate_sampling_ops, gen_image_ops, gen_random_ops

from getter_compat.runtime import callers, creation, eager_runs, runs

_MODULES = (gen_random_ops, gen_candidate_sampling_ops, gen_image_ops)
# What draws the same numbers where it is told their beginning: made for each variable, a graph
# would take longer than all else about it.
_BY_BEGINNING = {
    "RandomUniform": tf.raw_ops.StatelessRandomUniformV2,
    "RandomStandardNormal": tf.raw_ops.StatelessRandomNormalV2,
    "TruncatedNormal": tf.raw_ops.StatelessTruncatedNormalV2,
}
_PHILOX = 1  # the generator of all of them
_MOST = 2**31 - 1  # what TensorFlow cuts seeds off at


def install() -> None:
    """Wrap what sets and what has seeds."""
    random_seed.set_random_seed = _wrap_set_random_seed(random_seed.set_random_seed)
    random_seed.get_seed = _wrap_get_seed(random_seed.get_seed)
    for module in (tf.compat.v1, tf.compat.v1.random):
        module.set_random_seed, module.get_seed = random_seed.set_random_seed, random_seed.get_seed
    for module in _MODULES:
        for name, function in _with_seeds(module):
            setattr(module, name, _wrap(function))


def _with_seeds(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        parameters = () if "eager_fallback" in name else inspect.signature(function).parameters
        if "seed2" in parameters:
            yield name, function


def _wrap_set_random_seed(original: Any) -> Any:
    """Have a model function set the seed of its own operations: eagerly it is that of a process."""

    @functools.wraps(original)
    def set_random_seed(seed: int | None) -> None:
        whole = runs.outermost()
        if whole is not None:
            whole.seed = seed
        if whole is None or not tf.executing_eagerly():
            original(seed)

    return set_random_seed


# The seeds that the operation which is asked for next has; None where it has no seed.
_given: ContextVar[Any] = ContextVar("getter_compat_seeds", default=None)


def _wrap_get_seed(original: Any) -> Any:
    @functools.wraps(original)
    def get_seed(op_seed: Any) -> Any:
        whole = runs.outermost() if tf.executing_eagerly() else None
        if whole is None or whole.seed is None:
            seeds = original(op_seed)
            _given.set(None if op_seed is None else seeds)
            return seeds
        if op_seed is None:
            op_seed = whole.next_place("seed")
        seeds = whole.seed % _MOST, op_seed % _MOST
        seeds = (0, _MOST) if seeds == (0, 0) else seeds  # those two would be no seeds
        _given.set(seeds)
        return seeds

    return get_seed


def _wrap(original: Callable[..., Any]) -> Callable[..., Any]:
    """Run a function that has one operation in a graph, where that has numbers of its own."""
    signature, operation = inspect.signature(original), _operation_of(original.__name__)

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        seeds = kwargs.get("seed"), kwargs.get("seed2")
        is_seeded = seeds == _given.get() and not any(map(tf.is_tensor, seeds))
        if not is_seeded or not tf.executing_eagerly():
            return original(*args, **kwargs)
        how = signature.bind(*args, **kwargs).arguments
        if creation.is_making() and operation.name in _BY_BEGINNING:
            return _first_values(_BY_BEGINNING[operation.name], **how)
        graph = _graph_here(operation.name)
        if graph is None:
            return original(*args, **kwargs)
        inputs = {
            each.name: tf.convert_to_tensor(how.pop(each.name), each.type or None)
            for each in operation.input_arg
        }
        with record.stop_recording():  # else the gradient of the graph's gradient is asked for
            drawn = graph.draw(original, inputs, how)
        attributes = tuple(itertools.chain.from_iterable(how.items()))
        results = tf.nest.flatten(drawn)
        execute.record_gradient(operation.name, [*inputs.values()], attributes, results)
        return drawn

    return function


def _first_values(
    draw: Callable[..., tf.Tensor],
    shape: Any,
    dtype: Any,
    seed: int,
    seed2: int,
    name: str | None = None,
) -> tf.Tensor:
    """What an operation draws first: its seeds are the key and the counter that Philox begins at.

    So `PhiloxRandom(seed_lo, seed_hi)` begins, in TensorFlow's `philox_random.h`.
    """
    key = tf.constant([seed], tf.uint64)
    counter = tf.constant([0, seed2], tf.uint64)
    return draw(shape=shape, key=key, counter=counter, alg=_PHILOX, dtype=dtype, name=name)


def _operation_of(name: str) -> Any:
    """The operation that a function of TensorFlow has."""
    return op_def_registry.get("".join(map(str.capitalize, name.split("_"))))


def _graph_here(name: str) -> _Graph | None:
    """The graph of an operation that is asked for here, if it has one."""
    if creation.is_making():
        return _Graph()
    whole = runs.outermost() if eager_runs.is_here() else None
    if whole is None:
        return None
    place = "random operation", name, callers.place_of_the_user()
    kept: _Graph = whole.keep(place, _Graph)
    return kept


class _Graph:
    """A graph of one random operation, which goes on with its numbers."""

    def __init__(self) -> None:
        self._made: tuple[object, Any] | None = None  # what it is of, and the graph
        self._making = Lock()

    def draw(self, original: Any, inputs: dict[str, tf.Tensor], how: dict[str, Any]) -> Any:
        """What the operation draws for inputs of any shapes; a new one where it has other seeds."""
        kinds = [tf.TensorSpec(None, tensor.dtype) for tensor in inputs.values()]
        return self._function_of(original, [*inputs], how, kinds)(*inputs.values())

    def _function_of(
        self, original: Any, names: list[str], how: dict[str, Any], kinds: list[tf.TensorSpec]
    ) -> Any:
        with self._making:  # other threads may call the model meanwhile
            if self._made is None or self._made[0] != (how, kinds):

                @functools.partial(tf.function, input_signature=kinds, autograph=False)
                def drawn(*tensors: tf.Tensor) -> Any:
                    return original(**dict(zip(names, tensors, strict=True)), **how)

                self._made = (how, kinds), drawn.get_concrete_function()
            return self._made[1]
