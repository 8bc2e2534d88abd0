from __future__ import annotations

from tests.codemod.helpers import check_after, check_program, left


def test_methods_become_functions() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = dataset.make_one_shot_iterator().get_next()
        b = dataset.batch(3).make_initializable_iterator(name="b")
        c = tf.data.make_one_shot_iterator(tf.data.Dataset.range(3))
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.data.make_one_shot_iterator(dataset).get_next()
        b = tf.compat.v1.data.make_initializable_iterator(dataset.batch(3), name="b")
        c = tf.compat.v1.data.make_one_shot_iterator(tf.data.Dataset.range(3))
        """,
    )
    assert left(findings) == [(5, "symbols")]


def test_one_that_is_initialized_is_left_in_eager_execution() -> None:
    before = """\
        import tensorflow as tf

        a = dataset.make_one_shot_iterator()
        b = dataset.make_initializable_iterator()
        """
    after = """\
        import tensorflow as tf

        a = tf.compat.v1.data.make_one_shot_iterator(dataset)
        b = tf.compat.v1.data.make_initializable_iterator(dataset)
        """
    assert left(check_after(before, after, target="eager")) == [(4, "iterators")]


def test_a_program_reads_its_data() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def numbers(count):
            dataset = tf.data.Dataset.range(count).map(lambda n: 2 * n)
            return dataset.batch(2).make_one_shot_iterator().get_next()

        result = numbers(4)
        """,
        """\
        import tensorflow as tf

        def numbers(count):
            dataset = tf.data.Dataset.range(count).map(lambda n: 2 * n)
            return tf.compat.v1.data.make_one_shot_iterator(dataset.batch(2)).get_next()

        result = numbers(4)
        """,
    )
    assert program["result"].numpy().tolist() == [0, 2]
