"""The work grows with a text, and not with its square: counted in calls, which no load changes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.projects import rewritten

TF = "import tensorflow as tf\n"

LINES = {
    "imports of one name": "import tensorflow as tf\nx = tf.to_float(y)\n",
    "imports in functions": "def f{i}():\n    import tensorflow as tf\n    tf.to_float(y)\n",
    "names imported": "from tensorflow import to_float as f{i}\nf{i}(x)\n",
    "names of compat.v1": "import tensorflow.compat.v1 as t{i}\nt{i}.to_float(x)\n",
    "imports that are tried": (
        "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n"
        "    import tensorflow as tf\n"
    ),
    "aliases": "a{i} = tf.layers\na{i}.dense(x, 3)\n",
    "a name that is bound again": "layer = tf.layers.Dense(3)\nx = layer.apply(x)\n",
    "an attribute that is": (
        "class C{i}(object):\n    def f(self):\n"
        "        self.x = tf.get_variable('w', [2])\n        return self.x.op.name\n"
    ),
    "global names": "def f{i}():\n    global g\n    g = tf.layers\n    g.dense(x, 3)\n",
    "scopes": "with tf.variable_scope('a'):\n    tf.get_variable('w', [2])\n",
    "comments": "x = tf.to_float(y)  # {i}\n",
    "layers of other defaults": "x = tf.keras.layers.LSTM(3)(y)\n",
    "what is left": "x = tf.contrib.unheard.of(y)\n",
}

SITES = {
    "a list": "x = [{}]\n",
    "the arguments of one call": "x = tf.to_float([{}])\n",
    "an f-string": "x = f'{{{}}}'\n",
}


def calls_made(function: Callable[[str], object], text: str) -> int:
    """How many functions are called while it runs."""
    count = 0

    def see(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(see)
    try:
        function(text)
    finally:
        sys.setprofile(None)
    return count


def check_growth(make: Callable[[int], str]) -> None:
    rewrite(make(3))  # what is made once a process
    assert calls_made(rewrite, make(120)) < 2.3 * calls_made(rewrite, make(60))


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_of_many_statements(line: str) -> None:
    check_growth(lambda count: TF + "".join(line.format(i=i) for i in range(count)))


@pytest.mark.parametrize("between", [", ", ",\n  "], ids=["one line", "lines"])
@pytest.mark.parametrize("statement", SITES.values(), ids=SITES)
def test_of_one_statement(statement: str, between: str) -> None:
    if "f'" in statement:
        between = "}{"
    check_growth(lambda count: TF + statement.format(between.join(["tf.to_float(y)"] * count)))


def test_of_one_import() -> None:
    def make(count: int) -> str:
        names = ", ".join(f"to_float as f{i}" for i in range(count))
        return f"from tensorflow import {names}\n" + "".join(f"f{i}(x)\n" for i in range(count))

    check_growth(make)


ROWS = {
    "stars": ("from m{i} import *\n", "tf"),
    "names": ("from m{i} import tf\n", "tf"),
    "names under others": ("from m{i} import t{i} as t{j}\n", "t{j}"),
}


@pytest.mark.parametrize(("line", "name"), ROWS.values(), ids=ROWS)
def test_a_row_of_modules_that_is_longer_than_python_recurses(
    tmp_path: Path, line: str, name: str
) -> None:
    count = sys.getrecursionlimit() // 2
    before = {"m0.py": "import tensorflow as tf\nt0 = tf\n"}
    for i in range(count):
        use = f"x = {name.format(j=i + 1)}.to_float(y)\n" if i == count - 1 else ""
        before[f"m{i + 1}.py"] = line.format(i=i, j=i + 1) + use
    text, _ = rewritten(tmp_path, before)[f"m{count}.py"]
    assert f"{name.format(j=count)}.cast(y, dtype=" in text


def test_stars_in_a_circle_of_which_none_has_the_name(tmp_path: Path) -> None:
    """Each of them from all others: as many ways lead through them as there are orders."""
    stars = [f"from m{i} import *\n" for i in range(12)]
    before = {f"m{i}.py": "".join(stars[:i] + stars[i + 1 :]) for i in range(12)}
    before["m0.py"] += "def f():\n    import tensorflow as tf\n"
    before["main.py"] = "from m1 import *\nx = tf.to_float(y)\n"
    assert rewritten(tmp_path, before)["main.py"][0] == before["main.py"]


def test_stars_that_meet_again_and_again(tmp_path: Path) -> None:
    """As many ways lead to the first module as two to the power of the rows."""
    before = {"a0.py": "import tensorflow as tf\n", "b0.py": "from a0 import *\n"}
    for i in range(40):
        before[f"a{i + 1}.py"] = before[f"b{i + 1}.py"] = (
            f"from a{i} import *\nfrom b{i} import *\n"
        )
    before["main.py"] = "from a40 import *\nx = tf.to_float(y)\n"
    assert "tf.cast(y, dtype=tf.float32)" in rewritten(tmp_path, before)["main.py"][0]
