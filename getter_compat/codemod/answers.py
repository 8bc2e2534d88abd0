"""What a rule says of a site.

    return left("its labels cannot be seen here")
    return becomes("tensorflow.cast", call.adding(dtype="tf.float32"))

A rule returns one of these, several, or None for a site that is right as it stands. It writes
nothing: what an answer means for the text, its imports and the findings is seen to by `rewriting`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from keyword import iskeyword
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import libcst as cst

    from getter_compat.codemod.rewriting.calls import Call

Change: TypeAlias = "Callable[[cst.BaseExpression], cst.BaseExpression]"


@dataclass(frozen=True)
class Answer:
    """What is to be written at a site, and what is to be said about it."""

    target: str | None = None
    """The dotted path to write as the name, canonical: `tensorflow.nn.dropout`."""
    new: Call | None = None
    """The call with its arguments as they are to be."""
    around: str | None = None
    """The dotted path of a function to be called with the result: `around(call)`."""
    node: ast.expr | None = None
    """Another node than the site's, where that is changed or spoken of."""
    change: Change | None = None
    """What that node becomes, given the node with all that stands in it rewritten."""
    at: ast.AST | None = None
    """What is spoken of, where it is neither the site's node nor that."""
    takes_out: ast.stmt | None = None
    """A statement that goes."""
    told: tuple[str, ...] = ()
    """What was done, beside the name."""
    left: tuple[str, ...] = ()
    """What is left for a person."""
    runs: tuple[str, ...] = ()
    """What stays as it is, and runs."""
    stays: str | None = None
    """Why TF1's function stays, spelled `target` or as `tf.compat.v1` has it; a new name for it is
    not told, and whether it runs so decides whether it is left for a person."""
    needs_graph: bool = False
    """Whether what stays has its meaning in a graph alone, wherever the symbol runs."""
    why: str = ""
    """What to add where a new name is told."""
    quiet: bool = False
    """Whether a new name is told only where the text becomes another."""
    silent: bool = False
    """Whether a new name is not told at all."""

    def __post_init__(self) -> None:
        for path in (self.target, self.around):
            if path is not None and not is_path(path):
                raise ValueError(f"{path!r} is no dotted path, such as 'tensorflow.cast'")
        if self.new is not None and not hasattr(self.new, "written"):
            raise TypeError(f"new arguments are those of a Call, found {self.new!r}")


@lru_cache(4096)
def is_path(text: str) -> bool:
    """Whether the text is names, or plain calls of them, with dots between them."""
    names = (part.removesuffix("()") for part in text.split("."))
    return all(name.isidentifier() and not iskeyword(name) for name in names)


NAMED_AS_IN_TF1 = "its operation is fetched by TF1's name"
"""Why TF1's function stays where TensorFlow 2's makes operations of other names."""

Answers: TypeAlias = Answer | Iterable[Answer] | None


def becomes(target: str, new: Call | None = None, *told: str, why: str = "") -> Answer:
    """Write another name and, if given, other arguments; `told` says what was done to them."""
    return Answer(target, new=new, told=told, why=why)


def left(message: str, node: ast.expr | None = None) -> Answer:
    """Leave the site, or another node, for a person as it is."""
    return Answer(left=(message,), node=node)


def stays(message: str, *, needs_graph: bool = False) -> Answer:
    """Keep TF1's function, spelled `tf.compat.v1`; it is left where it does not run so.

    `tf.contrib` is not below `tf.compat.v1` either, so it stays as it is, and is left.
    """
    return Answer(stays=message, needs_graph=needs_graph)


def stays_as(target: str, message: str) -> Answer:
    """Keep TF1's function under another name; it is left where it does not run so."""
    return Answer(target, stays=message)


def changed(node: ast.expr, change: Change, *told: str) -> Answer:
    """Write something else in place of a node, as a function of LibCST's node for it."""
    return Answer(node=node, change=change, told=told)


def several(answers: Answers) -> tuple[Answer, ...]:
    """The answers that a rule gave."""
    if answers is None:
        return ()
    found = (answers,) if isinstance(answers, Answer) else tuple(answers)
    for answer in found:
        if not isinstance(answer, Answer):
            raise TypeError(f"a rule returns what becomes(...) and the like give, found {answer!r}")
    return found
