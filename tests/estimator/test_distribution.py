"""Which strategies estimators run under; what they do under them is a scenario."""

import pytest
import tensorflow as tf

from getter_compat.estimator import RunConfig


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
