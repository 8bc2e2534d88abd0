from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from getter_compat.codemod.findings import Finding, RewriteError
from getter_compat.codemod.notebooks import rewrite
from getter_compat.codemod.rewrite import Options
from tests.codemod.helpers import left

METADATA = {"kernelspec": {"language": "python", "name": "python3"}, "käse": "grün"}


def cell(*lines: str, kind: str = "code") -> dict[str, Any]:
    source = [f"{line}\n" for line in lines[:-1]] + list(lines[-1:])
    if kind != "code":
        return {"cell_type": kind, "metadata": {}, "source": source}
    outputs = [{"output_type": "stream", "text": ["tf.layers.dense(x, 3)\n", "\x1b[31m"]}]
    return {
        "cell_type": kind,
        "execution_count": 3,
        "metadata": {"scrolled": True},
        "outputs": outputs,
        "source": source,
    }


def notebook(*cells: dict[str, Any], metadata: dict[str, Any] = METADATA, **style: Any) -> str:
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 2}
    style = {"indent": 1, "ensure_ascii": False, **style}
    return json.dumps(content, **style) + "\n"


BEFORE = [
    cell("# tf.layers.dense", kind="markdown"),
    cell(
        "%matplotlib inline",
        "!pip install tensorflow==1.15 && \\",
        "  ls",
        "",
        "import tensorflow as tf",
    ),
    cell("%%bash", "echo tf.layers.dense(x)"),
    cell(),
    cell(
        "%%time",
        "names = !ls",
        "with tf.variable_scope('über'):",
        "    %timeit 3",
        "    y = tf.layers.dense(x, 3)  # 'dense'",
        "    print('%d'",
        "          % tf.to_float(y))",
        "    s = '''",
        "%not a magic",
        "'''",
        "tf.abs?",
    ),
    cell("tf.Session()"),
]
AFTER = [
    cell("# tf.layers.dense", kind="markdown"),
    cell(
        "%matplotlib inline",
        "!pip install tensorflow==1.15 && \\",
        "  ls",
        "",
        "import getter_compat",
        "import tensorflow as tf",
    ),
    cell("%%bash", "echo tf.layers.dense(x)"),
    cell(),
    cell(
        "%%time",
        "names = !ls",
        "with getter_compat.getter_scope('über'):",
        "    %timeit 3",
        "    y = getter_compat.layers.dense(x, 3)  # 'dense'",
        "    print('%d'",
        "          % tf.cast(y, dtype=tf.float32))",
        "    s = '''",
        "%not a magic",
        "'''",
        "tf.abs?",
    ),
    cell("tf.compat.v1.Session()"),
]


@pytest.mark.parametrize(
    "style",
    [
        {},
        {"indent": 4, "sort_keys": True},
        {"indent": None, "separators": (",", ":")},
        {"indent": "\t", "ensure_ascii": True},
    ],
)
def test_cells_are_rewritten_as_one_program(style: dict[str, Any]) -> None:
    result = rewrite(notebook(*BEFORE, **style))
    assert result.source == notebook(*AFTER, **style)
    again = rewrite(result.source)
    assert again.source == result.source
    assert not any(finding.status == "rewritten" for finding in again.findings)


@pytest.mark.parametrize(
    "style",
    [{}, {"indent": None}, {"indent": "\t", "ensure_ascii": True}, {"separators": (",", ":")}],
)
def test_a_finding_is_placed_in_the_file_and_tells_its_cell(style: dict[str, Any]) -> None:
    lines = ['x = tf.abs("\t\\\\ü\U0001f600", tf.log(y))\n', "z = 1; tf.", "Session()"]
    cells = [cell("!pip install tensorflow==1.15", "import tensorflow as tf"), cell()]
    cells = [cell("text", kind="markdown"), *cells, {"cell_type": "code", "source": lines}]
    text = notebook(*cells, **style)
    found = [(item.message.split()[1], read_at(text, item)) for item in rewrite(text).findings]
    places, texts = zip(*found, strict=True)
    assert places == ("2:1:1:", "4:1:21:", "4:2:8:")
    assert [text[:4] for text in texts] == ["!pip", "tf.l", 'tf."']


def test_place_in_a_source_of_one_string() -> None:
    text = notebook({"cell_type": "code", "source": "import tensorflow as tf\r\ntf.log(1)"})
    (finding,) = rewrite(text).findings
    assert finding.message == "cell 1:2:1: tf.log -> tf.math.log"
    assert read_at(text, finding).startswith("tf.log(1)")


def read_at(text: str, finding: Finding) -> str:
    """What stands in the file where the finding is."""
    return text.split("\n")[finding.line - 1][finding.column - 1 :]


def test_a_source_in_one_string_stays_one() -> None:
    one = {"cell_type": "code", "source": "import tensorflow as tf\ntf.abs(tf.log(x))"}
    new = {"cell_type": "code", "source": "import tensorflow as tf\ntf.abs(tf.math.log(x))"}
    assert rewrite(notebook(one)).source == notebook(new)


def test_lines_that_stay_keep_their_escapes() -> None:
    before = (
        '{"cells":[{"cell_type":"code","source":["import tensorflow as tf\\n", '
        '"a = \'\\u0041\'\\n", "y = tf.log(tf.abs(x))"]}]}'
    )
    assert rewrite(before).source == before.replace("tf.log", "tf.math.log")


def test_other_languages_stay() -> None:
    text = notebook(cell("tf.log(x)"), metadata={"language_info": {"name": "R"}})
    assert rewrite(text).source == text
    assert rewrite(text).findings == ()


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"cells": [', 1, "is no JSON"),
        ("[1, 2]", 1, "is no notebook"),
        ('{"worksheets": []}', 1, "is no notebook"),
        ('{\n "cells": {"cell_type": "code"}}', 2, "its cells are no list"),
        ('{"cells": null}', 1, "its cells are no list"),
    ],
)
def test_what_cannot_be_read_is_an_error(text: str, line: int, message: str) -> None:
    with pytest.raises(RewriteError) as caught:
        rewrite(text)
    assert message in caught.value.message
    assert caught.value.line == line


TF = cell("import tensorflow as tf")


@pytest.mark.parametrize(
    "bad",
    [
        ["x = 1", "print 'two'"],
        ["x = 1", "y = ("],
        ["", "'''"],
        ["x = 1", " y = 2"],
        ["x = 1", "tf.log(y) \\"],
        ["x = 1", "%%time in the middle", "y ="],
        [">>> tf.log(y)"],
    ],
)
def test_a_cell_that_cannot_be_read_is_an_error_and_the_rest_is_done(bad: list[str]) -> None:
    log, done = cell("y = tf.log(1)"), cell("y = tf.math.log(1)")
    before = notebook(TF, log, cell(*bad), log, cell("z = ", "tf.log(2)"), log)
    result = rewrite(before)
    expected = notebook(TF, done, cell(*bad), done, cell("z = ", "tf.log(2)"), done)
    assert result.source == expected
    assert len(result.findings) == 3
    first, second = result.troubles
    assert first.message.startswith("cell 3:")
    assert second.message.startswith("cell 5:1: does not parse")
    assert before.split("\n")[second.line - 1].strip() == '"z = \\n",'
    assert [(it.line, it.message) for it in result.troubles] == [
        (it.line, it.message) for it in result.troubles_after
    ]


def test_what_a_cell_that_cannot_be_read_may_use_stays_imported() -> None:
    cells = [cell("print tf.log(1)"), cell("tf.layers.dense(x, 2)")]
    result = rewrite(notebook(TF, *cells))
    after = [cell("import getter_compat", "import tensorflow as tf"), cells[0]]
    assert result.source == notebook(*after, cell("getter_compat.layers.dense(x, 2)"))


def test_an_error_of_the_rewrite_is_one_of_its_cell() -> None:
    bad = cell("s = f'{tf.variable_scope(\"", "tf.log(1)")
    result = rewrite(notebook(TF, bad, cell("tf.log(1)")))
    assert result.source == notebook(TF, bad, cell("tf.math.log(1)"))
    assert len(result.troubles) == 1


def test_errors_of_cells_are_told_with_their_lines_after_the_run(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    text = notebook(TF, cell("with tf.variable_scope('a'): pass"), cell("print tf.log(1)"))
    path.write_text(text.replace("print tf", "tf.log; print tf"))
    command = [sys.executable, "-m", "getter_compat.codemod", "-q", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    place, _, message = done.stdout.partition(": error: ")
    line = int(place.rpartition(":")[2])
    assert "print tf" in path.read_text().split("\n")[line - 1]
    assert message.startswith("cell 3:1: does not parse")


@pytest.mark.parametrize("blanks", [" ", "    ", "\t"])
def test_a_cell_that_is_indented_as_a_whole(blanks: str) -> None:
    lines = ["", "with tf.variable_scope('a'):", "  s = '''", "text", "'''", " ", "tf.log(1)"]
    new = ["", "with getter_compat.getter_scope('a'):", *lines[2:-1], "tf.math.log(1)"]
    indented = [[blanks + line if line.strip() else line for line in part] for part in (lines, new)]
    before = notebook(TF, cell(*indented[0]))
    result = rewrite(before)
    imports = cell("import getter_compat", "import tensorflow as tf")
    assert result.source in (
        notebook(cell("import getter_compat"), cell(*indented[1])),
        notebook(imports, cell(*indented[1])),
    )
    found = {read_at(before, finding)[:12] for finding in result.findings}
    assert {"tf.variable_", "tf.log(1)"} <= {text.rstrip('"') for text in found}


@pytest.mark.parametrize("magic", ["%%writefile ops.py", "%%file -a lib/ops.py"])
def test_a_cell_that_writes_a_file_of_tf1(magic: str) -> None:
    old = cell(magic, "import tensorflow as tf", "y = tf.layers.dense(x, 3)")
    text = notebook(cell("import tensorflow as tf"), old)
    result = rewrite(text)
    (found,) = result.findings
    assert result.source == text
    assert (found.status, found.rule, found.line) == ("left", "layers", line_of(text, magic))
    new = cell(magic, "import getter_compat", "y = getter_compat.layers.dense(x, 3)")
    assert not rewrite(notebook(new)).findings
    assert not rewrite(notebook(cell(magic, "{% if no python %}"))).findings
    assert not rewrite(notebook(cell("%%writefile ops.txt", *old["source"][1:]))).findings


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    "lines", [["!ls \\", "  -l"], ["z = !a \\", "b \\", "c"], ["%time \\", "f(x)"]]
)
@pytest.mark.parametrize("after", [[], [""], ["y = 1"]])
def test_a_command_over_several_lines(lines: list[str], after: list[str]) -> None:
    """It may end its cell: then no line end is added, and what is told keeps its place."""
    command, bad = cell(*lines, *after), cell("print x")
    result = rewrite(notebook(TF, command, bad, cell("tf.log(1)")))
    assert result.source == notebook(TF, command, bad, cell("tf.math.log(1)"))
    assert [item.status for item in result.findings] == ["rewritten"]
    assert result.troubles == result.troubles_after


def test_an_empty_line_ends_a_command_that_goes_on() -> None:
    result = rewrite(notebook(TF, cell("!ls \\", "", "y = tf.log(1)")))
    assert result.source == notebook(TF, cell("!ls \\", "", "y = tf.math.log(1)"))


@pytest.mark.parametrize("title", ["#@title Run me", "# a comment\n\n#@markdown text"])
def test_a_title_above_a_magic(title: str) -> None:
    lines = title.split("\n")
    bash = cell(*lines, "%%bash", "echo tf.log(x)")
    timed, done = (cell(*lines, "%%time", f"y = tf.{name}(1)") for name in ("log", "math.log"))
    result = rewrite(notebook(TF, bash, timed))
    assert result.source == notebook(TF, bash, done)
    assert result.troubles == ()


def test_python_behind_a_magic_is_rewritten() -> None:
    before = ["%time y = tf.log(x)", "if y:", "    %timeit -n 3 -r 5 tf.log(y)  # slow"]
    before += ["pip install -q gym", "ls -l", "x?", "/abs -3", "z = tf.log(1)  # why?"]
    after = [line.replace("tf.log", "tf.math.log") for line in before]
    text = notebook(TF, cell(*before))
    result = rewrite(text)
    assert (result.source, result.troubles) == (notebook(TF, cell(*after)), ())
    assert [read_at(text, finding)[:6] for finding in result.findings] == ["tf.log"] * 3
    assert result.findings[0].message.startswith("cell 2:1:11: ")


@pytest.mark.parametrize("switch", ["enable_eager_execution", "disable_v2_behavior"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_cell_may_hold_a_switch_alone(switch: str, end: str) -> None:
    sources = ["import tensorflow as tf", f"tf.{switch}(){end}", "tf.log(1)"]
    result = rewrite(notebook(*({"cell_type": "code", "source": text} for text in sources)))
    cells = json.loads(result.source)["cells"]
    assert len(cells) == 3
    assert cells[2]["source"] == "tf.math.log(1)"
    assert result.troubles == ()


def test_the_first_cell_of_notebooks_of_2020() -> None:
    first = cell("import tensorflow.compat.v1 as tf", "tf.disable_v2_behavior()")
    for cells in (
        [first],
        [first, cell("s = tf.Session()")],
        [first, cell("tf.layers.dense(x, 3)")],
    ):
        result = rewrite(notebook(*cells))
        assert result.troubles == ()
        assert rewrite(result.source).source == result.source


def test_command_line(tmp_path: Path) -> None:
    switch = "tf.compat.v1.disable_v2_behavior()"
    first = AFTER[1]["source"]
    after = notebook(
        AFTER[0], {**AFTER[1], "source": [*first[:-1], f"{first[-1]}\n", switch]}, *AFTER[2:]
    )
    path = tmp_path / "a.ipynb"
    path.write_bytes(notebook(*BEFORE).replace("\n", "\r\n").encode())
    command = [sys.executable, "-m", "getter_compat.codemod", "-q"]
    assert subprocess.run([*command, str(path)]).returncode == 1
    assert path.read_bytes() == after.replace("\n", "\r\n").encode()
    filtered = subprocess.run(
        [*command, "-", "--stdin-filename", "b.ipynb"],
        input=notebook(*BEFORE).encode(),
        capture_output=True,
    )
    assert filtered.stdout == after.encode()


def test_left_is_what_the_module_rules_leave() -> None:
    findings = rewrite(notebook(cell("import tensorflow as tf", "tf.Session()"))).findings
    assert [rule for _, rule in left(findings)] == ["symbols"]


def test_lines_that_ask_for_tensorflow_1_are_reported() -> None:
    lines = [
        "%tensorflow_version 1.x",
        "import tensorflow as tf",
        "tf.abs(1)",
        "!pip install numpy",
    ]
    (finding,) = rewrite(notebook(cell(*lines))).findings
    assert (finding.rule, finding.status) == ("v2_behavior", "left")
    others = frozenset({"symbols"})
    assert rewrite(notebook(cell(*lines)), Options(rules=others)).findings == ()


@pytest.mark.parametrize("newline", ["\r", "\r\n"])
def test_new_lines_end_as_those_of_the_cells(newline: str) -> None:
    lines = [f"import tensorflow as tf{newline}", f"tf.abs(tf.get_variable('v', [2])){newline}"]
    result = rewrite(notebook(*map(cell, lines))).source
    source = "".join(json.loads(result)["cells"][0]["source"])
    assert source == f"import getter_compat{newline}import tensorflow as tf{newline}"
