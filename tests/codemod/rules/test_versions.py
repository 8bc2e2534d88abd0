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
        "if hasattr(tf, 'global_variables_initializer'):\n    x = 2\n",
        "if 'contrib' in dir(tf):\n    x = 2\n",
        "cell = getattr(tf.nn, 'rnn_cell', None)\n",
        "f = getattr(tf, name)\n",
        "f = getattr(tf, 'where')\n",
        "loss = getattr(tf, 'losses').get_losses()\n",
        "if hasattr(x, 'y'):\n    f = tf.nosuch\n",
        "if np.__version__ > '1.10':\n    f = tf.mul\n",
    ],
)
def test_names_that_decide_are_left(text: str) -> None:
    assert len(told(text)) == 1


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
