from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from getter_compat.codemod.rewrite import rewrite
from getter_compat.codemod.rules.refused import PLACES
from tests.codemod.helpers import check_program

HEAD = "import tensorflow as tf\nimport tensorflow.contrib.slim as slim\ntpu = tf.contrib.tpu\n"

REFUSED = (
    "slim.batch_norm(x, zero_debias_moving_mean=True)",
    "tf.contrib.layers.batch_norm(x, batch_weights=tf.ones([3]))",
    "with slim.arg_scope([slim.conv2d, slim.batch_norm], zero_debias_moving_mean=True): pass",
    "f = partial(slim.batch_norm, zero_debias_moving_mean=True)",
    "slim.conv2d(x, 3, 3, normalizer_params={'zero_debias_moving_mean': True})",
    "tf.contrib.rnn.LSTMCell(3, num_proj_shards=1)",
    "tf.contrib.training.HParams(hparam_def=tf.constant(1))",
    "tf.contrib.cudnn_rnn.CudnnLSTM(1, 2, input_mode='skip_input')",
    "tf.estimator.RunConfig(experimental_distribute=tf.contrib.distribute.DistributeConfig())",
    "tf.contrib.tpu.RunConfig(master='grpc://tpu')",
    "tf.contrib.tpu.TPUEstimator(model_fn, use_tpu=True, config=c)",
    "tf.contrib.tpu.TPUEstimator(model_fn, None, c, None, True)",
    "tf.contrib.tpu.RunConfig(None, 'grpc://tpu')",
    "tf.contrib.training.HParams(tf.constant(1))",
    "tf.contrib.cudnn_rnn.CudnnGRU(1, 2, 'skip_input')",
    "tf.nn.rnn_cell.LSTMCell(3, True, None, None, None, None, 2)",
    "cell = partial(tf.contrib.rnn.LSTMCell, 3, True, None, None, None, None, None, 1)",
    "tf.contrib.tpu.TPUEstimator(model_fn, config=c)",
)
TAKEN = (
    "slim.batch_norm(x, zero_debias_moving_mean=False, batch_weights=None)",
    "slim.batch_norm(x, zero_debias_moving_mean=debias)",
    "with slim.arg_scope([slim.conv2d], zero_debias_moving_mean=True): pass",
    "own.batch_norm(x, zero_debias_moving_mean=True)",
    "tf.contrib.rnn.LSTMCell(3, num_proj_shards=None)",
    "tf.contrib.cudnn_rnn.CudnnLSTM(1, 2, input_mode='linear_input')",
    "tf.contrib.tpu.RunConfig(master='')",
    "tf.contrib.tpu.TPUEstimator(model_fn, use_tpu=use_tpu, config=c)",
    "tf.contrib.tpu.TPUEstimator(model_fn, **arguments)",
    "tf.contrib.cudnn_rnn.CudnnLSTM(*sizes, 'skip_input')",
    "tf.contrib.cudnn_rnn.CudnnLSTM(1, 2, 'linear_input')",
    "tf.nn.rnn_cell.LSTMCell(3, True, None, None, 2)",
    "tf.contrib.tpu.TPUEstimator(model_fn, None, None, None, False)",
)


def told(text: str) -> list[str]:
    result = rewrite(f"{HEAD}{text}\n")
    again = rewrite(result.source).findings
    found, later = (
        [it.message for it in findings if it.rule == "refused"]
        for findings in (result.findings, again)
    )
    assert found == later
    return found


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_left(text: str) -> None:
    (message,) = told(text)
    assert " is refused: " in message


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_taken_is_not(text: str) -> None:
    assert told(text) == []


def test_a_program_is_told_what_the_runtime_says() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def cell(**options):
            return tf.nn.rnn_cell.LSTMCell(3, **options)
        """,
        """\
        import getter_compat

        def cell(**options):
            return getter_compat.nn.rnn_cell.LSTMCell(3, **options)
        """,
    )
    assert program["cell"]() is not None
    for name in ("num_unit_shards", "num_proj_shards"):
        with pytest.raises(NotImplementedError, match=name):
            program["cell"](**{name: 1})


def test_the_places_are_those_of_the_signatures() -> None:
    for name, places in PLACES.items():
        module, _, function = name.rpartition(".")
        parameters = parameters_of(getattr(import_module(module), function))
        assert {keyword: parameters.index(keyword) for keyword in places} == places, name


def parameters_of(function: Callable[..., Any]) -> list[str]:
    if isinstance(function, type):  # of a layer Python 3.10 gives those of Keras's `__new__`
        return list(inspect.signature(function.__init__).parameters)[1:]
    return list(inspect.signature(function).parameters)
