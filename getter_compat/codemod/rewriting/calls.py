"""The arguments of a call, as values: each function here gives another call, and edits nothing.

    call.within("keep_prob", "1 - {}").with_keyword("keep_prob", "rate").without("seed")

A call is bound to the parameters that a rule declares, so that an argument has one name whether it
was given by position or by keyword. Spacing, trailing commas and comments are seen to once, when
the call is `written`.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest
from typing import TypeAlias

from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rewriting.trees import names_in

Value: TypeAlias = "cst.BaseExpression"
_Space: TypeAlias = "cst.BaseParenthesizableWhitespace"
_Change: TypeAlias = "Callable[[cst.Arg], cst.Arg]"


@dataclass(frozen=True)
class Argument:
    """One argument: as it is to be written, and as the text had it."""

    node: cst.Arg
    written: ast.expr
    """The value in the tree of the text, to ask about; None, as a constant, of a new argument."""
    parameter: str | None = None
    """What it is given for; None where the rule declares no parameters."""
    index: int | None = None
    """Its place among the arguments of the text; None for a new one."""
    beside: bool = False
    """Whether a new argument stands on the line of the one before it, whatever its peers do."""

    @property
    def value(self) -> Value:
        """The value as it is to be written; rules for what stands in it have been at work."""
        return self.node.value

    @property
    def star(self) -> str:
        """`""`, `"*"` or `"**"`."""
        return self.node.star

    @property
    def keyword(self) -> str | None:
        """The keyword that is written before the value."""
        return self.node.keyword.value if self.node.keyword is not None else None

    @property
    def positional(self) -> bool:
        """Whether this is a plain positional argument."""
        return not self.node.star and self.node.keyword is None

    @property
    def computed(self) -> bool:
        """Whether it calls anything: then something may be lost with it."""
        return any(isinstance(node, ast.Call) for node in ast.walk(self.written))

    def under(self, keyword: str) -> Argument:
        """The argument written, and bound, under this keyword."""
        if keyword == self.keyword:
            return self
        return replace(self, node=_named(self.node, keyword), parameter=keyword)


@dataclass(frozen=True)
class Call:
    """A call and its arguments, in the order of the text."""

    node: cst.Call
    arguments: tuple[Argument, ...]

    def __contains__(self, parameter: str) -> bool:
        return self.get(parameter) is not None

    def __getitem__(self, parameter: str) -> Argument:
        argument = self.get(parameter)
        if argument is None:
            raise KeyError(parameter)
        return argument

    def get(self, parameter: str) -> Argument | None:
        """The argument that is given for a parameter."""
        return next((item for item in self.arguments if item.parameter == parameter), None)

    def without(self, *parameters: str) -> Call:
        """The call without some arguments."""
        kept = (item for item in self.arguments if item.parameter not in parameters)
        return replace(self, arguments=tuple(kept))

    def with_keyword(self, parameter: str, keyword: str) -> Call:
        """The call with an argument written under this keyword."""
        return self._with(parameter, lambda node: _named(node, keyword))

    def taking(self, *parameters: str) -> Call:
        """The call with its positional arguments bound to these parameters, in their order."""
        order = iter(parameters)
        bound = (
            replace(item, parameter=next(order, None)) if item.positional else item
            for item in self.arguments
        )
        return replace(self, arguments=tuple(bound))

    @property
    def starred(self) -> bool:
        """Whether a star hides arguments."""
        return any(argument.star for argument in self.arguments)

    def with_keywords(self, *parameters: str) -> Call:
        """The call with these arguments, where they are given by position, given by name."""
        call = self
        for parameter in parameters:
            argument = call.get(parameter)
            if argument is not None and argument.positional:
                call = call.with_keyword(parameter, parameter)
        return call

    def without_keyword(self, parameter: str) -> Call:
        """The call with an argument given by position."""
        return self._with(parameter, _unnamed)

    def with_value(self, parameter: str, value: Value | str) -> Call:
        """The call with another value for an argument."""
        new = expression(value)
        return self._with(parameter, lambda node: node.with_changes(value=new))

    def within(self, parameter: str, template: str) -> Call:
        """The call with the value of an argument put into other code: `"1 - {}"`."""
        return self.with_value(parameter, filled(template, self[parameter].value))

    def replacing(self, parameter: str, **values: Value | str) -> Call:
        """The call with arguments given by keyword in place of another one."""
        place = self.arguments.index(self[parameter])
        old, new = self.arguments[place], _new_arguments(values)
        keyword = next(iter(values))
        node = _named(old.node, keyword).with_changes(value=new[0].value)
        first = replace(new[0], node=node, index=old.index)
        others = (replace(item, beside=True) for item in new[1:])
        all_of_them = (*self.arguments[:place], first, *others, *self.arguments[place + 1 :])
        return replace(self, arguments=all_of_them)

    def adding(self, **values: Value | str) -> Call:
        """The call with more arguments at its end, by keyword."""
        return replace(self, arguments=self.arguments + _new_arguments(values))

    def _with(self, parameter: str, change: _Change) -> Call:
        changed = (
            replace(item, node=change(item.node)) if item.parameter == parameter else item
            for item in self.arguments
        )
        return replace(self, arguments=tuple(changed))

    @property
    def changed(self) -> bool:
        """Whether any argument is another than in the node, or gone, or new."""
        now = [argument.node for argument in self.arguments]
        return len(now) != len(self.node.args) or not all(map(_is, now, self.node.args))

    def written(self) -> cst.Call:
        """The call as a node, laid out as the old one."""
        if not self.changed:
            return self.node
        arguments = self.arguments
        if len(arguments) > 1:
            arguments = tuple(
                replace(item, node=_with_own_parentheses(item.node)) for item in arguments
            )
        return _laid_out(self.node, arguments)


def bound(
    node: cst.BaseExpression, call: ast.Call, takes: Sequence[str] | None, skip: int = 0
) -> Call | None:
    """The arguments of a call, bound to parameters; None where they cannot all be bound.

    Without `takes`, every argument is bound to its keyword, or to nothing. `skip` leaves out first
    arguments, that of `functools.partial` for one.
    """
    assert isinstance(node, cst.Call)
    values = sorted(
        (*call.args, *(keyword.value for keyword in call.keywords)),
        key=lambda value: (value.lineno, value.col_offset),
    )
    parameters = parameters_of(call, takes, skip)
    if parameters is None or len(values) != len(node.args):
        return None
    found = enumerate(zip(node.args, values, parameters, strict=True))
    return Call(
        node, tuple(Argument(arg, _plain(value), name, i) for i, (arg, value, name) in found)
    )


def parameters_of(
    call: ast.Call, takes: Sequence[str] | None, skip: int = 0
) -> list[str | None] | None:
    """What each argument, in the order of the text, is given for; None where that is unseen."""
    written: list[tuple[int, int, str | None, bool]] = []
    for index, value in enumerate(call.args):
        star = isinstance(value, ast.Starred)
        place = index - skip
        name = None
        if takes is not None and place >= 0:
            if star or place >= len(takes):
                return None
            name = takes[place]
        written.append((value.lineno, value.col_offset, name, star))
    for keyword in call.keywords:
        if takes is not None and (keyword.arg is None or keyword.arg not in takes):
            return None
        written.append((keyword.value.lineno, keyword.value.col_offset, keyword.arg, False))
    names = [item[2] for item in sorted(written, key=lambda item: item[:2])]
    given = [name for name in names if name is not None]
    return names if len(set(given)) == len(given) else None


def _new_arguments(values: Mapping[str, Value | str]) -> tuple[Argument, ...]:
    return tuple(
        Argument(_named(cst.Arg(expression(value)), keyword), ast.Constant(None), keyword)
        for keyword, value in values.items()
    )


def _plain(value: ast.expr) -> ast.expr:
    return value.value if isinstance(value, ast.Starred) else value


def _is(one: object, other: object) -> bool:
    return one is other


# Values.


def expression(value: Value | str) -> Value:
    """A value that is given as code."""
    if not isinstance(value, str):
        return value
    is_path = all(part.isidentifier() for part in value.split("."))
    return dotted(value) if is_path else cst.parse_expression(value)


def dotted(path: str) -> cst.Attribute | cst.Name:
    """The expression that a dotted path is."""
    first, *rest = path.split(".")
    node: cst.Attribute | cst.Name = cst.Name(first)
    for name in rest:
        node = cst.Attribute(node, cst.Name(name))
    return node


def operand(value: Value) -> Value:
    """The value, in parentheses where it would stand beside an operator without them."""
    return value if value.lpar or _is_atom(value) else in_parentheses(value)


def _is_atom(value: Value) -> bool:
    """Whether the expression needs no parentheses beside an operator."""
    return isinstance(
        value,
        (
            cst.Attribute,
            cst.Call,
            cst.ConcatenatedString,
            cst.Float,
            cst.Imaginary,
            cst.Integer,
            cst.Name,
            cst.SimpleString,
            cst.Subscript,
        ),
    )


def in_parentheses(value: Value) -> Value:
    """The value in parentheses of its own."""
    return value.with_changes(
        lpar=[cst.LeftParen(), *value.lpar], rpar=[*value.rpar, cst.RightParen()]
    )


def filled(template: str, *values: Value) -> Value:
    """The code of a template with values in place of each `{}`, in parentheses where needed."""
    parts = template.split("{}")
    names = [f"_value_{number}_" for number in range(len(values))]
    tree = cst.parse_expression("".join(a + b for a, b in zip_longest(parts, names, fillvalue="")))
    for name, value in zip(names, values, strict=True):
        hole = next(node for node in names_in(tree) if node.value == name)
        as_argument = isinstance(tree, cst.Call) and any(arg.value is hole for arg in tree.args)
        filling = value if tree is hole or as_argument else operand(value)
        replaced = tree.deep_replace(hole, filling)
        assert isinstance(replaced, cst.BaseExpression)
        tree = replaced
    return tree


def as_first_argument(method: Value, function: str) -> cst.Call:
    """`owner.method(...)` as `function(owner, ...)`."""
    assert isinstance(method, cst.Call)
    assert isinstance(method.func, cst.Attribute)
    owner, opening = method.func.value, method.whitespace_before_args
    if _is_atom(owner) and not any("#" in code(it) for it in (*owner.lpar, *owner.rpar)):
        owner = owner.with_changes(lpar=(), rpar=())
    between = (method.func.dot, method.whitespace_after_func, opening)
    comments = comments_in("".join(map(code, between)))
    after = _commented(comments, (opening,)) if comments else _blank()
    if comments_in(code(opening)):
        method = method.with_changes(whitespace_before_args=_blank())
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    first = cst.Arg(owner, comma=comma if method.args else cst.MaybeSentinel.DEFAULT)
    first = first.with_changes(whitespace_after_arg=_blank() if method.args else after)
    if method.args and comments:
        first = first.with_changes(comma=comma.with_changes(whitespace_after=after))
    new = method.with_changes(func=dotted(function), args=(first, *method.args))
    return new.with_changes(whitespace_after_func=_blank())


def code(node: cst.CSTNode) -> str:
    """The text of a node."""
    return cst.Module([]).code_for_node(node)


def comments_in(text: str) -> list[str]:
    """The comments in the text of an expression, or of a part of one."""
    return [token.string for token in _comments(text)]


def with_comments(node: cst.CSTNode, comments: list[str]) -> str:
    """The text of an expression, with these comments and no others, in this order.

    From the first one on that stands elsewhere, or nowhere, they go to the end of the expression.
    """
    text = code(node)
    found = _comments(text)
    pairs = zip(found, comments, strict=False)
    kept = sum(1 for _ in takewhile(lambda pair: pair[0].string == pair[1], pairs))
    if kept == len(found) == len(comments):
        return text
    lines = text.split("\n")
    emptied = set()
    for token in found[kept:]:
        row, column = token.start[0] - 2, token.start[1]
        lines[row] = lines[row][:column].rstrip(" ")
        emptied |= set() if lines[row] else {row}
    text = "\n".join(line for row, line in enumerate(lines) if row not in emptied)
    if text[-1] not in ")]}":
        text = f"({text})"
    opened = text[:-1].rstrip(" ")
    beside = "    " if opened.endswith("\n") else "  "
    return opened + beside + "\n    ".join(comments[kept:]) + "\n" + text[-1]


def _comments(text: str) -> list[tokenize.TokenInfo]:
    """The comments, with their places; the text begins in the second line."""
    if "#" not in text:
        return []
    found = []
    lines = io.StringIO("(\n" + _LINE_ENDS.sub("\n", text) + "\n").readline
    try:
        for token in tokenize.generate_tokens(lines):
            if token.type == tokenize.COMMENT:
                found.append(token)
    except (tokenize.TokenError, SyntaxError):
        pass  # A part of an expression may leave brackets open, or close what it did not open.
    return found


_LINE_ENDS = re.compile(r"\r\n?")


# Layout.


def _blank() -> cst.SimpleWhitespace:
    return cst.SimpleWhitespace("")


def _named(node: cst.Arg, keyword: str) -> cst.Arg:
    if node.keyword is not None:
        return node.with_changes(keyword=cst.Name(keyword))
    node = _with_own_parentheses(node)
    return node.with_changes(keyword=cst.Name(keyword), equal=cst.AssignEqual(_blank(), _blank()))


def _unnamed(node: cst.Arg) -> cst.Arg:
    """The argument without a keyword; comments before its value stay there."""
    if node.keyword is None:
        return node
    comments = comments_in(code(node.equal)) if isinstance(node.equal, cst.AssignEqual) else []
    value = node.value
    if comments:
        opening = cst.LeftParen(whitespace_after=_commented(comments, ()))
        value = value.with_changes(
            lpar=(opening, *value.lpar), rpar=(*value.rpar, cst.RightParen())
        )
    return node.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT, value=value)


def _with_own_parentheses(node: cst.Arg) -> cst.Arg:
    """The argument, where it is a generator that shares the parentheses of the call, with some."""
    if isinstance(node.value, cst.GeneratorExp) and not node.value.lpar:
        return node.with_changes(value=in_parentheses(node.value))
    return node


def _laid_out(node: cst.Call, arguments: tuple[Argument, ...]) -> cst.Call:
    """The call with these arguments, which keep what separated them.

    The last one ends as the last one did, with a comma and a line end or without. Comments beside
    what goes stay, in the space that is left.
    """
    old = node.args
    spaces = [node.whitespace_before_args, *map(_space_after, old)]
    before = spaces[0]
    written: list[cst.Arg] = []
    seen = 0
    """How many of the old arguments are behind us."""
    for argument in arguments:
        if argument.index is None:
            written = _appended(written, argument, before)
            continue
        lost = "".join(map(code, old[seen : argument.index]))
        space = _with_comments(spaces[seen], lost, spaces[seen + 1 :])
        if written:
            written[-1] = _with_space_after(written[-1], space)
        else:
            before = space
        written.append(argument.node)
        seen = argument.index + 1
    if not written:
        return node.with_changes(args=(), whitespace_before_args=_emptied(node))
    if seen < len(old):
        comma = old[seen - 1].comma if seen else None
        lost = code(comma) if isinstance(comma, cst.Comma) else ""
        lost += "".join(code(arg) for arg in old[seen:-1]) + code(_without_end(old[-1]))
        end = _with_end_of(old[-1], lost, spaces[seen:-1])
        written[-1] = _ending_as(written[-1], end)
    elif isinstance(written[-1].comma, cst.Comma) and not old:
        written[-1] = written[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return node.with_changes(args=written, whitespace_before_args=before)


def _appended(written: list[cst.Arg], new: Argument, before: _Space) -> list[cst.Arg]:
    """The arguments so far and another one, which ends as the last one did."""
    if not written:
        return [new.node]
    *others, last = written
    space = _space_after(others[-1]) if others else before
    comma = _separator(_blank() if new.beside else space)
    return [
        *others,
        last.with_changes(comma=comma, whitespace_after_arg=_blank()),
        _ending_as(new.node, last),
    ]


def _ending_as(arg: cst.Arg, other: cst.Arg) -> cst.Arg:
    return arg.with_changes(comma=other.comma, whitespace_after_arg=other.whitespace_after_arg)


def _emptied(node: cst.Call) -> _Space:
    """The space between the parentheses of a call whose arguments all go."""
    text = "".join(code(arg) for arg in node.args[:-1]) + code(_without_end(node.args[-1]))
    space = _with_comments(node.whitespace_before_args, text, [_space_after(node.args[-1])])
    return space if comments_in(code(space)) else _blank()


def _space_after(arg: cst.Arg) -> _Space:
    if isinstance(arg.comma, cst.Comma):
        return arg.comma.whitespace_after
    return arg.whitespace_after_arg


def _with_space_after(arg: cst.Arg, space: _Space) -> cst.Arg:
    if isinstance(arg.comma, cst.Comma):
        return arg.with_changes(comma=arg.comma.with_changes(whitespace_after=space))
    return arg.with_changes(whitespace_after_arg=space)


def _without_end(arg: cst.Arg) -> cst.Arg:
    return _with_space_after(arg, _blank())


def _with_end_of(last: cst.Arg, lost: str, shapes: Sequence[_Space]) -> cst.Arg:
    """The old last argument, with the comments of what goes before its end in the space there."""
    end, comments = _space_after(last), comments_in(lost)
    if not comments:
        return last
    return _with_space_after(last, _commented([*comments, *comments_in(code(end))], (end, *shapes)))


def _with_comments(space: _Space, lost: str, shapes: Sequence[_Space]) -> _Space:
    """The space, with the comments of what goes behind it; `shapes` are spaces to look like."""
    comments = comments_in(lost)
    if not comments:
        return space
    return _commented([*comments_in(code(space)), *comments], (space, *shapes))


def _commented(comments: Sequence[str], shapes: Sequence[_Space]) -> _Space:
    """A space that holds the comments, one a line."""
    broken = [it for it in shapes if isinstance(it, cst.ParenthesizedWhitespace)]
    last_line = broken[0].last_line if broken else cst.SimpleWhitespace("    ")
    first, *others = map(cst.Comment, comments)
    return cst.ParenthesizedWhitespace(
        first_line=cst.TrailingWhitespace(cst.SimpleWhitespace("  "), first),
        empty_lines=[cst.EmptyLine(True, last_line, comment) for comment in others],
        indent=True,
        last_line=last_line,
    )


def _separator(space: _Space) -> cst.Comma:
    """A comma, and what separates the arguments: a line end where the last one begins its line."""
    if isinstance(space, cst.ParenthesizedWhitespace):
        plain = space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=())
        return cst.Comma(whitespace_after=plain)
    return cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
