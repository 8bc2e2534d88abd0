"""What TensorFlow 2 refuses eagerly, in a run of a model function whose Python runs at each call.

TF1 asked its graph for gradients of what had been computed, and built its metrics and the rates of
its optimizers into it. A trace is such a graph. Without one a tape records the run, and a metric, a
rate or a summary is a small graph of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

import tensorflow as tf
from tensorflow.python.eager import record
from tensorflow.python.framework.func_graph import FuncGraph
from tensorflow.python.ops import gen_logging_ops, gradients_util, resource_variable_ops

from getter_compat.runtime import adapters, runs, telling

_EagerTensor = tf.__internal__.EagerTensor
_Fact = TypeVar("_Fact")
_UnreadVariable = resource_variable_ops._UnreadVariable


class _Run:
    """An eager run of a model function.

    Attributes:
        tape: What records it.
        twin: Its run in a graph, which tells what only a graph knows.
        first_values: What its variables held when it came to them, by identity.
    """

    def __init__(self, tape: tf.GradientTape, function: Callable[..., Any], arguments: Any) -> None:
        self.tape = tape
        self.first_values: dict[int, tf.Tensor] = {}
        self.twin = telling.Twin(function, arguments, self.first_values)

    def ask(self, what: str) -> Any:
        """Ask the run in a graph of the call that this one has come to."""
        with self.tape.stop_recording():
            return self.twin.ask(what)


_run: ContextVar[_Run | None] = ContextVar("getter_compat_eager_run", default=None)


@contextmanager
def recorded(function: Callable[..., Any], arguments: Any) -> Iterator[telling.Twin | None]:
    """Record a block, if it is an eager run of a model function; one in it is a part of it.

    Args:
        function: Runs the function, as a run of its own, and returns that run, too.
        arguments: What it is given: TF1 could ask for gradients by a placeholder.

    Yields:
        What the block is run for in a graph, if it asks for what only a graph knows.
    """
    if not tf.executing_eagerly() or tf.distribute.has_strategy():  # which has several of each
        yield None
        return
    around = _run.get()
    if around is not None:
        _watch(around.tape, arguments)
        yield None
        return
    with tf.GradientTape(persistent=True) as tape:
        run = _Run(tape, function, arguments)
        token = _run.set(run)
        try:
            _watch(tape, arguments)
            yield run.twin
        finally:
            _run.reset(token)


def told_apart(args: Any, kwargs: Any) -> tuple[Any, Any]:
    """The arguments of such a run, of which no two are one tensor: no two placeholders were.

    Those of a part, called by the model function, may be.
    """
    if _run.get() is not None:
        return args, kwargs
    seen: set[int] = set()

    def own(argument: Any) -> Any:
        ids = [id(each) for each in tf.nest.flatten(argument) if isinstance(each, _EagerTensor)]
        if len(set(ids)) == len(ids) and seen.isdisjoint(ids):
            seen.update(ids)
            return argument  # itself: the function may put something into it
        return tf.nest.map_structure(apart, argument)

    def apart(value: Any) -> Any:
        if not isinstance(value, _EagerTensor) or id(value) not in seen:
            seen.add(id(value))
            return value
        return tf.identity(value)

    given = [*args, *kwargs.values()]
    # What holds tensors first: the function may have put an argument of this call into it before.
    for place in sorted(range(len(given)), key=lambda place: not tf.nest.is_nested(given[place])):
        given[place] = own(given[place])
    return tuple(given[: len(args)]), dict(zip(kwargs, given[len(args) :], strict=True))


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


def note_beginning(variable: tf.Variable) -> None:
    """Note that in such a run a variable begins with what it holds now."""
    run = _here()
    if run is not None:
        run.first_values[id(variable)] = variable.read_value()


def _is_differentiable(value: Any) -> bool:
    return bool(value.dtype.is_floating or value.dtype.is_complex)


def first_value(variable: tf.Variable) -> tf.Tensor:
    """The value of a variable before such a run has changed it; elsewhere its value now."""
    run = _here()
    known = telling.first_values() if run is None else run.first_values
    value = known.get(id(variable))
    return variable.read_value() if value is None else value


_AVERAGED = "tf.train.ExponentialMovingAverage.apply"
_STOPPED = "tf.gradients(stop_gradients=...)"
_CONTROL_FLOW = "If", "Case", "While"


def named(tensors: list[tf.Tensor]) -> list[tf.Tensor]:
    """What averages of tensors are named after: in an eager run the tensors of a graph."""
    if not tensors:
        return []
    return known_to_graphs(_AVERAGED, lambda: list(map(_named_as_in_tf1, tensors)))


def known_to_graphs(what: str, fact: Callable[[], _Fact]) -> _Fact:
    """What only a graph knows: eagerly, the run in one tells.

    Args:
        what: What is called, which this is known of.
        fact: Gives it in a graph.
    """
    run = _here() or _leaving_out()
    if run is not None:
        return cast(_Fact, run.ask(what))
    known = fact()
    telling.tell(what, known)
    return known


def _named_as_in_tf1(tensor: tf.Tensor) -> tf.Tensor:
    """A tensor that has the name of one of a trace as TF1 had it."""
    run = runs.innermost()
    name = tensor.op.name if run is None else run.operation_names.name_of(tensor.op)
    if name == tensor.op.name:
        return tensor
    if not tensor.shape.is_fully_defined():
        raise ValueError(
            f"The average of {name} cannot be named after it, as in TensorFlow 1: its shape is "
            f"{tensor.shape}, where this is traced. Say what it is, by its set_shape(), before "
            "it is averaged."
        )
    with tf.Graph().as_default():
        return tf.compat.v1.placeholder(tensor.dtype, tensor.shape, name)


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


def is_for_names() -> bool:
    """Whether code is run here for its names alone, in a graph."""
    return _for_names.get() is not None and not tf.executing_eagerly()


def _for_names_here() -> bool:
    return _for_names.get() is tf.compat.v1.get_default_graph() and _run.get() is not None


def _leaving_out() -> _Run | None:
    """The eager run that leaves out the branch that is built here, if this is one."""
    return _run.get() if telling.is_in(_for_names.get()) else None


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
    ys = tf.nest.flatten(ys)
    if grad_ys is not None:  # TensorFlow ends the process at a `None` in it
        given = zip(ys, tf.nest.flatten(grad_ys), strict=True)
        grad_ys = [tf.ones_like(y) if by is None else by for y, by in given]
    if not stops:
        found: list[Any] = run.tape.gradient(ys, xs, grad_ys, unconnected)
        return found
    are_there = run.ask(_STOPPED)
    sent = [tf.ones_like(y) for y in ys] if grad_ys is None else grad_ys
    found = _stopped(run.tape, ys, xs, sent, stops)
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

    What arrives at such a tensor is sent there once more, with the other sign: nothing goes on, but
    for rounding where several add to what arrives, and what is behind them is very steep.
    """
    stops = list({id(s): s for s in stops if record.should_record_backprop([s])}.values())
    sent = [tf.zeros_like(stop) for stop in stops]
    for _ in stops:  # what is sent to one changes what arrives at another
        arriving = tape.gradient([*ys, *stops], stops, [*grad_ys, *sent])
        sent = [s - a for s, a in zip(sent, arriving, strict=True)]
    arrived = {id(stop): -s for stop, s in zip(stops, sent, strict=True)}
    passed = tape.gradient([*ys, *stops], xs, [*grad_ys, *sent])
    return [arrived.get(id(x), by) for x, by in zip(xs, passed, strict=True)]


def _tensors(stop_gradients: Any) -> list[tf.Tensor]:
    """Those at which gradients stop; in TF1 a variable there was without effect."""
    stops = [] if stop_gradients is None else tf.nest.flatten(stop_gradients)
    return [_here_as_well(stop) for stop in stops if isinstance(stop, tf.Tensor)]


def _here_as_well(tensor: tf.Tensor) -> tf.Tensor:
    """A tensor as one of the function that is being built here, if one is and has it not."""
    graph = tf.compat.v1.get_default_graph()
    is_from_outside = isinstance(tensor, _EagerTensor)
    return graph.capture(tensor) if is_from_outside and isinstance(graph, FuncGraph) else tensor


def _is_finite(gradient: Any) -> bool:
    values = getattr(gradient, "values", gradient)
    return values is None or bool(tf.reduce_all(tf.math.is_finite(tf.abs(values))))


def _tell_of_gradients(found: list[Any], stops: list[tf.Tensor]) -> None:
    """Tell which gradients there are; nothing where stops are more than their tensors.

    TensorFlow stops at the operation, with all of its results. Those of branches and loops are of
    operations of their own in TF1.
    """
    run = _leaving_out()
    if run is not None:
        run.twin.calls.next(_STOPPED)  # it counts
    operations = [stop.op for stop in stops if not stop.op.type.endswith(_CONTROL_FLOW)]
    several = any(len(operation.outputs) > 1 for operation in operations)
    telling.tell(_STOPPED, None if several else [gradient is not None for gradient in found])


def install() -> None:
    """Have gradients, metrics, rates and summaries work in such runs."""
    gradients_util._GradientsHelper = _wrap_gradients(gradients_util._GradientsHelper)
    _UnreadVariable._read_variable_op = _wrap_read(_UnreadVariable._read_variable_op)
    tf.Graph.gradient_override_map = _wrap_override_map(tf.Graph.gradient_override_map)
    metrics, train, summary = tf.compat.v1.metrics, tf.compat.v1.train, tf.compat.v1.summary
    for name in dir(metrics):
        if callable(getattr(metrics, name)):
            setattr(metrics, name, _wrap_in_a_graph(getattr(metrics, name)))
    for name in dir(train):
        if "decay" in name or name == "piecewise_constant":
            setattr(train, name, _wrap_in_a_graph(getattr(train, name)))
    summary.merge = _wrap_in_a_graph(summary.merge)
    summary.merge_all = _wrap_merge_all(summary.merge_all)
    gen_logging_ops.image_summary = _wrap_in_a_graph(gen_logging_ops.image_summary)


def _wrap_override_map(original: Any) -> Any:
    """Refuse what eager operations, which are in no graph, would pay no heed to."""

    @functools.wraps(original)
    def gradient_override_map(graph: tf.Graph, op_type_map: dict[str, str]) -> Any:
        if is_here():
            raise RuntimeError(
                f"gradient_override_map({op_type_map!r}) in a model function that runs eagerly: "
                "operations have such gradients in a graph alone. Have the model traced (leave "
                "run_eagerly out), or compute with a function that has a tf.custom_gradient."
            )
        return original(graph, op_type_map)

    return gradient_override_map


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
            _tell_of_gradients(found, stops)
        if _for_names_here():
            return _with_those_of_the_run(original, ys, tf.nest.flatten(xs), found)
        return found

    return helper


def _wrap_read(original: Any) -> Any:
    """Have a branch that is built for its names read what an eager update has returned."""

    @functools.wraps(original)
    def _read_variable_op(updated: Any, *args: Any, **kwargs: Any) -> Any:
        read = _read_of_all if updated._parent_op is None else original  # there is no operation
        return read(updated, *args, **kwargs)

    return _read_variable_op


_read_of_all = resource_variable_ops.BaseResourceVariable._read_variable_op


def _wrap_merge_all(original: Any) -> Any:
    """Merge what an eager run has collected."""

    @functools.wraps(original)
    def merge_all(
        key: str = tf.compat.v1.GraphKeys.SUMMARIES,
        scope: str | None = None,
        name: str | None = None,
    ) -> Any:
        if not is_here():
            return original(key, scope, name)
        found = tf.compat.v1.get_collection(key, scope)
        return tf.compat.v1.summary.merge(found, name=name) if found else None

    return merge_all


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
            graph = tf.compat.v1.get_default_graph()
            names.go_on_in(graph, scope)
            return original(*args, **kwargs), _collected_in(graph)

        # As a concrete function, which `run_functions_eagerly` leaves a graph.
        result, collected = in_a_graph.get_concrete_function()()
        for name, tensors in collected.items():
            for tensor in tensors:
                tf.compat.v1.add_to_collection(name, tensor)
        return result

    return function


def _collected_in(graph: tf.Graph) -> dict[str, list[tf.Tensor]]:
    """The tensors of a graph in its collections, which began with those of the graph around."""
    return {
        name: [member for member in members if getattr(member, "graph", None) is graph]
        for name, members in runs.collections_of(graph).items()
    }
