"""`outputs_collections`: the outputs of layers by the names of their scopes.

TF1 kept the outputs in the graph, and there they still are. Elsewhere a model function runs again
and again, in several threads too, so each run keeps its own. Outside of runs a store keeps those of
the latest layer of a name.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

import tensorflow as tf

from getter_compat.runtime import runs
from getter_compat.runtime.runs import Outputs, is_usable
from getter_compat.runtime.store import VariableStore, default_store
from getter_compat.typing import TensorLike

_ALIASES = "aliases"  # the attribute of a tensor that TF1 kept them in

_outside_of_runs: WeakKeyDictionary[VariableStore, Outputs] = WeakKeyDictionary()


def collect_named_outputs(
    collections: str | Sequence[str] | None, alias: str, outputs: TensorLike
) -> TensorLike:
    """Put a tensor into collections, as layers do with `outputs_collections`.

    Args:
        collections: The name of a collection, a list of names, or `None`.
        alias: The name of the tensor there.
        outputs: The tensor.

    Returns:
        The tensor.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     _ = contrib.collect_named_outputs("ends", "block1", tf.ones([1]))
        ...     print(list(contrib.convert_collection_to_dict("ends")))
        ['block1']
    """
    names = [collections] if isinstance(collections, str) else collections or ()
    alias = alias.removesuffix("/")
    if default_store().graph is not None and names:
        setattr(outputs, _ALIASES, [*getattr(outputs, _ALIASES, ()), alias])
        tf.compat.v1.add_to_collections(names, outputs)
        return outputs
    for name in names:
        _collections().setdefault(name, {})[alias] = outputs
        if any(runs.under_way()):  # which leaves TensorFlow's collections as they were
            tf.compat.v1.add_to_collection(name, outputs)
    return outputs


def convert_collection_to_dict(
    collection: str, clear_collection: bool = False
) -> OrderedDict[str, TensorLike]:
    """Return the outputs in a collection by the names of their layers' scopes.

    Args:
        collection: The name of the collection.
        clear_collection: Whether to empty it.

    Returns:
        The tensors by name, in order.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     x = contrib.linear(tf.ones([1, 2]), 3, scope="fc", outputs_collections="ends")
        ...     print(list(contrib.convert_collection_to_dict("ends")))
        ['fc']
    """
    if default_store().graph is not None:
        return _of_graph(collection, clear_collection)
    found = _collections().get(collection, {})
    if clear_collection:
        _collections().pop(collection, None)
    return OrderedDict((alias, tensor) for alias, tensor in found.items() if is_usable(tensor))


def _of_graph(collection: str, clear_collection: bool) -> OrderedDict[str, TensorLike]:
    """Those in a collection of the graph, each by the aliases of its tensor, else by its name."""
    found = OrderedDict(
        (alias, tensor)
        for tensor in tf.compat.v1.get_collection(collection)
        for alias in getattr(tensor, _ALIASES, [tensor.op.name])
    )
    if clear_collection:
        tf.compat.v1.get_collection_ref(collection).clear()
    return found


def _collections() -> Outputs:
    """Those of the outermost run on the current store, which its parts share."""
    store = default_store()
    under_way = list(runs.under_way(store))
    return under_way[-1].outputs if under_way else _outside_of_runs.setdefault(store, {})
