"""What is known of one source text before anything is written: its names, and who asks for what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from getter_compat.codemod import comments
from getter_compat.codemod.analysis.names import Names, prefixes
from getter_compat.codemod.analysis.source import Source
from getter_compat.codemod.analysis.values import Values
from getter_compat.codemod.project.scan import KERAS_2, PARTITIONER, has_graph
from getter_compat.tables import support
from getter_compat.tables.programs import BUILD_GRAPHS, NEED_V1, RUN_GRAPHS, SWITCHES
from getter_compat.tables.symbols import GONE, RENAMES, V1_ONLY, V2

_FETCHED = re.compile(
    r"get_(?:tensor|operation)_by_name|output_node_names"
    r"|['\"](?!(?i:[cgt]pu):)[A-Za-z_][\w/.-]*:\d['\"]"  # and not "gpu:0", which is a device
)

# What TensorFlow 1 has alone; of Keras the upgrade data renames what both have.
_ONLY_TF1 = frozenset(
    f"tensorflow.{name}"
    for name in ("contrib", "layers", *({*GONE, *RENAMES, *V1_ONLY} - V2))
    if not name.startswith("keras.")
)

# What a program of TensorFlow 1's has below `tf.compat.v1`: others go there to log or to configure.
_OF_PROGRAMS = RUN_GRAPHS | BUILD_GRAPHS | NEED_V1 | SWITCHES
_GRAPHS = frozenset(
    f"tensorflow.{name}"
    for name in _OF_PROGRAMS | support.GRAPH_ONLY | support.KERAS_2
    if not name.startswith("keras.")
)


class Module:
    """The text, the tree and the names of one module."""

    def __init__(self, text: Source, names: Names, target: str = "graph") -> None:
        self.text = text
        self.tree = text.tree
        self.names = names
        self.values = Values(names)
        self.target = target
        """What the program is to run in: `graph`, with its sessions, or `eager`."""
        self._ignores = comments.ignored_lines(text.source)

    def ignored(self, node: ast.AST, rule: str) -> bool:
        """Whether a comment on one of the node's lines tells the rule to keep off."""
        if not self._ignores:
            return False
        first = getattr(node, "lineno", 0)
        for line in {first, getattr(node, "end_lineno", first)}:
            names = self._ignores.get(line)
            if names is not None and (not names or rule in names):
                return True
        return False

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node above."""
        return self.names.parents.get(node)

    def call_of(self, node: ast.AST) -> ast.Call | None:
        """The call, if the node is what is called."""
        parent = self.names.parents.get(node)
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes above, nearest first."""
        above = self.names.parents.get(node)
        while above is not None:
            yield above
            above = self.names.parents.get(above)

    @cached_property
    def all_nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the text."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def may_run_graph(self) -> bool:
        """Whether the text, or a program that it belongs to, has something to do with graphs."""
        if self.target != "graph":
            return False
        return self.names.project.runs_graph or has_graph(self.text.data)

    @cached_property
    def keeps_keras_2(self) -> bool:
        """Whether the text, or each program that it belongs to, says that `tf.keras` is Keras 2."""
        return self.names.project.keeps_keras_2 or KERAS_2 in self.text.data

    @cached_property
    def may_run_keras_3(self) -> bool:
        """Whether sessions may meet Keras 3 here."""
        data = self.text.data
        if b"eras" not in data and not self.names.project.keras:
            return False
        if b"GradientTape" in data or self.keeps_keras_2:
            return False
        return self.may_run_graph

    @cached_property
    def may_partition(self) -> bool:
        """Whether variables may be in parts: here or in files near by there is a partitioner."""
        return self.names.project.partitions or PARTITIONER in self.text.data

    def names_operations(self, names: frozenset[str]) -> bool:
        """Whether operations of these names may be asked for: here any, in other files those."""
        if self.target != "graph":
            return False
        return self._fetches_by_name or not names.isdisjoint(self.names.project.fetched)

    @cached_property
    def _fetches_by_name(self) -> bool:
        return _FETCHED.search(self.text.source) is not None

    @cached_property
    def concerns_tensorflow(self) -> bool:
        """Whether the text imports anything of TensorFlow or Keras."""
        return any(self.names.resolve_binding(binding) for binding in self.names.imports)

    @cached_property
    def names_tensorflow_1(self) -> bool:
        """Whether the text names what TensorFlow 1 has alone, or a part of its graphs."""
        names = self.names
        resolved = (
            names.resolve(chain.node, chain.scope)
            for root in names.leading
            for chain in names.chains.get(root, ())
        )
        return any(
            not (_GRAPHS if item.v1 else _ONLY_TF1).isdisjoint(prefixes(item.name))
            for item in resolved
            if item
        )

    def exported(self, name: str) -> bool:
        """Whether the name is to stay: other modules may take it, or it is deleted."""
        if name in self.names.project.needed or name in self.names.deleted:
            return True
        if "__all__" not in self.text.source:
            return False
        return any(isinstance(node, ast.Constant) and node.value == name for node in self.all_nodes)
