from __future__ import annotations

import importlib

import pytest

from getter_compat.tables.rnn import MODULES, SUCCESSORS
from tests.codemod.helpers import check_after, check_program, left


@pytest.mark.parametrize("successor", sorted({*SUCCESSORS.values()}))
def test_what_is_written_is_there(successor: str) -> None:
    module, _, name = successor.rpartition(".")
    assert name in importlib.import_module(module).__all__


@pytest.mark.parametrize("module", sorted({*MODULES.values()}))
def test_modules_that_are_written_are_there(module: str) -> None:
    importlib.import_module(module)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from tensorflow.contrib import rnn\n\nrnn.GRUCell(2)",
            "from getter_compat.contrib import rnn\n\nrnn.GRUCell(2)",
        ),
        (
            "from tensorflow.python.ops import rnn_cell_impl\n\nrnn_cell_impl.GRUCell(2)",
            "from getter_compat.nn import rnn_cell as rnn_cell_impl\n\nrnn_cell_impl.GRUCell(2)",
        ),
        (
            "from tensorflow.python.ops import rnn_cell\n\nrnn_cell.GRUCell(2)",
            "from getter_compat.nn import rnn_cell\n\nrnn_cell.GRUCell(2)",
        ),
        (
            "from tensorflow.models.rnn import rnn_cell\n\nrnn_cell.GRUCell(2)",
            "from getter_compat.nn import rnn_cell\n\nrnn_cell.GRUCell(2)",
        ),
        (
            "from tensorflow.contrib.rnn import LSTMStateTuple as State\n\nState(1, 2)",
            "from getter_compat.contrib.rnn import LSTMStateTuple as State\n\nState(1, 2)",
        ),
        (
            "from tensorflow.contrib.rnn.python.ops.core_rnn_cell import _linear\n\n"
            "_linear([x], 3, True)",
            "from getter_compat.contrib.rnn import linear\n\nlinear([x], 3, True)",
        ),
        (
            "from tensorflow.models.rnn import seq2seq\n\nseq2seq.sequence_loss([], [], [])",
            "from getter_compat.contrib import legacy_seq2seq as seq2seq\n\n"
            "seq2seq.sequence_loss([], [], [])",
        ),
        (
            "import tensorflow as tf\n\ntf.nn.seq2seq.rnn_decoder(xs, state, cell)",
            "import getter_compat\n\n"
            "getter_compat.contrib.legacy_seq2seq.rnn_decoder(xs, state, cell)",
        ),
        (
            "import tensorflow as tf\n\ntf.nn.seq2seq.model_with_buckets(xs, ys, ts, ws, sizes, f)",
            "import getter_compat\n\n"
            "getter_compat.contrib.legacy_seq2seq.model_with_buckets(xs, ys, ts, ws, sizes, f)",
        ),
        (
            "from tensorflow.contrib.legacy_seq2seq import embedding_attention_seq2seq\n\n"
            "embedding_attention_seq2seq(xs, ys, cell, 4, 4, 2)",
            "from getter_compat.contrib.legacy_seq2seq import embedding_attention_seq2seq\n\n"
            "embedding_attention_seq2seq(xs, ys, cell, 4, 4, 2)",
        ),
        (
            "import tensorflow as tf\n\ntf.nn.rnn_cell.EmbeddingWrapper(cell, 4, 2)",
            "import getter_compat\n\ngetter_compat.contrib.rnn.EmbeddingWrapper(cell, 4, 2)",
        ),
        (
            "from tensorflow.python.ops.rnn_cell_impl import _RNNCell as RNNCell\n\n\n"
            "class Cell(RNNCell):\n    pass",
            "from getter_compat.nn.rnn_cell import RNNCell\n\n\nclass Cell(RNNCell):\n    pass",
        ),
        (
            "import tensorflow.compat.v1 as tf\n\ntf.nn.rnn_cell.GRUCell(2)",
            "import getter_compat\n\ngetter_compat.nn.rnn_cell.GRUCell(2)",
        ),
        (
            "import tensorflow as tf\n\nrnn_cell = tf.nn.rnn_cell\nrnn_cell.GRUCell(2)",
            "import getter_compat\n\nrnn_cell = getter_compat.nn.rnn_cell\nrnn_cell.GRUCell(2)",
        ),
        (
            "import tensorflow as tf\n\ntf.nn.rnn(cell, xs, dtype=tf.float32)",
            "import getter_compat\nimport tensorflow as tf\n\n"
            "getter_compat.nn.static_rnn(cell, xs, dtype=tf.float32)",
        ),
        (
            'import tensorflow as tf\n\nKINDS = {"gru": tf.nn.rnn_cell.GRUCell}',
            'import getter_compat\n\nKINDS = {"gru": getter_compat.nn.rnn_cell.GRUCell}',
        ),
        (
            "import tensorflow as tf\n\n\nclass Mine(tf.contrib.rnn.RNNCell):\n    pass",
            "import getter_compat\n\n\nclass Mine(getter_compat.contrib.rnn.RNNCell):\n    pass",
        ),
        (
            "import tensorflow as tf\n\nisinstance(state, tf.nn.rnn_cell.LSTMStateTuple)",
            "import getter_compat\n\nisinstance(state, getter_compat.nn.rnn_cell.LSTMStateTuple)",
        ),
        (
            "import tensorflow as tf\n\ntf.contrib.crf.viterbi_decode(scores, transitions)",
            "import getter_compat\n\ngetter_compat.contrib.crf.viterbi_decode(scores, transitions)",
        ),
        (
            "from tensorflow.contrib import seq2seq\n\nseq2seq.TrainingHelper(x, n)",
            "from getter_compat.contrib import seq2seq\n\nseq2seq.TrainingHelper(x, n)",
        ),
        (
            "from tensorflow.contrib.seq2seq.python.ops.attention_wrapper import "
            "_BaseAttentionMechanism\n\n\nclass Mine(_BaseAttentionMechanism):\n    pass",
            "from getter_compat.contrib.seq2seq import BaseAttentionMechanism\n\n\n"
            "class Mine(BaseAttentionMechanism):\n    pass",
        ),
        (
            "from tensorflow.contrib import cudnn_rnn as contrib_cudnn_rnn\n\n"
            "contrib_cudnn_rnn.CudnnLSTM(1, 2)",
            "from getter_compat.contrib import cudnn_rnn as contrib_cudnn_rnn\n\n"
            "contrib_cudnn_rnn.CudnnLSTM(1, 2)",
        ),
        (
            "import tensorflow as tf\n\nseq2seq = tf.contrib.seq2seq\nseq2seq.dynamic_decode(d)",
            "import getter_compat\n\nseq2seq = getter_compat.contrib.seq2seq\n"
            "seq2seq.dynamic_decode(d)",
        ),
    ],
)
def test_every_spelling(before: str, after: str) -> None:
    findings = check_after(f"{before}\n", f"{after}\n")
    assert left(findings) == []


def test_what_is_not_there_is_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.contrib.rnn.GRUCell(2)
        b = tf.contrib.rnn.NASCell(2)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        a = getter_compat.contrib.rnn.GRUCell(2)
        b = tf.contrib.rnn.NASCell(2)
        """,
    )
    assert left(findings) == [(4, "rnn")]


def test_a_module_of_which_not_all_is_there_is_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        rnn = tf.contrib.rnn
        a = rnn.NASCell(2)
        """,
        """\
        import tensorflow as tf

        rnn = tf.contrib.rnn
        a = rnn.NASCell(2)
        """,
    )
    assert (3, "rnn") in left(findings)


def test_a_program_reads_letters() -> None:
    program = check_program(
        """\
        import numpy as np
        import tensorflow as tf

        TEXT = "hello hello "
        LETTERS = sorted(set(TEXT))


        def model(inputs, keep_prob=1.0, reuse=False):
            with tf.variable_scope("letters", reuse=reuse):
                cells = [tf.nn.rnn_cell.BasicLSTMCell(16) for _ in range(2)]
                cell = tf.nn.rnn_cell.MultiRNNCell(
                    [tf.contrib.rnn.DropoutWrapper(c, output_keep_prob=keep_prob) for c in cells])
                embedding = tf.get_variable("embedding", [len(LETTERS), 8])
                x = tf.nn.embedding_lookup(embedding, inputs)
                outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
                return tf.layers.dense(outputs, len(LETTERS)), state


        numbers = np.array([[LETTERS.index(c) for c in TEXT]], np.int32)
        logits, state = model(numbers)
        again, _ = model(numbers, reuse=True)
        is_state = isinstance(state[0], tf.contrib.rnn.LSTMStateTuple)
        names = [v.name for v in tf.trainable_variables()]
        """,
        """\
        import getter_compat
        import numpy as np
        import tensorflow as tf

        TEXT = "hello hello "
        LETTERS = sorted(set(TEXT))


        def model(inputs, keep_prob=1.0, reuse=False):
            with getter_compat.getter_scope("letters", reuse=reuse):
                cells = [getter_compat.nn.rnn_cell.BasicLSTMCell(16) for _ in range(2)]
                cell = getter_compat.nn.rnn_cell.MultiRNNCell(
                    [getter_compat.contrib.rnn.DropoutWrapper(c, output_keep_prob=keep_prob) for c in cells])
                embedding = getter_compat.get_variable("embedding", [len(LETTERS), 8])
                x = tf.nn.embedding_lookup(embedding, inputs)
                outputs, state = getter_compat.nn.dynamic_rnn(cell, x, dtype=tf.float32)
                return getter_compat.layers.dense(outputs, len(LETTERS)), state


        numbers = np.array([[LETTERS.index(c) for c in TEXT]], np.int32)
        logits, state = model(numbers)
        again, _ = model(numbers, reuse=True)
        is_state = isinstance(state[0], getter_compat.contrib.rnn.LSTMStateTuple)
        names = [v.name for v in getter_compat.trainable_variables()]
        """,  # noqa: E501 - the codemod keeps lines as they are
    )
    assert program["logits"].shape == (1, 12, 5)
    assert (program["logits"].numpy() == program["again"].numpy()).all()
    assert program["is_state"]
    cells = "letters/rnn/multi_rnn_cell"
    assert program["names"] == [
        "letters/embedding:0",
        f"{cells}/cell_0/basic_lstm_cell/kernel:0",
        f"{cells}/cell_0/basic_lstm_cell/bias:0",
        f"{cells}/cell_1/basic_lstm_cell/kernel:0",
        f"{cells}/cell_1/basic_lstm_cell/bias:0",
        "letters/dense/kernel:0",
        "letters/dense/bias:0",
    ]


def test_a_program_has_a_cell_of_its_own_under_a_getter() -> None:
    program = check_program(
        """\
        import tensorflow as tf
        from tensorflow.python.ops import rnn_cell_impl


        class Minimal(rnn_cell_impl.RNNCell):
            def __init__(self, units):
                super().__init__()
                self._units = units

            state_size = output_size = property(lambda self: self._units)

            def call(self, inputs, state):
                kernel = tf.get_variable("kernel", [int(inputs.shape[1]), self._units])
                gate = tf.layers.dense(inputs, self._units, tf.sigmoid, name="gate")
                state = gate * state + (1.0 - gate) * tf.matmul(inputs, kernel)
                return state, state


        def halved(getter, name, *args, **kwargs):
            return 0.5 * getter(name, *args, **kwargs)


        with tf.variable_scope("net", custom_getter=halved, initializer=tf.ones_initializer()):
            outputs, _ = tf.nn.dynamic_rnn(Minimal(2), tf.ones([1, 3, 2]), dtype=tf.float32)
        names = [v.name for v in tf.global_variables()]
        """,
        """\
        import getter_compat
        import tensorflow as tf
        from getter_compat.nn import rnn_cell as rnn_cell_impl


        class Minimal(rnn_cell_impl.RNNCell):
            def __init__(self, units):
                super().__init__()
                self._units = units

            state_size = output_size = property(lambda self: self._units)

            def call(self, inputs, state):
                kernel = getter_compat.get_variable("kernel", [int(inputs.shape[1]), self._units])
                gate = getter_compat.layers.dense(inputs, self._units, tf.sigmoid, name="gate")
                state = gate * state + (1.0 - gate) * tf.matmul(inputs, kernel)
                return state, state


        def halved(getter, name, *args, **kwargs):
            return 0.5 * getter(name, *args, **kwargs)


        with getter_compat.getter_scope("net", custom_getter=halved, initializer=tf.ones_initializer()):
            outputs, _ = getter_compat.nn.dynamic_rnn(Minimal(2), tf.ones([1, 3, 2]), dtype=tf.float32)
        names = [v.name for v in getter_compat.global_variables()]
        """,  # noqa: E501 - the codemod keeps lines as they are
    )
    names = ["kernel", "gate/kernel", "gate/bias"]
    assert program["names"] == [f"net/rnn/minimal/{name}:0" for name in names]
    assert abs(float(program["outputs"][0, 0, 0]) - 0.2689) < 1e-4  # (1 - sigmoid(1)) * 1
