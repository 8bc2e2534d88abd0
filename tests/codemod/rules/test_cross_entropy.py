from __future__ import annotations

from tests.codemod.helpers import check_after, check_same, left


def test_labels_are_stopped() -> None:
    check_after(
        """\
        import tensorflow as tf

        a = tf.nn.softmax_cross_entropy_with_logits(logits=z, labels=(y), dim=1)
        b = tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z, dim=1)
        c = tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z)
        """,
        """\
        import tensorflow as tf

        a = tf.nn.softmax_cross_entropy_with_logits(logits=z, labels=tf.stop_gradient((y)), axis=1)
        b = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z, axis=1)
        c = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z, axis=-1)
        """,
    )


def test_stopped_labels_stay() -> None:
    check_same(
        """\
        import tensorflow as tf

        a = tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(y), logits=z)
        """
    )


def test_hidden_labels_are_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.nn.softmax_cross_entropy_with_logits(**arguments)
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.nn.softmax_cross_entropy_with_logits(**arguments)
        """,
    )
    assert left(findings) == [(3, "cross_entropy")]
