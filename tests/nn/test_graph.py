"""Recurrent networks in a TF1 graph: the probes again, in TensorFlow's own scopes and sessions."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import getter_scope, nn
from tests.parity.departures import DEPARTURES, OF_TF_KERAS
from tests.parity.probes import PROBES
from tests.parity.spelling import Nn
from tests.parity.test_parity import RECORDED, differences

tf1 = tf.compat.v1
# That the steps of a graph see samples of their own is TF1's; the other departures hold here too.
RECURRENT = [p for p in PROBES.values() if p.section in OF_TF_KERAS]
X = np.cos(np.arange(24.0)).reshape(2, 3, 4).astype("float32")


class InGraph:
    """getter_compat in a TF1 graph, as the probes see it."""

    def __init__(self) -> None:
        self.nn = Nn()
        self.contrib_rnn = getter_compat.contrib.rnn
        self.contrib_crf = getter_compat.contrib.crf
        self.layers = getter_compat.layers
        self.variable_scope = getter_compat.getter_scope
        self.get_variable = getter_compat.get_variable
        self._session = tf1.Session()
        self._initialized: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(tf1, name)

    @staticmethod
    def name_of(weight: Any) -> Any:
        return weight.name

    def value_of(self, fetches: Any) -> Any:
        new = [v for v in tf1.global_variables() if v.name not in self._initialized]
        self._session.run(tf1.variables_initializer(new))
        self._initialized |= {v.name for v in new}
        listed = lambda v: v.tolist() if hasattr(v, "tolist") else v  # noqa: E731
        return tf.nest.map_structure(listed, self._session.run(fetches))

    def program(self, function: Callable[[], Any]) -> Callable[[], Any]:
        fetches = function()
        return lambda: self.value_of(fetches)

    def gradients(self, function: Callable[[], Any], sources: Any) -> Any:
        return self.value_of(tf1.gradients(function(), sources))

    def assign(self, variable: Any, value: Any) -> None:
        self.value_of(variable.assign(value))

    def averages(self, decay: float) -> Any:
        average = tf1.train.ExponentialMovingAverage(decay)
        self.value_of(average.apply(tf1.trainable_variables()))
        return average

    @staticmethod
    def losses_of(scope: str) -> Any:
        return tf1.get_collection(tf1.GraphKeys.REGULARIZATION_LOSSES, scope)


@pytest.mark.parametrize("probe", RECURRENT, ids=lambda probe: probe.name)
def test_answers_as_tensorflow_1_does(probe: Any) -> None:
    with tf.Graph().as_default():
        found = probe.facts(InGraph())
    instead = {
        path: fact
        for departure in DEPARTURES
        for path, fact in departure.instead.get(probe.name, {}).items()
        if probe.name != "recurrent.a_sample_of_a_cell"
    }
    assert differences(RECORDED[probe.name], found) == instead


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
