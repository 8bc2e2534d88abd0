"""What TensorFlow 2 refuses eagerly, in a run of a model function whose Python runs at each call.

TF1 asked its graph for gradients of what had been computed, and built its metrics and the rates of
its optimizers into it. A trace is such a graph. Without one a tape records the run, and a metric or
a rate is a small graph of its own.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any

import tensorflow as tf
from tensorflow.python.eager import record
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops import gradients_util

from getter_compat.runtime import adapters, runs


class _Run:
    """An eager run of a model function.

    Args:
        tape: What records it.
        function: Runs the function, as a run of its own.
        arguments: What it is given, by place and by name.

    Attributes:
        first_values: What its variables held when it came to them, by identity.
        around: The run that this one is in, if it is in one.
    """

    def __init__(
        self, tape: tf.GradientTape, function: Callable[..., object], arguments: Any
    ) -> None:
        self.tape = tape
        self.first_values: dict[int, tf.Tensor] = {}
        self.around = runs.innermost()
        self._function, self._arguments = function, arguments
        self._before = copy_context()  # no scope that the run opens is in it
        self._told: dict[_Call, Any] | None = None

    def told_by_a_graph(self, call: _Call) -> Any:
        """What the function tells of a call when it runs in a graph.

        Raises:
            RuntimeError: If the function cannot run in a graph, or comes to no such call there.
        """
        if self._told is None:
            with self.tape.stop_recording():
                self._told = self._before.run(_told_by_a_graph, self._function, self._arguments)
        if call not in self._told:
            raise RuntimeError(
                f"{call[0]} in a model function that runs eagerly: what only a graph knows of it "
                "is learnt by running the function in a graph, too, which came to no such call. "
                "Have the model traced (leave run_eagerly out), or let the function do the same "
                "whenever it runs."
            )
        return self._told[call]


_run: ContextVar[_Run | None] = ContextVar("getter_compat_eager_run", default=None)


@contextmanager
def recorded(function: Callable[..., object], arguments: Any) -> Iterator[None]:
    """Record a block, if it is an eager run of a model function; one in it is a part of it.

    Args:
        function: Runs the function, as a run of its own.
        arguments: What it is given: TF1 could ask for gradients by a placeholder.
    """
    if not tf.executing_eagerly() or tf.distribute.has_strategy():  # which has several of each
        yield
        return
    around = _run.get()
    if around is not None:
        _watch(around.tape, arguments)
        yield
        return
    with tf.GradientTape(persistent=True) as tape:
        token = _run.set(_Run(tape, function, arguments))
        try:
            _watch(tape, arguments)
            yield
        finally:
            _run.reset(token)


def _watch(tape: tf.GradientTape, arguments: Any) -> None:
    for argument in tf.nest.flatten(arguments):
        if isinstance(argument, tf.Tensor) and _is_differentiable(argument):
            tape.watch(argument)


def _here() -> _Run | None:
    return _run.get() if tf.executing_eagerly() else None


def is_here() -> bool:
    """Whether a model function runs eagerly here."""
    return _here() is not None


def note(variable: tf.Variable) -> None:
    """Note that such a run has come to a variable, trained or not."""
    run = _here()
    if run is None or id(variable) in run.first_values:
        return
    if _is_differentiable(variable):
        run.tape.watch(variable)
    run.first_values[id(variable)] = variable.read_value()


def _is_differentiable(value: Any) -> bool:
    return bool(value.dtype.is_floating or value.dtype.is_complex)


def first_value(variable: tf.Variable) -> tf.Tensor:
    """The value of a variable before such a run has changed it; elsewhere its value now."""
    run = _here()
    value = None if run is None else run.first_values.get(id(variable))
    return variable.read_value() if value is None else value


# A function of which only a graph knows all, and which call of it in the run.
_Call = tuple[str, int]
_AVERAGED = "tf.train.ExponentialMovingAverage.apply"
_STOPPED = "tf.gradients(stop_gradients=...)"


class _Telling:
    """What a model function tells that runs in a graph which is never run."""

    def __init__(self) -> None:
        self.told: dict[_Call, Any] = {}
        self.around = runs.innermost()


_telling: ContextVar[_Telling | None] = ContextVar("getter_compat_telling", default=None)


def _told_by_a_graph(function: Callable[..., object], arguments: Any) -> dict[_Call, Any]:
    telling, graph = _Telling(), FuncGraph("for_names")
    _telling.set(telling)  # in a context of its own
    try:
        with graph.as_default():
            function(*tf.nest.map_structure(_in(graph), arguments, expand_composites=True))
    except Exception as error:
        raise RuntimeError(
            "A model function that runs eagerly averages tensors, or has gradients stop at some. "
            "What the averages are called, and which gradients there are, only a graph knows, and "
            f"in one the function fails: {error}"
        ) from error
    return telling.told


def _in(graph: FuncGraph) -> Callable[[Any], Any]:
    """Put tensors into a graph, in which gradients by them can be asked for."""

    def put(value: Any) -> Any:
        return graph.capture(value) if isinstance(value, tf.__internal__.EagerTensor) else value

    return put


def is_telling() -> bool:
    """Whether a model function runs here to tell what only a graph knows, and for nothing else."""
    return _telling.get() is not None


def _tell(function: str, fact: Callable[[], Any]) -> None:
    """Tell something of a call in a graph, if an eager run asks for it."""
    telling, run = _telling.get(), _run.get()
    if telling is not None:
        telling.told[_call_of(function, telling.around)] = fact()
    elif run is not None:  # in a branch that does not run: the call counts
        _call_of(function, run.around)


def _ask(function: str) -> Any:
    """What a graph tells of a call."""
    run = _here()
    assert run is not None
    return run.told_by_a_graph(_call_of(function, run.around))


def _call_of(function: str, around: runs.Rerun | None) -> _Call:
    """A call, by its number in the model's run, where all turns of a loop have the same ones."""
    *_, run = itertools.takewhile(lambda run: run is not around, runs.under_way())
    return function, run.next_place(function)


def named(tensors: list[tf.Tensor]) -> list[tf.Tensor]:
    """What averages of tensors are named after: in an eager run the tensors of a graph."""
    if not tensors:
        return []
    if is_here():
        found: list[tf.Tensor] = _ask(_AVERAGED)
        return found
    _tell(_AVERAGED, lambda: tensors)
    return tensors


# The graph that is built here for the names in it alone, of a branch that does not run.
_for_names: ContextVar[tf.Graph | None] = ContextVar("getter_compat_for_names", default=None)


@contextmanager
def for_names(graph: tf.Graph) -> Iterator[None]:
    """Have code in a block, which does not run, know of gradients whether there are any."""
    token = _for_names.set(graph)
    try:
        with graph.as_default():
            yield
    finally:
        _for_names.reset(token)


def _for_names_here() -> bool:
    return _for_names.get() is tf.compat.v1.get_default_graph() and _run.get() is not None


def _with_those_of_the_run(original: Any, ys: Any, xs: list[Any], found: list[Any]) -> list[Any]:
    """Gradients in a graph for names, with zeros for those by what the run computed before it."""
    run, captures = _run.get(), tf.compat.v1.get_default_graph().captures
    assert run is not None
    taken = [(outer, inner) for outer, inner in captures if _is_differentiable(outer)]
    by_taken = original(ys, [inner for _, inner in taken])
    used = [outer for (outer, _), by in zip(taken, by_taken, strict=True) if by is not None]
    with tf.init_scope():
        before = run.tape.gradient(used, xs) if used else [None] * len(xs)
    return [
        tf.zeros(x.shape, x.dtype) if by is None and was is not None else by
        for x, by, was in zip(xs, found, before, strict=True)
    ]


def gradients(
    ys: Any,
    xs: list[Any],
    grad_ys: Any = None,
    unconnected: tf.UnconnectedGradients = tf.UnconnectedGradients.NONE,
    stops: Sequence[tf.Tensor] = (),
) -> list[Any]:
    """The gradients of the sum of `ys` by each of `xs`, as `tf.gradients` gives them in a graph.

    Raises:
        RuntimeError: If a tensor is none that the run computed of its arguments and variables, or
            if what passes the tensors at which gradients stop cannot be told.
    """
    run = _here()
    assert run is not None
    for x in xs:
        if isinstance(x, tf.Tensor) and not record.should_record_backprop([x]):
            raise RuntimeError(
                "tf.gradients in a model function that runs eagerly: it asks for the gradient by a "
                f"tensor of shape {x.shape} that was computed of no argument and no variable of "
                "the model, which eager execution does not record. Have the model traced (leave "
                "run_eagerly out), or hand the tensor to the function as an argument."
            )
    if not stops:
        found: list[Any] = run.tape.gradient(ys, xs, grad_ys, unconnected)
        return found
    are_there = _ask(_STOPPED)
    found = _stopped(run.tape, tf.nest.flatten(ys), xs, grad_ys, stops)
    if are_there is None or not all(map(_is_finite, found)):
        raise RuntimeError(
            "tf.gradients(stop_gradients=...) in a model function that runs eagerly: what stops "
            "cannot be told from what passes, which is recorded, too, where it is not finite, or "
            "where an operation has several results. Have the model traced (leave run_eagerly "
            "out), or put tf.stop_gradient around those tensors."
        )
    none = None if unconnected is tf.UnconnectedGradients.NONE else tf.zeros_like
    return [
        by if is_there else none and none(x)
        for x, by, is_there in zip(xs, found, are_there, strict=True)
    ]


def _stopped(
    tape: tf.GradientTape, ys: list[Any], xs: list[Any], grad_ys: Any, stops: Sequence[tf.Tensor]
) -> list[Any]:
    """Gradients that stop at tensors, by a tape that has recorded what is behind them.

    What arrives at such a tensor is sent there once more, with the other sign: nothing goes on.
    """
    stops = [stop for stop in stops if record.should_record_backprop([stop])]
    sent = [tf.zeros_like(stop) for stop in stops]
    grad_ys = [tf.ones_like(y) for y in ys] if grad_ys is None else tf.nest.flatten(grad_ys)
    for _ in stops:  # what is sent to one changes what arrives at another
        arriving = tape.gradient([*ys, *stops], stops, [*grad_ys, *sent])
        sent = [s - a for s, a in zip(sent, arriving, strict=True)]
    arrived = {id(stop): -s for stop, s in zip(stops, sent, strict=True)}
    passed = tape.gradient([*ys, *stops], xs, [*grad_ys, *sent])
    return [arrived.get(id(x), by) for x, by in zip(xs, passed, strict=True)]


def _tensors(stop_gradients: Any) -> list[tf.Tensor]:
    """Those at which gradients stop; in TF1 a variable there was without effect."""
    stops = [] if stop_gradients is None else tf.nest.flatten(stop_gradients)
    return [stop for stop in stops if isinstance(stop, tf.Tensor)]


def _is_finite(gradient: Any) -> bool:
    values = getattr(gradient, "values", gradient)
    return values is None or bool(tf.reduce_all(tf.math.is_finite(tf.abs(values))))


def _gradients_there_are(found: list[Any], stops: list[tf.Tensor]) -> list[bool] | None:
    """Which gradients there are; `None` where stops are more than their tensors.

    TensorFlow stops at the operation, with all of its results.
    """
    if any(len(stop.op.outputs) > 1 for stop in stops):
        return None
    return [gradient is not None for gradient in found]


def install() -> None:
    """Have gradients, metrics and rates work in such runs."""
    gradients_util._GradientsHelper = _wrap_gradients(gradients_util._GradientsHelper)
    metrics, train = tf.compat.v1.metrics, tf.compat.v1.train
    for name in dir(metrics):
        if callable(getattr(metrics, name)):
            setattr(metrics, name, _wrap_in_a_graph(getattr(metrics, name)))
    for name in dir(train):
        if "decay" in name or name == "piecewise_constant":
            setattr(train, name, _wrap_in_a_graph(getattr(train, name)))


def _wrap_gradients(original: Any) -> Any:
    @functools.wraps(original)
    def helper(
        ys: Any,
        xs: Any,
        grad_ys: Any = None,
        name: str = "gradients",
        colocate_gradients_with_ops: bool = False,
        gate_gradients: bool = False,
        aggregation_method: Any = None,
        stop_gradients: Any = None,
        unconnected_gradients: Any = tf.UnconnectedGradients.NONE,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        stops = _tensors(stop_gradients)
        if is_here():
            unconnected = tf.UnconnectedGradients(unconnected_gradients)
            sources = list(map(adapters.variable_of, tf.nest.flatten(xs)))
            return gradients(ys, sources, grad_ys, unconnected, stops)
        found = original(
            ys,
            xs,
            grad_ys,
            name,
            colocate_gradients_with_ops,
            gate_gradients,
            aggregation_method,
            stops or None,
            unconnected_gradients,
            *args,
            **kwargs,
        )
        if stops:
            _tell(_STOPPED, lambda: _gradients_there_are(found, stops))
        if _for_names_here():
            return _with_those_of_the_run(original, ys, tf.nest.flatten(xs), found)
        return found

    return helper


def _wrap_in_a_graph(original: Callable[..., Any]) -> Callable[..., Any]:
    """Run in a graph what refuses to run eagerly, or returns a function where it does."""

    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        run = runs.innermost() if is_here() else None
        if run is None:
            return original(*args, **kwargs)
        names, scope = run.operation_names, run.operation_names.scope_here()

        @functools.partial(tf.function, autograph=False)
        def in_a_graph() -> Any:
            names.go_on_in(tf.compat.v1.get_default_graph(), scope)
            return original(*args, **kwargs)

        # As a concrete function, which `run_functions_eagerly` leaves a graph.
        return in_a_graph.get_concrete_function()()

    return function
