"""The sites of a text: the places that a rule is asked about, and what it may ask of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from getter_compat.codemod.analysis.module import Module
from getter_compat.codemod.analysis.names import Chain, Names, Resolved, Scope

if TYPE_CHECKING:
    from getter_compat.codemod.rewriting.spelling import Spelling


@dataclass(frozen=True, eq=False)
class Site:
    """A place that a rule is asked about: the use of a name, or a node of another kind."""

    node: ast.expr
    """The dotted name, as far as the rule knows it; or the other node."""
    scope: Scope
    """The scope in which names are looked up here."""
    module: Module
    spelling: Spelling
    name: str = ""
    """The canonical name, such as `tensorflow.layers.dense`; empty for a node of another kind."""
    v1: bool = False
    """Whether it is reached through `tensorflow.compat.v1`."""
    chain: Chain | None = None
    """The whole dotted expression that the node begins."""
    call: ast.Call | None = None
    """The call, where the node is what is called."""

    @property
    def short(self) -> str:
        """The name as people say it: `tf.layers.dense`."""
        return short(self.name)

    def spell(self, target: str) -> str:
        """How the dotted path `target` is written here."""
        if self.chain is None:
            return self.spelling.in_scope(self.scope, target)
        return self.spelling.at(self.chain, target)

    def resolve(self, node: ast.expr) -> Resolved | None:
        """The canonical name of another expression beside this one."""
        return self.module.names.resolve(node, self.scope)

    def resolve_whole(self) -> str:
        """The canonical name of the whole dotted expression that the node begins."""
        whole = self.resolve(self.chain.node) if self.chain is not None else None
        return whole.name if whole is not None else self.name

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node above."""
        return self.module.parent(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes above, nearest first."""
        return self.module.ancestors(node)

    def text_of(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node, as it was."""
        return self.module.text.of(node)


def short(name: str) -> str:
    """A canonical name as people say it."""
    root, dot, rest = name.partition(".")
    return f"tf{dot}{rest}" if root == "tensorflow" else name


def leading(names: Names) -> list[tuple[Chain, Resolved]]:
    """Every dotted expression that leads into TensorFlow or Keras, in the order of the text."""
    found = [
        (chain, resolved)
        for root in names.leading
        for chain in names.chains.get(root, ())
        if names.may_lead(root, chain.scope)
        and (resolved := names.resolve(chain.node, chain.scope)) is not None
    ]
    return sorted(found, key=lambda item: (item[0].node.lineno, item[0].node.col_offset))


def is_changed(chain: Chain) -> bool:
    """Whether this is assigned to or deleted, as in `tf.log = tf.math.log`."""
    return isinstance(chain.node, ast.Attribute) and not isinstance(chain.node.ctx, ast.Load)


def stands_where_told(module: Module, node: ast.expr, root: ast.Name) -> bool:
    """Whether the text at a dotted expression's place is that expression.

    Before Python 3.12 the places of what stands in an f-string may be wrong.
    """
    text = module.text.of(node)
    leaf = node.attr if isinstance(node, ast.Attribute) else root.id
    return text.startswith((root.id, "(")) and text.endswith(leaf)
