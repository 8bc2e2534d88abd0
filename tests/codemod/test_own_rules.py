"""Rules of a project's own: its configuration names them, and their examples are tried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from getter_compat.codemod.analysis.names import FOLLOWED, OWN_NAMES
from getter_compat.codemod.cli import main
from getter_compat.codemod.rules import RULES
from tests.codemod.helpers import python

RULE = '''"""The wrapper `ops.conv` of this project."""
from getter_compat.codemod import Answer, Call, Rule, Site, becomes

rule = Rule(__name__)


@rule.calls("ops.conv", takes=("x", "channels", "k", "stride"), unseen="write conv2d by hand")
def conv(site: Site, call: Call) -> Answer:
    call = call.with_keyword("channels", "filters").with_keyword("k", "kernel_size")
    if "stride" in call:
        call = call.with_keyword("stride", "strides")
    return becomes("getter_compat.layers.conv2d", call.adding(padding=\'"same"\'))


rule.example(
    before="""
        import ops
        y = ops.conv(x, 32, k=3)
        """,
    after="""
        import getter_compat
        y = getter_compat.layers.conv2d(x, filters=32, kernel_size=3, padding="same")
        """,
)
rule.kept(
    """
        import ops
        y = ops.conv(*arguments)
        """,
    "write conv2d by hand",
)
'''

PROGRAM = """\
import tensorflow as tf
import ops

y = ops.conv(tf.nn.dropout(ops.conv(x, 32, k=3), keep_prob=p),
             64, stride=2)
"""

REWRITTEN = """\
import getter_compat
import tensorflow as tf

y = getter_compat.layers.conv2d(tf.nn.dropout(getter_compat.layers.conv2d(x, filters=32, \
kernel_size=3, padding="same"), rate=1 - p),
                                filters=64, strides=2, padding="same")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Path]:
    """A project with a rule of its own."""
    rules, followed = dict(RULES), set(FOLLOWED)
    (tmp_path / "pyproject.toml").write_text('[tool.getter-compat]\nrules = ["tools/convs.py"]\n')
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/convs.py").write_text(RULE)
    (tmp_path / "net.py").write_text(PROGRAM)
    yield tmp_path
    RULES.clear()
    RULES.update(rules)
    FOLLOWED.intersection_update(followed)
    OWN_NAMES.clear()


def test_it_nests_with_ours(tree: Path) -> None:
    assert main([str(tree / "net.py")]) == 0
    assert (tree / "net.py").read_text() == REWRITTEN


def test_it_sees_files_without_tensorflow(tree: Path) -> None:
    (tree / "net.py").write_text("from ops import conv\nconv(x, 32, k=3)\n")
    assert main(["-q", str(tree / "net.py")]) == 0
    assert "getter_compat.layers.conv2d(x, filters=32" in (tree / "net.py").read_text()


def test_what_its_parameters_do_not_know_is_left(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "net.py").write_text("import ops\nops.conv(x, **options)\n")
    assert main(["--output-format", "json", str(tree / "net.py")]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["rule"], finding["message"]) == ("convs", "ops.conv: write conv2d by hand")


def test_its_examples_are_tried(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tree / "tools/convs.py"
    assert main(["--test-rules", str(path)]) == 0
    other = tree / "tools/others.py"
    other.write_text(RULE.replace("filters=32, kernel", "filters=33, kernel"))
    assert main(["--test-rules", str(other)]) == 1
    said = capsys.readouterr().out
    assert f"{other}:15: the example becomes something else" in said
    assert "-y = getter_compat.layers.conv2d(x, filters=33" in said


def test_it_is_listed_and_explained(tree: Path) -> None:
    listed = python("-m", "getter_compat.codemod", "--list-rules", folder=tree).stdout
    assert "convs             The wrapper `ops.conv` of this project." in listed
    explained = python("-m", "getter_compat.codemod", "--explain", "convs", folder=tree).stdout
    assert "    y = ops.conv(x, 32, k=3)\n" in explained
    assert "Kept: write conv2d by hand" in explained


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("call = call.with_keyword(", "1 / 0 and (", "convs.py:9) went wrong: ZeroDivisionError"),
        ("rule = Rule", "rule = Rules", "convs.py:4: NameError"),
        ("return becomes(", "return (", "convs.py:7) went wrong: TypeError: a rule returns"),
        ("layers.conv2d", "2d", "convs.py:12) went wrong: ValueError: 'getter_compat.2d'"),
        ("rule = Rule(__name__)", "rule = Rule('x.dropout')", "a rule is called dropout already"),
        ("def conv(", "def conv((", "convs.py:8: SyntaxError"),
        ("call = call", "return conv(site, call)", "convs.py:9) went wrong: RecursionError"),
        ("rule = Rule", "raise SystemExit(0)\nrule = Rule", "convs.py:4: SystemExit"),
        ("call = call", "raise SystemExit(0) or call", "convs.py:9) went wrong: SystemExit"),
        ("Rule(__name__)", "Rule('a rule')", "convs.py:4: ValueError: a rule is called by its"),
        ("Rule(__name__)", "Rule('')", "convs.py:4: ValueError: a rule is called by its file"),
        ("Rule(__name__)", "Rule(__name__, target='tf2')", "convs.py:4: ValueError: a target is"),
        ('"ops.conv", ', "", "convs.py:7: ValueError: '' is no dotted name, such as 'ops.conv'"),
        ('"ops.conv"', "ops_conv.name", "convs.py:7: NameError"),
        ('"ops.conv"', "3", "convs.py:7: ValueError: 3 is no dotted name"),
        ('"ops.conv"', '"ops.conv()"', "convs.py:7: ValueError: 'ops.conv()' is no dotted name"),
        ('("x", "channels", "k", "stride")', '"x"', "convs.py:7: ValueError: takes is several"),
        ('takes=("x", "channels", "k", "stride")', "takes=5", "convs.py:7: TypeError"),
        (
            "\n\nrule.ex",
            "\nrule.renames({'ops.f': '1x'})\nrule.ex",
            "convs.py:14: ValueError: '1x' is",
        ),
        ("\n\nrule.ex", "\nrule.nodes('Call')\nrule.ex", "convs.py:14: ValueError: kinds of nodes"),
        ("\n\nrule.ex", "\nrule.attributes()\nrule.ex", "convs.py:14: ValueError: '' is no dotted"),
        ("\n\nrule.ex", "\nrule.modules({'': 'a'})\nrule.ex", "convs.py:14: ValueError: '' is no"),
    ],
)
def test_an_error_names_its_file_and_line(
    tree: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    path = tree / "tools/convs.py"
    path.write_text(RULE.replace(old, new, 1))
    assert main([str(tree / "net.py")]) == 2
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert (tree / "net.py").read_text() == PROGRAM


IMPORTS = {
    "main.py": "from pkg.ops import conv\nconv(x, 32)\n",
    "whole.py": "import pkg.ops\npkg.ops.conv(x, 32)\n",
    "pkg/named.py": "from .ops import conv as c\nc(x, 32)\n",
    "pkg/module.py": "from . import ops\nops.conv(x, 32)\n",
    "pkg/star.py": "from .ops import *\nconv(x, 32)\n",
    "pkg/nets/above.py": "from ..ops import conv\nconv(x, 32)\n",
    "pkg/nets/far.py": "from pkg import ops as o\no.conv(x, 32)\n",
    "pkg/nets/deep/package.py": "from ... import ops\nops.conv(x, 32)\n",
}


@pytest.mark.parametrize("is_package", [True, False])
def test_it_follows_every_kind_of_import(tree: Path, is_package: bool) -> None:
    (tree / "tools/convs.py").write_text(RULE.replace('"ops.conv"', '"pkg.ops.conv"'))
    for name, text in IMPORTS.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
        if is_package and "/" in name:
            (tree / name).with_name("__init__.py").touch()
    (tree / "pkg/ops.py").write_text("def conv(x, channels, k=3, stride=1):\n    return x\n")
    assert main(["-q", "--jobs", "2", str(tree)]) == 0
    for name in IMPORTS:
        written = (tree / name).read_text()
        assert 'getter_compat.layers.conv2d(x, filters=32, padding="same")' in written, name
        assert "import getter_compat" in written, name


RE_EXPORTS = {
    "whole.py": "import pkg\npkg.conv(x, 32)\n",
    "named.py": "from pkg import conv as c\nc(x, 32)\n",
    "star.py": "from pkg.api import *\nconv(x, 32)\n",
    "renamed.py": "from pkg import api\napi.convolve(x, 32)\n",
    "chained.py": "import far\nfar.last(x, 32)\n",
    "below.py": "import pkg.api as a\na.ops.conv(x, 32)\n",
    "pkg/nets/inside.py": "from .. import conv\nconv(x, 32)\n",
    "pkg/nets/beside.py": "from ..api import convolve\nconvolve(x, 32)\n",
}


def test_it_follows_re_exports(tree: Path) -> None:
    """Also by `__all__`, by a star, under another name, and from one module to the next."""
    (tree / "tools/convs.py").write_text(RULE.replace('"ops.conv"', '"pkg.ops.conv"'))
    modules = {
        "pkg/__init__.py": "from .ops import conv\n",
        "pkg/ops.py": "__all__ = ['conv']\n\ndef conv(x, channels, k=3):\n    return x\n",
        "pkg/api.py": "from . import ops\nfrom .ops import *\nfrom .ops import conv as convolve\n",
        "pkg/nets/__init__.py": "",
        "far.py": "from pkg.api import convolve as last\n",
    }
    for name, text in {**modules, **RE_EXPORTS}.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    assert main(["-q", str(tree)]) == 0
    for name in RE_EXPORTS:
        written = (tree / name).read_text()
        assert 'getter_compat.layers.conv2d(x, filters=32, padding="same")' in written, name
    for name, text in modules.items():
        assert (tree / name).read_text() == text


def test_what_a_module_keeps_to_itself_is_none_of_the_rule(tree: Path) -> None:
    (tree / "tools/convs.py").write_text(RULE.replace('"ops.conv"', '"pkg.ops.conv"'))
    texts = {
        "pkg/__init__.py": "from .other import conv\n",
        "pkg/ops.py": "__all__ = []\n\ndef conv(x, n):\n    return x\n",
        "pkg/other.py": "def conv(x, n):\n    return x\n",
        "pkg/star.py": "from .ops import *\n",
        "main.py": "import pkg\nfrom pkg.star import *\npkg.conv(x, 32)\nconv(x, 32)\n",
    }
    (tree / "pkg").mkdir()
    for name, text in texts.items():
        (tree / name).write_text(text)
    assert main(["-q", str(tree)]) == 0
    for name, text in texts.items():
        assert (tree / name).read_text() == text


def test_tensorflow_is_followed_through_a_package_that_rules_know(tree: Path) -> None:
    (tree / "tools/convs.py").write_text(RULE.replace('"ops.conv"', '"pkg.ops.conv"'))
    (tree / "pkg").mkdir()
    (tree / "pkg/__init__.py").write_text("from pkg.compat import tf\n")
    (tree / "pkg/compat.py").write_text("import tensorflow as tf\n")
    (tree / "main.py").write_text("from pkg import tf\ny = tf.layers.dense(x, 2)\n")
    assert main(["-q", str(tree)]) == 0
    assert "getter_compat.layers.dense(x, 2)" in (tree / "main.py").read_text()


def test_a_name_of_its_own_is_none_of_the_rule(tree: Path) -> None:
    (tree / "tools/convs.py").write_text(RULE.replace('"ops.conv"', '"pkg.ops.conv"'))
    (tree / "pkg").mkdir()
    text = "from .ops import *\n\ndef conv(x, n):\n    return x\n\nconv(x, 32)\n"
    (tree / "pkg/other.py").write_text(text)
    assert main(["-q", str(tree / "pkg")]) == 0
    assert (tree / "pkg/other.py").read_text() == text


@pytest.mark.parametrize(
    "answer",
    [
        "becomes('a.b', call.adding(padding='1 +'))",
        "changed(site.call, lambda node: node.with_changes(func=None))",
        "changed(site.call, lambda node: 'text')",
        "becomes('lambda.x')",
        "becomes('a.b', 3)",
    ],
)
def test_it_cannot_write_what_does_not_parse(
    tree: Path, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    (tree / "tools/convs.py").write_text(
        "from getter_compat.codemod import Rule, becomes, changed\n"
        "rule = Rule(__name__)\n"
        "@rule.calls('ops.conv')\n"
        f"def conv(site, call): return {answer}\n"
    )
    assert main([str(tree / "net.py")]) == 2
    assert "the rule convs (" in (said := capsys.readouterr().out)
    assert "convs.py:4) went wrong" in said
    assert (tree / "net.py").read_text() == PROGRAM
