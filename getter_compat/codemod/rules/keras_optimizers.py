"""The optimizers of Keras: `lr` is `learning_rate`.

Keras 3 refuses the short name. It also has no `decay`, which is reported, and standalone Keras 2
had other learning rates for some of its optimizers, which are written out. `compile` took TF1's
optimizers; Keras 3 does not, so those that are given to it are left for a person.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rewriting.calls import Call
from getter_compat.codemod.rules import Rule
from getter_compat.tables.keras import ROOTS

rule = Rule(__name__)

rule.example(
    before="""
        import keras
        import tensorflow as tf

        optimizer = tf.keras.optimizers.Adam(lr=0.25)
        other = keras.optimizers.Adadelta()
        print(float(tf.convert_to_tensor(optimizer.learning_rate)))
        """,
    after="""
        from tensorflow import keras
        import tensorflow as tf

        optimizer = tf.keras.optimizers.Adam(learning_rate=0.25)
        other = keras.optimizers.Adadelta(learning_rate=1.0)
        print(float(tf.convert_to_tensor(optimizer.learning_rate)))
        """,
)

rule.kept(
    """
    import tensorflow as tf

    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile(optimizer=tf.compat.v1.train.AdamOptimizer(0.01), loss="mse")
    """,
    "write tf.keras.optimizers.Adam(..., epsilon=1e-08)",
)

_OPTIMIZERS = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD")
_MODULES = ("tensorflow.keras.optimizers", *(f"{root}.optimizers" for root in ROOTS))
_NAMES = tuple(f"{module}.{name}" for module in _MODULES for name in _OPTIMIZERS)

# Of standalone Keras 2.3. TensorFlow 1.15's own `tf.keras` has those of Keras 3.
_LEARNING_RATES = {"Adadelta": "1.0", "Adamax": "0.002", "Nadam": "0.002"}

# How many positional arguments standalone Keras 2 and Keras 3 agree on.
_AGREED = {"Adadelta": 2, "Adam": 4, "Adamax": 4, "Nadam": 4, "RMSprop": 2, "SGD": 2}

_REFUSED = frozenset({"decay", "schedule_decay"})
_RATE = ("lr", "learning_rate")

# The optimizers of TF1 that step as Keras's do, and what of TF1's defaults has to be written out.
_AS_KERAS_STEPS = {
    "AdamOptimizer": "Adam(..., epsilon=1e-08)",
    "GradientDescentOptimizer": "SGD(...)",
    "MomentumOptimizer": "SGD(..., momentum=...)",
}
_OF_TF1 = re.compile(r"tensorflow\.train\.(\w+Optimizer)")


@rule.uses(*_NAMES)
def move(site: Site) -> Answer:
    """Take the one of `tf.keras`."""
    return becomes(f"{_MODULES[0]}.{site.name.rpartition('.')[2]}")


@rule.calls(*_NAMES)
def rewrite(site: Site, call: Call) -> Answer:
    """Rename the keyword, and write out a default that is another in Keras 3."""
    name = site.name.rpartition(".")[2]
    refused = sorted(_REFUSED & {str(argument.keyword) for argument in call.arguments})
    gone = [f"{site.short}: Keras 3 does not take {', '.join(refused)}"] if refused else []
    told = [f"{site.short}: lr -> learning_rate"] if "lr" in call else []
    new = call.with_keyword("lr", "learning_rate")
    if site.name.startswith("keras."):
        gone += _changed_since(site, name, call)
        new = _with_rate(name, new)
    return replace(becomes(f"{_MODULES[0]}.{name}", new, *told), left=tuple(gone))


@rule.attributes("compile")
def leave_compile(site: Site) -> Answer | None:
    """Leave a model that is compiled with an optimizer of TF1."""
    call = site.call
    if call is None:
        return None
    given = [it.value for it in call.keywords if it.arg == "optimizer"] or call.args[:1]
    made = _OF_TF1.fullmatch(_maker(site, given[0])) if given else None
    if made is None:
        return None
    name = made[1]
    by_hand = f"write {_MODULES[0].replace('tensorflow', 'tf')}.{_AS_KERAS_STEPS.get(name)}, or "
    return left(
        f".compile(): Keras 3 does not take tf.train.{name}: "
        f"{by_hand if name in _AS_KERAS_STEPS else ''}set TF_USE_LEGACY_KERAS=1"
    )


def _maker(site: Site, value: ast.expr) -> str:
    """The name of what is called for a value, here or where it is given its name."""
    for made in (value, *_given_to(site, value)):
        resolved = site.resolve(made.func) if isinstance(made, ast.Call) else None
        if resolved is not None:
            return resolved.name
    return ""


def _given_to(site: Site, value: ast.expr) -> Iterator[ast.expr]:
    """What a name is given where it is bound, or an attribute anywhere in the file."""
    if isinstance(value, ast.Name):
        yield from (it.expression for it in site.scope.lookup(value.id) if it.expression)
    elif isinstance(value, ast.Attribute):
        text = site.text_of(value)
        assigned = (it for it in site.module.all_nodes if isinstance(it, ast.Assign))
        yield from (it.value for it in assigned if text in map(site.text_of, it.targets))


def _changed_since(site: Site, name: str, call: Call) -> list[str]:
    """What is not the same in standalone Keras 2 and in Keras 3."""
    changed = []
    if sum(argument.positional for argument in call.arguments) > _AGREED.get(name, 0):
        changed.append(f"{site.short}: the order of its arguments changed")
    if name == "Adagrad":
        changed.append(f"{site.short}: Keras 3 starts its sums at 0.1, Keras 2 at zero")
    return changed


def _with_rate(name: str, call: Call) -> Call:
    rate = _LEARNING_RATES.get(name)
    given = any(it.positional or it.star or it.keyword in _RATE for it in call.arguments)
    return call if rate is None or given else call.adding(learning_rate=rate)
