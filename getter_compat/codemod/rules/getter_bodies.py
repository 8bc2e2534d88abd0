"""What custom getters ask of a variable is asked as TensorFlow 2 answers it.

In TF1 a variable had no truth of its own, so `if average:` asked whether there was one; in
TensorFlow 2 it asks for its value and raises. The same holds for `not`, `and`, `or` and `== None`.
A variable has no `_ref()` any more, and no `op` outside of a graph. Looked at are functions that
take a `getter`; `op.name` is also rewritten for what `tf.get_variable` returned and in loops over
variables, and stays in a program that runs a graph, where variables have it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from getter_compat.codemod.analysis.names import is_chain
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.analysis.source import Span
from getter_compat.codemod.analysis.values import Kind
from getter_compat.codemod.answers import Answer, Change, changed, left
from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rewriting.calls import Value, filled, in_parentheses
from getter_compat.codemod.rules import GAP, Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def averaged(ema):
            def getter(getter, name, *args, **kwargs):
                variable = getter(name, *args, **kwargs)
                average = ema.average(variable)
                if variable.op.name.endswith("bias"):
                    return variable
                return average if average else variable

            return getter


        getter = averaged(tf.train.ExponentialMovingAverage(0.9))
        with tf.variable_scope("net", custom_getter=getter):
            print(tf.get_variable("v", [2]).name)
        """,
    after="""
        import getter_compat
        import tensorflow as tf


        def averaged(ema):
            def getter(getter, name, *args, **kwargs):
                variable = getter(name, *args, **kwargs)
                average = ema.average(variable)
                if variable.name.split(":")[0].endswith("bias"):
                    return variable
                return average if average is not None else variable

            return getter


        getter = averaged(tf.train.ExponentialMovingAverage(0.9))
        with getter_compat.getter_scope("net", custom_getter=getter):
            print(getter_compat.get_variable("v", [2]).name)
        """,
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_NAME = '.name.split(":")[0]'


@rule.nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, where=(r"getter\b",))
def rewrite_getter(site: Site) -> Iterator[Answer]:
    """Rewrite the body of a function that takes a `getter`."""
    node: ast.AST = site.node
    assert isinstance(node, _Function)
    arguments = node.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if any(parameter.arg == "getter" for parameter in parameters):
        body = node.body if isinstance(node.body, list) else [node.body]
        yield from _Getter(site, body).answers()


@rule.nodes(ast.Attribute, where=(rf"op{GAP}\.{GAP}name",))
def rewrite_operation_name(site: Site) -> Iterator[Answer]:
    """Rewrite `v.op.name` where v is known to be a variable, outside of getters too."""
    node = site.node
    while isinstance(node, ast.Attribute):
        variable = _owner_of_operation_name(node)
        if site.module.values.held(variable) is Kind.VARIABLE:
            assert variable is not None
            yield from _named(site, node, variable)
        node = node.value


def _owner_of_operation_name(node: ast.Attribute) -> ast.expr | None:
    operation = node.value
    if node.attr == "name" and isinstance(operation, ast.Attribute) and operation.attr == "op":
        return operation.value
    return None


def _named(site: Site, node: ast.Attribute, variable: ast.expr) -> Iterator[Answer]:
    """The answer to `variable.op.name`, in its place: Python < 3.12 may err in an f-string."""
    if site.module.may_run_graph:
        return
    text, owner = site.module.text, site.text_of(variable)
    between = text.read(Span(text.end(variable), text.end(node)))
    if re.fullmatch(rf"{GAP}(?:\){GAP})*\.{GAP}op{GAP}\.{GAP}name", between):
        yield changed(node, _name_of_owner, f"{owner}.op.name -> {owner}{_NAME}")


def _name_of_owner(node: Value) -> Value:
    assert isinstance(node, cst.Attribute)
    assert isinstance(node.value, cst.Attribute)
    return filled(f"{{}}{_NAME}", node.value.value)


class _Getter:
    """The body of one getter, and which names in it hold a variable or None."""

    def __init__(self, site: Site, body: list[ast.stmt] | list[ast.expr]) -> None:
        self.site = site
        self.nodes = [node for part in body for node in ast.walk(part)]
        self.assigned = _assignments(self.nodes)
        self.variables: set[str] = set()
        while found := {name for name in self.assigned if self._holds_variable(name)}:
            self.variables |= found

    def _holds_variable(self, name: str) -> bool:
        values = self.assigned[name]
        return (
            name not in self.variables
            and all(value is not None and self._may_be_variable(value) for value in values)
            and not all(_is_none(value) for value in values)
        )

    def _may_be_variable(self, value: ast.expr) -> bool:
        if isinstance(value, ast.IfExp):
            return self._may_be_variable(value.body) and self._may_be_variable(value.orelse)
        if isinstance(value, ast.BoolOp):
            return all(self._may_be_variable(part) for part in value.values)
        return _is_none(value) or self._is_variable(value)

    def _is_variable(self, node: ast.expr) -> bool:
        """A variable or None: from a getter, from a moving average, or a name for one of them."""
        if isinstance(node, ast.Name):
            return node.id in self.variables
        if not isinstance(node, ast.Call):
            return False
        function = node.func
        if isinstance(function, ast.Name):
            return function.id == "getter"
        return (
            isinstance(function, ast.Attribute)
            and function.attr == "average"
            and not self._is_module(function.value)
        )

    def _is_module(self, node: ast.expr) -> bool:
        """Whether this is an imported module: `np.average(...)` is no moving average."""
        bindings = self.site.module.names.module.bindings
        found = bindings.get(node.id, []) if isinstance(node, ast.Name) else []
        return any(isinstance(binding.statement, ast.Import) for binding in found)

    def answers(self) -> Iterator[Answer]:
        """What is to be changed, or left."""
        for node in self.nodes:
            if isinstance(node, (ast.If, ast.While, ast.IfExp, ast.Assert)):
                yield from self._of_test(node.test)
            elif isinstance(node, ast.comprehension):
                for condition in node.ifs:
                    yield from self._of_test(condition)
            elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
                yield from self._of_not(node)
            elif isinstance(node, ast.BoolOp) and not self._is_test(node):
                yield from self._of_choice(node)
            elif isinstance(node, ast.Compare):
                yield from self._of_comparison(node)
            elif isinstance(node, ast.Attribute):
                yield from self._of_attribute(node)

    def _is_test(self, node: ast.expr) -> bool:
        """Whether only the truth of the expression counts."""
        parent = self.site.parent(node)
        if isinstance(parent, ast.BoolOp):
            return self._is_test(parent)
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        if isinstance(parent, ast.comprehension):
            return node in parent.ifs
        return getattr(parent, "test", None) is node

    def _of_test(self, node: ast.expr) -> Iterator[Answer]:
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                yield from self._of_test(value)
        elif self._is_variable(node):
            yield _compared(node, lambda value: _compare(value, cst.IsNot()))
        elif isinstance(node, ast.IfExp) and self._yields_variable(node):
            yield left(_LEFT, node)

    def _of_not(self, node: ast.UnaryOp) -> Iterator[Answer]:
        if isinstance(node.operand, ast.BoolOp):
            yield from self._of_test(node.operand)
        elif self._is_variable(node.operand):
            yield _compared(node, _is_none_instead_of_not)

    def _of_choice(self, node: ast.BoolOp) -> Iterator[Answer]:
        """The answer to `a or b`, where one of the values is the result."""
        if not any(self._yields_variable(value) for value in node.values[:-1]):
            return
        first, second = node.values[0], node.values[1]
        text = self.site.module.text
        hidden = b"#" in text.data[text.end(first) : text.start(second)]
        plain = self._is_variable(first) and _may_be_repeated(first)
        if len(node.values) > 2 or hidden or not plain:
            yield left(_LEFT, node)
            return
        in_brackets = self._needs_parentheses(node)
        yield _compared(node, lambda value: _chosen(value, in_brackets))

    def _yields_variable(self, node: ast.expr) -> bool:
        if isinstance(node, ast.BoolOp):
            return any(map(self._yields_variable, node.values))
        if isinstance(node, ast.IfExp):
            return self._yields_variable(node.body) or self._yields_variable(node.orelse)
        return self._is_variable(node)

    def _needs_parentheses(self, node: ast.BoolOp) -> bool:
        parent = self.site.parent(node)
        if isinstance(parent, ast.IfExp):
            return parent.orelse is not node
        return isinstance(parent, (ast.BoolOp, ast.Starred))

    def _of_comparison(self, node: ast.Compare) -> Iterator[Answer]:
        if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            return
        if self._is_variable(node.left) and _is_none(node.comparators[0]):
            yield _compared(node, _by_identity)

    def _of_attribute(self, node: ast.Attribute) -> Iterator[Answer]:
        in_eager = self.site.module.target == "eager"
        variable = _owner_of_operation_name(node)
        if variable is not None and self._is_variable(variable):
            yield from _named(self.site, node, variable)
        elif not self._is_variable(node.value):
            return
        elif node.attr == "_ref":
            yield changed(node, _read_value, "_ref() -> read_value()")
        elif node.attr == "op" and in_eager and not self._is_named(node):
            yield left("a variable has no op in TensorFlow 2", node)

    def _is_named(self, node: ast.Attribute) -> bool:
        parent = self.site.parent(node)
        return isinstance(parent, ast.Attribute) and parent.attr == "name"


_LEFT = "the truth of a variable: compare it with None"


def _compared(node: ast.expr, change: Change) -> Answer:
    return changed(node, change, "the truth of a variable: compared with None")


def _compare(value: Value, operator: cst.BaseCompOp) -> cst.Comparison:
    return cst.Comparison(value, [cst.ComparisonTarget(operator, cst.Name("None"))])


def _is_none_instead_of_not(node: Value) -> Value:
    assert isinstance(node, cst.UnaryOperation)
    return _compare(node.expression, cst.Is())


def _by_identity(node: Value) -> Value:
    assert isinstance(node, cst.Comparison)
    (target,) = node.comparisons
    operator = cst.Is() if isinstance(target.operator, cst.Equal) else cst.IsNot()
    return node.with_changes(comparisons=[target.with_changes(operator=operator)])


def _chosen(node: Value, in_brackets: bool) -> Value:
    """`a if a is not None else b` for `a or b`, `None if a is None else b` for `a and b`."""
    assert isinstance(node, cst.BooleanOperation)
    first, operator = node.left, node.operator
    is_or = isinstance(operator, cst.Or)
    chosen = cst.IfExp(
        test=_compare(first, cst.IsNot() if is_or else cst.Is()),
        body=first if is_or else cst.Name("None"),
        orelse=node.right,
        whitespace_before_if=operator.whitespace_before if is_or else cst.SimpleWhitespace(" "),
        whitespace_before_else=cst.SimpleWhitespace(" ") if is_or else operator.whitespace_before,
        whitespace_after_else=operator.whitespace_after,
    )
    return in_parentheses(chosen) if in_brackets else chosen


def _read_value(node: Value) -> Value:
    assert isinstance(node, cst.Attribute)
    return node.with_changes(attr=cst.Name("read_value"))


def _assignments(nodes: list[ast.AST]) -> dict[str, list[ast.expr | None]]:
    """What each name is assigned; None for what is no plain assignment."""
    assigned: dict[str, list[ast.expr | None]] = {}
    plain: set[ast.AST] = set()
    for node in nodes:
        for target, value in _targets(node):
            plain.add(target)
            assigned.setdefault(target.id, []).append(value)
    for node in nodes:
        if isinstance(node, ast.arg):
            assigned.setdefault(node.arg, []).append(None)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in plain:
            assigned.setdefault(node.id, []).append(None)
    return assigned


def _targets(node: ast.AST) -> Iterator[tuple[ast.Name, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target, node.value


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _may_be_repeated(node: ast.expr) -> bool:
    """Whether evaluating it twice is as good as once: a name, or a moving average's look-up."""
    if isinstance(node, ast.Call):
        return is_chain(node.func) and not node.keywords and all(map(is_chain, node.args))
    return isinstance(node, ast.Name)
