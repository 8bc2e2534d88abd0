"""What a variable or a tensor is told apart by is left for a person with --target eager.

In TF1 each was itself: the key of a dict, a member of a set, found again in a list. In TensorFlow 2
they are compared by their values, so they have no hash, and `w in variables` compares numbers; a
variable was always true, and is now what its value is.
Nothing is rewritten: it takes `ref()` at every place that has to do with the same dict.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from getter_compat.codemod.analysis.names import leaf
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.analysis.values import Held, Kind, Many, Several, parts
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__, target="eager")

rule.kept(
    """
        import tensorflow as tf


        def slots(others):
            w, b = tf.Variable(1.0), tf.Variable(0.0)
            rates = {w: 0.1}
            rates[b] = 0.2
            seen = set([w, b])
            return [v for v in (w, b) if v not in others], rates, seen
        """,
    "a variable is no key in TensorFlow 2: its ref() is",
)

_IS_KEY = "{} is no key in TensorFlow 2: its ref() is"
_IS_TRUE = "{} is as true as its value in TensorFlow 2: compare it with None"
_IS_COMPARED = "{} is compared by its value in TensorFlow 2: tell it apart by its ref()"

# What takes its keys out of a list, or out of a list of pairs.
_HOLDING = frozenset({"Counter", "OrderedDict", "dict", "frozenset", "fromkeys", "set"})
_BUILT_IN = frozenset({"dict", "frozenset", "hash", "set"})

# Methods of dicts and sets, and those that compare with what is in a list.
_OF_KEYED = frozenset({"add", "discard", "get", "has_key", "pop", "remove", "setdefault"})
_OF_LISTS = frozenset({"count", "index", "remove"})

# What is so called is a list of variables, whatever has it; so is this, where keys are written out.
_OF_MODELS = re.compile(r"(?:non_)?trainable_(?:variables|weights)")
_VARIABLES = re.compile(r"tvars|(?:.*_)?(?:trainable_vars|var_list|variables)")


@rule.nodes(ast.Dict, ast.DictComp, ast.Set, ast.SetComp)
def look_at_display(site: Site) -> Iterator[Answer]:
    """Leave the keys of a dict or a set that is written out."""
    node: ast.AST = site.node
    keys: list[ast.expr | None] = []
    if isinstance(node, ast.Dict) and not _is_fed(site, node):
        keys = node.keys
    elif isinstance(node, ast.DictComp):
        keys = [node.key]
    elif isinstance(node, ast.SetComp):
        keys = [node.elt]
    elif isinstance(node, ast.Set):
        keys = [*node.elts]
    yield from _as_keys(site, *(key for key in keys if key is not None))


@rule.nodes(ast.Subscript)
def look_at_subscript(site: Site) -> Iterator[Answer]:
    """Leave a key in brackets: what is assigned to there, in TF1, could only be a dict."""
    node = site.node
    assert isinstance(node, ast.Subscript)
    is_read = isinstance(node.ctx, ast.Load)
    if not is_read or site.module.values.held(node.value) is Kind.KEYED:
        yield from _as_keys(site, node.slice)


@rule.nodes(ast.Compare)
def look_at_comparison(site: Site) -> Iterator[Answer]:
    """Leave `w in variables` and `w == other`, which asked whether they are the same."""
    node = site.node
    assert isinstance(node, ast.Compare)
    first = node.left
    for operator, second in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, (ast.In, ast.NotIn)):
            yield from _of_membership(site, first, second)
        elif isinstance(operator, (ast.Eq, ast.NotEq)):
            sides = site.module.values.held(first), site.module.values.held(second)
            if Kind.VARIABLE in sides and {*sides} <= {Kind.VARIABLE, Kind.NOTHING}:
                yield _left(_IS_COMPARED, first, Kind.VARIABLE)
        first = second


@rule.nodes(ast.Call)
def look_at_call(site: Site) -> Iterator[Answer]:
    """Leave what hashes its argument, or what is in it, and what looks for it in a list."""
    node = site.node
    assert isinstance(node, ast.Call)
    function = node.func
    if not node.args or site.resolve(function) is not None:
        return
    first = node.args[0]
    is_method = isinstance(function, ast.Attribute)
    name = leaf(function)
    if is_method and name in _BUILT_IN:
        return
    if name == "hash":
        yield from _as_keys(site, first)
    elif name in _HOLDING:
        yield from _as_items(site, first)
    elif isinstance(function, ast.Attribute):
        yield from _of_method(site, name, site.module.values.held(function.value), first)


def _of_method(site: Site, name: str, owner: Held, item: ast.expr) -> Iterator[Answer]:
    held = site.module.values.held(item)
    # What has such a method, and is no list that is seen, hardly takes tensors.
    is_listed = name in _OF_LISTS and (isinstance(owner, Many) or held is Kind.VARIABLE)
    if name == "update" and owner is Kind.KEYED:
        yield from _as_items(site, item)
    elif name in _OF_KEYED and (owner is Kind.KEYED or name == "setdefault"):
        yield from _as_keys(site, item)
    elif is_listed and _is_told_apart(site, held):
        yield _left(_IS_COMPARED, item, held)


@rule.nodes(ast.Assert, ast.BoolOp, ast.If, ast.IfExp, ast.UnaryOp, ast.While)
def look_at_truth(site: Site) -> Iterator[Answer]:
    """Leave `if w:`, which asked whether there is a variable."""
    for node in _tested(site, site.node):
        if site.module.values.held(node) is Kind.VARIABLE and site.module.concerns_tensorflow:
            yield _left(_IS_TRUE, node, Kind.VARIABLE)


def _tested(site: Site, node: ast.AST) -> list[ast.expr]:
    """The expressions of which this asks whether they are true."""
    if isinstance(node, ast.BoolOp):
        above = site.parent(node)
        is_tested = above is not None and node in _tested(site, above)
        return node.values if is_tested else node.values[:-1]
    if isinstance(node, ast.UnaryOp):
        return [node.operand] if isinstance(node.op, ast.Not) else []
    return [node.test] if isinstance(node, (ast.Assert, ast.If, ast.IfExp, ast.While)) else []


def _of_membership(site: Site, item: ast.expr, holder: ast.expr) -> Iterator[Answer]:
    held = site.module.values.held
    if held(holder) is Kind.KEYED:
        yield from _as_keys(site, item)
    elif _is_told_apart(site, held(item)):
        yield _left(_IS_COMPARED, item, held(item))
    elif held(holder) == Many(Kind.VARIABLE) and not isinstance(item, ast.Constant):
        yield _left(_IS_COMPARED, item, Kind.VARIABLE)


def _as_keys(site: Site, *keys: ast.expr) -> Iterator[Answer]:
    for key in (part for whole in keys for part in parts(whole)):
        held = site.module.values.held(key)
        if _runs_over_variables(site, key):
            held = Kind.VARIABLE
        if _is_told_apart(site, held):
            yield _left(_IS_KEY, key, held)


def _as_items(site: Site, given: ast.expr) -> Iterator[Answer]:
    """Leave a list of keys, or of pairs that begin with them."""
    item = site.module.values.items(given)
    if isinstance(item, Several) and item.parts:
        item = item.parts[0]
    if _is_told_apart(site, item):
        yield _left(_IS_KEY, given, item)


def _is_told_apart(site: Site, held: Held) -> bool:
    return held in (Kind.VARIABLE, Kind.TENSOR) and site.module.concerns_tensorflow


def _left(why: str, node: ast.expr, held: Held) -> Answer:
    assert isinstance(held, Kind)
    return left(why.format(held.value), node)


def _runs_over_variables(site: Site, key: ast.expr) -> bool:
    """Whether a loop takes the key out of what is called a list of variables."""
    over = site.module.values.run_over(key) if isinstance(key, ast.Name) else None
    if over is None or site.module.values.held(over) is not None:
        return False
    if isinstance(over, ast.Attribute) and _OF_MODELS.fullmatch(over.attr):
        return True
    name = leaf(over)
    is_written_out = isinstance(site.node, (ast.DictComp, ast.SetComp))
    return is_written_out and _VARIABLES.fullmatch(name) is not None


def _is_fed(site: Site, node: ast.Dict) -> bool:
    """Whether this says what a session is fed: the session itself is left."""
    above = site.parent(node)
    return isinstance(above, ast.keyword) and above.arg == "feed_dict"
