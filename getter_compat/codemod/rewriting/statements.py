"""Whole statements taken out of a text, or lines written beside or in place of them."""

from __future__ import annotations

import ast
import re

from getter_compat.codemod.analysis.module import Module
from getter_compat.codemod.analysis.source import Span
from getter_compat.codemod.rewriting.calls import comments_in
from getter_compat.codemod.rewriting.text import Text


def replace(text: Text, module: Module, statement: ast.stmt, lines: list[str]) -> None:
    """Write the lines in place of the statement; without lines, take it out."""
    span = text.span(statement)
    line, end = text.line_of(span.start), text.line_of(span.end)
    before, after = text.data[line.start : span.start], text.data[span.end : end.end]
    lines = [*_comments(text.read(span)), *lines] if not before.strip() else lines
    comments = _comments(after.decode()) if after.lstrip(b" \t").startswith(b"#") else []
    only = _is_only_statement(module, statement)
    if not lines and comments and not only and not before.strip():
        text.replace(Span(span.start, span.end + after.index(b"#")), "")
    elif lines or only:
        text.replace(span, _separator(text, statement).join(lines or ["pass"]))
    elif after.lstrip(b" \t").startswith(b";"):
        rest = after.lstrip(b" \t")[1:].lstrip(b" \t")
        if rest.strip() or before.strip():
            text.replace(Span(span.start, end.end - len(rest)), "")
        else:
            text.replace(Span(line.start, end.end), "")
    elif before.strip():
        text.replace(Span(line.start + len(before.rstrip(b" \t;")), span.end), "")
    else:
        text.replace(Span(line.start, end.end), "")


# Comments that are for a tool, and about the statement beside them.
_FOR_TOOLS = re.compile(
    r"#\s*(?:noqa|type:|pylint:|isort:|pragma:|fmt:|yapf:|nosec|getter-compat:)"
)


def _comments(text: str) -> list[str]:
    """The comments in the text of a statement, but for those that speak to tools of it."""
    return [comment for comment in comments_in(text) if not _FOR_TOOLS.match(comment)]


def add(text: Text, statement: ast.stmt, lines: list[str]) -> None:
    """Write the lines beside the statement: what sorts before it before, the rest after."""
    span, separator = text.span(statement), _separator(text, statement)
    own = text.read(span)
    for line in lines:
        if line < own:
            text.insert_before(Span(span.start, span.start), line + separator)
        else:
            text.insert_after(Span(span.end, span.end), separator + line)


def following_on_line(module: Module, statement: ast.stmt) -> ast.stmt | None:
    """The statement of the module that begins on the line on which this one ends, `a; b`."""
    body = module.tree.body
    after = body[body.index(statement) + 1 :][:1]
    return next((item for item in after if item.lineno == statement.end_lineno), None)


def _separator(text: Text, statement: ast.stmt) -> str:
    start = text.start(statement)
    indent = text.data[text.line_of(start).start : start]
    return "; " if indent.strip() else f"{text.newline()}{indent.decode()}"


def _is_only_statement(module: Module, statement: ast.stmt) -> bool:
    parent = module.parent(statement)
    if isinstance(parent, ast.Module):
        return False
    bodies = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
    return any(body == [statement] for body in bodies)
