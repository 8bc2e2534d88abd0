"""What an expression holds, as far as its text shows: a variable, a tensor, a layer, several.

Followed are assignments, loops, unpacking, lists that are filled by `append`, and attributes of
`self`. Only what is sure counts: a name that may hold something else holds nothing known.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from getter_compat.codemod.analysis.names import Binding, Names, Scope, leaf
from getter_compat.tables.contrib import SUCCESSORS as OF_CONTRIB
from getter_compat.tables.symbols import RENAMES


class Kind(Enum):
    """One thing."""

    VARIABLE = "a variable"
    TENSOR = "a tensor"
    OPERATION = "an operation"
    LAYER = "a layer"
    KERAS = "a layer or a model of tf.keras"
    WEIGHT = "a variable of tf.keras"
    KEYED = "a dict or a set"
    NOTHING = "None"


@dataclass(frozen=True)
class Many:
    """A list of the like."""

    of: Held

    @cached_property
    def depth(self) -> int:
        """How many lists and tuples are around the innermost thing."""
        return 1 + _depth(self.of)


@dataclass(frozen=True)
class Several:
    """A tuple, part by part."""

    parts: tuple[Held, ...]

    @cached_property
    def depth(self) -> int:
        """How many lists and tuples are around the innermost thing."""
        return 1 + max(map(_depth, self.parts), default=0)


Held: TypeAlias = Kind | Many | Several | None
"""What is held; None where nobody can tell."""

_MAKING_VARIABLES = frozenset(
    {
        *("getter_compat.get_variable", "tensorflow.Variable", "tensorflow.get_variable"),
        *("tensorflow.get_local_variable", "tensorflow.train.get_or_create_global_step"),
        *("tensorflow.train.create_global_step", "getter_compat.contrib.model_variable"),
        *("getter_compat.contrib.variable", "getter_compat.get_local_variable"),
    }
)

_MAKING_OPERATIONS = frozenset(
    f"tensorflow.{name}"
    for name in (
        *("global_variables_initializer", "group", "initialize_all_variables"),
        *("initialize_local_variables", "local_variables_initializer", "no_op"),
        *("tables_initializer", "variables_initializer"),
    )
)

_LISTING_VARIABLES = frozenset(
    {
        *(
            f"getter_compat.contrib.get_{kind}variables"
            for kind in ("", "local_", "model_", "trainable_")
        ),
        *("getter_compat.global_variables", "getter_compat.trainable_variables"),
        *(
            f"tensorflow.{kind}_variables"
            for kind in ("all", "global", "local", "model", "moving_average", "trainable")
        ),
    }
)

_LISTING_TENSORS = frozenset(
    {
        "getter_compat.regularization_losses",
        "tensorflow.losses.get_losses",
        "tensorflow.losses.get_regularization_losses",
    }
)

_LAYER_CLASS = re.compile(
    r"(?:(?:tensorflow|getter_compat)\.)?(?:tf_keras\.)?layers\.(?!Input)[A-Z]\w*"
)
_KERAS_CLASS = re.compile(
    r"(?:tensorflow\.(?:python\.)?)?keras\.(?:Model|Sequential"
    r"|(?:applications|layers|models)\.(?:\w+\.)*(?!Input)[A-Z]\w*"
    r"|models\.(?:clone_model|load_model|model_from_\w+))"
)

# The attributes of Keras's layers that are weights.
WEIGHTS = frozenset(
    {
        *("bias", "depthwise_kernel", "embeddings", "kernel", "pointwise_kernel"),
        *("beta", "gamma", "moving_mean", "moving_variance", "recurrent_kernel"),
    }
)
_LISTING_WEIGHTS = frozenset(
    f"{kind}{name}"
    for kind in ("", "non_trainable_", "trainable_")
    for name in ("variables", "weights")
)

# Functions of TF1 make tensors, if they stand in one of these modules, and are none of those.
_OF_TENSORS = re.compile(
    r"(?:tensorflow\.(?:(?:layers|linalg|losses|math|nn|strings|summary)\.)?|getter_compat\.layers\.)"
    r"(?P<name>[a-z][a-z0-9_]*)"
)
_NO_TENSORS = re.compile(
    r"(?:add_(?:check|loss|to)|assert|assign|deserialize|disable|enable|executing|get|import|initialize"
    r"|is(?!_nan|_inf|_finite)|load|parse|placeholder|quantized?|register|report|scatter|set|sparse"
    r"|string_split|switch|unicode|write)(?:_.*)?"
    r"|.*(?:_cell|_decoder|_enabled|_initializers?|_op|_ops|_partitioner|_regularizer|_rnn"
    r"|_sampler|_scope|_spec|_template|_variables|vars_gradient)"
    r"|as_dtype|broadcast_static_shape|case|clip_by_global_norm|colocate_with|cond|container"
    r"|control_dependencies|custom_gradient|device|dimension_at_index|dimension_value|foldl|foldr"
    r"|function|grad_pass_through|group|hessians|lu|make_ndarray|make_tensor_proto|map_fn"
    r"|no_gradient|normalize_moments|numpy_function|print|py_func|py_function|recompute_grad"
    r"|required_space_to_batch_paddings|reset_default_graph|rnn|scan|slogdet|sufficient_statistics"
    r"|tuple|vectorized_map|while_loop|wrap_function"
)
_SEVERAL_TENSORS = frozenset(
    {
        *("decode_csv", "dynamic_partition", "fused_batch_norm", "gradients", "identity_n"),
        *("meshgrid", "moments", "qr", "self_adjoint_eig", "setdiff1d", "shape_n", "split", "svd"),
        *("top_k", "unique", "unique_with_counts", "unpack", "unstack", "weighted_moments"),
        "max_pool_with_argmax",
    }
)
# The names that TF2 has for them.
_OF_TENSORS_IN_TF1 = {
    f"tensorflow.{new}": f"tensorflow.{old}" for old, new in RENAMES.items() if "." not in old
}

_KEYED = frozenset({"Counter", "OrderedDict", "defaultdict", "dict", "frozenset", "set"})
_LISTING = frozenset({"list", "reversed", "sorted", "tuple"})


# What is joined once more holds more and more kinds, until it may be anything: few rounds do.
_ROUNDS = 8

# What leads over more expressions than that, or lies in more lists and tuples, is not followed: of
# values that hold each other there would be no end.
_LONGEST = 64
_DEEPEST = 4


class Values:
    """What the expressions of one text hold."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[ast.AST, Held] = {}
        self._open: set[ast.AST] = set()
        """What is being looked at."""
        self._taken: dict[ast.AST, Held] = {}
        """What circles that come back to what is being looked at take it to hold."""
        self._alike: dict[int | str, ast.AST] = {}
        """Names and attributes of `self`, the first one of those that hold the same."""
        self._returned: dict[str, list[ast.expr | None]] = {}
        """What functions return, by their names."""
        self._loops: dict[int, dict[ast.AST, Binding]] = {}
        """The loops that bind a name, by the identity of what it is bound to."""

    def held(self, node: ast.AST | None) -> Held:
        """What an expression holds."""
        if node is None:
            return None
        if node in self._known:
            return self._known[node]
        if type(node) is ast.Name or type(node) is ast.Attribute:
            first = self._first_alike(node)
            if first in self._known:
                return self._known[first]
        if node in self._open:
            return self._taken.setdefault(node, Kind.NOTHING)
        if len(self._open) == _LONGEST:
            return None
        return self._look(node) if self._open else self._settled(node)

    def _settled(self, node: ast.AST) -> Held:
        """What it holds, looked at until every circle holds what it was taken to hold."""
        known = len(self._known)
        self._taken = {}
        for _ in range(_ROUNDS):
            held = self._look(node)
            # What was taken in the round before may have led elsewhere now, past some of these.
            found = {it: self._known[it] for it in self._taken if it in self._known}
            if found == self._taken:
                return held
            self._taken = found
            for it in [*self._known][known:]:
                del self._known[it]
        self._known[node] = None  # what may be anything is not sure
        return None

    def _look(self, node: ast.AST) -> Held:
        self._open.add(node)
        look = _LOOKS.get(type(node))
        held = look(self, node) if look is not None else None
        if _depth(held) > _DEEPEST:
            held = None
        self._open.remove(node)
        self._known[node] = held
        return held

    def _first_alike(self, node: ast.Name | ast.Attribute) -> ast.AST:
        """The first of those that get their values where this one does: there may be many."""
        if isinstance(node, ast.Attribute):
            is_given = _is_own(node) and node.attr in self._attributes
            return self._alike.setdefault(node.attr, node) if is_given else node
        bindings = self._lookup(node)
        if len(bindings) < 2 or self._loops_of(bindings):
            return node
        return self._alike.setdefault(id(bindings), node)

    def items(self, node: ast.AST | None) -> Held:
        """What an expression holds that is run over."""
        return _item(self.held(node))

    def is_given_here(self, node: ast.expr) -> bool:
        """Whether this is an attribute, or a name that gets its values here and from no caller."""
        if isinstance(node, ast.Attribute):
            return True
        bindings = self._bindings(node) if isinstance(node, ast.Name) else []
        return bool(bindings) and all(binding.target is not None for binding in bindings)

    def run_over(self, node: ast.Name) -> ast.expr | None:
        """What the loop runs over that alone gives the name, and no others, its value."""
        loops = [(it.target, self._loop(it)) for it in self._bindings(node)]
        found = [loop.iter for target, loop in loops if loop and loop.target is target]
        return found[0] if len(found) == len(loops) == 1 else None

    # By the kinds of expressions.

    def _of_name(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.Name)
        bindings = self._bindings(node)
        filled = self._filled(id(self._lookup(node))) if bindings else ()
        return _joined(chain(map(self._bound, bindings), filled)) if bindings else None

    def _of_attribute(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.Attribute)
        if _is_own(node) and node.attr in self._attributes:
            given = map(self._given, self._attributes[node.attr])
            return _joined(chain(given, self._filled(node.attr)))
        if self._is_of_keras(node.value):
            return _OF_KERAS.get(node.attr)
        return Many(Kind.LAYER) if node.attr == "layers" and not self._path(node) else None

    def _of_call(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.Call)
        path = self._path(node.func)
        if path:
            return self._of_collection(node) if path in _COLLECTIONS else _made_by(path)
        name, first = leaf(node.func), node.args[0] if node.args else None
        if name in _KEYED:
            return Kind.KEYED
        if self._is_class_of_project(node.func):
            return Kind.KERAS
        if isinstance(node.func, ast.Attribute):
            return self._of_method(node.func)
        if isinstance(node.func, ast.Name) and self._is_class_of_keras(node.func):
            return Kind.KERAS
        if self._returns_keras(node.func):
            return Kind.KERAS
        if name in _LISTING:
            item = self.items(first)
            return Many(item) if item is not None else None
        if name == "filter" and len(node.args) == 2:
            return Many(self.items(node.args[1]))
        if name == "enumerate":
            return Many(Several((None, self.items(first))))
        if name == "zip" and not any(isinstance(it, ast.Starred) for it in node.args):
            return Many(Several(tuple(map(self.items, node.args))))
        return None

    def _of_collection(self, node: ast.Call) -> Held:
        key = node.args[0] if node.args else None
        if isinstance(key, ast.Constant):
            return Many(_IN_COLLECTIONS[key.value]) if key.value in _IN_COLLECTIONS else None
        name = self._path(key).removeprefix("tensorflow.GraphKeys.") if key is not None else ""
        if name.endswith("VARIABLES"):
            return Many(Kind.VARIABLE)
        return Many(Kind.TENSOR) if name.endswith("LOSSES") else None

    def _of_method(self, function: ast.Attribute) -> Held:
        if function.attr in ("add_weight", "add_variable"):
            return Kind.VARIABLE
        if function.attr in ("apply_gradients", "minimize"):
            return Kind.OPERATION
        if function.attr == "compute_gradients":
            return Many(Several((Kind.TENSOR, Kind.VARIABLE)))
        is_read = function.attr in ("initialized_value", "read_value", "value")
        if is_read and self.held(function.value) is Kind.VARIABLE:
            return Kind.TENSOR
        if function.attr != "get_layer":
            return None
        return Kind.KERAS if self.held(function.value) is Kind.KERAS else Kind.LAYER

    def _of_subscript(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.Subscript)
        whole, index = self.held(node.value), node.slice
        if isinstance(whole, Many):
            return whole if isinstance(index, ast.Slice) else whole.of
        if whole in (Kind.VARIABLE, Kind.TENSOR):
            return Kind.TENSOR
        if isinstance(whole, Several) and isinstance(index, ast.Constant):
            return _part(whole, index.value)
        return None

    def _of_operation(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.BinOp)
        sides = self.held(node.left), self.held(node.right)
        if any(side in (Kind.VARIABLE, Kind.TENSOR) for side in sides):
            return None if _is_text(node.left) else Kind.TENSOR
        if all(isinstance(side, Many) for side in sides):
            return _joined(sides)
        return sides[0] if isinstance(sides[0], Many) and isinstance(node.op, ast.Mult) else None

    def _of_sign(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.UnaryOp)
        is_number = isinstance(node.op, (ast.USub, ast.UAdd))
        held = self.held(node.operand) if is_number else None
        return Kind.TENSOR if held in (Kind.VARIABLE, Kind.TENSOR) else None

    def _of_tuple(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.Tuple)
        return Several(tuple(map(self.held, node.elts)))

    def _of_list(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.List)
        return Many(_joined(map(self.held, node.elts)))

    def _of_comprehension(self, node: ast.AST) -> Held:
        assert isinstance(node, (ast.ListComp, ast.GeneratorExp))
        return Many(self.held(node.elt))

    def _of_choice(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.IfExp)
        return _joined([self.held(node.body), self.held(node.orelse)])

    def _of_alternatives(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.BoolOp)
        return _joined(map(self.held, node.values))

    def _of_dict(self, node: ast.AST) -> Held:
        return Kind.KEYED

    def _of_constant(self, node: ast.AST) -> Held:
        assert isinstance(node, ast.Constant)
        return Kind.NOTHING if node.value is None else None

    # What is Keras's.

    def _is_of_keras(self, owner: ast.expr) -> bool:
        """Whether this is a layer or a model of Keras: `self` in a class of one, too."""
        if not isinstance(owner, ast.Name) or owner.id != "self":
            return self.held(owner) is Kind.KERAS
        around = self._above(owner)
        while around is not None and not isinstance(around, ast.ClassDef):
            around = self._above(around)
        return isinstance(around, ast.ClassDef) and self._derives_from_keras(around)

    def _is_class_of_keras(self, name: ast.Name) -> bool:
        owner = self._classes.get(name.id)
        return (
            owner is not None and len(self._lookup(name)) == 1 and self._derives_from_keras(owner)
        )

    def _returns_keras(self, name: ast.expr) -> bool:
        """Whether this is a function of the text that returns layers or models of Keras alone."""
        if not isinstance(name, ast.Name) or not self._is_of_module(name):
            return False
        if name.id not in self._returned:
            function = self._functions.get(name.id)
            self._returned[name.id] = list(_returned_by(function)) if function is not None else []
        returned = self._returned[name.id]
        return bool(returned) and all(self.held(it) is Kind.KERAS for it in returned)

    def _is_of_module(self, name: ast.Name) -> bool:
        """Whether a name stands for the one thing that the module binds to it."""
        bindings = self._lookup(name)
        return len(bindings) == 1 and bindings is self._names.module.bindings.get(name.id)

    @cached_property
    def _functions(self) -> dict[str, ast.FunctionDef]:
        """The functions of the module by their names."""
        found = self._names.nodes.get(ast.FunctionDef, ())
        of_module = (node for node, scope in found if scope.parent is None)
        return {
            node.name: node
            for node in of_module
            if isinstance(node, ast.FunctionDef) and not node.decorator_list
        }

    def _is_class_of_project(self, node: ast.expr) -> bool:
        """Whether this is a class of Keras's that another file of the project has."""
        known = self._names.project.keras
        if not known:
            return False
        root, parts = node, []
        while isinstance(root, ast.Attribute):
            parts.append(root.attr)
            root = root.value
        scope = self._scopes.get(root)
        if not isinstance(root, ast.Name) or scope is None:
            return False
        path = self._names.path(root.id, scope) if scope.lookup(root.id) else root.id
        return path is not None and ".".join([path, *reversed(parts)]) in known

    def _derives_from_keras(
        self, owner: ast.ClassDef, below: tuple[ast.ClassDef, ...] = ()
    ) -> bool:
        for base in owner.bases:
            if _made_by(self._path(base)) is Kind.KERAS or self._is_class_of_project(base):
                return True
            own = self._classes.get(leaf(base))
            if own is None or own in (owner, *below):
                continue
            if self._derives_from_keras(own, (owner, *below)):
                return True
        return False

    @cached_property
    def _classes(self) -> dict[str, ast.ClassDef]:
        """The classes of the text by their names."""
        found = (node for node, _ in self._names.nodes.get(ast.ClassDef, ()))
        return {node.name: node for node in found if isinstance(node, ast.ClassDef)}

    # What names are given.

    @cached_property
    def _scopes(self) -> dict[ast.AST, Scope]:
        """The scope of every name that is read."""
        chains = self._names.chains.values()
        return {chain.root: chain.scope for found in chains for chain in found}

    @cached_property
    def _attributes(self) -> dict[str, list[ast.Attribute]]:
        """Where attributes of `self` are assigned."""
        found = defaultdict(list)
        for node, _ in self._names.nodes.get(ast.Attribute, ()):
            assert isinstance(node, ast.Attribute)
            if isinstance(node.ctx, ast.Store) and _is_own(node):
                found[node.attr].append(node)
        return found

    @cached_property
    def _appended(self) -> dict[int | str, list[ast.expr]]:
        """What lists are filled with by `append`, by what binds a name or by the attribute."""
        found: defaultdict[int | str, list[ast.expr]] = defaultdict(list)
        for node, _ in self._names.nodes.get(ast.Attribute, ()):
            assert isinstance(node, ast.Attribute)
            call = self._names.parents.get(node)
            if node.attr != "append" or not isinstance(call, ast.Call) or len(call.args) != 1:
                continue
            if isinstance(node.value, ast.Name):
                found[id(self._lookup(node.value))].append(call.args[0])
            elif isinstance(node.value, ast.Attribute) and _is_own(node.value):
                found[node.value.attr].append(call.args[0])
        return found

    def _filled(self, what: int | str) -> Iterator[Held]:
        return (Many(self.held(item)) for item in self._appended.get(what, ()))

    def _lookup(self, node: ast.Name) -> list[Binding]:
        scope = self._scopes.get(node)
        return scope.lookup(node.id) if scope is not None else []

    def _bindings(self, node: ast.Name) -> list[Binding]:
        """What a name is bound to here: by the loop that it stands in, else by any of them."""
        bindings = self._lookup(node)
        loops = self._loops_of(bindings) if len(bindings) > 1 else {}
        if loops:
            above = self._above(node)
            while above is not None:
                if above in loops:
                    return [loops[above]]
                above = self._above(above)
        return bindings

    def _loops_of(self, bindings: list[Binding]) -> dict[ast.AST, Binding]:
        """The loops that bind a name."""
        loops = self._loops.get(id(bindings))
        if loops is None:
            loops = {loop: it for it in bindings if (loop := self._loop(it)) is not None}
            self._loops[id(bindings)] = loops
        return loops

    def _loop(self, binding: Binding) -> _Loop | None:
        """The loop that binds a name."""
        target: ast.AST | None = binding.target
        above = self._above(target)
        while isinstance(above, (ast.Tuple, ast.List)):
            target, above = above, self._above(above)
        return _loop_of(target, above)

    def _above(self, node: ast.AST | None) -> ast.AST | None:
        return self._names.parents.get(node) if node is not None else None

    def _bound(self, binding: Binding) -> Held:
        return self._given(binding.target) if binding.target is not None else None

    def _given(self, target: ast.expr) -> Held:
        """What is assigned to a target, alone or as a part of others."""
        above = self._above(target)
        if isinstance(above, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            return self.held(above.value)
        if isinstance(above, ast.AugAssign):
            return self.held(above.value) or Kind.NOTHING
        if isinstance(above, (ast.Tuple, ast.List)):
            whole = self._given(above)
            has_rest = any(isinstance(it, ast.Starred) for it in above.elts)
            if has_rest or not isinstance(whole, Several):
                return _item(whole)
            return _part(whole, above.elts.index(target))
        loop = _loop_of(target, above)
        return self.items(loop.iter) if loop is not None else None

    def _path(self, node: ast.expr) -> str:
        """The canonical name of what is TensorFlow's."""
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        scope = self._scopes.get(root)
        found = self._names.resolve(node, scope) if scope is not None else None
        return found.name if found is not None else ""


_Loop: TypeAlias = ast.For | ast.AsyncFor | ast.comprehension


def _loop_of(target: ast.AST | None, above: ast.AST | None) -> _Loop | None:
    """The loop of a target, or that of the comprehension that it stands in."""
    if isinstance(above, (ast.For, ast.AsyncFor)):
        return above
    generators: list[ast.comprehension] = getattr(above, "generators", [])
    return next((loop for loop in generators if loop.target is target), None)


# TF1's own collections, by the names that `tf.GraphKeys` has for them.
_IN_COLLECTIONS: dict[object, Kind] = {
    "local_variables": Kind.VARIABLE,
    "losses": Kind.TENSOR,
    "model_variables": Kind.VARIABLE,
    "moving_average_variables": Kind.VARIABLE,
    "regularization_losses": Kind.TENSOR,
    "trainable_variables": Kind.VARIABLE,
    "variables": Kind.VARIABLE,
}

# What a layer or a model of Keras has.
_OF_KERAS: dict[str, Held] = {
    "layers": Many(Kind.KERAS),
    **dict.fromkeys(_LISTING_WEIGHTS, Many(Kind.WEIGHT)),
    **dict.fromkeys(WEIGHTS, Kind.WEIGHT),
}

_COLLECTIONS = frozenset({"tensorflow.get_collection", "tensorflow.get_collection_ref"})

_LOOKS = {
    ast.Name: Values._of_name,
    ast.Attribute: Values._of_attribute,
    ast.Call: Values._of_call,
    ast.Subscript: Values._of_subscript,
    ast.BinOp: Values._of_operation,
    ast.UnaryOp: Values._of_sign,
    ast.Tuple: Values._of_tuple,
    ast.List: Values._of_list,
    ast.ListComp: Values._of_comprehension,
    ast.GeneratorExp: Values._of_comprehension,
    ast.IfExp: Values._of_choice,
    ast.BoolOp: Values._of_alternatives,
    ast.Dict: Values._of_dict,
    ast.DictComp: Values._of_dict,
    ast.Set: Values._of_dict,
    ast.SetComp: Values._of_dict,
    ast.Constant: Values._of_constant,
}


def _made_by(path: str) -> Held:
    """What a function or class of TensorFlow's makes, by the name that a rewrite gives it."""
    path = OF_CONTRIB.get(path, path)
    if path in _MAKING_VARIABLES:
        return Kind.VARIABLE
    if path in _MAKING_OPERATIONS:
        return Kind.OPERATION
    if path in _LISTING_VARIABLES:
        return Many(Kind.VARIABLE)
    if path in _LISTING_TENSORS:
        return Many(Kind.TENSOR)
    if _LAYER_CLASS.fullmatch(path):
        return Kind.LAYER
    if _KERAS_CLASS.fullmatch(path):
        return Kind.KERAS
    made = _OF_TENSORS.fullmatch(_OF_TENSORS_IN_TF1.get(path, path))
    if made is None:
        return None
    if made["name"] in _SEVERAL_TENSORS:
        return Many(Kind.TENSOR)
    return None if _NO_TENSORS.fullmatch(made["name"]) else Kind.TENSOR


def _depth(held: Held) -> int:
    return held.depth if isinstance(held, (Many, Several)) else 0


def _joined(found: Iterable[Held]) -> Held:
    """What is held by something that holds one of these."""
    joined: Held = Kind.NOTHING
    for held in found:
        joined = _join(joined, held)
        if joined is None:
            break  # With whatever else, nobody can tell.
    return joined


def _join(one: Held, other: Held) -> Held:
    if one == other or other is Kind.NOTHING:
        return one
    if one is Kind.NOTHING:
        return other
    if {one, other} == {Kind.VARIABLE, Kind.TENSOR}:
        return Kind.TENSOR
    if isinstance(one, Many) and isinstance(other, Many):
        return Many(_join(one.of, other.of))
    return None


def _item(held: Held) -> Held:
    """What one of those is that this holds."""
    if isinstance(held, Many):
        return held.of
    if isinstance(held, Several):
        return _joined(held.parts)
    return Kind.TENSOR if held in (Kind.VARIABLE, Kind.TENSOR) else None


def _part(held: Several, index: object) -> Held:
    if isinstance(index, int) and -len(held.parts) <= index < len(held.parts):
        return held.parts[index]
    return None


def _returned_by(function: ast.FunctionDef) -> Iterator[ast.expr | None]:
    """What a function returns, but not those in it."""
    todo: list[ast.AST] = [*function.body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return):
            yield node.value
        elif isinstance(node, ast.stmt) and not isinstance(node, _OF_THEIR_OWN):
            todo += ast.iter_child_nodes(node)
        elif isinstance(node, (ast.ExceptHandler, ast.match_case)):
            todo += node.body


# What is returned in these is not what the function around them returns.
_OF_THEIR_OWN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _is_own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def _is_text(node: ast.expr) -> bool:
    """Whether this is what `%` puts values into."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def written_out(node: ast.expr) -> list[ast.expr]:
    """What stands in a list, tuple or dict that is written out, else the expression."""
    if isinstance(node, ast.Dict):
        return [part for value in node.values for part in written_out(value)]
    if isinstance(node, (ast.List, ast.Tuple)):
        return [part for item in node.elts for part in written_out(item)]
    return [node]


def holds_any(held: Held, kinds: Container[Held]) -> bool:
    """Whether this is one of some kinds, or holds one, however deep in lists and tuples."""
    if isinstance(held, Many):
        return holds_any(held.of, kinds)
    if isinstance(held, Several):
        return any(holds_any(part, kinds) for part in held.parts)
    return held in kinds


def parts(node: ast.expr) -> Iterator[ast.expr]:
    """An expression, or the parts of a tuple."""
    if isinstance(node, ast.Tuple):
        yield from node.elts
    else:
        yield node
