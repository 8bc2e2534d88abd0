"""`slim.evaluation`: a model on its checkpoints, by the functions of `tf.contrib.training`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import tensorflow as tf

from getter_compat.contrib import training
from getter_compat.contrib.training import (
    checkpoints_iterator as checkpoints_iterator,
)
from getter_compat.contrib.training import (
    wait_for_new_checkpoint as wait_for_new_checkpoint,
)
from getter_compat.typing import TensorLike

v1 = tf.compat.v1

Feeds = Mapping[TensorLike, TensorLike] | None

_ALL: Final = 0  # what TensorFlow 1 had for it, since `None` says that there are none

__all__ = ["checkpoints_iterator", "evaluate_once", "evaluation_loop", "wait_for_new_checkpoint"]


def evaluate_once(
    master: str,
    checkpoint_path: str,
    logdir: str,
    num_evals: int = 1,
    initial_op: TensorLike = None,
    initial_op_feed_dict: Feeds = None,
    eval_op: TensorLike = None,
    eval_op_feed_dict: Feeds = None,
    final_op: TensorLike = None,
    final_op_feed_dict: Feeds = None,
    summary_op: TensorLike = _ALL,
    summary_op_feed_dict: Feeds = None,
    variables_to_restore: Sequence[tf.Variable] | Mapping[str, tf.Variable] | None = None,
    session_config: tf.compat.v1.ConfigProto | None = None,
    hooks: Sequence[tf.compat.v1.train.SessionRunHook] | None = None,
) -> TensorLike:
    """Evaluate a checkpoint.

    Args:
        master: The address of the session's target.
        checkpoint_path: The checkpoint.
        logdir: The folder for event files.
        num_evals: How often to run `eval_op`.
        initial_op: What is run at first.
        initial_op_feed_dict: What that is fed.
        eval_op: What is run again and again.
        eval_op_feed_dict: What that is fed.
        final_op: What is run at the end.
        final_op_feed_dict: What that is fed.
        summary_op: What is written at the end, by default all summaries; `None` for none.
        summary_op_feed_dict: What that is fed.
        variables_to_restore: The variables that the checkpoint has, by default all.
        session_config: The session's configuration.
        hooks: `tf.train.SessionRunHook`s.

    Returns:
        The value of `final_op`.
    """
    return training.evaluate_once(
        checkpoint_path,
        master=master,
        scaffold=v1.train.Scaffold(
            init_op=initial_op,
            init_feed_dict=initial_op_feed_dict,
            saver=_saver_of(variables_to_restore),
        ),
        eval_ops=eval_op,
        feed_dict=eval_op_feed_dict,
        final_ops=final_op,
        final_ops_feed_dict=final_op_feed_dict,
        hooks=_with_summaries(hooks, num_evals, logdir, summary_op, summary_op_feed_dict),
        config=session_config,
    )


def evaluation_loop(
    master: str,
    checkpoint_dir: str,
    logdir: str,
    num_evals: int = 1,
    initial_op: TensorLike = None,
    initial_op_feed_dict: Feeds = None,
    init_fn: Callable[..., None] | None = None,
    eval_op: TensorLike = None,
    eval_op_feed_dict: Feeds = None,
    final_op: TensorLike = None,
    final_op_feed_dict: Feeds = None,
    summary_op: TensorLike = _ALL,
    summary_op_feed_dict: Feeds = None,
    variables_to_restore: Sequence[tf.Variable] | Mapping[str, tf.Variable] | None = None,
    eval_interval_secs: float = 60,
    max_number_of_evaluations: int | None = None,
    session_config: tf.compat.v1.ConfigProto | None = None,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
    hooks: Sequence[tf.compat.v1.train.SessionRunHook] | None = None,
) -> TensorLike:
    """Evaluate each checkpoint as it comes.

    Args:
        master: As of `evaluate_once`.
        checkpoint_dir: The folder of the checkpoints.
        logdir: As of `evaluate_once`.
        num_evals: As of `evaluate_once`.
        initial_op: As of `evaluate_once`.
        initial_op_feed_dict: As of `evaluate_once`.
        init_fn: A function of the scaffold and the session, called after `initial_op`.
        eval_op: As of `evaluate_once`.
        eval_op_feed_dict: As of `evaluate_once`.
        final_op: As of `evaluate_once`.
        final_op_feed_dict: As of `evaluate_once`.
        summary_op: As of `evaluate_once`.
        summary_op_feed_dict: As of `evaluate_once`.
        variables_to_restore: As of `evaluate_once`.
        eval_interval_secs: The time between two evaluations at least, in seconds.
        max_number_of_evaluations: How often to evaluate, by default for ever.
        session_config: As of `evaluate_once`.
        timeout: How long to wait for a checkpoint, in seconds; by default for ever.
        timeout_fn: Whether to end when that time is over.
        hooks: As of `evaluate_once`.

    Returns:
        What the last evaluation made of `final_op`.
    """
    return training.evaluate_repeatedly(
        checkpoint_dir,
        master=master,
        scaffold=v1.train.Scaffold(
            init_op=initial_op,
            init_feed_dict=initial_op_feed_dict,
            init_fn=init_fn,
            saver=_saver_of(variables_to_restore),
        ),
        eval_ops=eval_op,
        feed_dict=eval_op_feed_dict,
        final_ops=final_op,
        final_ops_feed_dict=final_op_feed_dict,
        eval_interval_secs=eval_interval_secs,
        hooks=_with_summaries(hooks, num_evals, logdir, summary_op, summary_op_feed_dict),
        config=session_config,
        max_number_of_evaluations=max_number_of_evaluations,
        timeout=timeout,
        timeout_fn=timeout_fn,
    )


def _with_summaries(
    hooks: Sequence[tf.compat.v1.train.SessionRunHook] | None,
    num_evals: int,
    logdir: str,
    summary_op: tf.Tensor | None,
    feed_dict: Feeds,
) -> list[tf.compat.v1.train.SessionRunHook]:
    """The hooks of an evaluation of so many runs, which ends with the summaries."""
    if summary_op is _ALL:
        summary_op = v1.summary.merge_all()
    found = [training.StopAfterNEvalsHook(num_evals)]
    if summary_op is not None:
        found.append(training.SummaryAtEndHook(logdir, None, summary_op, feed_dict))
    return [*found, *(hooks or ())]


def _saver_of(
    variables: Sequence[tf.Variable] | Mapping[str, tf.Variable] | None,
) -> tf.compat.v1.train.Saver | None:
    return None if variables is None else v1.train.Saver(variables)
