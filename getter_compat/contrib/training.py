"""`tf.contrib.training`: hyperparameters, and training and evaluation in monitored sessions.

What one evaluation does is TensorFlow's own; that it waits for the next checkpoint is here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import tensorflow as tf
from tensorflow.python.training import evaluation

from getter_compat.contrib.hparams import HParams as HParams
from getter_compat.typing import TensorLike

Gradients = list[tuple[TensorLike, tf.Variable]]

_DEFAULT: Final = 0  # what TensorFlow 1 had for a step, since `None` says that there is none

# What a session runs, and what it gives: a tensor or operation, or a list or dict of them.
Fetches = TensorLike

v1 = tf.compat.v1
log = v1.logging

StopAfterNEvalsHook = evaluation._StopAfterNEvalsHook
checkpoints_iterator = tf.train.checkpoints_iterator
evaluate_once = evaluation._evaluate_once
get_or_create_eval_step = evaluation._get_or_create_eval_step

__all__ = [
    "HParams",
    "StopAfterNEvalsHook",
    "SummaryAtEndHook",
    "checkpoints_iterator",
    "create_train_op",
    "evaluate_once",
    "evaluate_repeatedly",
    "get_or_create_eval_step",
    "train",
    "wait_for_new_checkpoint",
]


def add_gradients_summaries(grads_and_vars: Gradients) -> list[tf.Tensor]:
    """Add a histogram and a norm of each gradient to the summaries.

    Args:
        grads_and_vars: Pairs of a gradient and its variable.

    Returns:
        The summaries.
    """
    summaries = []
    for gradient, variable in grads_and_vars:
        name = variable.op.name
        if gradient is None:
            log.info("Var %s has no gradient", name)
            continue
        values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
        summaries.append(v1.summary.histogram(f"{name}_gradient", values))
        norm = tf.linalg.global_norm([values])
        summaries.append(v1.summary.scalar(f"{name}_gradient_norm", norm))
    return summaries


def create_train_op(
    total_loss: TensorLike,
    optimizer: tf.compat.v1.train.Optimizer,
    global_step: Any = _DEFAULT,
    update_ops: Sequence[tf.Operation] | None = None,
    variables_to_train: Sequence[tf.Variable] | None = None,
    transform_grads_fn: Callable[[Gradients], Gradients] | None = None,
    summarize_gradients: bool = False,
    gate_gradients: int = v1.train.Optimizer.GATE_OP,
    aggregation_method: int | None = None,
    colocate_gradients_with_ops: bool = False,
    check_numerics: bool = True,
) -> tf.Tensor:
    """Make the tensor that trains when it is fetched, and is the loss.

    Args:
        total_loss: The loss, a scalar.
        optimizer: A `tf.compat.v1.train.Optimizer`.
        global_step: The step that it counts, by default the graph's; `None` for none.
        update_ops: What is run before the loss, by default what is in `UPDATE_OPS`.
        variables_to_train: The variables, by default all trainable ones.
        transform_grads_fn: Takes the pairs of a gradient and its variable, and returns others.
        summarize_gradients: Whether to add summaries of the gradients.
        gate_gradients: As of `Optimizer.compute_gradients`.
        aggregation_method: As of `Optimizer.compute_gradients`.
        colocate_gradients_with_ops: As of `Optimizer.compute_gradients`.
        check_numerics: Whether a loss that is no number is an error.

    Returns:
        The loss, a scalar; fetching it makes a step.
    """
    if global_step is _DEFAULT:
        global_step = v1.train.get_or_create_global_step()
    total_loss = _after_updates(total_loss, update_ops)
    variables = v1.trainable_variables() if variables_to_train is None else variables_to_train
    gradients = optimizer.compute_gradients(
        total_loss,
        variables,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn is not None:
        gradients = transform_grads_fn(gradients)
    if summarize_gradients:
        with tf.name_scope("summarize_grads"):
            add_gradients_summaries(gradients)
    step = optimizer.apply_gradients(gradients, global_step=global_step)
    with tf.name_scope("train_op"):
        if check_numerics:
            total_loss = tf.debugging.check_numerics(total_loss, "LossTensor is inf or nan")
        with tf.control_dependencies([step]):
            train_op = tf.identity(total_loss, name="control_dependency")
    v1.add_to_collection(v1.GraphKeys.TRAIN_OP, train_op)
    return train_op


def wait_for_new_checkpoint(
    checkpoint_dir: str,
    last_checkpoint: str | None = None,
    seconds_to_sleep: float = 1,
    timeout: float | None = None,
) -> str | None:
    """Wait until there is another checkpoint.

    Args:
        checkpoint_dir: The folder of the checkpoints.
        last_checkpoint: The path of the one that is known, if there is one.
        seconds_to_sleep: How long to wait before looking again, in seconds.
        timeout: How long to wait in all, in seconds; by default for ever.

    Returns:
        The path of the checkpoint; `None` if time is over.
    """
    log.info("Waiting for new checkpoint at %s", checkpoint_dir)
    end = None if timeout is None else time.time() + timeout
    while True:
        path: str | None = tf.train.latest_checkpoint(checkpoint_dir)
        if path is not None and path != last_checkpoint:
            log.info("Found new checkpoint at %s", path)
            return path
        if end is not None and time.time() + seconds_to_sleep > end:
            return None
        time.sleep(seconds_to_sleep)


class SummaryAtEndHook(tf.compat.v1.train.SessionRunHook):  # type: ignore[misc]
    """Writes summaries where a session ends.

    Args:
        log_dir: The folder for the event files, if there is no writer.
        summary_writer: A `tf.compat.v1.summary.FileWriter`.
        summary_op: What is written; by default all summaries of the graph.
        feed_dict: What it is fed.

    Raises:
        ValueError: If there is neither a folder nor a writer.
    """

    def __init__(
        self,
        log_dir: str | None = None,
        summary_writer: tf.compat.v1.summary.FileWriter | None = None,
        summary_op: TensorLike | None = None,
        feed_dict: Mapping[TensorLike, TensorLike] | None = None,
    ) -> None:
        if log_dir is None and summary_writer is None:
            raise ValueError("One of log_dir or summary_writer should be used.")
        self._log_dir = log_dir
        self._writer: Any = summary_writer
        self._given = summary_op
        self._feed_dict = feed_dict

    def begin(self) -> None:
        """Find what is to be written."""
        self._summary_op = v1.summary.merge_all() if self._given is None else self._given
        self._global_step = v1.train.get_or_create_global_step()

    def after_create_session(
        self, session: tf.compat.v1.Session, coord: tf.train.Coordinator
    ) -> None:
        """Open the writer."""
        if self._writer is None:
            self._writer = v1.summary.FileWriterCache.get(self._log_dir)

    def end(self, session: tf.compat.v1.Session) -> None:
        """Write."""
        if self._summary_op is not None:
            step = v1.train.global_step(session, self._global_step)
            self._writer.add_summary(session.run(self._summary_op, self._feed_dict), step)
        self._writer.flush()


def evaluate_repeatedly(
    checkpoint_dir: str,
    master: str = "",
    scaffold: tf.compat.v1.train.Scaffold | None = None,
    eval_ops: Fetches = None,
    feed_dict: Mapping[TensorLike, TensorLike] | None = None,
    final_ops: Fetches = None,
    final_ops_feed_dict: Mapping[TensorLike, TensorLike] | None = None,
    eval_interval_secs: float = 60,
    hooks: Sequence[tf.compat.v1.train.SessionRunHook] | None = None,
    config: tf.compat.v1.ConfigProto | None = None,
    max_number_of_evaluations: int | None = None,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> TensorLike:
    """Evaluate each checkpoint as it comes.

    Args:
        checkpoint_dir: The folder of the checkpoints.
        master: The address of the session's target.
        scaffold: A `tf.compat.v1.train.Scaffold`.
        eval_ops: A tensor, or a list or dict of them, run until a hook ends the session.
        feed_dict: What they are fed.
        final_ops: Tensors that are run once at the end.
        final_ops_feed_dict: What those are fed.
        eval_interval_secs: The time between two evaluations at least, in seconds.
        hooks: `tf.train.SessionRunHook`s, such as a `StopAfterNEvalsHook`.
        config: The session's configuration.
        max_number_of_evaluations: How often to evaluate, by default for ever.
        timeout: How long to wait for a checkpoint, in seconds; by default for ever.
        timeout_fn: Whether to end when that time is over.

    Returns:
        What the last evaluation made of `final_ops`.
    """
    eval_step = get_or_create_eval_step()
    hooks = [*(hooks or ())]
    if eval_ops is not None:
        eval_ops = _counted(eval_ops, eval_step, hooks)
    final = v1.train.FinalOpsHook(final_ops, final_ops_feed_dict)
    hooks.append(final)
    found = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout, timeout_fn)
    for number, path in enumerate(found, start=1):
        creator = v1.train.ChiefSessionCreator(
            scaffold, master, config, checkpoint_filename_with_path=path
        )
        with v1.train.MonitoredSession(creator, hooks) as session:
            log.info("Starting evaluation at %s", _now())
            while eval_ops is not None and not session.should_stop():
                session.run(eval_ops, feed_dict)
            log.info("Finished evaluation at %s", _now())
        if max_number_of_evaluations is not None and number >= max_number_of_evaluations:
            break
    return final.final_ops_values


def _counted(
    eval_ops: Fetches, eval_step: tf.Variable, hooks: Sequence[tf.compat.v1.train.SessionRunHook]
) -> Fetches:
    """The tensors, and one that counts how often they were run, which is told to the hooks."""
    count = v1.assign_add(eval_step, 1)
    for hook in hooks:
        if isinstance(hook, StopAfterNEvalsHook):
            hook._set_evals_completed_tensor(count)
    if isinstance(eval_ops, dict):
        return {**eval_ops, "update_eval_step": count}
    return [*eval_ops, count] if isinstance(eval_ops, list | tuple) else [eval_ops, count]


def _now() -> str:
    return time.strftime("%Y-%m-%d-%H:%M:%S", time.gmtime())


def train(
    train_op: TensorLike,
    logdir: str | None,
    master: str = "",
    is_chief: bool = True,
    scaffold: tf.compat.v1.train.Scaffold | None = None,
    hooks: Sequence[tf.compat.v1.train.SessionRunHook] | None = None,
    chief_only_hooks: Sequence[tf.compat.v1.train.SessionRunHook] | None = None,
    save_checkpoint_secs: float | None = 600,
    save_summaries_steps: int | None = 100,
    config: tf.compat.v1.ConfigProto | None = None,
    max_wait_secs: int = 7200,
    run_metadata: tf.compat.v1.RunMetadata | None = None,
) -> TensorLike:
    """Train until a hook, or the input, ends it.

    Args:
        train_op: A tensor that makes a step, and is the loss.
        logdir: The folder of checkpoints and event files.
        master: The address of the session's target.
        is_chief: Whether this process saves.
        scaffold: A `tf.compat.v1.train.Scaffold`.
        hooks: `tf.train.SessionRunHook`s.
        chief_only_hooks: Those of the process that saves.
        save_checkpoint_secs: The time between two checkpoints, in seconds; `None` for none.
        save_summaries_steps: The steps between two summaries; `None` for none.
        config: The session's configuration.
        max_wait_secs: How long to wait for a session, in seconds.
        run_metadata: What runs leave their metadata in.

    Returns:
        The last loss.

    Raises:
        ValueError: If something is to be saved, and there is no folder.
    """
    if logdir is None and is_chief:
        for name, saved in (
            ("save_summaries_steps", save_summaries_steps),
            ("save_checkpoint_secs", save_checkpoint_secs),
        ):
            if saved:
                raise ValueError(f"logdir cannot be None when {name} is not None")
    loss = None
    with v1.train.MonitoredTrainingSession(
        master=master,
        is_chief=is_chief,
        checkpoint_dir=logdir,
        scaffold=scaffold,
        hooks=hooks,
        chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs,
        save_summaries_steps=save_summaries_steps,
        config=config,
        max_wait_secs=max_wait_secs,
    ) as session:
        while not session.should_stop():
            loss = session.run(train_op, run_metadata=run_metadata)
    return loss


def _after_updates(total_loss: TensorLike, update_ops: Sequence[tf.Operation] | None) -> TensorLike:
    of_graph = v1.get_collection(v1.GraphKeys.UPDATE_OPS)
    updates = of_graph if update_ops is None else list(update_ops)
    if {id(op) for op in of_graph} - {id(op) for op in updates}:
        log.warning(
            "update_ops in create_train_op does not contain all the update_ops in "
            "GraphKeys.UPDATE_OPS"
        )
    if not updates:
        return total_loss
    with tf.control_dependencies(updates):
        barrier = tf.no_op(name="update_barrier")
    with tf.control_dependencies([barrier]):
        return tf.identity(total_loss, name="control_dependency")
