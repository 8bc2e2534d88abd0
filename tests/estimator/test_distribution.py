"""Which strategies estimators run under; what they do under them is a scenario."""

import json
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from getter_compat.estimator import RunConfig, tpu

from . import scenarios
from .test_scenarios import RECORDINGS, Spelling, agree

RECORDED = json.loads((RECORDINGS / "under_a_strategy.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("field", ["train_distribute", "eval_distribute"])
def test_a_strategy_of_another_kind_is_refused(field: str) -> None:
    strategy = tf.distribute.experimental.CentralStorageStrategy()
    with pytest.raises(NotImplementedError, match="CentralStorageStrategy, and estimators run"):
        RunConfig(**{field: strategy})


def test_strategies_for_a_cluster_are_refused() -> None:
    with pytest.raises(NotImplementedError, match="Give its strategies as train_distribute"):
        RunConfig(experimental_distribute=object())


@pytest.mark.parametrize("home", [tf.distribute, tf.compat.v1.distribute])
def test_those_of_one_machine_are_taken(home: object) -> None:
    strategy = home.OneDeviceStrategy("/cpu:0")  # type: ignore[attr-defined]
    assert RunConfig(train_distribute=strategy).train_distribute is strategy


@pytest.mark.parametrize("devices", [1, 2])
def test_without_a_tpu_it_trains_under_a_strategy_as_an_estimator_does(
    devices: int, tmp_path: Path
) -> None:
    """TensorFlow 1.15.5 raised a TypeError; what its Estimator did then is recorded."""
    with tf.Graph().as_default():  # as in a program: eagerly, it asks for devices at once
        strategy = tf.distribute.MirroredStrategy([f"/cpu:{number}" for number in range(devices)])
    config = tpu.RunConfig(
        model_dir=str(tmp_path),
        session_config=tf.compat.v1.ConfigProto(device_count={"CPU": devices}),
        train_distribute=strategy,
        eval_distribute=strategy,
    )
    asked = []

    def input_fn(params: dict[str, Any], input_context: Any = None) -> Any:
        asked.append((params["batch_size"], input_context and input_context.num_replicas_in_sync))
        data = tf.data.Dataset.from_tensor_slices((scenarios.X, scenarios.Y)).repeat(2)
        return data.batch(params["batch_size"])

    estimator = tpu.TPUEstimator(
        scenarios.model_fn(Spelling()),
        config=config,
        params={"rate": 0.1},
        use_tpu=False,
        train_batch_size=2,
        eval_batch_size=2,
    )
    estimator.train(input_fn, steps=2)
    trained = scenarios.plain(scenarios.checkpoint(Spelling(), str(tmp_path)))
    assert agree(RECORDED[f"trained on {devices}"], trained)
    evaluated = scenarios.plain([estimator.evaluate(input_fn, steps=1)])
    assert agree(RECORDED[f"evaluated on {devices}"][:1], evaluated)
    assert asked == [(2, devices), (2, devices)]
