"""Lines that are aligned to a bracket follow it; every other line stays where it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_after, check_same
from tests.codemod.test_properties import PROGRAMS, RUNS, parses


def test_lines_follow_the_bracket_they_are_aligned_to() -> None:
    check_after(
        """\
        import tensorflow as tf

        with tf.variable_scope('a',
                               reuse=True):  # why
            w = tf.get_variable('w', [3],
                                initializer=tf.constant_initializer([1.,
                                                                     2.]),
                                # A comment of its own.

                                trainable=False
                                )
            y = f(tf.log(x,
                         name='log'), z,
                  w)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        with getter_compat.getter_scope('a',
                                        reuse=True):  # why
            w = getter_compat.get_variable('w', [3],
                                           initializer=tf.compat.v1.constant_initializer([1.,
                                                                                          2.]),
                                           # A comment of its own.

                                           trainable=False
                                           )
            y = f(tf.math.log(x,
                              name='log'), z,
                  w)
        """,
    )


def test_lines_come_back_with_a_shorter_name() -> None:
    check_after(
        """\
        import tensorflow as tf

        y = tf.compat.v1.log(x,
                             name=[
                                 'a',
                             ],
                              z=3)
        """,
        """\
        import tensorflow as tf

        y = tf.math.log(x,
                        name=[
                            'a',
                        ],
                         z=3)
        """,
    )


def test_arguments_that_are_added_or_taken_out_are_aligned_too() -> None:
    check_after(
        """\
        import tensorflow as tf

        a = tf.initializers.random_normal(mean=0.,
                                          seed=3)
        b = tf.nn.conv2d(x, w, [1] * 4, 'SAME',
                         True,
                         name='b')
        c = f(tf.initializers.random_normal(
            seed=3), g(x,
                       y))
        """,
        """\
        import tensorflow as tf

        a = tf.random_normal_initializer(mean=0.,
                                         seed=3,
                                         stddev=1.0)
        b = tf.nn.conv2d(x, w, [1] * 4, 'SAME',
                         name='b')
        c = f(tf.random_normal_initializer(
            seed=3,
            stddev=1.0), g(x,
                       y))
        """,
    )


def test_lines_that_are_not_aligned_stay() -> None:
    check_after(
        """\
        import tensorflow as tf

        with tf.variable_scope('a',
            reuse=True), tf.variable_scope(
                'b'):
            y = tf.layers.dense(
                x,
                3)
            z = tf.layers.dense(x, '''
                                a long text''', 3,
        \t\t\t\t\t\t\t\t\ty)
            s = tf.log(x) + '''
                                                a text'''
        """,
        """\
        import getter_compat
        import tensorflow as tf

        with getter_compat.getter_scope('a',
            reuse=True), getter_compat.getter_scope(
                'b'):
            y = getter_compat.layers.dense(
                x,
                3)
            z = getter_compat.layers.dense(x, '''
                                a long text''', 3,
        \t\t\t\t\t\t\t\t\ty)
            s = tf.math.log(x) + '''
                                                a text'''
        """,
    )


def test_the_lines_of_a_string_never_move() -> None:
    source = """\
import tensorflow as tf

y = tf.log(x, f'''{z
              }  {'a'}
                    {x:>
                    }''', '\\
                          b',
           c)
"""
    after = source.replace("tf.log", "tf.math.log").replace("           c)", "                c)")
    assert rewrite(source).source == after


def test_columns_are_those_of_characters() -> None:
    check_after(
        "import tensorflow as tf\n\né = {'é': tf.log(x,\n                 y)}\n",
        "import tensorflow as tf\n\né = {'é': tf.math.log(x,\n                      y)}\n",
    )


def test_a_file_that_stays_keeps_its_odd_indents() -> None:
    check_same("import tensorflow as tf\n\ny = tf.abs(x,\n                   name='y')\n")


@given(PROGRAMS, st.integers(0, 40))
@RUNS
def test_only_blanks_before_continuation_lines_change(program: str, blanks: int) -> None:
    """A program laid out over more lines gets the same words as the program itself."""
    laid_out = program.replace(", ", ",\n" + " " * blanks)
    if not parses(laid_out):
        return
    found, plain = (rewrite(text).source for text in (laid_out, program))
    assert _words(found) == _words(plain)
    assert rewrite(found).source == found


def _words(source: str) -> list[str]:
    return source.split()


def test_a_statement_begins_on_the_line_where_another_ends() -> None:
    check_after(
        """\
        import tensorflow as tf

        [[
            1]]; z = f(tf.log1p(x,
                                y), tf.log1p(x,
                                             y), tf.log1p(x,
                                                          y))
        """,
        """\
        import tensorflow as tf

        [[
            1]]; z = f(tf.math.log1p(x,
                                     y), tf.math.log1p(x,
                                                       y), tf.math.log1p(x,
                                                                         y))
        """,
    )
