r"""Files that surely hold nothing for any rule, told from their text: parsing takes much longer.

The answer is one-sided: "nothing" is sure, and whatever is odd is parsed. Three questions:

1. Does a pattern match, by which a rule asks for nodes of any name (`.op.name`)?
2. What do the imports bind? Only plain ones, of one line, are read; each is given to `rewrite`
   alone, which must find nothing.
3. Which dotted paths begin with a name so bound? A path that a rule knows by its very name is
   parsed, unless it is called and the rule says that this call may stay, and so is a bare module
   (`nn = tf.nn`, `getattr(tf, ...)`). Any other is given to `rewrite` alone, below its import.

Comments and strings are read like code, so they may lead to a needless parse, never past one.
A file that does not parse but holds nothing is passed over, as one without TensorFlow is.
"""

from __future__ import annotations

import ast
import re
from functools import cache

from getter_compat.codemod import own_rules
from getter_compat.codemod.analysis.names import FOLLOWED, OWN_NAMES, Names, Resolved
from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.rewrite import Options, parse, rewrite
from getter_compat.codemod.ruleset import rule_set
from getter_compat.tables.programs import GRAPH_METHODS

_HINTS = (b"tensorflow", b"keras", b"tf_slim", b" as tf")
_GETTER = re.compile(rb"getter(?!_compat)")

# An encoding in which bytes may stand for other characters than those of ASCII.
_COOKIE = re.compile(rb"coding[:=](?![ \t]*utf-?8\b)")

# A plain import: one statement that is alone on its line, in a doctest too.
_IMPORT = re.compile(
    r"^[ \t]*(?:>>> )?((?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+[\w., \t*]*?)[ \t]*(?:#.*)?\r?$",
    re.MULTILINE,
)

# Between the parts of a dotted path.
_GAP = r"(?:[\s\\]|#[^\n]*\n)*"

_STRING = r"'[^'\n\\]*'|\"[^\"\n\\]*\""

# An f-string: Python before 3.12 does not know the places of what it holds, which is reported.
_IN_F_STRING = re.compile(r"[fF][rR]?['\"].*\{")
_LONG_F_STRING = r"[fF][rR]?(?:\"\"\"|''')"


def _brackets(depth: int) -> str:
    """A pattern for brackets that hold others up to a depth, and plain strings."""
    other = r"[^()\[\]{}'\"#\\]*"
    inside = rf"{_STRING}|{_brackets(depth - 1)}" if depth else _STRING
    return rf"[(\[{{]{other}(?:(?:{inside}){other})*[)\]}}]"


_ARGUMENTS = re.compile(r"[ \t]*(?=\()" + _brackets(5))


def may_concern(data: bytes, options: Options) -> bool:
    """Whether a file with these bytes has to be parsed."""
    own_rules.load(options.own_rules)
    if _mentions_own(data):
        return True
    return mentions(data, options) and not reader(options).finds_nothing(data)


def mentions(data: bytes, options: Options) -> bool:
    """Whether TensorFlow, or anything that a rule looks for without it, is mentioned."""
    if any(hint in data for hint in _HINTS) or _GETTER.search(data):
        return True
    if _mentions_own(data):
        return True
    return any(alias.rpartition(".")[2].encode() in data for alias in options.tf_aliases)


def _mentions_own(data: bytes) -> bool:
    """Whether a name is mentioned that a rule of the project's own knows."""
    return any(name.encode() in data for names in OWN_NAMES.values() for name in names)


class Reader:
    """Reads texts for one set of options, and keeps the answers about imports and paths."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._rules = rule_set(options.rules, options.target)
        aliases = {alias.rpartition(".")[2] for alias in options.tf_aliases}
        roots = [*sorted(FOLLOWED), *sorted(aliases)]
        words = "|".join(map(re.escape, roots))
        self._concerned = re.compile(rf"{words}|as[ \t]+tf\b")
        # Imports in another form: calls, with brackets, backslashes, other statements on the line.
        odd = (
            rf"import\b[^\n#]*(?:{words})",
            rf"from[ \t\\]+[\w.]*(?:{words})[\w.]*[ \t]*(?:\\|import\b)",
            rf"\\\r?\n[^\n]*(?:{words})",
            r"as[\s\\]+tf\b(?!\.)",
            rf"import(?:_module|__)\s*\(\s*['\"](?:{words})",
            _LONG_F_STRING,
        )
        self._odd = tuple(map(re.compile, odd))
        # Answers for these options alone, kept as long as the process runs.
        self._names = cache(self._read_import)
        self._resolved = cache(self._resolve)
        self._is_settled = cache(self._read_path)

    def finds_nothing(self, data: bytes) -> bool:
        """Whether the file with these bytes surely holds nothing for any rule."""
        if b"getter-compat:" in data:
            return False  # A comment may name a rule that there is not.
        if not data.isascii() or b"\0" in data or _COOKIE.search(data, 0, 400):
            return False
        text = data.decode("ascii")
        if self._rules.looks_at_nodes(text):
            return False
        if any(f".{method}" in text for method in GRAPH_METHODS):
            return False  # `self.test_session()`: a program that starts here may want its switch.
        parts = _IMPORT.split(text)
        code, imports = "".join(parts[::2]), set(filter(self._concerned.search, parts[1::2]))
        if any(odd.search(code) for odd in self._odd):
            return False
        # The names that lead to TensorFlow, and the import that binds each; an alias needs none.
        bound = dict.fromkeys(self._options.tf_aliases, "pass")
        for statement in imports:
            names = self._names(statement)
            if names is None or any(bound.get(name, "pass") != "pass" for name in names):
                return False
            bound.update(dict.fromkeys(names, statement))
        # Beside an import of TensorFlow's, a `tf` that nothing binds is TensorFlow.
        for statement in imports if "tf" not in bound else ():
            bound["tf"] = statement
        return all(
            self._is_nothing(use, statement)
            for name, statement in bound.items()
            for use in _uses(name).finditer(code)
        )

    def _read_import(self, statement: str) -> frozenset[str] | None:
        """The names of TensorFlow that a statement binds; None if it is something for a rule."""
        if self._is_something(statement):
            return None
        names = Names(parse(statement), self._options.tf_aliases)
        read = {binding.name: names.resolve_binding(binding) for binding in names.imports}
        ours = {name: resolved.name for name, resolved in read.items() if resolved is not None}
        return None if any(map(self._rules.knows_part_of, ours.values())) else frozenset(ours)

    def _is_nothing(self, use: re.Match[str], statement: str) -> bool:
        """Whether the use of a name that the statement binds is nothing for any rule."""
        return not _is_in_f_string(use) and (
            self._is_settled(statement, use[0]) or self._is_settled_call(statement, use)
        )

    def _read_path(self, statement: str, path: str) -> bool:
        """Whether the path, below this import, is nothing for a rule wherever it is read."""
        if self._is_something(f"{statement}\n({path})\n({path}.unheard_of)\n"):
            return False
        resolved = self._resolved(statement, path)
        return resolved is None or not (
            self._rules.knows_part_of(resolved.name) or self._rules.knows_below(resolved.name)
        )

    def _is_settled_call(self, statement: str, use: re.Match[str]) -> bool:
        """Whether the use is a call with arguments that the rule for this very name leaves."""
        arguments = _ARGUMENTS.match(use.string, use.end())
        if arguments is None:
            return False
        try:
            resolved = self._resolved(statement, use[0])
            (call,) = parse(f"f{arguments[0]}").body
        except (RewriteError, ValueError):
            return False
        assert isinstance(call, ast.Expr)
        assert isinstance(call.value, ast.Call)
        return (
            resolved is not None
            and not resolved.v1
            and self._rules.is_settled(resolved.name, call.value)
        )

    def _resolve(self, statement: str, path: str) -> Resolved | None:
        """What the path stands for, below this import."""
        tree = parse(f"{statement}\n({path})\n")
        names = Names(tree, self._options.tf_aliases)
        expression = tree.body[-1]
        assert isinstance(expression, ast.Expr)
        return names.resolve(expression.value, names.module)

    def _is_something(self, source: str) -> bool:
        """Whether a rule finds anything in a text."""
        try:
            result = rewrite(source, self._options)
        except RewriteError:
            return True
        return result.source != source or bool(result.findings)


@cache
def reader(options: Options) -> Reader:
    """The reader for these options."""
    return Reader(options)


@cache
def _uses(name: str) -> re.Pattern[str]:
    """Finds the dotted paths that begin with a name."""
    return re.compile(rf"{name}(?<![\w.]{name})(?!\w)(?:{_GAP}\.{_GAP}[A-Za-z_]\w*)*")


def _is_in_f_string(use: re.Match[str]) -> bool:
    """Whether an f-string may be open on the line where the path stands."""
    start = use.string.rfind("\n", 0, use.start()) + 1
    return _IN_F_STRING.search(use.string, start, use.start()) is not None
