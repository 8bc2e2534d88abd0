"""A program with sessions gets the line that TensorFlow 2 needs for them, where it starts.

Where a program runs a graph and neither it nor a module that it imports says how TensorFlow is to
behave, `tf.compat.v1.disable_v2_behavior()` becomes the first thing that it does: below its
`if __name__ == "__main__":`, else in the function that `app.run` is given, else after the imports;
in a notebook after the import of TensorFlow. A function that the project installs as a command
(`console_scripts`) is a start as well, and has the line as its first. If something is made as the
file or a module of the project is imported, the line comes before that. Importing a file never
switches anything.

A program all of whose graphs are entered by `with graph.as_default():` gets the line too, unless
it is seen to need none. It needs one where it meets a variable otherwise than by its value (asks
for it by its name, freezes it, perhaps updates and reads it in one run), where control flow is,
where it counts with shapes, and where it takes variables or tensors out of the block, as a class
does that keeps them: the switch brings TensorFlow 1's back, which have an answer there. That of
an Estimator is its own as well, and needs the line where the program counts with shapes.

A program that is seen to be run, and that builds a graph without a session, gets the line as well
(it counts its variables, or writes the graph down, by names that TensorFlow 2 has not), unless it
does what programs without sessions do: a `GradientTape`, a `tf.function`, a model of Keras that is
trained or predicts, a `ScopedModel`.

It is `tf.compat.v1.disable_eager_execution()` where the program makes a Keras layer that Keras 3
cannot run otherwise, a recurrent or a transposed one. Under `--target eager` nothing is written.

Tests that pytest calls have no such place: they are left for a person, who writes the line into a
`conftest.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from getter_compat.codemod.analysis.names import Binding, Scope, imported_by_call
from getter_compat.codemod.analysis.source import Span
from getter_compat.codemod.project import Start
from getter_compat.codemod.project.programs import (
    GUARDED,
    Facts,
    Program,
    app_run,
    is_guard,
    read,
)
from getter_compat.codemod.rewriting import statements
from getter_compat.codemod.rewriting.spelling import Spelling
from getter_compat.codemod.rewriting.splice import Told
from getter_compat.codemod.rewriting.text import Text
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def build():
            x = tf.placeholder(tf.float32, [None, 2])
            return x, tf.layers.dense(x, 1, kernel_initializer=tf.ones_initializer())


        def main():
            x, y = build()
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                print(session.run(y, {x: [[1.0, 2.0]]}))


        if __name__ == "__main__":
            main()
        """,
    after="""
        import getter_compat
        import tensorflow as tf


        def build():
            x = tf.compat.v1.placeholder(tf.float32, [None, 2])
            return x, getter_compat.layers.dense(x, 1, kernel_initializer=tf.ones_initializer())


        def main():
            x, y = build()
            with tf.compat.v1.Session() as session:
                session.run(tf.compat.v1.global_variables_initializer())
                print(session.run(y, {x: [[1.0, 2.0]]}))


        if __name__ == "__main__":
            tf.compat.v1.disable_v2_behavior()
            main()
        """,
)

_V1 = "tensorflow.compat.v1"
_FILE = "this file"


@dataclass(frozen=True)
class Switch:
    """The line to be written, and the statement beside which it stands."""

    function: str
    line: str
    beside: ast.stmt
    reads: list[tuple[Scope, str]]
    """The name that it reads, and that the imports have to bind."""
    after: bool = False
    is_in_cell: bool = False
    """Whether this is a notebook, where other imports may follow it."""

    @property
    def told(self) -> Told:
        """What is said of it."""
        first = self.beside.test if isinstance(self.beside, ast.If) else self.beside
        said = f"tf.compat.v1.{self.function}() written: from here the program runs a graph"
        return Told(first, rule.name, said, "rewritten")

    def write(self, text: Text) -> None:
        """Write the line."""
        newline = text.newline()
        if self.after:
            end = text.line_of(text.end(self.beside)).end
            ended = text.data[end - 1 : end] in (b"\n", b"\r")
            line = f"{self.line}{newline}" if ended else f"{newline}{self.line}"
            text.insert_after(Span(end, end), line if self.is_in_cell else newline + line)
            return
        start = text.offset(_first_line(self.beside), self.beside.col_offset)
        indent = text.data[text.line_of(start).start : start]
        line, separator = self.line, newline + indent.decode()
        if indent.strip() and line.startswith("if "):
            line, separator = f"{newline}{line}", newline
        elif indent.strip():
            separator = "; "
        text.insert_before(Span(start, start), line + separator)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(item.lineno for item in decorators)])


def choose(spelling: Spelling) -> list[Switch | Told]:
    """The lines that programs lack which start with this file, or why one cannot be written."""
    start = _start(spelling)
    if start is None:
        return []
    module = spelling.module
    facts = read(module.tree, module.names, module.values)
    found: list[Switch | Told] = []
    written = set()
    for name, item in _of_commands(spelling, facts, start):
        if isinstance(item, Switch):
            written.add(name)
        if item not in found:
            found.append(item)
    is_above = any(isinstance(item, Switch) and item.beside in module.tree.body for item in found)
    run = None if is_above or not start.is_run else _of_run(spelling, facts, start, written)
    return found if run is None else [*found, run]


def _of_run(spelling: Spelling, facts: Facts, start: Start, written: Set[str]) -> Switch | None:
    """The line for whoever runs the file, unless one is `written` into a function that it calls."""
    module = spelling.module
    program = Program(_FILE, {_FILE: facts})
    if not _lacks_switch(program, start):
        return None
    is_run = facts.is_entry or start.is_notebook or start.is_main
    names = frozenset() if start.commands else start.names_that_run
    if not (is_run or program.is_script(names)):
        return None
    makes_before = any(use.place == GUARDED for use in (*facts.graph, *facts.makes))
    if not makes_before and any((_FILE, name) in program.live for name in written):
        return None
    chosen = _Place(spelling, program, start).choose()
    return None if module.ignored(chosen.beside, rule.name) else chosen


def _of_commands(
    spelling: Spelling, facts: Facts, start: Start
) -> Iterator[tuple[str, Switch | Told]]:
    """The same for each function that a command calls, which runs nothing below a guard."""
    module = spelling.module
    for name in sorted(start.commands):
        function = _function(module.tree.body, name)
        if function is None or module.ignored(function, rule.name):
            continue
        program = Program(_FILE, {_FILE: facts}, function.name)
        if not _lacks_switch(program, _seen_from(start, program, function.name)):
            continue
        place = _Place(spelling, program, start)
        chosen = place.choose_in(function)
        if chosen is None:
            yield name, Told(_name_of(function), rule.name, _BUILT_BEFORE.format(name), "left")
        else:
            yield function.name, chosen


_BUILT_BEFORE = (
    "a command of the project calls {}(), and other files import this one, which builds a graph "
    "then: build it in a function, or write tf.compat.v1.disable_v2_behavior() before that"
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _function(body: list[ast.stmt], name: str) -> _Function | None:
    """The function of a module, or the method of a class of it, that has a name."""
    first, _, rest = name.partition(".")
    for item in body:
        if isinstance(item, ast.ClassDef) and item.name == first and rest:
            return _function(item.body, rest)
        if isinstance(item, _Function) and item.name == first and not rest:
            return item
    return None


def _name_of(function: _Function) -> ast.AST:
    """Where a function is told of: the line of its `def`."""
    return ast.Pass(lineno=function.lineno, col_offset=function.col_offset)


def _seen_from(start: Start, program: Program, function: str) -> Start:
    """What the other files do for a command, which may use less of them than the file does."""
    used = program.names_below(function)
    if start.before or not start.names_that_run.isdisjoint(used):
        return start
    return replace(start, runs_graph=False, has_graph=False, has_estimator=False, builds=False)


def _start(spelling: Spelling) -> Start | None:
    """What is known of the program that starts with this file, if it may get the line."""
    is_asked = spelling.module.target == "graph" and rule.name in spelling.rules
    return spelling.module.names.project.start if is_asked else None


def look_at_tests(spelling: Spelling) -> list[Told]:
    """What is said of tests that run a graph: pytest imports them, and runs no guard of theirs."""
    module, start = spelling.module, _start(spelling)
    tests = list(filter(_is_test, module.tree.body))
    if start is None or not start.is_for_pytest or start.is_settled:
        return []
    if not tests or module.ignored(tests[0], rule.name):
        return []
    facts = read(module.tree, module.names, module.values)
    if facts.is_entry or facts.switches or facts.turns_eager:
        return []
    if not start.runs_graph and all(use.own_graph for use in facts.graph):
        return []
    first = tests[0]
    place = ast.Pass(lineno=first.lineno, col_offset=first.col_offset)
    return [Told(place, rule.name, _TESTS, "left")]


_TESTS = (
    "pytest imports these tests, which run a graph, and switches nothing: write "
    "tf.compat.v1.disable_v2_behavior() into a conftest.py beside them or above"
)


def _is_test(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ClassDef):
        bases = [ast.unparse(base) for base in statement.bases]
        return statement.name.startswith("Test") or any(it.endswith("TestCase") for it in bases)
    return isinstance(statement, ast.FunctionDef) and statement.name.startswith("test")


def _lacks_switch(program: Program, start: Start) -> bool:
    said = [*program.uses("switches"), *program.uses("turns_eager")]
    if said or start.is_settled:
        return False
    if any(program.uses("graph", bare=True)):
        return True
    if start.is_eager or any(program.uses("eager")):
        return False
    has_graph = start.has_graph or any(program.uses("graph"))
    needs_v1 = start.needs_v1 or any(program.uses("needs_v1"))
    has_estimator = start.has_estimator or any(program.uses("estimators"))
    counts_shapes = start.counts_shapes or any(program.uses("counts_shapes"))
    if start.runs_graph or (has_graph and needs_v1):
        return True
    if (has_graph or has_estimator) and counts_shapes:
        return True
    if has_estimator or start.fits or any(program.uses("fits")):
        return False  # What is built is in an Estimator's graph, or in none.
    return start.builds or any(program.uses("builds", bare=True))


class _Place:
    """Where the line goes."""

    def __init__(self, spelling: Spelling, program: Program, start: Start) -> None:
        needs_v2 = start.needs_v2 or any(program.uses("needs_v2"))
        self.spelling = spelling
        self.names = spelling.names
        self.program = program
        self.start = start
        self.function = "disable_eager_execution" if needs_v2 else "disable_v2_behavior"
        self.body = spelling.module.tree.body

    def choose(self) -> Switch:
        """The line in its place."""
        target = f"{_V1}.{self.function}"
        if self.start.is_notebook:
            imported = [item for item in self.body if self._imports_tensorflow(item)]
            if imported:
                return self._beside(imported[0], target, after=True)
        guard = next(filter(is_guard, self.body), None)
        builder = next(filter(self._builds, self.body), None)
        if builder is not None and (guard is None or builder.lineno < guard.lineno):
            return self._at_top(target, builder, guarded=guard is not None)
        if isinstance(guard, ast.If):
            return self._first(target, guard.body)
        run = next((item for item in self.body if app_run(item) is not None), None)
        if run is not None:
            return self._first(target, self._body_of_main(run) or [run])
        return self._at_top(target, self.body[-1], guarded=False)

    def choose_in(self, function: _Function) -> Switch | None:
        """The line for who calls a function alone; none if that were to switch on an import."""
        target = f"{_V1}.{self.function}"
        builder = next(filter(self._builds, self.body), None)
        if builder is None:
            return self._first(target, _statements(function))
        return None if self.start.is_imported else self._at_top(target, builder, guarded=False)

    def _at_top(self, target: str, builder: ast.stmt, *, guarded: bool) -> Switch:
        """After the imports above the statement, or right before it, if it is an import."""
        above = [item for item in self.body[: self.body.index(builder)] if _is_import(item)]
        if _is_import(builder) or not above:
            return self._beside(builder, target, guarded=guarded)
        return self._beside(above[-1], target, after=True, guarded=guarded)

    def _beside(
        self, statement: ast.stmt, target: str, *, after: bool = False, guarded: bool = False
    ) -> Switch:
        """The line beside a statement of the module's, and an import where none stands above."""
        following = statements.following_on_line(self.spelling.module, statement)
        if after and following is not None:
            statement, after = following, False
        newline = self.spelling.module.text.newline()
        call = self._call_above((statement.lineno + after, statement.col_offset), target)
        imported, reads = "", [] if call is None else self._reads(call)
        if call is None:
            imported = f"import tensorflow as tf{newline}"
            call = f"tf.{target.removeprefix('tensorflow.')}()"
        if guarded:
            call = f'if __name__ == "__main__":{newline}    {call}'
        line = imported + call
        return Switch(self.function, line, statement, reads, after, self.start.is_notebook)

    def _first(self, target: str, body: list[ast.stmt]) -> Switch:
        """Before the first statement of what runs, or after an import of TensorFlow there."""
        scope, statement = self.names.module, body[0]
        for imported, following in pairwise(body):
            binding = self._binding_of(imported)
            if binding is not None:
                scope, statement = self.names.homes[binding], following
                break
        call = f"{self.spelling.in_scope(scope, target)}()"
        return Switch(self.function, call, statement, self._reads(call, scope))

    def _reads(self, call: str, scope: Scope | None = None) -> list[tuple[Scope, str]]:
        return [(scope or self.names.module, call.partition(".")[0])]

    def _binding_of(self, statement: ast.stmt) -> Binding | None:
        """What a statement binds, if it imports TensorFlow itself."""
        for binding in self.names.imports:
            leads_to = self.spelling.translation(binding)
            if binding.statement is statement and leads_to in ("tensorflow", _V1):
                return binding
        return None

    def _call_above(self, place: tuple[int, int], target: str) -> str | None:
        """The call, if TensorFlow is imported before the line and column."""
        bound = self.names.module.bindings
        for binding in (*self.names.imports, *self.names.brought):
            leads_to = self.spelling.translation(binding)
            if binding.statement is None or leads_to not in ("tensorflow", _V1):
                continue
            imported = (binding.statement.lineno, binding.statement.col_offset)
            if imported < place and binding in bound.get(binding.name, ()):
                return f"{self.spelling.local_name(binding)}{target[len(leads_to) :]}()"
        return None

    def _body_of_main(self, run: ast.stmt) -> list[ast.stmt] | None:
        """The statements of the function that `app.run` is given."""
        call = app_run(run)
        assert call is not None
        name = call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else "main"
        for item in self.body:
            if isinstance(item, ast.FunctionDef) and item.name == name:
                return _statements(item)
        return None

    def _imports_tensorflow(self, statement: ast.stmt) -> bool:
        return any(
            binding.statement is statement and self.names.resolve_binding(binding) is not None
            for binding in (*self.names.imports, *self.names.brought)
        )

    def _builds(self, statement: ast.stmt) -> bool:
        """Whether something is made as the module runs this statement."""
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        if is_guard(statement):
            return False
        if any(not self.start.before.isdisjoint(_imported(it)) for it in _running(statement)):
            return True
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return False  # What else is in its line is another statement.
        last = statement.end_lineno or statement.lineno
        return any(line in range(statement.lineno, last + 1) for line in self._making_lines)

    @cached_property
    def _making_lines(self) -> frozenset[int]:
        """The lines of the module's own that make something, or call what does."""
        return frozenset(self.program.lines_that_make())


def _statements(function: _Function) -> list[ast.stmt]:
    """The statements of a function, without its text."""
    documented = ast.get_docstring(function, clean=False) is not None
    return function.body[1:] if documented and len(function.body) > 1 else function.body


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and all that is in it, but for the insides of functions."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from _running(child)


def _imported(node: ast.AST) -> set[str]:
    """The modules and names that are imported there, as they are spelled."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        joint = "" if module.endswith(".") else "."
        return {module, *(f"{module}{joint}{alias.name}" for alias in node.names)}
    path = imported_by_call(node)
    return set() if path is None else {path}


def _is_import(statement: ast.stmt) -> bool:
    """Whether this imports, perhaps on a condition."""
    if isinstance(statement, (ast.Try, ast.If)):
        return not is_guard(statement) and all(map(_is_import, statement.body))
    return isinstance(statement, (ast.Import, ast.ImportFrom))
