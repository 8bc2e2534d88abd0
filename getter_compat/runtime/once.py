"""What model code makes as it runs, made once: the next run of the code finds it, by TF1's name.

TF1 ran model code once, so that a `tf.Variable` in it was made once. Here the code runs again, for
another kind of input or at every call. What it was, its name tells, as in TF1: that of the
operation name scope, and a number where the run has used the name before.
"""

from __future__ import annotations

import functools
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.framework.ops import Graph, name_scope_v2
from tensorflow.python.ops import stateful_random_ops, variables
from tensorflow.python.training import moving_averages, slot_creator, training_util
from tensorflow.python.training.optimizer import Optimizer

from getter_compat.runtime import (
    adapters,
    callers,
    creation,
    eager_runs,
    runs,
    scopes,
    slots,
    telling,
)

if TYPE_CHECKING:
    from getter_compat.runtime.store import VariableStore

_LAST_RUN = "_getter_compat_last_run"
_VARIABLES = ("variables", "local_variables")  # the collections of all that there are


def made_once(store: VariableStore, run: runs.Rerun) -> AbstractContextManager[None]:
    """Have what the code in a block makes found again by later runs on the store."""
    scope: AbstractContextManager[None] = tf.variable_creator_scope(
        functools.partial(_find_or_make, store, run)
    )
    return scope


def _find_or_make(
    store: VariableStore, run: runs.Rerun, create: Callable[..., Any], **asked: Any
) -> Any:
    """Find or make a variable that the code asked no variable scope for."""
    if creation.is_making():  # the store itself, or one of those below
        return create(**asked)
    name = asked.get("name") or "Variable"
    if callers.is_keras():
        return run.keep(("variable", name), lambda: creation.create_as_asked(name, create, asked))
    if name.endswith("/"):  # this very scope: so TensorFlow makes slots, in scopes of their names
        # Others are named by the name scope, as some metrics: it may be called otherwise here.
        own_name = name[:-1] if slots.are_made() else run.operation_names.scope_called(name)
        run.operation_names.take(own_name)
        return store.find_or_make_slot(own_name, create, asked)
    full_name = run.operation_names.unique_here(name)
    _warn_if_renamed(run, full_name)
    run.is_repeat(runs.OwnName(full_name))
    found = store.find_or_make(full_name, create, asked)
    store.note_made(full_name)
    slots.note(runs.OwnName(full_name), store.variables[full_name])
    return found


def _warn_if_renamed(run: runs.Rerun, name: str) -> None:
    """Warn where code asks for another variable than in an earlier run, which may be one kept."""
    if telling.is_here():  # in a graph, where a metric has another name
        return
    # What layers of one class make is told apart by the layer: one that is kept is built once.
    layer = next((layer.scope.name for layer in runs.layers_here()), None)
    before = run.keep(("name", layer, callers.place_of_the_user()), lambda: name)
    if name != before:
        warnings.warn(
            f"This tf.Variable is {name!r}, and was {before!r} in an earlier run of the model: "
            "TensorFlow 1 numbers what has no name of its own, and the function asks for other "
            "variables before this one than it did then. If it keeps one in Python from its first "
            "run, this is that one. Give them names of their own: tf.Variable(..., name=...).",
            stacklevel=callers.level_of_the_user(),
        )


@contextmanager
def made_by_getter(
    store: VariableStore, made: dict[tuple[object, int], tf.Variable]
) -> Iterator[None]:
    """Have what a getter makes in a block found again: it runs whenever its weight is evaluated.

    Args:
        store: The store that the getter is asked on.
        made: What it has made, by where in the code, the name that was asked for and a number; more
            is added to it. Not by the name alone, which others have: what the getter keeps itself,
            it asks for in the first evaluation alone. By where and a number, too: a name may be
            another in each evaluation, `f"scale_{len(scales)}"`, or one that Keras numbers.
    """
    counted: Counter[object] = Counter()
    is_again = bool(made)

    def numbered(where: object) -> tuple[object, int]:
        counted[where] += 1
        return where, counted[where] - 1

    def find_or_make(create: Callable[..., Any], **asked: Any) -> Any:
        if creation.is_making():
            return create(**asked)
        where = callers.place_of_the_user()
        places = numbered((where, asked.get("name"))), numbered(where)
        for place in places if is_again else places[:1]:
            if place in made:
                return store.found(made[place])
        is_beside = run is None and not callers.is_keras()  # the seed of a dropout is in no graph
        variable = store.make_beside(create, asked) if is_beside else create(**asked)
        made.update(dict.fromkeys(places, variable))
        return variable

    run = creation.run_here()
    with outside_of_name_scopes(), tf.variable_creator_scope(find_or_make):
        yield


def outside_of_name_scopes() -> AbstractContextManager[None]:
    """Name what is made in a block as outside of all name scopes.

    So TF1 asked for variables, and ran getters, so that variable scopes alone named them.
    """
    run = creation.run_here()
    return nullcontext() if run is None else run.operation_names.within("")


def install() -> None:
    """Have runs told of the name scopes that are opened in them, and of slots that are made."""
    name_scope_v2.__enter__ = _wrap_enter(name_scope_v2.__enter__)
    Graph.name_scope = _wrap_name_scope(Graph.name_scope)
    Graph.get_tensor_by_name = _wrap_get_tensor_by_name(Graph.get_tensor_by_name)
    Graph.get_operation_by_name = _wrap_get_operation_by_name(Graph.get_operation_by_name)
    Optimizer.compute_gradients = _wrap_compute_gradients(Optimizer.compute_gradients)
    Optimizer.apply_gradients = _wrap_apply_gradients(Optimizer.apply_gradients)
    average = moving_averages.ExponentialMovingAverage
    average.apply = _wrap_apply(average.apply)
    average.average_name = _wrap_average_name(average.average_name)
    average.variables_to_restore = _wrap_variables_to_restore(average.variables_to_restore)
    training_util.get_global_step = _wrap_get_global_step(training_util.get_global_step)
    tf.compat.v1.train.get_global_step = training_util.get_global_step
    generator = stateful_random_ops.Generator
    generator._create_variable = _wrap_create_variable(generator._create_variable)
    training_util.create_global_step = _wrap_create_global_step(training_util.create_global_step)
    tf.compat.v1.train.create_global_step = training_util.create_global_step
    variables.variables_initializer = _wrap_variables_initializer(variables.variables_initializer)
    tf.compat.v1.variables_initializer = variables.variables_initializer
    tf.compat.v1.initializers.variables = variables.variables_initializer


def _trainable_variables() -> list[tf.Variable]:
    """What a model function has made so far to be trained: in TF1 all of its graph."""
    return [v for store in runs.stores_here() for v in store.collection("trainable_variables")]


def _variables_here() -> list[tf.Variable]:
    """All variables that a model function has made so far."""
    return [
        v for kind in _VARIABLES for store in runs.stores_here() for v in store.collection(kind)
    ]


def _wrap_compute_gradients(original: Any) -> Any:
    """Have an optimizer train what a model function has made, as it did all of the graph's."""

    @functools.wraps(original)
    def compute_gradients(
        optimizer: Any,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> Any:
        if var_list is None and not callable(loss) and any(runs.under_way()):
            var_list = _trainable_variables()
        if var_list is not None:
            var_list = list(map(adapters.variable_of, tf.nest.flatten(var_list)))
        if eager_runs.is_here() and not callable(loss):
            return _gradients_of(optimizer, loss, var_list, grad_loss)
        how = gate_gradients, aggregation_method, colocate_gradients_with_ops
        gradients = original(optimizer, loss, var_list, *how, grad_loss)
        if var_list is not None or not callable(loss):
            return gradients
        # Without a list it takes what the tape saw, and that sees what Keras may thaw one day.
        return [(gradient, v) for gradient, v in gradients if not creation.is_frozen(v)]

    return compute_gradients


def _wrap_apply_gradients(original: Any) -> Any:
    """Have an optimizer change what is in the weights of layers of Keras 3."""

    @functools.wraps(original)
    def apply_gradients(optimizer: Any, grads_and_vars: Any, *args: Any, **kwargs: Any) -> Any:
        pairs = [(gradient, adapters.variable_of(v)) for gradient, v in grads_and_vars]
        with slots.counted_for(optimizer, lambda: _kept_by(optimizer)):
            return original(optimizer, pairs, *args, **kwargs)

    return apply_gradients


def _kept_by(optimizer: Any) -> Iterator[tf.Variable]:
    """The slots that an optimizer has, and the variables beside them."""
    for of_a_name in optimizer._slots.values():
        yield from of_a_name.values()
    yield from optimizer._non_slot_dict.values()


def _gradients_of(optimizer: Any, loss: tf.Tensor, variables: list[Any], grad_loss: Any) -> Any:
    """What an optimizer computes in a graph, of a loss that an eager run has computed."""
    if not variables:
        raise ValueError("No variables to optimize.")
    loss = optimizer._scale_loss(loss)
    return list(zip(eager_runs.gradients(loss, variables, grad_loss), variables, strict=True))


def _wrap_apply(original: Any) -> Any:
    """Have averages of tensors in a model function, as in TF1's graphs."""

    @functools.wraps(original)
    def apply(average: Any, var_list: Any = None) -> Any:
        if var_list is not None:
            var_list = list(map(adapters.variable_of, var_list))
        if not any(runs.under_way()):
            return original(average, var_list)
        if var_list is None:
            var_list = _trainable_variables()
        _forget_tensors_of_other_runs(average)
        with slots.counted_for(average, average._averages.values):
            return apply_in_a_run(average, var_list)

    def apply_in_a_run(average: Any, var_list: list[Any]) -> Any:
        if tf.executing_eagerly() and not eager_runs.is_here():
            return original(average, var_list)
        tensors = [value for value in var_list if isinstance(value, tf.Tensor)]
        is_eager = eager_runs.is_here() or telling.is_here()
        made = _make_averages(average, var_list, tensors) if tensors or is_eager else []
        if not tensors:
            return original(average, var_list)
        variables = [value for value in var_list if not isinstance(value, tf.Tensor)]
        updates = [original(average, variables)] if variables else []
        return tf.group(*updates, *_update_of_tensors(average, tensors, made))

    return apply


def _wrap_average_name(original: Any) -> Any:
    """Name the average that a variable has not as it would be named: a graph has other names."""

    @functools.wraps(original)
    def average_name(average: Any, var: Any) -> Any:
        run, variable = runs.innermost(), adapters.variable_of(var)
        if run is None or variable.ref() in average._averages:
            return original(average, variable)
        return run.operation_names.next_name(f"{_own_name(variable)}/{average.name}")

    return average_name


def _wrap_variables_to_restore(original: Any) -> Any:
    """Have the names of averages in a checkpoint: TensorFlow makes a set of variables for that."""

    @functools.wraps(original)
    def variables_to_restore(average: Any, moving_avg_variables: Any = None) -> Any:
        if not any(runs.under_way()):
            return original(average, moving_avg_variables)
        if moving_avg_variables is None:
            ours = set(map(id, _variables_here()))
            others = tf.compat.v1.moving_average_variables()  # eagerly, all of the process
            averaged = _trainable_variables() + [v for v in others if id(v) in ours]
        else:
            averaged = list(map(adapters.variable_of, moving_avg_variables))
        found = {average.average_name(variable): variable for variable in averaged}
        own = {_own_name(variable) for variable in averaged}
        for variable in tf.compat.v1.global_variables():
            if _own_name(variable) not in own:
                found.setdefault(_own_name(variable), variable)
        return found

    return variables_to_restore


def _own_name(variable: tf.Variable) -> str:
    return str(variable.name).partition(":")[0]


def _forget_tensors_of_other_runs(average: Any) -> None:
    """Let go of the tensors that an average, which the function keeps, was of in other runs."""
    if telling.is_here():  # a run within another one, for that one
        return
    run = runs.outermost()
    is_first = _LAST_RUN not in vars(average)
    last = vars(average).setdefault(_LAST_RUN, slots.NotesOfProcess())
    if run not in last and not is_first:
        for ref in list(average._averages):
            if not isinstance(ref.deref(), tf.Variable):
                del average._averages[ref]
    last.clear()
    last[run] = True


def _make_averages(average: Any, var_list: list[Any], tensors: list[tf.Tensor]) -> list[Any]:
    """Make the averages that are not there yet, in the order of what they are of, as TF1 did."""
    named, made = iter(eager_runs.named(tensors)), []
    for value in var_list:
        primary = next(named) if isinstance(value, tf.Tensor) else value
        if value.ref() in average._averages:
            continue
        if not value.dtype.base_dtype.is_floating:
            raise TypeError(f"The variables must be half, float, or double: {primary.name}")
        if isinstance(value, tf.Variable):
            average._averages[value.ref()] = _average_of_variable(value, average.name)
        else:
            average._averages[value.ref()] = _average_of_tensor(value, primary, average.name)
            telling.at_end(functools.partial(average._averages.pop, value.ref(), None))
        made.append(value.ref())
    return made


def _average_of_tensor(tensor: tf.Tensor, primary: tf.Tensor, name: str) -> tf.Variable:
    """An average that begins at zero, named after a tensor that stands for the one in a graph."""
    slot: tf.Variable
    if not tensor.shape.is_fully_defined():
        slot = slot_creator.create_zeros_slot(primary, name, colocate_with_primary=False)
        return slot
    what = tf.compat.v1.zeros_initializer(), tensor.shape, tensor.dtype
    slot = slot_creator.create_slot_with_initializer(
        primary, *what, name, colocate_with_primary=False
    )
    return slot


def _average_of_variable(variable: tf.Variable, name: str) -> tf.Variable:
    """An average that begins with what the variable held before the run, as in a graph."""
    tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.MOVING_AVERAGE_VARIABLES, variable)
    with tf.init_scope():
        is_eager = tf.executing_eagerly()
        value = eager_runs.first_value(variable) if is_eager else variable.initialized_value()
        slot: tf.Variable = slot_creator.create_slot(variable, value, name)
    return slot


def _update_of_tensors(average: Any, tensors: list[tf.Tensor], made: list[Any]) -> list[Any]:
    """The updates of the averages of tensors, as `ExponentialMovingAverage.apply` has them.

    Those are without bias that it makes, and others go on with what they hold.
    """
    with tf.name_scope(average.name):
        decay = tf.constant(average._decay)
        if average._num_updates is not None:
            number = tf.cast(average._num_updates, tf.float32)
            decay = tf.minimum(decay, (1.0 + number) / (10.0 + number))
        return [
            moving_averages.assign_moving_average(
                average._averages[tensor.ref()],
                tensor,
                decay,
                average._zero_debias and tensor.ref() in made,
            )
            for tensor in tensors
        ]


def _wrap_get_global_step(original: Any) -> Any:
    """Find the step that a model function made, where no graph keeps it."""

    @functools.wraps(original)
    def get_global_step(graph: Any = None) -> Any:
        if not any(runs.under_way()):
            return original(graph)
        # That of a model around this one, too: in TF1 both were in one graph, which had one step.
        stores = [*runs.stores_here(), *(frame.store for frame in runs.frames_under_way())]
        steps = [step for store in stores for step in store.collection("global_step")]
        return steps[0] if steps else None

    return get_global_step


def _wrap_create_global_step(original: Any) -> Any:
    """Make the step in the store: TensorFlow has one for all of a process."""

    @functools.wraps(original)
    def create_global_step(graph: Any = None) -> Any:
        if not any(runs.under_way()):
            return original(graph)
        asked = scopes.innermost().store.request(
            "global_step",
            shape=[],
            dtype=tf.int64,
            initializer=tf.zeros_initializer(),
            trainable=False,
            collections=["variables", "global_step"],
            aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
        )
        # In its first run a model may have had the step of one around it, and has no other then.
        run = runs.innermost()
        with nullcontext() if run is None else run.creating():
            return asked.run()

    return create_global_step


def _wrap_variables_initializer(original: Any) -> Any:
    """Refuse what a run of a model function would do each time; TF1 did it when it was asked to."""

    @functools.wraps(original)
    def variables_initializer(var_list: Any, *args: Any, **kwargs: Any) -> Any:
        if any(runs.under_way()) and any(v.initializer is None for v in var_list):
            raise NotImplementedError(
                f"variables_initializer of {', '.join(v.name for v in var_list)} in a model "
                "function, whose calls do all that is in it: it would set them back at each call. "
                "Have code outside do it, v.assign(...) for v in model.store.variables.values()."
            )
        return original(var_list, *args, **kwargs)

    return variables_initializer


def _wrap_get_tensor_by_name(original: Any) -> Any:
    """Find a variable by its name, as in TF1's graphs; here operations have others, or none."""

    @functools.wraps(original)
    def get_tensor_by_name(graph: Any, name: str) -> Any:
        try:
            return original(graph, name)
        except KeyError as error:
            if not runs.are_in(graph):
                raise
            found = [variable for variable in _variables_here() if variable.name == name]
            if found:
                return found[0]
            raise KeyError(
                f"{error.args[0]} In a run of a model function variables are found by the names "
                "that they had in TensorFlow 1, and other tensors are not: have the function that "
                "computes the tensor return it."
            ) from None

    return get_tensor_by_name


def _wrap_get_operation_by_name(original: Any) -> Any:
    """Say what to do where a model function looks for an operation: here it has another name."""

    @functools.wraps(original)
    def get_operation_by_name(graph: Any, name: str) -> Any:
        try:
            return original(graph, name)
        except KeyError as error:
            if not runs.are_in(graph):
                raise
            raise KeyError(
                f"{error.args[0]} In a run of a model function operations have other names than in "
                "TensorFlow 1, or none: have the function that computes a tensor return it. A "
                "variable is found by get_tensor_by_name."
            ) from None

    return get_operation_by_name


def _wrap_create_variable(original: Any) -> Any:
    """Give the state of a random generator the name that it had in TF1: none of its own."""

    @functools.wraps(original)
    def _create_variable(generator: Any, *args: Any, **kwargs: Any) -> Any:
        if not any(runs.under_way()):
            return original(generator, *args, **kwargs)
        return tf.Variable(*args, **kwargs)

    return _create_variable


def _wrap_enter(original: Any) -> Any:
    """Wrap what opens a name scope eagerly."""

    @functools.wraps(original)
    def __enter__(scope: Any) -> Any:  # noqa: N807
        run = creation.run_here()
        if run is None or not tf.executing_eagerly():
            return original(scope)
        around = tf.get_current_name_scope()
        name = scope.name or ""
        opened = _note_scope(run, name, around, original(scope), _scope_of_layer(name, around))
        context.context().scope_name = opened  # what is opened again by its name is this one
        return opened

    return __enter__


def _wrap_name_scope(original: Any) -> Any:
    """Wrap what opens a name scope in a graph."""

    @contextmanager
    def noted(graph: Any, name: Any, run: Any) -> Any:
        around = graph.get_name_scope()
        lifted = run.operation_names.scope_lifted_to(graph, name)
        scope = "" if lifted is None and not name else lifted
        of_layer = _scope_of_layer(name or "", around)
        with original(graph, run.operation_names.opened_for_layer(of_layer) or name) as opened:
            _note_scope(run, name or "", around, opened, of_layer)
            with nullcontext() if scope is None else run.operation_names.within(scope):
                yield opened

    @functools.wraps(original)
    def name_scope(graph: Any, name: Any) -> Any:
        run = creation.run_here()
        return original(graph, name) if run is None else noted(graph, name, run)

    return name_scope


def _note_scope(run: runs.Rerun, name: str, around: str, opened: str, of_layer: str | None) -> str:
    opener = "tensorflow" if of_layer is not None else callers.opener()
    return run.operation_names.note_scope(name, around, opened, opener, of_layer)


def _scope_of_layer(name: str, around: str) -> str | None:
    """What TF1 called a name scope that Keras opens, if it is that of the layer that it calls."""
    frame = scopes.innermost_or_none()
    if not isinstance(frame, runs.LayerFrame) or not frame.is_own(name, around):
        return None
    return frame.name_scope if callers.opener() == "tensorflow" else None
