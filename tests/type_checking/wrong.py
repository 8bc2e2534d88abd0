"""Each line below `# wrong` is an error to type checkers."""

import tensorflow as tf

import getter_compat
from getter_compat import getter_scope, getters


def without_getter() -> None: ...


cell = getter_compat.nn.rnn_cell.GRUCell(8)
helper = getter_compat.contrib.seq2seq.TrainingHelper(tf.ones([2, 3, 4]), [3, 3])


def with_another_name(true_getter: object, name: str, **kwargs: object) -> None: ...


# wrong
getter_compat.nosuch()
# wrong
getter_compat.get_variable_scope().nosuch()
# wrong
getter_compat.ScopedModel(3)
# wrong
getter_compat.ScopedModel(tf.identity, trainin="is_training")
# wrong
getter_compat.ScopedModel(tf.identity).load_tf1_checkpoint(3.5)
# wrong
getter_compat.ScopedModel(tf.identity).store.nosuch()
# wrong
getter_scope("net", custom_geter=None)
# wrong
getter_scope("net", custom_getter=3)
# wrong
getter_scope("net", custom_getter=without_getter)
# wrong
getter_scope("net", custom_getter=with_another_name)
# wrong
getter_scope("net", regularizer=0.1)
# wrong
getter_scope("net", reuse="yes")
# wrong
getter_compat.get_variable("w", "abc")
# wrong
getter_compat.get_variable("w", [2, "3"])
# wrong
getter_compat.get_variable("w", [2], dtype=32)
# wrong
getter_compat.get_variable("w", [2], regularizer=0.1)
# wrong
getter_compat.get_variable("w", [2], regulariser=None)
# wrong
getter_compat.get_local_variable("seen", [2], regulariser=None)
# wrong
getter_compat.get_variable_scope().get_variable(None, "v", [2], trainabel=False)
# wrong
getter_compat.make_template("t", without_getter).nosuch()
# wrong
getter_compat.functional_call()
# wrong
getters.mask(only=3)
# wrong
getters.compose(getters.mask(), 3)
# wrong
getter_compat.layers.dense()
# wrong
getter_compat.layers.dense(tf.ones([2, 3]), "4")
# wrong
getter_compat.layers.dense(tf.ones([2, 3]), 4, kernel_initializer=0.1)
# wrong
getter_compat.layers.conv2d(tf.ones([1, 4, 4, 3]), 8, "3")
# wrong
getter_compat.layers.Dense(4, activation=3)
# wrong
getter_compat.layers.Dense(4, trainable="no")
# wrong
getter_compat.contrib.conv2d(tf.ones([1, 4, 4, 3]), 8, [3, 3], weights_regularizer=0.1)
# wrong
getter_compat.contrib.fully_connected(tf.ones([2, 3]))
# wrong
getter_compat.nn.dynamic_rnn()
# wrong
getter_compat.nn.rnn_cell.BasicLSTMCell()
# wrong
getter_compat.nn.rnn_cell.LSTMCell(8, activation=3)
# wrong
getter_compat.nn.rnn_cell.GRUCell("8")
# wrong
getter_compat.nn.rnn_cell.DeviceWrapper(cell, 4)
# wrong
getter_compat.nn.rnn_cell.DropoutWrapper(0.5, input_keep_prob=0.5)
# wrong
getter_compat.nn.rnn_cell.MultiRNNCell(2, True)
# wrong
getter_compat.nn.rnn_cell.ResidualWrapper(cell, 3)
# wrong
getter_compat.nn.dynamic_rnn(8, tf.ones([2, 3, 4]), dtype=tf.float32)
# wrong
getter_compat.nn.dynamic_rnn([cell, cell], tf.ones([2, 3, 4]), dtype=tf.float32)
# wrong
getter_compat.nn.static_rnn(cell, 3, dtype=tf.float32)
# wrong
only_outputs: str = getter_compat.nn.dynamic_rnn(cell, tf.ones([2, 3, 4]), dtype=tf.float32)
# wrong
getter_compat.contrib.rnn.LayerNormBasicLSTMCell("8")
# wrong
getter_compat.contrib.rnn.LSTMBlockCell(8, cell_clip="1")
# wrong
getter_compat.contrib.rnn.AttentionCellWrapper(8, 2)
# wrong
getter_compat.contrib.rnn.AttentionCellWrapper(cell, "2")
# wrong
getter_compat.contrib.rnn.stack_bidirectional_dynamic_rnn(8, [cell], tf.ones([2, 3, 4]))
# wrong
getter_compat.contrib.rnn.linear(tf.ones([2, 3]), "8", True)
# wrong
getter_compat.contrib.seq2seq.AttentionWrapper(cell, 3)
# wrong
getter_compat.contrib.seq2seq.BasicDecoder(3, helper, None)
# wrong
getter_compat.contrib.seq2seq.BeamSearchDecoder(3, None, None, 1, None, 4)
# wrong
getter_compat.contrib.training.train(None, "logs", hooks=3)
# wrong
getter_compat.contrib.training.train(None, "logs", save_checkpoint_secs="600")
# wrong
getter_compat.estimator.Estimator(3)
# wrong
getter_compat.estimator.Estimator(lambda features: 3)
# wrong
getter_compat.estimator.FinalExporter("last", lambda: 3)
# wrong
getter_compat.estimator.tpu.TPUEstimator(None).train(lambda: 3, steps="3")
# wrong
getter_compat.load_tf1_checkpoint(strict=False)
# wrong
getter_compat.load_tf1_checkpoint("model.ckpt", 3)
# wrong
getter_compat.make_template("name")
# wrong
getters.cast(32)
