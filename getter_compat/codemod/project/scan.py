"""A quick look at the text of one file: which imports, and which words that the index asks for.

It may see too much (an import in a docstring), never too little. What depends on it is read again
from the syntax tree (`exports.py`, `programs.py`), and few files are.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from getter_compat.tables.initializers import BRINGING, BROUGHT
from getter_compat.tables.programs import CROSS_ENTROPY, NAMED_OTHERWISE

TENSORFLOW = frozenset({"tensorflow", "keras", "tensorflow_estimator", "tf_keras", "tf_slim"})


class Import(NamedTuple):
    """One name of an import statement."""

    module: str
    """With the dots of a relative import."""
    name: str = ""
    """What is taken from the module; `*`, or nothing for `import module`."""
    bound: str = ""
    """The name that it gets here; of `import a.b` without `as`, `a`."""


class Scan(NamedTuple):
    """What the text of a file shows."""

    imports: tuple[Import, ...] = ()
    handed: frozenset[str] = frozenset()
    """The names that may stand for something of TensorFlow's; `*` if all may."""
    given: tuple[tuple[str, str], ...] = ()
    """The names that are given a dotted path through an import that may be of the project's own."""
    has_guard: bool = False
    has_graph: bool = False
    """Whether a word of graph-only code is there."""
    runs_graph: bool = False
    """Whether one is there that is no word of a comment or of a text for people."""
    builds: bool = False
    """Whether a word of code is there that may build a graph."""
    has_switch: bool = False
    makes: bool = False
    """Whether something of TensorFlow's may be made as the module is imported."""
    needs_v2: bool = False
    """Whether Keras layers may be there that need TensorFlow 2."""
    is_test: bool = False
    applies: bool = False
    """Whether something is called that only TF1's layers have."""
    filled: frozenset[str] = frozenset()
    variables: bool = False
    """Whether `tf.Variable` may be called."""
    keras: frozenset[str] = frozenset()
    """The classes of it that are layers or models of Keras, and the functions that return some."""
    keeps_keras_2: bool = False
    """Whether it says that `tf.keras` is to be Keras 2."""
    partitions: bool = False
    """Whether a partitioner of variables may be there."""
    fetched: frozenset[str] = frozenset()
    """The operations in its texts, `"net/MaxPool_1:0"`, that a rewrite would name otherwise."""
    metrics: frozenset[str] = frozenset()
    """The metrics that it may ask Keras for by their names: `acc`."""

    @property
    def matters(self) -> bool:
        """Whether it may matter to a program that this file is imported."""
        # A switch below a guard is for who runs the file; a run of ours may have written it.
        return self.makes or self.needs_v2 or (self.has_switch and not self.has_guard)

    @property
    def says_something(self) -> bool:
        """Whether it tells a program more than which names it uses."""
        return self.has_graph or self.has_switch or self.matters


_IMPORT = re.compile(rb"(?:\n[ \t]*|[:;][ \t]*)(?=(?:from|import)[ \t\\])")
# Patterns begin with plain letters, which are found quickly; what stands before is looked at then.
_CALLED = re.compile(
    rb"(?:\b(\w+)[ \t]*=[ \t]*)?(?:\bimportlib\s*\.\s*)?\b(?:import_module|__import__)\s*\(\s*"
    rb"['\"]([\w.]+)['\"](?=\s*[,)])(?:\s*,\s*(?:package\s*=\s*)?['\"]([\w.]+)['\"])?"
)
_APPLIED = tuple(map(re.compile, (rb"apply\s*\(", rb"add_variable\s*\(", rb"scope_name\b")))
_RECEIVER = re.compile(rb"(\w+)(?:\([^()]*\))?\s*\.\s*$")
# What has an `apply` of its own: averages, optimizers, pools of workers, tables of data.
_NO_LAYERS = re.compile(rb"(?i)(?:.*_)?(?:ema|average|opt|optimizer|pool|df|data|self|cls)\w*$")
# What TensorFlow 1's Keras called the metrics that are given by these names.
METRICS = {
    "accuracy": "acc",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
_METRIC = rb"(?:\w+_)?(%b)" % "|".join([*METRICS, *METRICS.values()]).encode()
_BLANK = rb"[\s\\]*"
_COMMENT = re.compile(rb"#[^\r\n]*")
# Long runs of plain letters are taken at once: of a choice for each, `re` keeps a note for each.
_TEXT = re.compile(
    rb"#[^\r\n]*|(\b[A-Za-z]{1,2})?(?:"
    rb"\"{3}[^\"\\]*(?:(?:\\.|\"(?!\"\"))[^\"\\]*)*\"{3}"
    rb"|'{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'{3}"
    rb"|\"[^\"\\\r\n]*(?:\\.[^\"\\\r\n]*)*\""
    rb"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*')",
    re.DOTALL,
)
# What is asked for an item, and no list behind a keyword.
_ITEM = rb"[\w)\]](?<!\bin)(?<!\bor)(?<!\band)(?<!\bnot)(?<!\belse)(?<!\breturn)" + _BLANK + rb"\["
# `"val_acc"` and `"acc"` wherever they stand; `history["mse"]`, `"mse" in logs`, `{mse:.2f}`, ...
_ASKED = re.compile(
    rb"['\"]val_%b['\"]|['\"](acc)['\"]|['\"]%b['\"]\s+(?:not\s+)?in\b|\{(?:val_)?%b[:}]"
    rb"|(?:%b|\bget\(|\bmonitor\s*=|\b(?:EarlyStopping|ReduceLROnPlateau)\()%b['\"]%b['\"]"
    % (*(_METRIC,) * 3, _ITEM, _BLANK, _METRIC)
)
_CLASS = re.compile(rb"class[ \t]+\w+[ \t]*\([^()=]*\)[ \t]*:")
_NAME = re.compile(rb"[A-Za-z_][\w.]*")
_OF_KERAS = re.compile(
    r"(?:tensorflow\.(?:python\.)?)?(?:tf_)?keras\."
    r"(?:Model|Sequential|(?:applications|engine|layers|models)\.(?:\w+\.)*[A-Z]\w*)"
)
_MAY_ASK = tuple(word + end for word in (b"acc", b"_error") for end in (b"'", b'"', b":", b"}"))
_FIRST = rb"\s*\(\s*(?:name\s*=\s*)?(?:['\"]([^'\"]*)['\"])?"
_FILLS = (
    re.compile(rb"add_to_collections?" + _FIRST),
    re.compile(rb"get_collection_ref" + _FIRST),
)
_TOP_LEVEL = re.compile(rb"\n(?=[A-Za-z_])(?!(?:def|class|from|import|if|else|try|except) )[^\n]*")
_V2_WORDS = (b"LSTM(", b"GRU(", b"RNN(", b"Bidirectional(", b"Transpose(")
GRAPH_WORDS = (
    b"placeholder",
    b"Session",
    b".gradients(",
    b"Supervisor",
    b"queue_runners",
    b"initializable_iterator",
    b"learning.train(",
    b"evaluate_once(",
    b"evaluate_repeatedly(",
    b"evaluation_loop(",
    b"training.train(",
    b"summary.initialize(",
    b".Estimator(",
    b"= Estimator(",
    b"EstimatorSpec(",
    b"TPUEstimator(",
    b"train_and_evaluate(",
)
# Keras's `clear_session()` is called without any.
_SESSION = re.compile(rb"(?<!clear)_session\(")
_BUILDING_WORDS = (
    *(b"layers.", b"get_variable(", b"variable_scope(", b"_variables(", b"Optimizer("),
    *(b"losses.", b"metrics.", b"summary.", b"Saver(", b"global_step", b"input_producer"),
    *(b"get_collection", b"add_to_collection", b"get_default_graph", b"_graph(", b"profile("),
    *(b"variables_initializer(", b"Scaffold(", b"saved_model.", b"getter_compat"),
)
PARTITIONER = b"partitioner"
KERAS_2 = b"TF_USE_LEGACY_KERAS"
_SWITCH_WORDS = (b"_v2_behavior", b"able_eager_execution")


def scan(data: bytes) -> Scan:
    """Look at the bytes of a Python source."""
    data = b"\n" + data
    imports = tuple(_imports(data))
    handed = frozenset(_handed(data, imports))
    return Scan(
        imports,
        handed,
        tuple(_given(data, imports)),
        makes=_makes(data, handed),
        needs_v2=b"layers" in data and any(word in data for word in _V2_WORDS),
        is_test=b"test.main(" in data,
        has_guard=b"__main__" in data or b"app.run" in data,
        has_graph=has_graph(data),
        runs_graph=has_graph(data) and has_graph(_TEXT.sub(_named, data)),
        builds=any(word in data for word in _BUILDING_WORDS),
        has_switch=any(word in data for word in _SWITCH_WORDS),
        applies=_applies(data),
        filled=frozenset(_filled(data)),
        variables=b".Variable(" in data,
        keras=frozenset(_makers_of_keras(data, imports)),
        keeps_keras_2=KERAS_2 in data,
        partitions=PARTITIONER in data,
        fetched=frozenset(_fetched(data)),
        metrics=metrics_asked(data),
    )


def has_graph(data: bytes) -> bool:
    """Whether a text has something to do with graphs."""
    if any(word in data for word in GRAPH_WORDS):
        return True
    return b"_session(" in data and _SESSION.search(data) is not None


def _named(text: re.Match[bytes]) -> bytes:
    """What counts of a comment or a text: nothing, if it is no name and no code."""
    is_formatted = text[1] is not None and b"f" in text[1].lower()
    is_word = not text[0].startswith(b"#") and len(text[0].split()) == 1
    return text[0] if is_formatted or is_word else b""


def _imports(data: bytes) -> Iterator[Import]:
    seen = set()
    for match in _IMPORT.finditer(data):
        statement = _statement(data, match.end())
        if statement not in seen:
            seen.add(statement)
            yield from _parsed(statement)
    if b"import_module" in data or b"__import__" in data:
        yield from map(_called, _CALLED.findall(data))


def _called(found: tuple[bytes, ...]) -> Import:
    """What `ops = import_module(".ops", __package__)` imports."""
    bound, path, package = (part.decode(errors="replace") for part in found)
    return Import(joined(path, package), "", bound or path)


def joined(path: str, package: str) -> str:
    """The absolute path of a relative one, as it is seen from a package that is named."""
    name = path.lstrip(".")
    up = len(path) - len(name) - 1
    if up < 0 or not package:
        return path
    return ".".join((*package.split(".")[: package.count(".") + 1 - up], name))


def _statement(data: bytes, start: int) -> bytes:
    """The logical line that begins there, as far as a bracket or a backslash carries it."""
    end = data.find(b"\n", start)
    line = data[start : end if end >= 0 else len(data)]
    if b"(" in line and b")" not in line:
        end = data.find(b")", start)
        return data[start : end + 1] if end >= 0 else line
    while line.rstrip(b"\r").endswith(b"\\") and end >= 0:
        end = data.find(b"\n", end + 1)
        line = data[start : end if end >= 0 else len(data)]
    return line


@lru_cache(1024)
def _parsed(statement: bytes) -> tuple[Import, ...]:
    try:
        body = ast.parse(statement.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found = []
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                found.append(Import(alias.name, "", bound))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found += [Import(module, item.name, item.asname or item.name) for item in node.names]
    return tuple(found)


def _handed(data: bytes, imports: tuple[Import, ...]) -> Iterator[str]:
    """The names that imports of TensorFlow bind, and those that are assigned from one of them."""
    names = {item.bound for item in imports if item.module.partition(".")[0] in TENSORFLOW}
    yield from names
    if any(item.bound == "*" and item.module in BRINGING for item in imports):
        yield from BROUGHT
    for name in names - {"*"}:
        for match in _assigned(name).finditer(data):
            line = data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()].strip()
            if line.isalnum() or line.replace(b"_", b"a").isalnum():
                yield line.decode()


_GIVEN = re.compile(rb"\n[ \t]*(\w+) ?= ?([A-Za-z_][\w.]*)(?=[ \t\r]*(?:\n|$|#))")


def _given(data: bytes, imports: tuple[Import, ...]) -> Iterator[tuple[str, str]]:
    """The names of the module that are given what is below another import: `tf = ops.tf`."""
    others = {item.bound for item in imports if item.module.partition(".")[0] not in TENSORFLOW}
    for match in _GIVEN.finditer(data) if others else ():
        name, path = match[1].decode(errors="replace"), match[2].decode(errors="replace")
        if "*" in others or path.partition(".")[0] in others:
            yield name, path


@cache
def _assigned(name: str) -> re.Pattern[bytes]:
    """Finds where a dotted path that begins with a name is all that stands behind an `=`."""
    return re.compile(rb"= ?" + name.encode() + rb"\b(?:\.\w+)*[ \t\r]*(?:\n|$|#)")


def _makes(data: bytes, names: frozenset[str]) -> bool:
    """Whether a line of the module's own calls something of TensorFlow's; flags do not count."""
    words = [name.encode() + b"." for name in names]
    return bool(words) and any(
        b"(" in line and b"flags" not in line and b"logging" not in line
        for line in _TOP_LEVEL.findall(data)
        if any(word in line for word in words)
    )


def _applies(data: bytes) -> bool:
    for pattern in _APPLIED:
        for match in pattern.finditer(data):
            receiver = _RECEIVER.search(data, max(0, match.start() - 80), match.start())
            if receiver is not None and not _NO_LAYERS.match(receiver[1]):
                return True
    return False


def _filled(data: bytes) -> Iterator[str]:
    for pattern in _FILLS:
        for match in pattern.finditer(data):
            yield (match[1] or b"*").decode(errors="replace")


_OPERATIONS = CROSS_ENTROPY.union(*NAMED_OTHERWISE.values())


def _fetched(data: bytes) -> Iterator[str]:
    for name in _OPERATIONS:
        if name.encode() in data and _in_text(name).search(data):
            yield name


def _makers_of_keras(data: bytes, imports: tuple[Import, ...]) -> Iterator[str]:
    if b"eras" not in data or (b"class " not in data and b"return" not in data):
        return
    paths = {
        it.bound: f"{it.module}.{it.name}" if it.name else _bound_path(it)
        for it in imports
        if it.module.partition(".")[0] in TENSORFLOW
    }
    found: set[str] = set()

    def is_of_keras(spelled: str) -> bool:
        root, _, rest = spelled.partition(".")
        path = f"{paths[root]}.{rest}".rstrip(".") if root in paths else ""
        return spelled in found or _OF_KERAS.fullmatch(path) is not None

    for match in _CLASS.finditer(data):
        name, *bases = (part.decode(errors="replace") for part in _NAME.findall(match[0])[1:])
        if any(map(is_of_keras, bases)):
            found.add(name)
    for match in _FUNCTION.finditer(data) if paths or found else ():
        above = data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()]
        if above.startswith(b"@") or data.count(b"\ndef " + match[1] + b"(") > 1:
            continue  # What the name stands for in the end is something else.
        calls = {part.decode(errors="replace") for part in _CALL.findall(match[0])}
        if b"return" in match[0] and any(map(is_of_keras, calls)):
            made = list(_made(match[0]))
            if made and all(map(is_of_keras, made)):
                found.add(match[1].decode(errors="replace"))
    yield from found


# A function of the module, with the lines that are indented below it.
_FUNCTION = re.compile(rb"\ndef[ \t]+(\w+)[^\n]*(?:\n(?:[ \t)#][^\n]*|\r?(?=\n)))*")
_CALL = re.compile(rb"(?:\breturn\b|=)[ \t]*([A-Za-z_][\w.]*)\(")


def _made(function: bytes) -> Iterator[str]:
    """What a function calls to make what it returns; nothing where that is not plain."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            (tree,) = ast.parse(function).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    nodes = list(ast.walk(tree))
    if sum(isinstance(node, (ast.FunctionDef, ast.Lambda)) for node in nodes) > 1:
        return
    given = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    stored = [it.id for it in nodes if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)]
    for node in nodes:
        if isinstance(node, ast.Return):
            made = node.value
            if isinstance(made, ast.Name) and made.id in given and stored.count(made.id) == 1:
                made = given[made.id]
            yield ast.unparse(made.func) if isinstance(made, ast.Call) else ""


def _bound_path(item: Import) -> str:
    """What the name of a plain import stands for."""
    top = item.module.partition(".")[0]
    return top if item.bound == top else item.module


def metrics_asked(data: bytes) -> frozenset[str]:
    """The metrics of Keras that a text may ask for, by their names without `val_`."""
    if not any(word in data for word in _MAY_ASK):
        return frozenset()
    asked = _ASKED.finditer(_COMMENT.sub(b"", data))  # A comment may stand between any two words.
    return frozenset(match[match.lastindex or 0].decode() for match in asked)


@cache
def _in_text(name: str) -> re.Pattern[bytes]:
    """Finds a text with an operation of this name: that of a tensor, or where one is asked for."""
    name = rf"{name}(?:_\d+)?"
    tensor = rf"(?:['\"]|/){name}(?:/[\w.\-/]+)?:\d+['\"]"
    asked = rf"(?:operation_by_name\(|output_node_names\s*=)[\s\['\"]*[\w.\-/,'\" ]*\b{name}['\",]"
    return re.compile(f"{tensor}|{asked}".encode())


def uses(data: bytes, wanted: tuple[tuple[str, frozenset[str]], ...]) -> list[tuple[str, str]]:
    """Which names below which prefixes stand in the text; those of no prefix stand alone."""
    found = []
    for prefix, names in wanted:
        if prefix:
            there = {name.decode(errors="replace") for name in _below(prefix).findall(data)}
            found += [(prefix, name) for name in names if name in there or (name == "*" and there)]
        else:
            words = names - {"*"}
            found += [("", it) for it in words if it.encode() in data and alone(it).search(data)]
    return found


@lru_cache(256)
def _below(prefix: str) -> re.Pattern[bytes]:
    """Finds the names below a prefix: `ops.tf`."""
    first, *others = [part.encode() for part in prefix.split(".")]
    path = b"".join(rb"\s*\.\s*" + other for other in others)
    return re.compile(first + rb"(?<![\w.]" + first + rb")\b" + path + rb"\s*\.\s*([^\W\d]\w*)")


@lru_cache(256)
def alone(name: str) -> re.Pattern[bytes]:
    """Finds a name that is no attribute; letters come first, which are found quickly."""
    first = name.encode()
    return re.compile(first + rb"(?<![\w.]" + first + rb")\b")
