from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after, check_program, check_same, left


def test_keep_becomes_rate() -> None:
    check_after(
        """\
        import tensorflow as tf

        a = tf.nn.dropout(x, 0.5)
        b = tf.nn.dropout(x, keep_prob=p + 0.1, name="b")
        c = tf.nn.dropout(x, (1 - p), shape, 3)
        d = tf.nn.dropout(x, 1.0)
        """,
        """\
        import tensorflow as tf

        a = tf.nn.dropout(x, rate=1 - 0.5)
        b = tf.nn.dropout(x, rate=1 - (p + 0.1), name="b")
        c = tf.nn.dropout(x, rate=1 - (1 - p), noise_shape=shape, seed=3)
        d = tf.nn.dropout(x, rate=0)
        """,
    )


def test_rate_stays() -> None:
    check_same(
        """\
        import tensorflow as tf

        a = tf.nn.dropout(x, rate=0.5)
        """
    )


def test_hidden_probability_is_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.nn.dropout(x, **options)
        b = partial(tf.nn.dropout, x)
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.nn.dropout(x, **options)
        b = partial(tf.compat.v1.nn.dropout, x)
        """,
    )
    assert left(findings) == [(3, "dropout"), (4, "dropout")]


def test_a_program_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def net(x, keep):
            return tf.nn.dropout(x, keep, name="drop")

        kept = net(tf.ones([100]), 1.0)
        dropped = net(tf.ones([1000]), keep=0.75)
        share = tf.reduce_mean(tf.sign(dropped))
        scale = tf.reduce_max(dropped)
        """,
        """\
        import tensorflow as tf

        def net(x, keep):
            return tf.nn.dropout(x, rate=1 - keep, name="drop")

        kept = net(tf.ones([100]), 1.0)
        dropped = net(tf.ones([1000]), keep=0.75)
        share = tf.reduce_mean(tf.sign(dropped))
        scale = tf.reduce_max(dropped)
        """,
    )
    assert program["kept"].numpy().tolist() == [1.0] * 100
    assert float(program["scale"]) == pytest.approx(1 / 0.75)
    assert 0.65 < float(program["share"]) < 0.85


def test_a_rate_beside_an_empty_place_for_what_is_kept() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.nn.dropout(x, None, rate=0.5)
        b = tf.nn.dropout(x, None, None, 1, None, 0.5)
        c = tf.nn.dropout(x, keep, rate=0.5)
        """,
        """\
        import tensorflow as tf

        a = tf.nn.dropout(x, rate=0.5)
        b = tf.nn.dropout(x, noise_shape=None, seed=1, name=None, rate=0.5)
        c = tf.compat.v1.nn.dropout(x, keep, rate=0.5)
        """,
    )
    assert left(findings) == [(5, "dropout")]
