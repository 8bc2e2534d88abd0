"""What a program asks of TensorFlow before it relies on it: which version it is, what it has.

    if hasattr(tf, "mul"): ...          if tf.__version__ < "1.0": ...

A name that neither TensorFlow has is then never reached in either.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.names import prefixes
from getter_compat.codemod.analysis.sites import Site
from getter_compat.tables.symbols import GONE, RENAMES, V1_ONLY, V2

VERSIONS = frozenset(f"tensorflow.{name}" for name in ("__version__", "VERSION", "version.VERSION"))


def is_version(site: Site, node: ast.expr) -> bool:
    """Whether this is TensorFlow's version."""
    resolved = site.resolve(node)
    return resolved is not None and resolved.name in VERSIONS


def asked_name(site: Site) -> str | None:
    """The name that a module is only asked for: `hasattr(tf, "mul")`, `"mul" in dir(tf)`."""
    call = site.parent(site.node)
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "dir":
        compare = site.parent(call)
        return _named(site, compare.left if isinstance(compare, ast.Compare) else None)
    return _named(site, _given_beside(site, "hasattr"))


def taken_name(site: Site) -> str | None:
    """The name that is taken from a module by a text: `getattr(tf.nn, "relu")`."""
    return _named(site, _given_beside(site, "getattr"))


def _given_beside(site: Site, function: str) -> ast.expr | None:
    """What a function is given behind the module."""
    call = site.parent(site.node)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return None
    if call.func.id != function or call.args[:1] != [site.node] or len(call.args) < 2:
        return None
    return call.args[1]


def _named(site: Site, text: ast.expr | None) -> str | None:
    """What a text names below the module."""
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    return f"{site.name}.{text.value}".removeprefix("tensorflow.")


def is_of_tensorflow_1(name: str) -> bool:
    """Whether TensorFlow 1.15 has the name, or a module of it, and TensorFlow 2 has it no more."""
    module = f"{name}."
    if name.partition(".")[0] in {"compat", "keras", "python"}:
        return False  # The tables have other rules' names of them alone.
    if name in V2 or any(known.startswith(module) for known in V2):
        return False
    if name.partition(".")[0] in {"contrib", "layers"}:
        return True
    gone = {*RENAMES, *V1_ONLY, *GONE}
    return any(part in gone for part in prefixes(name)) or any(
        known.startswith(module) for known in gone
    )


def is_of_tensorflow_1s_text(site: Site) -> bool:
    """Whether the text that the site is in is TensorFlow 1's, by what else it names."""
    return site.module.may_run_graph or site.module.names_tensorflow_1


def is_tried(site: Site) -> bool:
    """Whether the program goes on without a name: it catches its want, or asks before."""
    node: ast.AST = site.node
    for above in site.ancestors(site.node):
        if isinstance(above, ast.Try) and node in above.body and _catches(above):
            return True
        test = above.test if isinstance(above, (ast.If, ast.IfExp)) else None
        if test is not None and node is not test and _asks_tensorflow(site, test):
            return True
        node = above
    return False


def _asks_tensorflow(site: Site, test: ast.expr) -> bool:
    """Whether a test compares the version, or asks TensorFlow for a name."""
    for part in ast.walk(test):
        if isinstance(part, (ast.Name, ast.Attribute)) and is_version(site, part):
            return True
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.args:
            resolved = site.resolve(part.args[0])
            if part.func.id in {"hasattr", "dir"} and resolved is not None:
                return True
    return False


def _catches(tried: ast.Try) -> bool:
    """Whether a handler catches the want of an attribute."""
    caught = {"AttributeError", "Exception", "BaseException"}
    for handler in tried.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(
            kind is None or (isinstance(kind, ast.Name) and kind.id in caught) for kind in kinds
        ):
            return True
    return False
