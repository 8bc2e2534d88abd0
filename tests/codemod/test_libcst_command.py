from __future__ import annotations

from pathlib import Path

import pytest

from tests.codemod.helpers import python

pytest.importorskip("libcst")


def test_libcst_tool_runs_it(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import tensorflow as tf\nwith tf.variable_scope('a'):\n    tf.contrib.bayesflow.f()\n"
    )
    command = "getter_compat.codemod.libcst_command.GetterCompatCommand"
    arguments = ("-m", "libcst.tool", "codemod", "--no-format", "-x", command, path)
    result = python(*arguments, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert path.read_text() == (
        "import getter_compat\nimport tensorflow as tf\n"
        "with getter_compat.getter_scope('a'):\n    tf.contrib.bayesflow.f()\n"
    )
    assert "line 3: contrib: tf.contrib.bayesflow.f" in result.stderr
