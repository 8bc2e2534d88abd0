"""No comment is lost: what is written keeps those of what it replaces, in their order."""

from __future__ import annotations

import re

import pytest

from getter_compat.codemod.rewrite import rewrite

PROGRAMS = {
    "in a dotted path": "(tf  # 1\n .layers  # 2\n .dense(y, 3))",
    "in a path that a rule looks at": "x = (tf  # 1\n .to_float(y))",
    "of arguments that go": (
        "with tf.name_scope(None,  # 1\n                   'd',  # 2\n                   [x]  # 3\n"
        "                   ):\n    pass"
    ),
    "between arguments that stay": (
        "x = tf.contrib.layers.l2_regularizer(0.1,  # 1\n  # 2\n  scope='s')"
    ),
    "of arguments that get others": (
        "x = tf.contrib.layers.variance_scaling_initializer(  # 1\n  1.0,  # 2\n"
        "  'FAN_AVG',  # 3\n  True  # 4\n  )"
    ),
    "before the only argument": "x = tf.ones_initializer(  # 1\n    tf.float32,)",
    "of a keyword": "x = tf.nn.dropout(x,  # 1\n  keep_prob=  # 2\n  0.5  # 3\n  )",
    "in a value that goes": (
        "y = tf.Variable(0,  # 1\n  collections=[  # 2\n"
        "    tf.GraphKeys.GLOBAL_VARIABLES]  # 3\n  )"
    ),
    "beside a collection": (
        "x = tf.get_collection(  # 1\n  tf.GraphKeys.TRAINABLE_VARIABLES,  # 2\n  'a'  # 3\n  )"
    ),
    "of a method that becomes a function": "x = (y  # 1\n     .make_one_shot_iterator())",
    "behind such a method": "x = (y  # 1\n).make_one_shot_iterator(  # 2\n  )",
    "before its arguments": (
        "x = (y  # 1\n .  # 2\n make_one_shot_iterator(  # 3\n  shared_name=s  # 4\n ))"
    ),
    "in a value that is told apart": (
        "x = tf.contrib.layers.xavier_initializer(uniform=(False  # 1\n    ),  # 2\n  seed=3)"
    ),
    "beside a statement that goes": "tf.enable_eager_execution()  # 1\nx = tf.abs(y)",
    "on the only statement": "if x:\n    tf.enable_eager_execution()  # 1",
}


@pytest.mark.parametrize("where", PROGRAMS)
def test_comments_stay(where: str) -> None:
    program = f"import tensorflow as tf  # 0\n{PROGRAMS[where]}\n"
    result = rewrite(program).source
    assert result != program
    assert re.findall("# [0-9]", result) == re.findall("# [0-9]", program)


def test_comments_between_imported_names_stay() -> None:
    names = "(  # 0\n    layers,  # 1\n    variable_scope,  # 2\n    zeros)"
    program = (
        f"from tensorflow import {names}\nvariable_scope('a'); layers.dense(x, 1); zeros([])\n"
    )
    assert rewrite(program).source == (
        "from getter_compat import layers, getter_scope\n"
        "from tensorflow import (  # 0\n    # 1\n    # 2\n    zeros)\n"
        "getter_scope('a'); layers.dense(x, 1); zeros([])\n"
    )


def test_what_tools_are_told_of_a_statement_goes_with_it() -> None:
    program = "import tensorflow as tf  # noqa: E402\nwith tf.variable_scope('a'): pass\n"
    assert "noqa" not in rewrite(program).source
