"""`tf.estimator.tpu` with `use_tpu=False`, as TensorFlow 1 ran it on a CPU or a GPU.

What is said of TPUs is taken and not acted on.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import tensorflow as tf

from getter_compat.contrib import summary
from getter_compat.estimator import config as estimator_config
from getter_compat.estimator.estimator import Estimator, Hooks, WarmStartSettings, arguments_of
from getter_compat.estimator.export import ExportOutput
from getter_compat.estimator.spec import EstimatorSpec, ModeKeys, hooks_of
from getter_compat.typing import InputFn, Structure, TensorLike

v1 = tf.compat.v1
log = v1.logging

CrossShardOptimizer = v1.tpu.CrossShardOptimizer

HostCall = tuple[Callable[..., Structure], Structure]
"""A function, and its arguments: a list of tensors, or a dict of them by name."""


class InputPipelineConfig:
    """Where the input of a TPU was made."""

    PER_SHARD_V1 = 1
    PER_HOST_V1 = 2
    PER_HOST_V2 = 3
    BROADCAST = 4
    SLICED = 5


class TPUConfig(NamedTuple):
    """What was said of a TPU, with the fields and defaults of TensorFlow 1.15; not acted on."""

    iterations_per_loop: int | str = 2
    num_shards: int | None = None
    num_cores_per_replica: int | None = None
    per_host_input_for_training: bool | int = True
    tpu_job_name: str | None = None
    initial_infeed_sleep_secs: int | None = None
    input_partition_dims: object = None
    eval_training_input_configuration: int = InputPipelineConfig.PER_HOST_V1
    experimental_host_call_every_n_steps: int = 1


class RunConfig(estimator_config.RunConfig):
    """How a `TPUEstimator` runs.

    Args:
        tpu_config: What is said of the TPU.
        evaluation_master: The address of a TPU; `None` or empty here.
        master: The address of a TPU; `None` or empty here.
        cluster: The cluster of a TPU; `None` here.
        **kwargs: As of `getter_compat.estimator.RunConfig`.

    Raises:
        NotImplementedError: If a TPU's address is given.
    """

    def __init__(
        self,
        tpu_config: TPUConfig | None = None,
        evaluation_master: str | None = None,
        master: str | None = None,
        cluster: object = None,
        **kwargs: Any,
    ) -> None:
        for name, value in (
            ("evaluation_master", evaluation_master),
            ("master", master),
            ("cluster", cluster),
        ):
            if value:
                raise NotImplementedError(
                    f"tpu.RunConfig was given {name}={value!r}, and TPUEstimator runs with "
                    "use_tpu=False only. Leave it out; for TPUs use tf.distribute.TPUStrategy."
                )
        super().__init__(**kwargs)
        self.tpu_config = tpu_config or TPUConfig()
        self.cluster = None


class _Fields(NamedTuple):
    mode: str
    predictions: TensorLike
    loss: TensorLike
    train_op: tf.Operation | TensorLike
    eval_metrics: HostCall | None
    export_outputs: Mapping[str, ExportOutput] | None
    scaffold_fn: Callable[[], tf.compat.v1.train.Scaffold] | None
    host_call: HostCall | None
    training_hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]
    evaluation_hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]
    prediction_hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]


class TPUEstimatorSpec(_Fields):
    """What the model function of a `TPUEstimator` returns.

    Args:
        mode: As of `EstimatorSpec`.
        predictions: As of `EstimatorSpec`, a dict always.
        loss: As of `EstimatorSpec`.
        train_op: As of `EstimatorSpec`.
        eval_metrics: A function that returns metrics by name, and its tensors.
        export_outputs: As of `EstimatorSpec`.
        scaffold_fn: A function that makes the scaffold.
        host_call: A function that is run with each step, and its tensors; for summaries.
        training_hooks: As of `EstimatorSpec`.
        evaluation_hooks: As of `EstimatorSpec`.
        prediction_hooks: As of `EstimatorSpec`.

    Raises:
        ValueError: If a call is no pair of a function and tensors.
        TypeError: If a function or hook is none.
    """

    __slots__ = ()

    def __new__(
        cls,
        mode: str,
        predictions: TensorLike = None,
        loss: TensorLike = None,
        train_op: tf.Operation | TensorLike = None,
        eval_metrics: HostCall | None = None,
        export_outputs: Mapping[str, ExportOutput] | None = None,
        scaffold_fn: Callable[[], tf.compat.v1.train.Scaffold] | None = None,
        host_call: HostCall | None = None,
        training_hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
        evaluation_hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
        prediction_hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
    ) -> TPUEstimatorSpec:
        """Check the fields, and make one of them."""
        _check_call("eval_metrics", eval_metrics)
        _check_call("host_call", host_call)
        return super().__new__(
            cls,
            mode,
            predictions,
            loss,
            train_op,
            eval_metrics,
            export_outputs,
            scaffold_fn,
            host_call,
            hooks_of(training_hooks),
            hooks_of(evaluation_hooks),
            hooks_of(prediction_hooks),
        )

    def as_estimator_spec(self) -> EstimatorSpec:
        """The same for an estimator without a TPU: the calls are made here."""
        metrics = _called(self.eval_metrics) if self.eval_metrics is not None else None
        added = (_Run(_called(self.host_call)),) if self.host_call is not None else ()
        return EstimatorSpec(
            self.mode,
            self.predictions,
            self.loss,
            self.train_op,
            metrics,
            self.export_outputs,
            training_hooks=self.training_hooks + added,
            scaffold=self.scaffold_fn() if self.scaffold_fn is not None else None,
            evaluation_hooks=self.evaluation_hooks + added,
            prediction_hooks=self.prediction_hooks + added,
        )


ModelFn = Callable[..., EstimatorSpec | TPUEstimatorSpec]
"""As that of an `Estimator`; what a TPU would need besides, it may return."""


class TPUEstimator(Estimator):
    """An `Estimator` whose functions are told the size of a batch in `params["batch_size"]`.

    Under a strategy, where TensorFlow 1.15.5 raised a `TypeError`, it does what an `Estimator` does
    there: each replica has a batch of that size, and the loss is their mean.

    Args:
        model_fn: A function as of `Estimator`, that takes `params` and returns an `EstimatorSpec`
            or a `TPUEstimatorSpec`.
        model_dir: As of `Estimator`.
        config: A `tpu.RunConfig`.
        params: As of `Estimator`, without `batch_size`.
        use_tpu: Has to be false.
        train_batch_size: The number of examples in a batch in training.
        eval_batch_size: The same in evaluation.
        predict_batch_size: The same in prediction.
        batch_axis: Taken, and not acted on.
        eval_on_tpu: Taken, and not acted on.
        export_to_tpu: Taken, and not acted on.
        export_to_cpu: Taken, and not acted on.
        warm_start_from: As of `Estimator`.

    Raises:
        NotImplementedError: If `use_tpu` is true.
        ValueError: If the configuration is none for TPUs, or as `Estimator` raises.
    """

    def __init__(
        self,
        model_fn: ModelFn | None = None,
        model_dir: str | os.PathLike[str] | None = None,
        config: RunConfig | None = None,
        params: Mapping[str, Any] | None = None,
        use_tpu: bool = True,
        train_batch_size: int | None = None,
        eval_batch_size: int | None = None,
        predict_batch_size: int | None = None,
        batch_axis: object = None,
        eval_on_tpu: bool = True,
        export_to_tpu: bool = True,
        export_to_cpu: bool = True,
        warm_start_from: str | WarmStartSettings | None = None,
    ) -> None:
        if use_tpu:
            raise NotImplementedError(
                "TPUEstimator runs with use_tpu=False only. Pass it; to train on TPUs move the "
                "model function into getter_compat.ScopedModel, under tf.distribute.TPUStrategy."
            )
        if not isinstance(config, RunConfig):
            raise ValueError("`config` must be provided with type `tpu_config.RunConfig`")
        taken = sorted({"batch_size", "context"} & set(params or ()))
        if taken:
            raise ValueError(f"{taken} are reserved keys but existed in params {params}.")
        self._log_every = config.log_step_count_steps
        self._batch_sizes = {
            ModeKeys.TRAIN: train_batch_size,
            ModeKeys.EVAL: eval_batch_size,
            ModeKeys.PREDICT: predict_batch_size,
        }
        quiet = config.replace(log_step_count_steps=None)
        called = cast(
            "Callable[..., EstimatorSpec] | None", model_fn
        )  # what it returns is made of that type
        super().__init__(called, model_dir, quiet, params or {}, warm_start_from)
        log.info("_TPUContext: eval_on_tpu %s", eval_on_tpu)
        if eval_on_tpu:
            log.warning("eval_on_tpu ignored because use_tpu is False.")

    def train(
        self,
        input_fn: InputFn,
        hooks: Hooks = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Hooks = None,
    ) -> Estimator:
        """Train: see `Estimator.train`."""
        super().train(input_fn, hooks, steps, max_steps, saving_listeners)
        log.info("training_loop marked as finished")
        return self

    def evaluate(
        self,
        input_fn: InputFn,
        steps: int | None = None,
        hooks: Hooks = None,
        checkpoint_path: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Evaluate: see `Estimator.evaluate`."""
        results = super().evaluate(input_fn, steps, hooks, checkpoint_path, name)
        log.info("evaluation_loop marked as finished")
        return results

    def predict(
        self,
        input_fn: InputFn,
        predict_keys: Sequence[str] | None = None,
        hooks: Hooks = None,
        checkpoint_path: str | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Structure]:
        """Yield predictions: see `Estimator.predict`."""
        try:
            yield from super().predict(
                input_fn, predict_keys, hooks, checkpoint_path, yield_single_examples
            )
        finally:
            log.info("prediction_loop marked as finished")
        log.info("prediction_loop marked as finished")  # TensorFlow 1 says it once more

    def _params_of(self, mode: str, is_exported: bool = False) -> dict[str, Any]:
        params = copy.deepcopy(dict(self._params))
        size = self._batch_sizes[mode]
        if size is not None and not is_exported:
            params["batch_size"] = size
        return params

    def _call_input_fn(
        self,
        input_fn: InputFn,
        mode: str,
        input_context: tf.distribute.InputContext | None = None,
    ) -> Structure:
        if "params" not in arguments_of(input_fn):
            raise ValueError(
                f"input_fn ({input_fn}) does not include params argument, required by TPUEstimator "
                'to pass batch size as params["batch_size"]'
            )
        return super()._call_input_fn(input_fn, mode, input_context)

    def _result_of_model_fn(self, mode: str, given: dict[str, Any]) -> object:
        log.info("Running %s on CPU", mode)
        if "params" in given:
            given["params"]["use_tpu"] = False
        spec = super()._result_of_model_fn(mode, given)
        if isinstance(spec, TPUEstimatorSpec):
            spec = spec.as_estimator_spec()
        if self._log_every is None or not isinstance(spec, EstimatorSpec):
            return spec
        folder = self.model_dir if self._config.save_summary_steps else None
        speed = _ExamplesPerSecond(self._batch_sizes[mode], self._log_steps(), folder)
        return spec._replace(training_hooks=(*spec.training_hooks, speed))

    def _log_steps(self) -> int:
        """A session of a TPU ran a loop of steps, and TensorFlow 1 counts so without one too."""
        assert self._log_every is not None
        assert isinstance(self._config, RunConfig)
        steps = self._config.tpu_config.iterations_per_loop
        return -(-self._log_every // steps) if isinstance(steps, int) else self._log_every


class _Run(tf.compat.v1.train.SessionRunHook):
    """Runs tensors with each step; the files of summaries among them are made first."""

    def __init__(self, tensors: Structure) -> None:
        self._tensors = tensors

    def begin(self) -> None:
        """Add the operations that make the files, and that write what is left."""
        self._make = summary.summary_writer_initializer_op()
        self._flush = [summary.flush(writer=operation.inputs[0]) for operation in self._make]

    def after_create_session(
        self, session: tf.compat.v1.Session, coord: tf.train.Coordinator
    ) -> None:
        """Make the files."""
        session.run(self._make)

    def end(self, session: tf.compat.v1.Session) -> None:
        """Write what is left."""
        session.run(self._flush)

    def before_run(
        self, run_context: tf.compat.v1.train.SessionRunContext
    ) -> tf.compat.v1.train.SessionRunArgs:
        """Ask for the tensors."""
        return v1.train.SessionRunArgs(self._tensors)


class _ExamplesPerSecond(tf.compat.v1.train.StepCounterHook):
    """Logs the speed, in examples too."""

    def __init__(self, batch_size: int | None, every_n_steps: int, output_dir: str | None) -> None:
        self._batch_size = batch_size
        super().__init__(every_n_steps=every_n_steps, output_dir=output_dir)

    def _log_and_record(self, elapsed_steps: int, elapsed_time: float, global_step: int) -> None:
        steps = elapsed_steps / elapsed_time
        speeds = {"global_step/sec": steps}
        if self._batch_size is not None:
            speeds["examples/sec"] = self._batch_size * steps
        for tag, speed in speeds.items():
            if self._summary_writer is not None:
                value = v1.Summary.Value(tag=tag, simple_value=speed)
                self._summary_writer.add_summary(v1.Summary(value=[value]), global_step)
            log.info("%s: %g", tag, speed)


def _check_call(name: str, call: object) -> None:
    if call is None:
        return
    if not isinstance(call, tuple | list):
        raise ValueError(f"{name} should be tuple or list")
    if len(call) != 2:
        raise ValueError(f"{name} should have two elements.")
    if not callable(call[0]):
        raise TypeError(f"{name}[0] should be callable.")
    if not isinstance(call[1], tuple | list | dict):
        raise ValueError(f"{name}[1] should be tuple or list, or dict.")


def _called(call: HostCall) -> Structure:
    function, tensors = call
    return function(**tensors) if isinstance(tensors, dict) else function(*tensors)
