"""The variables of `tf.contrib.framework`: made with its collections, and found again.

`model_variable` is what the layers of contrib make their variables with; an `arg_scope` reaches it.
The rules are those of `contrib/framework/python/ops/variables.py` in TensorFlow 1.15 (Apache
License 2.0).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import tensorflow as tf

from getter_compat.contrib.arg_scopes import add_arg_scope
from getter_compat.contrib.common import CollectionNames, Collections
from getter_compat.runtime import adapters
from getter_compat.runtime.scopes import VariableScope, get_variable_scope
from getter_compat.runtime.store import AUTO, GLOBAL, NONE, TRAINABLE, default_store, get_variable
from getter_compat.typing import (
    Device,
    DType,
    Getter,
    Initializer,
    Partitioner,
    Regularizer,
    Shape,
    TensorLike,
)

MODEL = "model_variables"
LOCAL = "local_variables"


@add_arg_scope
def variable(
    name: str,
    shape: Shape | None = None,
    dtype: DType | None = None,
    initializer: Initializer | TensorLike | None = None,
    regularizer: Regularizer | None = None,
    trainable: bool = True,
    collections: Sequence[str] | None = None,
    caching_device: Device | None = None,
    device: Device | None = None,
    partitioner: Partitioner | None = None,
    custom_getter: Getter | None = None,
    use_resource: bool | None = None,
    synchronization: tf.VariableSynchronization = AUTO,
    aggregation: tf.VariableAggregation = NONE,
) -> TensorLike:
    """Find or create a variable: `get_variable` on a device, and under `arg_scope`.

    Args:
        name: Its name below the current scope.
        shape: Its shape.
        dtype: Its dtype; by default the scope's.
        initializer: Its initializer; by default the scope's.
        regularizer: A function of the variable.
        trainable: Whether it is trainable.
        collections: The collections it joins; by default the global variables.
        caching_device: Handed to the getters.
        device: The name of the device to create it on; in a TF1 graph also a function of an
            operation, such as those of parameter servers.
        partitioner: Handed to the getters; the true getter refuses one.
        custom_getter: Called in place of `get_variable`, with its arguments and `reuse`.
        use_resource: Handed to the getters.
        synchronization: A `tf.VariableSynchronization`.
        aggregation: A `tf.VariableAggregation`.

    Returns:
        A `tf.Variable`, or what the getters made of it.

    Raises:
        ValueError: As `get_variable`.
        TypeError: If `device` is a function, which TensorFlow 2 asks only in a graph.

    Examples:
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     print(contrib.variable("v", [2], device="/cpu:0").name)
        v:0
    """
    if callable(device) and default_store().graph is None:
        raise TypeError(
            f"Variable {name}: device is the function {device!r}. TensorFlow 2 takes the name of a "
            "device; a tf.distribute strategy places variables."
        )
    getter = get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=get_variable_scope().reuse)
    with tf.compat.v1.device(device) if device else nullcontext():
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=list(dict.fromkeys([GLOBAL] if collections is None else collections)),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


@add_arg_scope
def model_variable(
    name: str,
    shape: Shape | None = None,
    dtype: DType | None = tf.float32,
    initializer: Initializer | TensorLike | None = None,
    regularizer: Regularizer | None = None,
    trainable: bool = True,
    collections: Sequence[str] | None = None,
    caching_device: Device | None = None,
    device: Device | None = None,
    partitioner: Partitioner | None = None,
    custom_getter: Getter | None = None,
    use_resource: bool | None = None,
    synchronization: tf.VariableSynchronization = AUTO,
    aggregation: tf.VariableAggregation = NONE,
) -> TensorLike:
    """Find or create a variable of the model: one that `get_model_variables` returns.

    Arguments, result and errors are those of `variable`; what is in `collections` it joins besides
    the global and the model variables.

    Examples:
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     _ = contrib.model_variable("v", [2])
        ...     print([v.name for v in contrib.get_model_variables()])
        ['v:0']
    """
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=[*(collections or ()), GLOBAL, MODEL],
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def weight(name: str, **asked: Any) -> TensorLike:
    """Ask for a weight of a layer; in the place of a variable, what Keras computes with now."""
    value = model_variable(name, **asked)
    if isinstance(value, tf.Variable):
        return adapters.current().variable_of_function(value, None)
    return value


def layer_getter(renamed: dict[str, str] | None = None) -> Getter:
    """The getter of a contrib layer around one of `tf.layers`, whose weights it renames.

    It is the innermost getter of the layer's scope; the getters around it see the new names.
    """
    renamed = renamed or {}

    def getter_of_layer(
        getter: Callable[..., Any],
        name: str,
        shape: Shape | None = None,
        dtype: DType | None = None,
        initializer: Initializer | TensorLike | None = None,
        regularizer: Regularizer | None = None,
        trainable: bool = True,
        collections: Sequence[str] | None = None,
        caching_device: Device | None = None,
        partitioner: Partitioner | None = None,
        use_resource: bool | None = None,
        synchronization: tf.VariableSynchronization = AUTO,
        aggregation: tf.VariableAggregation = NONE,
        **_: Any,
    ) -> TensorLike:
        scope, slash, own_name = name.rpartition("/")
        own_name = renamed.get(own_name, own_name)
        return model_variable(
            f"{scope}{slash}{own_name}",
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=collections,
            caching_device=caching_device,
            partitioner=partitioner,
            custom_getter=getter,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )

    return getter_of_layer


def get_variable_collections(variables_collections: Collections, name: str) -> CollectionNames:
    """Return the collections that `variables_collections` has for a variable.

    Args:
        variables_collections: Names of collections, or a dict of them by variable, or `None`.
        name: The variable.

    Returns:
        The names for this variable; `None` for none.

    Examples:
        >>> from getter_compat import contrib
        >>> contrib.get_variable_collections({"weights": ["kernels"]}, "weights")
        ['kernels']
    """
    if isinstance(variables_collections, Mapping):
        return variables_collections.get(name)
    return variables_collections


def add_to_collection(collection: str, name: str, value: TensorLike) -> None:
    """Add a weight of that name to a collection, once."""
    store = default_store()
    if store.graph is None and not isinstance(value, tf.Variable):
        raise NotImplementedError(
            f"The custom getter returned a tensor for {name}, which variables_collections adds to "
            f"{collection!r}: a collection here holds variables. Leave the argument out."
        )
    store.add_variable_to_collection(collection, value)


def add_model_variable(var: tf.Variable) -> None:
    """Make a variable one of those that `get_model_variables` returns.

    Args:
        var: The variable.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     contrib.add_model_variable(tf.Variable(1.0, name="v"))
        ...     print(len(contrib.get_model_variables()))
        1
    """
    add_to_collection(MODEL, var.name, var)


def get_variables(
    scope: str | VariableScope | None = None, suffix: str | None = None, collection: str = GLOBAL
) -> list[tf.Variable]:
    """Return the variables of a collection of the current store.

    Args:
        scope: A regular expression that their names begin with, or a scope.
        suffix: What their names end in.
        collection: The name of the collection.

    Returns:
        The variables, in the order in which they joined it.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     _ = contrib.fully_connected(tf.ones([1, 2]), 3, scope="fc")
        ...     print([v.name for v in contrib.get_variables("fc", suffix="weights")])
        ['fc/weights:0']
    """
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        scope = f"{scope or ''}.*{suffix}" + ("" if ":" in suffix else ":")
    found = default_store().collection(collection)
    return [v for v in found if not scope or re.match(scope, v.name)]


def get_model_variables(
    scope: str | VariableScope | None = None, suffix: str | None = None
) -> list[tf.Variable]:
    """Return the variables that `model_variable`, and so every layer of contrib, made.

    Arguments and result are those of `get_variables`.
    """
    return get_variables(scope, suffix, MODEL)


def get_local_variables(
    scope: str | VariableScope | None = None, suffix: str | None = None
) -> list[tf.Variable]:
    """Return the local variables. Arguments and result are those of `get_variables`."""
    return get_variables(scope, suffix, LOCAL)


def get_trainable_variables(
    scope: str | VariableScope | None = None, suffix: str | None = None
) -> list[tf.Variable]:
    """Return the trainable variables. Arguments and result are those of `get_variables`."""
    return get_variables(scope, suffix, TRAINABLE)


def get_variables_by_suffix(
    suffix: str, scope: str | VariableScope | None = None
) -> list[tf.Variable]:
    """Return the variables whose names end so. Arguments and result as in `get_variables`."""
    return get_variables(scope, suffix)


def get_variables_by_name(
    given_name: str, scope: str | VariableScope | None = None
) -> list[tf.Variable]:
    """Return the variables of this name, in whatever scope.

    Args:
        given_name: The last part of the name.
        scope: A regular expression that the whole names begin with, or a scope.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     _ = contrib.fully_connected(tf.ones([1, 2]), 3)
        ...     print([v.name for v in contrib.get_variables_by_name("biases")])
        ['fully_connected/biases:0']
    """
    return get_variables(scope, f"/{given_name}:|^{given_name}:")


def get_unique_variable(var_op_name: str) -> tf.Variable:
    """Return the variable of this full name.

    Args:
        var_op_name: The name, without `:0`.

    Raises:
        ValueError: If there is none.
    """
    candidates = get_variables(var_op_name)
    if not candidates:
        raise ValueError(f"Couldn't find variable {var_op_name}")
    for candidate in candidates:
        if candidate.name.partition(":")[0] == var_op_name:
            return candidate
    raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable")


def get_variables_to_restore(
    include: list[str] | tuple[str, ...] | None = None,
    exclude: list[str] | tuple[str, ...] | None = None,
) -> list[tf.Variable]:
    """Return the global variables, or those of some scopes, without those of others.

    Args:
        include: Scopes; by default all.
        exclude: Scopes; by default none.

    Raises:
        TypeError: If either is neither a list nor a tuple.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default():
        ...     _ = contrib.stack(tf.ones([1, 2]), contrib.fully_connected, [3, 3], scope="fc")
        ...     print([v.name for v in contrib.get_variables_to_restore(exclude=["fc/fc_1"])])
        ['fc/fc_2/weights:0', 'fc/fc_2/biases:0']
    """
    included = get_variables() if include is None else _of_scopes(include, "include")
    excluded = {id(v) for v in _of_scopes(exclude or (), "exclude")}
    return [v for v in included if id(v) not in excluded]


def _of_scopes(scopes: Any, argument: str) -> list[tf.Variable]:
    if not isinstance(scopes, list | tuple):
        raise TypeError(f"{argument} is provided but is not a list or a tuple: {scopes!r}")
    return [v for scope in scopes for v in get_variables(scope)]


def filter_variables(
    var_list: Sequence[tf.Variable],
    include_patterns: Sequence[str] | None = None,
    exclude_patterns: Sequence[str] | None = None,
    reg_search: bool = True,
) -> list[tf.Variable]:
    """Choose variables by regular expressions.

    Args:
        var_list: The variables.
        include_patterns: What a name must match one of; `None` for all.
        exclude_patterns: What a name must match none of.
        reg_search: Whether a pattern may match anywhere in a name, not only at its beginning.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import contrib
        >>> variables = [tf.Variable(1.0, name="a/v"), tf.Variable(1.0, name="b/v")]
        >>> [v.name for v in contrib.filter_variables(variables, exclude_patterns=["a/"])]
        ['b/v:0']
    """
    matches = re.search if reg_search else re.match

    def any_of(patterns: Sequence[str], var: Any) -> bool:
        return any(matches(pattern, var.name) for pattern in patterns)

    return [
        var
        for var in var_list
        if (include_patterns is None or any_of(include_patterns, var))
        and not (exclude_patterns is not None and any_of(exclude_patterns, var))
    ]


def assign_from_checkpoint_fn(
    model_path: str,
    var_list: Sequence[tf.Variable] | Mapping[str, tf.Variable],
    ignore_missing_vars: bool = False,
    reshape_variables: bool = False,
) -> Callable[[tf.compat.v1.Session], None] | None:
    """Make a function of a session that restores variables of a TF1 graph.

    Args:
        model_path: The checkpoint.
        var_list: The variables, or by name in the checkpoint.
        ignore_missing_vars: Whether to leave out, with a warning, what the checkpoint lacks.
        reshape_variables: Whether a variable of another shape and the same size takes the value.

    Returns:
        The function, or `None` if nothing is left to restore.

    Raises:
        ValueError: If no variables are given.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    named = (
        dict(var_list)
        if isinstance(var_list, Mapping)
        else {v.name.partition(":")[0]: v for v in map(adapters.variable_of, var_list)}
    )
    if ignore_missing_vars:
        stored = {name for name, _ in tf.train.list_variables(model_path)}
        for name in sorted(set(named) - stored):
            tf.compat.v1.logging.warning("Variable %s missing in checkpoint %s", name, model_path)
        named = {name: variable for name, variable in named.items() if name in stored}
    if not named:
        tf.compat.v1.logging.warning("No Variables to restore")
        return None
    saver = tf.compat.v1.train.Saver(named, reshape=reshape_variables)
    return lambda session: saver.restore(session, model_path)
