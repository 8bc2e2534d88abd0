"""What an evaluation leaves in its event file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import tensorflow as tf
from tensorflow.python.summary.writer import writer_cache

v1 = tf.compat.v1
log = v1.logging


def write_metrics(folder: str, metrics: Mapping[str, object], step: int) -> None:
    """Write the metrics of an evaluation, and log them.

    Args:
        folder: The folder of the event file.
        metrics: By name, a number, an array, or a serialized `Summary`.
        step: The global step that they are of.
    """
    shown = ", ".join(
        f"{name} = {value}"
        for name, value in sorted(metrics.items())
        if not isinstance(value, bytes)
    )
    log.info("Saving dict for global step %d: %s", step, shown)
    summary = v1.Summary()
    for name, value in metrics.items():
        if name != v1.GraphKeys.GLOBAL_STEP and value is not None:
            _add(summary, name, value)
    _write(folder, summary, step)


def write_checkpoint_path(folder: str, path: str, step: int) -> None:
    """Write which checkpoint was evaluated."""
    log.info("Saving 'checkpoint_path' summary for global step %d: %s", step, path)
    summary = v1.Summary()
    summary.value.add(tag="checkpoint_path", tensor=tf.make_tensor_proto(path, tf.string))
    _write(folder, summary, step)


def _add(summary: tf.compat.v1.Summary, name: str, value: object) -> None:
    if isinstance(value, np.float32 | float):
        summary.value.add(tag=name, simple_value=float(value))
    elif isinstance(value, np.int64 | np.int32 | int):
        summary.value.add(tag=name, simple_value=int(value))
    elif isinstance(value, bytes):
        for number, part in enumerate(v1.Summary.FromString(value).value):
            part.tag = f"{name}/{number}"
            summary.value.append(part)
    elif isinstance(value, np.ndarray):
        tensor = tf.make_tensor_proto(value)
        summary.value.add(tag=name, node_name=name, tensor=tensor)
        log.info("Summary for np.ndarray is not visible in Tensorboard by default.")
    else:
        log.warning(
            "Skipping summary for %s, must be a float, np.float32, np.int64, np.int32 or int or "
            "np.ndarray or a serialized string of Summary.",
            name,
        )


def _write(folder: str, summary: tf.compat.v1.Summary, step: int) -> None:
    writer = writer_cache.FileWriterCache.get(folder)
    writer.add_summary(summary, step)
    writer.flush()
