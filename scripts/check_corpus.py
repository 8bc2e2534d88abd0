"""Run the codemod over the corpus and check that it keeps its promises.

    python scripts/check_corpus.py [FOLDER] [--target graph|eager] [--left] [--peer]

For every file: no crash, the result parses, a second run changes nothing, line ends and comments
stay, every statement without a finding is the same tree as before, and each TF1 site that a count
of its own finds in the syntax tree is rewritten or reported, at its line and column. `--left` lists
what is left for a person, by symbol. `--peer` also compares the TensorFlow names and arguments in
the result with those that tf_upgrade_v2 writes; each difference has to have an explanation in
peer_differences.toml.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import peer
from fetch_corpus import FOLDER

from getter_compat.codemod import files
from getter_compat.codemod.findings import STATUSES, Result, RewriteError
from getter_compat.codemod.rewrite import Options, rewrite

# How projects of the corpus spell TensorFlow: `import lingvo.compat as tf`.
RE_EXPORTS = ("lingvo.compat", "tensorpack.compat.tfv1", "..compat.tfv1")
OPTIONS = Options(tf_aliases=RE_EXPORTS)

# Comments that speak to tools of the statement beside them, and go with it.
FOR_TOOLS = re.compile(r"#\s*(noqa|type:|pylint:|isort:|pragma:|fmt:|yapf:|nosec)", re.IGNORECASE)

# What the count looks for: `tf.NAME...`, where `tf` is TensorFlow (or its compat.v1) throughout.
COUNTED = re.compile(
    r"(variable_scope|get_variable|get_variable_scope|make_template|AUTO_REUSE|VariableScope"
    r"|trainable_variables|global_variables|get_collection|placeholder|Session"
    r"|layers\.\w+|contrib\.\w+.*|losses\.get_regularization_loss(es)?|reset_default_graph)$"
)


def main() -> int:
    """Check every file and print what broke a promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--target", choices=("graph", "eager"), default="graph")
    parser.add_argument("--left", action="store_true", help="list what is left, by symbol")
    parser.add_argument("--peer", action="store_true")
    asked = parser.parse_args()
    options = replace(OPTIONS, target=asked.target)
    counts: Counter[str] = Counter()
    left: Counter[str] = Counter()
    broken: list[str] = []
    beside = peer.Comparison()
    for path in sorted(asked.folder.rglob("*.py")):
        counts["files"] += 1
        broken += [f"{path}: {trouble}" for trouble in check(path, options, counts, left)]
        if asked.peer:
            compare(path, beside)
    for trouble in broken:
        print(trouble)
    if asked.peer:
        print(beside.report())
    for symbol, number in left.most_common() if asked.left else ():
        print(f"{number:6,}  {symbol}")
    print(", ".join(f"{number:,} {what}" for what, number in sorted(counts.items())))
    print(f"{1000 * counts['left'] / max(counts['lines'], 1):.2f} sites left per 1,000 lines")
    print(f"{len(broken)} broken promises")
    return int(bool(broken or beside.unexplained))


def check(path: Path, options: Options, counts: Counter[str], left: Counter[str]) -> Iterator[str]:
    """What the codemod does wrong with a file."""
    try:
        source = files.decode(path.read_bytes())
    except files.FileError:
        counts["files that cannot be read"] += 1
        return
    counts["lines"] += source.text.count("\n")
    try:
        tree = _parse(source.text)
    except SyntaxError:
        counts["files that are no Python 3"] += 1
        return
    try:
        result = rewrite(source.text, options)
        again = rewrite(result.source, options)
    except RewriteError as error:
        yield f"{error.line}: {error.message}"
        return
    yield from _changed(tree, _parse(result.source), result)
    for comment in Counter(_comments(source.text)) - Counter(_comments(result.source)):
        yield f"lost {comment}"
    if again.source != result.source:
        yield "a second run changes it"
    if set(re.findall("\r\n|\r|\n", result.source)) > set(re.findall("\r\n|\r|\n", source.text)):
        yield "line ends changed"
    for status in STATUSES:
        counts[status] += sum(finding.status == status for finding in result.findings)
    left.update(it.symbol or it.message for it in result.findings if it.status == "left")
    yield from _missed(tree, source.text, result, counts)


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _changed(before: ast.Module, after: ast.Module, result: Result) -> Iterator[str]:
    """Statements without a finding that are not there any more, or not in their order."""
    touched = {
        line
        for finding in result.findings
        for line in range(finding.place.line, finding.place.end_line + 1)
    }
    new = iter([dumped for _, dumped in _statements(after)])
    for lines, dumped in _statements(before):
        if touched.isdisjoint(lines) and dumped not in new:
            yield f"{lines.start}: is another statement afterwards"
            return


def _statements(tree: ast.Module) -> Iterator[tuple[range, str]]:
    """The lines and the trees of all statements but imports; of compound ones, of the header."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        own = [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case))
        ]
        parts = [node, *(part for child in own for part in ast.walk(child))]
        first = min(getattr(part, "lineno", node.lineno) for part in parts)
        ends = (getattr(part, "end_lineno", node.lineno) for part in parts[1:])
        yield range(first, max(ends, default=node.lineno) + 1), " ".join(map(ast.dump, own))


def _comments(text: str) -> Iterator[str]:
    lines = io.StringIO(text).readline
    try:
        for token in tokenize.generate_tokens(lines):
            if token.type == tokenize.COMMENT and not FOR_TOOLS.match(token.string):
                yield token.string.rstrip()
    except (tokenize.TokenError, SyntaxError):
        return


def _missed(tree: ast.Module, text: str, result: Result, counts: Counter[str]) -> Iterator[str]:
    lines = re.split("\r\n|\r|\n", text)
    told = {(finding.line, finding.column) for finding in result.findings}
    for node in _sites(tree):
        counts["sites counted"] += 1
        column = len(lines[node.lineno - 1].encode()[: node.col_offset].decode()) + 1
        if (node.lineno, column) not in told:
            yield f"{node.lineno}:{column}: {ast.unparse(node)} passed over"


def _sites(tree: ast.Module) -> Iterator[ast.expr]:
    """The TF1 sites, where one import of TensorFlow is all that binds `tf`."""
    nodes = list(ast.walk(tree))
    bound = [
        (alias.name, alias.asname or alias.name)
        for node in nodes
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    ]
    names = [name for name, asname in bound if asname == "tf"]
    if len(names) != 1 or names[0] not in ("tensorflow", "tensorflow.compat.v1", *RE_EXPORTS):
        return
    if any(isinstance(node, ast.arg) and node.arg == "tf" for node in nodes) or any(
        isinstance(node, ast.Name) and node.id == "tf" and not isinstance(node.ctx, ast.Load)
        for node in nodes
    ):
        return
    inner = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)}
    in_strings = {
        id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    for node in nodes:
        if isinstance(node, ast.Attribute) and id(node) not in inner and id(node) not in in_strings:
            name = ast.unparse(node)
            if name.startswith("tf.") and COUNTED.match(name[3:]):
                yield node


def compare(path: Path, beside: peer.Comparison) -> None:
    """Compare what the two tools make of a file, if both can read it."""
    try:
        text = files.decode(path.read_bytes()).text
        ours = rewrite(text, OPTIONS).source
    except (files.FileError, RewriteError):
        return  # As `check` has counted or told.
    if re.search(r"\btf\.", text):
        beside.add(path, text, ours)


if __name__ == "__main__":
    sys.exit(main())
