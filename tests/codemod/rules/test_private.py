from __future__ import annotations

from tests.codemod.helpers import check_same, left


def test_private_imports_are_reported() -> None:
    findings = check_same(
        """\
        import tensorflow.python.framework.ops as o
        from tensorflow.python.framework import ops

        ops.get_default_graph()
        """
    )
    assert left(findings) == [(1, "private"), (2, "private")]
