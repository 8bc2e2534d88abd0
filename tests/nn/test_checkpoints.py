"""Checkpoints of every cell, both ways: TensorFlow 1.15.5's is read here, ours there.

scripts/record_cells.py recorded TensorFlow 1.15.5's, and what it computed.
"""

import json
import os
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import VariableStore, getter_scope, nn
from getter_compat.contrib import cudnn_rnn, rnn, seq2seq

from .networks import X, networks, value

ROOT = Path(__file__).resolve().parents[2]
RECORDING = ROOT / "tests" / "data" / "cells"
RECORDED: dict[str, Any] = json.loads((RECORDING / "outputs.json").read_text(encoding="utf-8"))

Runs = dict[str, Callable[[], tf.Tensor]]


def ours() -> Runs:
    return networks(  # type: ignore[no-untyped-call,no-any-return]
        tf, nn.rnn_cell, rnn, cudnn_rnn, seq2seq, getter_scope, nn.dynamic_rnn
    )


@pytest.fixture(scope="module")
def read() -> Runs:
    """The networks, with the values of the recorded checkpoint."""
    with VariableStore().as_default() as store:
        runs = ours()
        for run in runs.values():
            run()
        getter_compat.load_tf1_checkpoint(str(RECORDING / "cells"))

    def in_store(run: Callable[[], tf.Tensor]) -> Callable[[], tf.Tensor]:
        def again() -> tf.Tensor:
            with store.as_default(), store.reusing():
                return run()

        return again

    return {name: in_store(run) for name, run in runs.items()}


@pytest.mark.parametrize("name", RECORDED)
def test_reads_what_tensorflow_1_wrote(name: str, read: Runs) -> None:
    np.testing.assert_allclose(read[name](), RECORDED[name], rtol=2e-5, atol=2e-6)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is computed here with other values, and by TensorFlow 1.15.5 when it has read them."""
    goldens: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "make_goldens.py"))
    given = os.environ.get("TF1_PYTHON")
    if not given and not goldens["find_python37"]():
        pytest.skip(goldens["HOW_TO_GET_ONE"])
    folder = tmp_path_factory.mktemp("there")
    with VariableStore().as_default():
        runs = ours()
        for run in runs.values():
            run()
        for place, variable in enumerate(getter_compat.global_variables()):
            variable.assign(value(place + 0.5, variable.shape))  # type: ignore[no-untyped-call]
        getter_compat.save_tf1_checkpoint(str(folder / "ours"))
        found = {name: run().numpy().tolist() for name, run in runs.items()}
    python = goldens["tf1_python"](given)
    command = [str(python), "-W", "ignore", "-m", "nn.original", str(folder), str(folder / "ours")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    environment.pop("TF2_BEHAVIOR", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return found, json.loads((folder / "outputs.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RECORDED)
def test_tensorflow_1_reads_what_is_written_here(
    name: str, there: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    here, in_tf1 = there
    np.testing.assert_allclose(in_tf1[name], here[name], rtol=2e-5, atol=2e-6)


def test_every_network_is_recorded() -> None:
    assert set(RECORDED) == set(ours())


@pytest.mark.parametrize("direction", ["unidirectional", "bidirectional"])
@pytest.mark.parametrize("name", ["lstm", "gru", "rnn_tanh", "rnn_relu"])
def test_a_layer_of_cudnn_is_the_cells_that_checkpoints_hold(name: str, direction: str) -> None:
    """TF1 wrote its weights for these cells, under these names."""
    layer, cell = {
        "lstm": (cudnn_rnn.CudnnLSTM, lambda: cudnn_rnn.CudnnCompatibleLSTMCell(3)),
        "gru": (cudnn_rnn.CudnnGRU, lambda: cudnn_rnn.CudnnCompatibleGRUCell(3)),
        "rnn_tanh": (cudnn_rnn.CudnnRNNTanh, lambda: nn.rnn_cell.BasicRNNCell(3)),
        "rnn_relu": (cudnn_rnn.CudnnRNNRelu, lambda: nn.rnn_cell.BasicRNNCell(3, tf.nn.relu)),
    }[name]
    x, lengths = tf.transpose(tf.constant(X), [1, 0, 2]), tf.constant([3, 2])
    made = layer(2, 3, direction=direction, name="layer", dropout=0.5)
    outputs, state = made(x, sequence_lengths=lengths, training=False)
    makes = [cell() for _ in range(4)]
    how = {"dtype": tf.float32, "sequence_length": lengths, "time_major": True}
    with getter_scope("layer", reuse=True):
        if direction == "unidirectional":
            multi = nn.rnn_cell.MultiRNNCell(makes[:2])
            expected, last = nn.dynamic_rnn(multi, x, **how)
        else:
            expected, *both = rnn.stack_bidirectional_dynamic_rnn(makes[:2], makes[2:], x, **how)
            last = [part for pair in zip(*both, strict=True) for part in pair]
    np.testing.assert_allclose(outputs, expected, rtol=1e-6)
    parts_of = list(zip(*last, strict=True))[::-1] if name == "lstm" else [last]
    for found, parts in zip(state, parts_of, strict=True):
        np.testing.assert_allclose(found, tf.stack(list(parts)), rtol=1e-6)


@pytest.mark.parametrize("direction", ["unidirectional", "bidirectional"])
@pytest.mark.parametrize("name", ["CudnnLSTM", "CudnnGRU"])
def test_a_layer_of_cudnn_has_the_batch_first_in_all_or_in_nothing(
    name: str, direction: str
) -> None:
    """So did TF1's (`_CudnnRNN.call`), which ran on GPUs alone: it cannot be recorded."""
    x, lengths = tf.constant(X), tf.constant([3, 2])
    made = getattr(cudnn_rnn, name)(2, 3, direction=direction)
    cells, parts = 2 * made.num_dirs, 2 if name == "CudnnLSTM" else 1
    state = tuple(tf.random.stateless_normal([cells, 2, 3], [4, i]) for i in range(parts))

    def turned(tensor: tf.Tensor) -> tf.Tensor:
        return tf.transpose(tensor, [1, 0, 2])

    expected, last = made(turned(x), state, lengths)
    found, last_found = made(x, tuple(map(turned, state)), lengths, time_major=False)
    np.testing.assert_allclose(found, turned(expected), rtol=1e-6)
    assert len(last_found) == len(last)
    for part, one in zip(last_found, last, strict=True):
        assert part.shape == [2, cells, 3]
        np.testing.assert_allclose(part, turned(one), rtol=1e-6)


def test_the_scope_of_a_layer_of_cudnn_does_not_say_how_its_weights_begin() -> None:
    """The weights of one gate had two biases, which TF1 added up for checkpoints."""
    ones = tf.compat.v1.ones_initializer()
    with getter_scope("input_projection"):
        cudnn_rnn.CudnnLSTM(1, 3, bias_initializer=ones)(tf.constant(X))
    with getter_scope("hidden_projection"):
        cudnn_rnn.CudnnGRU(1, 3, bias_initializer=ones)(tf.constant(X))
    variables = getter_compat.global_variables()
    biases = {v.name: set(v.numpy().tolist()) for v in variables if v.name.endswith("bias:0")}
    of_gru = "hidden_projection/cudnn_gru/rnn/multi_rnn_cell/cell_0/cudnn_compatible_gru_cell"
    assert sorted(biases.items()) == [
        (f"{of_gru}/candidate/hidden_projection/bias:0", {1.0}),
        (f"{of_gru}/candidate/input_projection/bias:0", {1.0}),
        (f"{of_gru}/gates/bias:0", {2.0}),
        (
            "input_projection/cudnn_lstm/rnn/multi_rnn_cell/cell_0/cudnn_compatible_lstm_cell/"
            "bias:0",
            {2.0},
        ),
    ]
