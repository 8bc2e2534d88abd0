"""`tf.name_scope` takes a name only."""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, stays
from getter_compat.codemod.rewriting.calls import Argument, Call, filled
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def loss(x, name=None):
            with tf.name_scope(name, "loss", [x]), tf.name_scope(None, "sum", [x]):
                return tf.reduce_sum(x)


        print(loss(tf.ones([3])).numpy())
        """,
    after="""
        import tensorflow as tf


        def loss(x, name=None):
            with tf.name_scope(name or "loss"), tf.name_scope("sum"):
                return tf.reduce_sum(x)


        print(loss(tf.ones([3])).numpy())
        """,
)

_NAME = "tensorflow.name_scope"
_PLAIN = (ast.Attribute, ast.Call, ast.Constant, ast.Name, ast.Subscript)


def _is_plain(name: str, call: ast.Call) -> bool:
    """Whether a name is all that is given, and is not plainly None."""
    if call.keywords or len(call.args) != 1:
        return False
    given = call.args[0]
    if isinstance(given, ast.Constant):
        return given.value is not None
    return not isinstance(given, ast.Starred)


@rule.calls(
    _NAME,
    takes=("name", "default_name", "values"),
    unseen="what it names cannot be seen here",
    unless=_is_plain,
)
def bring_together(site: Site, call: Call) -> Answer:
    """Bring name and default together; `values` was for graphs only."""
    name, default = call.get("name"), call.get("default_name")
    if default is None and name is not None and _is_none(name):
        return stays("without a name it went back to the root, and TF2's wants a name")
    if default is None and "values" not in call:
        return becomes(_NAME)
    if any(call[item].computed for item in ("default_name", "values") if item in call):
        return stays("its arguments call functions, so they cannot be dropped")
    one = _with_one_name(call.without("values"))
    if isinstance(one, Call):
        return becomes(_NAME, one, "tf.name_scope: a name only")
    return stays(one)


def _with_one_name(call: Call) -> Call | str:
    """The call with a name only, or why it cannot have one."""
    name, default = call.get("name"), call.get("default_name")
    if name is None or _is_none(name):
        call = call.without("name")
        if default is None:
            return "it has neither a name nor a default"
        return call.without_keyword("default_name")
    call = call.without("default_name")
    if default is None or _is_none(default) or isinstance(name.written, ast.Constant):
        return call
    plain = isinstance(default.written, _PLAIN) and isinstance(name.written, _PLAIN)
    if not plain:
        return "write the name or its default"
    return call.with_value("name", filled("{} or {}", name.value, default.value))


def _is_none(argument: Argument) -> bool:
    return isinstance(argument.written, ast.Constant) and argument.written.value is None
