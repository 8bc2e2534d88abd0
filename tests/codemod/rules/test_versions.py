"""Which of the two TensorFlows a program asks for; what each answers was asked of both."""

from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after, check_program, check_same

START = "import tensorflow as tf\nfrom distutils.version import LooseVersion\n"


def told(text: str) -> list[str]:
    """What is left for a person."""
    return [found.message for found in check_same(START + text) if found.status == "left"]


@pytest.mark.parametrize(
    "question",
    [
        "tf.__version__.startswith('1.')",
        "tf.__version__[0] == '1'",
        "tf.__version__ < '2'",
        "LooseVersion(tf.__version__) < LooseVersion('2.0')",
        "tuple(map(int, tf.__version__.split('.')[:2])) < (2, 0)",
        "not [int(number) for number in tf.__version__.split('.')][:1] == [2]",
        "tf.version.VERSION.split('.')[0] in ('0', '1')",
        "tf.__version__ == '1.15.0'",
        "tf.__version__ in ('1.14.0', '1.15.0')",
    ],
)
def test_questions_with_another_answer_are_left(question: str) -> None:
    assert len(told(f"if {question}:\n    x = 2\n")) == 1
    assert len(told(f"x = 2 if {question} else 3\n")) == 1


@pytest.mark.parametrize(
    "question",
    [
        "LooseVersion(tf.__version__) >= LooseVersion('1.4')",
        "tuple(map(int, tf.__version__.split('.')[:2])) >= (1, 4)",
        "tf.__version__ == '0.12.1'",
        "int(tf.__version__.split('.')[0]) < 1",
        "print(tf.__version__)",
    ],
)
def test_questions_with_one_answer_are_not(question: str) -> None:
    assert told(f"if {question}:\n    x = 2\n") == []


def test_names_for_the_version_are_followed() -> None:
    assert len(told("version = tf.__version__\n\n\ndef f():\n    return version < '2'\n")) == 1
    assert len(told("numbers = tf.__version__.split('.')\nold = numbers[0] == '1'\n")) == 1
    assert told("numbers = tf.__version__.split('.')\nold = numbers[0] == '0'\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "if helper(tf.__version__) < 3:\n    x = 2\n",
        "ok = [x for x in tf.__version__.split('.')] == [x]\n",
        "ok = [a for a in tf.__version__ for b in tf.__version__] == []\n",
        "limit = '1.0'\nV = tf.__version__\n\n\ndef f(limit):\n    return V >= limit\n",
    ],
)
def test_what_cannot_be_worked_out_is_left(text: str) -> None:
    assert len(told(text)) == 1


def test_names_that_go_round_end() -> None:
    assert told("a = b\nb = a\nif a < tf.__version__:\n    x = 2\n") != []


def test_names_of_names_without_end_are_left() -> None:
    doubled = "".join(f"a{i} = [a{i + 1}, a{i + 1}]\n" for i in range(40))
    assert len(told(f"{doubled}a40 = tf.__version__\nif a0 == tf.__version__:\n    x = 2\n")) == 1


def test_the_version_gets_its_new_name() -> None:
    check_after(
        "import tensorflow as tf\nprint(tf.VERSION)\n",
        "import tensorflow as tf\nprint(tf.version.VERSION)\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    f = tf.image_summary\nexcept AttributeError:\n    f = None\n",
        "try:\n    f = tf.concat_v1\nexcept:\n    f = tf.concat\n",
        "if 'concat_v2' in dir(tf):\n    f = tf.concat_v2\n",
        "mul = tf.mul if hasattr(tf, 'mul') else tf.multiply\n",
        "if LooseVersion(tf.__version__) < LooseVersion('1.0'):\n    f = tf.pack\n",
        "if hasattr(tf, 'where') and hasattr(tf, 'argmax') and hasattr(tf, 'train'):\n    x = 2\n",
    ],
)
def test_names_that_neither_has_may_be_tried(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "f = tf.image_summary\n",
        "try:\n    f = tf.mul\nexcept ValueError:\n    pass\n",
        "try:\n    pass\nexcept AttributeError:\n    f = tf.mul\n",
        "if 'contrib' in dir(tf):\n    x = 2\n",
        "if hasattr(tf.train, 'confusion_matrix'):\n    x = 2\n",
        "f = getattr(tf.nn, 'dropout')\n",
        "f = getattr(tf, name)\n",
        "f = getattr(tf, 'where')\n",
        "loss = getattr(tf, 'losses').get_losses()\n",
        "if hasattr(x, 'y'):\n    f = tf.nosuch\n",
        "if np.__version__ > '1.10':\n    f = tf.mul\n",
    ],
)
def test_names_that_decide_are_left(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hasattr(tf.train, 'AdamOptimizer')", "hasattr(tf.compat.v1.train, 'AdamOptimizer')"),
        ("hasattr(tf, 'log')", "hasattr(tf.compat.v1, 'log')"),
        ("'placeholder' in dir(tf)", "'placeholder' in dir(tf.compat.v1)"),
        ("getattr(tf.nn, 'relu')", "getattr(tf.nn, 'relu')"),
        ("getattr(tf.train, 'AdamOptimizer')", "getattr(tf.compat.v1.train, 'AdamOptimizer')"),
        ("getattr(tf, 'log')", "getattr(tf.compat.v1, 'log')"),
    ],
)
def test_names_are_asked_of_the_module_that_has_them(before: str, after: str) -> None:
    text = "import tensorflow as tf\n\nx = {}\n"
    findings = check_after(text.format(before), text.format(after))
    assert all(it.status == "rewritten" for it in findings)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hasattr(tf.nn, 'rnn_cell')", "hasattr(getter_compat.nn, 'rnn_cell')"),
        ("getattr(tf.nn, 'rnn_cell', None)", "getattr(getter_compat.nn, 'rnn_cell', None)"),
        ("getattr(tf, 'get_variable')", "getattr(getter_compat, 'get_variable')"),
    ],
)
def test_names_are_asked_of_what_has_them_now(before: str, after: str) -> None:
    findings = check_after(
        f"import tensorflow as tf\n\nx = {before}\n", f"import getter_compat\n\nx = {after}\n"
    )
    assert all(it.status == "rewritten" for it in findings)


def test_a_program_takes_what_it_took() -> None:
    before = """\
        import tensorflow as tf

        log = getattr(tf, "log")
        cells = tf.nn.rnn_cell if hasattr(tf.nn, "rnn_cell") else tf.contrib.rnn
        found = tf.to_int32([2.5]) if hasattr(tf, "to_int32") else None
        values = log([1.0]), getattr(tf.nn, "relu")([-1.0]), cells.GRUCell(3).output_size, found
        """
    after = """\
        import getter_compat
        import tensorflow as tf

        log = getattr(tf.compat.v1, "log")
        cells = getter_compat.nn.rnn_cell if hasattr(getter_compat.nn, "rnn_cell") else getter_compat.contrib.rnn
        found = tf.cast([2.5], dtype=tf.int32) if hasattr(tf.compat.v1, "to_int32") else None
        values = log([1.0]), getattr(tf.nn, "relu")([-1.0]), cells.GRUCell(3).output_size, found
        """  # noqa: E501
    log, relu, size, found = check_program(before, after)["values"]
    assert (log.numpy().tolist(), relu.numpy().tolist(), size) == ([0.0], [0.0], 3)
    assert found.numpy().tolist() == [2]


def test_a_program_that_tries_names_runs() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        try:
            concat = tf.concat_v2
        except AttributeError:
            concat = tf.concat
        mul = tf.mul if hasattr(tf, "mul") else tf.multiply
        both = mul(concat([[1.0], [2.0]], 0), 2.0)
        """
    )
    assert program["both"].numpy().tolist() == [2.0, 4.0]
