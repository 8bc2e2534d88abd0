"""Symbols and keywords that TensorFlow 2 renamed, and what it keeps below `tf.compat.v1` only.

The tables come from TensorFlow's own upgrade tool and, where that is silent, from the parameters
of TensorFlow's functions. A function whose parameters changed their order gets the names of its
positional arguments; where arguments cannot be seen (`*args`, `**kwargs`) or have no successor, the
function is spelled `tf.compat.v1`, which keeps its meaning. What ends up below `tf.compat.v1` runs
as it is where a table that was measured says so; elsewhere it is left for a person, and so is a
name that no TensorFlow 2 knows.
`import tensorflow.compat.v1 as tf` becomes `import tensorflow as tf`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from getter_compat.codemod.analysis.names import below_v1, prefixes
from getter_compat.codemod.analysis.questions import (
    asked_name,
    is_of_tensorflow_1,
    is_of_tensorflow_1s_text,
    is_tried,
    taken_name,
)
from getter_compat.codemod.analysis.sites import Site, short
from getter_compat.codemod.analysis.values import Kind, Many, Several
from getter_compat.codemod.answers import (
    Answer,
    Answers,
    becomes,
    left,
    several,
    stays,
    stays_as,
)
from getter_compat.codemod.rewriting.calls import Call, filled
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.support import judge
from getter_compat.tables.support import GRAPH_ONLY
from getter_compat.tables.symbols import GONE, KEYWORDS, PLACES, RENAMES, REORDERS, V1_ONLY, V2

rule = Rule(__name__, last=True)

rule.example(
    before="""
        import tensorflow.compat.v1 as tf

        x = tf.random_uniform([2, 3])
        y = tf.log(tf.reduce_sum(x, 1, keep_dims=True))
        v = tf.Variable(tf.zeros_like(y))
        tf.assign(v, y)
        """,
    after="""
        import tensorflow as tf

        x = tf.random.uniform([2, 3])
        y = tf.math.log(tf.reduce_sum(x, 1, keepdims=True))
        v = tf.Variable(tf.zeros_like(y))
        tf.compat.v1.assign(v, y)
        """,
)

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

# What looks rows up in a table, or in several (a list, or a variable with a partitioner), and its
# parameter for that: unless told otherwise, TF1 dealt the rows out in turns; TF2 does in blocks.
_TABLES = {
    "nn.embedding_lookup": "params",
    "nn.embedding_lookup_sparse": "params",
    "nn.nce_loss": "weights",
    "nn.sampled_softmax_loss": "weights",
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
        or name in _TABLES
        or any(isinstance(value, ast.Starred) for value in call.args)
        or None in keywords
        or keywords & renamed.keys()
        or any(order[:number])
        or (order and number > len(order))
    )


_CHANGED = "its arguments changed, and not all of them can be seen here"
# What TensorFlow 2 publishes too, although it raises in eager execution.
_IN_A_GRAPH = {name for name in GRAPH_ONLY & V2 if name not in RENAMES and "summary" not in name}
_OF_THEIR_OWN = {
    *("cond", "device", "placeholder_with_default", "strings.split", "where", "while_loop"),
    *("image.extract_glimpse", "nn.space_to_batch", "space_to_batch"),
    *("nn.conv2d_backprop_input", "nn.conv2d_transpose"),
    *_IN_A_GRAPH,
}
_NAMES = tuple(
    f"tensorflow.{name}"
    for name in {*RENAMES, *REORDERS, *KEYWORDS} - V1_ONLY - GONE - _OF_THEIR_OWN
)


def as_it_is(site: Site) -> Answer | None:
    """The answer for a call whose arguments stay as they are written, or cannot be followed."""
    assert site.call is not None
    name = site.name.removeprefix("tensorflow.")
    target = RENAMES.get(name, name)
    if target.startswith(_V1):
        return stays_as(f"tensorflow.{target}", f"{site.short}: only below tf.compat.v1")
    if name in REORDERS or name in KEYWORDS:
        given = _of_tree(site.call)
        keywords = _new_keywords(name, given)
        if keywords is None:
            return stays(_CHANGED)
        if _may_be_dealt_out(site, name, given):
            return stays("rows of several tables are in another order in TF2")
        if keywords != [argument.keyword or "" for argument in given]:
            return None
    return becomes(f"tensorflow.{target}")


@rule.calls(*_NAMES, unless=is_as_in_tf2, at_once=as_it_is)
def rewrite_call(site: Site, call: Call) -> Answer:
    """Rename the symbol and its keywords."""
    answer = as_it_is(site)
    if answer is not None:
        return answer
    name = site.name.removeprefix("tensorflow.")
    new = with_new_arguments(call, name)
    assert new is not None
    return becomes(f"tensorflow.{RENAMES.get(name, name)}", new, f"{site.short}: arguments renamed")


@rule.uses(*_NAMES)
def rewrite_symbol(site: Site) -> Answers:
    """Rename the symbol, where it is not called.

    Who gets it (as a default, in a dict, through a `partial`) calls it with TF1's arguments, or
    may: only TensorFlow itself surely does not.
    """
    name = site.name.removeprefix("tensorflow.")
    target = RENAMES.get(name, name)
    if target.startswith(_V1):
        return stays_as(f"tensorflow.{target}", f"{site.short}: only below tf.compat.v1")
    changed = name in REORDERS or name in KEYWORDS or name in _OF_THEIR_OWN - _IN_A_GRAPH
    if changed and (name in _TABLES or _may_be_called_elsewhere(site)):
        return stays(_CHANGED)
    return becomes(f"tensorflow.{target}")


def _may_be_called_elsewhere(site: Site) -> bool:
    """Whether something is given the function that may call it, and is not TensorFlow's or ours."""
    if "tf.function" in site.module.text.source:
        return False  # A text of TensorFlow 2's gives it TensorFlow 2's arguments.
    parent = site.parent(site.node)
    if isinstance(parent, ast.AnnAssign):
        return parent.value is site.node
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return site.node in (*parent.args.defaults, *parent.args.kw_defaults)
    if isinstance(parent, ast.keyword):
        parent = site.parent(parent)
    if isinstance(parent, ast.Call):
        return site.resolve(parent.func) is None
    return not isinstance(parent, _NO_VALUE)


# What the owner of an attribute or a base stands in.
_NO_VALUE = (ast.Attribute, ast.ClassDef, ast.Expr)


@rule.uses("tensorflow.placeholder_with_default")
def keep_default(site: Site) -> Answer:
    """Of eager execution it is the default, whatever it was to be fed."""
    return stays("nothing is fed in eager execution", needs_graph=True)


@rule.uses(*(f"tensorflow.{name}" for name in V1_ONLY))
def keep_v1_only(site: Site) -> Answer:
    """Spell it so that it runs."""
    return stays("only below tf.compat.v1")


@rule.uses(*(f"tensorflow.{name}" for name in GONE))
def keep_gone(site: Site) -> Answer:
    """Spell it as TensorFlow 2 with Keras 2 has it."""
    return stays("only below tf.compat.v1")


@rule.calls(*(f"tensorflow.{name}" for name in _IN_A_GRAPH))
def keep_graph_only(site: Site, call: Call) -> Answer:
    """Leave what raises in eager execution; what it is called with is as in TensorFlow 2."""
    return replace(rewrite_call(site, call), left=_only_in_a_graph(site))


@rule.uses(*(f"tensorflow.{name}" for name in _IN_A_GRAPH))
def keep_graph_only_use(site: Site) -> Iterator[Answer]:
    """Leave it where it is no call."""
    first, *others = several(rewrite_symbol(site))
    yield replace(first, left=_only_in_a_graph(site))
    yield from others


def _only_in_a_graph(site: Site) -> tuple[str, ...]:
    return (f"{site.short}: in a graph only",) if site.module.target == "eager" else ()


@rule.uses("tensorflow.where")
def rewrite_where(site: Site) -> Answer:
    """With a condition alone the two are one; with values, TF2 broadcasts where TF1 chose rows."""
    call = site.call
    if call is not None and len(call.args) + len(call.keywords) == 1:
        starred = isinstance(next(iter(call.args), None), ast.Starred)
        if not starred and all(keyword.arg is not None for keyword in call.keywords):
            return becomes("tensorflow.where")
    return stays_as("tensorflow.compat.v1.where", "tf.where broadcasts in TF2, not in TF1")


@rule.calls("tensorflow.space_to_batch", "tensorflow.nn.space_to_batch")
def rewrite_space_to_batch(site: Site, call: Call) -> Answer:
    """TF1 takes the length of both sides of a block, TF2 each of them."""
    call = call.taking("input", "paddings", "block_size", "name", "block_shape")
    size = call.get("block_size")
    if size is None and "block_shape" in call and not call.starred:
        return rewrite_call(site, call)
    if size is None or call.starred or "block_shape" in call or size.computed:
        return stays("takes the sides of a block in TF2, the length of them in TF1")
    call = call.with_keywords("paddings", "name").with_keyword("block_size", "block_shape")
    call = call.with_value("block_size", filled("[{}, {}]", size.value, size.value))
    return becomes(site.name, call, f"{site.short}: block_size -> block_shape")


@rule.uses("tensorflow.space_to_batch", "tensorflow.nn.space_to_batch")
def keep_space_to_batch(site: Site) -> Answer:
    """Keep TF1's where its arguments cannot be seen."""
    return stays(_CHANGED)


@rule.uses("tensorflow.nn.conv2d_backprop_input")
def keep_conv2d_backprop_input(site: Site) -> Answer:
    """TF2 publishes it as a transposed convolution alone, which takes its arguments otherwise."""
    return stays("only below tf.compat.v1")


_CONV2D_TRANSPOSE = "getter_compat.nn.conv2d_transpose"


@rule.calls("tensorflow.nn.conv2d_transpose")
def rewrite_conv2d_transpose(site: Site, call: Call) -> Answer:
    """In a graph TF1 knows how many images there are by `output_shape`, TF2 by the input alone."""
    shape = call.taking("value", "filter", "output_shape").get("output_shape")
    running = shape is not None and _is_of_a_running_batch(site, shape.written)
    if running or site.module.target == "eager":
        return rewrite_call(site, call)
    return becomes(_CONV2D_TRANSPOSE)


def _is_of_a_running_batch(site: Site, shape: ast.expr) -> bool:
    """Whether a shape is written out and begins with what is asked for: `[tf.shape(x)[0], 4]`."""
    if isinstance(shape, ast.Call) and len(shape.args) == 1:
        shape = shape.args[0]  # `tf.stack([...])`
    first = shape.elts[:1] if isinstance(shape, (ast.List, ast.Tuple)) else []
    calls = [node for part in first for node in ast.walk(part) if isinstance(node, ast.Call)]
    asked = [site.resolve(call.func) for call in calls]
    return any(found is not None and found.name == "tensorflow.shape" for found in asked)


@rule.uses("tensorflow.nn.conv2d_transpose")
def rewrite_conv2d_transpose_symbol(site: Site) -> Answers:
    """Take the function that has TF1's arguments and static shape."""
    if site.module.target == "eager":
        return rewrite_symbol(site)
    return becomes(_CONV2D_TRANSPOSE)


@rule.calls("tensorflow.nn.fused_batch_norm")
def rewrite_fused_batch_norm(site: Site, call: Call) -> Answer:
    """TF1 adds no less than 1.001e-5 to the variance, as CUDNN wanted it, TF2 what it is given."""
    call = call.taking("x", "scale", "offset", "mean", "variance", "epsilon")
    epsilon = call.get("epsilon")
    if epsilon is None or call.starred or site.v1 or not _may_be_less(epsilon.written, 1.001e-5):
        return rewrite_call(site, call)
    if isinstance(epsilon.written, ast.Constant):
        new = call.with_value("epsilon", "1.001e-5")
    else:
        new = call.within("epsilon", "max({}, 1.001e-5)")
    return becomes(below_v1(site.name), new, f"{site.short}: no smaller epsilon, as in TF1")


rule.uses("tensorflow.nn.fused_batch_norm")(rewrite_symbol)


def _may_be_less(value: ast.expr, least: float) -> bool:
    """Whether an expression may be a smaller number."""
    if not isinstance(value, ast.Constant):
        return True
    return isinstance(value.value, (int, float)) and value.value < least


@rule.uses("tensorflow.image.extract_glimpse")
def keep_glimpse(site: Site) -> Answer:
    """TF2 counts offsets in pixels from elsewhere."""
    return stays("offsets in pixels are others in TF2")


@rule.uses("tensorflow.strings.split")
def keep_sparse_split(site: Site) -> Answer | None:
    """A SparseTensor in TF1, a RaggedTensor in TF2, which is told by what is done with it."""
    parent = site.parent(site.call) if site.call is not None else None
    if isinstance(parent, ast.Attribute) and parent.attr in _OF_A_RAGGED_TENSOR and not site.v1:
        return None
    return stays("gives a RaggedTensor in TF2, a SparseTensor in TF1")


@rule.calls("tensorflow.while_loop")
def rewrite_while_loop(site: Site, call: Call) -> Answer:
    """TF1 gives the value of a single loop variable, TF2 a list that holds it."""
    if _has_several_variables(call):
        return rewrite_call(site, call)
    return stays("of one loop variable TF2 gives a list, TF1 the value")


rule.uses("tensorflow.while_loop")(rewrite_symbol)


def _has_several_variables(call: Call) -> bool:
    positional = [argument for argument in call.arguments if argument.positional]
    third = positional[2] if len(positional) > 2 else call.get("loop_vars")
    variables = third.written if third is not None else None
    if not isinstance(variables, (ast.List, ast.Tuple)):
        return False
    return sum(not isinstance(item, ast.Starred) for item in variables.elts) > 1


def leave_local_server(site: Site) -> Answer:
    """TF2 has it below another name; the name of its job cannot be written from here."""
    message = f'{site.short}: its job is called "localhost" in TF2, "local" in TF1'
    return Answer("tensorflow.distribute.Server.create_local_server", left=(message,))


@rule.calls(
    "tensorflow.train.Server.create_local_server",
    takes=("config", "start"),
    unseen=leave_local_server,
)
def rewrite_local_server(site: Site, call: Call) -> Answer:
    """TF2 calls the job of a local server `localhost`, TF1 `local`, by which devices are named."""
    call = call.with_keywords("config", "start")
    call = call.adding(server_or_cluster_def='{"local": ["localhost:0"]}')
    return becomes("tensorflow.distribute.Server", call, f"{site.short}: its job is called local")


def device_at_once(site: Site) -> Answer | None:
    """The answer for a device whose argument stays as it is written."""
    assert site.call is not None
    given = [*site.call.args, *(keyword.value for keyword in site.call.keywords)]
    if len(given) == 1 and _is_device_name(site, given[0]):
        return as_it_is(site)
    return stays_as("tensorflow.compat.v1.device", "a function that chooses a device is TF1's")


@rule.calls("tensorflow.device", at_once=device_at_once)
def rewrite_device(site: Site, call: Call) -> Answer:
    """TF2's takes the name of a device, TF1's a function of an operation too."""
    return rewrite_call(site, call)


@rule.uses("tensorflow.device")
def keep_device(site: Site) -> Answer:
    """Keep TF1's where its argument cannot be seen."""
    return stays_as("tensorflow.compat.v1.device", "a function that chooses a device is TF1's")


def _is_device_name(site: Site, value: ast.expr) -> bool:
    """Whether this is plainly text, the device of something, or None."""
    if isinstance(value, ast.Name):
        bound_to = site.scope.value_of(value.id)
        return isinstance(bound_to, ast.Constant) and isinstance(bound_to.value, str)
    if isinstance(value, ast.BinOp):
        return _is_device_name(site, value.left)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr == "format" and _is_device_name(site, value.func.value)
    if isinstance(value, ast.Attribute):
        return value.attr == "device" and getattr(value.value, "id", "") != "self"
    return isinstance(value, (ast.Constant, ast.JoinedStr))


@rule.calls("tensorflow.cond")
def rewrite_cond(site: Site, call: Call) -> Answer:
    """TF1 gives the value of a branch that returns a list of one, TF2 the list."""
    named = call.taking("pred", "true_fn", "false_fn", "strict", "name", "fn1", "fn2")
    branches = [named[it].written for it in ("true_fn", "false_fn", "fn1", "fn2") if it in named]
    if "strict" in named or any(_may_return_one(site, branch) for branch in branches):
        return stays("of a list of one TF2 gives the list, TF1 the value")
    return rewrite_call(site, call)


rule.uses("tensorflow.cond")(rewrite_symbol)


def _may_return_one(site: Site, branch: ast.expr) -> bool:
    """Whether a branch, a lambda or a function of this file, may return a list of one value."""
    if isinstance(branch, ast.Lambda):
        return _may_be_one(site, branch.body)
    functions = [
        function
        for function, _ in site.module.names.nodes.get(ast.FunctionDef, ())
        if isinstance(function, ast.FunctionDef) and function.name == _of_this_file(branch)
    ]
    returned = (
        node.value
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
    )
    return not functions or any(_may_be_one(site, value) for value in returned)


def _of_this_file(branch: ast.expr) -> str:
    """The name of a function that a file may have itself: `choose`, `self.choose`."""
    if isinstance(branch, ast.Attribute):
        return branch.attr if getattr(branch.value, "id", "") == "self" else ""
    return branch.id if isinstance(branch, ast.Name) else ""


def _may_be_one(site: Site, value: ast.expr) -> bool:
    """Whether this may be a list or a tuple of one."""
    if isinstance(value, (ast.List, ast.Tuple)):
        return len(value.elts) == 1 or any(isinstance(item, ast.Starred) for item in value.elts)
    if isinstance(value, ast.IfExp):
        return _may_be_one(site, value.body) or _may_be_one(site, value.orelse)
    if isinstance(value, ast.BinOp):
        sides = map(site.module.values.held, (value.left, value.right))
        return any(isinstance(side, (Many, Several)) for side in sides)
    if isinstance(value, (ast.Compare, ast.Constant, ast.UnaryOp)):
        return False
    return site.module.values.held(value) not in _NO_LISTS


_NO_LISTS = frozenset(Kind)
# An alias that TensorFlow 1 kept, and 2 does not.
rule.renames(
    {
        "tensorflow.VariableAggregation.ONLY_FIRST_TOWER": (
            "tensorflow.VariableAggregation.ONLY_FIRST_REPLICA"
        )
    }
)


@rule.below("tensorflow")
def look_at_the_rest(site: Site) -> Answers:
    """Leave what no TensorFlow 2 knows, and TensorFlow itself as a value."""
    name = site.name.removeprefix("tensorflow.")
    if any(part in V1_ONLY for part in prefixes(name)):
        return stays("only below tf.compat.v1")
    if site.name == "tensorflow":
        return None if _is_followed(site) else _of_handed_on(site)
    module = _module_of_names(site.name)
    if module:
        return _of_names(site, module)
    if name in _modules() or name in _OF_KERAS:
        return _of_module(site)
    known = _first_unknown(name)
    if known is None or is_tried(site):
        return None
    return left(f"TensorFlow 2 has no tf.{known}")


def _module_of_names(name: str) -> str:
    """The module whose names are asked for all at once: `tf.train.__dict__`."""
    module, asks, _ = f"{name}.".partition(".__dict__.")
    if not asks:
        return ""
    below = module.removeprefix("tensorflow.")
    return module if below in {"tensorflow", *_modules(), *_OF_KERAS} else ""


def _of_names(site: Site, module: str) -> Answer:
    """Leave it as a module that is handed on, of which `vars(tf.train)` takes the same."""
    answer = _handed_on(replace(site, name=module))
    if answer.target is None:
        return answer
    return replace(answer, target=answer.target + site.name.removeprefix(module))


def _of_module(site: Site) -> Answers:
    names = _names_given(site)
    if names is None:
        return _of_handed_on(site) if _is_whole(site) else None
    uses = [
        use.node
        for use in _uses(site, names)
        if not site.module.ignored(use.node, rule.name)
        and _names_given(use) is None
        and _of_handed_on(use) is not None
    ]
    if uses and _is_whole_in_v1(site):
        return becomes(below_v1(site.name))
    return [replace(_handed_on(site), at=use, target=None) for use in uses]


# Modules that TensorFlow 2 took from Keras: other functions, and classes, under the same names.
_OF_KERAS = frozenset({"initializers", "losses", "metrics"})
# Modules of which `tf.compat.v1` has all that TensorFlow 1.15 had, and all of it runs in a graph.
ALL_IN_V1 = _OF_KERAS | {"summary", "train"}


def _of_handed_on(site: Site) -> Answer | None:
    asked, taken = asked_name(site), taken_name(site)
    if asked is not None:
        return _of_question(site, asked) if is_of_tensorflow_1(asked) else None
    if taken is not None:
        return _of_taken(site, taken)
    return _handed_on(site)


def _is_whole_in_v1(site: Site) -> bool:
    """Whether this is TensorFlow 1's module, with all that it had, and nothing else by its names.

    `tf.nn` is none: what is taken from it by `nn = tf.nn` is spelled as TensorFlow 2 has it.
    """
    name = site.name.removeprefix("tensorflow.")
    return site.v1 and name in ALL_IN_V1 and site.module.target == "graph"


def _handed_on(site: Site) -> Answer:
    """Leave a module whose names are taken elsewhere; TF1's stays TF1's."""
    name = site.name.removeprefix("tensorflow.")
    what = "TensorFlow" if site.name == "tensorflow" else site.short
    if _is_whole_in_v1(site):
        return Answer(below_v1(site.name), silent=True)
    if name in _OF_KERAS:
        here = f"{what} is handed on: TensorFlow 2 has Keras's there"
        message = f"{here}; TensorFlow 1's are in {short(below_v1(site.name))}"
        return left(message) if _means_tensorflow_1s(site) else Answer(runs=(message,))
    answer = left(f"{what} is handed on: what is taken from it cannot be seen here")
    return replace(answer, target=below_v1(site.name) if site.v1 else None)


def _means_tensorflow_1s(site: Site) -> bool:
    """Whether the text is TensorFlow 1's, or was when it was rewritten."""
    imported = (binding.imported or "" for binding in site.module.names.imports)
    was = any(path.partition(".")[0] == "getter_compat" for path in imported)
    return was or is_of_tensorflow_1s_text(site)


def _of_question(site: Site, asked: str) -> Answer:
    """Ask the module that has what TensorFlow 1.15 has, so that the program takes what it took."""
    home = _home(site, asked)
    if home is not None:
        return becomes(home)
    return left(f"TensorFlow 1.15 has tf.{asked}, TensorFlow 2 has not: keep what it took")


def _of_taken(site: Site, taken: str) -> Answer | None:
    """Take it from the module that has TF1's; nothing to do where TF2's is the same."""
    known = site.spelling.rules.knows_part_of(f"tensorflow.{taken}")
    is_module = any(name.startswith(f"{taken}.") for name in (*RENAMES, *V1_ONLY, *V2))
    if taken in V2 and not known and not is_module:
        return None
    home = _home(site, taken) if is_of_tensorflow_1(taken) else None
    if home is not None:
        return becomes(home)
    return left(f"write tf.{taken}: of a name in a text no call can be seen")


def _home(site: Site, name: str) -> str | None:
    """The module that has what TensorFlow 1 has by a name, under the same last part of it."""
    path = f"tensorflow.{name}"
    module, _, last = path.rpartition(".")
    rules = site.spelling.rules
    successor = rules.moved.get(path) or rules.successor(path) or ""
    if successor.startswith("getter_compat") and successor.endswith(f".{last}"):
        return successor.removesuffix(f".{last}")
    runs = judge(below_v1(path), site.module.target)[0] == "runs"
    return below_v1(module) if runs and (name in RENAMES or name in V1_ONLY) else None


def _is_followed(site: Site) -> bool:
    """Whether TensorFlow only gets another name, `tf = ops.tf`, which stands for nothing else."""
    parent = site.parent(site.node)
    if not isinstance(parent, ast.Assign) or site.scope.kind == "class":
        return False
    return all(site.resolve(target) is not None for target in parent.targets)


def _is_whole(site: Site) -> bool:
    """Whether a module is a value: nothing is taken from it by an attribute."""
    return site.chain is not None and site.node is site.chain.node


def _names_given(site: Site) -> tuple[str, ...] | None:
    """The names that a module gets, `nn = tf.nn`, which are followed; None where it is a value."""
    parent = site.parent(site.node)
    if isinstance(parent, ast.Assign):
        targets = parent.targets
    elif isinstance(parent, (ast.AnnAssign, ast.NamedExpr)):
        targets = [parent.target]
    else:
        return None
    names = tuple(target.id for target in targets if isinstance(target, ast.Name))
    return names if len(names) == len(targets) and site.scope.kind != "class" else None


def _uses(site: Site, names: tuple[str, ...]) -> Iterator[Site]:
    """Where a name of the module is a value itself: `getattr(losses, kind)`."""
    for name in names:
        bindings = site.scope.lookup(name)
        for chain in site.module.names.chains.get(name, ()):
            if chain.node is chain.root and chain.scope.lookup(name) is bindings:
                yield replace(site, node=chain.node, scope=chain.scope, chain=chain)


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
_OUTSIDE = frozenset({"compat", "contrib", "core", "keras", "layers", "python", "raw_ops"})


class _Given(NamedTuple):
    """An argument as it is written."""

    keyword: str | None
    star: bool
    value: ast.expr


def _of_tree(call: ast.Call) -> list[_Given]:
    given = [_Given(None, isinstance(value, ast.Starred), value) for value in call.args]
    given += [_Given(word.arg, word.arg is None, word.value) for word in call.keywords]
    return sorted(given, key=lambda item: (item.value.lineno, item.value.col_offset))


def with_new_arguments(call: Call, name: str) -> Call | None:
    """The call with TF2's keywords; None where that cannot be done."""
    if name not in REORDERS and name not in KEYWORDS:
        return call
    given = (_Given(item.keyword, bool(item.star), item.written) for item in call.arguments)
    keywords = _new_keywords(name, list(given))
    if keywords is None:
        return None
    arguments = [
        argument.under(keyword) if keyword else argument
        for argument, keyword in zip(call.arguments, keywords, strict=True)
        if keyword is not None
    ]
    return replace(call, arguments=tuple(arguments))


def _new_keywords(name: str, arguments: list[_Given]) -> list[str | None] | None:
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
            if not _may_drop(old, argument.value):
                return None
            found.append(None)
        elif new in found or PLACES.get(name, {}).get(new, index) < found.count(""):
            return None  # It is given twice, as TF1's functions with two names for it took it.
        else:
            found.append(new)
    return found if _DEMANDED.get(name, "") in {"", *found} else None


def _may_be_dealt_out(site: Site, name: str, arguments: list[_Given]) -> bool:
    """Whether this may look rows up in several tables, among which TF1 dealt them out in turns."""
    if name not in _TABLES:
        return False
    order = (_TABLES[name], *REORDERS[name][1:])
    given = {it.keyword or order[index]: it.value for index, it in enumerate(arguments)}
    table = site.module.values.held(given.get(_TABLES[name]))
    return site.module.may_partition or table not in (Kind.VARIABLE, Kind.TENSOR)


def _may_drop(name: str, value: ast.expr) -> bool:
    """Whether leaving the argument out changes nothing."""
    if name in _HARMLESS:
        return True
    return isinstance(value, ast.Constant) and value.value in (_AS_IN_TF2.get(name, False), None)
