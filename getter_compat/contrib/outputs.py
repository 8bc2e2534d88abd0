"""`outputs_collections`: the outputs of layers by the names of their scopes, one run's at a time.

TF1 kept the outputs in the graph. Here a model function runs again and again, so what is kept is
what the latest run through it, or with no such run the latest layer of that name, put there.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from getter_compat import scopes
from getter_compat.runs import Rerun
from getter_compat.store import VariableStore, default_store, is_usable


@dataclass(slots=True)
class _Outputs:
    """The outputs by collection and name, and the run that they come from."""

    run: Rerun | None = None
    named: dict[str, OrderedDict[str, Any]] = field(default_factory=dict)


_outputs: WeakKeyDictionary[VariableStore, _Outputs] = WeakKeyDictionary()


def collect_named_outputs(collections: Any, alias: str, outputs: Any) -> Any:
    """Put a tensor into collections, as layers do with `outputs_collections`.

    Args:
        collections: The name of a collection, a list of names, or `None`.
        alias: The name of the tensor there.
        outputs: The tensor.

    Returns:
        The tensor.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     _ = contrib.collect_named_outputs("ends", "block1", tf.ones([1]))
        ...     print(list(contrib.convert_collection_to_dict("ends")))
        ['block1']
    """
    names = [collections] if isinstance(collections, str) else collections or ()
    for name in names:
        named = _of_this_run().named.setdefault(name, OrderedDict())
        named[alias.removesuffix("/")] = outputs
    return outputs


def convert_collection_to_dict(
    collection: str, clear_collection: bool = False
) -> OrderedDict[str, Any]:
    """Return the outputs in a collection by the names of their layers' scopes.

    Args:
        collection: The name of the collection.
        clear_collection: Whether to empty it.

    Returns:
        The tensors by name, in order.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     x = contrib.linear(tf.ones([1, 2]), 3, scope="fc", outputs_collections="ends")
        ...     print(list(contrib.convert_collection_to_dict("ends")))
        ['fc']
    """
    named = _of_this_run().named
    found = named.get(collection, OrderedDict())
    if clear_collection:
        named.pop(collection, None)
    return OrderedDict((alias, tensor) for alias, tensor in found.items() if is_usable(tensor))


def _of_this_run() -> _Outputs:
    store = default_store()
    outputs, run = _outputs.setdefault(store, _Outputs()), _run_of(store)
    if run is not None and outputs.run is not run:
        outputs.run, outputs.named = run, {}
    return outputs


def _run_of(store: VariableStore) -> Rerun | None:
    """The outermost run through model code on a store that is under way here."""
    frame, found = scopes.innermost_or_none(), None
    while frame is not None:
        if frame.store is store and isinstance(frame.finding, Rerun):
            found = frame.finding
        frame = frame.outer
    return found
