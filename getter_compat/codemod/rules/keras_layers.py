"""Layers written for TF1 and Keras 2: how they make their weights, and what they ask of shapes.

Keras 3's `add_weight` begins with the shape, so the arguments get their names, and `add_variable`
is `add_weight`. The input shape of `build` and `compute_output_shape` is a tuple, which is made a
`TensorShape` where one is asked for. What Keras 3 layers do not have is reported.

Before:

    def build(self, input_shape):
        size = input_shape.as_list()[-1]
        self.kernel = self.add_variable("kernel", [size, self.units])

After:

    def build(self, input_shape):
        size = tf.TensorShape(input_shape).as_list()[-1]
        self.kernel = self.add_weight(name="kernel", shape=[size, self.units])
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from getter_compat.codemod.analysis.names import Scope, is_chain
from getter_compat.codemod.edits import Argument, Span
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule
from getter_compat.tables.keras import ROOTS

rule = Rule(__name__)

_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")

# What a class is called that is a layer, or that has `add_weight` from a layer.
_LAYER_NAMES = ("Cell", "Conv1D", "Conv2D", "Dense", "Layer", "Metric", "Model", "Network", "RNN")

# Arguments of Keras 2's `add_weight` that Keras 3 does not take, or takes in another form.
_ONLY_KERAS_2 = frozenset(
    {
        "aggregation",
        "caching_device",
        "collections",
        "experimental_autocast",
        "getter",
        "partitioner",
        "synchronization",
    }
)

_GIVEN_SHAPE = frozenset({"build", "compute_output_shape"})
_SHAPE_MEMBERS = frozenset(
    {
        "as_list",
        "as_proto",
        "assert_has_rank",
        "assert_is_compatible_with",
        "assert_is_fully_defined",
        "concatenate",
        "dims",
        "is_compatible_with",
        "is_fully_defined",
        "merge_with",
        "ndims",
        "num_elements",
        "rank",
        "with_rank",
        "with_rank_at_least",
        "with_rank_at_most",
    }
)

_MAKING_LAYERS = ("tensorflow.layers.", *(f"{root}." for root in ("tensorflow.keras", *ROOTS)))

_GONE_MEMBERS = {
    "_keras_shape": "write tuple(x.shape)",
    "add_update": "assign to the variable in call()",
    "get_losses_for": "a layer has .losses, of its last call",
    "get_updates_for": "a layer updates its variables in the call",
    "get_input_at": "Keras 3 layers do not keep their inputs by node",
    "get_input_shape_at": "Keras 3 layers do not keep their inputs by node",
    "get_output_at": "Keras 3 layers do not keep their outputs by node",
    "get_output_shape_at": "Keras 3 layers do not keep their outputs by node",
}


@rule.nodes(ast.Attribute, where=("add_weight", "add_variable"))
def rewrite_add_weight(page: Page, node: ast.AST, scope: Scope) -> None:
    """Name the arguments of `self.add_weight(...)`."""
    assert isinstance(node, ast.Attribute)
    call = page.parent(node)
    if node.attr not in ("add_weight", "add_variable") or not page.concerns_tensorflow:
        return
    if not isinstance(call, ast.Call) or call.func is not node or not _is_layer(page, node, scope):
        return
    arguments = page.text.arguments(call)
    if any(argument.star == "*" for argument in arguments):
        page.report(node, f".{node.attr}(*...): Keras 3 takes the shape before the name")
        return
    positional = [argument for argument in arguments if argument.positional]
    if len(positional) > (2 if _is_metric(page, node) else len(_ORDER)):
        page.report(node, f".{node.attr}(): Keras 3 does not take all of these arguments")
        return
    if positional and _is_shape(positional[0].value):
        return
    for argument, name in zip(positional, _ORDER, strict=False):
        page.text.name_argument(argument, name)
    if node.attr == "add_variable":
        end = page.text.end(node)
        page.text.replace(Span(end - len("add_variable"), end), "add_weight")
    dropped = [argument for argument in arguments if argument.keyword == "use_resource"]
    page.text.remove_arguments(call, dropped)
    if positional or dropped or node.attr == "add_variable":
        page.fixed(node, f".{node.attr}(): arguments named")
    _report_arguments(page, node, arguments)


def _is_layer(page: Page, node: ast.Attribute, scope: Scope) -> bool:
    """Whether this is a method of a layer, as far as the classes of this file tell."""
    classes = [item for item, _ in page.names.nodes.get(ast.ClassDef, ())]
    own = [item for item in classes if isinstance(item, ast.ClassDef)]
    if any(getattr(part, "name", None) == node.attr for item in own for part in item.body):
        return False  # Somebody's own method of this name.
    owner = _class_around(page, node)
    if owner is None or not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        return page.text.of(node.value).endswith(("layer", "cell"))
    return _derives_from_layer(page, owner, scope, {item.name: item for item in own})


def _class_around(page: Page, node: ast.AST) -> ast.ClassDef | None:
    above = page.ancestors(node)
    return next((parent for parent in above if isinstance(parent, ast.ClassDef)), None)


def _is_metric(page: Page, node: ast.AST) -> bool:
    """Whether this is in a metric, whose `add_weight` had another order after the shape."""
    owner = _class_around(page, node)
    return owner is not None and any("etric" in page.text.of(base) for base in owner.bases)


def _derives_from_layer(
    page: Page, owner: ast.ClassDef, scope: Scope, others: dict[str, ast.ClassDef]
) -> bool:
    """Whether a base is of Keras or of TensorFlow, or is called like a layer."""
    for base in owner.bases:
        if not is_chain(base):
            continue
        name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
        if page.names.resolve(base, scope) is not None or name.endswith(_LAYER_NAMES):
            return True
        rest = {key: item for key, item in others.items() if item is not owner}
        if name in rest and _derives_from_layer(page, rest[name], scope, rest):
            return True
    return False


def _report_arguments(page: Page, node: ast.Attribute, arguments: list[Argument]) -> None:
    refused = sorted(_ONLY_KERAS_2 & {argument.keyword for argument in arguments})
    if refused:
        page.report(node, f".add_weight(): Keras 3 does not take {', '.join(map(str, refused))}")


def _is_shape(value: ast.expr) -> bool:
    """A first argument that is plainly a shape: this is Keras 3 already."""
    return isinstance(value, (ast.Tuple, ast.List))


@rule.nodes(ast.ClassDef, where=tuple(rf"def[\s\\]+{name}\b" for name in _GIVEN_SHAPE))
def rewrite_input_shapes(page: Page, node: ast.AST, scope: Scope) -> None:
    """Make the input shape a `TensorShape` where its members are asked for."""
    assert isinstance(node, ast.ClassDef)
    if not page.concerns_tensorflow:
        return
    for method in node.body:
        if not isinstance(method, ast.FunctionDef) or method.name not in _GIVEN_SHAPE:
            continue
        if len(method.args.args) < 2:
            continue
        shape = method.args.args[1].arg
        for name in _uses_as_tensor_shape(method, shape):
            made = page.tensorflow_path(scope, "tensorflow.TensorShape")
            page.text.wrap(page.text.span(name), f"{made}(", ")")
            page.fixed(name, f"{shape} is a tuple: made a TensorShape")


def _uses_as_tensor_shape(method: ast.FunctionDef, shape: str) -> Iterator[ast.Name]:
    nodes = list(ast.walk(method))
    names = [node for node in nodes if isinstance(node, ast.Name) and node.id == shape]
    if any(not isinstance(name.ctx, ast.Load) for name in names):
        return  # It is given another value, a TensorShape most often.
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in _SHAPE_MEMBERS and node.value in names:
            assert isinstance(node.value, ast.Name)
            yield node.value


@rule.nodes(ast.ClassDef, where=("compute_output_shape",))
def report_unbuilt_layers(page: Page, node: ast.AST, scope: Scope) -> None:
    """Report layers inside a layer that Keras 3 builds later than Keras 2 did.

    It asks `compute_output_shape` for the shape and does not run `call` when a functional model is
    made, so that the layers inside have no weights before the model sees data.
    """
    assert isinstance(node, ast.ClassDef)
    methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
    if not set(methods) >= _GIVEN_SHAPE or _builds_another(methods["build"]):
        return
    inside = (*ast.walk(methods["build"]), *ast.walk(methods.get("__init__", methods["build"])))
    if any(isinstance(item, ast.Call) and _makes_layer(page, item, scope) for item in inside):
        page.report(
            methods["compute_output_shape"],
            "compute_output_shape: Keras 3 does not run call() when it makes a functional model; "
            "build the layers inside in build(), or take this method out",
        )


def _makes_layer(page: Page, call: ast.Call, scope: Scope) -> bool:
    resolved = page.names.resolve(call.func, scope)
    module, _, name = resolved.name.rpartition(".") if resolved is not None else ("", "", "")
    return ".layers" in module and name[:1].isupper() and name not in ("Input", "InputSpec")


def _builds_another(method: ast.FunctionDef) -> bool:
    """Whether it says `self.layer.build(...)`."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "build"
        and isinstance(node.value, ast.Attribute)
        for node in ast.walk(method)
    )


@rule.nodes(ast.Attribute, where=tuple(_GONE_MEMBERS))
def report_members(page: Page, node: ast.AST, scope: Scope) -> None:
    """Report what layers and their tensors do not have in Keras 3."""
    if not page.concerns_tensorflow:
        return
    while isinstance(node, ast.Attribute):
        if node.attr in _GONE_MEMBERS:
            page.report(node, f".{node.attr}: {_GONE_MEMBERS[node.attr]}")
        node = node.value


@rule.nodes(ast.Attribute, where=(r"\.updates",))
def report_updates(page: Page, node: ast.AST, scope: Scope) -> None:
    """Report the updates of a layer; other objects have an attribute of this name too."""
    while isinstance(node, ast.Attribute):
        if node.attr == "updates" and page.text.of(node.value) in set(_layers_made(page)):
            page.report(node, ".updates: a layer updates its variables in the call")
        node = node.value


def _layers_made(page: Page) -> Iterator[str]:
    """What layers and models are assigned to, `self.norm = tf.layers.BatchNormalization()`."""
    for chains in page.names.chains.values():
        for chain in chains:
            call = page.parent(chain.node)
            made = page.parent(call) if isinstance(call, ast.Call) else None
            if isinstance(made, ast.Assign) and made.value is call:
                resolved = page.names.resolve(chain.node, chain.scope)
                if resolved is not None and resolved.name.startswith(_MAKING_LAYERS):
                    yield from map(page.text.of, made.targets)


_INPUT = ("Input", "layers.Input")


@rule.names(*(f"{root}.{name}" for root in ("tensorflow.keras", *ROOTS) for name in _INPUT))
def report_input(page: Page, site: Site) -> None:
    """Report an input around a tensor; write any other as `tf.keras.Input`."""
    name = next(name for name in reversed(_INPUT) if site.name.endswith(f".{name}"))
    page.rename(site, f"tensorflow.keras.{name}")
    keywords = site.call.keywords if site.call is not None else []
    if any(keyword.arg == "tensor" for keyword in keywords):
        page.report(site.node, f"{site.short}(tensor=...): give the tensor to a Lambda layer")
