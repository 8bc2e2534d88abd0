"""Programs: where each starts, whether it runs a graph, and the line that it lacks for that.

A program is a file that is run and all that it imports. TensorFlow 1 built a graph wherever a
program did not ask for eager execution; TensorFlow 2 does so only after a switch. What a function
does counts if its name is used by what runs: by what the file does as it is run, or as it is
imported, or by a function of which the same is true.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from getter_compat.codemod.analysis.names import Names, Scope, leaf, prefixes
from getter_compat.codemod.analysis.values import Kind, Values
from getter_compat.codemod.project.escapes import escapes
from getter_compat.codemod.project.fetches import may_read_beside_update
from getter_compat.codemod.project.shapes import counts_with
from getter_compat.tables.programs import (
    BUILD_GRAPHS,
    CALL_NOTHING,
    CALL_UNSEEN,
    EAGER,
    GRAPH_METHODS,
    LAYERS_OF_GRAPHS,
    MAKE_NOTHING,
    MAKE_SOMETHING,
    NEED_V1,
    NEED_V2,
    OF_ESTIMATORS,
    RUN_GRAPHS,
    SWITCHES,
    TURN_EAGER,
)
from getter_compat.tables.support import GRAPH_ONLY
from getter_compat.tables.symbols import V2

MODULE = ""
"""What runs as the module is imported."""
_LAMBDA = "<lambda>"
GUARDED = "__main__"
"""What runs below `if __name__ == "__main__":`, and nowhere else."""


@dataclass(frozen=True)
class Use:
    """Something that a program does: what, in which line, and below which name of the module."""

    what: str
    line: int
    place: str
    own_graph: bool
    """Whether this is inside `with graph.as_default():`."""


@dataclass(frozen=True)
class Facts:
    """What one file of a program does."""

    graph: tuple[Use, ...] = ()
    switches: tuple[Use, ...] = ()
    turns_eager: tuple[Use, ...] = ()
    eager: tuple[Use, ...] = ()
    needs_v2: tuple[Use, ...] = ()
    estimators: tuple[Use, ...] = ()
    """What has a graph of its own, in which control flow and the step are TensorFlow 1's."""
    needs_v1: tuple[Use, ...] = ()
    """What may answer otherwise in a graph whose variables are TensorFlow 2's."""
    counts_shapes: tuple[Use, ...] = ()
    """What counts with sizes, which may be unknown: a `Dimension` in TensorFlow 1, None in 2."""
    builds: tuple[Use, ...] = ()
    """What has no use without a graph, which it may only build: `tf.trainable_variables()`.

    By names that TensorFlow 2 has not: nobody wrote them for it, nor did a run before this one.
    """
    fits: tuple[Use, ...] = ()
    """What trains without sessions, and tells of no graph: `model.compile(loss=...)`."""
    rewritten: tuple[Use, ...] = ()
    """The same as a run before this one may have written it, or TensorFlow 2's programs say it."""
    makes: tuple[Use, ...] = ()
    """What makes operations or variables, whatever they are."""
    calls_unseen: tuple[Use, ...] = ()
    """Calls of something that the text does not name: `globals()[mode]()`."""
    names: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    """By place, the names that are used there, outside of graphs of its own and inside."""
    called: tuple[tuple[str, int], ...] = ()
    """The functions that are called as the module is imported, and in which line."""
    methods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a class, those that nobody has to call by name."""
    is_entry: bool = False
    """Whether there is a guard, or a call of `app.run`, so that this is run and not imported."""

    @property
    def runs(self) -> tuple[Use, ...]:
        """What runs a graph, or makes an estimator that does."""
        return self.graph + self.estimators

    def places(self) -> set[str]:
        """The names of the module below which something is done."""
        kinds = (
            *(self.graph, self.switches, self.turns_eager, self.eager, self.needs_v2),
            *(self.estimators, self.needs_v1, self.counts_shapes, self.builds, self.fits),
            *(self.rewritten, self.makes),
        )
        uses = (use for kind in kinds for use in kind)
        return {*self.names, *self.methods, *(use.place for use in uses)} - {MODULE, GUARDED}

    def limited(self, names: Set[str]) -> Facts:
        """The same, with those names alone."""
        kept = {place: (bare & names, own & names) for place, (bare, own) in self.names.items()}
        return replace(self, names=kept)


def read(tree: ast.Module, names: Names, values: Values) -> Facts:
    """What a file does."""
    return _Reader(tree, names, values).facts()


class _Reader:
    def __init__(self, tree: ast.Module, names: Names, values: Values) -> None:
        self.tree = tree
        self.names = names
        self._values = values
        self._places: dict[ast.AST, tuple[str, bool]] = {tree: (MODULE, False)}

    def facts(self) -> Facts:
        """What the file does."""
        uses = defaultdict(list)
        for call, path, v1 in self._calls():
            place, own = self.place(call)
            for kind in _kinds(path, v1=v1):
                given = kind == "graph" and any(word.arg == "graph" for word in call.keywords)
                uses[kind].append(Use(path, call.lineno, place, own or given))
        for item in self._decorated():
            uses["eager"].append(Use("function", item.lineno, *self.place(item)))
        for kind, method, call in self._methods_called():
            uses[kind].append(Use(method, call.lineno, *self.place(call)))
        for node, _ in self.names.nodes.get(ast.Call, ()):
            assert isinstance(node, ast.Call)
            if _calls_unseen(node):
                uses["calls_unseen"].append(Use("", node.lineno, *self.place(node)))
        makes = {use.place for use in (*uses["makes"], *uses["estimators"])}
        for shape, scope in self._shapes():
            if counts_with(shape, scope, self.names, self._values, self.place(shape)[0] in makes):
                uses["counts_shapes"].append(Use("shape", shape.lineno, *self.place(shape)))
        for kept in escapes(self.names, self._values, self.place):
            uses["needs_v1"].append(Use(leaf(kept), kept.lineno, *self.place(kept)))
        found = {
            kind: tuple(sorted(items, key=lambda use: use.line)) for kind, items in uses.items()
        }
        classes = self._classes()
        return Facts(
            **found,
            names=self._names_by_place(classes),
            called=tuple(self._called_on_import()),
            methods={name: methods for name, (methods, _) in classes.items()},
            is_entry=any(is_guard(it) or app_run(it) or _runs_tests(it) for it in self.tree.body),
        )

    def place(self, node: ast.AST) -> tuple[str, bool]:
        """Below which name of the module a node stands, and whether in a graph of its own."""
        way = []
        while node not in self._places:
            way.append(node)
            node = self.names.parents[node]
        for child in reversed(way):
            self._places[child] = _below(node, child, self._places[node])
            if isinstance(node, ast.Lambda) and self._places[child] == (_LAMBDA, False):
                self._places[child] = (self._name_of(node), False)
            node = child
        return self._places[node]

    def _name_of(self, function: ast.Lambda) -> str:
        """The name by which a lambda is had, alone or in a dict: what is assigned there."""
        node: ast.AST = function
        while not isinstance(node, ast.stmt):
            node = self.names.parents[node]
        targets = node.targets if isinstance(node, ast.Assign) else []
        return next((it.id for it in targets if isinstance(it, ast.Name)), _LAMBDA)

    def _calls(self) -> Iterator[tuple[ast.Call, str, bool]]:
        """The calls of TensorFlow's and Keras's, the path below `tensorflow`, and if that is v1."""
        for root in self.names.leading:
            for chain in self.names.chains.get(root, ()):
                call = self.names.parents.get(chain.node)
                if not isinstance(call, ast.Call) or call.func is not chain.node:
                    continue
                if self.names.may_lead(root, chain.scope) and not self._decorates(call):
                    found = self.names.resolve(chain.node, chain.scope)
                    if found is not None and found.name.startswith(_OUR_ESTIMATORS):
                        yield call, found.name.removeprefix("getter_compat."), False
                    elif found is not None:
                        yield call, found.name.removeprefix("tensorflow."), found.v1

    def _decorates(self, call: ast.Call) -> bool:
        above = self.names.parents.get(call)
        return call in getattr(above, "decorator_list", ())

    def _methods_called(self) -> Iterator[tuple[str, str, ast.Call]]:
        for node, scope in self.names.nodes.get(ast.Attribute, ()):
            call = self.names.parents.get(node)
            if isinstance(node, ast.Attribute) and isinstance(call, ast.Call) and call.func is node:
                if node.attr in GRAPH_METHODS or _saves_at_step(call, node.attr):
                    yield "graph", node.attr, call
                elif node.attr == "numpy" and not call.args:
                    yield "eager", "numpy", call
                elif self._fits(call, node):
                    yield "fits", node.attr, call
                elif not self._is_of_module(node, scope) and self._differs(node.attr, call):
                    yield "needs_v1", node.attr, call

    def _fits(self, call: ast.Call, method: ast.Attribute) -> bool:
        """Whether a model of Keras is trained, or predicts, which takes no session."""
        if method.attr == "compile" and any(
            it.arg in ("loss", "optimizer") for it in call.keywords
        ):
            return True
        is_of_models = method.attr in ("compile", "evaluate", "fit", "fit_generator", "predict")
        return is_of_models and self._values.held(method.value) is Kind.KERAS

    def _decorated(self) -> Iterator[ast.expr]:
        """The decorators that programs without sessions have: `@tf.function`, called or not."""
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef):
            for node, scope in self.names.nodes.get(kind, ()):
                for item in getattr(node, "decorator_list", ()):
                    found = self.names.resolve(
                        item.func if isinstance(item, ast.Call) else item, scope
                    )
                    if found is not None and found.name.removeprefix("tensorflow.") in EAGER:
                        yield item

    def _is_of_module(self, node: ast.Attribute, scope: Scope) -> bool:
        """Whether this is a function of a module: `tf.app.run`, `subprocess.run`."""
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        return isinstance(root, ast.Name) and self.names.path(root.id, scope) is not None

    def _differs(self, method: str, call: ast.Call) -> bool:
        """Whether a method may answer otherwise where variables and shapes are TensorFlow 2's."""
        if method not in ("run", "get_tensor_by_name"):
            return False
        return _names_tensor(call) or (
            method == "run" and may_read_beside_update(call, self._values)
        )

    def _shapes(self) -> Iterator[tuple[ast.expr, Scope]]:
        """What may be a shape: `x.get_shape()`, `x.shape`."""
        for node, scope in self.names.nodes.get(ast.Attribute, ()):
            if isinstance(node, ast.Attribute) and node.attr in ("get_shape", "shape"):
                above = self.names.parents.get(node)
                is_called = isinstance(above, ast.Call) and above.func is node
                if is_called == (node.attr == "get_shape"):
                    yield node, scope

    def _classes(self) -> dict[str, tuple[tuple[str, ...], bool]]:
        """The classes, with the methods that nobody has to name, and whether they are tests."""
        found = {}
        for node, _ in self.names.nodes.get(ast.ClassDef, ()):
            assert isinstance(node, ast.ClassDef)
            bases = [_leaf(base) for base in node.bases]
            functions = (ast.FunctionDef, ast.AsyncFunctionDef)
            methods = [item.name for item in node.body if isinstance(item, functions)]
            if bases in ([], ["object"]):
                methods = [name for name in methods if name.startswith("__")]
            is_test = any(base.endswith("TestCase") for base in bases)
            found[node.name] = (tuple(methods), is_test)
        return found

    def _called_on_import(self) -> Iterator[tuple[str, int]]:
        nodes: list[ast.AST] = [
            chain.node for chains in self.names.chains.values() for chain in chains
        ]
        nodes += [node for node, _ in self.names.nodes.get(ast.Attribute, ())]
        for node in dict.fromkeys(nodes):
            call = self.names.parents.get(node)
            if not isinstance(call, ast.Call) or call.func is not node:
                continue
            if self.place(call)[0] == MODULE and not self._decorates(call):
                yield _leaf(node), call.lineno

    def _names_by_place(
        self, classes: Mapping[str, tuple[tuple[str, ...], bool]]
    ) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        found: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for root, chains in self.names.chains.items():
            for chain in chains:
                place, own = self.place(chain.node)
                found[place][own].add(root)
        for node, _ in self.names.nodes.get(ast.Attribute, ()):
            place, own = self.place(node)
            while isinstance(node, ast.Attribute):
                found[place][own].add(node.attr)
                node = node.value
        found[GUARDED][0].update(name for name, (_, is_test) in classes.items() if is_test)
        found[MODULE][0].update(self._registered())
        if "run" in found[GUARDED][0] | found[MODULE][0]:
            found[GUARDED][0].add("main")  # `tf.app.run()` runs the `main` that it finds.
        return {place: (frozenset(bare), frozenset(own)) for place, (bare, own) in found.items()}

    def _registered(self) -> Iterator[str]:
        """The functions that a decorator is given, which may call them: `@experiment.main`."""
        for node, _ in self.names.nodes.get(ast.FunctionDef, ()):
            assert isinstance(node, ast.FunctionDef)
            if self.place(node) == (MODULE, False) and not CALL_NOTHING.issuperset(
                map(_leaf, node.decorator_list)
            ):
                yield node.name


def _below(parent: ast.AST, child: ast.AST, place: tuple[str, bool]) -> tuple[str, bool]:
    """The place of a child, of which the parent's is known."""
    name, own = place
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return (parent.name, False) if child in parent.body else place
    if isinstance(parent, ast.ClassDef):
        return (parent.name, own) if child in parent.body else place
    if isinstance(parent, (ast.With, ast.AsyncWith)):
        items: list[ast.withitem] = parent.items
        if isinstance(child, ast.withitem):
            items = items[: items.index(child)]
        return name, own or any(map(_enters_graph, items))
    if isinstance(parent, ast.Lambda):
        return (_LAMBDA, False) if name == MODULE else place
    if name == MODULE and isinstance(parent, ast.If) and is_guard(parent):
        return (GUARDED, own) if child in parent.body else place
    return place


def _saves_at_step(call: ast.Call, method: str) -> bool:
    """Whether a saver asks a variable for the step, which it does where no graph is entered."""
    steps = [word.value for word in call.keywords if word.arg == "global_step"]
    return method == "save" and any(isinstance(step, (ast.Name, ast.Attribute)) for step in steps)


def _enters_graph(item: ast.withitem) -> bool:
    """Whether this is `graph.as_default()`, whatever the graph is called, or a session of one."""
    call = item.context_expr
    if isinstance(call, ast.Call) and _is_session(_leaf(call)):
        return any(word.arg == "graph" for word in call.keywords)
    function = call.func if isinstance(call, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr != "as_default":
        return False
    owner = _leaf(function.value).lower()
    return "sess" not in owner and "store" not in owner


def _leaf(node: ast.AST) -> str:
    """The last name of a dotted expression or of a call of one."""
    if isinstance(node, ast.Call):
        node = node.func
    return leaf(node)


# What `tf.contrib` and the private modules have too, by the last part of the name: of all names of
# TensorFlow 1.15.5 there that end so, none is for anything else.
_PUBLIC = {
    path.rpartition(".")[2]: path
    for path in (*NEED_V1, *RUN_GRAPHS, *SWITCHES, *TURN_EAGER)
    if path != "train.batch" and not path.startswith(("contrib.", "tf_slim."))
}


def _kinds(path: str, *, v1: bool) -> Iterator[str]:
    """What it says of a program that it calls this."""
    last = path.rpartition(".")[2]
    if path.startswith("getter_compat."):
        yield "fits" if path in _OF_EAGER_PROGRAMS else "rewritten"
        return
    if path.startswith(("contrib.", "python.")):
        path = _PUBLIC.get(last, path)
    if path in RUN_GRAPHS:
        yield "graph"
    elif path in SWITCHES:
        yield "switches"
    elif path in TURN_EAGER:
        yield "turns_eager"
    elif path in EAGER:
        yield "eager"
    elif last in OF_ESTIMATORS and path.startswith(_WITH_ESTIMATORS):
        yield "estimators"
    elif path in _BUILD_GRAPHS or (
        path.startswith(LAYERS_OF_GRAPHS) and last.islower() and not last.endswith(_PLAIN)
    ):
        yield "rewritten" if v1 else "builds"
    if path in NEED_V1:
        yield "needs_v1"
    if last in NEED_V2 and path.rpartition(".")[0].endswith("layers"):
        yield "needs_v2"
    if last in MAKE_SOMETHING or not last[:1].isupper():
        known = any(part in MAKE_NOTHING for part in prefixes(path))
        if not known and not last.startswith("register_") and not last.endswith(_PLAIN):
            yield "makes"


# TensorFlow 2 publishes some by the same name, for something else: `tf.summary.scalar`.
_BUILD_GRAPHS = {path.removeprefix("compat.v1.") for path in BUILD_GRAPHS | GRAPH_ONLY} - V2
_OF_EAGER_PROGRAMS = {"getter_compat.ScopedModel", "getter_compat.functional_call"}
_OUR_ESTIMATORS = "getter_compat.estimator."
_WITH_ESTIMATORS = ("estimator.", "contrib.", "python.estimator.", "python.tpu.")


def app_run(statement: ast.stmt) -> ast.Call | None:
    """The call, if the statement is `app.run(main)`, of TensorFlow's or of absl's."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    return call if f".{ast.unparse(call.func)}".endswith(".app.run") else None


def _runs_tests(statement: ast.stmt) -> bool:
    """Whether this is `unittest.main()`, of whatever module of tests."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func).endswith("test.main")


def _calls_unseen(call: ast.Call) -> bool:
    """Whether something is called, or may be, that is named as the program runs."""
    function = call.func
    if isinstance(function, ast.Call):
        return leaf(function.func) == "getattr"
    name = function.id if isinstance(function, ast.Name) else ""
    return name in CALL_UNSEEN or leaf(function) == "Fire"


def _names_tensor(call: ast.Call) -> bool:
    """Whether a tensor is asked for by its name, which may be that of a variable."""
    words = (node.value for node in ast.walk(call) if isinstance(node, ast.Constant))
    return any(isinstance(word, str) and _TENSOR.fullmatch(word) for word in words)


_TENSOR = re.compile(r"[\w./\-]+:\d+")
_PLAIN = ("_initializer", "_regularizer")


def is_guard(statement: ast.stmt) -> bool:
    """Whether this is `if __name__ == "__main__":`, or asks for more than that."""
    if not isinstance(statement, ast.If):
        return False
    test = statement.test
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    for part in parts:
        if isinstance(part, ast.Compare) and len(part.ops) == 1 and isinstance(part.ops[0], ast.Eq):
            sides = (part.left, part.comparators[0])
            named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
            told = any(
                isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
            )
            if named and told:
                return True
    return False


_WORD = re.compile(rb"[A-Za-z_]\w*")


def words(data: bytes) -> Facts:
    """Of a file that is not looked at more closely: it may use whatever is named in it."""
    # Files have most of their words in common.
    found = frozenset(sys.intern(word.decode()) for word in set(_WORD.findall(data)))
    return Facts(names={MODULE: (found, frozenset())})


def _is_session(what: str) -> bool:
    return "Session" in what or "Supervisor" in what


_NO_NAMES: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


class Program:
    """A file that is run, or a function of it that is called, and all that it imports."""

    def __init__(self, entry: str, facts: Mapping[str, Facts], called: str = GUARDED) -> None:
        self.entry = entry
        self.facts = facts
        self._by_name: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for file, item in self.facts.items():
            for name in item.places():
                self._by_name[name].append((file, name))
        roots = [(file, MODULE) for file in self.facts]
        roots.append((entry, called))
        if self._calls_unseen(roots):
            roots += [(entry, place) for place in facts[entry].places()]
        self.live = self._reached(roots, own_graphs=True)
        self.bare = self._reached(roots, own_graphs=False)
        """Those of the places that run where no `graph.as_default()` is around them."""

    def _calls_unseen(self, roots: list[tuple[str, str]]) -> bool:
        """Whether the first file may call any function of its own: `globals()[name]()`."""
        live = self._reached(roots, own_graphs=True)
        return any((self.entry, use.place) in live for use in self.facts[self.entry].calls_unseen)

    def _reached(self, roots: list[tuple[str, str]], *, own_graphs: bool) -> set[tuple[str, str]]:
        """The places that run if these do, through graphs of their own or not."""
        found = set(roots)
        todo = list(roots)
        known = self._by_name.keys()
        while todo:
            file, place = todo.pop()
            facts = self.facts[file]
            bare, own = facts.names.get(place, _NO_NAMES)
            used = known & bare
            used.update(known & own if own_graphs else (), facts.methods.get(place, ()))
            for name in used:
                for other in self._by_name.get(name, ()):
                    if other not in found:
                        found.add(other)
                        todo.append(other)
        return found

    def uses(self, kind: str, *, bare: bool = False) -> Iterator[tuple[str, Use]]:
        """What runs of one kind of use, with its file."""
        for file, facts in self.facts.items():
            for use in getattr(facts, kind):
                runs = (file, use.place) in (self.bare if bare else self.live)
                if runs and not (bare and use.own_graph):
                    yield file, use

    def is_script(self, others: frozenset[str] = frozenset()) -> bool:
        """Whether the file, as it is run without a guard, runs a graph.

        Args:
            others: The names below which files that are not of this program run one.
        """
        facts = self.facts[self.entry]
        sessions = (use.place for use in facts.graph if _is_session(use.what))
        module = self._reached([(self.entry, MODULE)], own_graphs=True)
        if any((self.entry, place) in module for place in sessions):
            return True
        called = {name for name, _ in facts.called}
        places = self._reached(self._named(called), own_graphs=True)
        if any((self.entry, use.place) in {*places, (self.entry, MODULE)} for use in facts.runs):
            return True
        names = (facts.names.get(place, _NO_NAMES) for _, place in places)
        return not others.isdisjoint(called.union(*(bare | own for bare, own in names)))

    def names_that_run(self) -> Iterator[str]:
        """The names that the first file uses, below which a graph is run."""
        running = {(file, use.place) for file, item in self.facts.items() for use in item.runs}
        for name in self._by_name.keys() & self.facts[self.entry].names.get(MODULE, _NO_NAMES)[0]:
            if not running.isdisjoint(self._reached(self._named({name}), own_graphs=True)):
                yield name

    def names_below(self, place: str) -> frozenset[str]:
        """The names that are used where the first file's place runs, in that file."""
        reached = self._reached([(self.entry, place)], own_graphs=True)
        parts = (self.facts[file].names.get(name, _NO_NAMES) for file, name in reached)
        return frozenset().union(*(bare | own for bare, own in parts))

    def _named(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """The places of these names."""
        return [place for name in names for place in self._by_name.get(name, ())]

    def lines_that_make(self) -> Iterator[int]:
        """The lines that make something as the first file is imported, or call what does."""
        facts = self.facts[self.entry]
        made = [use for use in (*facts.graph, *facts.makes) if not use.own_graph]
        yield from (use.line for use in made if use.place == MODULE)
        for name, line in facts.called if made else ():
            places = self._reached([(self.entry, name)], own_graphs=False)
            if any((self.entry, use.place) in places for use in made):
                yield line

    def builds_on_import(self) -> bool:
        """Whether a graph is built, or a variable made, as the first file is imported."""
        return any(True for _ in self.lines_that_make())
