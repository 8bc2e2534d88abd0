"""Iterators, tables and queues that model code makes as it runs, made once: a later run finds them.

TF1 made them once for a graph, so that an iterator went on from one `session.run` to the next, and
a table or a queue kept what was put into it. Their place in the code tells them apart, as the names
of operations did. They are made, and initialized, outside of the trace of the function that asks
for them: one is of all its traces, and of no other model.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf
from tensorflow.python.data.ops import dataset_ops, iterator_ops
from tensorflow.python.ops import data_flow_ops, lookup_ops
from tensorflow.python.trackable import resource

from getter_compat.runtime import creation, graph, lifting
from getter_compat.runtime.runs import Rerun

_Dataset = Any  # of TensorFlow, whose class for all of them is not public
_INITIALIZERS = (lookup_ops.KeyValueTensorInitializer, lookup_ops.TextFileInitializer)
_QUEUES = (
    data_flow_ops.FIFOQueue,
    data_flow_ops.PaddingFIFOQueue,
    data_flow_ops.PriorityQueue,
    data_flow_ops.RandomShuffleQueue,
)


def install() -> None:
    """Wrap what makes iterators, tables, what those are initialized with, and queues."""
    datasets, of_tf1 = dataset_ops.DatasetV2, dataset_ops.DatasetV1
    datasets.__iter__ = _wrap_iter(datasets.__iter__)
    for name in ("_make_one_shot_iterator", "_make_initializable_iterator"):
        setattr(of_tf1, name, _wrap_make_iterator(getattr(of_tf1, name)))
    kind = resource._ResourceMetaclass
    kind.__call__ = _wrap_make_resource(kind.__call__)
    for initializer in _INITIALIZERS:
        initializer.__init__ = _wrap_initializer(initializer.__init__)
    for queue in _QUEUES:
        queue.__init__ = _wrap_make_queue(queue.__init__)


class _GoesOn(iterator_ops.OwnedIterator):
    """An iterator that a run of model code finds where the last one left it."""

    is_at_end = False  # as a loop in Python that ran to its end left it

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except StopIteration:
            self.is_at_end = True
            raise

    @property
    def initializer(self) -> Any:
        """Nothing to do: the iterator was initialized when it was made."""
        return tf.no_op()


class _Kept:
    """The iterator of one place in the code, and what tells whether it is of the same dataset."""

    def __init__(self) -> None:
        self._iterator: _GoesOn | None = None
        self._dataset: _Dataset = None
        self._fingerprint: Any = None

    def of(self, dataset: _Dataset, always: bool) -> _GoesOn:
        """The iterator; a new one for another dataset, or where it is at its end.

        Args:
            dataset: What to go through.
            always: Whether it is the one iterator, as that of TF1's functions was.
        """
        if always and self._iterator is not None:
            return self._iterator
        with creation.making(), tf.init_scope():
            variant = _outside(dataset._variant_tensor)
            fingerprint = _fingerprint(variant)
            is_new = self._iterator is None or self._iterator.is_at_end
            if is_new or fingerprint != self._fingerprint:
                made = _GoesOn(dataset_ops._VariantDataset(variant, dataset.element_spec))
                # A generator lives as long as its dataset does.
                self._iterator, self._dataset, self._fingerprint = made, dataset, fingerprint
        assert self._iterator is not None
        return self._iterator


def _fingerprint(variant: tf.Tensor) -> Any:
    """What is the same for datasets that give the same; before TensorFlow 2.17 for all."""
    fingerprint = getattr(tf.raw_ops, "DatasetFingerprint", None)
    return None if fingerprint is None else int(fingerprint(input_dataset=variant))


def _outside(value: Any) -> Any:
    """A tensor of the trace under way outside of it, if it depends on no argument."""
    with lifting.tracing_with((), ()):
        return lifting.lifted(value, "It depends on the arguments of the model function.")


def _wrap_iter(original: Any) -> Any:
    """Have `iter(dataset)` go on, too: TF1, in its graphs, had no such thing."""

    @functools.wraps(original)
    def __iter__(dataset: _Dataset) -> Iterator[Any]:  # noqa: N807
        run = creation.run_here()
        if run is None or graph.store_here() is not None:
            return original(dataset)  # type: ignore[no-any-return]
        try:
            return _kept(run, "Iterator").of(dataset, always=False)
        except ValueError:  # a dataset of what the function is given, which begins with it
            return original(dataset)  # type: ignore[no-any-return]

    return __iter__


def _wrap_make_iterator(original: Any) -> Any:
    @functools.wraps(original)
    def make_iterator(dataset: _Dataset, *args: Any, **kwargs: Any) -> Any:
        run = creation.run_here()
        if run is None:
            return original(dataset, *args, **kwargs)
        if graph.store_here() is not None:  # as TF1's, it begins where a session first asks
            make = functools.partial(original, dataset, *args, **kwargs)
            return run.keep(("iterator", run.operation_names.unique_here("Iterator")), make)
        return _kept(run, "Iterator").of(dataset, always=True)

    return make_iterator


def _kept(run: Rerun, name: str) -> _Kept:
    kept: _Kept = run.keep(("iterator", run.operation_names.unique_here(name)), _Kept)
    return kept


def _wrap_make_resource(original: Any) -> Any:
    @functools.wraps(original)
    def __call__(kind: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807
        run = creation.run_here()
        if run is None or not issubclass(kind, lookup_ops.LookupInterface):
            return original(kind, *args, **kwargs)
        name = _name_given(kind.__init__, args, kwargs) or kind.__name__
        make = _made_outside(functools.partial(original, kind), args, kwargs)
        return run.keep(("table", run.operation_names.unique_here(name)), make)

    return __call__


def _name_given(init: Any, args: Any, kwargs: Any) -> str | None:
    """The name that a constructor is given, or has by default."""
    given = inspect.signature(init).bind(None, *args, **kwargs)
    given.apply_defaults()
    return given.arguments.get("name")


def _made_outside(make: Any, args: Any, kwargs: Any) -> Callable[[], Any]:
    """What makes something outside of the trace under way, with its arguments from there."""

    def made() -> Any:
        with creation.making(), tf.init_scope():
            outside = [_outside(value) for value in args]
            return make(*outside, **{key: _outside(value) for key, value in kwargs.items()})

    return made


def _wrap_initializer(original: Any) -> Any:
    """Have the keys and values of a table be there where the table is made."""

    @functools.wraps(original)
    def __init__(initializer: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        if creation.run_here() is None:
            original(initializer, *args, **kwargs)
        else:
            _made_outside(functools.partial(original, initializer), args, kwargs)()

    return __init__


def _wrap_make_queue(original: Any) -> Any:
    @functools.wraps(original)
    def __init__(queue: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        def make() -> Any:
            with creation.making(), tf.init_scope():
                original(queue, *args, **kwargs)
            return queue

        run = creation.run_here()
        if run is None:
            original(queue, *args, **kwargs)
            return
        name = run.operation_names.unique_here(str(_name_given(original, args, kwargs)))
        vars(queue).update(vars(run.keep(("queue", name), make)))

    return __init__
