from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after, check_program, check_same, left


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


@pytest.mark.filterwarnings("ignore:Cannot activate TF2 compatibility")
def test_a_program_runs() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def training(loss):
            tf.summary.scalar("loss", loss)
            tf.summary.histogram("losses", [loss, 2 * loss])
            return loss + 1

        result = training(tf.constant(1.0))
        """,
        """\
        import tensorflow as tf

        def training(loss):
            tf.compat.v1.summary.scalar("loss", loss)
            tf.compat.v1.summary.histogram("losses", [loss, 2 * loss])
            return loss + 1

        result = training(tf.constant(1.0))
        """,
    )
    assert float(program["result"]) == 2.0
