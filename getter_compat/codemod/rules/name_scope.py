"""`tf.name_scope` takes a name only.

Before:

    with tf.name_scope("loss"), tf.name_scope(None, "step", [x]), tf.name_scope(name, "op", [x]):
        ...

After:

    with tf.name_scope("loss"), tf.name_scope("step"), tf.name_scope(name or "op"):
        ...
"""

from __future__ import annotations

import ast

from getter_compat.codemod.edits import Argument
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

_ORDER = ("name", "default_name", "values")
_PLAIN = (ast.Attribute, ast.Call, ast.Constant, ast.Name, ast.Subscript)


def _is_plain(name: str, call: ast.Call) -> bool:
    """Whether a name is all that is given, and is not plainly None."""
    if call.keywords or len(call.args) != 1:
        return False
    given = call.args[0]
    if isinstance(given, ast.Constant):
        return given.value is not None
    return not isinstance(given, ast.Starred)


@rule.names("tensorflow.name_scope", unless=_is_plain)
def rewrite_name_scope(page: Page, site: Site) -> None:
    """Bring name and default together; `values` was for graphs only."""
    arguments = page.arguments(site) if site.call is not None else []
    named: dict[str | None, Argument] = {}
    for index, argument in enumerate(arguments):
        named[_ORDER[index] if argument.positional and index < 3 else argument.keyword] = argument
    if site.call is None or any(argument.star for argument in arguments) or None in named:
        page.leave(site, "what it names cannot be seen here")
        return
    name, default = named.get("name"), named.get("default_name")
    if default is None and name is not None and _is_none(name):
        page.leave(site, "without a name it went back to the root, and TF2's wants a name")
        return
    if default is None and "values" not in named:
        page.rename(site, "tensorflow.name_scope")
        return
    if any(_calls(named[name].value) for name in ("default_name", "values") if name in named):
        page.leave(site, "its arguments call functions, so they cannot be dropped")
        return
    _bring_together(page, site, name, default, named.get("values"))


def _bring_together(
    page: Page,
    site: Site,
    name: Argument | None,
    default: Argument | None,
    values: Argument | None,
) -> None:
    assert site.call is not None
    text, removed = page.text, [values] if values else []
    if name is not None and _is_none(name):
        removed.append(name)
        name = None
    if name is None and default is None:
        page.leave(site, "it has neither a name nor a default")
        return
    if name is None:
        assert default is not None
        if not default.positional:
            text.drop_keyword(default)
    elif default is not None:
        removed.append(default)
        if not _is_none(default) and not isinstance(name.value, ast.Constant):
            if not isinstance(default.value, _PLAIN) or not isinstance(name.value, _PLAIN):
                page.leave(site, "write the name or its default")
                return
            if any(node in page.names.parents for node in _chains(page, default.value)):
                page.leave(site, "write the name or its default")
                return
            text.insert_after(name, f" or {text.of(default.value)}")
    for argument in removed:
        page.consume(argument.value)
    text.remove_arguments(site.call, removed)
    page.fixed(site.node, "tf.name_scope: a name only")
    page.rename(site, "tensorflow.name_scope")


def _calls(value: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(value))


def _is_none(argument: Argument) -> bool:
    return isinstance(argument.value, ast.Constant) and argument.value.value is None


def _chains(page: Page, value: ast.expr) -> list[ast.AST]:
    """The TensorFlow expressions in a value that would have to be copied."""
    roots = {name for name in page.names.chains if page.names.resolve_name(name, page.names.module)}
    return [node for node in ast.walk(value) if isinstance(node, ast.Name) and node.id in roots]
