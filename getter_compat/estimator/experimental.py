"""`tf.estimator.experimental`: hooks that end training early."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable
from dataclasses import dataclass

import tensorflow as tf

from getter_compat.estimator.estimator import Estimator

v1 = tf.compat.v1
log = v1.logging


def make_early_stopping_hook(
    estimator: Estimator,
    should_stop_fn: Callable[[], bool],
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> tf.compat.v1.train.SessionRunHook:
    """Make a hook that ends training when a function says so.

    Args:
        estimator: The estimator that trains.
        should_stop_fn: Whether to stop.
        run_every_secs: After how many seconds it is asked; `None` if steps are given.
        run_every_steps: After how many steps it is asked.

    Returns:
        The hook, for `Estimator.train` or a `TrainSpec`. Its variable is in checkpoints, as in
        TensorFlow 1: `signal_early_stopping/STOP`.

    Raises:
        ValueError: If both intervals are given.
        TypeError: If something else is given for the estimator or the function.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError(
            f"`estimator` must have type `tf.estimator.Estimator`. Got: {type(estimator)}"
        )
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError("Only one of `run_every_secs` and `run_every_steps` must be set.")
    if not callable(should_stop_fn):
        raise TypeError("`should_stop_fn` must be callable.")
    return _Stop(should_stop_fn, run_every_secs, run_every_steps)


def stop_if_higher_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> tf.compat.v1.train.SessionRunHook:
    """Make a hook that ends training once a metric was higher than a threshold.

    Args:
        estimator: The estimator that trains.
        metric_name: The metric, as the event files of evaluations have it.
        threshold: The threshold.
        eval_dir: The folder of the event files, by default `estimator.eval_dir()`.
        min_steps: Evaluations of earlier steps are passed over.
        run_every_secs: After how many seconds to look; `None` if steps are given.
        run_every_steps: After how many steps to look.

    Returns:
        The hook.
    """
    progress = _Progress(eval_dir or estimator.eval_dir(), metric_name, min_steps)
    stop = progress.has_crossed(threshold, operator.gt, "greater than")
    return make_early_stopping_hook(estimator, stop, run_every_secs, run_every_steps)


def stop_if_lower_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> tf.compat.v1.train.SessionRunHook:
    """Make a hook that ends training once a metric was lower than a threshold.

    Arguments and result as of `stop_if_higher_hook`.
    """
    progress = _Progress(eval_dir or estimator.eval_dir(), metric_name, min_steps)
    stop = progress.has_crossed(threshold, operator.lt, "less than")
    return make_early_stopping_hook(estimator, stop, run_every_secs, run_every_steps)


def stop_if_no_increase_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_increase: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> tf.compat.v1.train.SessionRunHook:
    """Make a hook that ends training once a metric has not increased for so many steps.

    Args:
        estimator: The estimator that trains.
        metric_name: The metric, as the event files of evaluations have it.
        max_steps_without_increase: The number of steps.
        eval_dir: The folder of the event files, by default `estimator.eval_dir()`.
        min_steps: Evaluations of earlier steps are passed over.
        run_every_secs: After how many seconds to look; `None` if steps are given.
        run_every_steps: After how many steps to look.

    Returns:
        The hook.
    """
    progress = _Progress(eval_dir or estimator.eval_dir(), metric_name, min_steps)
    stop = progress.has_stood_still(max_steps_without_increase, operator.gt, "increase")
    return make_early_stopping_hook(estimator, stop, run_every_secs, run_every_steps)


def stop_if_no_decrease_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_decrease: int,
    eval_dir: str | None = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> tf.compat.v1.train.SessionRunHook:
    """Make a hook that ends training once a metric has not decreased for so many steps.

    Arguments and result as of `stop_if_no_increase_hook`.
    """
    progress = _Progress(eval_dir or estimator.eval_dir(), metric_name, min_steps)
    stop = progress.has_stood_still(max_steps_without_decrease, operator.lt, "decrease")
    return make_early_stopping_hook(estimator, stop, run_every_secs, run_every_steps)


class _Stop(tf.compat.v1.train.SessionRunHook):
    """Asks a function from time to time, and ends training."""

    def __init__(
        self, should_stop: Callable[[], bool], secs: float | None, steps: int | None
    ) -> None:
        self._should_stop = should_stop
        self._timer = v1.train.SecondOrStepTimer(every_secs=secs, every_steps=steps)

    def begin(self) -> None:
        """Make the variable that says that training was ended."""
        self._step = v1.train.get_global_step()
        with v1.variable_scope("signal_early_stopping", reuse=v1.AUTO_REUSE):
            self._signal = v1.get_variable(
                "STOP",
                [],
                tf.bool,
                v1.constant_initializer(False),
                collections=[v1.GraphKeys.GLOBAL_VARIABLES],
                trainable=False,
            )
        self._set = v1.assign(self._signal, True)

    def before_run(
        self, run_context: tf.compat.v1.train.SessionRunContext
    ) -> tf.compat.v1.train.SessionRunArgs:
        """Ask for the step."""
        return v1.train.SessionRunArgs(self._step)

    def after_run(
        self,
        run_context: tf.compat.v1.train.SessionRunContext,
        run_values: tf.compat.v1.train.SessionRunValues,
    ) -> None:
        """End training, if it is time."""
        step = run_values.results
        if not self._timer.should_trigger_for_step(step):
            return
        self._timer.update_last_triggered_step(step)
        if self._should_stop():
            log.info("Requesting early stopping at global step %d", step)
            run_context.session.run(self._set)
            run_context.request_stop()


@dataclass(frozen=True)
class _Progress:
    """A metric in the event files of evaluations."""

    folder: str
    metric: str
    min_steps: int

    def values(self) -> list[tuple[int, float]]:
        """The values so far, by step, in order."""
        found: dict[int, float] = {}
        for file in tf.io.gfile.glob(os.path.join(self.folder, "*.tfevents.*")):
            for event in v1.train.summary_iterator(file):
                for value in event.summary.value if event.HasField("summary") else ():
                    if value.tag == self.metric and event.step >= self.min_steps:
                        found[event.step] = value.simple_value
        return sorted(found.items())

    def has_crossed(
        self, threshold: float, is_beyond: Callable[[float, float], bool], words: str
    ) -> Callable[[], bool]:
        """Whether a value was beyond a threshold."""

        def crossed() -> bool:
            for step, value in self.values():
                if is_beyond(value, threshold):
                    log.info(
                        'At step %s, metric "%s" has value %s which is %s the configured '
                        "threshold (%s) for early stopping.",
                        step,
                        self.metric,
                        value,
                        words,
                        threshold,
                    )
                    return True
            return False

        return crossed

    def has_stood_still(
        self, most: int, is_better: Callable[[float, float], bool], word: str
    ) -> Callable[[], bool]:
        """Whether the best value is so many steps old."""

        def stood_still() -> bool:
            best: tuple[int, float] | None = None
            for step, value in self.values():
                if best is None or is_better(value, best[1]):
                    best = step, value
                if step - best[0] >= most:
                    log.info(
                        'No %s in metric "%s" for %s steps, which is greater than or equal to '
                        "max steps (%s) configured for early stopping.",
                        word,
                        self.metric,
                        step - best[0],
                        most,
                    )
                    return True
            return False

        return stood_still
