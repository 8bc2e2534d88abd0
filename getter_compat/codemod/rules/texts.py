"""Names of TensorFlow 1's in texts, by which a program finds a function, a class or a module.

`eval("tf.log")(x)`, `pydoc.locate("tensorflow.train.AdamOptimizer")`, or a list of the modules in
which something is looked for: whoever reads the text finds nothing there in TensorFlow 2, and says
so in words of its own, if at all. Such a text is left for a person, with the name that is there
now. Texts are seen where a call, a name or a parameter is given them, alone or in a list, and in
dicts. Of a list of modules in which names are looked for those are told, too, which both have, and
of which TensorFlow 2 has not what TensorFlow 1 had: `tensorflow.train`, for one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from getter_compat.codemod.analysis.names import below_v1, leaf
from getter_compat.codemod.analysis.questions import is_of_tensorflow_1
from getter_compat.codemod.analysis.sites import Site, short
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.rules.symbols import ALL_IN_V1

rule = Rule(__name__)

rule.kept(
    """
        import pydoc

        import tensorflow as tf

        config = {"optimizer": "tensorflow.train.AdamOptimizer", "rate": 0.1}
        optimizer = pydoc.locate(config["optimizer"])(config["rate"])
        """,
    "write tensorflow.compat.v1.train.AdamOptimizer",
)

_NAME = re.compile(r"(tf|tensorflow)\.((?:\w+\.)*\w+)")
_WHERE = (r"tf(?<=['\"]tf)\.", r"tensorflow(?<=['\"]tensorflow)\.")
_WITH_OTHER_NAMES = frozenset({"tensorflow", *(f"tensorflow.{name}" for name in ALL_IN_V1)})
# What the rule for imports tells of.
_IMPORTING = frozenset({"__import__", "import_module"})


@rule.nodes(
    *(ast.Call, ast.Dict, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef),
    where=_WHERE,
)
def leave_names(site: Site) -> Iterator[Answer]:
    """Leave a text that is the name of something that TensorFlow 2 has elsewhere, or not at all."""
    for value in _given(site.node):
        names = {text: str(text.value) for text in _texts(value)}
        are_places = value not in names and _are_places(site, names.values())
        for text, name in names.items():
            told = _told(site, name, are_places)
            if told is not None and not (text is value and _is_of_a_file(site.node, name)):
                yield left(told, text)


def _is_of_a_file(node: ast.AST, text: str) -> bool:
    """Whether a text may well be a file's, `LOG = "tf.log"`: nothing but a name is given it."""
    return not isinstance(node, (ast.Call, ast.Dict)) and re.fullmatch(r"tf\.\w+", text) is not None


def _are_places(site: Site, names: Iterable[str]) -> bool:
    """Whether names are looked for in these modules; loggers and documents have others."""
    if not site.module.concerns_tensorflow:
        return False
    parts = (match[2].partition(".")[0] for match in map(_NAME.fullmatch, names) if match)
    return not {"keras", "python"}.issuperset(parts)


def _given(node: ast.AST) -> list[ast.expr]:
    """What is given to a call, a name or a parameter, or is in a dict."""
    match node:
        case ast.Dict():
            return node.values
        case ast.Assign() | ast.AnnAssign():
            return [node.value] if node.value is not None else []
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return [*node.args.defaults, *(it for it in node.args.kw_defaults if it is not None)]
        case ast.Call() if leaf(node.func) not in _IMPORTING:
            return [*node.args, *(word.value for word in node.keywords)]
    return []


def _texts(value: ast.expr) -> Iterator[ast.Constant]:
    """The texts that are written out, alone or in a list, or in one that is added to another."""
    if isinstance(value, ast.BinOp):
        for side in (value.left, value.right):
            if not isinstance(side, ast.Constant):
                yield from _texts(side)
        return
    parts = value.elts if isinstance(value, (ast.List, ast.Set, ast.Tuple)) else [value]
    yield from (it for it in parts if isinstance(it, ast.Constant) and isinstance(it.value, str))


def _told(site: Site, text: str, is_place: bool) -> str | None:
    """What is to be said of a text."""
    match = _NAME.fullmatch(text)
    if match is not None and is_of_tensorflow_1(match[2]):
        return f"the name {text} in a text: {_advice(site, match[1], match[2])}"
    if is_place and text in _WITH_OTHER_NAMES:
        return f"names are looked for in {text}: TensorFlow 1's are in {below_v1(text)}"
    return None


def _advice(site: Site, root: str, name: str) -> str:
    """What to write, by the name that TensorFlow has in the text."""
    rules, path = site.spelling.rules, f"tensorflow.{name}"
    successor = rules.successor(path) or rules.moved.get(path)
    if not successor:
        return f"TensorFlow 2 has no {short(path)}"
    return f"write {short(successor) if root == 'tf' else successor}"
