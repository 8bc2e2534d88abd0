"""The import statements, after the rules have run.

An import whose name moved is moved with it, one that nothing needs any more is taken out, and
`import getter_compat` is added where isort would put it.
"""

from __future__ import annotations

import ast
import re
import sys

from getter_compat.codemod.analysis.names import V2, Binding, canonical
from getter_compat.codemod.edits import Span
from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.page import PACKAGE, Page, short

_Import = ast.Import | ast.ImportFrom


def finish(page: Page) -> None:
    """Bring the import statements in line with what the rules wrote."""
    page.rule = "imports"
    statements: dict[_Import, list[Binding]] = {}
    for binding in page.names.imports:
        assert binding.statement is not None
        statements.setdefault(binding.statement, []).append(binding)
    for statement, bindings in statements.items():
        if isinstance(statement, ast.Import):
            _finish_import(page, statement, bindings)
        else:
            _finish_from(page, statement, bindings)
    for star in page.names.star_imports:
        _finish_star(page, star)
    if "imports" in page.rules:
        _report_re_exports(page)
    _report_lost(page)
    needed = []
    if page.needs_package and not _binds_package(page):
        needed.append(f"import {PACKAGE}")
    if "tensorflow" in page.needs_tensorflow:
        needed.append("import tensorflow")
    if "tf" in page.needs_tensorflow:
        needed.append("import tensorflow as tf")
    for line in needed:
        _add(page, line)


def _report_re_exports(page: Page) -> None:
    """Report a `tf` that comes from elsewhere: it may be TensorFlow, and nothing here shows it."""
    for binding in page.names.imports:
        assert binding.alias is not None
        assert binding.statement is not None
        if binding.alias.asname != "tf" or page.names.resolve_binding(binding) is not None:
            continue
        if binding.imported in page.names.project.modules:
            continue  # It was looked at, and is none of TensorFlow's.
        if not page.ignored(binding.statement, "imports"):
            message = f"tf is {binding.imported}: if that is TensorFlow, say --tf-alias tf"
            page.report(binding.statement, message)


def _binds_package(page: Page) -> bool:
    bindings = page.names.module.bindings.get(PACKAGE, [])
    if any(binding.imported != PACKAGE for binding in bindings):
        raise RewriteError(f"left alone, the name {PACKAGE} is taken")
    return bool(bindings)


def _finish_import(page: Page, statement: ast.Import, bindings: list[Binding]) -> None:
    unneeded = [binding for binding in bindings if _unneeded(page, binding)]
    moved = {}
    for binding in bindings:
        assert binding.alias is not None
        target = None if binding in unneeded else _moved_to(page, binding)
        if target == "tensorflow":
            page.fixed(statement, f"import of {binding.imported} -> tensorflow")
            page.text.replace(page.text.span(binding.alias), f"tensorflow as {binding.name}")
        elif target is not None:
            moved[binding] = target
    _tell(page, statement, unneeded, moved)
    lines = sorted({_import_line(page, binding, target) for binding, target in moved.items()})
    _take_out(page, statement, [*unneeded, *moved], len(bindings), lines)


def _tell(
    page: Page, statement: _Import, unneeded: list[Binding], moved: dict[Binding, str]
) -> None:
    for binding in unneeded:
        page.fixed(statement, f"import of {binding.imported} taken out")
    for binding, target in moved.items():
        page.fixed(statement, f"import of {binding.imported} -> {target}")


def _finish_from(page: Page, statement: ast.ImportFrom, bindings: list[Binding]) -> None:
    if len(bindings) != len(statement.names):
        return
    unneeded = [binding for binding in bindings if _unneeded(page, binding)]
    moved = {
        binding: target
        for binding in bindings
        if binding not in unneeded and (target := _moved_to(page, binding))
    }
    if not unneeded and not moved:
        return
    _tell(page, statement, unneeded, moved)
    modules = {target.rpartition(".")[0] for target in moved.values()}
    if len(modules) == 1 and len(moved) == len(bindings) and "" not in modules:
        _move_whole(page, statement, moved)
        return
    lines = sorted({_import_line(page, binding, target) for binding, target in moved.items()})
    _take_out(page, statement, [*unneeded, *moved], len(bindings), lines)


def _finish_star(page: Page, statement: ast.ImportFrom) -> None:
    """Move `from module import *` with its module; what it brings cannot be seen."""
    resolved = canonical(statement.module or "") if not statement.level else None
    if resolved is None:
        return
    target = page.rules.moved.get(resolved.name) or page.successor(resolved)
    if target is not None and target != statement.module:
        _write_module(page, statement, target)
    page.rule = "symbols"
    if page.rule in page.rules and not page.ignored(statement, page.rule):
        page.report(statement, f"from {statement.module} import *: its names cannot be seen here")


def _write_module(page: Page, statement: ast.ImportFrom, module: str) -> None:
    start = page.text.start(statement)
    match = re.compile(rb"from\s+([\w.]+)").match(page.text.data, start)
    assert match is not None
    page.text.replace(Span(match.start(1), match.end(1)), module)


def _report_lost(page: Page) -> None:
    """Report the imports of what TensorFlow 2 does not have."""
    if "contrib" not in page.rules:
        return
    for binding in page.names.imports:
        assert binding.statement is not None
        resolved = page.names.resolve_binding(binding)
        if resolved is None or _unneeded(page, binding) or _moved_to(page, binding):
            continue
        if binding.through is not None:
            continue  # It is told where it is imported.
        if f"{resolved.name}.".startswith("tensorflow.contrib."):
            page.rule = "contrib"
        elif f"{resolved.name}.".startswith("tensorflow.python."):
            page.rule = "private"
        elif isinstance(binding.statement, ast.Import) and binding.alias is not None:
            if not binding.alias.name.startswith(("tensorflow.contrib", "tensorflow.layers")):
                continue
            page.rule = "contrib"
        else:
            continue
        if not page.ignored(binding.statement, page.rule):
            page.report(binding.statement, f"import of {short(resolved.name)}")


def _moved_to(page: Page, binding: Binding) -> str | None:
    """The new dotted path of an imported name, if it has one."""
    if page.names.is_re_export(binding) or binding.imported == V2:
        return None
    target = page.translation(binding)
    return target if target is not None and target != binding.imported else None


def _move_whole(page: Page, statement: ast.ImportFrom, moved: dict[Binding, str]) -> None:
    """Keep the statement; only where it imports from, and perhaps the names, change."""
    _write_module(page, statement, next(iter(moved.values())).rpartition(".")[0])
    for binding, target in moved.items():
        assert binding.alias is not None
        leaf, name = target.rpartition(".")[2], page.local_name(binding)
        new = leaf if name == leaf else f"{leaf} as {name}"
        span = page.text.span(binding.alias)
        if page.text.read(span).split() != new.split():
            page.text.replace(span, new)


def _import_line(page: Page, binding: Binding, target: str) -> str:
    module, _, leaf = target.rpartition(".")
    name = page.local_name(binding)
    if not module:
        return f"import {leaf}" if name == leaf else f"import {leaf} as {name}"
    return f"from {module} import {leaf}" + ("" if name == leaf else f" as {name}")


def _unneeded(page: Page, binding: Binding) -> bool:
    """Whether the rewrite took the last use of the name away."""
    if (
        binding.needed
        or not binding.uses
        or binding.gone < binding.uses
        or page.exported(binding.name)
    ):
        return False
    # The name may also stand in a string: a doctest, a quoted annotation.
    word = re.compile(rb"(?<![\w.])" + re.escape(binding.name.encode()) + rb"(?!\w)")
    seen = len(word.findall(page.text.data))
    spelled = len(page.names.chains.get(binding.name, ()))
    assert binding.alias is not None
    own = sum(
        len(word.findall(page.text.read(page.text.span(other.alias)).encode()))
        for other in page.names.imports
        if other.alias is not None
    )
    return seen <= spelled + own


def _take_out(
    page: Page,
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
        page.replace_statement(statement, lines)
        return
    _take_names_out(page, statement, bindings)
    if lines:
        page.add_statements(statement, lines)


def _take_names_out(page: Page, statement: _Import, bindings: list[Binding]) -> None:
    text = page.text
    aliases = statement.names
    out = [binding.alias for binding in bindings]
    kept = [alias for alias in aliases if alias not in out]
    for index, alias in enumerate(aliases):
        if alias not in out:
            continue
        if any(aliases.index(other) > index for other in kept):
            text.replace(Span(text.start(alias), text.start(aliases[index + 1])), "")
        else:
            previous = aliases[index - 1]
            text.replace(Span(text.end(previous), text.end(alias)), "")


def _add(page: Page, line: str) -> None:
    """Write an import line at the top of the module, sorted into its group."""
    body = page.tree.body
    anchor = _group_anchor(page, line)
    text, newline = page.text, page.text.newline()
    if anchor is not None:
        statement, before = anchor
        start = text.line_of(text.start(statement)).start
        if text.data[start : text.start(statement)].strip():
            text.insert_before(text.span(statement), f"{line}; ")
            return
        above = text.line_of(start - 1) if start else None
        commented = above is not None and text.read(above).lstrip().startswith("#")
        if before and not commented:
            text.insert_before(Span(start, len(text.data)), f"{line}{newline}")
        else:
            _add_after(page, statement, line)
        return
    header = [statement for statement in body if _is_header(statement)]
    if header and header == body[: len(header)]:
        _add_after(page, header[-1], f"{newline}{line}" if len(header) == 1 else line)
        return
    start = text.line_of(text.start(body[0])).start
    text.insert_before(Span(start, start), f"{line}{newline}{newline}")


def _add_after(page: Page, statement: ast.stmt, line: str) -> None:
    text, newline = page.text, page.text.newline()
    end = text.line_of(text.end(statement)).end
    ended = text.data[end - 1 : end] in (b"\n", b"\r")
    text.insert_after(Span(end, end), f"{line}{newline}" if ended else f"{newline}{line}")


def _is_header(statement: ast.stmt) -> bool:
    """A docstring or `from __future__ import ...`."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _group_anchor(page: Page, line: str) -> tuple[ast.stmt, bool] | None:
    """The statement beside which the line belongs, and whether it goes before it."""
    body = page.tree.body
    index = _first_concerned(page)
    if index is None:
        return None
    statement = body[index]
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return statement, True
    first = last = index
    while first and _adjoins(page, body[first - 1], body[first]):
        first -= 1
    while last + 1 < len(body) and _adjoins(page, body[last], body[last + 1]):
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


def _first_concerned(page: Page) -> int | None:
    """The first top-level statement that imports something of TensorFlow or Keras."""
    concerned = {
        id(binding.statement)
        for binding in page.names.imports
        if page.names.resolve_binding(binding) is not None
    }
    for index, statement in enumerate(page.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            if id(statement) in concerned:
                return index
        elif isinstance(statement, (ast.Try, ast.If)) and any(
            id(node) in concerned for node in ast.walk(statement)
        ):
            return index
    for index, statement in enumerate(page.tree.body):
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and not _is_header(statement):
            return index
    return None


def _adjoins(page: Page, one: ast.stmt, other: ast.stmt) -> bool:
    """Whether the second import stands right below the first."""
    if not isinstance(one, (ast.Import, ast.ImportFrom)) or _is_header(one):
        return False
    if not isinstance(other, (ast.Import, ast.ImportFrom)):
        return False
    return other.lineno - (one.end_lineno or one.lineno) <= 1


def _is_stdlib(statement: ast.Import) -> bool:
    return statement.names[0].name.partition(".")[0] in sys.stdlib_module_names
