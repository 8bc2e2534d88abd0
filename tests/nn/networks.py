"""A network of every cell, in the same words for TensorFlow 1.15.5 and here.

The language is that of CPython 3.7, which TensorFlow 1.15.5 runs on.
"""

import numpy as np

X = np.cos(np.arange(24.0)).reshape(2, 3, 4).astype("float32")


def networks(tf, cells, rnn, cudnn_rnn, seq2seq, variable_scope, dynamic_rnn):
    """By name: functions that make a network, in a scope of that name, and return its outputs."""
    memory = tf.constant(X[:, :, ::-1].copy())
    makers = {
        "simple": lambda: cells.BasicRNNCell(3),
        "gru": lambda: cells.GRUCell(3),
        "basic_lstm": lambda: cells.BasicLSTMCell(3),
        "lstm": lambda: cells.LSTMCell(3, use_peepholes=True, num_proj=2),
        "multi": lambda: cells.MultiRNNCell([cells.GRUCell(3), cells.BasicLSTMCell(2)]),
        "normalized": lambda: rnn.LayerNormBasicLSTMCell(3),
        "block_lstm": lambda: rnn.LSTMBlockCell(3, use_peephole=True),
        "block_gru": lambda: rnn.GRUBlockCell(3),
        "block_gru_2": lambda: rnn.GRUBlockCellV2(3),
        "attending": lambda: rnn.AttentionCellWrapper(cells.BasicLSTMCell(3), 2),
        "highway": lambda: rnn.HighwayWrapper(cells.GRUCell(4)),
        "projected_inputs": lambda: rnn.InputProjectionWrapper(cells.GRUCell(3), 2),
        "projected_outputs": lambda: rnn.OutputProjectionWrapper(cells.GRUCell(3), 2),
        "cudnn_lstm": lambda: cudnn_rnn.CudnnCompatibleLSTMCell(3),
        "cudnn_gru": lambda: cudnn_rnn.CudnnCompatibleGRUCell(3),
        "luong": lambda: seq2seq.AttentionWrapper(
            cells.GRUCell(4), seq2seq.LuongAttention(4, memory, scale=True), 3
        ),
        "bahdanau": lambda: seq2seq.AttentionWrapper(
            cells.GRUCell(4), seq2seq.BahdanauAttention(3, memory, normalize=True), 3
        ),
        "monotonic": lambda: seq2seq.AttentionWrapper(
            cells.BasicLSTMCell(4), seq2seq.LuongMonotonicAttention(4, memory)
        ),
    }
    over = {"convolving": (lambda: rnn.ConvLSTMCell(1, [4, 1], 2, [3]), X[..., np.newaxis])}
    over.update((name, (make, X)) for name, make in makers.items())

    def network(name, make, x):
        def run():
            with variable_scope(name, reuse=tf.compat.v1.AUTO_REUSE):
                return dynamic_rnn(make(), tf.constant(x), dtype=tf.float32)[0]

        return run

    def both_ways():
        with variable_scope("both_ways", reuse=tf.compat.v1.AUTO_REUSE):
            return rnn.stack_bidirectional_dynamic_rnn(
                [cells.LSTMCell(2), cells.GRUCell(2)],
                [cells.GRUCell(2), cells.GRUCell(2)],
                tf.constant(X),
                dtype=tf.float32,
            )[0]

    def fused():
        with variable_scope("fused", reuse=tf.compat.v1.AUTO_REUSE):
            return rnn.LSTMBlockFusedCell(3)(tf.constant(X), dtype=tf.float32)[0]

    runs = {name: network(name, make, x) for name, (make, x) in over.items()}
    runs.update(both_ways=both_ways, fused=fused)
    return runs


def value(place, shape):
    """What a variable begins with."""
    size = int(np.prod(shape))
    return (0.6 * np.sin(0.7 * place + np.arange(size))).reshape(shape).astype("float32")
