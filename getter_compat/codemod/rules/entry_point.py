"""A program with sessions gets the line that TensorFlow 2 needs for them, where it starts.

Where a program runs a graph and neither it nor a module that it imports says how TensorFlow is to
behave, `tf.compat.v1.disable_v2_behavior()` becomes the first thing that it does: below its
`if __name__ == "__main__":`, else in the function that `app.run` is given, else after the imports;
in a notebook after the import of TensorFlow. If something is made as the file or a module of the
project is imported, the line comes before that. Importing a file never switches anything.

A program all of whose graphs are entered by `with graph.as_default():` gets the line too, unless
it is seen to need none. It needs one where it meets a variable otherwise than by its value (asks
for it by its name, freezes it, perhaps updates and reads it in one run), where control flow is,
where it counts with shapes, and where it takes variables or tensors out of the block, as a class
does that keeps them: the switch brings TensorFlow 1's back, which have an answer there.

It is `tf.compat.v1.disable_eager_execution()` where the program makes a Keras layer that Keras 3
cannot run otherwise, a recurrent or a transposed one. Under `--target eager` nothing is written.

Tests that pytest calls have no such place: they are left for a person, who writes the line into a
`conftest.py`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from getter_compat.codemod.analysis.names import Scope
from getter_compat.codemod.analysis.source import Span
from getter_compat.codemod.project import Start
from getter_compat.codemod.project.programs import Program, app_run, is_guard, read
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


def choose(spelling: Spelling) -> Switch | None:
    """The line that the program lacks which starts with this file."""
    module, start = spelling.module, _start(spelling)
    if start is None:
        return None
    facts = read(module.tree, module.names, module.values)
    program = Program(_FILE, {_FILE: facts})
    if not _lacks_switch(program, start):
        return None
    is_run = facts.is_entry or start.is_notebook or start.is_main
    if not (is_run or program.is_script(start.names_that_run)):
        return None
    needs_v2 = start.needs_v2 or any(program.uses("needs_v2"))
    function = "disable_eager_execution" if needs_v2 else "disable_v2_behavior"
    chosen = _Place(spelling, program, start, function).choose()
    return None if module.ignored(chosen.beside, rule.name) else chosen


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
    return start.runs_graph or (has_graph and needs_v1)


class _Place:
    """Where the line goes."""

    def __init__(self, spelling: Spelling, program: Program, start: Start, function: str) -> None:
        self.spelling = spelling
        self.names = spelling.names
        self.program = program
        self.start = start
        self.function = function
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
            return self._first(target, guard.body[0])
        run = next((item for item in self.body if app_run(item) is not None), None)
        if run is not None:
            return self._first(target, self._first_of_main(run) or run)
        return self._at_top(target, self.body[-1], guarded=False)

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

    def _first(self, target: str, statement: ast.stmt) -> Switch:
        """Before the first statement of what runs."""
        call = f"{self.spelling.in_scope(self.names.module, target)}()"
        return Switch(self.function, call, statement, self._reads(call))

    def _reads(self, call: str) -> list[tuple[Scope, str]]:
        return [(self.names.module, call.partition(".")[0])]

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

    def _first_of_main(self, run: ast.stmt) -> ast.stmt | None:
        """The first statement of the function that `app.run` is given."""
        call = app_run(run)
        assert call is not None
        name = call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else "main"
        for item in self.body:
            if isinstance(item, ast.FunctionDef) and item.name == name:
                documented = ast.get_docstring(item, clean=False) is not None
                return item.body[1 if documented and len(item.body) > 1 else 0]
        return None

    def _imports_tensorflow(self, statement: ast.stmt) -> bool:
        return any(
            binding.statement is statement and self.names.resolve_binding(binding) is not None
            for binding in (*self.names.imports, *self.names.brought)
        )

    def _builds(self, statement: ast.stmt) -> bool:
        """Whether something is made as the module runs this statement."""
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return not self.start.before.isdisjoint(_imported(statement))
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return False
        if is_guard(statement):
            return False
        last = statement.end_lineno or statement.lineno
        return any(line in range(statement.lineno, last + 1) for line in self._making_lines)

    @cached_property
    def _making_lines(self) -> frozenset[int]:
        """The lines of the module's own that make something, or call what does."""
        return frozenset(self.program.lines_that_make())


def _imported(statement: ast.Import | ast.ImportFrom) -> set[str]:
    """The modules and names that the statement imports, as it spells them."""
    if isinstance(statement, ast.Import):
        return {alias.name for alias in statement.names}
    module = "." * statement.level + (statement.module or "")
    joint = "" if module.endswith(".") else "."
    return {module, *(f"{module}{joint}{alias.name}" for alias in statement.names)}


def _is_import(statement: ast.stmt) -> bool:
    """Whether this imports, perhaps on a condition."""
    if isinstance(statement, (ast.Try, ast.If)):
        return not is_guard(statement) and all(map(_is_import, statement.body))
    return isinstance(statement, (ast.Import, ast.ImportFrom))
