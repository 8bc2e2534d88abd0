"""`Estimator`: a model function, trained, evaluated and asked in graphs of its own.

Its sessions, savers, hooks and summaries are TensorFlow's. What it does in which order, and what it
logs, is what `tf.estimator.Estimator` of TensorFlow 1.15 was seen to do.
"""

from __future__ import annotations

import copy
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from tensorflow.python.training import evaluation
from tensorflow.python.util import function_utils

from getter_compat.estimator import distribution, saved_models, summaries
from getter_compat.estimator.config import RunConfig, default_session_config
from getter_compat.estimator.export import ServingInputFn
from getter_compat.estimator.spec import EstimatorSpec, Hook, ModeKeys, ModelFn, checked, hooks_of
from getter_compat.runtime import control_flow_v1
from getter_compat.typing import InputFn, Structure, TensorLike

v1 = tf.compat.v1
log = v1.logging

Hooks = Iterable[Hook] | None

_TAKEN_BY_MODEL_FN = {"features", "labels", "mode", "params", "self", "config"}


class _WarmStart(NamedTuple):
    ckpt_to_initialize_from: str
    vars_to_warm_start: str | Sequence[str | tf.Variable] | None
    var_name_to_vocab_info: Mapping[str, Any] | None
    var_name_to_prev_var_name: Mapping[str, str] | None


class WarmStartSettings(_WarmStart):
    """Which variables begin with the values of a checkpoint, with the fields of TensorFlow 1.

    Args:
        ckpt_to_initialize_from: A checkpoint, or a folder that holds some.
        vars_to_warm_start: A regular expression of names of trainable variables, a list of such for
            variables of any kind, a list of variables, or `None` for only what is listed below.
        var_name_to_vocab_info: By name of an embedding, its old and new vocabulary.
        var_name_to_prev_var_name: By name, the name in the checkpoint.

    Raises:
        ValueError: If there is no checkpoint.
    """

    __slots__ = ()

    def __new__(
        cls,
        ckpt_to_initialize_from: str,
        vars_to_warm_start: str | Sequence[str | tf.Variable] | None = ".*",
        var_name_to_vocab_info: Mapping[str, Any] | None = None,
        var_name_to_prev_var_name: Mapping[str, str] | None = None,
    ) -> WarmStartSettings:
        """Check that there is a checkpoint: `latest_checkpoint` of an empty folder is `None`."""
        if not ckpt_to_initialize_from:
            raise ValueError(
                "`ckpt_to_initialize_from` MUST be set in WarmStartSettings, found "
                f"{ckpt_to_initialize_from!r}. Name a checkpoint, or a folder that holds some."
            )
        return super().__new__(
            cls,
            ckpt_to_initialize_from,
            vars_to_warm_start,
            {} if var_name_to_vocab_info is None else var_name_to_vocab_info,
            {} if var_name_to_prev_var_name is None else var_name_to_prev_var_name,
        )


class Estimator:
    """Trains and evaluates a model function, as `tf.estimator.Estimator` did.

    Args:
        model_fn: A function of `features` and, as far as its signature has them, of `labels`,
            `mode`, `params` and `config`, that returns an `EstimatorSpec`. It is called in a graph
            of its own each time.
        model_dir: Where checkpoints and event files go; by default the configuration's, else a
            temporary folder. Training goes on from the last checkpoint in it.
        config: How to run.
        params: What the function is given as `params`.
        warm_start_from: A checkpoint or a SavedModel that variables begin with, or a
            `WarmStartSettings`.

    Raises:
        ValueError: If the function does not take what it will be given, the configuration names
            another folder, or a subclass overrides a member.

    Examples:
        >>> import numpy as np
        >>> import tensorflow as tf
        >>> from getter_compat import estimator, layers
        >>> def model_fn(features, labels, mode):
        ...     y = layers.dense(features, 1, kernel_initializer="zeros", name="out")
        ...     loss = tf.reduce_mean(tf.square(y - labels))
        ...     step = tf.compat.v1.train.get_global_step()
        ...     optimizer = tf.compat.v1.train.GradientDescentOptimizer(0.1)
        ...     return estimator.EstimatorSpec(
        ...         mode, loss=loss, train_op=optimizer.minimize(loss, global_step=step)
        ...     )
        >>> regression = estimator.Estimator(model_fn)
        >>> x = np.float32([[1.0], [2.0]])
        >>> data = estimator.inputs.numpy_input_fn(x, 3 * x, num_epochs=None, shuffle=False)
        >>> _ = regression.train(data, steps=1)
        >>> regression.get_variable_value("out/kernel").round(4)
        array([[1.5]], dtype=float32)
    """

    def __init__(
        self,
        model_fn: ModelFn | None,
        model_dir: str | os.PathLike[str] | None = None,
        config: RunConfig | None = None,
        params: Mapping[str, Any] | None = None,
        warm_start_from: str | WarmStartSettings | None = None,
    ) -> None:
        self._refuse_overrides()
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        self._config = _with_model_dir(config, model_dir)
        log.info("Using config: %s", vars(self._config))
        _check_model_fn(model_fn, params)
        self._model_fn = model_fn
        self._params = copy.deepcopy(params or {})
        self._warm_start = _warm_start_settings(warm_start_from)

    @property
    def model_dir(self) -> str:
        """Where checkpoints and event files go."""
        assert self._config.model_dir is not None
        return self._config.model_dir

    @property
    def config(self) -> RunConfig:
        """A copy of the configuration."""
        return copy.deepcopy(self._config)

    @property
    def params(self) -> Any:
        """A copy of what the model function is given as `params`."""
        return copy.deepcopy(self._params)

    @property
    def model_fn(self) -> ModelFn:
        """The model function, of `features`, `labels`, `mode` and `config`."""

        def model_fn(
            features: TensorLike, labels: TensorLike, mode: str, config: RunConfig
        ) -> EstimatorSpec:
            return self._call_model_fn(features, labels, mode, config)

        return model_fn

    def get_variable_names(self) -> list[str]:
        """The names of the variables in the last checkpoint.

        Raises:
            ValueError: If there is none.
        """
        return [name for name, _ in tf.train.list_variables(self._trained())]

    def get_variable_value(self, name: str) -> np.ndarray[Any, Any]:
        """The value of a variable in the last checkpoint.

        Raises:
            ValueError: If there is none.
        """
        value: np.ndarray[Any, Any] = tf.train.load_variable(self._trained(), name)
        return value

    def latest_checkpoint(self) -> str | None:
        """The path of the last checkpoint, if there is one."""
        path: str | None = tf.train.latest_checkpoint(self.model_dir)
        return path

    def eval_dir(self, name: str | None = None) -> str:
        """Where the event files of an evaluation go."""
        return os.path.join(self.model_dir, f"eval_{name}" if name else "eval")

    def train(
        self,
        input_fn: InputFn,
        hooks: Hooks = None,
        steps: int | None = None,
        max_steps: int | None = None,
        saving_listeners: Hooks = None,
    ) -> Estimator:
        """Train, from the last checkpoint if there is one.

        Args:
            input_fn: Makes the features, or the features and the labels: tensors, or a
                `tf.data.Dataset` of them. It may take `mode`, `params` and `config`.
            hooks: `tf.train.SessionRunHook`s.
            steps: How many steps to train more; to the end of the input if neither is given.
            max_steps: To how many steps to train in all.
            saving_listeners: `tf.train.CheckpointSaverListener`s.

        Returns:
            The estimator.

        Raises:
            ValueError: If both numbers of steps are given, or one is not positive.
            TypeError: If something else is given for a hook or listener.
        """
        _check_steps(steps, max_steps)
        if max_steps is not None and max_steps <= self._steps_made():
            log.info("Skipping training since max_steps has already saved.")
            return self
        given = [*hooks_of(hooks, "Hooks must be a SessionRunHook")]
        if steps is not None or max_steps is not None:
            given.append(v1.train.StopAtStepHook(steps, max_steps))
        kind = v1.train.CheckpointSaverListener
        message = "saving_listeners must be a list of CheckpointSaverListener"
        listeners = [*checked(saving_listeners, kind, message)]
        with (
            tf.Graph().as_default() as graph,
            graph.device(self._config.device_fn),
            distribution.scope(self._config.train_distribute),
        ):
            loss = self._train_in(graph, input_fn, given, listeners)
        log.info("Loss for final step: %s.", loss)
        return self

    def evaluate(
        self,
        input_fn: InputFn,
        steps: int | None = None,
        hooks: Hooks = None,
        checkpoint_path: str | None = None,
        name: str | None = None,
    ) -> dict[str, Any]:
        """Evaluate a checkpoint.

        Args:
            input_fn: As in `train`.
            steps: How many batches to evaluate; to the end of the input if not given.
            hooks: `tf.train.SessionRunHook`s.
            checkpoint_path: The checkpoint, by default the last one; without any the variables are
                initialized.
            name: The name of the evaluation, in that of its folder of event files.

        Returns:
            The metrics by name; `loss`, the mean of the batches' losses, and `global_step` too.

        Raises:
            ValueError: If `steps` is not positive, or a metric is called `loss` or `global_step`.
            TypeError: If something else is given for a hook.
        """
        given = [*hooks_of(hooks, "Hooks must be a SessionRunHook")]
        if steps is not None:
            if steps <= 0:
                raise ValueError(f"Must specify steps > 0, given: {steps}")
            given.append(evaluation._StopAfterNEvalsHook(num_evals=steps))
        checkpoint_path = self._checkpoint(checkpoint_path, "evaluate")
        with tf.Graph().as_default(), distribution.scope(self._config.eval_distribute):
            results = self._evaluate_in_graph(input_fn, given, checkpoint_path)
            step = results[v1.GraphKeys.GLOBAL_STEP]
            summaries.write_metrics(self.eval_dir(name), results, step)
            if checkpoint_path:
                summaries.write_checkpoint_path(self.eval_dir(name), checkpoint_path, step)
        return results

    def predict(
        self,
        input_fn: InputFn,
        predict_keys: Sequence[str] | None = None,
        hooks: Hooks = None,
        checkpoint_path: str | None = None,
        yield_single_examples: bool = True,
    ) -> Iterator[Structure]:
        """Yield predictions, until the input ends.

        Args:
            input_fn: As in `train`; labels are left out.
            predict_keys: Which of a dict of predictions to compute, by default all.
            hooks: `tf.train.SessionRunHook`s.
            checkpoint_path: As in `evaluate`.
            yield_single_examples: Whether to yield row by row, or batch by batch.

        Yields:
            An array, or a dict of arrays, as the model function's predictions are.

        Raises:
            ValueError: If the keys are not of the predictions, or their batches differ in size.
        """
        given = [*hooks_of(hooks, "Hooks must be a SessionRunHook")]
        checkpoint_path = self._checkpoint(checkpoint_path, "predict")
        with tf.Graph().as_default() as graph:
            self._begin()
            features, _, input_hooks = self._input(input_fn, ModeKeys.PREDICT)
            _warn_of_endless(features, graph)
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            self._start_warm_unless(checkpoint_path)
            fetches = _chosen(spec.predictions, predict_keys)
            creator = v1.train.ChiefSessionCreator(
                checkpoint_filename_with_path=checkpoint_path,
                scaffold=spec.scaffold,
                config=self._config.session_config,
            )
            all_hooks = [*input_hooks, *given, *spec.prediction_hooks]
            with v1.train.MonitoredSession(creator, all_hooks) as session:
                while not session.should_stop():
                    batch = session.run(fetches)
                    yield from _examples(batch) if yield_single_examples else [batch]

    def export_saved_model(
        self,
        export_dir_base: str | os.PathLike[str],
        serving_input_receiver_fn: ServingInputFn,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        strip_default_attrs: bool = True,
    ) -> bytes:
        """Write a SavedModel that serves the model function on a checkpoint.

        Args:
            export_dir_base: Where to make the SavedModel's folder, which is named by the time.
            serving_input_receiver_fn: Makes the receiver: see `getter_compat.estimator.export`.
            assets_extra: Files to copy: by path below `assets.extra`, the source.
            as_text: Whether to write text rather than binary protocol buffers.
            checkpoint_path: The checkpoint, by default the last one.
            strip_default_attrs: Whether to leave out attributes that have their default values.

        Returns:
            The path of the SavedModel, as bytes, which it was in TensorFlow 1.

        Raises:
            ValueError: If there is no checkpoint, it lacks a variable, or nothing can be served.
        """
        if serving_input_receiver_fn is None:
            raise ValueError(
                "An input_receiver_fn must be defined. Hand in a function that returns a "
                "getter_compat.estimator.export.ServingInputReceiver."
            )
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        if not checkpoint_path:
            raise ValueError(f"Couldn't find trained model at {self.model_dir}.")
        writer = saved_models.Writer(export_dir_base, strip_default_attrs)
        with tf.Graph().as_default():
            self._begin()
            receiver = serving_input_receiver_fn()
            mode = ModeKeys.PREDICT
            spec = self._call_model_fn(receiver.features, None, mode, self.config, True)
            writer.add(spec, receiver, checkpoint_path, self._config.session_config)
        return writer.write(as_text, assets_extra or {})

    def export_savedmodel(
        self,
        export_dir_base: str | os.PathLike[str],
        serving_input_receiver_fn: ServingInputFn,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        strip_default_attrs: bool = False,
    ) -> bytes:
        """Write a SavedModel: the older name of `export_saved_model`."""
        return self.export_saved_model(
            export_dir_base,
            serving_input_receiver_fn,
            assets_extra,
            as_text,
            checkpoint_path,
            strip_default_attrs,
        )

    # One run: the order in which TensorFlow 1 made the parts of a graph.

    def _train_in(
        self,
        graph: tf.Graph,
        input_fn: InputFn,
        hooks: list[tf.compat.v1.train.SessionRunHook],
        listeners: list[tf.compat.v1.train.CheckpointSaverListener],
    ) -> np.floating[Any] | None:
        self._begin()
        strategy = self._config.train_distribute
        distribution.read_global_step(strategy, graph)
        spec, input_hooks = self._spec(input_fn, ModeKeys.TRAIN, strategy)
        self._start_warm_unless(None)
        if not any(s.op.name == "loss" for s in graph.get_collection(v1.GraphKeys.SUMMARIES)):
            v1.summary.scalar("loss", spec.loss)
        graph.add_to_collection(v1.GraphKeys.LOSSES, spec.loss)
        all_hooks = [*input_hooks, *hooks, *self._watching(spec), *spec.training_hooks]
        self._add_saver(spec, graph)
        saving = self._saving(spec, [*all_hooks, *spec.training_chief_hooks], listeners)
        loss = None
        with v1.train.MonitoredTrainingSession(
            checkpoint_dir=self.model_dir,
            scaffold=spec.scaffold,
            hooks=all_hooks,
            chief_only_hooks=[*saving, *spec.training_chief_hooks],
            save_checkpoint_secs=0,  # a hook does it
            save_summaries_steps=self._config.save_summary_steps,
            config=self._config.session_config,
            max_wait_secs=self._config.session_creation_timeout_secs,
            log_step_count_steps=self._config.log_step_count_steps,
        ) as session:  # which takes the end of the input for an end
            while not session.should_stop():
                _, loss = session.run([spec.train_op, spec.loss])
        if loss is None:
            log.warning(
                "Training with estimator made no steps. Perhaps input is empty or misspecified."
            )
        return loss

    def _watching(self, spec: EstimatorSpec) -> list[Hook]:
        """Stop where the loss is no number; log it."""
        watching = [v1.train.NanTensorHook(spec.loss)]
        every = self._config.log_step_count_steps
        if every is not None:
            shown = {"loss": spec.loss, "step": v1.train.get_global_step()}
            watching.append(v1.train.LoggingTensorHook(shown, every_n_iter=every))
        return watching

    def _add_saver(self, spec: EstimatorSpec, graph: tf.Graph) -> None:
        if spec.scaffold.saver or graph.get_collection(v1.GraphKeys.SAVERS):
            return
        saver = v1.train.Saver(
            sharded=True,
            max_to_keep=self._config.keep_checkpoint_max,
            keep_checkpoint_every_n_hours=self._config.keep_checkpoint_every_n_hours,
            defer_build=True,
            save_relative_paths=True,
        )
        graph.add_to_collection(v1.GraphKeys.SAVERS, saver)

    def _saving(
        self,
        spec: EstimatorSpec,
        hooks: list[tf.compat.v1.train.SessionRunHook],
        listeners: list[tf.compat.v1.train.CheckpointSaverListener],
    ) -> list[Hook]:
        """The hook that saves, if nobody else does."""
        saving = [hook for hook in hooks if isinstance(hook, v1.train.CheckpointSaverHook)]
        config = self._config
        added = []
        if not saving and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            added = saving = [
                v1.train.CheckpointSaverHook(
                    self.model_dir,
                    save_secs=config.save_checkpoints_secs,
                    save_steps=config.save_checkpoints_steps,
                    scaffold=spec.scaffold,
                )
            ]
        if listeners and not saving:
            raise ValueError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please set one of "
                "the RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
            )
        for listener in listeners:
            if listener not in saving[0]._listeners:
                saving[0]._listeners.append(listener)
        return added

    def _evaluate_in_graph(
        self,
        input_fn: InputFn,
        hooks: list[tf.compat.v1.train.SessionRunHook],
        checkpoint_path: str | None,
    ) -> dict[str, Any]:
        self._begin()
        spec, input_hooks = self._spec(input_fn, ModeKeys.EVAL, self._config.eval_distribute)
        metrics = spec.eval_metric_ops
        self._start_warm_unless(checkpoint_path)
        results: dict[str, Any] = evaluation._evaluate_once(
            checkpoint_path=checkpoint_path,
            scaffold=_initializing_metrics(spec.scaffold),
            eval_ops=tf.group(*(metrics[name][1] for name in sorted(metrics))),
            final_ops={
                **{name: metrics[name][0] for name in sorted(metrics)},
                v1.GraphKeys.GLOBAL_STEP: v1.train.get_global_step(),
            },
            hooks=[*input_hooks, *hooks, *spec.evaluation_hooks],
            config=self._config.session_config,
        )
        return results

    def _spec(
        self, input_fn: InputFn, mode: str, strategy: tf.distribute.Strategy | None
    ) -> tuple[EstimatorSpec, list[Hook]]:
        """What the model function makes of the input, and the hooks that the input needs."""

        def call(features: TensorLike, labels: TensorLike) -> EstimatorSpec:
            spec = self._call_model_fn(features, labels, mode, self.config)
            return _with_mean_loss(spec) if mode == ModeKeys.EVAL else spec

        if strategy is None:
            features, labels, hooks = self._input(input_fn, mode)
            return call(features, labels), hooks
        batch, initializer = distribution.batches_of(
            strategy, lambda context: self._call_input_fn(input_fn, mode, context)
        )
        features, labels = _features_and_labels(batch)
        spec = distribution.called(strategy, call, features, labels)
        return spec, [_InitializeIterator(initializer)]

    def _begin(self) -> None:
        # TensorFlow 1's variables were references: what is fetched beside an update shows it.
        v1.get_variable_scope().set_use_resource(False)
        control_flow_v1.use_in(v1.get_default_graph())
        v1.set_random_seed(self._config.tf_random_seed)
        v1.train.create_global_step()

    def _input(self, input_fn: InputFn, mode: str) -> tuple[Structure, Structure, list[Hook]]:
        """The features, the labels, and the hooks that the input needs."""
        result = self._call_input_fn(input_fn, mode)
        hooks = []
        if isinstance(result, tf.data.Dataset):
            iterator = v1.data.make_initializable_iterator(result)
            hooks.append(_InitializeIterator(iterator.initializer))
            result = iterator.get_next()
        return *_features_and_labels(result), hooks

    def _call_input_fn(
        self, input_fn: InputFn, mode: str, input_context: tf.distribute.InputContext | None = None
    ) -> Structure:
        given = {"mode": mode, "params": self._params_of(mode), "config": self.config}
        if input_context is not None:
            given["input_context"] = input_context
        with tf.device("/cpu:0"):
            return input_fn(**_taken(input_fn, given))

    def _params_of(self, mode: str, is_exported: bool = False) -> Any:
        """What the functions are given as `params`."""
        return self.params

    def _call_model_fn(
        self,
        features: TensorLike,
        labels: TensorLike,
        mode: str,
        config: RunConfig,
        is_exported: bool = False,
    ) -> EstimatorSpec:
        given = {
            "labels": labels,
            "mode": mode,
            "params": self._params_of(mode, is_exported),
            "config": config,
        }
        taken = _taken(self._model_fn, given)
        if labels is not None and "labels" not in taken:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        log.info("Calling model_fn.")
        spec = self._result_of_model_fn(mode, {"features": features, **taken})
        log.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError(
                f"model_fn should return an EstimatorSpec. It returned a {type(spec).__name__}."
            )
        return spec

    def _result_of_model_fn(self, mode: str, given: dict[str, Any]) -> object:
        return self._model_fn(**given)

    def _start_warm_unless(self, checkpoint_path: str | None) -> None:
        if checkpoint_path or not self._warm_start:
            return
        log.info("Warm-starting with WarmStartSettings: %s", (self._warm_start,))
        v1.train.warm_start(*self._warm_start)

    def _checkpoint(self, path: str | None, what: str) -> str | None:
        path = path or self.latest_checkpoint()
        if not path:
            log.info(
                "Could not find trained model in model_dir: %s, running initialization to %s.",
                self.model_dir,
                what,
            )
        return path

    def _trained(self) -> str:
        if not self.latest_checkpoint():
            raise ValueError(f"Could not find trained model in model_dir: {self.model_dir}.")
        return self.model_dir

    def _steps_made(self) -> int:
        path = self.latest_checkpoint()
        if path is None:
            return 0
        reader = tf.train.load_checkpoint(path)
        step = v1.GraphKeys.GLOBAL_STEP
        return int(reader.get_tensor(step)) if reader.has_tensor(step) else 0

    def _refuse_overrides(self) -> None:
        """Refuse a subclass that changes what a method does: TensorFlow 1 counted on none doing so.

        Those of this package may.
        """
        if type(self).__module__.startswith(__package__):
            return
        members = {name for name in vars(Estimator) if not name.startswith("__")} - {"model_fn"}
        overridden = sorted(members & set(vars(type(self))))
        if overridden:
            raise ValueError(
                "Subclasses of Estimator cannot override members of Estimator. "
                f"{type(self)} does override {overridden}"
            )


class _InitializeIterator(tf.compat.v1.train.SessionRunHook):
    """Begins a dataset anew in each session."""

    def __init__(self, initializer: tf.Operation | None) -> None:
        self._initializer = initializer

    def after_create_session(
        self, session: tf.compat.v1.Session, coord: tf.train.Coordinator
    ) -> None:
        """Begin."""
        session.run(self._initializer)


def _features_and_labels(result: Structure) -> tuple[Structure, Structure]:
    if not isinstance(result, list | tuple):
        return result, None
    if len(result) != 2:
        raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
    return result[0], result[1]


def _with_mean_loss(spec: EstimatorSpec) -> EstimatorSpec:
    """An evaluation whose metrics are the mean of the loss, too."""
    for name, quoted in (("loss", '"loss"'), (v1.GraphKeys.GLOBAL_STEP, "`global_step`")):
        if name in spec.eval_metric_ops:
            raise ValueError(
                f"Metric with name {quoted} is not allowed, because Estimator already defines "
                "a default metric with the same name."
            )
    metrics = {**spec.eval_metric_ops, "loss": v1.metrics.mean(spec.loss)}
    return spec._replace(eval_metric_ops=metrics)


def _initializing_metrics(
    scaffold: tf.compat.v1.train.Scaffold,
) -> tf.compat.v1.train.Scaffold:
    """A scaffold with an own initializer of local variables, made before the metrics had any."""
    if not scaffold.local_init_op:
        return scaffold
    evaluation._get_or_create_eval_step()
    local_init_op = tf.group(scaffold.local_init_op, v1.train.Scaffold.default_local_init_op())
    return v1.train.Scaffold(local_init_op=local_init_op, copy_from_scaffold=scaffold)


def _chosen(predictions: Structure, keys: Sequence[str] | None) -> Structure:
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    chosen = {key: value for key, value in predictions.items() if key in keys}
    if not chosen:
        raise ValueError(
            f"Expected to run at least one output from {predictions.keys()}, provided {keys}."
        )
    return chosen


def _examples(batch: Structure) -> Iterator[Structure]:
    """The rows of a batch."""
    if not isinstance(batch, dict):
        yield from batch
        return
    lengths = {key: value.shape[0] for key, value in batch.items()}
    for key, length in lengths.items():
        if length != next(iter(lengths.values())):
            raise ValueError(
                f"Batch length of predictions should be same. {key} has different batch length "
                "than others. Pass yield_single_examples=False to have whole batches."
            )
    for row in range(next(iter(lengths.values()))):
        yield {key: value[row] for key, value in batch.items()}


def _warn_of_endless(features: TensorLike, graph: tf.Graph) -> None:
    tensors = [part for part in tf.nest.flatten(features) if isinstance(part, tf.Tensor)]
    if any(tensor.op.type == "IteratorGetNext" for tensor in tensors):
        return
    if graph.get_collection(v1.GraphKeys.QUEUE_RUNNERS):
        return
    log.warning(
        "Input graph does not use tf.data.Dataset or contain a QueueRunner. That means predict "
        "yields forever. This is probably a mistake."
    )


def _check_steps(steps: int | None, max_steps: int | None) -> None:
    if steps is not None and max_steps is not None:
        raise ValueError("Can not provide both steps and max_steps.")
    for name, number in (("steps", steps), ("max_steps", max_steps)):
        if number is not None and number <= 0:
            raise ValueError(f"Must specify {name} > 0, given: {number}")


def arguments_of(function: Callable[..., object]) -> set[str]:
    """The names of a function's positional arguments, of a partial's those that are still open."""
    return set(function_utils.fn_args(function))


def _taken(function: Callable[..., object], given: Mapping[str, Any]) -> dict[str, Any]:
    names = arguments_of(function)
    return {name: value for name, value in given.items() if name in names}


def _check_model_fn(model_fn: ModelFn, params: object) -> None:
    names = arguments_of(model_fn)
    if "features" not in names:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in names:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params ({params}) is "
            "passed to Estimator."
        )
    if params is None and "params" in names:
        log.warning(
            "Estimator's model_fn (%s) includes params argument, but params are not passed to "
            "Estimator.",
            model_fn,
        )
    unknown = sorted(names - _TAKEN_BY_MODEL_FN)
    if unknown:
        raise ValueError(f"model_fn ({model_fn}) has following not expected args: {unknown}")


def _with_model_dir(
    config: RunConfig | None, model_dir: str | os.PathLike[str] | None
) -> RunConfig:
    if config is None:
        config = RunConfig()
        log.info("Using default config.")
    if not isinstance(config, RunConfig):
        raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
    model_dir = None if model_dir is None else os.fspath(model_dir)
    if model_dir is not None and config.model_dir not in (None, model_dir):
        raise ValueError(
            "`model_dir` are set both in constructor and `RunConfig`, but with different values. "
            f"In constructor: '{model_dir}', in `RunConfig`: '{config.model_dir}' "
        )
    model_dir = model_dir or config.model_dir
    if model_dir is None:
        model_dir = tempfile.mkdtemp()
        log.warning("Using temporary folder as model directory: %s", model_dir)
    session = config.session_config or default_session_config()
    return config.replace(model_dir=model_dir, session_config=session)


def _warm_start_settings(
    warm_start_from: str | WarmStartSettings | None,
) -> WarmStartSettings | None:
    if warm_start_from is None or isinstance(warm_start_from, WarmStartSettings):
        return warm_start_from
    if not isinstance(warm_start_from, str | os.PathLike):
        raise ValueError(
            "warm_start_from must be a string or a WarmStartSettings, instead got "
            f"{type(warm_start_from)}"
        )
    path = os.fspath(warm_start_from)
    variables = os.path.join(path, "variables", "variables")
    if os.path.exists(f"{variables}.index"):  # a SavedModel
        return WarmStartSettings(variables)
    return WarmStartSettings(path)
