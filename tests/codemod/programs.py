"""Programs of TensorFlow 1 by chance: any import, sites in each other's arguments, any layout.

`program(seed)` is always the same for a seed. `scripts/fuzz.py` runs as many as one likes.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.rewrite import rewrite

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


def program(seed: int) -> str:
    """A program that parses."""
    while True:
        random = Random(seed)
        made = _Maker(random).program()
        if _parses(made):
            return made
        seed += 1 << 32


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

    def _laid_out(self, expression: str) -> str:
        """The expression with line ends, blanks and comments wherever brackets allow them."""
        if self.random.random() < 0.3:
            return expression
        pieces, depth = [], 0
        often = self.random.choice((0.05, 0.2, 0.5))
        tokens = list(tokenize.generate_tokens(io.StringIO(expression).readline))
        for token, following in pairwise(tokens):
            pieces.append(token.string)
            depth += token.string in ("(", "[", "{")
            depth -= token.string in (")", "]", "}")
            gap = " " * (following.start[1] - token.end[1])
            pieces.append(self._gap(gap) if depth and self.random.random() < often else gap)
        return "".join(pieces).strip()

    def _gap(self, gap: str) -> str:
        blanks = " " * self.random.choice((0, 2, 4, 11, 20, 35))
        if self.random.random() < 0.4:
            self.comments += 1
            return f"{gap}  # c{self.comments}\n{blanks}"
        return f"{gap}\n{blanks}"


def troubles(before: str) -> Iterator[str]:
    """What the codemod does wrong with a program.

    That the result means what it meant where nothing is said, and does not change again, `rewrite`
    looks at itself: it raises.
    """
    try:
        result = rewrite(before).source
    except RewriteError as error:
        yield f"refused: line {error.line}: {error.message}"
        return
    if not _parses(result):
        yield "the result does not parse"
    if re.findall(r"# c\d+", result) != re.findall(r"# c\d+", before):
        yield "comments are lost, or in another order"
    if not set(re.findall("\r\n|\r|\n", result)) <= set(re.findall("\r\n|\r|\n", before)):
        yield "line ends of another kind"
    if before.count("plain = [1,") != result.count("plain = [1,"):
        yield "a line that no rule knows is another"
