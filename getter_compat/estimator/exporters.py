"""What is exported after an evaluation: the last model, the latest ones, or the best."""

from __future__ import annotations

import abc
import os
from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from getter_compat.estimator.estimator import Estimator, arguments_of
from getter_compat.estimator.export import ServingInputFn

log = tf.compat.v1.logging

Comparison = Callable[..., bool]


class Exporter(abc.ABC):
    """What is called after each evaluation of `train_and_evaluate`."""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """The name of the exporter, and of its folder."""

    @abc.abstractmethod
    def export(
        self,
        estimator: Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Mapping[str, Any],
        is_the_final_export: bool,
    ) -> bytes | None:
        """Export a checkpoint, or leave it.

        Args:
            estimator: The estimator that was evaluated.
            export_path: The folder to export to.
            checkpoint_path: The checkpoint that was evaluated.
            eval_result: What `evaluate` returned.
            is_the_final_export: Whether training has ended.

        Returns:
            The path of what was written, if anything was.
        """


class _SavedModelExporter(Exporter):
    """Exports by `export_saved_model`."""

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: ServingInputFn,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
    ) -> None:
        self._name = name
        self._receiver = serving_input_receiver_fn
        self._assets_extra = assets_extra
        self._as_text = as_text

    @property
    def name(self) -> str:
        """The name of the exporter, and of its folder."""
        return self._name

    def export(
        self,
        estimator: Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Mapping[str, Any],
        is_the_final_export: bool,
    ) -> bytes | None:
        """Export the checkpoint."""
        return estimator.export_saved_model(
            export_path, self._receiver, self._assets_extra, self._as_text, checkpoint_path
        )


class FinalExporter(_SavedModelExporter):
    """Exports the model when training has ended.

    Args:
        name: The name of the exporter, and of its folder.
        serving_input_receiver_fn: Makes the receiver.
        assets_extra: Files to copy into the SavedModel.
        as_text: Whether to write text.
    """

    def export(
        self,
        estimator: Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Mapping[str, Any],
        is_the_final_export: bool,
    ) -> bytes | None:
        """Export the checkpoint, if it is the last."""
        if not is_the_final_export:
            return None
        log.info("Performing the final export in the end of training.")
        return super().export(
            estimator, export_path, checkpoint_path, eval_result, is_the_final_export
        )


class LatestExporter(_SavedModelExporter):
    """Exports the model after each evaluation, and keeps the latest exports.

    Args:
        name: The name of the exporter, and of its folder.
        serving_input_receiver_fn: Makes the receiver.
        assets_extra: Files to copy into the SavedModel.
        as_text: Whether to write text.
        exports_to_keep: How many to keep; all if `None`.

    Raises:
        ValueError: If the number is not positive.
    """

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: ServingInputFn,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError(
                "`exports_to_keep`, if provided, must be positive number, and None keeps all. "
                f"Got {exports_to_keep}"
            )
        self._exports_to_keep = exports_to_keep

    def export(
        self,
        estimator: Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Mapping[str, Any],
        is_the_final_export: bool,
    ) -> bytes | None:
        """Export the checkpoint, and remove the oldest exports."""
        path = super().export(
            estimator, export_path, checkpoint_path, eval_result, is_the_final_export
        )
        _keep_latest(export_path, self._exports_to_keep)
        return path


def _lower_loss(
    best_eval_result: Mapping[str, Any], current_eval_result: Mapping[str, Any]
) -> bool:
    results = {"best_eval_result": best_eval_result, "current_eval_result": current_eval_result}
    for name, result in results.items():
        if not result or "loss" not in result:
            raise ValueError(
                f"{name} cannot be empty or no loss is found in it. Give BestExporter a compare_fn "
                f"that compares what there is: {sorted(result or ())}"
            )
    return bool(best_eval_result["loss"] > current_eval_result["loss"])


class BestExporter(_SavedModelExporter):
    """Exports the model whenever an evaluation is better than all before.

    Args:
        name: The name of the exporter, and of its folder.
        serving_input_receiver_fn: Makes the receiver.
        event_file_pattern: Event files below the model's folder that hold the best result so far:
            as in TensorFlow 1, that of the first evaluation too, which is not better than itself.
        compare_fn: Whether `current_eval_result` is better than `best_eval_result`; by default, a
            lower loss is.
        assets_extra: Files to copy into the SavedModel.
        as_text: Whether to write text.
        exports_to_keep: How many to keep; all if `None`.

    Raises:
        ValueError: If the number is not positive, or `compare_fn` takes something else.
    """

    def __init__(
        self,
        name: str = "best_exporter",
        serving_input_receiver_fn: ServingInputFn | None = None,
        event_file_pattern: str | None = "eval/*.tfevents.*",
        compare_fn: Comparison = _lower_loss,
        assets_extra: Mapping[str, str] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        if serving_input_receiver_fn is None:
            raise ValueError("serving_input_receiver_fn must be defined.")
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)
        if compare_fn is None:
            raise ValueError("`compare_fn` must not be None.")
        _check_comparison(compare_fn)
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError(
                "`exports_to_keep`, if provided, must be a positive number. "
                f"Got {exports_to_keep}: None keeps all."
            )
        self._pattern = event_file_pattern
        self._is_better = compare_fn
        self._exports_to_keep = exports_to_keep
        self._best: Mapping[str, Any] | None = None
        self._model_dir: str | None = None

    def export(
        self,
        estimator: Estimator,
        export_path: str,
        checkpoint_path: str,
        eval_result: Mapping[str, Any],
        is_the_final_export: bool,
    ) -> bytes | None:
        """Export the checkpoint if it is the best, and remove the oldest exports."""
        if self._model_dir != estimator.model_dir and self._pattern:
            log.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            self._best = self._best_before(os.path.join(estimator.model_dir, self._pattern))
        if self._best is not None and not self._is_better(
            best_eval_result=self._best, current_eval_result=eval_result
        ):
            return None
        log.info("Performing best model export.")
        self._best = eval_result
        path = super().export(
            estimator, export_path, checkpoint_path, eval_result, is_the_final_export
        )
        _keep_latest(export_path, self._exports_to_keep)
        return path

    def _best_before(self, pattern: str) -> Mapping[str, Any] | None:
        """The best result in the event files of an earlier run."""
        best: Mapping[str, Any] | None = None
        for file in tf.io.gfile.glob(pattern):
            for event in tf.compat.v1.train.summary_iterator(file):
                values = event.summary.value if event.HasField("summary") else ()
                found = {v.tag: v.simple_value for v in values if v.HasField("simple_value")}
                if found and (
                    best is None
                    or self._is_better(best_eval_result=best, current_eval_result=found)
                ):
                    best = found
        return best


def _check_comparison(compare_fn: Comparison) -> None:
    names, asked = arguments_of(compare_fn), {"best_eval_result", "current_eval_result"}
    for name in sorted(asked - names):
        raise ValueError(f"compare_fn ({compare_fn}) must include {name} argument.")
    if names - asked:
        raise ValueError(
            f"compare_fn ({compare_fn}) has following not expected args: {sorted(names - asked)}"
        )


def _keep_latest(folder: str, number: int | None) -> None:
    if number is None:
        return
    names = [name.rstrip("/") for name in tf.io.gfile.listdir(folder)]
    exports = sorted((name for name in names if name.isdigit()), key=int)
    for name in exports[:-number]:
        tf.io.gfile.rmtree(os.path.join(folder, name))
