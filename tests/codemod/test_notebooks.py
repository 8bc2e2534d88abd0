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


BROKEN = notebook(cell("x = 1"), cell("import tensorflow", "print 'two'"))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{"cells": [', 1, "is no JSON"),
        ("[1, 2]", 1, "is no notebook"),
        ('{"worksheets": []}', 1, "is no notebook"),
        ('{\n "cells": {"cell_type": "code"}}', 2, "its cells are no list"),
        ('{"cells": null}', 1, "its cells are no list"),
        (BROKEN, BROKEN[: BROKEN.index("print")].count("\n") + 1, "cell 2:2: does not parse"),
    ],
)
def test_what_cannot_be_read_is_an_error(text: str, line: int, message: str) -> None:
    with pytest.raises(RewriteError) as caught:
        rewrite(text)
    assert message in caught.value.message
    assert caught.value.line == line


def test_command_line(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_bytes(notebook(*BEFORE).replace("\n", "\r\n").encode())
    command = [sys.executable, "-m", "getter_compat.codemod", "-q"]
    assert subprocess.run([*command, str(path)]).returncode == 1
    assert path.read_bytes() == notebook(*AFTER).replace("\n", "\r\n").encode()
    filtered = subprocess.run(
        [*command, "-", "--stdin-filename", "b.ipynb"],
        input=notebook(*BEFORE).encode(),
        capture_output=True,
    )
    assert filtered.stdout == notebook(*AFTER).encode()


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
