from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.codemod.helpers import check_after, check_program, left
from tests.codemod.projects import check_run


def test_casts() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow import to_float

        a = tf.to_float(tf.to_int32(x), "a")
        b = to_float(x)
        c = map(tf.to_double, x)
        """,
        """\
        import tensorflow as tf

        a = tf.cast(tf.cast(x, dtype=tf.int32), name="a", dtype=tf.float32)
        b = tf.cast(x, dtype=tf.float32)
        c = map(tf.compat.v1.to_double, x)
        """,
    )
    assert left(findings) == [(6, "casts")]


def test_a_program_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        whole = tf.to_int32([1.75, -1.75])
        halves = tf.to_float(whole, name="halves") / 2
        result = tf.to_double(halves) + 0.25
        """,
        """\
        import tensorflow as tf

        whole = tf.cast([1.75, -1.75], dtype=tf.int32)
        halves = tf.cast(whole, name="halves", dtype=tf.float32) / 2
        result = tf.cast(halves, dtype=tf.float64) + 0.25
        """,
    )
    assert program["whole"].numpy().tolist() == [1, -1]
    assert program["result"].numpy().tolist() == [0.75, -0.25]
    assert program["result"].dtype == "float64"


def test_operations_that_are_fetched_by_name_keep_it(tmp_path: Path) -> None:
    # What TensorFlow 1.15.5 prints.
    program = """\
        import tensorflow as tf

        x = tf.placeholder(tf.int32, [], name="x")
        a = tf.to_float(x)
        b = tf.cast(x * 2, tf.float32)
        with tf.Session() as session:
            print(session.run("Cast:0", {x: 3}), session.run("ToFloat:0", {x: 3}))
        """
    check_run(tmp_path, {"main.py": dedent(program)}, "6.0 3.0\n")


@pytest.mark.parametrize(
    "fetched",
    ["graph.get_tensor_by_name(name)", "'net/MaxPool:0'", "dict(output_node_names=names)"],
)
def test_names_matter_where_something_is_fetched_by_one(fetched: str) -> None:
    start = "import tensorflow as tf\n\n"
    text = f"{start}y = tf.nn.max_pool(x, k, s, 'SAME')\nz = tf.to_int32(y)\n"
    kept = text.replace("tf.nn", "tf.compat.v1.nn").replace("tf.to", "tf.compat.v1.to")
    check_after(f"{text}print({fetched})\n", f"{kept}print({fetched})\n")
    check_after(
        f"{text}print(z)\n",
        f"{start}y = tf.nn.max_pool2d(x, k, s, 'SAME')\nz = tf.cast(y, dtype=tf.int32)\nprint(z)\n",
    )
