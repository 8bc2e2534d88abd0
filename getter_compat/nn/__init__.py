"""Recurrent networks of TensorFlow 1: `tf.nn.rnn_cell`, `tf.nn.dynamic_rnn` and the others.

Arguments, defaults, names (`rnn/basic_lstm_cell/kernel`), sharing of variables, errors and numbers
are those of TensorFlow 1.15. The loops are those that TensorFlow 2 still has; cells, which it has
only for Keras 2, are in `rnn_cell`. A weight that a getter derives is evaluated once for a call of
such a function, not once a step.

Beside them is `conv2d_transpose`, whose result has TF1's static shape.
"""

from __future__ import annotations

from getter_compat.nn import rnn_cell
from getter_compat.nn.convolution import conv2d_transpose
from getter_compat.nn.rnn import (
    bidirectional_dynamic_rnn,
    dynamic_rnn,
    raw_rnn,
    static_bidirectional_rnn,
    static_rnn,
    static_state_saving_rnn,
)

__all__ = [
    "bidirectional_dynamic_rnn",
    "conv2d_transpose",
    "dynamic_rnn",
    "raw_rnn",
    "rnn_cell",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
]
