from __future__ import annotations

from tests.codemod.helpers import check_after, check_same, left


def test_summary_of_tf1() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        tf.summary.scalar("loss", loss)
        tf.summary.merge_all()
        """,
        """\
        import tensorflow as tf

        tf.compat.v1.summary.scalar("loss", loss)
        tf.compat.v1.summary.merge_all()
        """,
    )
    assert left(findings) == [(3, "summary"), (4, "symbols")]


def test_summary_of_tf2() -> None:
    check_same(
        """\
        import tensorflow as tf

        with tf.summary.create_file_writer(folder).as_default():
            tf.summary.scalar("loss", loss, step=1)
            tf.summary.scalar("loss", loss)
        """
    )
