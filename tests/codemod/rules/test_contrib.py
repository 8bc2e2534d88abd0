from __future__ import annotations

from tests.codemod.helpers import check_same, left


def test_import_and_use_are_reported() -> None:
    findings = check_same(
        """\
        import tensorflow as tf
        import tensorflow.contrib.slim as slim
        from tensorflow.contrib import layers

        x = slim.conv2d(x, 3)
        x = layers.fully_connected(x, 3)
        y = tf.contrib.seq2seq
        """
    )
    assert left(findings) == [(line, "contrib") for line in (2, 3, 5, 6, 7)]
