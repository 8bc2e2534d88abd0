"""`slim.learning`: training in a TF1 graph, on TensorFlow's Supervisor."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import tensorflow as tf

from getter_compat.contrib import training
from getter_compat.contrib.training import _DEFAULT, Gradients
from getter_compat.contrib.training import add_gradients_summaries as add_gradients_summaries
from getter_compat.typing import TensorLike

v1 = tf.compat.v1
log = v1.logging


def clip_gradient_norms(gradients_to_variables: Gradients, max_norm: float) -> Gradients:
    """Clip each gradient to a norm.

    Args:
        gradients_to_variables: Pairs of a gradient, which may be `None`, and its variable.
        max_norm: The norm.

    Returns:
        The pairs, clipped.
    """
    return [
        (_changed(gradient, lambda values: tf.clip_by_norm(values, max_norm)), variable)
        for gradient, variable in gradients_to_variables
    ]


def clip_gradient_norms_fn(max_norm: float) -> Callable[[Gradients], Gradients]:
    """Return a function that clips each gradient to a norm, for `contrib.training.create_train_op`.

    Args:
        max_norm: The norm.

    Returns:
        A function of pairs of a gradient and its variable.
    """
    return functools.partial(clip_gradient_norms, max_norm=max_norm)


def multiply_gradients(
    grads_and_vars: Gradients, gradient_multipliers: Mapping[tf.Variable | str, TensorLike]
) -> Gradients:
    """Multiply the gradients of some variables.

    Args:
        grads_and_vars: Pairs of a gradient and its variable.
        gradient_multipliers: The factors, by name of the variable's operation.

    Returns:
        The pairs, multiplied.

    Raises:
        ValueError: If there are no factors, one is for a gradient that is `None`, or something is
            of another type.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, dict):
        raise ValueError("`gradient_multipliers` must be a dict.")
    by_name = {
        key if isinstance(key, str) else _own_name(key): factor
        for key, factor in gradient_multipliers.items()
    }
    multiplied = []
    for gradient, variable in grads_and_vars:
        factor = by_name.get(_own_name(variable))
        if factor is None:
            multiplied.append((gradient, variable))
            continue
        if gradient is None:
            raise ValueError("Requested multiple of `None` gradient.")
        scale = tf.cast(factor, gradient.dtype)
        multiplied.append((_changed(gradient, functools.partial(tf.multiply, scale)), variable))
    return multiplied


def _own_name(variable: tf.Variable) -> str:
    """The name of its operation in TF1, which there is not where a model function runs."""
    return str(variable.name).partition(":")[0]


def create_train_op(
    total_loss: TensorLike,
    optimizer: tf.compat.v1.train.Optimizer,
    global_step: Any = _DEFAULT,
    update_ops: Sequence[tf.Operation] | None = None,
    variables_to_train: Sequence[tf.Variable] | None = None,
    clip_gradient_norm: float = 0,
    summarize_gradients: bool = False,
    gate_gradients: int = v1.train.Optimizer.GATE_OP,
    aggregation_method: int | None = None,
    colocate_gradients_with_ops: bool = False,
    gradient_multipliers: Mapping[tf.Variable | str, TensorLike] | None = None,
    check_numerics: bool = True,
) -> tf.Tensor:
    """Make the tensor that trains when it is fetched, and is the loss.

    Args:
        total_loss: The loss, a scalar.
        optimizer: A `tf.compat.v1.train.Optimizer`.
        global_step: The step that it counts, by default the graph's; `None` for none.
        update_ops: What is run before the loss, by default what is in `UPDATE_OPS`.
        variables_to_train: The variables, by default all trainable ones.
        clip_gradient_norm: The norm that each gradient is clipped to, if it is positive.
        summarize_gradients: Whether to add summaries of the gradients.
        gate_gradients: As of `Optimizer.compute_gradients`.
        aggregation_method: As of `Optimizer.compute_gradients`.
        colocate_gradients_with_ops: As of `Optimizer.compute_gradients`.
        gradient_multipliers: As of `multiply_gradients`.
        check_numerics: Whether a loss that is no number is an error.

    Returns:
        The loss, a scalar; fetching it makes a step.
    """

    def changed(gradients: Gradients) -> Gradients:
        if gradient_multipliers:
            with tf.name_scope("multiply_grads"):
                gradients = multiply_gradients(gradients, gradient_multipliers)
        if clip_gradient_norm > 0:
            with tf.name_scope("clip_grads"):
                gradients = clip_gradient_norms(gradients, clip_gradient_norm)
        return gradients

    return training.create_train_op(
        total_loss,
        optimizer,
        global_step,
        update_ops,
        variables_to_train,
        changed,
        summarize_gradients,
        gate_gradients,
        aggregation_method,
        colocate_gradients_with_ops,
        check_numerics,
    )


def train_step(
    sess: tf.compat.v1.Session,
    train_op: tf.Tensor,
    global_step: tf.Variable,
    train_step_kwargs: Mapping[str, TensorLike],
) -> tuple[TensorLike, bool]:
    """Make one step.

    Args:
        sess: The session.
        train_op: What `create_train_op` made.
        global_step: The step.
        train_step_kwargs: The tensors `should_stop` and `should_log`, if they are given.

    Returns:
        The loss, and whether training is to end.
    """
    start = time.time()
    loss, step = sess.run([train_op, global_step])
    elapsed = time.time() - start
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        log.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, elapsed)
    if "should_stop" not in train_step_kwargs:
        return loss, False
    return loss, bool(sess.run(train_step_kwargs["should_stop"]))


def train(
    train_op: tf.Tensor,
    logdir: str | None,
    train_step_fn: Callable[..., tuple[TensorLike, bool]] = train_step,
    train_step_kwargs: Any = _DEFAULT,
    log_every_n_steps: int = 1,
    graph: tf.Graph | None = None,
    master: str = "",
    is_chief: bool = True,
    global_step: tf.Variable | None = None,
    number_of_steps: int | None = None,
    init_op: TensorLike = _DEFAULT,
    init_feed_dict: Mapping[TensorLike, TensorLike] | None = None,
    local_init_op: TensorLike = _DEFAULT,
    init_fn: Callable[[tf.compat.v1.Session], None] | None = None,
    ready_op: TensorLike = _DEFAULT,
    summary_op: TensorLike = _DEFAULT,
    save_summaries_secs: float = 600,
    summary_writer: Any = _DEFAULT,
    saver: tf.compat.v1.train.Saver | None = None,
    save_interval_secs: float = 600,
    session_config: tf.compat.v1.ConfigProto | None = None,
    session_wrapper: Callable[[tf.compat.v1.Session], tf.compat.v1.Session] | None = None,
    ignore_live_threads: bool = False,
) -> TensorLike:
    """Train until the number of steps, or the input, is at its end.

    Args:
        train_op: What `create_train_op` made.
        logdir: Where checkpoints and event files go; `None` for nowhere.
        train_step_fn: What makes a step; see `train_step`.
        train_step_kwargs: What it is given last.
        log_every_n_steps: After how many steps the loss is logged.
        graph: The graph, by default the one that is open.
        master: The address of a session.
        is_chief: Whether this process initializes and saves.
        global_step: The step, by default the graph's.
        number_of_steps: To how many steps to train; endlessly if `None`.
        init_op: What initializes, by default all global variables.
        init_feed_dict: What is fed to it.
        local_init_op: What initializes each session, by default local variables and tables.
        init_fn: A function of the session that is called after that.
        ready_op: What says which variables are not ready, by default all that are not initialized.
        summary_op: The summaries, by default all; `None` for none.
        save_summaries_secs: After how many seconds they are written.
        summary_writer: The writer of them; `None` for none.
        saver: The saver, by default one of all variables.
        save_interval_secs: After how many seconds a checkpoint is written.
        session_config: A `tf.compat.v1.ConfigProto`.
        session_wrapper: A function that wraps the session.
        ignore_live_threads: Whether threads may be left running at the end.

    Returns:
        The last loss.

    Raises:
        RuntimeError: If eager execution was not switched off.
        ValueError: If there is nothing to train, or the number of steps is not positive, or
            something is to be written and there is no folder.
    """
    _check(train_op, logdir, summary_op, saver, number_of_steps)
    graph = graph or v1.get_default_graph()
    with graph.as_default():
        global_step = global_step or v1.train.get_or_create_global_step()
        saver = saver or v1.train.Saver()
        supervisor_ops = _initializing(init_op, ready_op, local_init_op)
        if summary_op is _DEFAULT:
            summary_op = v1.summary.merge_all()
        if train_step_kwargs is _DEFAULT:
            train_step_kwargs = _signals(global_step, number_of_steps, log_every_n_steps)
        supervisor = v1.train.Supervisor(
            graph=graph,
            is_chief=is_chief,
            logdir=logdir,
            init_feed_dict=init_feed_dict,
            summary_op=summary_op,
            summary_writer=v1.train.Supervisor.USE_DEFAULT
            if summary_writer is _DEFAULT
            else summary_writer,
            global_step=global_step,
            saver=saver,
            save_summaries_secs=save_summaries_secs,
            save_model_secs=save_interval_secs,
            init_fn=init_fn,
            **supervisor_ops,
        )
        with supervisor.managed_session(
            master, start_standard_services=False, config=session_config
        ) as session:
            log.info("Starting Session.")
            if session_wrapper is not None:
                session = session_wrapper(session)
            if is_chief and logdir:
                supervisor.start_standard_services(session)
            threads = supervisor.start_queue_runners(session)
            log.info("Starting Queues.")
            total_loss = _steps(
                supervisor,
                lambda: train_step_fn(session, train_op, global_step, train_step_kwargs),
            )
            if logdir and supervisor.is_chief:
                log.info("Finished training! Saving model to disk.")
                supervisor.saver.save(
                    session, supervisor.save_path, global_step=supervisor.global_step
                )
                supervisor.stop(
                    threads, close_summary_writer=True, ignore_live_threads=ignore_live_threads
                )
    return total_loss


def _steps(supervisor: Any, step: Callable[[], tuple[TensorLike, bool]]) -> Any:
    """Make steps until one says that it is the last, or the input ends; the last loss."""
    total_loss = None
    try:
        while not supervisor.should_stop():
            total_loss, should_stop = step()
            if should_stop:
                log.info("Stopping Training.")
                supervisor.request_stop()
                break
    except tf.errors.OutOfRangeError as error:
        log.info("Caught OutOfRangeError. Stopping Training. %s", error)
    return total_loss


def _check(
    train_op: tf.Tensor, logdir: str | None, summary_op: Any, saver: Any, steps: int | None
) -> None:
    """Refuse what cannot be trained or written."""
    if train_op is None:
        raise ValueError("train_op cannot be None.")
    if logdir is None and summary_op is not _DEFAULT:
        raise ValueError("Cannot provide summary_op because logdir=None")
    if logdir is None and saver is not None:
        raise ValueError("Cannot provide saver because logdir=None")
    if steps is not None and steps <= 0:
        raise ValueError("`number_of_steps` must be either None or a positive number.")
    if _threads_are_eager():
        raise RuntimeError(
            "train() runs a TF1 graph, and eager execution is on. Call "
            "tf.compat.v1.disable_v2_behavior() where the program begins; the codemod writes it."
        )


def _threads_are_eager() -> bool:
    """Whether eager execution is on in the program, which the threads of a supervisor would use."""
    with ThreadPoolExecutor(1) as pool:
        return bool(pool.submit(tf.executing_eagerly).result())


def _initializing(init_op: Any, ready_op: Any, local_init_op: Any) -> dict[str, Any]:
    with tf.name_scope("init_ops"):
        if init_op is _DEFAULT:
            init_op = v1.global_variables_initializer()
        if ready_op is _DEFAULT:
            ready_op = v1.report_uninitialized_variables()
        if local_init_op is _DEFAULT:
            local_init_op = tf.group(v1.local_variables_initializer(), v1.tables_initializer())
    return {"init_op": init_op, "ready_op": ready_op, "local_init_op": local_init_op}


def _signals(global_step: Any, number_of_steps: int | None, every: int) -> dict[str, Any]:
    """The tensors that say when to stop and when to log."""
    with tf.name_scope("train_step"):
        stop = tf.constant(False)
        if number_of_steps:
            stop = tf.greater_equal(global_step, number_of_steps)
        signals = {"should_stop": stop}
        if every > 0:
            signals["should_log"] = tf.equal(tf.math.mod(global_step, every), 0)
    return signals


def _changed(gradient: TensorLike, change: Callable[[TensorLike], TensorLike]) -> TensorLike:
    if gradient is None:
        return None
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(change(gradient.values), gradient.indices, gradient.dense_shape)
    return change(gradient)
