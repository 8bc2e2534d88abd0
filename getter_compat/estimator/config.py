"""`RunConfig`: how an estimator runs."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from getter_compat.estimator import distribution

_DEFAULT: Any = object()
_SAVING = "`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set."


class RunConfig:
    """How an estimator runs, with the fields and the defaults of TensorFlow 1.15.

    Args:
        model_dir: Where checkpoints and event files go; the estimator's, if it is given one.
        tf_random_seed: The seed of each graph, if any.
        save_summary_steps: After how many steps summaries are written.
        save_checkpoints_steps: After how many steps a checkpoint is written.
        save_checkpoints_secs: After how many seconds one is written, 600 by default, if not after
            steps.
        session_config: A `tf.compat.v1.ConfigProto`.
        keep_checkpoint_max: How many checkpoints are kept.
        keep_checkpoint_every_n_hours: After how many hours one is kept for good.
        log_step_count_steps: After how many steps the loss and the speed are logged.
        train_distribute: A `tf.distribute` strategy to train under: `MirroredStrategy` or
            `OneDeviceStrategy`. The input function may take an `input_context`, and returns a
            dataset, of which each replica takes a batch of its own.
        device_fn: A function from an operation to a device.
        protocol: Kept for code that reads it.
        eval_distribute: The same, to evaluate under.
        experimental_distribute: Refused: give the strategies themselves.
        experimental_max_worker_delay_secs: Kept for code that reads it.
        session_creation_timeout_secs: How long a session may take to be ready, in seconds.

    Raises:
        ValueError: If both ways of saving are asked for, or a number is out of its range.
        NotImplementedError: If it is to run on several machines or under another strategy.

    Examples:
        >>> from getter_compat import estimator
        >>> config = estimator.RunConfig(save_checkpoints_steps=100)
        >>> config.save_checkpoints_secs is None, config.keep_checkpoint_max, config.is_chief
        (True, 5, True)
        >>> config.replace(save_checkpoints_secs=60).save_checkpoints_steps is None
        True
    """

    # A program on one machine; TensorFlow 1 read other values from TF_CONFIG.
    cluster_spec = None
    evaluation_master = ""
    global_id_in_cluster = 0
    is_chief = True
    master = ""
    num_ps_replicas = 0
    num_worker_replicas = 1
    service = None
    task_id = 0
    task_type = "worker"

    def __init__(
        self,
        model_dir: str | os.PathLike[str] | None = None,
        tf_random_seed: int | None = None,
        save_summary_steps: int | None = 100,
        save_checkpoints_steps: int | None = _DEFAULT,
        save_checkpoints_secs: int | None = _DEFAULT,
        session_config: tf.compat.v1.ConfigProto | None = None,
        keep_checkpoint_max: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000,
        log_step_count_steps: int | None = 100,
        train_distribute: tf.distribute.Strategy | None = None,
        device_fn: Callable[[tf.Operation], str] | None = None,
        protocol: str | None = None,
        eval_distribute: tf.distribute.Strategy | None = None,
        experimental_distribute: object = None,
        experimental_max_worker_delay_secs: float | None = None,
        session_creation_timeout_secs: float = 7200,
    ) -> None:
        if save_checkpoints_steps is _DEFAULT and save_checkpoints_secs is _DEFAULT:
            save_checkpoints_secs = 600
        if save_checkpoints_steps is _DEFAULT:
            save_checkpoints_steps = None
        if save_checkpoints_secs is _DEFAULT:
            save_checkpoints_secs = None
        _refuse_clusters(experimental_distribute)
        distribution.check_strategy(train_distribute)
        distribution.check_strategy(eval_distribute)
        self.model_dir = None if model_dir is None else os.fspath(model_dir)
        self.tf_random_seed = tf_random_seed
        self.save_summary_steps = save_summary_steps
        self.save_checkpoints_steps = save_checkpoints_steps
        self.save_checkpoints_secs = save_checkpoints_secs
        self.session_config = session_config
        self.keep_checkpoint_max = keep_checkpoint_max
        self.keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours
        self.log_step_count_steps = log_step_count_steps
        self.train_distribute = train_distribute
        self.device_fn = device_fn
        self.protocol = protocol
        self.eval_distribute = eval_distribute
        self.experimental_distribute = experimental_distribute
        self.experimental_max_worker_delay_secs = experimental_max_worker_delay_secs
        self.session_creation_timeout_secs = session_creation_timeout_secs
        self._check()

    def replace(self, **changes: Any) -> RunConfig:
        """The same with some fields changed.

        Args:
            **changes: Fields; one way of saving checkpoints takes the place of the other.

        Returns:
            A new configuration of the same class.

        Raises:
            ValueError: If there is no such field, or as the class raises.
        """
        for name in changes:
            if name not in vars(self):
                raise ValueError(
                    f"Replacing {name} is not supported. Allowed properties are {list(vars(self))}."
                )
        changed = copy.copy(self)
        if changes.get("save_checkpoints_steps") is not None:
            changes.setdefault("save_checkpoints_secs", None)
        if changes.get("save_checkpoints_secs") is not None:
            changes.setdefault("save_checkpoints_steps", None)
        vars(changed).update(changes)
        changed._check()
        return changed

    def _check(self) -> None:
        if self.save_checkpoints_steps is not None and self.save_checkpoints_secs is not None:
            raise ValueError(_SAVING)
        if self.model_dir == "":
            raise ValueError("model_dir should be non-empty.")
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise ValueError(f"{name} should be >= {least}, given: {value}")


_LEAST = {
    "save_checkpoints_steps": 0,
    "save_checkpoints_secs": 0,
    "save_summary_steps": 0,
    "keep_checkpoint_max": 0,
    "keep_checkpoint_every_n_hours": 0,
    "log_step_count_steps": 0,
}


def _refuse_clusters(experimental_distribute: object) -> None:
    if "cluster" in json.loads(os.environ.get("TF_CONFIG", "{}")):
        raise NotImplementedError(
            "TF_CONFIG names a cluster, and estimators run on one machine here. Unset it; to train "
            "on several machines move the model to tf.distribute.MultiWorkerMirroredStrategy."
        )
    if experimental_distribute is not None:
        raise NotImplementedError(
            "RunConfig was given experimental_distribute, which is for clusters, and estimators "
            "run on one machine here. Give its strategies as train_distribute and eval_distribute."
        )


def default_session_config() -> tf.compat.v1.ConfigProto:
    """The session of TensorFlow 1.15's estimators: soft placement, meta-optimized once."""
    from tensorflow.core.protobuf import rewriter_config_pb2

    return tf.compat.v1.ConfigProto(
        allow_soft_placement=True,
        graph_options=tf.compat.v1.GraphOptions(
            rewrite_options=rewriter_config_pb2.RewriterConfig(
                meta_optimizer_iterations=rewriter_config_pb2.RewriterConfig.ONE
            )
        ),
    )
