"""How a dotted path is written at a place: by which import, and under which name.

Nothing is noted down here. What a text needs imported is read from what was written into it.
"""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from getter_compat.codemod.analysis.module import Module
from getter_compat.codemod.analysis.names import V1, V2, Binding, Chain, Resolved, Scope, below_v1
from getter_compat.codemod.findings import RewriteError

if TYPE_CHECKING:
    from getter_compat.codemod.ruleset import RuleSet

PACKAGE = "getter_compat"


class Spelling:
    """The names of a module after the rewrite."""

    def __init__(self, module: Module, rules: RuleSet) -> None:
        self.module = module
        self.names = module.names
        self.rules = rules
        self._translations: dict[Binding, str | None] = {}
        self._locals: dict[Binding, str] = {}
        self._leading: dict[int, dict[str, Binding]] = {}
        """By the identity of what a name is bound to, where it leads, each by its first binding."""

    def at(self, chain: Chain, target: str) -> str:
        """How to write the dotted path `target` where the chain stands."""
        bindings = chain.scope.lookup(chain.root.id)
        fitting = [path for path in self._translations_of(bindings) if is_below(target, path)]
        if fitting:
            best = max(fitting, key=len)
            return self.local_name(self._translations_of(bindings)[best]) + target[len(best) :]
        spelled, origin = self.names.handed(chain) or ("", "")
        if spelled and f"{target}.".startswith(f"{origin}."):
            return spelled + target[len(origin) :]
        return self.in_scope(chain.scope, target)

    def in_scope(self, scope: Scope, target: str) -> str:
        """How to write a dotted path in a scope where nothing leads to it yet."""
        if target.partition(".")[0] != "tensorflow":
            return target
        for module in (V1, "tensorflow"):
            for binding in self._for_tensorflow[module] if is_below(target, module) else ():
                if binding in scope.lookup(binding.name):
                    return binding.name + target[len(module) :]
        return _free_name(scope) + target[len("tensorflow") :]

    @cached_property
    def _for_tensorflow(self) -> dict[str, list[Binding]]:
        """What binds a name to TensorFlow as a whole, or to its `compat.v1`."""
        found: dict[str, list[Binding]] = {V1: [], "tensorflow": []}
        for binding in (*self.names.imports, *self.names.brought, *self._assigned()):
            path = self.translation(binding)
            if path in found:
                found[path].append(binding)
        return found

    def _assigned(self) -> list[Binding]:
        """The names of the module that are given TensorFlow, `tf = ops.tf`, and nothing else."""
        found = self.names.module.bindings.values()
        return [bindings[0] for bindings in found if len(bindings) == 1 and bindings[0].value]

    def _translations_of(self, bindings: list[Binding]) -> dict[str, Binding]:
        """Where a name leads that is bound to these."""
        if not bindings:
            return {}
        found = self._leading.get(id(bindings))
        if found is None:
            found = self._leading[id(bindings)] = {}
            for binding in bindings:
                if path := self.translation(binding):
                    found.setdefault(path, binding)
        return found

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

    # What names bind after the rewrite.

    @property
    def converts_v1(self) -> bool:
        """Whether `import tensorflow.compat.v1 as tf` becomes `import tensorflow as tf`."""
        return "symbols" in self.rules

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
        successor = self.rules.successor(resolved.name)
        successor = successor or self._moved_module(binding, resolved.name)
        if successor is not None:
            return successor
        return below_v1(resolved.name) if resolved.v1 else binding.imported

    def _translate_alias(self, binding: Binding, resolved: Resolved) -> str | None:
        successor = self.rules.successor(resolved.name)
        successor = successor or self._moved_module(binding, resolved.name)
        if successor is not None:
            return successor
        if resolved.v1 and not self.converts_v1:
            return below_v1(resolved.name)
        return resolved.name

    def _moved_module(self, binding: Binding, module: str) -> str | None:
        """The successor of a module, where it has all that the text uses of the module."""
        if module not in self.rules.moved:
            return None
        if self.module.exported(binding.name) or binding.through is not None:
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
        if name is None or found is None or self.module.ignored(found[0], found[1]):
            return False
        return self.rules.leaves(name.name, module)

    def _converted(self, binding: Binding) -> bool:
        """Whether this import of `compat.v1` becomes one of TensorFlow; others may rely on it."""
        return (
            self.converts_v1
            and binding.name == "tf"
            and not self.names.is_re_export(binding)
            and not self.module.exported("tf")
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
        shared = len(scope.lookup(binding.name)) > 1 or self.module.exported(binding.name)
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


def is_below(path: str, module: str) -> bool:
    """Whether a dotted path is that of a module, or leads through it."""
    return f"{path}.".startswith(f"{module}.")


def _free_name(scope: Scope) -> str:
    """A name for TensorFlow that means nothing else in the scope."""
    for name in ("tf", "tensorflow"):
        if not scope.lookup(name):
            return name
    raise RewriteError("left alone, the names tf and tensorflow are taken")
