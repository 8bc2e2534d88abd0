"""Programs of TensorFlow 1 by chance: any import, sites in each other's arguments, any layout.

`program(seed)` is always the same for a seed: statements made from scratch, as a file or in the
cells of a notebook, or the example of a rule laid out anew, for either target. `scripts/fuzz.py`
runs as many as one likes.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from getter_compat.codemod import notebooks
from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.project import NOTHING, PROGRAM
from getter_compat.codemod.rewrite import Options, rewrite
from getter_compat.codemod.rules import RULES, Example

_IMPORTS = (
    ("import tensorflow as tf", "tf"),
    ("import tensorflow.compat.v1 as tf", "tf"),
    ("import tensorflow", "tensorflow"),
    ("import numpy as np\nimport tensorflow as flow", "flow"),
    ('"""Doc."""\nfrom __future__ import division\nimport os, tensorflow as tf', "tf"),
    ("try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n    tf = None", "tf"),
    ("import tensorflow as real\ntf = real.compat.v1", "tf"),
    ("import os; import tensorflow as tf", "tf"),
    ("from tensorflow import layers, zeros as z\nimport tensorflow as tf", "tf"),
)

_CALLS = (
    "{tf}.variable_scope('a', reuse={tf}.AUTO_REUSE)",
    "{tf}.get_variable('w', [2], initializer={x})",
    "{tf}.layers.dense({x}, 3, name='a/b')",
    "{tf}.layers.Dense(3, activation={tf}.nn.relu)({x})",
    "{tf}.get_collection({tf}.GraphKeys.TRAINABLE_VARIABLES, scope={x})",
    "{tf}.get_collection({x})",
    "{tf}.losses.get_regularization_loss()",
    "{tf}.placeholder({tf}.float32, [None, 3])",
    "{tf}.reduce_sum({x}, 1, keep_dims=True)",
    "{tf}.argmax({x}, dimension=(1), name='n')",
    "{tf}.nn.dropout({x}, keep_prob={x} + 1)",
    "{tf}.nn.dropout({x}, {x}, seed=3)",
    "{tf}.to_float(({x}))",
    "{tf}.to_int32({x}, 'name')",
    "{tf}.contrib.layers.l2_regularizer(scale={x}, scope={x})",
    "{tf}.contrib.layers.l1_l2_regularizer({x})",
    "{tf}.contrib.layers.xavier_initializer(False, seed={x})",
    "{tf}.contrib.layers.variance_scaling_initializer(factor={x}, uniform=True)",
    "{tf}.truncated_normal_initializer(stddev={x})",
    "{tf}.random_normal_initializer(0.0, dtype={tf}.float32)",
    "{tf}.name_scope(None, 'd', [{x}])",
    "{tf}.Variable({x}, False, [{tf}.GraphKeys.GLOBAL_VARIABLES], name='v')",
    "{tf}.nn.softmax_cross_entropy_with_logits(labels={x}, logits={x})",
    "{tf}.while_loop(lambda a, b: {x}, f, [{x}, {x}])",
    "{tf}.log({x}, **options)",
    "{x}.get_shape()[-1].value",
    "({x}).make_one_shot_iterator()",
    "f(*[{x}], key={x})",
    "[{x} for v, w in y if {x}]",
    "(lambda tf, q={x}: tf.layers.dense(q, {x}))",
    "({x} if {x} else {x})",
    "{x} * {x}",
    "not {x}",
    "value",
    "my_weights",
    "0.5",
    "'a # string: tf.get_variable'",
)

_FORMS = (
    "y{n} = {e}",
    "with {e} as s:\n    pass",
    "def f{n}(x, y={e}):\n\treturn {e}",
    "class A{n}(B):\n  c = {e}",
    "{e} ; z = {e}",
    "if {e}: pass",
    "for v in {e} :\n        print( {e} )",
    "@g({e})\ndef h{n}(): pass",
    "{tf}.enable_eager_execution()",
    "plain = [1,\n     2]",
)


@dataclass(frozen=True)
class Program:
    """A program, and what is asked of the codemod."""

    text: str
    target: str
    after: str | None = None
    """What it becomes, but for its layout, where that is known."""
    in_cells: bool = False
    """Whether it is to be rewritten as a notebook, each statement in a cell of its own."""


def program(seed: int) -> Program:
    """A program that parses."""
    while True:
        made = _made(Random(seed))
        if _parses(made.text):
            return made
        seed += 1 << 32


def _made(random: Random) -> Program:
    kind = random.choice(("scratch", "scratch", "example", "notebook"))
    maker = _Maker(random)
    if kind == "example":
        example = random.choice(_examples())
        return Program(maker.relaid(example.before), example.target, example.after)
    target = random.choice(("graph", "graph", "eager"))
    return Program(maker.program(), target, in_cells=kind == "notebook")


def _examples() -> list[Example]:
    """The examples of all rules, but for what is said of a line by a comment on it."""
    found = (example for _, rule in sorted(RULES.items()) for example in rule.examples)
    return [example for example in found if "#" not in example.before]


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _Maker:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.comments = 0

    def program(self) -> str:
        """Imports, and some statements below them."""
        statement, self.tf = self.random.choice(_IMPORTS)
        lines = [statement]
        for number in range(self.random.randint(1, 4)):
            form = self.random.choice(_FORMS).replace("{tf}", self.tf).replace("{n}", str(number))
            while "{e}" in form:
                form = form.replace("{e}", self._laid_out(self._expression(3)), 1)
            lines.append(form)
        newline = self.random.choice(("\n", "\n", "\r\n", "\r"))
        return newline.join("\n".join(lines).split("\n")) + self.random.choice(("", newline))

    def _expression(self, depth: int) -> str:
        call = self.random.choice(_CALLS if depth else _CALLS[-4:-1])
        while "{x}" in call:
            call = call.replace("{x}", self._expression(depth - 1), 1)
        return call.replace("{tf}", self.tf)

    def relaid(self, text: str) -> str:
        """The program with line ends, blanks and comments wherever its brackets allow them."""
        newline = self.random.choice(("\n", "\n", "\r\n", "\r"))
        return newline.join(self._laid_out(text).split("\n"))

    def _laid_out(self, text: str) -> str:
        """The code with line ends, blanks and comments wherever brackets allow them."""
        if self.random.random() < 0.3:
            return text
        pieces, depth, strings = [], 0, 0
        often = self.random.choice((0.05, 0.2, 0.5))
        lines = text.splitlines(keepends=True)
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
        for token, following in pairwise(tokens):
            pieces.append(token.string)
            strings += (token.type == _OPENS_STRING) - (token.type == _CLOSES_STRING)
            if not strings:
                depth += token.string in ("(", "[", "{")
                depth -= token.string in (")", "]", "}")
            (row, end), (next_row, start) = token.end, following.start
            if row != next_row:
                pieces.append("" if token.type in _LINE_ENDS else lines[row - 1][end:])
                pieces.append(lines[next_row - 1][:start] if next_row <= len(lines) else "")
                continue
            gap = lines[row - 1][end:start] if row <= len(lines) else ""
            at_will = depth and not strings and following.type not in _LINE_ENDS
            pieces.append(self._gap(gap) if at_will and self.random.random() < often else gap)
        return "".join(pieces)

    def _gap(self, gap: str) -> str:
        blanks = " " * self.random.choice((0, 2, 4, 11, 20, 35))
        if self.random.random() < 0.4:
            self.comments += 1
            return f"{gap}  # c{self.comments}\n{blanks}"
        return f"{gap}\n{blanks}"


# Since Python 3.12 an f-string is many tokens; before, it is one string.
_OPENS_STRING = getattr(tokenize, "FSTRING_START", -1)
_CLOSES_STRING = getattr(tokenize, "FSTRING_END", -1)
_LINE_ENDS = (tokenize.NEWLINE, tokenize.NL)


def troubles(made: Program) -> Iterator[str]:
    """What the codemod does wrong with a program.

    That the result means what it meant where nothing is said, and does not change again, `rewrite`
    looks at itself: it raises.
    """
    options = Options(target=made.target)
    before = _in_cells(made.text) if made.in_cells else made.text
    project = NOTHING if made.after is None else PROGRAM
    try:
        result = (notebooks.rewrite if made.in_cells else rewrite)(before, options, project)
    except RewriteError as error:
        yield f"refused: line {error.line}: {error.message}"
        return
    yield from (f"refused: line {it.line}: {it.message}" for it in result.troubles)
    before, after = made.text, _source(result.source) if made.in_cells else result.source
    if not _parses(after):
        yield "the result does not parse"
    elif made.after is not None and _meaning(after) != _meaning(made.after):
        yield f"laid out otherwise, the example becomes something else:\n{after}"
    if re.findall(r"# c\d+", after) != re.findall(r"# c\d+", before):
        yield "comments are lost, or in another order"
    if not set(re.findall("\r\n|\r|\n", after)) <= set(re.findall("\r\n|\r|\n", before)):
        yield "line ends of another kind"
    if before.count("plain = [1,") != after.count("plain = [1,"):
        yield "a line that no rule knows is another"


def _meaning(text: str) -> str:
    return ast.dump(ast.parse(text))


def _in_cells(text: str) -> str:
    """A notebook whose cells hold a statement each."""
    lines = text.splitlines(keepends=True)
    body = ast.parse(text).body
    starts = [
        _first_row(statement) - 1
        for above, statement in pairwise(body)
        if _first_row(statement) > (above.end_lineno or 0)
    ]
    sources = ["".join(lines[a:b]) for a, b in pairwise([0, *starts, len(lines)])]
    cells = [{"cell_type": "code", "metadata": {}, "source": it} for it in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2})


def _first_row(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min(statement.lineno, *(item.lineno for item in decorators), statement.lineno)


def _source(notebook: str) -> str:
    return "".join(cell["source"] for cell in json.loads(notebook)["cells"])
