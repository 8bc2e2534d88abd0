"""Writing TF1 code by chance: what models and programs are made of.

A number is always the same code, on every machine and Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

T = TypeVar("T")

GETTERS = {
    "masked": """\
def masked(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    mask = getter(name + "_mask", shape=v.shape, initializer=tf.ones_initializer(),
                  trainable=False)
    return v * mask
""",
    "scaled": """\
def scaled(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if name.split("/")[-1] not in ("kernel", "weights", "w"):
        return v
    return v * 0.5 + 0.01
""",
    "frozen": """\
def frozen(getter, name, **kwargs):
    v = getter(name, **kwargs)
    return tf.stop_gradient(v) if "bias" in name else v
""",
    "renamed": """\
def renamed(getter, name, *args, **kwargs):
    return getter(name.replace("kernel", "weight"), *args, **kwargs)
""",
    "overridden": """\
def overridden(getter, name, *args, **kwargs):
    if name.endswith("bias"):
        kwargs["trainable"] = False
        kwargs["initializer"] = tf.constant_initializer(0.1)
    return getter(name, *args, **kwargs)
""",
    "normed": """\
def normed(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    g = getter(name + "_g", shape=[v.shape[-1]], initializer=tf.ones_initializer())
    return g * tf.nn.l2_normalize(v, axis=list(range(len(v.shape) - 1)))
""",
    "generated": """\
def generated(getter, name, shape=None, *args, **kwargs):
    if not name.endswith("kernel"):
        return getter(name, shape, *args, **kwargs)
    low = getter(name + "_u", [shape[0], 1])
    high = getter(name + "_v", [1, int(np.prod(shape[1:]))])
    return tf.reshape(tf.matmul(low, high), shape)
""",
}
# Not ELU: near zero it has few digits, and which ones depends on the shape of its input.
ACTIVATIONS = (
    "tf.nn.relu",
    "tf.nn.tanh",
    "tf.nn.softplus",
    "tf.sigmoid",
    "tf.nn.leaky_relu",
    "None",
)
INITIALIZERS = (
    "tf.ones_initializer()",
    "tf.constant_initializer(0.2)",
    "tf.random_normal_initializer(stddev=0.3)",
    "tf.truncated_normal_initializer(stddev=0.2)",
    "tf.glorot_normal_initializer()",
    "tf.variance_scaling_initializer(mode='fan_in')",
    "tf.contrib.layers.xavier_initializer()",
    "tf.contrib.layers.variance_scaling_initializer()",
)
REGULARIZERS = (
    "tf.contrib.layers.l2_regularizer(0.01)",
    "tf.contrib.layers.l1_regularizer(0.002)",
    "tf.keras.regularizers.l2(0.01)",
    "lambda w: 0.01 * tf.reduce_sum(tf.abs(w))",
)


class Chance:
    """What is chosen; only `random()` of Python's `Random`, which is the same in all versions."""

    def __init__(self, seed: int | str) -> None:
        self._random = Random(seed)

    def number(self, first: int, last: int) -> int:
        """One of the whole numbers from the first to the last."""
        return first + int(self._random.random() * (last - first + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.number(0, len(items) - 1)]

    def maybe(self, often: float = 0.5) -> bool:
        """Yes, so often."""
        return self._random.random() < often


@dataclass
class Writer:
    """Code as it grows: `h` is the tensor at hand."""

    chance: Chance
    training: str
    """How the code says whether it trains."""
    kind: str = "rows"
    """What `h` is: rows [n, width], images [n, 6, 6, width], sequences [n, 5, width]."""
    width: int = 3
    in_loop: bool = False
    lines: list[str] = field(default_factory=list)
    getters: list[str] = field(default_factory=list)
    slim: bool = False
    names: list[str] = field(default_factory=list)
    indent: int = 1
    counter: int = 0

    def line(self, text: str) -> None:
        """Add a line of code."""
        self.lines.append("    " * self.indent + text)

    def fresh(self, stem: str) -> str:
        """A name that no other line has."""
        self.counter += 1
        return f"{stem}{self.counter}"

    def block(self, header: str, content: Callable[[], object]) -> None:
        """Add lines below a header."""
        self.line(header)
        self.indent += 1
        content()
        self.indent -= 1

    def name(self, stem: str, often: float = 0.5) -> str:
        """`, name="..."`, or nothing; seldom a name that was given before."""
        if not self.chance.maybe(often):
            return ""
        if self.names and self.chance.maybe(0.03):
            return f', name="{self.chance.pick(self.names)}"'
        self.names.append(self.fresh(stem))
        return f', name="{self.names[-1]}"'

    def getter(self) -> str:
        """The name of a getter, whose function the code will have."""
        chosen = self.chance.pick(list(GETTERS))
        if chosen not in self.getters:
            self.getters.append(chosen)
        return chosen

    def options(self, scale: float = 0.25) -> str:
        """Arguments of a layer with a kernel."""
        chance = self.chance
        text = ""
        if chance.maybe(0.5):
            text += f", activation={chance.pick(ACTIVATIONS)}"
        if chance.maybe(scale):
            text += f", kernel_initializer={chance.pick(INITIALIZERS)}"
        if chance.maybe(scale):
            text += f", kernel_regularizer={chance.pick(REGULARIZERS)}"
        if chance.maybe(scale / 2):
            text += ", use_bias=False"
        if chance.maybe(scale / 2):
            text += ", bias_initializer=tf.constant_initializer(0.1)"
        return text


# Blocks ------------------------------------------------------------------------------------------


def blocks(w: Writer, count: int, depth: int = 0) -> None:
    """Write some blocks, one after the other."""
    for _ in range(count):
        if depth < 3 and w.chance.maybe(0.3):
            _scope(w, depth)
        else:
            w.chance.pick(_BLOCKS[w.kind])(w)


def _scope(w: Writer, depth: int) -> None:
    chance = w.chance
    name = w.fresh("scope")
    arguments = f'"{name}"'
    if chance.maybe(0.15):
        arguments = f'None, "{name}"'
    elif chance.maybe(0.1):
        arguments = f'"{name}/inner"'
    if chance.maybe(0.35):
        arguments += f", custom_getter={w.getter()}"
    if chance.maybe(0.15):
        arguments += f", initializer={chance.pick(INITIALIZERS)}"
    if chance.maybe(0.15):
        arguments += f", regularizer={chance.pick(REGULARIZERS)}"
    if chance.maybe(0.2):
        arguments += ", reuse=tf.AUTO_REUSE"
    kept = w.fresh("vs")
    again = chance.maybe(0.2) and w.kind == "rows"
    if again:
        w.line("g = h")
    before = w.kind, w.width
    first = len(w.lines)
    ending = f" as {kept}" if again else ""
    w.block(
        f"with tf.variable_scope({arguments}){ending}:",
        lambda: blocks(w, chance.number(1, 3), depth + 1),
    )
    if not again or "tf.Variable(" in "\n".join(w.lines[first:]):
        return
    body = [line.replace("h = ", "g = ", 1) for line in w.lines[first + 1 :]]
    body = [_with_g(line) for line in body]
    if any("def " in line or "lambda" in line or "slim" in line for line in body):
        return
    w.line(f"with tf.variable_scope({kept}, reuse=True):")
    w.lines += body
    if (w.kind, w.width) == before or w.kind in ("rows", "images", "sequences"):
        w.line("h = h + 0.5 * g")


def _with_g(line: str) -> str:
    return line.replace("(h,", "(g,").replace("(h)", "(g)").replace(" h ", " g ")


def _dense(w: Writer) -> None:
    width = w.chance.number(2, 5)
    w.line(f"h = tf.layers.dense(h, {width}{w.options()}{w.name('fc')})")
    w.width = width


def _dense_object(w: Writer) -> None:
    width = w.width if w.chance.maybe(0.4) else w.chance.number(2, 5)
    layer = w.fresh("layer")
    w.line(f"{layer} = tf.layers.Dense({width}{w.options()}{w.name('fc')})")
    w.line(f"h = {layer}(h)")
    if width == w.width:
        w.line(f"h = tf.tanh({layer}(h))")
    w.width = width


def _get_variable(w: Writer) -> None:
    width, name = w.chance.number(2, 5), w.fresh("w")
    options = ""
    if w.chance.maybe(0.4):
        options += f", initializer={w.chance.pick(INITIALIZERS)}"
    if w.chance.maybe(0.3):
        options += f", regularizer={w.chance.pick(REGULARIZERS)}"
    w.line(f'w = tf.get_variable("{name}", [{w.width}, {width}]{options})')
    w.line("h = tf.matmul(h, w)")
    w.width = width


def _get_vector(w: Writer) -> None:
    how = w.chance.pick(("initializer=tf.ones_initializer()", "trainable=False"))
    w.line(f'b = tf.get_variable("{w.fresh("b")}", [{w.width}], {how})')
    w.line("h = h * b + 0.1")


def _variable(w: Writer) -> None:
    name = f', name="{w.fresh("v")}"' if w.chance.maybe() else ""
    w.line(f"v = tf.Variable(tf.fill([{w.width}], 0.7){name})")
    w.line("h = h * v")


def _batch_norm(w: Writer) -> None:
    options = w.chance.pick(("", "", ", momentum=0.9", ", scale=False", ", epsilon=1e-2"))
    w.line(f"h = tf.layers.batch_normalization(h, training={w.training}{options}{w.name('norm')})")


def _dropout(w: Writer) -> None:
    w.line(f"h = tf.layers.dropout(h, 0.3, training={w.training}{w.name('drop', 0.2)})")


def _arithmetic(w: Writer) -> None:
    w.line(
        w.chance.pick(
            (
                "h = tf.nn.relu(h) + 0.1 * h",
                "h = h - tf.reduce_mean(h, axis=-1, keep_dims=True)",
                "h = tf.identity(h) * 1.5",
                "h = tf.where(tf.greater(h, 0.5), tf.sqrt(tf.abs(h) + 0.1), h)",
                "h = tf.nn.softmax(h) + h",
                "h = tf.clip_by_value(h, -3.0, 3.0)",
                "h = tf.log(tf.abs(h) + 1.0)",
                "h = tf.to_float(h)",
            )
        )
    )


def _reuse(w: Writer) -> None:
    """The same layers twice, found again by AUTO_REUSE in a function of their own."""
    name, function = w.fresh("shared"), w.fresh("net")

    def body() -> None:
        def inner() -> None:
            w.line(f"t = tf.layers.dense(t, {w.width}{w.options()}, name='a')")
            if w.chance.maybe():
                w.line(f"t = tf.layers.dense(t, {w.width}, name='b')")
            w.line("return t")

        w.block(f'with tf.variable_scope("{name}", reuse=tf.AUTO_REUSE):', inner)

    w.block(f"def {function}(t):", body)
    w.line(f"h = {function}(h) + {function}(tf.tanh(h))")


def _template(w: Writer) -> None:
    name, function = w.fresh("template"), w.fresh("net")

    def body() -> None:
        w.line(f'u = tf.get_variable("u", [{w.width}, {w.width}])')
        named = "" if w.chance.maybe() else ", name='a'"
        w.line(f"t = tf.layers.dense(tf.matmul(t, u), {w.width}{named})")
        w.line("return t")

    getter = f", custom_getter_={w.getter()}" if w.chance.maybe(0.25) else ""
    w.block(f"def {function}(t):", body)
    w.line(f'{function} = tf.make_template("{name}", {function}{getter})')
    w.line(f"h = {function}(h)")
    w.line(f"h = {function}(h * 0.5) + h")


def _while(w: Writer) -> None:
    scope, function = w.fresh("loop"), w.fresh("body")

    def body() -> None:
        def inner() -> None:
            if w.chance.maybe():
                w.line(f"t = tf.layers.dense(t, {w.width}, activation=tf.tanh, name='step')")
            else:
                w.line(f't = tf.tanh(tf.matmul(t, tf.get_variable("u", [{w.width}, {w.width}])))')

        w.block(f'with tf.variable_scope("{scope}"):', inner)
        w.line("return i + 1, t")

    w.block(f"def {function}(i, t):", body)
    w.line(f"_, h = tf.while_loop(lambda i, t: i < 3, {function}, [0, h])")


def _cond(w: Writer) -> None:
    limit = w.chance.pick(("-1000.0", "1000.0"))
    width = w.chance.number(2, 5)
    one, other = (f"lambda: tf.layers.dense(h, {width}{w.name('branch', 0.7)})" for _ in range(2))
    w.line(f"h = tf.cond(tf.reduce_sum(h) > {limit}, {one}, {other})")
    w.line(f"h = tf.reshape(h, [-1, {width}])")
    w.width = width


def _map(w: Writer) -> None:
    name = w.fresh("m")
    w.line(f'h = tf.map_fn(lambda row: row * tf.get_variable("{name}", [{w.width}]), h)')


def _fully_connected(w: Writer) -> None:
    width = w.chance.number(2, 5)
    options = w.chance.pick(
        (
            "",
            ", activation_fn=None",
            ", weights_regularizer=tf.contrib.layers.l2_regularizer(0.01)",
            ", normalizer_fn=tf.contrib.layers.layer_norm",
            ", biases_initializer=None",
        )
    )
    scope = f', scope="{w.fresh("fc")}"' if w.chance.maybe() else ""
    w.line(f"h = tf.contrib.layers.fully_connected(h, {width}{options}{scope})")
    w.width = width


def _slim(w: Writer) -> None:
    w.slim = True
    width = w.chance.number(2, 5)

    def body() -> None:
        w.line(f"h = slim.fully_connected(h, {width})")
        w.line(
            f"h = slim.stack(h, slim.fully_connected, [{width}, {width}], scope='{w.fresh('st')}')"
        )

    w.block(
        "with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, "
        "weights_regularizer=slim.l2_regularizer(0.01)):",
        body,
    )
    w.width = width


def _name_scope(w: Writer) -> None:
    w.block(f'with tf.name_scope("{w.fresh("n")}"):', lambda: _dense(w))


def _convolution(w: Writer) -> None:
    width = w.chance.number(2, 4)
    padding = ', padding="same"'
    layer = w.chance.pick(("conv2d", "conv2d", "separable_conv2d", "conv2d_transpose"))
    options = w.options(0.2)
    if layer == "separable_conv2d":
        options = options.replace("kernel_", "depthwise_")
    w.line(f"h = tf.layers.{layer}(h, {width}, 3{padding}{options}{w.name('conv')})")
    w.width = width


def _flatten(w: Writer) -> None:
    w.line("h = tf.layers.flatten(tf.layers.max_pooling2d(h, 2, 2))")
    w.line(f"h = h[:, :{w.width * 3}]")
    w.kind, w.width = "rows", w.width * 3


def _pool(w: Writer) -> None:
    w.line("h = tf.reduce_mean(h, axis=[1, 2])")
    w.kind = "rows"


def _recurrent(w: Writer) -> None:
    width = w.chance.number(2, 4)
    cell = w.chance.pick(("BasicRNNCell", "GRUCell", "BasicLSTMCell", "LSTMCell"))
    scope = f', scope="{w.fresh("rnn")}"' if w.chance.maybe(0.5) else ""
    w.line(f"cell = tf.nn.rnn_cell.{cell}({width})")
    w.line(f"h, _ = tf.nn.dynamic_rnn(cell, h, dtype=tf.float32{scope})")
    w.width = width


def _last(w: Writer) -> None:
    w.line("h = h[:, -1]")
    w.kind = "rows"


def _sequence_dense(w: Writer) -> None:
    width = w.chance.number(2, 4)
    layer = w.chance.pick(("dense(h, {0}", "conv1d(h, {0}, 3, padding='same'"))
    w.line(f"h = tf.layers.{layer.format(width)}{w.options(0.2)}{w.name('fc')})")
    w.width = width


_BLOCKS: dict[str, Sequence[Callable[[Writer], None]]] = {
    "rows": (
        _dense,
        _dense,
        _dense_object,
        _get_variable,
        _get_vector,
        _variable,
        _batch_norm,
        _dropout,
        _arithmetic,
        _reuse,
        _template,
        _while,
        _cond,
        _map,
        _fully_connected,
        _slim,
        _name_scope,
    ),
    "images": (_convolution, _convolution, _batch_norm, _dropout, _arithmetic, _flatten, _pool),
    "sequences": (_recurrent, _sequence_dense, _batch_norm, _arithmetic, _last),
}


def heading(w: Writer) -> list[str]:
    """The imports and the getters that the code needs."""
    lines = ["import numpy as np", "import tensorflow as tf"]
    if w.slim:
        lines.append("slim = tf.contrib.slim")
    for name in w.getters:
        lines += ["", "", GETTERS[name].rstrip()]
    return lines


def shape(kind: str, width: int, rows: int) -> list[int]:
    """The shape of a tensor of a kind."""
    middle = {"rows": [], "images": [6, 6], "sequences": [5]}[kind]
    return [rows, *middle, width]
