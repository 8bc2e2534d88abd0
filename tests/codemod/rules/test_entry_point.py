"""Where a program gets its switch to a graph; and programs, rewritten by one command and run."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import indent

import pytest

from tests import forking
from tests.codemod.helpers import python
from tests.codemod.projects import check_run, rewritten

SWITCH = "tf.compat.v1.disable_v2_behavior()"
GUARD = 'if __name__ == "__main__":'

BUILD = """\
import tensorflow as tf


def build():
    x = tf.placeholder(tf.float32, [None, 2])
    return x, tf.reduce_sum(x)


def main(_=None):
    x, y = build()
    with tf.Session() as session:
        print(session.run(y, {x: [[1.0, 2.0]]}))
"""


def above(text: str, line: str = SWITCH) -> tuple[str, str]:
    """What stands above and below the switch."""
    lines = [item.strip() for item in text.splitlines()]
    assert lines.count(line) == 1, text
    at = lines.index(line)
    return lines[at - 1], [*lines, ""][at + 1]


def after(tmp_path: Path, text: str, **others: str) -> str:
    """What becomes of main.py beside other files, whose names are given without `.py`."""
    files = {f"{name}.py": other for name, other in others.items()}
    return rewritten(tmp_path, {"main.py": text, **files})["main.py"][0]


def test_first_below_the_guard(tmp_path: Path) -> None:
    text = after(tmp_path, f"{BUILD}\n\n{GUARD}\n    # Train.\n    main()\n")
    assert above(text) == ("# Train.", "main()")


@pytest.mark.parametrize(
    "guard",
    ["if '__main__' == __name__:", "if __name__ == '__main__' and True:"],
)
def test_other_guards(tmp_path: Path, guard: str) -> None:
    assert above(after(tmp_path, f"{BUILD}\n{guard}\n    main()\n")) == (guard, "main()")


def test_a_guard_on_one_line(tmp_path: Path) -> None:
    text = after(tmp_path, f"{BUILD}\n{GUARD} main()\n")
    assert text.endswith(f"{GUARD} {SWITCH}; main()\n")


def test_a_guard_in_the_middle_of_a_file(tmp_path: Path) -> None:
    text = after(tmp_path, f"{BUILD}\n{GUARD}\n    main()\n\ndef late():\n    pass\n")
    assert above(text) == (GUARD, "main()")


def test_argparse_and_absl_below_a_guard(tmp_path: Path) -> None:
    run = f"from absl import app\n{BUILD}\n{GUARD}\n    app.run(main)\n"
    assert above(after(tmp_path / "absl", run)) == (GUARD, "app.run(main)")
    parse = "    parser = argparse.ArgumentParser()\n    main(parser.parse_args())\n"
    text = after(tmp_path / "argparse", f"import argparse\n{BUILD}\n{GUARD}\n{parse}")
    assert above(text) == (GUARD, "parser = argparse.ArgumentParser()")


def test_the_function_that_app_run_is_given(tmp_path: Path) -> None:
    text = BUILD.replace("    x, y = build()", '    """Train."""\n    x, y = build()')
    assert above(after(tmp_path / "given", f"{text}\ntf.app.run(main)\n")) == (
        '"""Train."""',
        "x, y = build()",
    )
    found = above(after(tmp_path / "found", f"{text}\ntf.app.run()\n"))
    assert found == ('"""Train."""', "x, y = build()")
    text = "import tensorflow as tf\nimport train\n\ntf.app.run(train.main)\n"
    text = after(tmp_path / "else", text, train=BUILD)
    assert above(text) == ("", "tf.compat.v1.app.run(train.main)")


def test_a_script_after_its_imports(tmp_path: Path) -> None:
    text = (
        "import tensorflow as tf\nimport numpy as np\n\nrate = 0.1\ntf.Session().run(tf.ones([]))\n"
    )
    assert above(after(tmp_path, text)) == ("", "")
    assert after(tmp_path, text).startswith(
        f"import tensorflow as tf\nimport numpy as np\n\n{SWITCH}\n\nrate"
    )


def test_a_script_without_a_session(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\ny = tf.gradients(x * x, x)\n"
    assert after(tmp_path, text).startswith(f"import tensorflow as tf\n\n{SWITCH}\n")


@pytest.mark.parametrize(
    "script",
    [
        "import train\n\ntrain.main()\n",
        "from train import main\n\nmain()\n",
        "import train\n\n\ndef start():\n    train.main()\n\n\nstart()\n",
        "import train\n\nlosses = sorted(train.Trainer().fit())\n",
    ],
)
def test_a_script_whose_session_is_in_another_file(tmp_path: Path, script: str) -> None:
    trainer = "\n\nclass Trainer:\n    def fit(self):\n        main()\n        return []\n"
    script += "print(4.0)\n"
    result = check_run(tmp_path, {"main.py": script, "train.py": BUILD + trainer}, "3.0\n4.0\n")
    assert SWITCH in result["main.py"][0]


@pytest.mark.parametrize(
    "call",
    [
        "slim.learning.train(op, path)",
        "slim.evaluation.evaluate_once('', path, path)",
        "tf.contrib.training.train(op, path)",
        "tf.contrib.training.evaluate_repeatedly(path)",
        "tf.contrib.summary.initialize(session=session)",
    ],
)
def test_a_program_whose_session_is_contribs(tmp_path: Path, call: str) -> None:
    text = f"import tensorflow as tf\nfrom tensorflow.contrib import slim\n\n{GUARD}\n    {call}\n"
    assert above(after(tmp_path, text))[0] == GUARD


def test_a_module_that_names_what_runs_a_graph_is_no_script(tmp_path: Path) -> None:
    text = 'import train\n\nCOMMANDS = {"train": train.main}\nNAMES = sorted(COMMANDS)\n'
    assert after(tmp_path, text, train=BUILD) == text


def test_a_module_of_a_package_is_no_script(tmp_path: Path) -> None:
    module = "from net import train\n\nRESULT = train.main()\n"
    files = {"net/__init__.py": "", "net/train.py": BUILD, "net/late.py": module}
    assert rewritten(tmp_path, files)["net/late.py"][0] == module


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("import tensorflow as tf; ", f"import tensorflow as tf; {SWITCH}; session = "),
        ("import os; import tensorflow as tf; ", f"tensorflow as tf; {SWITCH}; session = "),
        ("from train import tf; ", f"from train import tf; {SWITCH}; session = "),
    ],
)
def test_before_code_on_the_line_of_an_import(tmp_path: Path, first: str, expected: str) -> None:
    script = f"{first}session = tf.Session()\nprint(session.run(tf.constant(3)))\n"
    result = check_run(tmp_path, {"main.py": script, "train.py": BUILD}, "3\n")
    assert expected in result["main.py"][0]


def test_before_code_on_the_line_of_an_import_in_a_file_with_a_guard(tmp_path: Path) -> None:
    first = "import tensorflow as tf; y = tf.placeholder(tf.float32)\n"
    text = after(tmp_path, f"{first}{BUILD}\n\n{GUARD}\n    main()\n")
    compile(text, "main.py", "exec")
    assert above(text) == (GUARD, "y = tf.compat.v1.placeholder(tf.float32)")


def test_before_what_the_file_makes_itself(tmp_path: Path) -> None:
    text = f"import tensorflow as tf\n\nstep = tf.Variable(0)\n\n{BUILD}\n{GUARD}\n    main()\n"
    text = after(tmp_path, text)
    assert text.startswith(f"import tensorflow as tf\n\n{GUARD}\n    {SWITCH}\n\nstep")
    assert text.endswith(f"{GUARD}\n    main()\n")


def test_before_the_import_of_a_module_that_makes_something(tmp_path: Path) -> None:
    text = f"import os\nimport train\n\n{GUARD}\n    train.main()\n"
    train = f"import net\n{BUILD}"
    net = "import tensorflow as tf\n\nstep = tf.train.get_or_create_global_step()\n"
    assert after(tmp_path, text, train=train, net=net).startswith(
        f"import os\nimport tensorflow as tf\n{GUARD}\n    {SWITCH}\nimport train\n"
    )


def test_the_graph_is_in_another_file(tmp_path: Path) -> None:
    text = f"from train import main\n\n{GUARD}\n    main()\n"
    text = after(tmp_path, text, train=BUILD)
    assert above(text) == (GUARD, "main()")
    assert "import tensorflow as tf\n" in text


def test_a_file_that_opens_its_session_by_a_function_of_another(tmp_path: Path) -> None:
    """What the file says of a session is not all that the program does with one."""
    util = f"{BUILD}\ndef single_session():\n    return tf.Session()\n"
    text = f"import util\n\n{GUARD}\n    with util.single_session():\n        util.main()\n"
    assert above(after(tmp_path, text, util=util))[0] == GUARD


def test_a_second_run_reads_what_the_first_has_written(tmp_path: Path) -> None:
    """A switch in one file says nothing of another that imports it: `rewritten` runs twice."""
    model = f"{BUILD}\n{GUARD}\n    main()\n"
    text = f"import model\n\n# No Session here.\n{GUARD}\n    model.main()\n"
    result = rewritten(tmp_path, {"main.py": text, "model.py": model})
    assert above(result["model.py"][0])[0] == GUARD
    assert above(result["main.py"][0])[0] == GUARD


def test_graphs_of_another_file_in_a_program_that_says_no_word_of_them(tmp_path: Path) -> None:
    """The line that is written has to stand in the next run: it was refused."""
    net = BUILD.replace("print(", "session.run('w:0')\n        print(")
    net += "\n\ndef own():\n    with tf.Graph().as_default():\n        train()\n"
    net = net.replace("def main(", "def train(")
    text = (
        "import tensorflow.compat.v1 as tf\nimport net\n\n\ndef main(_):\n    net.own()\n\n\n"
        f"def console():\n    tf.app.run(main)\n\n\n{GUARD}\n    console()\n"
    )
    assert above(after(tmp_path, text, net=net)) == (GUARD, "console()")


def test_a_module_is_never_switched(tmp_path: Path) -> None:
    result = rewritten(
        tmp_path, {"net.py": f"{BUILD}\nx, y = build()\n", "main.py": "import net\n"}
    )
    assert "disable" not in result["net.py"][0]


@pytest.mark.parametrize(
    "line",
    [
        "tf.disable_v2_behavior()",
        "tf.compat.v1.disable_eager_execution()",
        "tf.enable_eager_execution()",
    ],
)
def test_what_the_program_says_itself_stands(tmp_path: Path, line: str) -> None:
    said = f"tf.compat.v1.{line.rpartition('.')[2]}"
    text = f"{BUILD}\n{GUARD}\n    {line}\n    main()\n"
    text = after(tmp_path / "here", text)
    assert above(text, said) == (GUARD, "main()")
    assert text.count("able_") == 1
    text = f"import setup\n{BUILD}\n{GUARD}\n    main()\n"
    setup = f"import tensorflow as tf\n\n{line}\n"
    result = rewritten(tmp_path / "there", {"main.py": text, "setup.py": setup})
    assert "able_" not in result["main.py"][0]
    assert said in result["setup.py"][0]


def test_resource_variables_are_still_asked_for(tmp_path: Path) -> None:
    text = f"{BUILD}\n{GUARD}\n    tf.enable_resource_variables()\n    main()\n"
    asked = "tf.compat.v1.enable_resource_variables()"
    assert above(after(tmp_path, text)) == (GUARD, asked)


def in_own_graph(folder: Path, text: str) -> str:
    """The text, with a graph of its own around `main()`, after a run."""
    body = "    with tf.Graph().as_default() as graph:\n        main()\n"
    return after(folder, f"{text}\n{GUARD}\n{body}")


def test_graphs_of_its_own_need_nothing(tmp_path: Path) -> None:
    body = "    with tf.Graph().as_default() as graph:\n        main()\n"
    body += "    with tf.Session(graph=graph) as session:\n        pass\n"
    assert "disable" not in after(tmp_path / "own", f"{BUILD}\n{GUARD}\n{body}")
    both = f"{BUILD}\n{GUARD}\n{body}    main()\n"
    assert above(after(tmp_path / "both", both))[0] == GUARD


@pytest.mark.parametrize(
    "line",
    [
        "session.run('net/w:0')",
        "tf.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ['y'])",
        "session.run([train_op, tf.train.get_or_create_global_step()])",
        "w = tf.Variable(1.0)\n        session.run([tf.square(y), w])",
        "fetches = {'y': y}\n        session.run(fetches)",
        "session.run(list(ops))",
        "loss, average = losses()\n        session.run(feed_dict={}, fetches=(loss, average))",
        "tf.cond(y > 0, lambda: [y], lambda: [-y])",
        "tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])",
        "shape = y.get_shape()",
        "n = y.get_shape()[0] * 2",
        "n = y.get_shape().dims[0]",
    ],
)
def test_graphs_of_its_own_in_which_a_variable_has_to_be_that_of_tf1(
    tmp_path: Path, line: str
) -> None:
    text = BUILD.replace("print(", f"{line}\n        print(")
    assert above(in_own_graph(tmp_path, text))[0] == GUARD


@pytest.mark.parametrize(
    "line",
    [
        "loss = tf.reduce_mean(y)\n        session.run([loss, tf.square(loss)])",
        "train = tf.train.GradientDescentOptimizer(0.1).minimize(y)\n"
        "        loss = tf.losses.mean_squared_error(y, y)\n"
        "        session.run([train, loss, tf.summary.merge_all()])",
        "w = tf.Variable(1.0)\n        session.run(w)\n        session.run([w])",
        "session.run({'y': tf.square(y), 'all': [tf.no_op(), tf.abs(y)]})",
        "session.run(net.train)",
        "n = y.get_shape().as_list()[0] * 2",
        "n = y.get_shape()[0].value",
    ],
)
def test_graphs_of_its_own_that_are_the_same_with_variables_of_tf2(
    tmp_path: Path, line: str
) -> None:
    text = BUILD.replace("print(", f"{line}\n        print(")
    assert "disable" not in in_own_graph(tmp_path, text)


@pytest.mark.parametrize("call", ["tf.app.run(own)", "own(0)\n    subprocess.run(['ls', name])"])
def test_what_a_module_runs_is_no_session(tmp_path: Path, call: str) -> None:
    own = "\n\ndef own(_):\n    with tf.Graph().as_default():\n        main()\n"
    text = f"import subprocess\n{BUILD}{own}".replace("main(", "train(")
    assert "disable" not in after(tmp_path, f"{text}\n{GUARD}\n    {call}\n")


def test_what_a_function_is_given_to_fetch_may_be_anything(tmp_path: Path) -> None:
    text = BUILD + "\n\ndef train(session, ops):\n    return session.run(ops)\n"
    text = text.replace("print(", "train(session, [y])\n        print(")
    assert above(in_own_graph(tmp_path, text))[0] == GUARD


def test_what_is_not_used_does_not_count(tmp_path: Path) -> None:
    """A file may be imported by programs of both kinds."""
    eager = f"from common import size\nimport tensorflow as tf\n\n{GUARD}\n    print(size())\n"
    graph = f"from common import main\n\n{GUARD}\n    main()\n"
    common = f"{BUILD}\n\ndef size():\n    return tf.ones([2]).shape\n"
    result = rewritten(tmp_path, {"eager.py": eager, "graph.py": graph, "common.py": common})
    assert "disable" not in result["eager.py"][0]
    assert above(result["graph.py"][0]) == (GUARD, "main()")
    assert "disable" not in result["common.py"][0]


def test_only_in_a_comment_or_a_string(tmp_path: Path) -> None:
    text = f'import tensorflow as tf\n# tf.Session()\n\n{GUARD}\n    print("tf.placeholder")\n'
    assert after(tmp_path, text) == text


def test_keras_layers_that_need_tensorflow_2(tmp_path: Path) -> None:
    layer = BUILD.replace("tf.reduce_sum(x)", "tf.keras.layers.LSTM(2)(x[None])")
    text = after(tmp_path / "here", f"{layer}\n{GUARD}\n    main()\n")
    assert above(text, "tf.compat.v1.disable_eager_execution()") == (GUARD, "main()")
    net = "import tensorflow as tf\n\ndef net(x):\n    return tf.layers.Conv2DTranspose(2, 3)(x)\n"
    text = f"from net import net\n{BUILD}\n{GUARD}\n    main(net)\n"
    text = after(tmp_path / "there", text, net=net)
    assert above(text, "tf.compat.v1.disable_eager_execution()") == (GUARD, "main(net)")


def test_for_eager_execution_nothing_is_written(tmp_path: Path) -> None:
    text = f"import tensorflow as tf\ntf.disable_v2_behavior()\n{BUILD}\n{GUARD}\n    main()\n"
    assert "disable" not in rewritten(tmp_path, {"main.py": text}, target="eager")["main.py"][0]


def test_a_comment_keeps_the_line_away(tmp_path: Path) -> None:
    text = f"{BUILD}\n{GUARD}\n    main()  # getter-compat: ignore[entry_point]\n"
    assert "disable" not in after(tmp_path, text)


def test_a_notebook_after_its_import_of_tensorflow(tmp_path: Path) -> None:
    cells = [
        ["%matplotlib inline\n", "import os"],
        ["import tensorflow as tf\n", "import numpy as np"],
        ["tf.Session().run(tf.placeholder(tf.float32))"],
    ]
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": it,
            }
            for it in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 2,
    }
    text = rewritten(tmp_path, {"main.ipynb": json.dumps(notebook)})["main.ipynb"][0]
    source = json.loads(text)["cells"][1]["source"]
    assert source == ["import tensorflow as tf\n", f"{SWITCH}\n", "import numpy as np"]


def test_a_program_that_does_not_run_yet_says_why_where_it_starts(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(f"import old\nimport net\n{BUILD}\n\n{GUARD}\n    main()\n")
    (tmp_path / "old.py").write_text("import tensorflow as tf\ntf.Session()\nprint 'two'\n")
    (tmp_path / "net.py").write_text("import tensorflow as tf\n\nf = tf.contrib.nccl.all_sum\n")
    (tmp_path / "other.py").write_text("import tensorflow as tf\n\nf = tf.contrib.nccl.all_sum\n")
    for options in (("--check",), (), ()):
        done = python("-m", "getter_compat.codemod", *options, ".", folder=tmp_path)
        told = [line for line in done.stdout.splitlines() if "does not run yet" in line]
        (why,) = [line.partition(": entry_point ")[2] for line in told]
        reasons = why.removeprefix("this program does not run yet: ").split("; ")
        assert "net.py:3: 1 left for a person there" in reasons
        assert any(reason.startswith("old.py:3: does not parse: Missing") for reason in reasons)
        assert len(reasons) == 2
        line = int(told[0].split(":")[1])
        assert (tmp_path / "main.py").read_text().splitlines()[line - 1] == GUARD
        assert done.returncode == 2, "a file could not be read"
    (tmp_path / "old.py").write_text("")
    for number in range(9):
        (tmp_path / f"net{number}.py").write_text((tmp_path / "net.py").read_text())
    imports = "".join(f"import net{number}\n" for number in range(9))
    (tmp_path / "main.py").write_text(imports + (tmp_path / "main.py").read_text())
    done = python("-m", "getter_compat.codemod", ".", folder=tmp_path)
    (why,) = [line for line in done.stdout.splitlines() if "does not run yet" in line]
    assert why.endswith("; 5 more of its files")
    for number in range(9):
        (tmp_path / f"net{number}.py").write_text("")
    assert python("-m", "getter_compat.codemod", ".", folder=tmp_path).returncode == 1
    (tmp_path / "net.py").write_text("")
    done = python("-m", "getter_compat.codemod", "main.py", folder=tmp_path)
    assert (done.returncode, "entry_point" in done.stdout) == (0, False)


# Programs that run.

KERAS = pytest.mark.parametrize("legacy", ["0", "1"])

TRAIN = """\
import numpy as np
import tensorflow as tf

FLAGS = tf.app.flags.FLAGS
tf.app.flags.DEFINE_integer("steps", 3, "how long to train")


def network(x):
    with tf.variable_scope("net"):
        h = tf.layers.dense(x, 4, tf.nn.relu, kernel_initializer=tf.ones_initializer())
        return tf.layers.dense(h, 1, kernel_initializer=tf.ones_initializer())


def main(_):
    x = tf.placeholder(tf.float32, [None, 2])
    loss = tf.reduce_mean(tf.square(network(x)))
    step = tf.train.get_or_create_global_step()
    train_op = tf.train.GradientDescentOptimizer(0.001).minimize(loss, global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(FLAGS.steps):
            _, at, value = session.run([train_op, step, loss], {x: np.ones([1, 2])})
            print(at, "%.4f" % value)
"""


@KERAS
def test_training_by_app_run(tmp_path: Path, legacy: str) -> None:
    """The step that is read is that after the update, as with TF1's own variables."""
    check_run(
        tmp_path,
        {"main.py": f"{TRAIN}\n\n{GUARD}\n    tf.app.run()\n"},
        "1 64.0000\n2 56.8839\n3 50.8755\n",
        TF_USE_LEGACY_KERAS=legacy,
    )


@KERAS
def test_a_package_of_three_modules_and_an_entry_point(tmp_path: Path, legacy: str) -> None:
    check_run(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/inputs.py": "import tensorflow as tf\n\n"
            "x = tf.placeholder(tf.float32, [None, 2])\n",
            "pkg/nets.py": "from .inputs import *\n\n\ndef net():\n"
            "    return tf.layers.Dense(1, kernel_initializer=tf.ones_initializer())(x)\n",
            "main.py": "import argparse\nfrom pkg import inputs\nfrom pkg.nets import net, tf\n\n"
            "def main():\n    argparse.ArgumentParser().parse_args()\n    y = net()\n"
            "    with tf.Session() as session:\n"
            "        session.run(tf.global_variables_initializer())\n"
            "        print(session.run(y, {inputs.x: [[1.0, 2.0]]}))\n\n"
            f"{GUARD}\n    main()\n",
        },
        "[[3.]]\n",
        TF_USE_LEGACY_KERAS=legacy,
    )


@KERAS
def test_a_recurrent_keras_layer_in_a_session(tmp_path: Path, legacy: str) -> None:
    check_run(
        tmp_path,
        {
            "main.py": "import numpy as np\nimport tensorflow as tf\n\n"
            "x = tf.placeholder(tf.float32, [None, 4, 2])\n"
            "y = tf.keras.layers.LSTM(3, kernel_initializer='zeros', bias_initializer='zeros',\n"
            "                         unit_forget_bias=False)(x)\n"
            "session = tf.Session()\n"
            "session.run(tf.global_variables_initializer())\n"
            "print(session.run(y, {x: np.ones([1, 4, 2])}))\n"
        },
        "[[0. 0. 0.]]\n",
        TF_USE_LEGACY_KERAS=legacy,
    )


def test_graphs_of_its_own_run_without_a_switch(tmp_path: Path) -> None:
    body = "    with tf.Graph().as_default():\n        main()\n"
    check_run(tmp_path, {"main.py": f"{BUILD}\n{GUARD}\n{body}"}, "3.0\n")


def test_a_variable_fetched_by_its_name_from_a_graph_of_its_own(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n\nwith tf.Graph().as_default():\n"
    text += "    w = tf.get_variable('w', initializer=3.0)\n"
    text += "    with tf.Session() as session:\n"
    text += "        session.run(w.initializer)\n        print(session.run('w:0'))\n"
    check_run(tmp_path, {"main.py": text}, "3.0\n")


def test_a_program_of_both_kinds_in_one_folder(tmp_path: Path) -> None:
    eager = "from common import twice\nimport tensorflow as tf\ntf.enable_eager_execution()\n\n"
    eager += f"{GUARD}\n    print(twice(tf.ones([])).numpy())\n"
    common = f"{BUILD}\n\ndef twice(x):\n    return 2 * x\n"
    graph = f"from common import main\n\n{GUARD}\n    main()\n"
    files = {"eager.py": eager, "main.py": graph, "common.py": common}
    check_run(tmp_path, files, "3.0\n")
    check_run(tmp_path, {}, "2.0\n", main="eager.py")


@pytest.mark.parametrize(
    "start",
    [
        "@experiment.automain\ndef train():\n    main()\n",
        f"@experiment.main\ndef train():\n    main()\n\n{GUARD}\n    experiment.run()\n",
        f"{GUARD}\n    fire.Fire()\n",
        f"{GUARD}\n    globals()[arguments.mode]()\n",
        f"{GUARD}\n    eval(arguments.mode)()\n",
        "class Runner:\n    def go(self):\n        main()\n\n"
        f"{GUARD}\n    getattr(Runner(), arguments.mode)()\n",
        "@keep\ndef train():\n    main()\n\nfor function in KEPT:\n    function()\n",
        "class Test(unittest.TestCase):\n    def test(self):\n        main()\n\nunittest.main()\n",
    ],
)
def test_what_is_called_by_others(tmp_path: Path, start: str) -> None:
    """Experiment runners, command lines and registers call functions that no text names."""
    assert after(tmp_path, f"{BUILD}\n\n{start}").count(SWITCH) == 1


@pytest.mark.parametrize(
    "unused",
    [
        "@contextlib.contextmanager\ndef running():\n    yield main()\n",
        "@gin.configurable\ndef train():\n    main()\n",
        f"def train():\n    main()\n\n{GUARD}\n    print(getattr(arguments, 'x', 1), v.eval(3))\n",
    ],
)
def test_what_calls_nothing(tmp_path: Path, unused: str) -> None:
    assert SWITCH not in after(tmp_path, f"{BUILD}\n\n{unused}")


@pytest.mark.parametrize("spelled", [".net", "package.net"])
def test_a_package_that_is_run_by_its_name(tmp_path: Path, spelled: str) -> None:
    start = f"from {spelled} import main\n\nmain()\n"
    files = {"package/__init__.py": "", "package/net.py": BUILD, "package/__main__.py": start}
    check_run(
        tmp_path,
        {**files, "run.py": "import runpy\nrunpy.run_module('package', run_name='__main__')\n"},
        "3.0\n",
        main="run.py",
    )


def test_a_script_beside_an_empty_init(tmp_path: Path) -> None:
    files = {"__init__.py": "", "net.py": BUILD, "main.py": "from net import main\n\nmain()\n"}
    check_run(tmp_path, files, "3.0\n")


def test_a_module_of_a_package_is_no_start(tmp_path: Path) -> None:
    """It is imported by others, whatever it calls then."""
    files = {
        "p/__init__.py": "",
        "p/net.py": BUILD,
        "p/more.py": "from p.net import main\n\nmain()\n",
    }
    assert SWITCH not in rewritten(tmp_path, files)["p/more.py"][0]


MODEL = """\
import tensorflow as tf


class Model(object):
    def __init__(self):
        self.graph = tf.Graph()
        with self.graph.as_default():
            self.build()
        self.session = tf.Session(graph=self.graph)
        self.session.run(self.init)

    def build(self):
        self.x = tf.placeholder(tf.float32, [None, 1])
        self.rate = tf.Variable(0.25, trainable=False)
        self.w = tf.get_variable("w", [1], initializer=tf.ones_initializer())
        self.loss = tf.reduce_mean(tf.square(self.x * self.w - 3.0))
        self.train = tf.train.GradientDescentOptimizer(self.rate).minimize(self.loss)
        self.init = tf.global_variables_initializer()
"""
# What is asked of it where its graph is not entered; TensorFlow 1.15.5 prints these answers.
ASKED = """\
net = Model()
print(net.session.run([net.train, net.w], {net.x: [[1.0]]})[1])
print(net.session.run(net.loss, {net.x: [[1.0]], net.rate: 1.0}))
print({net.w: 1}[net.w], net.w in [net.rate, net.w], net.x.shape[0])
print(net.rate.eval(net.session))
"""
ANSWERS = "[2.]\n1.0\n1 True ?\n0.25\n"


@pytest.mark.parametrize("head", ["", "import tensorflow as tf\n", f"{GUARD}\n"])
def test_a_class_with_a_graph_of_its_own(tmp_path: Path, head: str) -> None:
    asked = indent(ASKED, "    ") if GUARD in head else ASKED
    files = {"main.py": f"from model import Model\n{head}\n{asked}", "model.py": MODEL}
    check_run(tmp_path, files, ANSWERS)


@pytest.mark.parametrize(
    ("kept", "is_of_graph"),
    [
        ("self.w = w", True),
        ("self.w, self.y = w, y", True),
        ("self.loss = session.run(y)", False),
        ("self.loss, self.rate = session.run([y, y])", False),
        ("self.step += 1", False),
        ("self.step = 1", False),
    ],
)
def test_what_a_class_keeps_of_its_graph(tmp_path: Path, kept: str, is_of_graph: bool) -> None:
    text = "import tensorflow as tf\n\nclass Model:\n    def __init__(self):\n"
    text += "        with tf.Graph().as_default(), tf.Session() as session:\n"
    text += "            w = tf.Variable(1.0)\n            y = tf.identity(w)\n"
    text += f"            session.run(w.initializer)\n            {kept}\n\n{GUARD}\n    Model()\n"
    assert (SWITCH in after(tmp_path, text)) is is_of_graph


def test_what_leaves_its_graph_by_a_name(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n\nwith tf.Graph().as_default() as graph:\n"
    text += "    w = tf.Variable(1.0)\n    y = 2.0 * w\n"
    text += "    with tf.Session() as session:\n"
    text += "        session.run(w.initializer)\n        z = session.run(y)\n"
    assert SWITCH in after(tmp_path / "outside", f"{text}print({{w: z}})\n")
    assert SWITCH not in after(tmp_path / "numbers", f"{text}print(z)\n")


def test_a_variable_that_is_read_beside_its_update_in_a_graph_of_its_own(tmp_path: Path) -> None:
    """Without the line it is one step behind. TensorFlow 1.15.5 prints these numbers."""
    text = """\
import tensorflow as tf

with tf.Graph().as_default():
    w = tf.Variable(1.0)
    train = tf.train.GradientDescentOptimizer(0.25).minimize(tf.square(w - 3.0))
    fetches = {"train": train}
    fetches["w"] = w
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            print(session.run(fetches)["w"])
"""
    check_run(tmp_path, {"main.py": text}, "2.0\n2.5\n2.75\n")


OWN_GRAPH = """\
import tensorflow as tf

graph = tf.Graph()
with graph.as_default():
    x = tf.placeholder(tf.float32, [None])
    step = tf.Variable(3, trainable=False)
    y = tf.reduce_sum(x)
    saver = tf.train.Saver()
    init = tf.global_variables_initializer()
with tf.Session(graph=graph) as session:
    session.run(init)
"""


@pytest.mark.parametrize(
    "line",
    [
        "tf.summary.FileWriter('log', graph).close()",
        "print(saver.save(session, 'saved/m', global_step=step))",
        "tf.saved_model.simple_save(session, 'served', {'x': x}, {'y': y})",
    ],
)
def test_what_needs_a_graph_outside_of_those_of_the_program(tmp_path: Path, line: str) -> None:
    text = OWN_GRAPH.replace("with tf.Session", "session = tf.Session").replace(" as session:", "")
    text = f"{text.replace('    session.run', 'session.run')}{line}\n"
    assert SWITCH in after(tmp_path / "outside", text)
    assert SWITCH not in after(tmp_path / "inside", f"{OWN_GRAPH}    {line}\n")
    assert SWITCH not in after(tmp_path / "none", OWN_GRAPH)


@pytest.mark.parametrize(
    "name",
    [
        "tf.contrib.framework.get_or_create_global_step",
        "tf.contrib.framework.create_global_step",
        "tf.contrib.slim.get_or_create_global_step",
        "tf.train.get_or_create_global_step",
    ],
)
def test_names_that_contrib_has_too_count_alike(tmp_path: Path, name: str) -> None:
    text = OWN_GRAPH.replace("tf.Variable(3, trainable=False)", f"{name}()")
    assert SWITCH in after(tmp_path, text)


TESTS = """\
import tensorflow as tf
from net import build


def test_of_a_sum():
    x, y = build()
    with tf.Session() as session:
        assert session.run(y, {x: [[1.0, 2.0]]}) == 3.0
"""


@pytest.mark.parametrize("method", ["test_session", "cached_session"])
def test_a_test_that_says_nothing_of_tensorflow_1_but_its_session(
    tmp_path: Path, method: str
) -> None:
    text = f"""\
import tensorflow as tf


class Test(tf.test.TestCase):
    def test_zeros(self):
        zeros = tf.zeros([2])
        with self.{method}() as session:
            self.assertAllEqual(session.run(zeros), [0, 0])


{GUARD}
    tf.test.main()
"""
    assert above(after(tmp_path, text)) == (GUARD, "tf.test.main()")
    assert forking.python(tmp_path / "main.py").returncode == 0


def test_tests_that_pytest_calls_are_told_to_switch_in_a_conftest(tmp_path: Path) -> None:
    folder = tmp_path / "without"
    files = {"net.py": BUILD, "tests/test_net.py": TESTS}
    text, findings = rewritten(folder, files)["tests/test_net.py"]
    (left,) = (it for it in findings if it.status == "left")
    assert (left.rule, left.line, left.place.end_line) == ("entry_point", 5, 5)
    assert "conftest.py" in left.message
    assert SWITCH not in text
    asked = [folder / "tests" / "test_net.py", "-q", "-p", "no:cacheprovider"]
    assert "1 failed" in forking.python("-m", "pytest", *asked, folder=folder).stdout
    # What it says is done, and the tests run, and are left no more.
    (folder / "setup.cfg").touch()
    (folder / "conftest.py").write_text(f"import tensorflow as tf\n\n{SWITCH}\n")
    assert "1 passed" in forking.python("-m", "pytest", *asked, folder=folder).stdout
    again = rewritten(folder, {"tests/test_net.py": text})["tests/test_net.py"]
    assert [it.status for it in again[1]] == ["runs"] * len(again[1])


def test_the_line_is_spelled_by_a_name_that_was_given_tensorflow(tmp_path: Path) -> None:
    files = {
        "ops.py": "import tensorflow as tf\n",
        "main.py": "import ops as O\ntf = O.tf\n\nif __name__ == '__main__':\n"
        "    x = tf.placeholder(tf.float32)\n    print(tf.Session().run(x, {x: 1.0}))\n",
    }
    text, _ = rewritten(tmp_path, files)["main.py"]
    assert f"    {SWITCH}\n    x = " in text
    assert "import tensorflow" not in text


@pytest.mark.parametrize("top", [".git", "pyproject.toml", "pytest.ini", "setup.py", ""])
def test_a_conftest_above_the_project_says_nothing_of_it(tmp_path: Path, top: str) -> None:
    (tmp_path / "conftest.py").write_text(f"import tensorflow as tf\n\n{SWITCH}\n")
    folder = tmp_path / "project"
    folder.mkdir()
    if top:
        (folder / top).touch()
    files = {"net.py": BUILD, "tests/test_net.py": TESTS}
    _, findings = rewritten(folder, files)["tests/test_net.py"]
    assert any("conftest.py" in it.message for it in findings)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("test_net.py", f"{TESTS}\n\nif __name__ == '__main__':\n    test_of_a_sum()\n"),
        ("test_net.py", TESTS.replace("\n\n\n", "\n\ntf.disable_v2_behavior()\n\n\n")),
        ("test_net.py", TESTS.replace("    x, y", "    with tf.Graph().as_default(): x, y")),
        ("helpers.py", TESTS),
        ("test_sums.py", "import tensorflow as tf\n\n\ndef test():\n    tf.log(3)\n"),
    ],
    ids=["guard", "switch", "own graph", "no tests", "no graph"],
)
def test_other_tests_are_not(tmp_path: Path, name: str, text: str) -> None:
    own = text.replace("with tf.Session()", "with tf.Session(graph=tf.Graph())")
    found = rewritten(
        tmp_path, {"net.py": "def build():\n    pass\n", name: own if "Graph()" in text else text}
    )
    assert not [it for it in found[name][1] if "conftest" in it.message]


# Graphs of estimators. TensorFlow 1.15.5 prints `?` and [2. 3.].

ESTIMATOR = """\
import tensorflow as tf


def model_fn(features, labels, mode):
    doubled = features.shape[0] * 2
    print(doubled)
    return tf.estimator.EstimatorSpec(mode, predictions=features + 1.0)


def input_fn():
    return tf.data.Dataset.from_tensor_slices([[1.0, 2.0]]).batch(1)


def main():
    print(*tf.estimator.Estimator(model_fn).predict(input_fn))
"""


def test_an_estimator_that_counts_with_sizes(tmp_path: Path) -> None:
    program = f"{ESTIMATOR}\n\n{GUARD}\n    main()\n"
    result = check_run(tmp_path, {"main.py": program}, "?\n[2. 3.]\n")
    assert above(result["main.py"][0]) == (GUARD, "main()")


def test_an_estimator_in_a_script(tmp_path: Path) -> None:
    result = check_run(tmp_path, {"main.py": f"{ESTIMATOR}\n\nmain()\n"}, "?\n[2. 3.]\n")
    assert SWITCH in result["main.py"][0]


def test_an_estimator_whose_model_is_in_another_file(tmp_path: Path) -> None:
    program = f"import tensorflow as tf\nimport model\n\n{GUARD}\n    model.main()\n"
    result = check_run(tmp_path, {"main.py": program, "model.py": ESTIMATOR}, "?\n[2. 3.]\n")
    assert above(result["main.py"][0])[0] == GUARD
    assert SWITCH not in result["model.py"][0]


@pytest.mark.parametrize(
    "count",
    [
        "features.get_shape()[0] * 2",
        "-features.shape[0]",
        "tf.layers.flatten(features).shape[0] * 2",
        "{'x': features}['x'].get_shape()[0] // 2",
    ],
)
def test_how_sizes_are_counted_with(tmp_path: Path, count: str) -> None:
    program = ESTIMATOR.replace("features.shape[0] * 2", count)
    assert SWITCH in after(tmp_path, f"{program}\n\n{GUARD}\n    main()\n")


@pytest.mark.parametrize(
    "count",
    [
        "features.shape[0].value or 1",
        "tf.shape(features)[0] * 2",
        "features.shape.as_list()[1] * 2",
        "np.ones(3).shape[0] * 2",
        "DATA.shape[0] * 2",
    ],
)
def test_what_is_no_counting_with_sizes(tmp_path: Path, count: str) -> None:
    program = ESTIMATOR.replace("features.shape[0] * 2", count)
    program = program.replace("\n\n\n", "\nimport numpy as np\n\nDATA = np.ones(3)\n\n\n", 1)
    assert SWITCH not in after(tmp_path, f"{program}\n\n{GUARD}\n    main()\n")


def test_a_graph_of_its_own_that_counts_with_sizes(tmp_path: Path) -> None:
    program = f"""\
import tensorflow as tf


def net(x):
    rows = x.shape[0] * 2
    return tf.concat([x, x], 0), rows


{GUARD}
    with tf.Graph().as_default():
        y, rows = net(tf.placeholder(tf.float32, [None]))
        print(rows, y.shape)
"""
    result = check_run(tmp_path, {"main.py": program}, "? (?,)\n")
    assert above(result["main.py"][0])[0] == GUARD


def test_what_a_program_of_estimators_says_itself(tmp_path: Path) -> None:
    program = ESTIMATOR.replace("tensorflow", "tensorflow.compat.v1")
    program = program.replace("\n\n\n", "\n\ntf.disable_v2_behavior()\n\n\n", 1)
    result = check_run(tmp_path, {"main.py": f"{program}\n\nmain()\n"}, "?\n[2. 3.]\n")
    assert result["main.py"][0].count(SWITCH) == 1


def test_an_estimator_that_was_rewritten_before(tmp_path: Path) -> None:
    model = ESTIMATOR.replace("tf.estimator", "getter_compat.estimator")
    main = f"import model\n\n{GUARD}\n    model.main()\n"
    assert above(after(tmp_path, main, model=f"import getter_compat\n{model}"))[0] == GUARD


COUNT = """\
import tensorflow as tf


def count():
    tf.layers.dense(tf.ones([1, 3]), 2)
    w = tf.Variable(tf.ones([5]))
    return sum(v.shape.num_elements() for v in tf.trainable_variables())
"""


@pytest.mark.parametrize(
    "line",
    [
        "print(tf.trainable_variables())",
        "print(tf.get_variable('w', [1]).name)",
        "print(tf.layers.dense(tf.ones([1, 2]), 1).name)",
        "tf.add_to_collection('c', tf.ones([1]))",
        "print(tf.losses.get_total_loss())",
        "print(tf.metrics.mean([1.0])[0].name)",
        "print(tf.summary.merge_all())",
        "tf.train.write_graph(tf.get_default_graph(), '.', 'g.pbtxt')",
        "tf.train.AdamOptimizer().minimize(tf.Variable(1.0) ** 2)",
        "print(tf.train.Saver().as_saver_def())",
        "print(tf.global_variables_initializer().name)",
    ],
)
def test_what_is_built_and_never_run(tmp_path: Path, line: str) -> None:
    text = f"import tensorflow as tf\n\n\ndef main():\n    {line}\n\n\n{GUARD}\n    main()\n"
    assert above(after(tmp_path, text))[0] == GUARD


def test_what_another_file_builds_and_never_runs(tmp_path: Path) -> None:
    text = f"import net\n\n{GUARD}\n    print(net.count())\n"
    assert SWITCH in after(tmp_path, text, net=COUNT)


@pytest.mark.parametrize(
    "text",
    ["# No Session is opened here.", "print('no Session here')", "x = 1  # of a 'Session'"],
)
@pytest.mark.parametrize("is_in_main", [True, False])
def test_a_word_for_people_runs_no_graph(tmp_path: Path, text: str, is_in_main: bool) -> None:
    """What another file builds counts, whichever of the two speaks of sessions."""
    main, net = f"import net\n\n{GUARD}\n    print(net.count())\n", COUNT
    main, net = (f"{text}\n{main}", net) if is_in_main else (main, f"{text}\n{net}")
    assert SWITCH in after(tmp_path, main, net=net)


def test_a_function_in_a_table_of_the_module(tmp_path: Path) -> None:
    text = BUILD.replace("def main", "NETS = {'a': lambda: build()}\n\n\ndef main")
    text = text.replace("x, y = build()", "x, y = NETS['a']()")
    text = text.replace("with tf.Session() as session:", "if x is not y:")
    assert above(after(tmp_path, f"{text}\n\n{GUARD}\n    main()\n"))[0] == GUARD


@pytest.mark.parametrize(
    "line",
    [
        "model.compile(loss='mse', optimizer='sgd')",
        "tf.keras.Sequential([]).compile('sgd', 'mse')",
        "print(tf.keras.applications.VGG16().predict([1]))",
        "f = tf.function(count)",
        "@tf.function\n    def f(x): return x",
        "model = getter_compat.ScopedModel(count)",
        "with tf.GradientTape() as tape: pass",
        "tf.enable_eager_execution()",
    ],
)
def test_what_is_built_in_a_program_without_sessions(tmp_path: Path, line: str) -> None:
    text = f"import getter_compat\n{COUNT}\n\n{GUARD}\n    {line}\n    print(count())\n"
    assert SWITCH not in after(tmp_path, text)


def test_what_is_built_without_a_start_is_no_program(tmp_path: Path) -> None:
    assert SWITCH not in after(tmp_path, f"{COUNT}\n\ndef main():\n    print(count())\n")


@KERAS
def test_the_variables_that_a_program_counts(tmp_path: Path, legacy: str) -> None:
    """TF 1.15.5 counts 13."""
    text = f"{COUNT}\n\n{GUARD}\n    print(count())\n"
    check_run(tmp_path, {"main.py": text}, "13\n", TF_USE_LEGACY_KERAS=legacy)


def test_a_program_that_counts_keeps_the_switch_that_it_has(tmp_path: Path) -> None:
    text = COUNT.replace("import tensorflow as tf", "import tensorflow.compat.v1 as tf")
    text = f"{text}\n\ntf.disable_v2_behavior()\nprint(count())\n"
    assert above(after(tmp_path, text))[1] == "print(count())"


@pytest.mark.parametrize(
    "text",
    [
        "def main():\n    print(sys.argv.op.name, node.get_collection('a'))\n",
        "import tensorflow as tf\n\ndef main():\n"
        "    print(int(tf.compat.v1.train.get_or_create_global_step()))\n"
        "    print(tf.compat.v1.get_default_graph(), tf.compat.v1.trainable_variables())\n",
    ],
)
def test_what_tensorflow_2_has_is_no_program_of_a_graph(tmp_path: Path, text: str) -> None:
    """Nor is what has no TensorFlow at all."""
    assert "disable" not in after(tmp_path, f"import sys\n{text}\n\n{GUARD}\n    main()\n")


def test_an_eager_program_stays_one_in_a_second_run(tmp_path: Path) -> None:
    """The first takes `enable_eager_execution()` out, which told of it; `after` runs twice."""
    step = "print(int(tf.train.get_or_create_global_step()))"
    text = f"{COUNT}\n\n{GUARD}\n    tf.enable_eager_execution()\n    {step}\n    print(count())\n"
    assert "disable" not in after(tmp_path, text)


def test_a_command_that_builds_and_never_runs(tmp_path: Path) -> None:
    setup = "setup(entry_points={'console_scripts': ['count=main:main']})\n"
    text = after(tmp_path, f"{COUNT}\n\ndef main():\n    print(count())\n", setup=setup)
    assert above(text) == ("def main():", "print(count())")


def test_what_another_file_builds_as_it_is_imported(tmp_path: Path) -> None:
    text = f"import net\n\n{GUARD}\n    print(net.SIZE)\n"
    written = after(tmp_path, text, net=f"{COUNT}\n\nSIZE = count()\n")
    assert above(written) == (GUARD, "import net")
