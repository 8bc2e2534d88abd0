"""The import statements, after the rules have run.

An import whose name moved is moved with it, one that nothing needs any more is taken out, and
`import getter_compat` is added where isort would put it.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from getter_compat.codemod import support
from getter_compat.codemod.analysis.names import V2, Binding, Chain, Scope, below_v1, canonical
from getter_compat.codemod.analysis.sites import short
from getter_compat.codemod.analysis.source import Span
from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.project import NOTHING
from getter_compat.codemod.project.scan import TENSORFLOW, alone
from getter_compat.codemod.rewriting import statements
from getter_compat.codemod.rewriting.calls import comments_in
from getter_compat.codemod.rewriting.spelling import PACKAGE, Spelling
from getter_compat.codemod.rewriting.splice import Told, Written
from getter_compat.codemod.rewriting.text import Text

_Import = ast.Import | ast.ImportFrom


def finish(text: Text, spelling: Spelling, written: Written) -> list[Told]:
    """Bring the import statements in line with what was written; what there is to be said."""
    work = _Work(text, spelling, written)
    for statement, bindings in work.by_statement.items():
        if isinstance(statement, ast.Import):
            _finish_import(work, statement, bindings)
        elif isinstance(statement, ast.ImportFrom):
            _finish_from(work, statement, bindings)
    for star in work.names.star_imports:
        _finish_star(work, star)
    if "imports" in work.rules:
        _report_re_exports(work)
    _report_lost(work)
    for line in _missing(work):
        _add(work, line)
    return work.told


class _Work:
    """The imports of a text into which something was written."""

    def __init__(self, text: Text, spelling: Spelling, written: Written) -> None:
        self.text = text
        self.spelling = spelling
        self.module = spelling.module
        self.names = spelling.names
        self.rules = spelling.rules
        self.told: list[Told] = []
        self._gone = written.gone
        self.replaced: set[ast.stmt] = set()
        """The statements in whose place others stand, or none."""
        self.roots: dict[str, list[Scope]] = {}
        """The names that what was written reads, and where."""
        for scope, root in written.roots:
            self.roots.setdefault(root, []).append(scope)
        self.by_statement: dict[ast.stmt, list[Binding]] = {}
        for binding in self.names.imports:
            assert binding.statement is not None
            self.by_statement.setdefault(binding.statement, []).append(binding)
        # Many imports may bind one name in one place, and are the same to all that reads it.
        self._chains: dict[str, dict[int, list[Chain]]] = {}
        self._still_read: dict[tuple[int, str], bool] = {}
        self._unneeded: dict[Binding, bool] = {}
        self._mentioned: dict[str, bool] = {}

    def fixed(self, statement: ast.stmt, message: str) -> None:
        """Say what was done."""
        self.told.append(Told(statement, "imports", message, "rewritten"))

    def report(self, rule: str, statement: ast.stmt, message: str) -> None:
        """Leave a statement for a person."""
        self.told.append(Told(statement, rule, message, "left"))

    def runs(self, rule: str, statement: ast.stmt, message: str) -> None:
        """Say that a statement stays, and runs."""
        self.told.append(Told(statement, rule, message, "runs"))

    def paths_below(self, binding: Binding) -> set[str]:
        """What is used of an import that stays; the import itself if nothing is."""
        chains = (chain for chain in self._uses(binding) if chain.root not in self._gone)
        found = (self.names.resolve(chain.node, chain.scope) for chain in chains)
        names = {resolved.name for resolved in found if resolved is not None}
        imported = self.names.resolve_binding(binding)
        return names or ({imported.name} if imported is not None else set())

    def is_read(self, binding: Binding) -> bool:
        """Whether what is bound is read after the rewrite, or was not before."""
        if self.names.resolve_binding(binding) is None:
            return True
        return not self._uses(binding) or self.is_still_read(binding)

    def _bound_with(self, binding: Binding) -> list[Binding]:
        """All that the name of an import is bound to where it is."""
        return self.names.homes[binding].bindings[binding.name]

    def _uses(self, binding: Binding) -> list[Chain]:
        name = binding.name
        if name not in self._chains:
            found: defaultdict[int, list[Chain]] = defaultdict(list)
            for chain in self.names.chains.get(name, ()):
                found[id(chain.scope.lookup(name))].append(chain)
            self._chains[name] = dict(found)
        return self._chains[name].get(id(self._bound_with(binding)), [])

    def is_still_read(self, binding: Binding) -> bool:
        """Whether what is bound is read after the rewrite."""
        bound, root = self._bound_with(binding), self.spelling.local_name(binding)
        key = id(bound), root
        if key not in self._still_read:
            self._still_read[key] = any(
                chain.root not in self._gone for chain in self._uses(binding)
            ) or any(scope.lookup(binding.name) is bound for scope in self.roots.get(root, ()))
        return self._still_read[key]

    def is_unneeded(self, binding: Binding) -> bool:
        """Whether the rewrite took the last use of the name away."""
        if binding not in self._unneeded:
            self._unneeded[binding] = _is_unneeded(self, binding)
        return self._unneeded[binding]

    def is_mentioned(self, name: str) -> bool:
        """Whether a name stands anywhere but where it is read or imported."""
        if name not in self._mentioned:
            word = alone(name)
            spelled = len(self.names.chains.get(name, ()))
            own = len(word.findall(self._imported))
            self._mentioned[name] = len(word.findall(self.text.data)) > spelled + own
        return self._mentioned[name]

    @cached_property
    def _imported(self) -> bytes:
        """What stands between the commas of all imports."""
        aliases = (it.alias for it in self.names.imports if it.alias is not None)
        return b"\n".join(self.text.read(self.text.span(it)).encode() for it in aliases)


def _missing(work: _Work) -> Iterator[str]:
    """The imports that what was written needs, and the text does not have."""
    packages = work.roots.get(PACKAGE, ())
    if any(not _imports(scope, PACKAGE) for scope in packages) and not _binds_package(work):
        yield f"import {PACKAGE}"
    if any(not scope.lookup("tensorflow") for scope in work.roots.get("tensorflow", ())):
        yield "import tensorflow"
    if any(not scope.lookup("tf") for scope in work.roots.get("tf", ())):
        yield "import tensorflow as tf"


def _imports(scope: Scope, path: str) -> bool:
    return any(binding.imported == path for binding in scope.lookup(path))


def _report_re_exports(work: _Work) -> None:
    """Report a `tf` that comes from elsewhere: it may be TensorFlow, and nothing here shows it."""
    for binding in work.names.imports:
        assert binding.alias is not None
        assert binding.statement is not None
        if binding.alias.asname != "tf" or work.names.resolve_binding(binding) is not None:
            continue
        if binding.imported in work.names.project.modules:
            continue  # It was looked at, and is none of TensorFlow's.
        if not work.module.ignored(binding.statement, "imports"):
            message = f"tf is {binding.imported}: if that is TensorFlow, say --tf-alias tf"
            work.report("imports", binding.statement, message)


def _binds_package(work: _Work) -> bool:
    bindings = work.names.module.bindings.get(PACKAGE, [])
    if any(binding.imported != PACKAGE for binding in bindings):
        raise RewriteError(f"left alone, the name {PACKAGE} is taken")
    return bool(bindings)


def _finish_import(work: _Work, statement: ast.Import, bindings: list[Binding]) -> None:
    unneeded = [binding for binding in bindings if work.is_unneeded(binding)]
    moved = {}
    for binding in bindings:
        assert binding.alias is not None
        target = None if binding in unneeded else _moved_to(work, binding)
        if target == "tensorflow":
            work.fixed(statement, f"import of {binding.imported} -> tensorflow")
            work.text.replace(work.text.span(binding.alias), f"tensorflow as {binding.name}")
        elif target is not None:
            moved[binding] = target
    _tell(work, statement, unneeded, moved)
    lines = _import_lines(work, statement, moved)
    _take_out(work, statement, [*unneeded, *moved], len(bindings), lines)


def _tell(
    work: _Work, statement: _Import, unneeded: list[Binding], moved: dict[Binding, str]
) -> None:
    for binding in unneeded:
        work.fixed(statement, f"import of {binding.imported} taken out")
    for binding, target in moved.items():
        work.fixed(statement, f"import of {binding.imported} -> {target}")


def _finish_from(work: _Work, statement: ast.ImportFrom, bindings: list[Binding]) -> None:
    if len(bindings) != len(statement.names):
        return
    unneeded = [binding for binding in bindings if work.is_unneeded(binding)]
    moved = {
        binding: target
        for binding in bindings
        if binding not in unneeded and (target := _moved_to(work, binding))
    }
    if not unneeded and not moved:
        return
    _tell(work, statement, unneeded, moved)
    modules = {target.rpartition(".")[0] for target in moved.values()}
    if len(modules) == 1 and len(moved) == len(bindings) and "" not in modules:
        _move_whole(work, statement, moved)
        return
    lines = _import_lines(work, statement, moved)
    _take_out(work, statement, [*unneeded, *moved], len(bindings), lines)


def _finish_star(work: _Work, statement: ast.ImportFrom) -> None:
    """Move `from module import *` with its module; what it brings cannot be seen."""
    resolved = canonical(statement.module or "") if not statement.level else None
    if resolved is None or resolved.name.partition(".")[0] not in TENSORFLOW:
        return
    target = work.rules.moved.get(resolved.name) or work.rules.successor(resolved.name)
    why = "its names cannot be seen here"
    if target is not None and target != statement.module:
        lacking = sorted(_without_successor(work))
        if lacking:
            why = f"{target} lacks what nothing else brings: {', '.join(lacking[:3])}"
        else:
            _write_module(work, statement, target)
    if "symbols" in work.rules and not work.module.ignored(statement, "symbols"):
        work.report("symbols", statement, f"from {statement.module} import *: {why}")


def _without_successor(work: _Work) -> set[str]:
    """The names that a star must have brought, as nothing in the text binds them, and are gone."""
    paths = _starred(work)
    if len(paths) < len(work.names.star_imports):
        return set()  # What other modules bring is not known.
    unbound = {
        name
        for name, chains in work.names.chains.items()
        if not (hasattr(builtins, name) or name == "__file__")
        and not all(it.scope.lookup(name) for it in chains)
    }
    return {
        name
        for name in unbound
        if not any(work.rules.successor(f"{path}.{name}") for path in paths)
    }


def _starred(work: _Work) -> list[str]:
    """The modules of TensorFlow from which all is imported."""
    modules = [(canonical(star.module or ""), star.level) for star in work.names.star_imports]
    return [found.name for found, level in modules if found is not None and not level]


_FROM = re.compile(rb"from[\s\\]+(.+?)[\s\\]+import\b", re.DOTALL)


def _write_module(work: _Work, statement: ast.ImportFrom, module: str) -> None:
    match = _FROM.match(work.text.data, work.text.start(statement))
    assert match is not None
    work.text.replace(Span(match.start(1), match.end(1)), module)


def _report_lost(work: _Work) -> None:
    """Report the imports of what TensorFlow 2 does not have."""
    for binding in work.names.imports:
        assert binding.statement is not None
        resolved = work.names.resolve_binding(binding)
        if resolved is None or work.is_unneeded(binding) or _moved_to(work, binding):
            continue
        if binding.through is not None:
            continue  # It is told where it is imported.
        if _is_never_tried(work, binding):
            continue
        path = _imported_path(binding, resolved.name)
        rule = _rule_of_lost(binding.statement, path)
        if rule not in work.rules or work.module.ignored(binding.statement, rule):
            continue
        message = f"import of {short(path)}"
        if rule == "private":
            _report_private(work, binding, path, message)
        elif rule == "symbols":
            lost = support.lost_part(path) or path
            work.report(rule, binding.statement, f"{message}: TensorFlow 2 has no {short(lost)}")
        else:
            work.report(rule, binding.statement, message)


def _is_never_tried(work: _Work, binding: Binding) -> bool:
    """Whether this is for where another import fails, which TensorFlow 2 has: no handler runs."""
    assert binding.statement is not None
    handler = work.names.parents.get(binding.statement)
    tried = work.names.parents.get(handler) if isinstance(handler, ast.ExceptHandler) else None
    return isinstance(tried, ast.Try) and any(
        other.name == binding.name and support.has_private(other.imported or "")
        for statement in tried.body
        for other in work.by_statement.get(statement, ())
    )


def _imported_path(binding: Binding, name: str) -> str:
    """What has to be there for the import to run: `import a.b` binds `a`, and needs `a.b`."""
    if isinstance(binding.statement, ast.Import) and binding.alias is not None:
        return binding.alias.name if name == "tensorflow" else name
    imported = binding.imported or name
    is_private = imported.startswith(f"{support.PRIVATE}.")
    return imported if is_private and not support.has_private(imported) else name


def _rule_of_lost(statement: _Import, path: str) -> str:
    """The rule that speaks of the import; "" if TensorFlow 2 has what is imported."""
    if f"{path}.".startswith("tensorflow.contrib."):
        return "contrib"
    if path.startswith(f"{support.PRIVATE}."):
        return "private"
    if isinstance(statement, ast.Import) and f"{path}.".startswith("tensorflow.layers."):
        return "contrib"
    return "symbols" if support.lost_part(path) is not None else ""


def _report_private(work: _Work, binding: Binding, name: str, message: str) -> None:
    """Say whether all that is used of a private module is still there."""
    assert binding.statement is not None
    missing = sorted(path for path in work.paths_below(binding) if not support.has_private(path))
    if not missing:
        work.runs("private", binding.statement, f"{message}, which is private and still there")
    elif not missing[0].startswith(f"{support.PRIVATE}."):
        public = short(below_v1(missing[0]))
        work.report("private", binding.statement, f"{message}: take {public}, which is the same")
    elif missing != [name]:
        gone = short(missing[0])
        work.report("private", binding.statement, f"{message}: TensorFlow 2 has no {gone}")
    else:
        work.report("private", binding.statement, message)


def _moved_to(work: _Work, binding: Binding) -> str | None:
    """The new dotted path of an imported name, if it has one."""
    if work.names.is_re_export(binding) or binding.imported == V2:
        return None
    target = work.spelling.translation(binding)
    return target if target is not None and target != binding.imported else None


def _move_whole(work: _Work, statement: ast.ImportFrom, moved: dict[Binding, str]) -> None:
    """Keep the statement; only where it imports from, and perhaps the names, change."""
    _write_module(work, statement, next(iter(moved.values())).rpartition(".")[0])
    for binding, target in moved.items():
        assert binding.alias is not None
        leaf, name = target.rpartition(".")[2], work.spelling.local_name(binding)
        new = leaf if name == leaf else f"{leaf} as {name}"
        span = work.text.span(binding.alias)
        if work.text.read(span).split() != new.split():
            work.text.replace(span, new)


def _import_lines(work: _Work, statement: _Import, moved: dict[Binding, str]) -> list[str]:
    """The imports to write in place of these, one for each module."""
    taken: dict[str, list[str]] = {}
    for binding, target in moved.items():
        module, _, leaf = target.rpartition(".")
        name = work.spelling.local_name(binding)
        words = taken.setdefault(module, [])
        words += {leaf if name == leaf else f"{leaf} as {name}"} - {*words}
    plain = [f"import {word}" for word in taken.pop("", ())]
    return sorted([*plain, *(_from_line(work, statement, *item) for item in taken.items())])


def _from_line(work: _Work, statement: _Import, module: str, words: list[str]) -> str:
    """An import of several names, on lines of their own where one would be too long."""
    line, span = f"from {module} import {', '.join(words)}", work.text.span(statement)
    width = max(_WIDTH, *(len(it.rstrip()) for it in work.text.read(span).splitlines()))
    if len(words) == 1 or len(line) <= width:
        return line
    before = work.text.read(Span(work.text.line_of(span.start).start, span.start))
    newline = work.text.newline() + ("" if before.strip() else before)
    inside = "".join(f"{newline}    {word}," for word in words)
    return f"from {module} import ({inside}{newline})"


_WIDTH = 79


def _is_unneeded(work: _Work, binding: Binding) -> bool:
    """Whether the rewrite took the last use of the name away."""
    if _is_gone(work, binding):
        return not work.is_still_read(binding)
    if work.is_read(binding) or work.module.exported(binding.name):
        return False
    # The name may also stand in a string: a doctest, a quoted annotation.
    return not work.is_mentioned(binding.name)


def _is_gone(work: _Work, binding: Binding) -> bool:
    """Whether nothing can be imported there any more, and no other file needs the name."""
    imported = binding.imported or ""
    return (
        support.lost_part(imported) is not None
        and work.names.project is not NOTHING
        and binding.through is None
        and not work.module.exported(binding.name)
    )


def _take_out(
    work: _Work,
    statement: _Import,
    bindings: list[Binding],
    total: int,
    lines: list[str] | None = None,
) -> None:
    """Take names out of the statement, or all of it, and write the lines in its place."""
    lines = lines or []
    if not bindings:
        return
    if len(bindings) == total:
        work.replaced.add(statement)
        statements.replace(work.text, work.module, statement, lines)
        return
    _take_names_out(work, statement, bindings)
    if lines:
        statements.add(work.text, statement, lines)


def _take_names_out(work: _Work, statement: _Import, bindings: list[Binding]) -> None:
    text = work.text
    aliases = statement.names
    out = {binding.alias for binding in bindings}
    last_kept = max(index for index, alias in enumerate(aliases) if alias not in out)
    for index, alias in enumerate(aliases):
        if alias not in out:
            continue
        if index < last_kept:
            span = Span(text.start(alias), text.start(aliases[index + 1]))
        else:
            span = Span(text.end(aliases[index - 1]), text.end(alias))
        start = text.line_of(text.start(alias)).start
        indent = re.match(r"\s*", text.read(Span(start, text.start(alias))))
        assert indent is not None
        comments = comments_in(text.read(span))
        text.replace(span, "".join(f"{it}{text.newline()}{indent[0]}" for it in comments))


def _add(work: _Work, line: str) -> None:
    """Write an import line at the top of the module, sorted into its group."""
    body = work.module.tree.body
    anchor = _group_anchor(work, line)
    text, newline = work.text, work.text.newline()
    if anchor is not None:
        statement, before = anchor
        start = text.line_of(text.start(statement)).start
        if text.data[start : text.start(statement)].strip() and statement not in work.replaced:
            text.insert_before(text.span(statement), f"{line}; ")
            return
        above = text.line_of(start - 1) if start else None
        commented = above is not None and text.read(above).lstrip().startswith("#")
        if before and not commented:
            text.insert_before(Span(start, len(text.data)), f"{line}{newline}")
        else:
            _add_after(work, statement, line)
        return
    header = [statement for statement in body if _is_header(statement)]
    if header and header == body[: len(header)]:
        _add_after(work, header[-1], f"{newline}{line}" if len(header) == 1 else line)
        return
    start = text.line_of(text.start(body[0])).start
    text.insert_before(Span(start, start), f"{line}{newline}{newline}")


def _add_after(work: _Work, statement: ast.stmt, line: str) -> None:
    text, newline = work.text, work.text.newline()
    beside = statements.following_on_line(work.module, statement)
    if beside is not None:
        text.insert_before(text.span(beside), f"{line.strip()}; ")
        return
    end = text.line_of(text.end(statement)).end
    ended = text.data[end - 1 : end] in (b"\n", b"\r")
    text.insert_after(Span(end, end), f"{line}{newline}" if ended else f"{newline}{line}")


def _is_header(statement: ast.stmt) -> bool:
    """A docstring or `from __future__ import ...`."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _group_anchor(work: _Work, line: str) -> tuple[ast.stmt, bool] | None:
    """The statement beside which the line belongs, and whether it goes before it."""
    body = work.module.tree.body
    index = _first_concerned(work)
    if index is None:
        return None
    statement = body[index]
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return statement, True
    first = last = index
    while first and _adjoins(work, body[first - 1], body[first]):
        first -= 1
    while last + 1 < len(body) and _adjoins(work, body[last], body[last + 1]):
        last += 1
    module = line.split()[1]
    group = [
        item for item in body[first : last + 1] if isinstance(item, (ast.Import, ast.ImportFrom))
    ]
    plain = [item for item in group if isinstance(item, ast.Import) and not _is_stdlib(item)]
    for item in plain:
        if item.names[0].name > module and body.index(item) <= index:
            return item, True
    before_index = [item for item in plain if body.index(item) <= index]
    if before_index:
        return before_index[-1], False
    return statement, True


def _first_concerned(work: _Work) -> int | None:
    """The first top-level statement that imports something of TensorFlow or Keras."""
    concerned = {
        id(binding.statement)
        for binding in work.names.imports
        if work.names.resolve_binding(binding) is not None
    }
    for index, statement in enumerate(work.module.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            if id(statement) in concerned:
                return index
        elif isinstance(statement, (ast.Try, ast.If)) and any(
            id(node) in concerned for node in ast.walk(statement)
        ):
            return index
    for index, statement in enumerate(work.module.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and not _is_header(statement):
            return index
    return None


def _adjoins(work: _Work, one: ast.stmt, other: ast.stmt) -> bool:
    """Whether the second import stands right below the first."""
    if not isinstance(one, (ast.Import, ast.ImportFrom)) or _is_header(one):
        return False
    if not isinstance(other, (ast.Import, ast.ImportFrom)):
        return False
    return other.lineno - (one.end_lineno or one.lineno) <= 1


def _is_stdlib(statement: ast.Import) -> bool:
    return statement.names[0].name.partition(".")[0] in sys.stdlib_module_names
