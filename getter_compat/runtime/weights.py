"""The weights of layers: what both Keras lines do alike with what a getter returned."""

from __future__ import annotations

import copy
import functools
import itertools
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import tensorflow as tf
from tensorflow.python.ops.variables import PartitionedVariable as Partitioned

from getter_compat.runtime import creation, layer_scope, patching, runs, scopes, store, telling
from getter_compat.runtime.adapters import Layer, Weight
from getter_compat.runtime.derived import cannot_be_copied
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.typing import Initializer, Regularizer, TensorLike

_BEHIND = "behind_"

# By identity, what layers of a Keras model have added, where its losses are read.
_added_by_layers: ContextVar[frozenset[int]] = ContextVar(
    "getter_compat_added_by_layers", default=frozenset()
)

# Whether a model runs here that is frozen, `model.trainable = False`.
_in_frozen_model: ContextVar[bool] = ContextVar("getter_compat_in_frozen_model", default=False)


def track_in_checkpoints(model: Layer, part: Any, name: str) -> None:
    """Have checkpoints of TensorFlow hold a part of a model, by a name that no other part has.

    Models of one function have one name.
    """
    model._maybe_initialize_trackable()
    numbered = (f"{name}_{number}" for number in itertools.count(1))
    known = ((each, model._lookup_dependency(each)) for each in itertools.chain([name], numbered))
    free = next(each for each, other in known if other is None or other is part)
    with tf.init_scope():  # where a checkpoint that waits for it is read
        model._track_trackable(part, free, overwrite=True)


def run_of(model: Layer) -> AbstractContextManager[None]:
    """Have batch normalization infer in the block if the model is frozen.

    So Keras has it, where a model hands on to its layers that it is frozen. Those that a model
    function makes are not there then.
    """
    return run_in(is_frozen() or not model.trainable)


def is_frozen() -> bool:
    """Whether what runs here is of a frozen model."""
    return _in_frozen_model.get()


@contextmanager
def run_in(frozen: bool) -> Iterator[None]:
    """Have the block be of a frozen model, or of none."""
    token = _in_frozen_model.set(frozen)
    try:
        yield
    finally:
        _in_frozen_model.reset(token)


def trains(training: bool | TensorLike) -> bool | TensorLike:
    """Whether batch normalization trains here, which is told to as `training` says."""
    return False if is_frozen() else training


def check_returned(value: TensorLike, asked: store.Request, layer: Layer) -> None:
    """Refuse what can be no weight. A tensor of any shape and dtype can: TF1 did not check."""
    if tf.is_tensor(value) or hasattr(value, "__array__") or isinstance(value, Partitioned):
        return
    raise TypeError(
        f"The custom getter returned {value!r} for the weight {asked.name} of layer "
        f"{layer.name!r}. Return a variable, a tensor or an array."
    )


def unless_scope_has_one(
    layer: LayerScope, initializer: Initializer | TensorLike | None, default: type, dtype: tf.DType
) -> Any:
    """The initializer that a layer asks for; `None` where a default of the scope takes its place.

    The kernel initializer of `tf.layers` was `None` by default and gave way to the scope's, or
    else to Glorot uniform. That of a Keras layer is Glorot uniform by default, and cannot be told
    from one that was asked for.
    """
    if layer.is_tf1:
        is_needed = initializer is None and dtype.is_floating
        return default() if is_needed and _of_scope() is None else initializer
    if type(initializer) is default and _of_scope() is not None:
        return None
    # A copy with the same seed: what layers of Keras share draws for each what it does elsewhere,
    # and for a second variable of one layer's getter something else.
    return copy.copy(initializer) if creation.draws_alike(initializer) else initializer


def _of_scope() -> Any:
    return scopes.innermost().scope.initializer


def parts_of(weight: TensorLike) -> list[Weight]:
    """A weight; of one that was split by a partitioner, in a TF1 graph, the parts."""
    return list(weight) if isinstance(weight, Partitioned) else [weight]


def loss_of(name: str, regularizer: Regularizer, weight: TensorLike) -> TensorLike:
    """The loss of a weight, computed in the name scope that TF1 gave it: `kernel/Regularizer`."""
    with tf.name_scope(f"{name.rsplit('/', 1)[-1]}/Regularizer"):
        return regularizer(weight)


def freeze_or_thaw(layer: Layer, used: store.Used) -> None:
    """Have a model train new variables of a layer as long as the layer is trained.

    TF1 keeps those of a layer with `trainable=False` out of its collection of trainable variables
    for good; to Keras they are weights that are not trained now. In a TF1 graph it is not Keras
    that trains. What the getter makes to be trained, TF1 trains; and what an earlier run has made
    by a frozen layer, and this one by a layer that is trained, is trained.
    """
    for variable in () if used.in_graph else used.of_no_layer():
        if layer.trainable:
            creation.thaw(variable)
        elif not variable.trainable:
            creation.freeze(variable, layer)


def save_what_is_behind(layer: Layer, tracked: Callable[[], list[tf.Variable]]) -> None:
    """Have a layer with derived weights save and load the variables behind them.

    Some layers of Keras save what they hold as `kernel`. The variables have names of their own in
    the file, so that a layer without the getter does not take them for its weights.
    """

    def save_own_variables(entry: Any) -> None:
        for i, variable in enumerate(tracked()):
            entry[f"{_BEHIND}{i}"] = variable.numpy()

    def load_own_variables(entry: Any) -> None:
        found, variables = list(entry.keys()), tracked()
        if len(found) != len(variables):
            raise ValueError(
                f"Layer {layer.name!r} has {len(variables)} variables behind its weights and in it "
                f"({', '.join(v.name for v in variables)}); the file holds {len(found)}."
            )
        prefix = _BEHIND if f"{_BEHIND}0" in found else ""
        for i, variable in enumerate(variables):
            variable.assign(entry[f"{prefix}{i}"])

    layer.__dict__["save_own_variables"] = save_own_variables
    layer.__dict__["load_own_variables"] = load_own_variables


def asked_in(layer: Layer) -> list[Weight]:
    """The weights that a layer and the layers in it asked for in their scopes, shared ones once."""
    parts = [layer_scope.of(part) for part in layer._flatten_layers()]
    asked = {id(w): w for scope in parts if scope is not None for w in scope.weights}
    return list(asked.values())


def losses_beside_models(layer: Layer) -> list[Callable[[], TensorLike]]:
    """Losses of weights that were made in the run of a model, unless the model counts them here."""
    of_parts = map(layer_scope.of, layer._flatten_layers())
    with_losses = [scope for scope in of_parts if scope and scope.losses_of_weights]
    counted = stores_of_models(layer) if with_losses else ()
    beside = [scope for scope in with_losses if id(scope.store) not in counted]
    losses = [(scope, loss) for scope in beside for loss in scope.losses_of_weights.values()]
    return [loss.get for scope, loss in losses if loss.layer is scope]


def count_parts_again(layer: Layer) -> None:
    """Have the run of a model whose function keeps the layer, which it called, find them made.

    A layer may compute with the weights of parts that it does not call, as the LSTM of Keras 2
    does with those of its cell. Parts that are called are counted in the runs that call them.
    """
    if not any(runs.under_way()):
        return
    for part in layer._flatten_layers():
        scope = layer_scope.of(part)
        if scope is not None and not scope.is_called:
            scope.count_again()


def stores_of_models(layer: Layer) -> frozenset[int]:
    """The stores of the models in a layer, each of which counts what its last run added."""
    parts = layer._flatten_layers()
    return frozenset(id(part.store) for part in parts if hasattr(part, "own_losses"))


def derived_of(layer: Layer) -> list[Weight]:
    """The derived weights of a layer itself."""
    scope = layer_scope.of(layer)
    return scope.derived if scope is not None else []


def derived_in(layer: Layer) -> list[Weight]:
    """The derived weights of a layer and of the layers in it."""
    return [weight for part in layer._flatten_layers() for weight in derived_of(part)]


def by_inner_names_too(layer: Layer, named: dict[str, Weight]) -> dict[str, Weight]:
    """Weights by full name, and before that by their names inside the layer or its scope."""
    scope = layer_scope.of(layer)
    own = f"{layer.name if scope is None else scope.scope.name}/"
    return {**{name.removeprefix(own): weight for name, weight in named.items()}, **named}


def as_tf1_showed(layer: Layer) -> list[Weight] | None:
    """What `layer.variables` was in TF1: what the getters returned, the trainable ones first.

    `None` where Keras shows the same: none of the layer's own weights is derived.
    """
    scope = layer_scope.of(layer)
    if scope is None or not scope.derived:
        return None
    derived = {id(weight) for weight in scope.derived}
    shown = [(tf.convert_to_tensor(w) if id(w) in derived else w) for w in scope.weights]
    trains = [layer.trainable and weight.trainable for weight in scope.weights]
    return [
        *(weight for weight, yes in zip(shown, trains, strict=True) if yes),
        *(weight for weight, yes in zip(shown, trains, strict=True) if not yes),
    ]


def require_values(layer: Layer, method: str, derived: list[str]) -> None:
    """Refuse a method that reads or assigns the values of all weights, some of which have none."""
    if derived:
        raise AttributeError(
            f"{method}() of layer {layer.name!r}: the weights {', '.join(derived)} are derived by "
            "a custom getter and hold no value. Read layer.variables, and assign the variables in "
            "layer.trainable_variables."
        )


def refuse_derived(original: Any) -> Any:
    """Wrap `get_weights` or `set_weights`, which have no use for a weight without a value."""

    @functools.wraps(original)
    def method(layer: Layer, *args: Any, **kwargs: Any) -> Any:
        if not _restores.get():
            require_values(layer, original.__name__, [w.path for w in derived_in(layer)])
        return original(layer, *args, **kwargs)

    return method


# Whether Keras keeps the values of a model here to restore them, those behind derived weights too.
_restores: ContextVar[bool] = ContextVar("getter_compat_restores", default=False)

restoring = patching.holding(_restores)


def refuse_to_copy(original: Any) -> Any:
    """Wrap what `copy` and `pickle` call: Keras makes the copy by its config, without a getter."""

    @functools.wraps(original)
    def method(layer: Layer, *args: Any) -> Any:
        derived = derived_in(layer)
        if derived:
            raise cannot_be_copied(derived[0].path)
        return original(layer, *args)

    return method


def _is_collected(layer: Layer) -> bool:
    """Whether what a layer adds is in the store's collection of losses: a model's losses anyway."""
    scope = layer_scope.of(layer)
    return scope is not None and scope.is_tf1 and any(runs.under_way(scope.store))


_ADDED = "_getter_compat_added"

# Whether Keras 2 adds the loss of a weight here, as a function: the store has that.
adding_loss_of_weight: ContextVar[bool] = ContextVar(
    "getter_compat_adding_loss_of_weight", default=False
)


class _Added:
    """What a layer gave to `add_loss` in a run: TF1 ran a model function once.

    Args:
        run: The run; a copy of the layer has none.
    """

    def __init__(self, run: runs.Rerun | None = None) -> None:
        self.run = None if run is None else weakref.ref(run)
        self.losses: list[TensorLike] = []

    def __reduce__(self) -> Any:
        return _Added, ()


def note_added_losses(original: Any) -> Any:
    """Wrap `add_loss`: the layers that a model function makes are gone when the losses are read."""

    @functools.wraps(original)
    def add_loss(layer: Layer, losses: TensorLike, **kwargs: Any) -> None:
        *_, run = [None, *runs.under_way()]
        if run is None:
            original(layer, losses, **kwargs)
            return
        if any(map(callable, tf.nest.flatten(losses))) and not adding_loss_of_weight.get():
            warnings.warn(
                f"The layer {layer.name!r} gave a function to add_loss in a model function: the "
                "losses of the model do not have what it computes. Give add_loss the tensor, in "
                "the layer's `call`.",
                stacklevel=2,
            )
        kept = _added_by(layer)
        of_run = _begun(layer, kept, run)
        before = len(kept)
        original(layer, losses, **kwargs)
        of_run += kept[before:]
        if _is_collected(layer):
            return
        tensors = [loss for loss in tf.nest.flatten(losses) if tf.is_tensor(loss)]
        added = [runs.of_call(loss, layer.name, (kept, of_run)) for loss in tensors]
        for each in runs.each_under_way():
            each.added_losses += added

    return add_loss


def _added_by(layer: Layer) -> list[TensorLike]:
    """Where Keras keeps what a layer added."""
    kept: list[TensorLike] = getattr(layer, "_eager_losses", layer._losses)
    return kept


def collect_added_losses_once(original: Any) -> Any:
    """Wrap `losses`: a layer of a Keras model may be called by a model function in it, too.

    Then it has the losses that it added there itself; see `unless_added_by_layers`.
    """

    @functools.wraps(original)
    def losses(layer: Layer) -> Any:
        parts = layer._flatten_layers() if stores_of_models(layer) else ()
        kept = [_added_by(part) for part in parts if _tells_what_it_added(part)]
        token = _added_by_layers.set(frozenset(id(loss) for each in kept for loss in each))
        try:
            return original(layer)
        finally:
            _added_by_layers.reset(token)

    return losses


def _tells_what_it_added(layer: Layer) -> bool:
    """Whether Keras reads it off the layer: Keras 3 asks a `ScopedModel` for `own_losses`."""
    return not hasattr(layer, "own_losses") or hasattr(layer, "_eager_losses")


def unless_added_by_layers(losses: list[TensorLike]) -> list[TensorLike]:
    """The losses of a model function that no layer around it tells of where they are read."""
    known = _added_by_layers.get()
    return [loss for loss in losses if id(loss) not in known]


def _begun(layer: Layer, kept: list[TensorLike], run: runs.Rerun) -> list[TensorLike]:
    """What a layer has added in a run; a layer without has those of the run before taken away."""
    known: _Added | None = layer.__dict__.get(_ADDED)
    if known is not None and known.run is not None and known.run() is run:
        return known.losses
    telling.at_end(functools.partial(_put_back, layer, kept, list(kept), known))
    left = [] if known is None else known.losses
    kept[:] = [loss for loss in kept if not any(loss is each for each in left)]
    added = layer.__dict__[_ADDED] = _Added(run)
    return added.losses


def _put_back(
    layer: Layer, kept: list[TensorLike], losses: list[TensorLike], known: _Added | None
) -> None:
    """Forget what was added in a run that nobody computes."""
    kept[:] = losses
    layer.__dict__[_ADDED] = known


def export(model: Layer, path: str, inputs: list[Any], held: Any) -> None:
    """Write the SavedModel of a model that Keras itself does not know the inputs of.

    Args:
        model: The model.
        path: Where to.
        inputs: The types of the tensors that it takes.
        held: What it computes with: variables, tables, or the model.
    """
    served = tf.Module()
    served.held = held
    served.serve = tf.function(model.__call__, inputs, autograph=False)
    tf.saved_model.save(served, path, {"serve": served.serve, "serving_default": served.serve})
