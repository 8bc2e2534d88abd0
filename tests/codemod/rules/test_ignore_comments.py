from __future__ import annotations

import pytest

from tests.codemod.helpers import check_program, check_same, left


@pytest.mark.parametrize(
    ("comment", "messages"),
    [
        ("ignore[symbol]", ["symbol is no rule; did you mean symbols?"]),
        ("ignore[symbols, no_such]", ["no_such is no rule"]),
        ("ignore[a, b]", ["a is no rule", "b is no rule"]),
        ("ignore[symbols]", []),
        ("ignore[]", []),
        ("ignore", []),
    ],
)
def test_names_that_are_no_rules(comment: str, messages: list[str]) -> None:
    text = f"import tensorflow as tf\ny = tf.abs(x)  # getter-compat: {comment}\n"
    findings = check_same(text)
    assert left(findings) == [(2, "ignore_comments")] * len(messages)
    assert [finding.message for finding in findings] == messages


def test_the_rule_can_be_left_out() -> None:
    text = "import tensorflow as tf\ny = tf.abs(x)  # getter-compat: ignore[symbol]\n"
    assert check_same(text, rules="symbols,layers") == ()


def test_a_program_with_such_a_comment_runs() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        y = tf.log(1.0)  # getter-compat: ignore[casts]
        """,
        """\
        import tensorflow as tf

        y = tf.math.log(1.0)  # getter-compat: ignore[casts]
        """,
    )
    assert program["y"].numpy() == 0.0
