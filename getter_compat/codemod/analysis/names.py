"""What a name in a source text stands for: `tf.layers.dense` -> `tensorflow.layers.dense`.

One walk over the tree collects Python's own scopes, what each name is bound to, and every dotted
expression (`a.b.c`). Names are resolved afterwards, because a function may use what is bound
further down.

`tensorflow.compat.v1.x` is named `tensorflow.x`: what it is called is one question, how it is
spelled another.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from getter_compat.codemod.project.scan import TENSORFLOW, joined
from getter_compat.codemod.project.view import NOTHING, View
from getter_compat.tables.initializers import BRINGING, BROUGHT, CLASSES
from getter_compat.tables.published import HANDLED

V1 = "tensorflow.compat.v1"
V2 = "tensorflow.compat.v2"

# Private modules and functions that TF1 code imports by path, and where TF1 published them.
_PUBLISHED = {
    **{f"tensorflow.python.{old}": f"tensorflow.{new}" for old, new in HANDLED.items()},
    "tensorflow.python.ops.variable_scope": "tensorflow",
    **{path: path for path in (f"tensorflow.python.ops.init_ops.{name}" for name in CLASSES)},
    "tensorflow.python.ops.init_ops": "tensorflow",
    "tensorflow.python.layers.layers": "tensorflow.layers",
    "tensorflow.python.layers.core": "tensorflow.layers",
    "tensorflow.python.layers.convolutional": "tensorflow.layers",
    "tensorflow.python.layers.normalization": "tensorflow.layers",
    "tensorflow.python.layers.pooling": "tensorflow.layers",
    "tensorflow.python.layers.base": "tensorflow.layers",
    "tensorflow.python.ops.template": "tensorflow",
    "tensorflow.python.estimator.api._v1.estimator": "tensorflow.estimator",
    **{
        f"tensorflow.python.framework.{module}.{function}": f"tensorflow.graph_util.{function}"
        for module in ("graph_util", "graph_util_impl")
        for function in (
            "convert_variables_to_constants",
            "extract_sub_graph",
            "must_run_on_cpu",
            "remove_training_nodes",
            "tensor_shape_from_node_def_name",
        )
    },
}

# The package that TensorFlow 1.15 has its estimators from, by the names that they had before it.
_PACKAGE_OF_ESTIMATORS = {
    f"tensorflow_estimator.{old}": f"tensorflow.{new}"
    for old, new in (
        ("_api.v1.estimator", "estimator"),
        ("contrib.estimator", "contrib.estimator"),
        ("estimator", "estimator"),
        ("python.estimator", "python.estimator"),
    )
}


@dataclass(eq=False, slots=True)
class Binding:
    """One thing that a name is bound to: an import, another dotted expression, or anything else."""

    name: str
    imported: str | None = None
    """The dotted path, for an import."""
    statement: ast.Import | ast.ImportFrom | None = None
    alias: ast.alias | None = None
    value: ast.expr | None = None
    """The dotted expression, for `name = a.b`."""
    expression: ast.expr | None = None
    """Whatever is assigned, for a plain assignment."""
    target: ast.expr | None = None
    """The name where it is bound by an assignment or a loop, alone or among others."""
    is_none: bool = False
    through: str | None = None
    """The path through another module of the project, if that is how it was imported."""


@dataclass(eq=False, slots=True)
class Scope:
    """A Python scope: a module, class, function or comprehension."""

    kind: str
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Scope] = field(default_factory=dict)
    """Names declared `global` or `nonlocal`, and the scope that holds them."""

    def bind(self, binding: Binding) -> None:
        """Record what a name is bound to here."""
        home = self.elsewhere.get(binding.name, self)
        home.bindings.setdefault(binding.name, []).append(binding)

    def lookup(self, name: str) -> list[Binding]:
        """What the name is bound to, seen from this scope; empty for a name bound nowhere."""
        scope: Scope | None = self.elsewhere.get(name, self)
        here = True
        while scope is not None:
            if name in scope.bindings and (here or scope.kind != "class"):
                return scope.bindings[name]
            here = here and scope.kind == "comprehension"
            scope = scope.parent
        return []

    def value_of(self, name: str) -> ast.expr | None:
        """What is assigned to the name, if it is bound once, by a plain assignment."""
        bindings = self.lookup(name)
        return bindings[0].expression if len(bindings) == 1 else None


Looked: TypeAlias = tuple[ast.AST, Scope]
"""A node, and the scope in which names are looked up there."""


@dataclass(frozen=True)
class Resolved:
    """The canonical name of an expression, and whether `compat.v1` was part of its spelling."""

    name: str
    v1: bool = False


@dataclass(eq=False, slots=True)
class Chain:
    """A dotted expression `root.a.b`, as long as it goes."""

    node: ast.expr
    root: ast.Name
    scope: Scope


class Names:
    """The scopes, imports and dotted expressions of one tree."""

    def __init__(
        self, tree: ast.Module, tf_aliases: Iterable[str] = (), project: View = NOTHING
    ) -> None:
        self._tf_aliases = frozenset(tf_aliases)
        self.project = project
        self.module = Scope("module", None)
        self.parents: dict[ast.AST, ast.AST] = {}
        self.chains: defaultdict[str, list[Chain]] = defaultdict(list)
        """The dotted expressions, by the name that they begin with."""
        self.homes: dict[Binding, Scope] = {}
        """Of an import its scope, of `name = a.b` that in which `a` is looked up.

        Here, as a binding that knows its scope would make a circle, which only a collection of
        garbage undoes, and with it most of the tree.
        """
        self.imports: list[Binding] = []
        self.deleted: set[str] = set()
        """The names of imports that the text deletes, and which have to be there for that."""
        self.brought: list[Binding] = []
        """What star imports of the project's own modules bind."""
        self.star_imports: list[ast.ImportFrom] = []
        self.nodes: defaultdict[type[ast.AST], list[Looked]] = defaultdict(list)
        self.attributes: defaultdict[str, list[Looked]] = defaultdict(list)
        """Every attribute, by its name; `nodes` has each dotted expression once, as a whole."""
        self.leading = set(self._tf_aliases)
        """The names that may lead into TensorFlow or Keras: imported, or given a dotted value."""
        self._paths: dict[int, str | None] = {}
        """Where names lead, by the identity of the list of what each is bound to."""
        self._walk(tree)
        if self._lacks_tf():
            self._tf_aliases |= {"tf"}
            self.leading.add("tf")

    # Resolving.

    def resolve(self, node: ast.expr, scope: Scope, depth: int = 0) -> Resolved | None:
        """The canonical name of a dotted expression, if it leads into TensorFlow or Keras."""
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        root = self._path_of_name(node.id, scope, depth)
        if root is None:
            return None
        return self._canonical(".".join([root, *reversed(attributes)]))

    def resolve_name(self, name: str, scope: Scope, depth: int = 0) -> Resolved | None:
        """The canonical name of a plain name."""
        path = self._path_of_name(name, scope, depth)
        return self._canonical(path) if path is not None else None

    def resolve_binding(self, binding: Binding, depth: int = 0) -> Resolved | None:
        """The canonical name of what one binding binds."""
        path = self._path_of_binding(binding, depth)
        return self._canonical(path) if path is not None else None

    def path(self, name: str, scope: Scope) -> str | None:
        """The dotted path that a plain name stands for, of TensorFlow's or of any other module."""
        return self._path_of_name(name, scope, 0)

    def _canonical(self, path: str) -> Resolved | None:
        path = self.project.origin(path)
        if path.startswith(".") and OWN_NAMES:
            own = next(filter(is_own, self.project.absolutes(path)), None)
            return canonical(own) if own is not None else None
        return canonical(path)

    def _path_of_name(self, name: str, scope: Scope, depth: int) -> str | None:
        bindings = scope.lookup(name)
        key = id(bindings)
        if bindings and key in self._paths:
            return self._paths[key]
        path = self._path_of_bindings(name, bindings, depth)
        if bindings and depth == 0:
            self._paths[key] = path
        return path

    def _path_of_bindings(self, name: str, bindings: list[Binding], depth: int) -> str | None:
        """Where a name leads if all that it is bound to leads there, whatever it is spelled."""
        if name in self._tf_aliases and not any(b.imported is None for b in bindings):
            return "tensorflow"
        paths = [self._path_of_binding(binding, depth) for binding in bindings]
        found: dict[str | None, Resolved | None] = {
            path: self._canonical(path) if path else None for path in paths
        }
        if all(binding.imported for binding in bindings if not binding.is_none):
            # One of several imports under `try` or `if` is TensorFlow's: so are they all.
            ours = {path: item for path, item in found.items() if item is not None}
            found = {**ours} or found
        if len({item.name if item else path for path, item in found.items()}) != 1:
            return None
        return max(found, key=lambda path: (item := found[path]) is not None and item.v1)

    def _path_of_binding(self, binding: Binding, depth: int = 0) -> str | None:
        if binding.imported is not None:
            if self._is_aliased(binding):
                return "tensorflow"
            for alias in self._tf_aliases:
                if binding.imported.startswith(alias + "."):
                    return "tensorflow" + binding.imported[len(alias) :]
            return binding.through or binding.imported
        if binding.value is None or depth > 8:
            return None
        root, attributes = binding.value, []
        while isinstance(root, ast.Attribute):
            attributes.append(root.attr)
            root = root.value
        if not isinstance(root, ast.Name) or root.id == binding.name:
            return None
        path = self._path_of_name(root.id, self.homes[binding], depth + 1)
        return None if path is None else ".".join([path, *reversed(attributes)])

    def may_lead(self, name: str, scope: Scope) -> bool:
        """Whether a plain name, or what is below it, may lead into TensorFlow or Keras."""
        path = self._path_of_name(name, scope, 0)
        return path is not None and (self._canonical(path) is not None or self.project.leads(path))

    def handed(self, chain: Chain) -> tuple[str, str] | None:
        """How a chain begins that leads through a module, `ops.tf`, and where that leads."""
        path = self._path_of_name(chain.root.id, chain.scope, 0)
        if path is None or not self.project.origins:
            return None
        attributes: list[str] = []
        node = chain.node
        while isinstance(node, ast.Attribute):
            attributes.insert(0, node.attr)
            node = node.value
        for length in range(1, len(attributes) + 1):
            origin = self.project.origins.get(".".join([path, *attributes[:length]]))
            if origin is not None:
                return ".".join([chain.root.id, *attributes[:length]]), origin
        return None

    def is_re_export(self, binding: Binding) -> bool:
        """Whether TensorFlow comes from the project itself: by `--tf-alias`, or as was seen."""
        return binding.through is not None or self._is_aliased(binding)

    def is_settled(self, bindings: list[Binding]) -> bool:
        """Whether a name has its value by an assignment, here or in the module it comes from."""
        return any(item.value or item.through in self.project.assigned for item in bindings)

    def _lacks_tf(self) -> bool:
        """Whether a text with imports of TensorFlow uses `tf`, and never binds it."""
        if "tf" not in self.chains or self.star_imports:
            return False
        if any(binding.name == "tf" for binding in self.imports):
            return False
        unbound = any(not chain.scope.lookup("tf") for chain in self.chains["tf"])
        return unbound and any(map(self.resolve_binding, self.imports))

    def _is_aliased(self, binding: Binding) -> bool:
        return binding.imported in self._tf_aliases or (
            binding.imported is not None and binding.name in self._tf_aliases
        )

    # Walking.

    def _walk(self, tree: ast.Module) -> None:
        # The inner loop of the codemod: everything else looks at a few nodes, this at each one.
        # A scope on the stack is the one that the nodes below it belong to.
        stack: list[_Item] = [tree]
        scope = self.module
        parents, nodes = self.parents, self.nodes
        while stack:
            node = stack.pop()
            if isinstance(node, Scope):
                scope = node
                continue
            kind = type(node)
            if kind is ast.Name or kind is ast.Attribute:
                rest = self._chain(node, scope)  # type: ignore[arg-type]
                if rest is not None:
                    stack.append(rest)
                continue
            if kind in _KEPT:
                nodes[kind].append((node, scope))
            visit = _VISITS.get(kind)
            if visit is not None:
                items = visit(self, node, scope)
                parents.update((item, node) for item in items if isinstance(item, ast.AST))
                stack += reversed(items)
                continue
            for name in _FIELDS[kind]:
                value = getattr(node, name, None)
                for child in reversed(value) if type(value) is list else (value,):
                    if child is not None:
                        parents[child] = node
                        if type(child) is not ast.Constant:
                            stack.append(child)

    def _chain(self, node: ast.expr, scope: Scope) -> ast.expr | None:
        """Record a dotted expression; what it starts with, if that is not a name."""
        root = node
        if type(root) is ast.Attribute:
            self.nodes[ast.Attribute].append((node, scope))
            while type(root) is ast.Attribute:
                self.attributes[root.attr].append((root, scope))
                self.parents[root.value] = root
                root = root.value
        if type(root) is not ast.Name:
            return root
        if type(root.ctx) is ast.Load:
            self.chains[root.id].append(Chain(node, root, scope))
        elif type(root.ctx) is ast.Del and any(
            binding.imported for binding in scope.bindings.get(root.id, ())
        ):
            self.deleted.add(root.id)
        else:
            scope.bind(Binding(root.id, target=root))
        return None

    def _import(self, node: ast.AST, scope: Scope) -> list[_Item]:
        assert isinstance(node, ast.Import)
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            path = alias.name if alias.asname else name
            self._bind_import(Binding(name, path, node, alias), scope)
        return []

    def _import_from(self, node: ast.AST, scope: Scope) -> list[_Item]:
        assert isinstance(node, ast.ImportFrom)
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.star_imports.append(node)
                self._bring(node, module, scope)
                continue
            joint = "" if module.endswith(".") else "."
            path = f"{module}{joint}{alias.name}"
            name = alias.asname or alias.name
            self._bind_import(Binding(name, path, node, alias), scope)
        return []

    def _bring(self, node: ast.ImportFrom, module: str, scope: Scope) -> None:
        """Bind what a star import of a module of the project brings."""
        of_contrib = BROUGHT if module in BRINGING else ()
        for name in (*self.project.stars.get(module, ()), *self._own_names(module), *of_contrib):
            joint = "" if module.endswith(".") else "."
            binding = Binding(name, f"{module}{joint}{name}", statement=node)
            self._lead_through_project(binding)
            scope.bind(binding)
            self.homes[binding] = scope
            self.brought.append(binding)
            self.leading.add(name)

    def _own_names(self, module: str) -> Iterator[str]:
        """What rules of the project's own know in a module of it."""
        paths = self.project.absolutes(module) if module.startswith(".") else (module,)
        return (name for path in paths for name in OWN_NAMES.get(path, ()))

    def _lead_through_project(self, binding: Binding) -> None:
        path = binding.imported
        if path is not None and self.project.leads(path):
            binding.through, binding.imported = path, self.project.origin(path)

    def _bind_import(self, binding: Binding, scope: Scope) -> None:
        self._lead_through_project(binding)
        scope.bind(binding)
        self.homes[binding] = scope.elsewhere.get(binding.name, scope)
        self.imports.append(binding)
        self.leading.add(binding.name)

    def _assign(self, node: ast.AST, scope: Scope) -> list[_Item]:
        assert isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr))
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        items: list[_Item] = []
        home = scope
        while isinstance(node, ast.NamedExpr) and home.kind == "comprehension":
            assert home.parent is not None
            home = home.parent
        for target in targets:
            if not isinstance(target, ast.Name):
                items.append(target)
                continue
            is_none = isinstance(node.value, ast.Constant) and node.value.value is None
            binding = Binding(target.id, expression=node.value, target=target, is_none=is_none)
            path = imported_by_call(node.value)
            if path == "tensorflow" or (path is not None and self.project.leads(path)):
                binding.imported = path
                self._lead_through_project(binding)
                self.leading.add(target.id)
            if is_chain(node.value):
                binding.value = node.value
                self.homes[binding] = scope
                self.leading.add(target.id)
            home.bind(binding)
            self.parents[target] = node
        if isinstance(node, ast.AnnAssign):
            items.append(node.annotation)
        if node.value is not None:
            items.append(node.value)
        return items

    def _function(self, node: ast.AST, scope: Scope) -> list[_Item]:
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        inner = Scope("function", scope)
        arguments = node.args
        items: list[_Item] = []
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        parameters += [item for item in (arguments.vararg, arguments.kwarg) if item]
        for parameter in parameters:
            inner.bind(Binding(parameter.arg))
            if parameter.annotation is not None:
                items.append(parameter.annotation)
        items += arguments.defaults
        items += [default for default in arguments.kw_defaults if default is not None]
        if isinstance(node, ast.Lambda):
            return [*items, inner, node.body, scope]
        scope.bind(Binding(node.name))
        if node.returns is not None:
            items.append(node.returns)
        return [*node.decorator_list, *items, inner, *node.body, scope]

    def _class(self, node: ast.AST, scope: Scope) -> list[_Item]:
        assert isinstance(node, ast.ClassDef)
        scope.bind(Binding(node.name))
        inner = Scope("class", scope)
        return [*node.decorator_list, *node.bases, *node.keywords, inner, *node.body, scope]

    def _comprehension(self, node: ast.AST, scope: Scope) -> list[_Item]:
        assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp))
        inner = Scope("comprehension", scope)
        first, *others = node.generators
        items: list[_Item] = [first.iter, inner, first.target, *first.ifs]
        for part in others:
            items += [part.iter, part.target, *part.ifs]
        items += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return [*items, scope]

    def _elsewhere(self, node: ast.AST, scope: Scope) -> list[_Item]:
        assert isinstance(node, (ast.Global, ast.Nonlocal))
        for name in node.names:
            home: Scope | None = self.module
            if isinstance(node, ast.Nonlocal):
                home = scope.parent
                while home is not None and (home.kind == "class" or name not in home.bindings):
                    home = home.parent
            scope.elsewhere[name] = home or self.module
        return []

    def _named(self, node: ast.AST, scope: Scope) -> list[_Item]:
        """`except E as name` and the captures of a match statement."""
        name = getattr(node, "rest" if isinstance(node, ast.MatchMapping) else "name", None)
        if name is not None:
            scope.bind(Binding(name))
        return list(_children(node))


_Item = ast.AST | Scope

_VISITS: dict[type[ast.AST], Callable[[Names, ast.AST, Scope], list[_Item]]] = {
    ast.Import: Names._import,
    ast.ImportFrom: Names._import_from,
    ast.Assign: Names._assign,
    ast.AnnAssign: Names._assign,
    ast.NamedExpr: Names._assign,
    ast.FunctionDef: Names._function,
    ast.AsyncFunctionDef: Names._function,
    ast.Lambda: Names._function,
    ast.ClassDef: Names._class,
    ast.ListComp: Names._comprehension,
    ast.SetComp: Names._comprehension,
    ast.GeneratorExp: Names._comprehension,
    ast.DictComp: Names._comprehension,
    ast.Global: Names._elsewhere,
    ast.Nonlocal: Names._elsewhere,
    ast.ExceptHandler: Names._named,
    ast.MatchAs: Names._named,
    ast.MatchStar: Names._named,
    ast.MatchMapping: Names._named,
}

# The kinds of node that rules may ask for by kind, beside attributes.
_KEPT = frozenset(
    {
        *(ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda),
        *(ast.Dict, ast.DictComp, ast.Set, ast.SetComp),
        *(ast.Assign, ast.AnnAssign, ast.Call, ast.Compare, ast.Subscript),
        *(ast.Assert, ast.BoolOp, ast.If, ast.IfExp, ast.UnaryOp, ast.While),
    }
)

# Fields that hold no node worth a visit; what the others hold is a node, a list of nodes or None.
_SKIPPED = frozenset(
    {
        *("ctx", "id", "attr", "arg", "asname", "module", "level", "kind", "ops", "op", "name"),
        *("conversion", "is_async", "kwd_attrs", "rest", "simple", "tag", "type_comment"),
    }
)


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of a kind of node that hold nodes, the last one first."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        fields = tuple(name for name in reversed(kind._fields) if name not in _SKIPPED)
        self[kind] = fields
        return fields


_FIELDS = _Fields({ast.Constant: (), ast.MatchSingleton: ()})


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The direct children, in the order of the source."""
    for name in reversed(_FIELDS[type(node)]):
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield item


def leaf(node: ast.AST) -> str:
    """The last name of a dotted expression; empty for anything else."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def prefixes(name: str) -> Iterator[str]:
    """The name, its module, the module above ..."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def below_v1(name: str) -> str:
    """A canonical name as it is spelled below `tensorflow.compat.v1`."""
    return name.replace("tensorflow", V1, 1)


_OURS = TENSORFLOW | {"getter_compat"}

FOLLOWED = {*_OURS}
"""What paths begin with that are followed: those of a project's own rules come to it."""

OWN_NAMES: defaultdict[str, set[str]] = defaultdict(set)
"""The names that a project's own rules know, by their modules."""


def is_own(path: str) -> bool:
    """Whether a project's own rules know the path, or something below or above it."""
    if any(f"{module}.".startswith(f"{path}.") for module in OWN_NAMES):
        return True
    parted = (part.rpartition(".") for part in prefixes(path))
    return any(name in OWN_NAMES.get(module, ()) for module, _, name in parted)


def follow(paths: Iterable[str]) -> None:
    """Follow these paths, if they lead into a project's own modules, too."""
    for path in paths:
        module, _, name = path.rpartition(".")
        root = path.partition(".")[0]
        if root not in _OURS:
            OWN_NAMES[module].add(name)
        if root not in FOLLOWED:
            FOLLOWED.add(root)
            canonical.cache_clear()


@lru_cache(4096)
def canonical(path: str) -> Resolved | None:
    """The canonical name of a dotted path, or None for one that is not ours."""
    if path.startswith(f"{V2}.compat.v1"):
        path = "tensorflow" + path[len(V2) :]  # `import tensorflow.compat.v2 as tf`
    root = path.partition(".")[0]
    if root not in FOLLOWED:
        return None
    v1 = False
    while path == V1 or path.startswith(V1 + "."):
        v1, path = True, "tensorflow" + path[len(V1) :]
    if root == "tensorflow_estimator":
        path = _moved(path, _PACKAGE_OF_ESTIMATORS)
    if path.startswith("tensorflow.python."):
        path = _moved(path, _PUBLISHED)
    return Resolved(path, v1)


def _moved(path: str, places: Mapping[str, str]) -> str:
    """The path below the place that stands for the one that it is in."""
    for old, new in places.items():
        if path == old or path.startswith(old + "."):
            return new + path[len(old) :]
    return path


def _root(node: ast.expr | None) -> ast.expr | None:
    """What a dotted expression begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def imported_by_call(node: ast.AST | None) -> str | None:
    """The module that `import_module("a.b")` or the like imports.

    Of `import_module(".b", __package__)` the path with its dots, as a relative import has it.
    """
    if not isinstance(node, ast.Call):
        return None
    given = [*node.args, *(word.value for word in node.keywords if word.arg == "package")]
    name = leaf(node.func)
    if len(given) != len(node.args) + len(node.keywords) or not 1 <= len(given) <= 2:
        return None
    if name not in ("import_module", "__import__") or not isinstance(given[0], ast.Constant):
        return None
    path = given[0].value
    if not isinstance(path, str) or (name == "__import__" and len(given) > 1):
        return None
    return path if len(given) == 1 else _relative(path, given[1])


def _relative(path: str, package: ast.expr) -> str | None:
    """A module as it is seen from a package."""
    if not path.startswith("."):
        return path
    if isinstance(package, ast.Name) and package.id in ("__package__", "__name__"):
        return path
    if not isinstance(package, ast.Constant) or not isinstance(package.value, str):
        return None
    return joined(path, package.value)


def is_chain(node: ast.expr | None) -> bool:
    """Whether the expression is a plain dotted name."""
    return isinstance(_root(node), ast.Name)
