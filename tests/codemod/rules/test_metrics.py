from __future__ import annotations

import inspect

import pytest

from getter_compat.tables.metrics import STREAMING
from tests.codemod.helpers import check_after, check_program, left


def test_metrics_of_contrib_and_slim() -> None:
    before = """\
        import tensorflow as tf
        from tensorflow.contrib import slim
        from tensorflow.contrib.metrics import streaming_mean

        a, update = slim.metrics.streaming_auc(p, l, w, 100, None, None, "PR", name="auc")
        b = tf.contrib.metrics.streaming_percentage_less(x, 0.5)
        c = streaming_mean(x)
        d = tf.contrib.metrics.streaming_recall(*pair)
        e = {"f": tf.contrib.metrics.streaming_precision}
        """
    after = """\
        import tensorflow as tf

        a, update = tf.compat.v1.metrics.auc(predictions=p, labels=l, weights=w, \
num_thresholds=100, metrics_collections=None, updates_collections=None, curve="PR", name="auc")
        b = tf.compat.v1.metrics.percentage_below(values=x, threshold=0.5)
        c = tf.compat.v1.metrics.mean(values=x)
        d = tf.contrib.metrics.streaming_recall(*pair)
        e = {"f": tf.contrib.metrics.streaming_precision}
        """
    findings = check_after(before, after)
    assert [it.line for it in findings if it.status == "left"] == [8, 9]
    for_eager = check_after(before, after, target="eager")
    assert [it.line for it in for_eager if it.status == "left"] == [5, 6, 7, 8, 9]
    said = "tf.compat.v1.metrics.mean runs in a graph only: see tf.keras.metrics"
    assert said in [it.message for it in for_eager if it.line == 7]
    assert all("labels first" in it.message for it in findings if it.status == "left")
    assert {rule for _, rule in left(findings)} == {"metrics"}


@pytest.mark.parametrize("name", sorted(STREAMING))
def test_they_take_what_is_written(name: str) -> None:
    import tensorflow as tf

    new, parameters = STREAMING[name]
    taken = inspect.signature(getattr(tf.compat.v1.metrics, new)).parameters
    assert {*parameters} <= {*taken}


def test_a_program_measures() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        with tf.Graph().as_default(), tf.Session() as session:
            value, update = tf.contrib.metrics.streaming_accuracy([1, 0, 1], [1, 1, 1], [1, 1, 2])
            names = [variable.op.name for variable in tf.local_variables()]
            session.run(tf.local_variables_initializer())
            session.run(update)
            result = float(session.run(value))
        """,
        """\
        import tensorflow as tf

        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            value, update = tf.compat.v1.metrics.accuracy(predictions=[1, 0, 1], labels=[1, 1, 1], \
weights=[1, 1, 2])
            names = [variable.op.name for variable in tf.compat.v1.local_variables()]
            session.run(tf.compat.v1.local_variables_initializer())
            session.run(update)
            result = float(session.run(value))
        """,
    )
    assert program["result"] == 0.75
    assert program["names"] == ["accuracy/total", "accuracy/count"]
