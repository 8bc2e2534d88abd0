"""Recurrent networks in a TF1 graph; the probes of tests/parity are asked there too."""

import numpy as np
import tensorflow as tf

from getter_compat import getter_scope, nn

X = np.cos(np.arange(24.0)).reshape(2, 3, 4).astype("float32")


def test_operations_have_their_tf1_names() -> None:
    """What people fetched by name: outputs and states of the functions, gates of the cells."""
    with tf.Graph().as_default() as graph, getter_scope("net"):
        cell = nn.rnn_cell.MultiRNNCell([nn.rnn_cell.BasicLSTMCell(3), nn.rnn_cell.GRUCell(2)])
        outputs, _ = nn.dynamic_rnn(cell, tf.constant(X), dtype=tf.float32)
        assert outputs.name == "net/rnn/transpose_1:0"
        names = {operation.name for operation in graph.get_operations()}
        assert "net/rnn/MultiRNNCellZeroState/BasicLSTMCellZeroState/zeros" in names
        cell = nn.rnn_cell.BasicLSTMCell(3)
        output, state = cell(tf.constant(X[:, 0]), cell.zero_state(2, tf.float32))
        assert (output.name, state.c.name) == (
            "net/basic_lstm_cell/Mul_2:0",
            "net/basic_lstm_cell/Add_1:0",
        )
