from __future__ import annotations

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_after, check_program, check_same


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x.shape[-1].value", "x.shape[-1]"),
        ("x.get_shape()[0].value", "x.get_shape()[0]"),
        ("f(x).shape[i + 1].value * 2", "f(x).shape[i + 1] * 2"),
        ("(x.shape[1]).value or -1", "(x.shape[1]) or -1"),
        ("x.shape[1].value.bit_length()", "x.shape[1].bit_length()"),
        ("x.shape.with_rank(2)[1].value", "x.shape.with_rank(2)[1]"),
        ("x.get_shape()[1:][0].value", "x.get_shape()[1:][0]"),
        ("tf.TensorShape(s)[0].value", "tf.TensorShape(s)[0]"),
        ("self.output_shape[0].value", "self.output_shape[0]"),
        ("[d.value for d in x.get_shape()]", "[d for d in x.get_shape()]"),
        ("[d.value or -1 for d in x.shape[1:]]", "[d or -1 for d in x.shape[1:]]"),
        ("list(map(lambda d: d.value, x.shape))", "list(map(lambda d: d, x.shape))"),
    ],
)
def test_entries_of_shapes(before: str, after: str) -> None:
    result = rewrite(f"import tensorflow as tf\ny = g({before}, tf.abs(x))\n")
    assert result.source == f"import tensorflow as tf\ny = g({after}, tf.abs(x))\n"
    assert [finding.rule for finding in result.findings] == ["dimension_value"]


@pytest.mark.parametrize(
    "expression",
    [
        "x.shape.dims[0].value",
        "x.get_shape().as_list()[0]",
        "int(x.shape[1])",
        "x.shape[0]",
        "Color.RED.value",
        "table[0].value",
        "x.shape[1:].value",
        "[d.value for d in enums]",
        "lambda d: d.value",
    ],
)
def test_anything_else_stays(expression: str) -> None:
    assert check_same(f"import tensorflow as tf\ny = g({expression}, tf.abs(x))\n") == ()


def test_files_without_tensorflow_stay() -> None:
    assert check_same("y = x.shape[0].value\n") == ()


def test_names_for_shapes_and_their_entries() -> None:
    check_after(
        """\
        import tensorflow as tf

        def f(x, input_shape, table):
            shape = x.get_shape()
            depth = shape[-1]
            dims = x.get_shape().dims
            for d in shape:
                print(tf.abs(d.value))
            for row in table:
                print(row.value)
            return shape[1].value, depth.value, input_shape[0].value, dims[0].value, table[0].value
        """,
        """\
        import tensorflow as tf

        def f(x, input_shape, table):
            shape = x.get_shape()
            depth = shape[-1]
            dims = x.get_shape().dims
            for d in shape:
                print(tf.abs(d))
            for row in table:
                print(row.value)
            return shape[1], depth, input_shape[0], dims[0].value, table[0].value
        """,
    )


def test_names_that_a_shape_is_unpacked_to() -> None:
    check_after(
        """\
        import tensorflow as tf
        from mine import size

        def f(x, depth):
            _, height, width, depth = x.shape
            (batch, *rest), more = x.get_shape(), tf.abs(x)
            rows, columns = table
            return height.value * width.value, depth.value, batch.value, rows.value, size.value
        """,
        """\
        import tensorflow as tf
        from mine import size

        def f(x, depth):
            _, height, width, depth = x.shape
            (batch, *rest), more = x.get_shape(), tf.abs(x)
            rows, columns = table
            return height * width, depth.value, batch.value, rows.value, size.value
        """,
    )


def test_the_result_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        found = []

        @tf.function(input_signature=[tf.TensorSpec([None, 3, 4])])
        def f(x):
            shape = x.get_shape()
            found.append([x.shape[0].value, shape[1].value, [d.value for d in shape[1:]]])
            return tf.reshape(x, [-1, shape[1].value * shape[2].value])

        result = f(tf.ones([2, 3, 4]))
        """,
        """\
        import tensorflow as tf

        found = []

        @tf.function(input_signature=[tf.TensorSpec([None, 3, 4])])
        def f(x):
            shape = x.get_shape()
            found.append([x.shape[0], shape[1], [d for d in shape[1:]]])
            return tf.reshape(x, [-1, shape[1] * shape[2]])

        result = f(tf.ones([2, 3, 4]))
        """,
    )
    assert program["found"] == [[None, 3, [3, 4]]]
    assert program["result"].shape == (2, 12)


def test_comments_around_the_dot() -> None:
    check_after(
        "import tensorflow as tf\nx = [(d  # a\n     )  # b\n .  # c\n value for d in y.shape]\n",
        "import tensorflow as tf\nx = [(d  # a\n    # b\n    # c\n) for d in y.shape]\n",
    )
