"""Commands that a project installs, and modules that are imported by a call."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from getter_compat.codemod.project.scripts import Script, scripts
from tests.codemod.projects import check_run, rewritten
from tests.codemod.rules.test_entry_point import BUILD, GUARD, SWITCH, above
from tests.forking import python

SETUPS = {
    "setup.py": [
        'setup(entry_points={"console_scripts": ["kit = kit.cli:main", "other=kit.other:App.go"]})',
        'setup(entry_points=dict(console_scripts=["kit=kit.cli:main", "o=kit.other:App.go [a]"]))',
        'SCRIPTS = ["kit=kit.cli:main", "o=kit.other:App.go"]\n'
        'setup(entry_points={"plugins": ["a=b:c"], "console_scripts": SCRIPTS})',
        'setup(entry_points="""\n    [console_scripts]\n    kit = kit.cli:main\n    '
        'o = kit.other:App.go\n    [plugins]\n    a = b:c\n""")',
        'setup(entry_points={"console_scripts": ["kit=kit.cli:main"],\n'
        '    "gui_scripts": ["o=kit.other:App.go"]})',
    ],
    "setup.cfg": [
        "[options.entry_points]\nconsole_scripts =\n    kit = kit.cli:main\n    "
        "o = kit.other:App.go\nplugins =\n    a = b:c\n"
    ],
    "pyproject.toml": [
        '[project.scripts]\nkit = "kit.cli:main"\n[project.gui-scripts]\no = "kit.other:App.go"\n',
        '[tool.poetry.scripts]\nkit = "kit.cli:main"\n'
        'o = {reference = "kit.other:App.go", type = "console"}\n',
        '[tool.flit.scripts]\nkit = "kit.cli:main"\no = "kit.other:App.go"\n',
    ],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in SETUPS.items() for text in texts]
)
def test_where_commands_are_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    found = scripts(str(tmp_path / name))
    assert found == [Script("kit.cli", "main"), Script("kit.other", "App.go")]


@pytest.mark.parametrize(
    "template",
    [
        "'%s = %s:main' % (it.split('.')[-1], it)",
        "'{} = {}:main'.format(it, it)",
        "f'{it} = {it}:main'",
    ],
)
def test_commands_of_a_list_of_modules(tmp_path: Path, template: str) -> None:
    text = f"""\
        TOOLS = ["kit.train", "kit.tools.show"]
        setup(entry_points={{"console_scripts": [{template} for it in TOOLS]}})
        """
    (tmp_path / "setup.py").write_text(dedent(text))
    found = scripts(str(tmp_path / "setup.py"))
    assert found == [Script("kit.train", "main"), Script("kit.tools.show", "main")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("setup.py", "setup(entry_points={**more, 'console_scripts': ["),
        ("setup.py", "setup(entry_points={'console_scripts': find()})"),
        ("setup.cfg", "no section\n"),
        ("pyproject.toml", "[project\n"),
        ("pyproject.toml", 'project = "kit"\n[tool.poetry]\nscripts = ["a"]\n'),
        ("setup.py", b"\xff\xfe\x00"),
    ],
)
def test_what_cannot_be_read_names_none(tmp_path: Path, name: str, text: str | bytes) -> None:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    assert scripts(str(tmp_path / name)) == []


SETUP = """\
from setuptools import setup

setup(entry_points={"console_scripts": ["kit=kit.cli:main"]})
"""
INIT = {"setup.py": SETUP, "kit/__init__.py": ""}


def cli(tmp_path: Path, text: str, **others: str) -> str:
    """What becomes of kit/cli.py, whose `main` is a command, beside other modules of the kit."""
    modules = {f"kit/{name}.py": other for name, other in others.items()}
    return rewritten(tmp_path, {**INIT, "kit/cli.py": text, **modules})["kit/cli.py"][0]


def test_a_command_switches_in_its_function(tmp_path: Path) -> None:
    text = "from kit import net\n\n\ndef main():\n    '''Train.'''\n    net.main()\n"
    found = cli(tmp_path, text, net=BUILD)
    assert above(found) == ("'''Train.'''", "net.main()")
    (tmp_path / "command.py").write_text("from kit.cli import main\n\nmain()\n")
    done = python("command.py", folder=tmp_path)
    assert done.stdout == "3.0\n", done.stderr


def test_a_command_of_a_module_that_others_import(tmp_path: Path) -> None:
    found = cli(tmp_path, BUILD, other="from kit.cli import build\n")
    assert above(found) == ("def main(_=None):", "x, y = build()")


def test_a_guard_that_calls_the_function_of_a_command(tmp_path: Path) -> None:
    found = cli(tmp_path, f"{BUILD}\n\n{GUARD}\n    main()\n")
    assert above(found) == ("def main(_=None):", "x, y = build()")


def test_a_guard_that_calls_something_else(tmp_path: Path) -> None:
    run = f"{BUILD}\n\ndef demo():\n    tf.Session().run(tf.ones([]))\n\n\n{GUARD}\n    demo()\n"
    lines = [line.strip() for line in cli(tmp_path, run).splitlines()]
    assert [lines[at - 1] for at, line in enumerate(lines) if line == SWITCH] == [
        "def main(_=None):",
        GUARD,
    ]


def test_a_command_that_another_module_defines(tmp_path: Path) -> None:
    files = {
        "setup.py": SETUP.replace("kit.cli:main", "kit:run"),
        "kit/__init__.py": "from .cli import main as run\n",
        "kit/cli.py": BUILD,
    }
    found = rewritten(tmp_path, files)
    assert above(found["kit/cli.py"][0])[0] == "def main(_=None):"
    assert found["kit/__init__.py"][0] == files["kit/__init__.py"]


def test_a_method_is_a_command(tmp_path: Path) -> None:
    text = (
        "from kit import net\n\nclass App:\n    @staticmethod\n    def go():\n        net.main()\n"
    )
    files = {**INIT, "kit/cli.py": text, "kit/net.py": BUILD}
    files["setup.py"] = SETUP.replace("kit.cli:main", "kit.cli:App.go")
    assert above(rewritten(tmp_path, files)["kit/cli.py"][0]) == ("def go():", "net.main()")


def test_commands_of_a_source_folder(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\nkit = "kit.cli:main"\n')
    files = {"src/kit/__init__.py": "", "src/kit/cli.py": BUILD}
    assert above(rewritten(tmp_path, files)["src/kit/cli.py"][0])[0] == "def main(_=None):"


def test_a_command_that_runs_no_graph(tmp_path: Path) -> None:
    text = (
        "from kit import net\n\n\ndef main():\n    print('1.0')\n\n\ndef other():\n    net.main()\n"
    )
    assert SWITCH not in cli(tmp_path, text, net=BUILD)


def test_a_command_that_says_itself_what_it_wants(tmp_path: Path) -> None:
    for number, line in enumerate((SWITCH, "tf.enable_eager_execution()")):
        text = BUILD.replace("    x, y = build()", f"    {line}\n    x, y = build()")
        assert cli(tmp_path / str(number), text).count(SWITCH) == text.count(SWITCH)


def test_a_command_whose_function_imports_tensorflow(tmp_path: Path) -> None:
    text = BUILD.replace("import tensorflow as tf\n\n\n", "")
    text = text.replace("def build():\n", "def build():\n    import tensorflow as tf\n")
    text = text.replace("main(_=None):\n", "main(_=None):\n    import tensorflow as tf\n")
    found = cli(tmp_path, text)
    assert above(found) == ("import tensorflow as tf", "x, y = build()")
    (tmp_path / "command.py").write_text("from kit.cli import main\n\nmain()\n")
    done = python("command.py", folder=tmp_path)
    assert done.stdout == "3.0\n", done.stderr


BUILT = BUILD + "\n\nstep = tf.Variable(0, name='step')\n"


def test_a_command_above_what_is_built_on_import(tmp_path: Path) -> None:
    assert cli(tmp_path, BUILT).startswith(f"import tensorflow as tf\n\n{SWITCH}\n")


def test_a_command_whose_module_builds_as_others_import_it(tmp_path: Path) -> None:
    files = {**INIT, "kit/cli.py": BUILT, "kit/other.py": "from kit.cli import build\n"}
    text, findings = rewritten(tmp_path, files)["kit/cli.py"]
    assert SWITCH not in text
    told = [it for it in findings if it.rule == "entry_point"]
    assert [(it.line, it.status) for it in told] == [(9, "left")]
    assert "a command of the project calls main()" in told[0].message


def test_one_line_for_a_command_is_ignored(tmp_path: Path) -> None:
    text = BUILD.replace("_=None):", "_=None):  # getter-compat: ignore[entry_point]")
    assert SWITCH not in cli(tmp_path, text)


# Imports by a call.


@pytest.mark.parametrize(
    "call",
    [
        "importlib.import_module('kit.net')",
        "importlib.import_module('.net', 'kit')",
        "importlib.import_module('..net', package='kit.sub')",
        "__import__('kit.net', fromlist=['main'])",
    ],
)
def test_a_module_imported_by_a_call_belongs_to_the_program(tmp_path: Path, call: str) -> None:
    text = f"import importlib\n\n\n{GUARD}\n    net = {call}\n    net.main()\n"
    files = {"kit/__init__.py": "", "kit/net.py": BUILD, "main.py": text}
    found = check_run(tmp_path, files, "3.0\n")
    assert above(found["main.py"][0])[0] == GUARD


def test_a_call_that_imports_what_builds_a_graph(tmp_path: Path) -> None:
    net = (
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\ny = tf.gradients(x * x, x)[0]\n"
    )
    text = f"""\
        import importlib
        import tensorflow as tf

        net = importlib.import_module("net")

        {GUARD}
            print(tf.Session().run(net.y, {{net.x: 3.0}}))
        """
    found = check_run(tmp_path, {"main.py": text, "net.py": net}, "6.0\n")["main.py"][0]
    assert found.index(SWITCH) < found.index('import_module("net")')


def test_an_import_under_try_of_what_builds_a_graph(tmp_path: Path) -> None:
    net = (
        "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\ny = tf.gradients(x * x, x)[0]\n"
    )
    text = f"""\
        import tensorflow as tf
        try:
            from net import x, y
        except ImportError:
            from kit.net import x, y

        {GUARD}
            print(tf.Session().run(y, {{x: 3.0}}))
        """
    found = check_run(tmp_path, {"main.py": text, "net.py": net}, "6.0\n")["main.py"][0]
    assert found.index(SWITCH) < found.index("from net import")


@pytest.mark.parametrize("call", ["import_module('.ops', __package__)", "import_module('kit.ops')"])
def test_tensorflow_of_a_module_imported_by_a_call(tmp_path: Path, call: str) -> None:
    files = {
        "kit/__init__.py": "",
        "kit/ops.py": "import tensorflow as tf\n",
        "kit/net.py": f"import importlib\n\nops = importlib.{call}\ny = ops.tf.log(1.0)\n",
    }
    text = rewritten(tmp_path, files)["kit/net.py"][0]
    assert text.endswith("y = ops.tf.math.log(1.0)\n")


def test_tensorflow_handed_on_by_a_module_that_has_it_from_a_call(tmp_path: Path) -> None:
    files = {
        "ops.py": 'import importlib\n\ntf = importlib.import_module("tensorflow")\n',
        "net.py": "from ops import tf\n\ny = tf.log(1.0)\n",
    }
    assert "tf.math.log" in rewritten(tmp_path, files)["net.py"][0]
