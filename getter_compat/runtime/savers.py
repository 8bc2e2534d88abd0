"""What model functions ask of checkpoints as they run: savers, and variables that begin as in one.

To TF1 both were of the graph: a saver was used in a session, and `init_from_checkpoint` told what
variables begin with. Calls of a model do all that is in its trace, restoring included.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import tensorflow as tf
from tensorflow.python.ops import variables
from tensorflow.python.training import checkpoint_utils
from tensorflow.python.training.saver import Saver

from getter_compat.runtime import adapters, checkpoint, eager_runs, graph, runs, telling


def install() -> None:
    """Wrap both."""
    Saver.__init__ = _wrap_init(Saver.__init__)
    init_from_checkpoint = _wrap_init_from_checkpoint(checkpoint_utils.init_from_checkpoint)
    checkpoint_utils.init_from_checkpoint = init_from_checkpoint
    tf.compat.v1.train.init_from_checkpoint = init_from_checkpoint


def _is_of_a_run() -> bool:
    """Whether a run is under way that is of no graph of sessions."""
    return graph.store_here() is None and any(runs.under_way())


def _wrap_init(original: Any) -> Any:
    """Have a saver that a run makes save and restore where it is asked to, outside of the run.

    Eagerly TensorFlow takes a weight of Keras 3 for something without a name, which several have.
    """

    @functools.wraps(original)
    def init(saver: Saver, var_list: Any = None, *args: Any, **kwargs: Any) -> None:
        is_of_a_run = _is_of_a_run()
        if var_list is None and is_of_a_run:
            var_list = variables._all_saveable_objects()
            kwargs.pop("defer_build", None)
            if not var_list and not kwargs.get("allow_empty"):  # which is not asked eagerly
                raise ValueError("No variables to save")
        with tf.init_scope() if is_of_a_run else nullcontext():
            original(saver, _variables_in(var_list), *args, **kwargs)

    return init


def _variables_in(var_list: Any) -> Any:
    """The same, with TensorFlow's variables in the place of those of Keras 3."""
    if isinstance(var_list, Mapping):
        return {name: adapters.variable_of(v) for name, v in var_list.items()}
    is_list = isinstance(var_list, list | tuple | set)
    return [adapters.variable_of(v) for v in var_list] if is_list else var_list


def _wrap_init_from_checkpoint(original: Any) -> Any:
    """Find the variables of a run, and load what they begin with where no session initializes."""

    @functools.wraps(original)
    def init_from_checkpoint(ckpt_dir_or_file: Any, assignment_map: Any) -> None:
        run = runs.innermost()
        if run is None:
            original(ckpt_dir_or_file, assignment_map)
            return
        stores: list[Any] = [*runs.stores_here(), *run.stores_of_parts()]
        with checkpoint.of_stores(stores):
            if not _is_of_a_run():
                original(ckpt_dir_or_file, checkpoint.mapped(ckpt_dir_or_file, assignment_map))
            elif not telling.is_here():
                load = functools.partial(_load, run, ckpt_dir_or_file, assignment_map)
                run.keep("init_from_checkpoint", load)

    return init_from_checkpoint


def _load(run: runs.Rerun, path: Any, assignment_map: Any) -> None:
    """Load what variables begin with, once: a later run goes on with what they hold."""
    if not run.may_create:
        raise NotImplementedError(
            f"init_from_checkpoint({path!r}) in a run of a model function after the first: its "
            "variables have begun otherwise. Call the model first as it is called here, or load "
            "outside of it, by model.load_tf1_checkpoint(path, assignment_map)."
        )
    with tf.init_scope():
        for _, _, variable in checkpoint.load(path, assignment_map):
            eager_runs.note_beginning(variable)
