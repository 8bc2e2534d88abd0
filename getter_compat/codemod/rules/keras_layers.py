"""Layers written for TF1 and Keras 2: how they make their weights, and what they ask of shapes.

Keras 3's `add_weight` begins with the shape, so the arguments get their names, and `add_variable`
is `add_weight`. The input shape of `build` and `compute_output_shape` is a tuple, which is made a
`TensorShape` where one is asked for. What Keras 3 layers do not have is reported, and the names of
files that `save_weights` refuses, names of layers with a slash, and layers that draw in a program
with sessions: there Keras 3 draws once for all runs. `LSTM`, `GRU` and their cells have other
defaults than TF1's: a call that relies on one is reported, and left where the text is TF1's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from getter_compat.codemod.analysis.names import is_chain, leaf
from getter_compat.codemod.analysis.questions import is_of_tensorflow_1s_text
from getter_compat.codemod.analysis.sites import Site, short
from getter_compat.codemod.analysis.values import Kind
from getter_compat.codemod.answers import Answer, becomes, changed, left
from getter_compat.codemod.rewriting import cst
from getter_compat.codemod.rewriting.calls import Call, Value, bound, filled
from getter_compat.codemod.rules import Rule
from getter_compat.tables.keras import ROOTS

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        class Scale(tf.keras.layers.Layer):
            def build(self, input_shape):
                size = input_shape.as_list()[-1]
                self.factor = self.add_variable("factor", [size], initializer="ones")

            def call(self, x):
                return x * self.factor


        print(Scale()(tf.ones([1, 2])).numpy())
        """,
    after="""
        import tensorflow as tf


        class Scale(tf.keras.layers.Layer):
            def build(self, input_shape):
                size = tf.TensorShape(input_shape).as_list()[-1]
                self.factor = self.add_weight(name="factor", shape=[size], initializer="ones")

            def call(self, x):
                return x * self.factor


        print(Scale()(tf.ones([1, 2])).numpy())
        """,
)

rule.kept(
    """
    import tensorflow as tf

    optimizer = tf.compat.v1.train.AdamOptimizer(0.1)
    layer = tf.keras.layers.GRU(4)
    """,
    "recurrent_activation was hard_sigmoid, is sigmoid: say which; reset_after was False, is True",
)

_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")
# Keras 1 and Keras 3 begin with the shape.
_SHAPE_FIRST = ("shape", "initializer")

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

# The layers of TF1's, before they are rewritten and after: in a graph they have what they had.
_OF_TF1 = ("tensorflow.layers.", "tensorflow.python.layers.", "getter_compat.layers.")

_BY_ATTRIBUTE = (
    "Keras 3 takes what add_weight() makes, and no such list, where Keras 2 trained what was in it"
)
_GONE_MEMBERS = {
    "_trainable_weights": _BY_ATTRIBUTE,
    "_non_trainable_weights": _BY_ATTRIBUTE,
    "_keras_shape": "write tuple(x.shape)",
    "add_update": "assign to the variable in call()",
    "get_losses_for": "a layer has .losses, of its last call",
    "get_updates_for": "a layer updates its variables in the call",
    "get_input_at": "Keras 3 layers do not keep their inputs by node",
    "get_input_shape_at": "Keras 3 layers do not keep their inputs by node",
    "get_output_at": "Keras 3 layers do not keep their outputs by node",
    "get_output_shape_at": "Keras 3 layers do not keep their outputs by node",
}


@rule.attributes("add_weight", "add_variable")
def rewrite_add_weight(site: Site) -> Answer | None:
    """Name the arguments of `self.add_weight(...)`."""
    node, call = site.node, site.call
    assert isinstance(node, ast.Attribute)
    if not site.module.concerns_tensorflow or call is None or not _is_layer(site, node):
        return None
    if any(isinstance(value, ast.Starred) for value in call.args):
        return left(f".{node.attr}(*...): Keras 3 takes the shape before the name")
    order = _SHAPE_FIRST if call.args and _is_shape(call.args[0]) else _ORDER
    if len(call.args) > (2 if _is_metric(site, node) else len(order)):
        return left(f".{node.attr}(): Keras 3 does not take all of these arguments")
    keywords = {keyword.arg for keyword in call.keywords}
    refused = sorted(str(keyword) for keyword in _ONLY_KERAS_2 & keywords)
    gone = f".add_weight(): Keras 3 does not take {', '.join(refused)}"
    said = Answer(at=node, left=(gone,) if refused else ())
    if not call.args and "use_resource" not in keywords and node.attr == "add_weight":
        return said

    def change(old: Value) -> Value:
        return _with_names(bound(old, call, None), order)

    return replace(said, node=call, change=change, told=(f".{node.attr}(): arguments named",))


def _with_names(call: Call | None, order: tuple[str, ...]) -> cst.Call:
    assert call is not None
    new = call.taking(*order).with_keywords(*order).without("use_resource").written()
    assert isinstance(new.func, cst.Attribute)
    return new.with_changes(func=new.func.with_changes(attr=cst.Name("add_weight")))


def _is_layer(site: Site, node: ast.Attribute) -> bool:
    """Whether this is a method of a layer, as far as the classes of this file tell."""
    classes = [item for item, _ in site.module.names.nodes.get(ast.ClassDef, ())]
    own = [item for item in classes if isinstance(item, ast.ClassDef)]
    if any(getattr(part, "name", None) == node.attr for item in own for part in item.body):
        return False  # Somebody's own method of this name.
    owner = _class_around(site, node)
    if owner is None or not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        return site.text_of(node.value).endswith(("layer", "cell"))
    return _derives_from_layer(site, owner, {item.name: item for item in own})


def _class_around(site: Site, node: ast.AST) -> ast.ClassDef | None:
    above = site.ancestors(node)
    return next((parent for parent in above if isinstance(parent, ast.ClassDef)), None)


def _is_metric(site: Site, node: ast.AST) -> bool:
    """Whether this is in a metric, whose `add_weight` had another order after the shape."""
    owner = _class_around(site, node)
    return owner is not None and any("etric" in site.text_of(base) for base in owner.bases)


def _derives_from_layer(site: Site, owner: ast.ClassDef, others: dict[str, ast.ClassDef]) -> bool:
    """Whether a base is of Keras or of TensorFlow, or is called like a layer."""
    for base in owner.bases:
        if not is_chain(base):
            continue
        name = leaf(base)
        if site.resolve(base) is not None or name.endswith(_LAYER_NAMES):
            return True
        rest = {key: item for key, item in others.items() if item is not owner}
        if name in rest and _derives_from_layer(site, rest[name], rest):
            return True
    return False


def _is_shape(value: ast.expr) -> bool:
    """A first argument that is plainly a shape: this is Keras 1, or Keras 3 already."""
    return isinstance(value, (ast.Tuple, ast.List))


@rule.nodes(ast.ClassDef, where=tuple(rf"def[\s\\]+{name}\b" for name in _GIVEN_SHAPE))
def rewrite_input_shapes(site: Site) -> Iterator[Answer]:
    """Make the input shape a `TensorShape` where its members are asked for."""
    node: ast.AST = site.node
    assert isinstance(node, ast.ClassDef)
    if not site.module.concerns_tensorflow:
        return
    for method in node.body:
        if not isinstance(method, ast.FunctionDef) or method.name not in _GIVEN_SHAPE:
            continue
        if len(method.args.args) < 2:
            continue
        shape = method.args.args[1].arg
        for name in _uses_as_tensor_shape(method, shape):
            made = f"{site.spell('tensorflow.TensorShape')}({{}})"
            yield changed(name, partial(filled, made), f"{shape} is a tuple: made a TensorShape")


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
def leave_unbuilt_layers(site: Site) -> Answer | None:
    """Leave layers inside a layer that Keras 3 builds later than Keras 2 did.

    It asks `compute_output_shape` for the shape and does not run `call` when a functional model is
    made, so that the layers inside have no weights before the model sees data.
    """
    node: ast.AST = site.node
    assert isinstance(node, ast.ClassDef)
    methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
    if not set(methods) >= _GIVEN_SHAPE or _builds_another(methods["build"]):
        return None
    inside = (*ast.walk(methods["build"]), *ast.walk(methods.get("__init__", methods["build"])))
    if not any(isinstance(item, ast.Call) and _makes_layer(site, item) for item in inside):
        return None
    message = (
        "compute_output_shape: Keras 3 does not run call() when it makes a functional model; "
        "build the layers inside in build(), or take this method out"
    )
    return Answer(at=methods["compute_output_shape"], left=(message,))


def _makes_layer(site: Site, call: ast.Call) -> bool:
    resolved = site.resolve(call.func)
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


@rule.attributes(*_GONE_MEMBERS)
def leave_members(site: Site) -> Answer | None:
    """Leave what layers and their tensors do not have in Keras 3."""
    node = site.node
    assert isinstance(node, ast.Attribute)
    if not site.module.concerns_tensorflow or _has_updates(site, node):
        return None
    if node.attr.endswith("_weights") and site.module.keeps_keras_2:
        return None
    return left(f".{node.attr}: {_GONE_MEMBERS[node.attr]}", node)


def _has_updates(site: Site, member: ast.Attribute) -> bool:
    """Whether this is `add_update` of a layer of TF1's, which has it still, in a graph."""
    owner = _class_around(site, member)
    if member.attr != "add_update" or owner is None or site.module.target != "graph":
        return False
    bases = (site.resolve(base) for base in owner.bases if is_chain(base))
    return any(base is not None and base.name.startswith(_OF_TF1) for base in bases)


@rule.attributes("apply")
def call_layer(site: Site) -> Answer | None:
    """Call a layer of Keras, which TF1 applied by a method as well."""
    node = site.node
    assert isinstance(node, ast.Attribute)
    if site.call is None or site.module.values.held(node.value) is not Kind.KERAS:
        return None
    return changed(node, _owner, ".apply(...): the layer is called")


def _owner(method: Value) -> Value:
    assert isinstance(method, cst.Attribute)
    return method.value


@rule.attributes("build", "compute_output_shape")
def give_numbers(site: Site) -> Answer | None:
    """Give a layer of Keras the numbers of a shape, which holds a `Dimension` in TF1's graph."""
    node, call = site.node, site.call
    assert isinstance(node, ast.Attribute)
    if call is None or len(call.args) != 1:
        return None
    if not site.module.may_run_graph or not _is_static_shape(call.args[0]):
        return None
    if site.module.values.held(node.value) is not Kind.KERAS:
        return None
    numbers = partial(filled, "{}.as_list()")
    return changed(call.args[0], numbers, f".{node.attr}(): Keras 3 takes the numbers of a shape")


def _is_static_shape(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return leaf(value.func) == "get_shape" and not value.args
    return isinstance(value, ast.Attribute) and value.attr == "shape"


@rule.attributes("updates")
def leave_updates(site: Site) -> Answer | None:
    """Leave the updates of a layer; other objects have an attribute of this name too."""
    node = site.node
    assert isinstance(node, ast.Attribute)
    module = site.module
    if module.keeps_keras_2 or site.text_of(node.value) not in set(_layers_made(site)):
        return None
    if module.may_run_keras_3 and module.values.held(node.value) is Kind.KERAS:
        return None  # The rule `keras_variables` tells what to do in a session.
    return left(".updates: a layer updates its variables in the call", node)


def _layers_made(site: Site) -> Iterator[str]:
    """What layers and models are assigned to, `self.norm = tf.layers.BatchNormalization()`."""
    names = site.module.names
    for chains in names.chains.values():
        for chain in chains:
            call = site.parent(chain.node)
            made = site.parent(call) if isinstance(call, ast.Call) else None
            if isinstance(made, ast.Assign) and made.value is call:
                resolved = names.resolve(chain.node, chain.scope)
                if resolved is not None and _loses_updates(resolved.name, site.module.target):
                    yield from map(site.text_of, made.targets)


def _loses_updates(path: str, target: str) -> bool:
    """Whether what is made has no `.updates`: this package's normalization has, in a graph."""
    if path.endswith(".layers.BatchNormalization") and path.startswith(_OF_TF1):
        return target == "eager"
    return path.startswith(_MAKING_LAYERS)


_OF_KERAS_2 = (".h5", ".hdf5")


@rule.attributes("save_weights")
def leave_files_of_weights(site: Site) -> Answer | None:
    """Leave a file of weights whose name Keras 3 refuses."""
    call = site.call
    if call is None or not call.args:
        return None
    end = _end_of(call.args[0])
    if not end.endswith(_OF_KERAS_2) or end.endswith(".weights.h5"):
        return None
    if not site.module.concerns_tensorflow:
        return None
    return left(
        ".save_weights(): Keras 3 takes names that end in .weights.h5 alone: call the file so, "
        "here and where it is loaded, or set TF_USE_LEGACY_KERAS=1"
    )


@rule.nodes(ast.Call, where=(r"/[^\n\"']*[\"']",), beside="keras")  # a slash in a text
def leave_names_with_a_slash(site: Site) -> Answer | None:
    """Leave a layer's name that Keras 3 refuses; TF1 and Keras 2 take it as that of two scopes."""
    call: ast.AST = site.node
    assert isinstance(call, ast.Call)
    names = [keyword.value for keyword in call.keywords if keyword.arg == "name"]
    if not names or site.module.keeps_keras_2 or not _has_slash(names[0]):
        return None
    found = site.resolve(call.func)
    if found is None or not found.name.startswith(_KERAS) or not _names_layers(found.name):
        return None
    message = (
        "Keras 3 takes no / in a name: call the layer in a getter_compat.getter_scope of what is "
        "before it, or set TF_USE_LEGACY_KERAS=1"
    )
    return Answer(left=(f"{short(found.name)}: {message}",))


def _names_layers(path: str) -> bool:
    """Whether a name that is given to this is that of a layer; `add` and `Input` make one, too."""
    return ".layers." in path or path.endswith((".Input", ".Model", ".Sequential"))


def _has_slash(name: ast.expr) -> bool:
    """Whether a slash is in what can be seen of a name: `"a/b"`, `prefix + "/b"`, `f"{a}/b"`."""
    if isinstance(name, ast.BinOp):
        return _has_slash(name.left) or _has_slash(name.right)
    if isinstance(name, ast.JoinedStr):
        return any(map(_has_slash, name.values))
    if isinstance(name, ast.Call) and isinstance(name.func, ast.Attribute):
        return name.func.attr == "format" and _has_slash(name.func.value)
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and "/" in name.value


def _end_of(value: ast.expr) -> str:
    """How a text ends, as far as it can be seen: `"w.h5"`, `path + ".h5"`, `"{}.h5".format(n)`."""
    if isinstance(value, ast.JoinedStr):
        return _end_of(value.values[-1]) if value.values else ""
    if isinstance(value, ast.BinOp):
        return _end_of(value.left if isinstance(value.op, ast.Mod) else value.right)
    if isinstance(value, ast.Call):  # "{}.h5".format(n), os.path.join(folder, "w.h5")
        func = value.func
        if isinstance(func, ast.Attribute) and func.attr == "format":
            return _end_of(func.value)
        return _end_of(value.args[-1]) if value.args else ""
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


# Keras 3 keeps the state of a seed, which nothing moves on in a TF1 graph.
_DRAWING = (
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
)


@rule.uses(*(f"{root}.layers.{name}" for root in ("tensorflow.keras", *ROOTS) for name in _DRAWING))
def leave_what_draws(site: Site) -> Answer:
    """Leave a layer that draws the same in every run of a session."""
    name = site.name.rpartition(".")[2]
    answer = becomes(f"tensorflow.keras.layers.{name}")
    if site.call is None or not site.module.may_run_graph or site.module.keeps_keras_2:
        return answer
    own = "take getter_compat.layers.Dropout, or " if name == "Dropout" else ""
    message = f"in a session Keras 3 draws once for all runs: {own}set TF_USE_LEGACY_KERAS=1"
    return replace(answer, left=(f"{site.short}: {message}",))


_INPUT = ("Input", "layers.Input")


@rule.uses(*(f"{root}.{name}" for root in ("tensorflow.keras", *ROOTS) for name in _INPUT))
def move_input(site: Site) -> Answer:
    """Leave an input around a tensor; write any other as `tf.keras.Input`."""
    name = next(name for name in reversed(_INPUT) if site.name.endswith(f".{name}"))
    keywords = site.call.keywords if site.call is not None else []
    around = any(keyword.arg == "tensor" for keyword in keywords)
    message = f"{site.short}(tensor=...): give the tensor to a Lambda layer"
    return replace(becomes(f"tensorflow.keras.{name}"), left=(message,) if around else ())


# TensorFlow 1's `hard_sigmoid`, which Keras 2 has by this name; Keras 3's is relu6(x + 3) / 6.
_HARD_SIGMOID = "lambda x: tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0)"

# The recurrent layers of Keras, and where `recurrent_activation` is among their arguments.
_GATED = {"ConvLSTM2D": 7, "GRU": 2, "GRUCell": 2, "LSTM": 2, "LSTMCell": 2}

_KERAS = tuple(f"{root}." for root in ("tensorflow.keras", *ROOTS) if root != "keras")


# One function in TensorFlow 1.15; TensorFlow 2 has the first name alone.
_COSINE = ".losses.cosine_similarity"
_ONCE_COSINE = tuple(
    f".{module}.{name}"
    for module in ("losses", "metrics")
    for name in ("cosine", "cosine_proximity")
)
_COSINE_CLASS = ".losses.CosineSimilarity"


@rule.nodes(
    ast.Call,
    where=(
        *("LSTM", "GRU", "hard_sigmoid", "l1_l2"),
        *("CosineSimilarity", "cosine_similarity", "cosine_proximity"),
        *("losses.cosine", "metrics.cosine"),
    ),
)
def tell_of_other_numbers(site: Site) -> Answer | None:
    """Tell of what Keras computes otherwise now; it is left where the text is TF1's."""
    call: ast.AST = site.node
    assert isinstance(call, ast.Call)
    found = site.resolve(call.func)
    if found is None or not found.name.startswith(_KERAS):
        return None
    if found.name.endswith("backend.hard_sigmoid"):
        return None  # Keras 3 kept TF1's there.
    stars = any(isinstance(value, ast.Starred) for value in call.args)
    stars = stars or any(keyword.arg is None for keyword in call.keywords)
    advice = "see whether the stars hold it" if stars else "say which"
    unsaid = tuple(f"{message}: {advice}" for message in _unsaid(site, call, found.name))
    other = tuple(_other_functions(site, call, found.name))
    seen = _told(found.name, other if stars else (*unsaid, *other))
    unseen = _told(found.name, unsaid if stars else ())
    if not seen and not unseen:
        return None
    is_of_tf1 = found.v1 or found.name.endswith(_ONCE_COSINE) or is_of_tensorflow_1s_text(site)
    return Answer(left=seen, runs=unseen) if is_of_tf1 else Answer(runs=(*seen, *unseen))


def _told(name: str, messages: tuple[str, ...]) -> tuple[str, ...]:
    """What is said of a call, as one message."""
    return (f"{short(name)}: {'; '.join(messages)}",) if messages else ()


def _unsaid(site: Site, call: ast.Call, name: str) -> Iterator[str]:
    """Which defaults a call relies on that were others in TF1, as far as it can be seen."""
    last = name.rpartition(".")[2]
    given = {keyword.arg for keyword in call.keywords}
    is_own = last == "ConvLSTM2D" and site.module.keeps_keras_2  # Keras 2's has TF1's.
    if last in _GATED and not is_own:
        if len(call.args) <= _GATED[last] and "recurrent_activation" not in given:
            yield "recurrent_activation was hard_sigmoid, is sigmoid"
        if last.startswith("GRU") and "reset_after" not in given:
            yield "reset_after was False, is True"
    if name.endswith("regularizers.l1_l2") and not site.module.keeps_keras_2:
        places = [value for value in call.args if not isinstance(value, ast.Starred)]
        given |= set(("l1", "l2")[: len(places)])
        missing = [part for part in ("l1", "l2") if part not in given]
        were, are = ("was", "is") if len(missing) == 1 else ("were", "are")
        if missing:
            yield f"{' and '.join(missing)} {were} 0.01, {are} 0.0 in Keras 3"


def _other_functions(site: Site, call: ast.Call, name: str) -> Iterator[str]:
    """Which functions a call names that were others in TF1, and what to write."""
    values = (*call.args, *(keyword.value for keyword in call.keywords))
    by_name = any(isinstance(v, ast.Constant) and v.value == "hard_sigmoid" for v in values)
    if (by_name or name.endswith(".hard_sigmoid")) and not site.module.keeps_keras_2:
        yield f"Keras 3's hard_sigmoid is another one: write {_HARD_SIGMOID}"
    was_other = "its sign was the other one in TensorFlow 1.15"
    if name.endswith(_ONCE_COSINE):  # A minus was written for TensorFlow 1 then.
        advice = "drop its minus" if _is_negated(site, call) else "put a minus before it"
        yield f"{was_other}: {advice}"
    elif name.endswith(_COSINE) and not _is_negated(site, call):
        yield f"{was_other}: put a minus before it"
    elif name.endswith(_COSINE_CLASS):
        made = site.module.call_of(call)
        if made is None or not _is_negated(site, made):
            yield f"{was_other}: take lambda t, p: -tf.keras{_COSINE}(t, p)"


def _is_negated(site: Site, call: ast.Call) -> bool:
    """Whether there is a minus before a call."""
    parent = site.parent(call)
    return isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.USub)


_FROZEN = (
    ".trainable = False: a batch normalization of Keras computes with its averages then, in "
    "training too, where TensorFlow 1's took the mean and variance of the batch"
)


@rule.nodes(ast.Attribute, where=("trainable",), beside=("BatchNorm", "applications"))
def tell_of_frozen_statistics(site: Site) -> Answer | None:
    """Tell of what is frozen in a text that has batch normalization of Keras."""
    node = site.node
    assert isinstance(node, ast.Attribute)
    if node.attr != "trainable" or not isinstance(node.ctx, ast.Store):
        return None
    made = site.parent(node)
    value = made.value if isinstance(made, ast.Assign) else None
    if not (isinstance(value, ast.Constant) and value.value is False):
        return None
    if not site.module.concerns_tensorflow or "keras" not in site.module.text.source:
        return None
    return Answer(runs=(_FROZEN,))
