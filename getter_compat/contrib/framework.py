"""What `tf.contrib.framework` had beside `arg_scope` and the variables of models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.python.framework import smart_cond as _smart_cond

from getter_compat.typing import TensorLike

v1 = tf.compat.v1

Feeds = dict[tf.Tensor, TensorLike]

smart_cond = _smart_cond.smart_cond
smart_constant_value = _smart_cond.smart_constant_value

__all__ = [
    "assign_from_checkpoint",
    "assign_from_values",
    "assign_from_values_fn",
    "global_variable",
    "local_variable",
    "smart_cond",
    "smart_constant_value",
]


def local_variable(
    initial_value: TensorLike,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> tf.Variable:
    """Make a variable of the collection `LOCAL_VARIABLES`.

    Args:
        initial_value: The initial value.
        validate_shape: Whether its shape has to be known.
        name: The name of the variable.
        use_resource: Whether to make a resource variable, by default as the scope says.

    Returns:
        The variable.
    """
    return _variable(
        v1.GraphKeys.LOCAL_VARIABLES, initial_value, validate_shape, name, use_resource
    )


def global_variable(
    initial_value: TensorLike,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> tf.Variable:
    """Make a variable of the collection `GLOBAL_VARIABLES` that is not trained.

    Args:
        initial_value: The initial value.
        validate_shape: Whether its shape has to be known.
        name: The name of the variable.
        use_resource: Whether to make a resource variable, by default as the scope says.

    Returns:
        The variable.
    """
    return _variable(
        v1.GraphKeys.GLOBAL_VARIABLES, initial_value, validate_shape, name, use_resource
    )


def _variable(
    collection: str,
    initial_value: TensorLike,
    validate_shape: bool,
    name: str | None,
    use_resource: bool | None,
) -> tf.Variable:
    return v1.Variable(
        initial_value,
        trainable=False,
        collections=[collection],
        validate_shape=validate_shape,
        name=name,
        use_resource=use_resource,
    )


def assign_from_values(
    var_names_to_values: Mapping[str, TensorLike],
) -> tuple[tf.Operation, Feeds]:
    """Make an operation of a TF1 graph that gives variables their values.

    Args:
        var_names_to_values: By name of a variable of the graph, its value.

    Returns:
        The operation, and what to feed it.

    Raises:
        ValueError: If there is no such variable, or its shape is another.
    """
    by_name = {variable.op.name: variable for variable in v1.global_variables()}
    missing = sorted(set(var_names_to_values) - set(by_name))
    if missing:
        raise ValueError(f"Variable {missing[0]} wasn't found. Make it before values are assigned.")
    return _assigned([(by_name[name], value) for name, value in var_names_to_values.items()])


def assign_from_values_fn(
    var_names_to_values: Mapping[str, TensorLike],
) -> Callable[[tf.compat.v1.Session], None]:
    """Make a function of a session that gives variables their values.

    Args:
        var_names_to_values: As of `assign_from_values`.

    Returns:
        The function.
    """
    operation, feeds = assign_from_values(var_names_to_values)

    def assign(session: tf.compat.v1.Session) -> None:
        session.run(operation, feeds)

    return assign


def assign_from_checkpoint(
    model_path: str,
    var_list: Sequence[tf.Variable] | Mapping[str, tf.Variable],
    ignore_missing_vars: bool = False,
) -> tuple[tf.Operation, Feeds]:
    """Make an operation of a TF1 graph that gives variables the values of a checkpoint.

    Args:
        model_path: The checkpoint.
        var_list: The variables, or by name in the checkpoint.
        ignore_missing_vars: Whether to leave out, with a warning, what the checkpoint lacks.

    Returns:
        The operation, and what to feed it.

    Raises:
        ValueError: If the checkpoint lacks a variable, or has another shape of it.
    """
    named = var_list if isinstance(var_list, Mapping) else _by_stored_name(var_list)
    reader = tf.train.load_checkpoint(model_path)
    pairs = []
    for name, variables in named.items():
        if reader.has_tensor(name):
            value = reader.get_tensor(name)
            several = variables if isinstance(variables, list | tuple) else [variables]
            pairs += [(variable, _part_for(variable, name, value)) for variable in several]
        elif ignore_missing_vars:
            v1.logging.warning("Checkpoint is missing variable [%s]", name)
        else:
            raise ValueError(
                f"Checkpoint is missing variable [{name}]. Leave it out, or say "
                "ignore_missing_vars=True."
            )
    return _assigned(pairs)


def _by_stored_name(variables: Sequence[Any]) -> dict[str, list[Any]]:
    """Variables by their names in a checkpoint, which those of one partitioned variable share."""
    named: dict[str, list[Any]] = {}
    for variable in variables:
        part = variable._save_slice_info
        name = part.full_name if part is not None else variable.op.name
        named.setdefault(name, []).append(variable)
    return named


def _part_for(variable: Any, name: str, value: Any) -> Any:
    """What a variable takes of a value: all of it, or of a partitioned variable its part."""
    part = variable._save_slice_info
    if part is not None:
        sides = zip(part.var_offset, part.var_shape, strict=True)
        return value[tuple(slice(start, start + size) for start, size in sides)]
    if variable.shape != value.shape:
        raise ValueError(
            f"Total size of new array must be unchanged for {name} lh_shape: [{value.shape}], "
            f"rh_shape: [{variable.shape}]. Leave it out of var_list."
        )
    return value


def _assigned(pairs: Sequence[tuple[Any, Any]]) -> tuple[tf.Operation, Feeds]:
    """An operation that assigns what is fed, so that no graph has to hold the values."""
    feeds, assigned = {}, []
    for variable, value in pairs:
        dtype = variable.dtype.base_dtype
        fed = v1.placeholder(dtype, variable.shape, name=f"placeholder/{variable.op.name}")
        feeds[fed] = np.reshape(value, variable.shape.as_list())
        assigned.append(v1.assign(variable, fed))
    return tf.group(*assigned), feeds
