"""The variable scope of a layer, as `tf.layers.Layer` had it. Knows no Keras.

TF1 gave a layer its scope at its first call: `dense`, `dense_1`, ... in call order, counted in the
scope that was open there. The layer keeps it: called again elsewhere, it is still that scope that
is open in its `build` and `call` (`tensorflow/python/layers/base.py`, `_set_scope` and `__call__`).
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, cast

import tensorflow as tf

from getter_compat.runtime import calling, lifting, runs, scopes
from getter_compat.runtime.operation_names import OpenedScope
from getter_compat.runtime.runs import LayerFrame
from getter_compat.runtime.scopes import AUTO_REUSE, Frame, VariableScope, getter_scope
from getter_compat.runtime.store import Used, VariableStore, default_store, note_loss, noting
from getter_compat.typing import Reuse

_RECORD = "_getter_compat_scope"
_NAMED = "_getter_compat_named"
_BASE_NAME = "_getter_compat_base_name"
_NUMBERED = "_getter_compat_numbered"


class LayerScope:
    """A layer's scope, and what it got for its weights.

    Args:
        base_name: What the scope is called: the layer's own name, else its class in snake case.
        scope: The scope, where the layer was given one when it was made (`_scope` in TF1).
        reuse: The layer's own `reuse`, for the functions of `tf.layers`.
        is_tf1: Whether the layer is one of `tf.layers`, which has no initializer unless it is told.
    """

    def __init__(
        self,
        base_name: str,
        scope: VariableScope | None = None,
        reuse: Reuse = None,
        is_tf1: bool = False,
    ) -> None:
        self.base_name = base_name
        self.reuse = reuse
        self.is_tf1 = is_tf1
        self.weights: list[Any] = []  # what the layer holds, in the order it was asked for
        self.derived: list[Any] = []  # those of them whose getter returned a tensor
        self.trained: list[Any] = []  # those of them that are trained, of a layer in a TF1 graph
        self.losses: list[Any] = []  # and what it added to the losses of the graph
        self.losses_of_weights: dict[tuple[str, bool], runs.LossOfWeight] = {}  # that runs made
        self.made_in_runs: dict[str | runs.OwnName, tf.Variable] = {}  # by full name, or own
        self.opened: list[OpenedScope] = []  # name scopes, in the run that built it
        self.updates: list[Any] = []  # and to its updates
        self.misfits: list[str] = []  # what a getter returned that was not what was asked for
        self.is_called = False  # rather than computed with by the layer that it is part of
        self.asks = True  # or what the layer adds is Keras's own
        self.opened_as = base_name  # its name scope, unless it is a layer of Keras's
        self._scope = scope
        self._operation_name = base_name if scope is None else _last_part(scope.name)
        self._reusing: VariableScope | None = None
        self._store: VariableStore | None = None

    @property
    def store(self) -> VariableStore:
        """The store that was in use when the layer first needed one."""
        if self._store is None:
            self._store = default_store()
        return self._store

    @property
    def is_in_graph(self) -> bool:
        """Whether the layer was used, and in a TF1 graph."""
        return self._store is not None and self._store.graph is not None

    @property
    def scope(self) -> VariableScope:
        """The scope; made, in the scope that is open here, when it is first needed."""
        if self._scope is None:
            self._scope = self._make()
        return self._scope

    def known_scope(self) -> VariableScope | None:
        """The scope, if the layer was used before or was given one."""
        return self._scope

    def take(self, name: str | VariableScope) -> None:
        """Use the scope that a call is given, if it is the layer's first one; in a run, its names.

        That is the first call of all: a later run has it again.
        """
        if self._scope is not None:
            self._take_names(self.store, name)
            return
        self._scope = captured(name)
        self._operation_name = _last_part(self._scope.name)

    def number(self) -> None:
        """Take the names of the scope, where the layer has no use for it."""
        store = default_store()
        if self._scope is not None:
            self._take_names(store)
            return
        made = self._make()
        self._scope = VariableScope(False, made.name)  # which keeps no getter alive
        run = runs.of(scopes.frame_of(store))
        if run is not None:
            run.comes_to(self._scope)
            run.name_scopes[self._scope] = run.name_scopes[made]

    def _make(self) -> VariableScope:
        # A layer that was told to reuse is not numbered: it means the scope of that name.
        return captured(self.base_name if self.reuse else None, self.base_name)

    def open(self, built: bool, builds_parts: bool = False) -> AbstractContextManager[None]:
        """Hold the scope open; a built layer finds the variables that it asks for.

        Args:
            built: Whether the layer is built.
            builds_parts: Whether layers in it are not, which make theirs. TF1 refused that to a
                layer of `tf.layers`, and let those of `tf.keras` do it.
        """
        finds = self.is_tf1 or self.reuse is True or self.scope.reuse is True
        makes = built and builds_parts and not finds
        reuse = AUTO_REUSE if makes else True if built else self.reuse
        in_graph = self.store.layer_scope(self.scope, reuse)
        if in_graph is not None:
            return self._opened_in_graph(in_graph)
        self._take_names(self.store)
        if built:
            self.count_again()
        return self._opened(self._making_frame() if makes else self.frame(built))

    def _take_names(self, store: VariableStore, name: str | VariableScope | None = None) -> None:
        """Take the names of a scope that an earlier run made: TF1 did at the layer's first call.

        Args:
            store: The store that the layer is used on.
            name: The scope that the call is given, if it is given one.
        """
        here = scopes.frame_of(store)
        run = runs.of(here)
        if self._scope is None or run is None or run.comes_to(self._scope):
            return
        here.names.counters = here.names.counters.open(self._scope.name)
        run.name_scopes[self._scope] = _name_scope_of(run, name or self._operation_name)

    def numbered(self) -> AbstractContextManager[Any]:
        """Have Keras open the name scope in the block, in a run, where the scope has no use."""
        self._store = default_store()
        here = scopes.frame_of(self._store)
        return nullcontext() if runs.of(here) is None else scopes.opened(self._frame_of(here.scope))

    def in_name_scope(self) -> AbstractContextManager[None]:
        """Be in the name scope, in a run, of a layer that Keras does not call."""
        run = runs.of(scopes.frame_of(self.store))
        name_scope = None if run is None else run.name_scopes.get(self.scope)
        if run is None or name_scope is None:
            return nullcontext()
        return run.operation_names.within_layer(self.opened_as, name_scope)

    @contextmanager
    def building(self) -> Iterator[None]:
        """Keep what the block makes, for later runs: they do not build again."""
        if not isinstance(scopes.innermost_or_none(), LayerFrame):
            yield
            return
        with noting(Used()) as used:
            yield
        self.keep(used)

    def named_here(self, name: str) -> str:
        """The name of what the layer computes: in a run TF1's, below the name scopes that are open.

        Args:
            name: The name below the variable scope that is open.
        """
        run = next(runs.under_way(self.store), None)
        return name if run is None else run.operation_names.name_here(_last_part(name))

    def name_of_loss(self) -> str:
        """The name of a loss that the layer computes, but for those of its weights."""
        return self.named_here(f"{self.scope.name}/Loss")

    def add_loss_of_weight(self, asked: str, loss: Callable[[], Any], weight: Any) -> None:
        """Add the loss of a weight that the layer made, and `asked` for by a full name."""
        name = f"{self.named_here(asked)}/Regularizer"
        self.store.add_loss(name, loss)
        run = next(runs.under_way(self.store), None)
        if run is not None:
            of = self.store.name_of(weight) or self
            run.is_repeat(of)
            kept = runs.LossOfWeight(of, name, lifting.lasting(loss), layer=self)
            self._keep_losses([kept])
            note_loss(kept)  # for a layer whose getter made this one

    def keep(self, used: Used) -> None:
        """Keep what the layer made in a run, built or asking for a weight, for later ones."""
        run = next(runs.under_way(self.store), None)
        if run is None:
            return
        self.opened += [scope for scope in used.opened if not run.is_repeat(scope)]
        self.made_in_runs.update(zip(used.names, used.created, strict=True))
        self.made_in_runs.update(used.named)
        self._keep_losses(used.losses)

    def _keep_losses(self, losses: Iterable[runs.LossOfWeight]) -> None:
        kept = self.losses_of_weights
        kept.update(((loss.name, loss.layer is not None), loss) for loss in losses)

    def count_again(self) -> None:
        """Have a later run, which uses the layer and makes no weights, find them made."""
        if not (self.made_in_runs or self.losses_of_weights or self.opened):
            return
        run = next(runs.under_way(self.store), None)
        if run is None:
            return
        opened = [scope for scope in self.opened if not run.is_repeat(scope)]
        run.operation_names.take_again(opened)
        run.count_again(self.made_in_runs, self.losses_of_weights.values())
        self.store.see(self.made_in_runs.values())

    def held_open(self, built: bool) -> AbstractContextManager[None]:
        """Hold the scope open, if it is not open already."""
        return nullcontext() if self.is_open() else self.open(built)

    @contextmanager
    def held_open_to_build(self, built: bool) -> Iterator[None]:
        """Hold the scope open where the layer is built."""
        with self.held_open(built), self.building():
            yield

    def open_to_add(self) -> AbstractContextManager[None]:
        """Hold the scope open for weights that a built layer adds."""
        in_graph = self.store.layer_scope(self.scope, AUTO_REUSE)
        return in_graph or self._opened(self._making_frame())

    @contextmanager
    def left_to_keras(self) -> Iterator[None]:
        """Have the layer add what it adds in the block as outside of all scopes."""
        self.asks = False
        try:
            yield
        finally:
            self.asks = True

    @contextmanager
    def _opened(self, frame: LayerFrame) -> Iterator[None]:
        names, name = frame.names, frame.scope.name
        if not names.counters.count(name):  # TF1 opened it anew at each call, wherever that was
            names.counters = names.counters.open(name)
        counters = names.counters
        token = scopes.push(frame)
        try:
            yield
        except Exception as error:
            self.explain(error)
            raise
        finally:
            scopes.pop(token)
            if names.counters is not counters:
                names.counters = counters

    @contextmanager
    def _opened_in_graph(self, opened: AbstractContextManager[Any]) -> Iterator[None]:
        try:
            with opened:
                yield
        except Exception as error:
            self.explain(error)
            raise

    def note_misfit(self, name: str, shape: Any, dtype: tf.DType, value: Any) -> None:
        """Note what a getter returned where a weight of another shape or dtype was asked for.

        TF1 took it, and it may do; if the layer fails, the error says so.
        """
        returned, asked = tf.TensorShape(value.shape), tf.TensorShape(shape)
        returned_dtype = tf.as_dtype(value.dtype).base_dtype
        getter = self.scope.custom_getter
        fits = returned.is_compatible_with(asked) and returned_dtype == dtype.base_dtype
        if getter is None or fits:
            return
        self.misfits.append(
            f"The custom getter {calling.name_of(getter)} returned shape "
            f"{returned} and dtype {returned_dtype.name} for the weight {name}, which was asked "
            f"for with shape {asked} and dtype {dtype.name}."
        )

    def explain(self, error: Exception) -> None:
        """Say in an error of the layer's what a getter returned, after TF1's words."""
        for misfit in self.misfits:
            if misfit in str(error):
                continue
            if isinstance(error, tf.errors.OpError):
                error._message = f"{error.message}\n{misfit}"
            elif error.args and isinstance(error.args[0], str):
                error.args = f"{error.args[0]}\n{misfit}", *error.args[1:]

    def __reduce__(self) -> Any:
        """A copy of a layer has the same scope, in the store that is in use where it is made."""
        made_by = self.base_name, self._scope, self.reuse, self.is_tf1
        return LayerScope, made_by, {"opened_as": self.opened_as}

    def frame(self, built: bool) -> LayerFrame:
        """The frame in which the layer is built or called here."""
        return self._frame_of(self._reused() if built or self.reuse is True else self._own())

    def _frame_of(self, scope: VariableScope) -> LayerFrame:
        here = scopes.frame_of(self.store)
        run = runs.of(here)
        name_scope = None if run is None else run.name_scopes.get(self.scope)
        return _frame(here, scope, name_scope, self.opened_as)

    def _making_frame(self) -> LayerFrame:
        return self._frame_of(scopes.with_reuse(self.scope, AUTO_REUSE))

    def _own(self) -> VariableScope:
        scope = self.scope
        return scopes.with_reuse(scope, AUTO_REUSE) if self.reuse is AUTO_REUSE else scope

    def _reused(self) -> VariableScope:
        if self._reusing is None:
            self._reusing = scopes.with_reuse(self.scope, True)
        return self._reusing

    def is_open(self) -> bool:
        """Whether the innermost scope is this one."""
        frame = scopes.innermost()
        if self._scope is None:
            return False
        return frame.store is self.store and frame.scope.name == self._scope.name


def captured(name: str | VariableScope | None, default_name: str = "") -> VariableScope:
    """The scope of a layer: of a name, or of a default name made unique, below what is open."""
    store = default_store()
    with getter_scope(name, default_name, auxiliary_name_scope=store.opens_name_scopes) as scope:
        pass
    run = runs.of(scopes.frame_of(store))
    if run is None:
        return scope
    run.comes_to(scope)
    run.name_scopes[scope] = _name_scope_of(run, name, default_name)
    return scope


def _name_scope_of(
    run: runs.Rerun, name: str | VariableScope | None, default_name: str = ""
) -> str:
    """The name scope of a layer's scope; TF1 opened one, which took a name from variables."""
    names = run.operation_names
    asked = _last_part(name.name) if isinstance(name, VariableScope) else name
    opened = names.unique_here(asked or default_name) if asked or default_name else ""
    if isinstance(name, VariableScope):
        return names.scope_called(name.original_name_scope)
    return opened


def _last_part(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def of(layer: Any) -> LayerScope | None:
    """The scope of a layer, if it has one."""
    return cast("LayerScope | None", layer.__dict__.get(_RECORD))


def opened_once_more(name: str) -> AbstractContextManager[Any]:
    """In a run, take a name scope that TensorFlow opens in the block for the one that is open."""
    here = scopes.innermost()
    run = runs.of(here)
    if run is None:
        return nullcontext()
    return scopes.opened(_frame(here, here.scope, run.operation_names.scope_here(), name))


def _frame(here: Frame, scope: VariableScope, name_scope: str | None, opened_as: str) -> LayerFrame:
    outer = scopes.innermost_or_none()
    frame = LayerFrame(here.store, here.names, scope, here.run, outer)
    frame.name_scope, frame.opened_as = name_scope, opened_as
    frame.around = tf.get_current_name_scope()
    return frame


def explain(layer: Any, error: Exception) -> None:
    """Say in an error of a layer's call what getters returned for it and the layers in it.

    Keras computes with the weights of some of those, such as the cell of an LSTM, without calling
    them.
    """
    if not getattr(layer, "built", False):
        return
    for part in layer._flatten_layers():
        scope = of(part)
        if scope is not None:
            scope.explain(error)


def give(layer: Any, scope: LayerScope) -> LayerScope:
    """Give a layer its scope, past the tracking of attributes that Keras does."""
    scope.opened_as = public(layer.name)
    layer.__dict__[_RECORD] = scope
    return scope


def remember_named(layer: Any, named: bool) -> None:
    """Remember whether a layer was named: Keras numbers the others, TF1 does so by scope."""
    layer.__dict__[_NAMED] = named


def wrap_bidirectional(original: Any, snake_case: Callable[[str], str]) -> Any:
    """Wrap the constructor of `Bidirectional`, which names the two copies that it makes of a layer.

    The name holds the number that Keras gave to an unnamed layer, which is another one each time.
    """

    @functools.wraps(original)
    def __init__(wrapper: Any, layer: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        original(wrapper, layer, *args, **kwargs)
        if layer.__dict__.get(_NAMED):
            return
        for copy, direction in (
            (wrapper.forward_layer, "forward"),
            (wrapper.backward_layer, "backward"),
        ):
            copy.__dict__[_BASE_NAME] = f"{direction}_{snake_case(type(copy).__name__)}"

    __init__.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]
    return __init__


def for_layer(layer: Any, snake_case: Callable[[str], str]) -> LayerScope | None:
    """The scope of a layer; given to it now, if it is not built yet and a scope is open."""
    scope = of(layer)
    if scope is not None or not scopes.is_active():
        return scope
    if not layer.built:
        return give(layer, LayerScope(_base_name(layer, snake_case)))
    if _NUMBERED not in layer.__dict__:  # built from the start, as dropout is; TF1 numbered these
        scope = None if layer.weights else LayerScope(_base_name(layer, snake_case))
        if scope is not None:
            scope.opened_as = public(layer.name)
        layer.__dict__[_NUMBERED] = scope
    numbered: LayerScope | None = layer.__dict__[_NUMBERED]
    if numbered is not None:
        numbered.number()
    return None


def numbered(layer: Any) -> AbstractContextManager[Any]:
    """Have Keras open the name scope of a layer that `for_layer` has no scope for, in the block."""
    scope: LayerScope | None = layer.__dict__.get(_NUMBERED)
    return nullcontext() if scope is None or not scopes.is_active() else scope.numbered()


def is_none_to_tf1(layer: Any) -> None:
    """Give a layer no name in the scope that it is called in: it counts its names itself."""
    layer.__dict__[_NUMBERED] = None


def _base_name(layer: Any, snake_case: Callable[[str], str]) -> str:
    base_name = layer.__dict__.get(_BASE_NAME)
    if base_name is None:
        class_name = snake_case(type(layer).__name__)
        base_name = layer.name if _is_named(layer, class_name) else public(class_name)
    return cast(str, base_name)


def public(name: str) -> str:
    """The name of a private class, as TF1 and Keras 2 made it: no scope may begin with `_`."""
    return f"private{name}" if name.startswith("_") else name


def _is_named(layer: Any, class_name: str) -> bool:
    """Whether a layer was named. One made before this package was first used did not tell."""
    named = layer.__dict__.get(_NAMED)
    if named is None:
        return not re.fullmatch(rf"{class_name}(_\d+)?", layer.name)
    return cast(bool, named)
