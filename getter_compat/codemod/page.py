"""One source text on the desk of the rules: its names, its edits, its findings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from getter_compat.codemod import comments, support
from getter_compat.codemod.analysis.names import (
    V1,
    V2,
    Binding,
    Chain,
    Names,
    Resolved,
    Scope,
    below_v1,
)
from getter_compat.codemod.edits import Argument, Span, Text
from getter_compat.codemod.findings import Finding, Place, RewriteError, Status

if TYPE_CHECKING:
    from getter_compat.codemod.ruleset import RuleSet

PACKAGE = "getter_compat"


@dataclass(frozen=True, eq=False)
class Site:
    """A use of a name that a rule handles."""

    node: ast.expr
    name: str
    """The canonical name, such as `tensorflow.layers.dense`."""
    v1: bool
    """Whether it is reached through `tensorflow.compat.v1`."""
    chain: Chain
    """The whole dotted expression that the node begins."""
    call: ast.Call | None
    """The call, where the node is what is called."""

    @property
    def short(self) -> str:
        """The name as people say it: `tf.layers.dense`."""
        return short(self.name)


def short(name: str) -> str:
    """A canonical name as people say it."""
    return name.replace("tensorflow", "tf", 1) if name.startswith("tensorflow") else name


class Page:
    """What a rule may ask and do."""

    def __init__(
        self, source: str, tree: ast.Module, names: Names, rules: RuleSet, target: str = "graph"
    ) -> None:
        self.target = target
        """What the program is to run in, `graph` or `eager`."""
        self.text = Text(source, tree)
        self.tree = tree
        self.names = names
        self.rules = rules
        self.findings: list[Finding] = []
        self.rule = ""
        self.silent = False
        self.consumed: set[ast.AST] = set()
        self.needs_package = False
        self.needs_tensorflow: set[str] = set()
        """The names under which the rewrite needs TensorFlow, and nothing imports it yet."""
        self._ignores = comments.ignored_lines(source)
        self._translations: dict[Binding, str | None] = {}
        self._locals: dict[Binding, str] = {}

    # Findings.

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

    def leave_as(self, site: Site, target: str, message: str, *, needs_graph: bool = False) -> None:
        """Write another name for what stays TF1's; left for a person where that does not run."""
        span = self.text.span(site.node)
        old, new = self.text.read(span), self.spell(site.chain, target)
        if old != new:
            self.text.replace(span, new)
        status, why = support.judge(target, self.target)
        if needs_graph and self.target == "eager":
            status = "left"  # What the symbol is asked for here has a meaning in a graph alone.
        self._find(site.node, f"{message}{why}", status, site.short)

    def report(self, node: ast.AST, message: str, symbol: str = "") -> None:
        """Leave the node for a person."""
        self._find(node, message, "left", symbol)

    def fixed(self, node: ast.AST, message: str, symbol: str = "") -> None:
        """Say what was rewritten."""
        self._find(node, message, "rewritten", symbol)

    def leave(self, site: Site, message: str, *, needs_graph: bool = False) -> None:
        """Keep TF1's function, spelled `tf.compat.v1`; left for a person where it does not run.

        `tf.contrib` is not below `tf.compat.v1` either, so it stays as it is.
        """
        if site.name.startswith("tensorflow.contrib."):
            self.report(site.node, f"{site.short}: {message}", site.short)
            return
        message = f"{site.short}: {message}"
        self.leave_as(site, below_v1(site.name), message, needs_graph=needs_graph)

    def keep(self, site: Site) -> None:
        """Keep the site's meaning although it is ignored: its import may come to mean TF2."""
        if not site.v1:
            return
        old, new = self.text.of(site.node), self.spell(site.chain, below_v1(site.name))
        if old != new:
            self.text.replace(self.text.span(site.node), new)

    def consume(self, node: ast.expr) -> None:
        """Take the expression out of the other rules' hands: its text is being rewritten."""
        self.consumed.update(ast.walk(node))

    def _find(self, node: ast.AST, message: str, status: Status, symbol: str) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line = getattr(node, "end_lineno", None) or line
        end_column = getattr(node, "end_col_offset", None) or column
        start, end = self.text.offset(line, column), self.text.offset(end_line, end_column)
        if not self.silent:
            place = Place(*self.text.position(start), *self.text.position(end))
            self.findings.append(Finding(place, self.rule, message, status, symbol))

    def stands_where_told(self, node: ast.expr, root: ast.Name) -> bool:
        """Whether the text at a dotted expression's place is that expression.

        Before Python 3.12 the places of what stands in an f-string may be wrong.
        """
        text = self.text.of(node)
        leaf = node.attr if isinstance(node, ast.Attribute) else root.id
        return text.startswith(root.id) and text.endswith(leaf)

    # Names.

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node above."""
        return self.names.parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes above, nearest first."""
        above = self.names.parents.get(node)
        while above is not None:
            yield above
            above = self.names.parents.get(above)

    def arguments(self, site: Site) -> list[Argument]:
        """The arguments of the site's call."""
        assert site.call is not None
        return self.text.arguments(site.call)

    @property
    def converts_v1(self) -> bool:
        """Whether `import tensorflow.compat.v1 as tf` becomes `import tensorflow as tf`."""
        return "symbols" in self.rules

    def successor(self, resolved: Resolved) -> str | None:
        """The dotted path that stands for a whole TF1 name in TF 2; None if there is none."""
        return self.rules.successor(resolved.name)

    def translation(self, binding: Binding) -> str | None:
        """What the binding binds after the rewrite."""
        if binding not in self._translations:
            self._translations[binding] = None
            self._translations[binding] = self._translate(binding)
        return self._translations[binding]

    def _translate(self, binding: Binding) -> str | None:
        resolved = self.names.resolve_binding(binding)
        if resolved is None:
            return None
        if binding.imported is None:
            return self._translate_alias(binding, resolved)
        if resolved.name == "tensorflow":
            if binding.imported == V1:
                return "tensorflow" if self._converted(binding) else V1
            return "tensorflow" if "python" not in (binding.imported or "") else None
        if resolved.name == V2:
            return "tensorflow"
        successor = self.successor(resolved) or self._moved_module(binding, resolved.name)
        if successor is not None:
            return successor
        return below_v1(resolved.name) if resolved.v1 else binding.imported

    def _translate_alias(self, binding: Binding, resolved: Resolved) -> str | None:
        successor = self.successor(resolved) or self._moved_module(binding, resolved.name)
        if successor is not None:
            return successor
        if resolved.v1 and not self.converts_v1:
            return below_v1(resolved.name)
        return resolved.name

    def _moved_module(self, binding: Binding, module: str) -> str | None:
        """The successor of a module, where it has all that the text uses of the module."""
        if module not in self.rules.moved:
            return None
        if self.exported(binding.name) or binding.through is not None:
            # What others use of it cannot be seen; of contrib, nothing can be imported any more.
            is_gone = module.startswith("tensorflow.contrib")
            return self.rules.moved[module] if is_gone else None
        chains = [
            chain
            for chain in self.names.chains.get(binding.name, ())
            if binding in chain.scope.lookup(binding.name)
        ]
        if chains and all(self._leaves(chain, module) for chain in chains):
            return self.rules.moved[module]
        return None

    def _leaves(self, chain: Chain, module: str) -> bool:
        """Whether the use of a module is rewritten, so that it needs the module no longer."""
        name = self.names.resolve(chain.node, chain.scope)
        found = self.rules.find(chain.node, name.name) if name is not None else None
        if name is None or found is None or self.ignored(found[0], found[1]):
            return False
        return self.rules.leaves(name.name, module)

    def _converted(self, binding: Binding) -> bool:
        """Whether this import of `compat.v1` becomes one of TensorFlow; others may rely on it."""
        return (
            self.converts_v1
            and binding.name == "tf"
            and not self.names.is_re_export(binding)
            and not self.exported("tf")
        )

    def local_name(self, binding: Binding) -> str:
        """The name that the binding binds after the rewrite."""
        if binding not in self._locals:
            self._locals[binding] = self._local_name(binding)
        return self._locals[binding]

    def _local_name(self, binding: Binding) -> str:
        translation = self.translation(binding)
        alias = binding.alias
        if translation is None or alias is None or alias.asname is not None:
            return binding.name
        if not isinstance(binding.statement, ast.ImportFrom) or self.names.is_re_export(binding):
            return binding.name
        if translation in self.rules.moved.values():
            return binding.name  # a module keeps its name, which the file is full of
        leaf = translation.rpartition(".")[2]
        scope = self.names.homes[binding]
        others = [other for other in scope.lookup(leaf) if other.imported is None]
        shared = len(scope.lookup(binding.name)) > 1 or self.exported(binding.name)
        if others or shared or leaf in self.names.chains or self._has_twin(binding, translation):
            return binding.name
        return leaf

    def _has_twin(self, binding: Binding, translation: str) -> bool:
        """Whether an import of another name comes to bind the same, and by the same name."""
        return any(
            other.name != binding.name
            and other.alias is not None
            and other.alias.asname is None
            and self.translation(other) == translation
            for other in self.names.imports
        )

    @cached_property
    def all_nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the text."""
        return tuple(ast.walk(self.tree))

    def exported(self, name: str) -> bool:
        """Whether other modules may take the name from here: it is in `__all__`, or they do."""
        if name in self.names.project.needed:
            return True
        if "__all__" not in self.text.source:
            return False
        return any(isinstance(node, ast.Constant) and node.value == name for node in self.all_nodes)

    def spell(self, chain: Chain, target: str) -> str:
        """How to write the dotted path `target` where the chain stands."""
        bindings = chain.scope.lookup(chain.root.id)
        fitting = [item for item in bindings if self._leads_to(item, target)]
        if fitting:
            for binding in bindings:
                binding.needed = True
            best = max(fitting, key=lambda item: len(self.translation(item) or ""))
            return self.local_name(best) + target[len(self.translation(best) or "") :]
        spelled, origin = self.names.handed(chain) or ("", "")
        if spelled and f"{target}.".startswith(f"{origin}."):
            for binding in bindings:
                binding.needed = True
            return spelled + target[len(origin) :]
        self.drop_use(chain)
        if target.partition(".")[0] == PACKAGE:
            self.needs_package = True
            return target
        return self.tensorflow_path(chain.scope, target)

    def _leads_to(self, binding: Binding, target: str) -> bool:
        translation = self.translation(binding)
        return translation is not None and f"{target}.".startswith(f"{translation}.")

    def settled(self, chain: Chain) -> bool:
        """Whether a name that was assigned, `f = tf.f`, is right as soon as what it holds is."""
        bindings = chain.scope.lookup(chain.root.id)
        if not self.names.is_settled(bindings):
            return False
        bindings = [item for item in bindings if item.value is not None]
        if chain.node is chain.root:
            return True
        return bool(bindings) and all(
            f"{self.translation(item)}.".startswith(f"{V1}.") for item in bindings
        )

    def drop_use(self, chain: Chain) -> None:
        """Count that the rewrite no longer needs the chain's root."""
        for binding in chain.scope.lookup(chain.root.id):
            binding.gone += 1

    @cached_property
    def concerns_tensorflow(self) -> bool:
        """Whether the text imports anything of TensorFlow or Keras."""
        return any(self.names.resolve_binding(binding) for binding in self.names.imports)

    def tensorflow_path(self, scope: Scope, target: str) -> str:
        """How to write a dotted path below `tensorflow` in a scope."""
        for module in (V1, "tensorflow"):
            for binding in (*self.names.imports, *self.names.brought):
                if self.translation(binding) != module or not self._leads_to(binding, target):
                    continue
                if binding in scope.lookup(binding.name):
                    binding.needed = True
                    return binding.name + target[len(module) :]
        return self._new_tensorflow_name(scope) + target[len("tensorflow") :]

    def _new_tensorflow_name(self, scope: Scope) -> str:
        for name in ("tf", "tensorflow"):
            if not scope.lookup(name):
                self.needs_tensorflow.add(name)
                return name
        raise RewriteError("left alone, the names tf and tensorflow are taken")

    # Rewriting.

    def replace_statement(self, statement: ast.stmt, lines: list[str]) -> None:
        """Write the lines in place of the statement; without lines, take it out."""
        text, span = self.text, self.text.span(statement)
        line, end = text.line_of(span.start), text.line_of(span.end)
        before, after = text.data[line.start : span.start], text.data[span.end : end.end]
        if lines or self._is_only_statement(statement):
            text.replace(span, self._separator(statement).join(lines or ["pass"]))
        elif after.lstrip(b" \t").startswith(b";"):
            rest = after.lstrip(b" \t")[1:].lstrip(b" \t")
            if rest.strip() or before.strip():
                text.replace(Span(span.start, end.end - len(rest)), "")
            else:
                text.replace(Span(line.start, end.end), "")
        elif before.strip():
            text.replace(Span(line.start + len(before.rstrip(b" \t;")), span.end), "")
        else:
            text.replace(Span(line.start, end.end), "")

    def add_statements(self, statement: ast.stmt, lines: list[str]) -> None:
        """Write the lines beside the statement: what sorts before it before, the rest after."""
        span, separator = self.text.span(statement), self._separator(statement)
        own = self.text.read(span)
        for line in lines:
            if line < own:
                self.text.insert_before(Span(span.start, span.start), line + separator)
            else:
                self.text.insert_after(Span(span.end, span.end), separator + line)

    def _separator(self, statement: ast.stmt) -> str:
        start = self.text.start(statement)
        indent = self.text.data[self.text.line_of(start).start : start]
        return "; " if indent.strip() else f"{self.text.newline()}{indent.decode()}"

    def _is_only_statement(self, statement: ast.stmt) -> bool:
        parent = self.parent(statement)
        if isinstance(parent, ast.Module):
            return False
        bodies = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
        return any(body == [statement] for body in bodies)

    def rename(self, site: Site, target: str, why: str = "") -> None:
        """Write the dotted path `target` in place of the site's name."""
        span = self.text.span(site.node)
        old, new = self.text.read(span), self.spell(site.chain, target)
        if old != new:
            self.text.replace(span, new)
        stands_there = site.v1 and target == below_v1(site.name)
        if old != new or (site.name != target and not stands_there):
            self.fixed(site.node, f"{site.short} -> {short(target)}{why}", site.short)
