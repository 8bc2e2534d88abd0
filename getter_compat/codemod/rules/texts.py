"""Names of TensorFlow 1's in texts, by which a program finds a function, a class or a module.

`eval("tf.log")(x)`, `pydoc.locate("tensorflow.train.AdamOptimizer")`, or a list of the modules in
which something is looked for: whoever reads the text finds nothing there in TensorFlow 2, and says
so in words of its own, if at all. Such a text is left for a person, with the name that is there
now. Texts are seen where a call is given them, alone or in a list, and in dicts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from getter_compat.codemod.analysis.names import leaf
from getter_compat.codemod.analysis.questions import is_of_tensorflow_1
from getter_compat.codemod.analysis.sites import Site, short
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.kept(
    """
        import pydoc

        import tensorflow as tf

        config = {"optimizer": "tensorflow.train.AdamOptimizer", "rate": 0.1}
        optimizer = pydoc.locate(config["optimizer"])(config["rate"])
        """,
    "write tf.compat.v1.train.AdamOptimizer",
)

_NAME = re.compile(r"(?:tf|tensorflow)\.((?:\w+\.)*\w+)")
_WHERE = (r"tf(?<=['\"]tf)\.", r"tensorflow(?<=['\"]tensorflow)\.")
# What the rule for imports tells of.
_IMPORTING = frozenset({"__import__", "import_module"})


@rule.nodes(ast.Call, ast.Dict, where=_WHERE)
def leave_names(site: Site) -> Iterator[Answer]:
    """Leave a text that is the name of something that TensorFlow 2 has elsewhere, or not at all."""
    node: ast.AST = site.node
    given = node.values if isinstance(node, ast.Dict) else _arguments(node)
    for text in (part for value in given for part in _texts(value)):
        match = _NAME.fullmatch(ast.literal_eval(text))
        if match is not None and is_of_tensorflow_1(match[1]):
            yield left(f"the name {match[0]} in a text: {_advice(site, match[1])}", text)


def _arguments(node: ast.AST) -> list[ast.expr]:
    assert isinstance(node, ast.Call)
    if leaf(node.func) in _IMPORTING:
        return []
    return [*node.args, *(word.value for word in node.keywords)]


def _texts(value: ast.expr) -> Iterator[ast.Constant]:
    """The texts that are written out, alone or in a list."""
    parts = value.elts if isinstance(value, (ast.List, ast.Set, ast.Tuple)) else [value]
    yield from (it for it in parts if isinstance(it, ast.Constant) and isinstance(it.value, str))


def _advice(site: Site, name: str) -> str:
    rules, path = site.spelling.rules, f"tensorflow.{name}"
    successor = rules.successor(path) or rules.moved.get(path)
    return f"write {short(successor)}" if successor else f"TensorFlow 2 has no {short(path)}"
