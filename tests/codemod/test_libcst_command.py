"""The codemod as LibCST's own tool runs it, and as its tests try it."""

from __future__ import annotations

from pathlib import Path

from libcst.codemod import CodemodTest

from getter_compat.codemod.libcst_command import GetterCompatCommand
from tests.codemod.helpers import python

COMMAND = "getter_compat.codemod.libcst_command.GetterCompatCommand"


class TestCommand(CodemodTest):  # type: ignore[misc]
    TRANSFORM = GetterCompatCommand

    def test_a_scope(self) -> None:
        self.assertCodemod(
            """
            import tensorflow as tf

            def net(x):
                with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
                    return tf.layers.dense(tf.to_float(x), 3)
            """,
            """
            import getter_compat
            import tensorflow as tf

            def net(x):
                with getter_compat.getter_scope("net", reuse=getter_compat.AUTO_REUSE):
                    return getter_compat.layers.dense(tf.cast(x, dtype=tf.float32), 3)
            """,
        )


def test_libcst_tool_writes_what_the_command_writes(tmp_path: Path) -> None:
    """Names that come from other files, and the line where a program starts, too."""
    files = {
        "ops.py": "import tensorflow as tf\n\n\ndef scope(name):\n"
        "    return tf.variable_scope(name)\n\n\ndef main():\n    tf.Session().run(tf.zeros([]))\n",
        "main.py": "from ops import *\n\nx = tf.to_float(1)\n\n"
        "if __name__ == '__main__':\n    main()\n    tf.contrib.bayesflow.f()\n",
    }
    for folder in ("ours", "theirs"):
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text)
    python("-m", "getter_compat.codemod", "ours", folder=tmp_path)
    tool = ("-m", "libcst.tool", "codemod", "--no-format", "-x", COMMAND, ".")
    result = python(*tool, folder=tmp_path / "theirs")
    assert result.returncode == 0, result.stderr
    for name, text in files.items():
        ours = (tmp_path / "ours" / name).read_text()
        assert (tmp_path / "theirs" / name).read_text() == ours != text
    assert "disable_v2_behavior()" in ours
    assert "line 7: contrib: tf.contrib.bayesflow.f" in result.stderr
