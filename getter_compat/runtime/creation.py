"""Making a variable: its initial value, its name, and where it is made.

What TF1 took for an initializer, and what it made of `trainable` and `synchronization`, is that of
`tensorflow/python/ops/variable_scope.py` in TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph

from getter_compat.runtime import lifting, runs, scopes
from getter_compat.runtime.locks import Lock
from getter_compat.typing import Initializer, Regularizer, Shape, TensorLike

AUTO = tf.VariableSynchronization.AUTO
ON_READ = tf.VariableSynchronization.ON_READ

_FROZEN = "_getter_compat_frozen"
_GRAPHS_OF_KERAS = ("keras_graph", "_scratch_graph")  # how they are called, after the layer
_ERROR = (
    "The initial value of variable {} depends on the arguments of the tf.function that creates it. "
    "Call the model once outside of it first, or give an initializer."
)


def create(
    name: str,
    shape: tf.TensorShape,
    dtype: tf.DType,
    initializer: Initializer | TensorLike,
    trainable: bool | None,
    synchronization: tf.VariableSynchronization,
    collections: Sequence[str] | None = None,
    **how: Any,
) -> tf.Variable:
    """Create a variable named exactly `name`, outside of any function that is being traced."""
    if trainable and synchronization == ON_READ:
        synchronization = AUTO  # TF1 let a getter train such a variable, TensorFlow 2 refuses
    check_collections(collections)
    initial_value = _initial_value(name, shape, dtype, initializer)
    if not name:
        raise ValueError("'' is not a valid node name. Give the variable a name.")
    scopes.check_name(name)
    how.update(
        dtype=None if is_value(initializer) else dtype,
        trainable=trainable_with(synchronization, trainable),
        synchronization=synchronization,
    )
    made = _make(name, initial_value, _maker(collections), how)
    if not isinstance(made, tf.Variable):
        raise NotImplementedError(
            f"Variable {name}: the tf.distribute strategy made a {type(made).__name__} of it, "
            "which is no tf.Variable. Make the strategy without a variable_partitioner."
        )
    return made


def _maker(collections: Sequence[str] | None) -> Callable[..., Any]:
    """What makes a variable; in a TF1 graph it is to be in these of the graph's collections."""
    make: Callable[..., Any] = tf.Variable
    with tf.init_scope():
        if tf.executing_eagerly():
            return make
    # Of `tf.Variable` a strategy of tf.distribute would put all replicas into collections, too.
    return functools.partial(tf.compat.v1.Variable, use_resource=True, collections=collections)


def create_as_asked(
    name: str, create_next: Callable[..., Any], asked: Mapping[str, Any]
) -> tf.Variable:
    """Create what `tf.Variable` was asked for, named exactly `name`, as `create` does."""
    check_collections(asked.get("collections"))
    return _make(name, asked["initial_value"], create_next, asked)


def create_outside(create_next: Callable[..., Any], **asked: Any) -> tf.Variable:
    """Create what `tf.Variable` was asked for outside of any function that is being traced."""
    error = _ERROR.format(asked["name"] or "without a name")
    asked["initial_value"] = lifting.lifted(asked["initial_value"], error)
    asked["experimental_enable_variable_lifting"] = False  # as in `_make`
    with tf.init_scope():
        made: tf.Variable = create_next(**asked)
    return made


def _make(
    name: str, initial_value: TensorLike, create_next: Callable[..., Any], how: Mapping[str, Any]
) -> tf.Variable:
    """Make a variable, outside of any function that is being traced."""

    def make(initial_value: TensorLike) -> tf.Variable:
        how_here = {**how, "initial_value": initial_value}
        # Or a `tf.function` would take it for its own: trace once more without it, and refuse to
        # make one in a later trace.
        how_here["experimental_enable_variable_lifting"] = False
        with making(), tf.init_scope(), tf.compat.v1.name_scope(None):
            is_slot = str(how.get("name")).endswith("/")
            how_here["name"] = f"{name}/" if _is_of_scope(name, is_slot) else name
            made: tf.Variable = create_next(**how_here)
        return made

    error = _ERROR.format(name)
    try:
        return make(lifting.lifted(initial_value, error))
    except (TypeError, ValueError) as raised:
        if not callable(initial_value) or "out of scope" not in str(raised):
            raise
        # The initializer holds a tensor that the function being traced computes, such as its
        # standard deviation: TF1 had one graph for both.
        return make(lifting.lifted(initial_value(), error))


def _is_of_scope(name: str, is_slot: bool) -> bool:
    """Whether to ask TensorFlow for the name of a name scope, which it would number otherwise.

    So TF1 asked for slots. And in the graph of a model that scope may be what TF1 called otherwise.
    """
    if tf.executing_eagerly():
        return False
    graph, run = tf.compat.v1.get_default_graph(), runs.innermost()
    is_other = run is not None and run.operation_names.is_called_otherwise(graph, name)
    return (is_slot or is_other) and not _has_operation(graph, name)


def _has_operation(graph: tf.Graph, name: str) -> bool:
    try:
        graph.as_graph_element(name, allow_tensor=False)
    except KeyError:
        return False
    return True


def initial_value_outside_of_keras(name: str, initial_value: TensorLike) -> TensorLike:
    """The initial value of a variable; a tensor of a graph of Keras 2 is computed outside of it.

    In those it calls layers for the shapes of what they return, and no `tf.function` is around.
    """
    graph = None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()
    if not getattr(graph, "name", "").endswith(_GRAPHS_OF_KERAS):
        return initial_value
    return lifting.lifted(initial_value, _ERROR.format(name))


_is_making: ContextVar[bool] = ContextVar("getter_compat_is_making", default=False)


@contextmanager
def making() -> Iterator[None]:
    """Make in the block something that has its name, and whose parts nobody asks for."""
    token = _is_making.set(True)
    try:
        yield
    finally:
        _is_making.reset(token)


def is_making() -> bool:
    """Whether a variable is being made here, under the name that it is to have."""
    return _is_making.get()


def run_here() -> runs.Rerun | None:
    """The run that what is made and named here belongs to: not what making a variable makes."""
    return None if is_making() else runs.innermost()


def try_regularizer(regularizer: Regularizer, variable: tf.Variable) -> None:
    """Compute the loss of a new variable for nothing: in TF1 a regularizer failed here, and now.

    Raises:
        TypeError: If it is one of Keras's, of a variable of integers: Keras 3 casts those, TF1's
            regularizers refused them.
        AttributeError: If it returns a number: TF1 asked what it returned for a name.
    """
    if _is_of_keras(regularizer) and variable.dtype.is_integer:
        raise TypeError(
            f"Expected {variable.dtype.name}, got a regularizer of floating point numbers, "
            f"{type(regularizer).__name__}, for the variable {variable.name}. Give a variable that "
            "is not trained regularizer=tf.compat.v1.no_regularizer."
        )
    around = nullcontext() if tf.executing_eagerly() else FuncGraph("for_trial").as_default()
    with making(), around:
        loss = regularizer(variable)
    if loss is not None and not tf.is_tensor(loss):
        _require_name(loss, variable)


def _require_name(loss: TensorLike, variable: tf.Variable) -> None:
    try:
        loss.name  # noqa: B018 - as TF1 did, for its log
    except AttributeError as error:
        raise AttributeError(
            f"{error}. (The regularizer of the variable {variable.name} returned {loss!r}: return "
            "a tensor, such as tf.constant(0.0), or None for no loss.)"
        ) from None


def check_value(name: str, shape: Shape | None, initializer: Initializer | TensorLike) -> None:
    """Refuse a shape beside an initial value, which has one."""
    if is_value(initializer) and shape is not None:
        raise ValueError(
            "If initializer is a constant, do not specify shape. "
            f"(Variable {name}: its shape is that of the constant.)"
        )


def check_collections(collections: Any) -> None:
    """Refuse what is no collection of names: a text would be one of letters."""
    if collections is not None and not isinstance(collections, (list, tuple, set)):
        raise ValueError(
            "collections argument to Variable constructor must be a list, tuple, or set. Got "
            f"{collections} of type {type(collections)}"
        )


def is_value(initializer: Initializer | TensorLike) -> bool:
    """Whether an initializer is the initial value itself."""
    return initializer is not None and not callable(initializer)


def trainable_with(synchronization: tf.VariableSynchronization, trainable: bool | None) -> bool:
    """Resolve `trainable` as TF1 does: a variable that is synchronized on read is not trained."""
    if synchronization != ON_READ:
        return True if trainable is None else trainable
    if trainable:
        raise ValueError(
            "Synchronization value can be set to VariableSynchronization.ON_READ only for "
            "non-trainable variables. You have specified trainable=True and "
            "synchronization=VariableSynchronization.ON_READ."
        )
    return False


def freeze(variable: tf.Variable, layer: Any) -> None:
    """Have gradients of a variable that is not trained, but not before its layer is thawed."""
    setattr(variable, _FROZEN, weakref.ref(layer))
    for component in getattr(variable, "values", (variable,)):
        component._trainable = True


def thaw(variable: tf.Variable) -> None:
    """Have it trained in any case."""
    vars(variable).pop(_FROZEN, None)


def is_frozen(variable: tf.Variable) -> bool:
    """Whether such a layer was not thawed since: a model around it trains the variable not."""
    maker = getattr(variable, _FROZEN, None)
    layer = None if maker is None else maker()
    return maker is not None and (layer is None or not layer.trainable)


def _initial_value(name: str, shape: tf.TensorShape, dtype: tf.DType, initializer: Any) -> Any:
    """The initial value, or a function that computes it."""
    if initializer is None:
        initializer = _default_initializer(name, dtype)
    if not callable(initializer):
        return initializer
    if inspect.isclass(initializer):
        initializer = initializer()
    if shape.is_fully_defined():
        return lambda: _initialize(initializer, shape.as_list(), dtype)
    if not _needs_arguments(initializer):
        return initializer
    raise ValueError(
        "The initializer passed is not valid. It should be a callable with no arguments and the "
        "shape should not be provided or an instance of `tf.keras.initializers.*' and `shape` "
        f"should be fully defined. (Variable {name}: shape {shape}.)"
    )


def _default_initializer(name: str, dtype: tf.DType) -> Any:
    if dtype.is_floating:
        return tf.compat.v1.glorot_uniform_initializer()
    if dtype.is_integer or dtype.is_bool or dtype == tf.string:
        return tf.compat.v1.zeros_initializer()  # that of TensorFlow 2 makes no strings
    raise ValueError(
        f"An initializer for variable {name} of {dtype.base_dtype} is required. "
        "Pass initializer=..."
    )


def _initialize(initializer: Callable[..., Any], shape: list[int], dtype: tf.DType) -> Any:
    """Call an initializer of TF1 (which takes `partition_info` too) or of Keras."""
    if "partition_info" in _parameters(initializer):
        return initializer(shape, dtype=dtype, partition_info=None)
    return initializer(shape, dtype=dtype)


def _needs_arguments(initializer: Callable[..., Any]) -> bool:
    parameters = _parameters(initializer).values()
    return any(
        p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters
    )


def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function, follow_wrapped=False).parameters
    except ValueError:
        return {}


def draws_alike(initializer: Any) -> bool:
    """Whether an initializer draws the same values for every variable: one of Keras without a seed.

    In TF1 only an initializer with a seed of its own did so.
    """
    if not _is_of_keras(initializer):
        return False
    config = initializer.get_config()
    return "seed" in config and config["seed"] is None


def _is_of_keras(value: Any) -> bool:
    return type(value).__module__.split(".")[0] in ("keras", "tf_keras")


def another_like(initializer: Any) -> Any:
    """An initializer of Keras of the same kind, which draws other values."""
    return type(initializer).from_config(initializer.get_config())


def alone(lock: Lock) -> AbstractContextManager[Any]:
    """Let no other thread make the same thing.

    The replicas of a `tf.distribute` strategy are threads that wait for each other: a lock would
    stop them, and they run one at a time anyway.
    """
    replicas = tf.distribute.get_strategy().num_replicas_in_sync
    return lock if replicas == 1 else nullcontext()
