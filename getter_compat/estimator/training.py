"""`train_and_evaluate`: training, with an evaluation after each checkpoint."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

import tensorflow as tf

from getter_compat.estimator.estimator import Estimator
from getter_compat.estimator.exporters import Exporter
from getter_compat.estimator.spec import hooks_of
from getter_compat.typing import InputFn

v1 = tf.compat.v1
log = v1.logging

_NO_HOOK = "All hooks must be `SessionRunHook` instances"

Evaluated = tuple[dict[str, Any] | None, list[bytes | None] | None]


class _TrainFields(NamedTuple):
    input_fn: InputFn
    max_steps: int | None
    hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]


class TrainSpec(_TrainFields):
    """How `train_and_evaluate` trains.

    Args:
        input_fn: As of `Estimator.train`.
        max_steps: To how many steps to train in all; to the end of the input if not given.
        hooks: `tf.train.SessionRunHook`s.

    Raises:
        ValueError: If `max_steps` is not positive.
        TypeError: If something else is given for a function or a hook.
    """

    __slots__ = ()

    def __new__(
        cls,
        input_fn: InputFn,
        max_steps: int | None = None,
        hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
    ) -> TrainSpec:
        """Check the fields, and make one of them."""
        _check_input_fn(input_fn)
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, hooks_of(hooks, _NO_HOOK))


class _EvalFields(NamedTuple):
    input_fn: InputFn
    steps: int | None
    name: str | None
    hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]
    exporters: tuple[Exporter, ...]
    start_delay_secs: float
    throttle_secs: float


class EvalSpec(_EvalFields):
    """How `train_and_evaluate` evaluates.

    Args:
        input_fn: As of `Estimator.evaluate`.
        steps: How many batches to evaluate; to the end of the input if `None`.
        name: The name of the evaluation.
        hooks: `tf.train.SessionRunHook`s.
        exporters: What exports after an evaluation: an `Exporter`, or some of different names.
        start_delay_secs: Kept for code that gives it: only an evaluating machine waited so.
        throttle_secs: How many seconds must have passed since the last evaluation for another.

    Raises:
        ValueError: If a number is out of its range, or exporters have no names of their own.
        TypeError: If something else is given for a function, a name, a hook or an exporter.
    """

    __slots__ = ()

    def __new__(
        cls,
        input_fn: InputFn,
        steps: int | None = 100,
        name: str | None = None,
        hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
        exporters: Exporter | Iterable[Exporter] | None = None,
        start_delay_secs: float = 120,
        throttle_secs: float = 600,
    ) -> EvalSpec:
        """Check the fields, and make one of them."""
        _check_input_fn(input_fn)
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"`name` must be string, given: {name}")
        for what, seconds in (
            ("start_delay_secs", start_delay_secs),
            ("throttle_secs", throttle_secs),
        ):
            if seconds < 0:
                raise ValueError(f"Must specify {what} >= 0, given: {seconds}")
        given = hooks_of(hooks, _NO_HOOK)
        return super().__new__(
            cls,
            input_fn,
            steps,
            name,
            given,
            _exporters(exporters),
            start_delay_secs,
            throttle_secs,
        )


def train_and_evaluate(
    estimator: Estimator, train_spec: TrainSpec, eval_spec: EvalSpec
) -> Evaluated:
    """Train, and evaluate after each checkpoint, on one machine.

    Args:
        estimator: The estimator.
        train_spec: How to train.
        eval_spec: How to evaluate. Between two evaluations lie `throttle_secs` at least; the last
            checkpoint is evaluated in any case.

    Returns:
        The last evaluation's metrics, and what the exporters returned; `None` for both where
        `max_steps` had been reached before.

    Raises:
        TypeError: If something else is given for the estimator or a specification.
    """
    for name, value, kind in (
        ("estimator", estimator, Estimator),
        ("train_spec", train_spec, TrainSpec),
        ("eval_spec", eval_spec, EvalSpec),
    ):
        if not isinstance(value, kind):
            raise TypeError(
                f"`{name}` must have type `tf.estimator.{kind.__name__}`. Got: {type(value)}"
            )
    log.info("Not using Distribute Coordinator.")
    log.info("Running training and evaluation locally (non-distributed).")
    config = estimator.config
    log.info(
        "Start train and evaluate loop. The evaluate will happen after every checkpoint. "
        "Checkpoint frequency is determined based on RunConfig arguments: save_checkpoints_steps "
        "%s or save_checkpoints_secs %s.",
        config.save_checkpoints_steps,
        config.save_checkpoints_secs,
    )
    evaluating = _EvaluateAfterSaving(estimator, train_spec.max_steps, eval_spec)
    estimator.train(
        train_spec.input_fn,
        train_spec.hooks,
        max_steps=train_spec.max_steps,
        saving_listeners=[evaluating],
    )
    return evaluating.latest


class _EvaluateAfterSaving(tf.compat.v1.train.CheckpointSaverListener):
    """Evaluates what was saved, and has it exported."""

    def __init__(self, estimator: Estimator, max_steps: int | None, spec: EvalSpec) -> None:
        self.latest: Evaluated = (None, None)
        self._estimator = estimator
        self._max_steps = max_steps
        self._spec = spec
        self._is_first = True
        self._timer = v1.train.SecondOrStepTimer(every_secs=spec.throttle_secs)

    def begin(self) -> None:
        """Begin a training session."""
        self._is_first = True
        self._timer = v1.train.SecondOrStepTimer(every_secs=self._spec.throttle_secs)

    def after_save(self, session: tf.compat.v1.Session, global_step: int) -> None:
        """Evaluate, if enough time has passed; not what training begins with."""
        if self._is_first:
            self._is_first = False
        elif self._timer.should_trigger_for_step(global_step):
            self._evaluate(global_step)
        else:
            log.info(
                "Skip the current checkpoint eval due to throttle secs (%s secs).",
                self._spec.throttle_secs,
            )

    def end(self, session: tf.compat.v1.Session, global_step: int) -> None:
        """Evaluate the last step, if that was not done."""
        if global_step != self._timer.last_triggered_step():
            self._evaluate(global_step)

    def _evaluate(self, global_step: int) -> None:
        self._timer.update_last_triggered_step(global_step)
        spec = self._spec
        path = self._estimator.latest_checkpoint()
        assert path is not None
        result = self._estimator.evaluate(spec.input_fn, spec.steps, spec.hooks, path, spec.name)
        is_final = bool(self._max_steps) and result["global_step"] >= self._max_steps
        self.latest = result, [self._export(one, path, result, is_final) for one in spec.exporters]

    def _export(
        self, exporter: Exporter, path: str, result: dict[str, Any], is_final: bool
    ) -> bytes | None:
        folder = os.path.join(self._estimator.model_dir, "export", exporter.name)
        return exporter.export(self._estimator, folder, path, result, is_final)


def _check_input_fn(input_fn: object) -> None:
    if not callable(input_fn):
        raise TypeError(f"`input_fn` must be callable, given: {input_fn}")


def _exporters(exporters: Iterable[Exporter] | Exporter | None) -> tuple[Exporter, ...]:
    given = (exporters,) if isinstance(exporters, Exporter) else tuple(exporters or ())
    names = [getattr(exporter, "name", None) for exporter in given]
    if not all(isinstance(exporter, Exporter) for exporter in given):
        raise TypeError(
            "`exporters` must be an Exporter, an iterable of Exporter, or `None`, found "
            f"{exporters}."
        )
    if not all(names):
        raise ValueError(
            f"An Exporter cannot have a name that is `None` or empty. All exporter names: {names}"
        )
    if len(set(names)) < len(names):
        raise ValueError(f"`exporters` must have unique names. All exporter names: {names}")
    return tuple(given)
