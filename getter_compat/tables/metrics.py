"""The metrics of `tf.contrib.metrics` that hand their arguments on to `tf.metrics`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_FIRST = ("predictions", "labels")
_LAST = ("metrics_collections", "updates_collections", "name")
_PLAIN = (*_FIRST, "weights", *_LAST)

_OF_PREDICTIONS = (
    "accuracy false_negatives false_positives mean_absolute_error mean_squared_error precision "
    "recall root_mean_squared_error true_negatives true_positives"
)

STREAMING: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        **{name: (name, _PLAIN) for name in _OF_PREDICTIONS.split()},
        "auc": (
            "auc",
            (
                *(*_FIRST, "weights", "num_thresholds", "metrics_collections"),
                *("updates_collections", "curve", "name"),
            ),
        ),
        "mean": ("mean", ("values", "weights", *_LAST)),
        "mean_iou": ("mean_iou", (*_FIRST, "num_classes", "weights", *_LAST)),
        "mean_relative_error": (
            "mean_relative_error",
            (*_FIRST, "normalizer", "weights", *_LAST),
        ),
        "mean_tensor": ("mean_tensor", ("values", "weights", *_LAST)),
        "percentage_less": ("percentage_below", ("values", "threshold", "weights", *_LAST)),
        "precision_at_thresholds": (
            "precision_at_thresholds",
            (*_FIRST, "thresholds", "weights", *_LAST),
        ),
        "recall_at_thresholds": (
            "recall_at_thresholds",
            (*_FIRST, "thresholds", "weights", *_LAST),
        ),
        "sensitivity_at_specificity": (
            "sensitivity_at_specificity",
            (*_FIRST, "specificity", "weights", "num_thresholds", *_LAST),
        ),
        "sparse_average_precision_at_k": (
            "average_precision_at_k",
            (*_FIRST, "k", "weights", *_LAST),
        ),
        "sparse_precision_at_k": (
            "precision_at_k",
            (*_FIRST, "k", "class_id", "weights", *_LAST),
        ),
        "sparse_recall_at_k": ("recall_at_k", (*_FIRST, "k", "class_id", "weights", *_LAST)),
        "specificity_at_sensitivity": (
            "specificity_at_sensitivity",
            (*_FIRST, "sensitivity", "weights", "num_thresholds", *_LAST),
        ),
    }
)
"""Behind `streaming_`: the name in `tf.metrics`, which takes labels first, and the parameters."""
