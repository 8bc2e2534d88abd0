"""TF1 checkpoints, by name: written by `tf.train.Saver` there, read here, and the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import tensorflow as tf

from getter_compat.runtime.store import VariableStore, default_store
from getter_compat.typing import AssignmentMap, TensorLike

# What a training run of TF1 saves beside the model and the slots and averages of its variables:
# steps and powers, the rate of `optimize_loss`, the scale of a loss in half precision and for how
# many steps it was good, averages of tensors such as losses.
_OF_TRAINING = re.compile(
    r"(.*/)?(global_step|beta1_power|beta2_power|learning_rate"
    r"|loss_scale|current_loss_scale|good_steps|bad_steps)(_\d+)?$"
    r"|.*/ExponentialMovingAverage(_\d+)?(/biased|/local_step)?$"
)
_AVERAGE = re.compile(r".*/ExponentialMovingAverage(_\d+)?$")

_FILE_OF_CHECKPOINT = re.compile(r"\.(index|meta|data-\d+-of-\d+)$")


class CheckpointError(ValueError):
    """A checkpoint that cannot be read, or does not fit the variables. Nothing was changed."""


@dataclass(slots=True)
class _Misfit:
    """What is wrong between a checkpoint and the variables, as a table for the message."""

    missing: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    misshaped: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        rows = [("missing from the checkpoint", name) for name in self.missing]
        rows += [("only in the checkpoint", name) for name in self.unexpected]
        rows += [("of another shape or dtype", name) for name in self.misshaped]
        return "\n".join(f"  {what:<28} {name}" for what, name in rows)

    def __bool__(self) -> bool:
        return bool(self.missing or self.unexpected or self.misshaped)


_stores: ContextVar[Sequence[VariableStore]] = ContextVar("getter_compat_stores", default=())


@contextmanager
def of_stores(stores: Sequence[VariableStore]) -> Iterator[None]:
    """Load and save the variables of several stores in the block: to TF1 they were of one graph."""
    token = _stores.set(stores)
    try:
        yield
    finally:
        _stores.reset(token)


def _stores_here() -> Sequence[VariableStore]:
    return _stores.get() or (default_store(),)


def _variables() -> dict[str, tf.Variable]:
    return _joined(store.variables for store in _stores_here())


def _saved_by_tf1() -> dict[str, tf.Variable]:
    return _joined(store.saved_by_tf1() for store in _stores_here())


def _joined(groups: Iterable[Mapping[str, tf.Variable]]) -> dict[str, tf.Variable]:
    joined: dict[str, tf.Variable] = {}
    for variables in groups:
        twice = sorted(joined.keys() & variables.keys())
        if twice:
            raise CheckpointError(
                "The model and its parts, which are models too, have variables of the same names, "
                f"which TensorFlow 1 numbered in one graph: {', '.join(twice)}. Give the functions "
                "of the parts scopes of their own, or load and save each model by itself: `with "
                "model.store.as_default(): getter_compat.save_tf1_checkpoint(path)`."
            )
        joined.update(variables)
    return joined


def load_tf1_checkpoint(
    path: str | PathLike[str],
    assignment_map: AssignmentMap | None = None,
    *,
    strict: bool = True,
) -> list[str]:
    """Load the variables of the current store from a checkpoint of TensorFlow 1, by name.

    Tables that can be changed, which a model function made, are filled too, as TF1's savers did.

    Everything is read and checked before the first variable is changed.

    Args:
        path: The checkpoint: its prefix (`model.ckpt-1000`), one of its files, or a directory whose
            newest checkpoint is meant.
        assignment_map: Which variables to load, and from what, as in
            `tf.train.init_from_checkpoint`: `{"old_scope/": "new_scope/"}`, `{"old_name":
            "new_name"}` or `{"old_name": variable}`; `"/"` is the root. Variables that it does not
            mention keep their values.
        strict: Without an assignment map: whether the names have to be the same on both sides. The
            slots of optimizers (`kernel/Adam`; `train/kernel/Adam`, made in a scope), averages and
            what else training keeps (`global_step`, `beta1_power`, the `learning_rate` of
            `optimize_loss`, loss scales) may be extra; variables outside of the collection
            `GLOBAL_VARIABLES`, as local ones are, may be missing: TF1's savers had none of them.

    Returns:
        The names of the variables that were loaded.

    Raises:
        CheckpointError: If the checkpoint cannot be read or, with a table of the names, does not
            fit. No variable was changed.

    Examples:
        >>> import tempfile
        >>> from getter_compat import *
        >>> with VariableStore().as_default(), tempfile.TemporaryDirectory() as folder:
        ...     v = get_variable("model/v", [2], initializer=tf.ones_initializer())
        ...     path = save_tf1_checkpoint(f"{folder}/model.ckpt")
        ...     _ = v.assign([0.0, 0.0])
        ...     loaded = load_tf1_checkpoint(path)
        >>> loaded, v.numpy()
        (['model/v'], array([1., 1.], dtype=float32))

        Moving averages are loaded in place of the variables by the map that TF1's savers took:

        >>> with VariableStore().as_default(), tempfile.TemporaryDirectory() as folder:
        ...     v = get_variable("model/v", [2], initializer=tf.ones_initializer())
        ...     ema = tf.train.ExponentialMovingAverage(0.9)
        ...     ema.apply([v])
        ...     path = save_tf1_checkpoint(f"{folder}/model.ckpt", [v, ema.average(v)])
        ...     _ = v.assign([0.0, 0.0])
        ...     loaded = load_tf1_checkpoint(path, ema.variables_to_restore([v]))
        >>> loaded, v.numpy()
        (['model/v'], array([1., 1.], dtype=float32))
    """
    return [target for _, target, _ in load(path, assignment_map, strict=strict)]


def load(
    path: str | PathLike[str], assignment_map: AssignmentMap | None = None, *, strict: bool = True
) -> list[_Pair]:
    """Load as `load_tf1_checkpoint` does, and tell what was loaded."""
    prefix = _prefix(path)
    _require_eager(prefix)
    reader = _reader(prefix)
    saved = reader.get_variable_to_shape_map()
    if assignment_map is None:
        pairs = _same_names(saved, strict, prefix)
    else:
        pairs = _mapped(saved, assignment_map, prefix)
    _check(pairs, reader, prefix)
    values = [_read(source, variable.dtype, prefix) for source, _, variable in pairs]
    fill = _tables_to_fill(saved, prefix) if assignment_map is None else []
    for (_, _, variable), value in zip(pairs, values, strict=True):
        variable.assign(value)
    for table, keys, contents in fill:
        tf.raw_ops.LookupTableImportV2(table_handle=table, keys=keys, values=contents)
    return pairs


def mapped(
    path: str | PathLike[str], assignment_map: AssignmentMap
) -> list[tuple[str, tf.Variable]]:
    """What an assignment map loads: names in the checkpoint, and variables here that they fit."""
    prefix = _prefix(path)
    reader = _reader(prefix)
    pairs = _mapped(reader.get_variable_to_shape_map(), assignment_map, prefix)
    _check(pairs, reader, prefix)
    return [(source, variable) for source, _, variable in pairs]


def save_tf1_checkpoint(
    path: str | PathLike[str], variables: Sequence[tf.Variable] | None = None
) -> str:
    """Write variables to a checkpoint that `tf.train.Saver` of TensorFlow 1 restores.

    Args:
        path: The prefix of the files to write, `folder/model.ckpt`; folders are made.
        variables: The variables, by default those of `getter_compat.global_variables()`, as TF1's
            `Saver` had them: no local ones; and the tables that can be changed.

    Returns:
        The prefix. `tf.train.latest_checkpoint(folder)` finds it, in TF1 and TF2.
    """
    prefix = fspath(path)
    _require_eager(prefix)
    if variables is not None:
        named: dict[str, Any] = dict(map(_named, variables))
    else:
        named = {**_saved_by_tf1(), **_parts_of_tables()}
    if not named:
        raise CheckpointError(f"{prefix}: there are no variables to save in the current store.")
    Path(prefix).parent.mkdir(parents=True, exist_ok=True)
    tf.raw_ops.SaveV2(
        prefix=prefix,
        tensor_names=list(named),
        shape_and_slices=[""] * len(named),
        tensors=[tf.convert_to_tensor(v) for v in named.values()],
    )
    _point_to(Path(prefix))
    return prefix


def _require_eager(prefix: str) -> None:
    if not tf.executing_eagerly():
        raise CheckpointError(
            f"{prefix}: load and save checkpoints outside of tf.function and of graphs: variables "
            "would change at every call of the function, and files be written."
        )


def _named(variable: Any) -> tuple[str, tf.Variable]:
    """The TF1 name of a `tf.Variable` or a `keras.Variable`, and the `tf.Variable`."""
    variable = variable if _is_variable(variable) else getattr(variable, "value", variable)
    return variable.name.split(":")[0], variable


def _point_to(prefix: Path) -> None:
    """Name the checkpoint in its folder's `checkpoint` file; relative, so the folder may move."""
    state = f'model_checkpoint_path: "{prefix.name}"\nall_model_checkpoint_paths: "{prefix.name}"\n'
    (prefix.parent / "checkpoint").write_text(state, encoding="utf-8")


_Fill = tuple[tf.Tensor, tf.Tensor, tf.Tensor]  # of a table: its handle, keys and values
_Pair = tuple[str, str, tf.Variable]  # name in the checkpoint, name in the store, variable


def _prefix(path: str | PathLike[str]) -> str:
    text = fspath(path)
    if Path(text).is_dir():
        newest = tf.train.latest_checkpoint(text)
        if newest is None:
            raise CheckpointError(
                f"{text}: this directory has no checkpoint. A checkpoint of TensorFlow 1 is three "
                "files, `checkpoint`, `NAME.index` and `NAME.data-00000-of-00001`."
            )
        return str(newest)
    return _FILE_OF_CHECKPOINT.sub("", text)


def _reader(prefix: str) -> Any:
    try:
        return tf.train.load_checkpoint(prefix)
    except (tf.errors.OpError, ValueError, RuntimeError, IndexError) as error:
        raise CheckpointError(
            f"{prefix}: cannot be read as a checkpoint of TensorFlow 1 ({_first_line(error)}). "
            "Give the prefix, such as model.ckpt-1000, with its .index and .data files beside it."
        ) from error


def _read(name: str, dtype: tf.DType, prefix: str) -> tf.Tensor:
    """Read a value as a tensor, whose memory the variable takes over: an array would be copied."""
    try:
        (value,) = tf.raw_ops.RestoreV2(
            prefix=prefix, tensor_names=[name], shape_and_slices=[""], dtypes=[dtype.base_dtype]
        )
    except (tf.errors.OpError, ValueError, RuntimeError, IndexError) as error:
        raise CheckpointError(
            f"{prefix}: the value of {name} cannot be read ({_first_line(error)}). "
            "The file is damaged or incomplete; no variable was changed."
        ) from error
    return value


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0]


def _same_names(saved: Mapping[str, Any], strict: bool, prefix: str) -> list[_Pair]:
    variables = _variables()
    shapes = {name: list(variable.shape) for name, variable in variables.items()}
    wanted = [*_saved_by_tf1(), *_parts_of_tables()]
    known = {*variables, *wanted}
    others = [n for n in sorted(saved) if n not in known and not _is_state(n, saved, shapes)]
    misfit = _Misfit(
        missing=[name for name in wanted if name not in saved],
        # Nor is anybody helped by a list of what the training of those others left.
        unexpected=[name for name in others if not _is_state(name, saved, saved)] or others,
    )
    if strict and misfit:
        raise CheckpointError(
            f"{prefix}: the checkpoint and the variables of the store have different names:\n"
            f"{misfit}\nPass strict=False to load what they share, or an assignment_map."
            f"{_advice_on_averages(saved, shapes)}"
        )
    return [(name, name, variable) for name, variable in variables.items() if name in saved]


def _tables() -> dict[str, Any]:
    """The tables of the store that TF1's savers had, by name, which has no scope in it."""
    kept = [table for store in _stores_here() for table in store.kept_of("table")]
    tables = [table for table in kept if getattr(table, "_checkpoint", False)]
    named = {table._name: table for table in tables}
    if len(named) < len(tables):
        raise CheckpointError(
            "At least two tables of the store have the same name, by which TensorFlow 1 saved them "
            f"whatever the scope: {', '.join(table._name for table in tables)}. Name them apart."
        )
    return named


def _parts_of_tables() -> dict[str, tf.Tensor]:
    parts: dict[str, tf.Tensor] = {}
    for name, table in _tables().items():
        parts[f"{name}-keys"], parts[f"{name}-values"] = table.export()
    return parts


def _tables_to_fill(saved: Mapping[str, Any], prefix: str) -> list[_Fill]:
    """The handles of the tables that a checkpoint has, with their keys and values in it."""
    return [
        (
            table.resource_handle,
            _read(f"{name}-keys", table.key_dtype, prefix),
            _read(f"{name}-values", table.value_dtype, prefix),
        )
        for name, table in _tables().items()
        if f"{name}-keys" in saved and f"{name}-values" in saved
    ]


def _is_state(name: str, saved: Mapping[str, Any], variables: Mapping[str, Any]) -> bool:
    """Whether a name is training state: slots of variables, averages, step counters and such.

    Args:
        name: The name in the checkpoint.
        saved: The shapes in the checkpoint.
        variables: The shapes of the variables.
    """
    if _OF_TRAINING.match(name):
        return True
    variable = _variable_of_slot(name, variables)
    if variable is None:
        return False
    return name.startswith(f"{variable}/") or list(saved[name]) == list(variables[variable])


def _variable_of_slot(name: str, variables: Mapping[str, Any]) -> str | None:
    """The variable whose slot or average this is, going by its name.

    TF1 called it by the variable's whole name below the scope that was open around the optimizer:
    `train/net/dense/kernel/Adam`.
    """
    path = name.split("/")[:-1]
    ends = ("/".join(path[start:]) for start in range(len(path)))
    return next((end for end in ends if end in variables), None)


def _advice_on_averages(saved: Mapping[str, Any], variables: Mapping[str, Any]) -> str:
    averages = {n: _variable_of_slot(n, variables) for n in sorted(saved) if _AVERAGE.match(n)}
    first = next(((name, of) for name, of in averages.items() if of is not None), None)
    if first is None:
        return ""
    return (
        " The checkpoint has moving averages of the variables. To load them in their place pass "
        f"the assignment_map {{{first[0]!r}: {first[1]!r}, ...}}, which is "
        "tf.train.ExponentialMovingAverage(decay).variables_to_restore(variables)."
    )


def _mapped(saved: Mapping[str, Any], assignment_map: AssignmentMap, prefix: str) -> list[_Pair]:
    items = assignment_map.items() if isinstance(assignment_map, Mapping) else assignment_map
    pairs: list[_Pair] = []
    for source, target in items:
        if isinstance(target, str) and source.endswith("/"):
            pairs += _mapped_scope(saved, source, target, prefix)
        else:
            pairs.append(_mapped_name(saved, source, target, prefix))
    return pairs


def _mapped_name(saved: Mapping[str, Any], source: str, target: TensorLike, prefix: str) -> _Pair:
    if source not in saved:
        raise CheckpointError(
            f"Tensor {source} is not found in {prefix} checkpoint {sorted(saved)}"
        )
    if not isinstance(target, str):
        return source, *_named(target)
    variable = _variables().get(target)
    if variable is None:
        raise CheckpointError(
            f"The assignment map of {prefix} names the variable {target}, which the store does not "
            f"have. It has: {', '.join(_variables()) or 'none'}."
        )
    return source, target, variable


def _is_variable(value: object) -> bool:
    return isinstance(value, tf.Variable)


def _mapped_scope(saved: Mapping[str, Any], source: str, target: str, prefix: str) -> list[_Pair]:
    """Every variable under the scope `target` from its counterpart under `source`."""
    old = "" if source == "/" else source
    new = "" if target == "/" else target.rstrip("/") + "/"
    found = [(n, v) for n, v in _variables().items() if n.startswith(new)]
    if not found:
        raise CheckpointError(
            f"The assignment map of {prefix} names the scope {target}, under which the store has "
            f"no variables. It has: {', '.join(_variables()) or 'none'}."
        )
    missing = [old + name[len(new) :] for name, _ in found if old + name[len(new) :] not in saved]
    if missing:
        raise CheckpointError(
            f"{prefix}: the scope {source} of the checkpoint lacks:\n{_Misfit(missing=missing)}"
        )
    return [(old + name[len(new) :], name, variable) for name, variable in found]


def _check(pairs: list[_Pair], reader: Any, prefix: str) -> None:
    shapes = reader.get_variable_to_shape_map()
    dtypes = reader.get_variable_to_dtype_map()
    misshaped = [
        f"{target}: {tuple(variable.shape)} {variable.dtype.name} here, "
        f"{tuple(shapes[source])} {dtypes[source].name} as {source} in the checkpoint"
        for source, target, variable in pairs
        if list(variable.shape) != list(shapes[source]) or variable.dtype != dtypes[source]
    ]
    if misshaped:
        raise CheckpointError(
            f"{prefix}: the checkpoint does not fit the variables; none was changed.\n"
            f"{_Misfit(misshaped=misshaped)}"
        )
