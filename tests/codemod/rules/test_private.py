from __future__ import annotations

from tests.codemod.helpers import check_program, check_same, left


def test_private_imports_are_reported() -> None:
    findings = check_same(
        """\
        import tensorflow.python.framework.ops as o
        from tensorflow.python.framework import ops

        ops.get_default_graph()
        """
    )
    assert left(findings) == [(1, "private"), (2, "private")]


def test_a_program_still_runs() -> None:
    program = check_program(
        """\
        import tensorflow as tf
        from tensorflow.python.framework import ops

        def total(values):
            return tf.reduce_sum(ops.convert_to_tensor(values))

        result = total([1.0, 2.0])
        """
    )
    assert float(program["result"]) == 3.0
