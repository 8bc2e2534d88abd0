from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.codemod.helpers import check_after, check_program, check_same, left
from tests.codemod.projects import check_run


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
        b = tf.nn.softmax_cross_entropy_with_logits_v2(y, z, None, "b", 1)
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.nn.softmax_cross_entropy_with_logits(**arguments)
        b = tf.compat.v1.nn.softmax_cross_entropy_with_logits_v2(y, z, None, "b", 1)
        """,
    )
    assert left(findings) == [(3, "cross_entropy"), (4, "cross_entropy")]


@pytest.mark.parametrize("kind", ["sigmoid", "sparse_softmax"])
def test_nothing_stands_before_the_labels(kind: str) -> None:
    head = f"import tensorflow as tf\nloss = tf.nn.{kind}_cross_entropy_with_logits("
    check_after(f"{head}None, y, z)\n", f"{head}labels=y, logits=z)\n")
    check_after(f"{head}None, y, z, 'l')\n", f"{head}labels=y, logits=z, name='l')\n")
    for same in ("labels=y, logits=z", "y, z", "*arguments"):
        check_same(f"{head}{same})\n")


def test_a_program_has_tf1s_gradients() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        @tf.function
        def gradients(y, z):
            a = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z)
            b = tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z)
            return tf.gradients(a + b, [y, z])

        of_labels, of_logits = gradients(tf.constant([[1.0, 0.0]]), tf.zeros([1, 2]))
        """,
        """\
        import tensorflow as tf

        @tf.function
        def gradients(y, z):
            a = tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(y), logits=z)
            b = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z, axis=-1)
            return tf.gradients(a + b, [y, z])

        of_labels, of_logits = gradients(tf.constant([[1.0, 0.0]]), tf.zeros([1, 2]))
        """,
    )
    # The labels get a gradient from the second loss only: minus log(1 / 2).
    assert program["of_labels"].numpy()[0] == pytest.approx([0.693147] * 2)
    assert program["of_logits"].numpy().tolist() == [[-1.0, 1.0]]


def test_operations_that_are_fetched_by_name_keep_it(tmp_path: Path) -> None:
    # What TensorFlow 1.15.5 prints.
    program = """\
        import tensorflow as tf

        y, z = tf.constant([[0.0, 1.0]]), tf.constant([[0.5, 0.5]])
        tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z)
        tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=z * 2.0 * y)
        with tf.Session() as session:
            print("%.5f" % session.run("softmax_cross_entropy_with_logits_sg/Reshape_2:0")[0])
            print("%.5f" % session.run("softmax_cross_entropy_with_logits/Reshape_2:0")[0])
        """
    check_run(tmp_path, {"main.py": dedent(program)}, "0.69315\n0.31326\n")


def test_the_name_of_a_device_is_none_of_an_operation() -> None:
    text = "import tensorflow as tf\n\nwith tf.device('{}:0'):\n    z = tf.to_int32(y)\n"
    for device in ("gpu", "CPU", "TPU"):
        given = text.format(device)
        check_after(given, given.replace("tf.to_int32(y)", "tf.cast(y, dtype=tf.int32)"))
