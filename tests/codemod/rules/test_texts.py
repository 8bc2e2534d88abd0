from __future__ import annotations

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_program, check_same


def told(line: str) -> list[str]:
    return [item.message for item in check_same(f"import tensorflow as tf\n{line}\n")]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("eval('tf.log')(x)", "tf.math.log"),
        ("locate('tensorflow.train.AdamOptimizer')", "tensorflow.compat.v1.train.AdamOptimizer"),
        ("find('Dense', ['mine', 'tensorflow.contrib.rnn'])", "getter_compat.contrib.rnn"),
        ("make(kind='tf.layers.Dense')", "getter_compat.layers.Dense"),
        ("kind = 'tf.layers.Dense'", "getter_compat.layers.Dense"),
        ("places = ['mine'] + ['tensorflow.contrib.rnn']", "getter_compat.contrib.rnn"),
        ("def f(places=('tensorflow.nn.rnn_cell',)): pass", "getter_compat.nn.rnn_cell"),
        ("nets = {'cell': 'tf.nn.rnn_cell.GRUCell'}", "getter_compat.nn.rnn_cell.GRUCell"),
    ],
)
def test_names_that_are_others_now(line: str, name: str) -> None:
    (message,) = told(line)
    assert message.endswith(f": write {name}")


def test_modules_in_which_names_are_looked_for() -> None:
    (message,) = told("places: list = ['tensorflow.train', 'tensorflow.nn', 'mine']")
    assert message.endswith("in tensorflow.train: TensorFlow 1's are in tensorflow.compat.v1.train")
    (message,) = told("places = ['tensorflow', 'tensorflow.nn']")
    assert message.endswith("looked for in tensorflow: TensorFlow 1's are in tensorflow.compat.v1")
    assert told("place = 'tensorflow.train'") == []
    assert told("needed = ['tensorflow', 'numpy']") == []
    assert not rewrite("hiddenimports = ['tensorflow', 'tensorflow.train']\n").findings


def test_a_name_that_is_gone() -> None:
    (message,) = told("locate('tf.contrib.unheard_of.Thing')")
    assert message.endswith("TensorFlow 2 has no tf.contrib.unheard_of.Thing")


@pytest.mark.parametrize(
    "line",
    [
        "locate('tf.nn.relu')",
        "locate('tensorflow.keras.layers')",
        "f('tensorflow.magenta.NoteSequence')",
        "print('tf.log is slow')",
        "f('my.tf.log')",
        "f(tf_log='log')",
        "LOG_FILE = 'tf.log'",
        "def setup(path='tf.log'): pass",
        "noisy = ['tensorflow', 'tensorflow.python', 'absl']",
        "autodoc_mock_imports = ['numpy', 'tensorflow', 'tensorflow.keras']",
    ],
)
def test_names_that_stay_and_other_texts(line: str) -> None:
    assert told(line) == []


def test_the_name_that_is_told_is_found() -> None:
    program = check_program("import tensorflow as tf\ny = eval('tf.math.log')(tf.constant(1.0))\n")
    assert float(program["y"]) == 0.0


def test_what_is_imported_by_a_call_is_told_by_the_rules_for_imports() -> None:
    text = "from importlib import import_module\nimport tensorflow as tf\n{}\n"
    (found,) = check_same(text.format("rnn = import_module('tensorflow.contrib.rnn')"))
    assert found.rule != "texts"
    (found,) = check_same(text.format("rnn = other_module('tensorflow.contrib.rnn')"))
    assert found.rule == "texts"
