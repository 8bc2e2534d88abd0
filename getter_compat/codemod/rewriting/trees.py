"""The two trees of one expression: that of `ast`, which was analysed, and that of LibCST.

Both hold the same words, the names and attributes, in the order of the text; by these the nodes are
paired.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import fields as fields_of
from functools import cache
from typing import TypeAlias

from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.rewriting import cst

_Word: TypeAlias = "cst.Name | cst.Attribute"


class Pairs:
    """Which node of LibCST's stands for which of `ast`."""

    def __init__(self, top: ast.expr, tree: cst.BaseExpression) -> None:
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        theirs = list(self._words(tree))
        mine = _words_of_ast(top)
        if list(map(_word, mine)) != [_word_of_cst(word) for word in theirs]:
            raise RewriteError("left alone, cannot tell the parts apart", top.lineno)
        self.words: dict[ast.AST, _Word] = dict(zip(mine, theirs, strict=True))

    def of(self, node: ast.expr) -> cst.CSTNode:
        """The node of LibCST's: the word, or what stands right around its first operand."""
        if node in self.words:
            return self.words[node]
        if isinstance(node, ast.Call):
            return self.parents[self.of(node.func)]
        if isinstance(node, ast.UnaryOp):
            return self.parents[self.of(node.operand)]
        if isinstance(node, ast.BoolOp):
            return self.parents[self.of(node.values[0])]
        if isinstance(node, ast.Compare):
            return self.parents[self.of(node.left)]
        raise TypeError(f"an {type(node).__name__} has no word of its own")

    def above(self, nodes: Iterable[cst.CSTNode]) -> set[cst.CSTNode]:
        """The nodes, and all that they stand in."""
        found: set[cst.CSTNode] = set()
        for node in nodes:
            above: cst.CSTNode | None = node
            while above is not None and above not in found:
                found.add(above)
                above = self.parents.get(above)
        return found

    def _words(self, node: cst.CSTNode) -> Iterator[_Word]:
        kind = type(node)
        if kind is cst.Name:
            if node.value not in _CONSTANTS:  # type: ignore[attr-defined]
                yield node  # type: ignore[misc]
            return
        for child in _children(node):
            self.parents[child] = node
            yield from self._words(child)
        if kind is cst.Attribute:
            yield node  # type: ignore[misc]


_CONSTANTS = frozenset({"True", "False", "None"})


def _word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id  # type: ignore[attr-defined]


def _word_of_cst(node: _Word) -> str:
    return node.attr.value if isinstance(node, cst.Attribute) else node.value


def mark_of(node: cst.CSTNode) -> cst.Name | None:
    """The name by which to find an expression again: the last of a path, the first of others."""
    if isinstance(node, cst.Attribute):
        return node.attr
    if isinstance(node, cst.Call):
        return mark_of(node.func)
    return next(names_in(node), None)


def names_in(node: cst.CSTNode) -> Iterator[cst.Name]:
    """All names in an expression, what stands behind a dot included."""
    if isinstance(node, cst.Name):
        yield node
        return
    for child in _children(node):
        yield from names_in(child)
    if isinstance(node, cst.Attribute):
        yield node.attr


def roots_in(node: cst.CSTNode) -> Iterator[cst.Name]:
    """The names that an expression reads."""
    if isinstance(node, cst.Name):
        if node.value not in _CONSTANTS:
            yield node
        return
    for child in _children(node):
        yield from roots_in(child)


def _children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for name in fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from value


# Fields that hold no expression: blanks, brackets, signs, and words that are no names.
_NO_EXPRESSIONS = frozenset(
    {
        "asname", "attr", "asynchronous", "colon", "comma", "dot", "equal", "first_colon",
        "keyword", "lbrace", "lbracket", "lpar", "operator", "posonly_ind", "rbrace", "rbracket",
        "rpar", "second_colon", "semicolon", "star",
    }
)  # fmt: skip
# The kinds whose fields are not in the order of the text.
_ORDERED = {
    "Parameters": ("posonly_params", "params", "star_arg", "kwonly_params", "star_kwarg"),
    "IfExp": ("body", "test", "orelse"),
    "Lambda": ("params", "body"),
    "Param": ("annotation", "default"),
}


@cache
def fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold expressions, in the order of the text."""
    if kind.__name__ in _ORDERED:
        return _ORDERED[kind.__name__]
    names = (item.name for item in fields_of(kind))
    return tuple(name for name in names if name not in _NO_EXPRESSIONS and "whitespace" not in name)


def _words_of_ast(top: ast.expr) -> list[ast.expr]:
    """The names and attributes of an expression, in the order of the text.

    Before Python 3.12 the places of what stands in an f-string may be wrong from one part to the
    next, but not inside of a part.
    """
    found = sorted(_placed(top, ()), key=lambda item: item[0])
    return [node for _, node in found]


def _placed(node: ast.AST, before: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ast.expr]]:
    """The words with what to sort them by; `before` sorts what stands in an f-string."""
    if isinstance(node, (ast.Name, ast.Attribute)):
        yield (*before, node.end_lineno or 0, node.end_col_offset or 0), node
    for number, child in enumerate(ast.iter_child_nodes(node)):
        place = before
        if isinstance(node, ast.JoinedStr):
            place = (*before, node.lineno, node.col_offset, number)
        elif isinstance(node, ast.FormattedValue) and child is not node.value:
            place = (*before, 1 << 30, 0)
        yield from _placed(child, place)
