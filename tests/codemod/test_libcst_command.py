"""The codemod as LibCST's own tool runs it, and as its tests try it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

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


def test_libcst_tool_does_what_the_project_asks_for(tmp_path: Path) -> None:
    rule = """\
        from getter_compat.codemod import Rule, becomes

        rule = Rule(__name__)


        @rule.calls("helpers.conv", takes=("x",))
        def conv(site, call):
            return becomes("helpers.convolve", call)
        """
    files = {
        "pyproject.toml": '[tool.getter-compat]\nexclude = ["vendor"]\nrules = ["tools/mine.py"]\n'
        'ignore = ["casts"]\n',
        "tools/mine.py": dedent(rule),
        "vendor/v.py": "import tensorflow as tf\n\nx = tf.log(1)\n",
        "main.py": "import helpers\nimport tensorflow as tf\n\n"
        "x = tf.log(helpers.conv(tf.to_float(1)))\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    result = python(
        "-m", "libcst.tool", "codemod", "--no-format", "-x", COMMAND, ".", folder=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "vendor/v.py").read_text() == files["vendor/v.py"]
    written = (tmp_path / "main.py").read_text()
    assert written.endswith("x = tf.math.log(helpers.convolve(tf.compat.v1.to_float(1)))\n")


def test_libcst_tool_says_what_the_project_may_not_ask_for(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.getter-compat]\nselect = ["nosuch"]\n')
    (tmp_path / "main.py").write_text("import tensorflow as tf\n\nx = tf.log(1)\n")
    result = python(
        "-m", "libcst.tool", "codemod", "--no-format", "-x", COMMAND, ".", folder=tmp_path
    )
    assert "no such rule: nosuch" in result.stdout + result.stderr
    assert result.returncode == 1
