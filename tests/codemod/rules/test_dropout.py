from __future__ import annotations

from tests.codemod.helpers import check_after, check_same, left


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
