"""Symbols and keywords that TensorFlow 2 renamed, and what it keeps below `tf.compat.v1` only.

The tables come from TensorFlow's own upgrade tool and, where that is silent, from the parameters
of TensorFlow's functions. A function whose parameters changed their order gets the names of its
positional arguments; where arguments cannot be seen (`*args`, `**kwargs`) or have no successor, the
function is spelled `tf.compat.v1`, which keeps its meaning. Whatever ends up below `tf.compat.v1`
is left for a person, and so is a name that no TensorFlow 2 knows.
`import tensorflow.compat.v1 as tf` becomes `import tensorflow as tf`.

Before:

    import tensorflow.compat.v1 as tf

    y = tf.log(tf.reduce_sum(x, 1, keep_dims=True))
    session = tf.Session()

After:

    import tensorflow as tf

    y = tf.math.log(tf.reduce_sum(x, 1, keepdims=True))
    session = tf.compat.v1.Session()
"""

from __future__ import annotations

import ast
from functools import cache

from getter_compat.codemod.analysis.names import prefixes
from getter_compat.codemod.edits import Argument
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule
from getter_compat.tables.support import GRAPH_ONLY
from getter_compat.tables.symbols import GONE, KEYWORDS, RENAMES, REORDERS, V1_ONLY, V2

rule = Rule(__name__, last=True)

_V1 = "compat.v1."

# Arguments without effect in TF2 or in TF1, whatever their value.
_HARMLESS = frozenset(
    {
        "colocate_gradients_with_ops",
        "hash_table_shared_name",
        "strict",
        "use_cudnn_on_gpu",
        "validate_indices",
    }
)

# Arguments that TF2 has no more, where they say what TF2 does anyway.
_AS_IN_TF2 = {
    "merge_repeated": False,
    "optimize": True,
    "partition_strategy": "div",
    "return_same_structure": True,
    "uniform_noise": True,
    "verify_shape": True,
}

# Arguments that TF2 demands and TF1 could do without.
_DEMANDED = {
    "image.draw_bounding_boxes": "colors",
    "nn.dilation2d": "data_format",
    "nn.erosion2d": "data_format",
}

# What is done with a RaggedTensor, TF2's, and cannot be with a SparseTensor.
_OF_A_RAGGED_TENSOR = frozenset({"flat_values", "row_splits", "to_list", "to_sparse", "to_tensor"})

rule.renames({f"tensorflow.{old}": f"tensorflow.{new}" for old, new in RENAMES.items()})
rule.renames({f"tensorflow.{name}": f"tensorflow.{_V1}{name}" for name in V1_ONLY | GONE})


def is_as_in_tf2(name: str, call: ast.Call) -> bool:
    """Whether the symbol stays, and the arguments of the call with their keywords and order."""
    name = name.removeprefix("tensorflow.")
    order, renamed = REORDERS.get(name, ()), KEYWORDS.get(name, {})
    keywords = {keyword.arg for keyword in call.keywords}
    number = len(call.args)
    return not (
        name in RENAMES
        or name in _DEMANDED
        or any(isinstance(value, ast.Starred) for value in call.args)
        or None in keywords
        or keywords & renamed.keys()
        or any(order[:number])
        or (order and number > len(order))
    )


@rule.names(
    *(f"tensorflow.{name}" for name in {*RENAMES, *REORDERS, *KEYWORDS}), unless=is_as_in_tf2
)
def rewrite_symbol(page: Page, site: Site) -> None:
    """Rename the symbol and, in a call, its keywords."""
    name = site.name.removeprefix("tensorflow.")
    target = RENAMES.get(name, name)
    if target.startswith(_V1):
        page.leave_as(site, f"tensorflow.{target}", f"{site.short}: only below tf.compat.v1")
        return
    if rename_arguments(page, site, name):
        page.rename(site, f"tensorflow.{target}")
    else:
        page.leave(site, "its arguments changed, and not all of them can be seen here")


@rule.names(*(f"tensorflow.{name}" for name in V1_ONLY))
def report_v1_only(page: Page, site: Site) -> None:
    """Spell it so that it runs, and leave it."""
    page.leave(site, "only below tf.compat.v1")


@rule.names(*(f"tensorflow.{name}" for name in GONE))
def report_gone(page: Page, site: Site) -> None:
    """Spell it as TensorFlow 2 with Keras 2 has it."""
    page.leave(site, "only below tf.compat.v1, and only with TF_USE_LEGACY_KERAS=1")


# What TensorFlow 2 publishes too, although it raises in eager execution.
_IN_A_GRAPH = {name for name in GRAPH_ONLY & V2 if name not in RENAMES and "summary" not in name}


@rule.names(*(f"tensorflow.{name}" for name in _IN_A_GRAPH))
def report_graph_only(page: Page, site: Site) -> None:
    """Leave what raises in eager execution; what it is called with is as in TensorFlow 2."""
    rewrite_symbol(page, site)
    if page.target == "eager":
        page.report(site.node, f"{site.short}: in a graph only", site.short)


@rule.names("tensorflow.where")
def rewrite_where(page: Page, site: Site) -> None:
    """With a condition alone the two are one; with values, TF2 broadcasts where TF1 chose rows."""
    if site.call is not None:
        arguments = page.arguments(site)
        if len(arguments) == 1 and not arguments[0].star:
            page.rename(site, "tensorflow.where")
            return
    page.leave_as(site, "tensorflow.compat.v1.where", "tf.where broadcasts in TF2, not in TF1")


@rule.names("tensorflow.strings.split")
def keep_sparse_split(page: Page, site: Site) -> None:
    """A SparseTensor in TF1, a RaggedTensor in TF2, which is told by what is done with it."""
    parent = page.parent(site.call) if site.call is not None else None
    if isinstance(parent, ast.Attribute) and parent.attr in _OF_A_RAGGED_TENSOR and not site.v1:
        return
    page.leave(site, "gives a RaggedTensor in TF2, a SparseTensor in TF1")


@rule.names("tensorflow.while_loop")
def rewrite_while_loop(page: Page, site: Site) -> None:
    """TF1 gives the value of a single loop variable, TF2 a list that holds it."""
    if site.call is None or _has_several_variables(page, site):
        rewrite_symbol(page, site)
    else:
        page.leave(site, "of one loop variable TF2 gives a list, TF1 the value")


def _has_several_variables(page: Page, site: Site) -> bool:
    arguments = page.arguments(site)
    named = {item.keyword: item.value for item in arguments if item.keyword}
    positional = [item.value for item in arguments if item.positional]
    variables = positional[2] if len(positional) > 2 else named.get("loop_vars")
    if not isinstance(variables, (ast.List, ast.Tuple)):
        return False
    return sum(not isinstance(item, ast.Starred) for item in variables.elts) > 1


@rule.names("tensorflow.cond")
def rewrite_cond(page: Page, site: Site) -> None:
    """TF1 gives the value of a branch that returns a list of one, TF2 the list."""
    if site.call is not None and any(
        _returns_one(page, item.value) for item in page.arguments(site)
    ):
        page.leave(site, "of a list of one TF2 gives the list, TF1 the value")
    else:
        rewrite_symbol(page, site)


def _returns_one(page: Page, branch: ast.expr) -> bool:
    """Whether a branch, a lambda or a function of this file, returns a list of one value."""
    if isinstance(branch, ast.Lambda):
        return _is_list_of_one(branch.body)
    if not isinstance(branch, ast.Name):
        return False
    functions = [
        function
        for function, _ in page.names.nodes.get(ast.FunctionDef, ())
        if isinstance(function, ast.FunctionDef) and function.name == branch.id
    ]
    return any(
        isinstance(node, ast.Return) and _is_list_of_one(node.value)
        for function in functions
        for node in ast.walk(function)
    )


def _is_list_of_one(value: ast.expr | None) -> bool:
    if not isinstance(value, (ast.List, ast.Tuple)) or len(value.elts) != 1:
        return False
    return not isinstance(value.elts[0], ast.Starred)


# An alias that TensorFlow 1 kept, and 2 does not.
rule.renames(
    {
        "tensorflow.VariableAggregation.ONLY_FIRST_TOWER": (
            "tensorflow.VariableAggregation.ONLY_FIRST_REPLICA"
        )
    }
)


@rule.prefixes("tensorflow")
def look_at_the_rest(page: Page, site: Site) -> None:
    """Report what no TensorFlow 2 knows, and TensorFlow itself as a value."""
    if site.name == "tensorflow":
        page.report(site.node, "TensorFlow is handed on: what is taken from it cannot be seen here")
        return
    name = site.name.removeprefix("tensorflow.")
    if any(part in V1_ONLY for part in prefixes(name)):
        page.leave(site, "only below tf.compat.v1")
        return
    if name in _modules() and _is_handed_on(page, site):
        page.report(
            site.node, f"{site.short} is handed on: what is taken from it cannot be seen here"
        )
        return
    known = _first_unknown(name)
    if known is not None:
        page.report(site.node, f"TensorFlow 2 has no tf.{known}")


def _is_handed_on(page: Page, site: Site) -> bool:
    """Whether a module is a value; a name of its own, `nn = tf.nn`, is followed."""
    parent = page.parent(site.node)
    if isinstance(parent, ast.Assign) and all(isinstance(it, ast.Name) for it in parent.targets):
        return site.chain.scope.kind == "class"
    return site.node is site.chain.node and not isinstance(parent, (ast.AnnAssign, ast.NamedExpr))


@cache
def _modules() -> frozenset[str]:
    return frozenset({"", *(name.rpartition(".")[0] for name in V2)})


def _first_unknown(name: str) -> str | None:
    """The shortest part of the dotted name that a module we know does not have."""
    module, known = "", ""
    for part in name.split("."):
        known = f"{module}.{part}" if module else part
        if module not in _modules() or part.startswith("_"):
            return None
        if known not in V2:
            return None if part in _OUTSIDE else known
        module = known
    return None


# Modules of TensorFlow that the tables do not list.
_OUTSIDE = frozenset({"compat", "contrib", "keras", "layers", "python", "raw_ops"})


def rename_arguments(page: Page, site: Site, name: str) -> bool:
    """Give a call TF2's keywords; False, and nothing changed, where that cannot be done."""
    if name not in REORDERS and name not in KEYWORDS:
        return True
    call = site.call if site.call is not None else _partial(page, site)
    if call is None:
        # A function that gets a name of its own may be called by it with TF1's arguments.
        return not _is_named(page, site.node)
    arguments = page.text.arguments(call)[site.call is None :]
    keywords = _new_keywords(name, arguments)
    if keywords is None:
        return False
    removed = []
    for argument, keyword in zip(arguments, keywords, strict=True):
        if keyword is None:
            removed.append(argument)
        elif argument.keyword is None and keyword:
            page.text.name_argument(argument, keyword)
        elif argument.keyword is not None and argument.keyword != keyword:
            page.text.rename_keyword(argument, keyword)
    page.text.remove_arguments(call, removed)
    if keywords != [argument.keyword or "" for argument in arguments]:
        page.fixed(site.node, f"{site.short}: arguments renamed")
    return True


def _new_keywords(name: str, arguments: list[Argument]) -> list[str | None] | None:
    """The keyword that each argument gets, "" to stay without one, None to go; None if unsure."""
    order, renamed = REORDERS.get(name, ()), KEYWORDS.get(name, {})
    found: list[str | None] = []
    for index, argument in enumerate(arguments):
        if argument.star:
            return None
        old = argument.keyword or (order[index] if index < len(order) else None)
        if old is None:
            moves = any(keyword != "" for keyword in found)
            if moves or (order and index >= len(order)):
                return None
            found.append("")
            continue
        new = renamed.get(old, old)
        if new is None or new == "verify_shape_is_now_always_true":
            if not _may_drop(old, argument):
                return None
            found.append(None)
        elif new in found:
            return None
        else:
            found.append(new)
    return found if _DEMANDED.get(name, "") in {"", *found} else None


def _partial(page: Page, site: Site) -> ast.Call | None:
    """The call of `functools.partial` that the function is the first argument of."""
    call = page.parent(site.node)
    if not isinstance(call, ast.Call) or call.args[:1] != [site.node]:
        return None
    return call if page.text.of(call.func).rpartition(".")[2] == "partial" else None


def _is_named(page: Page, node: ast.AST) -> bool:
    """Whether a name is given to this, alone or as one of several."""
    parent = page.parent(node)
    while isinstance(parent, (ast.Tuple, ast.List)):
        node, parent = parent, page.parent(parent)
    return isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and parent.value is node


def _may_drop(name: str, argument: Argument) -> bool:
    """Whether leaving the argument out changes nothing."""
    if name in _HARMLESS:
        return True
    value = argument.value
    return isinstance(value, ast.Constant) and value.value in (_AS_IN_TF2.get(name, False), None)
