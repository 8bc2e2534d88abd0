"""The optimizers of Keras: `lr` is `learning_rate`.

Keras 3 refuses the short name. It also has no `decay`, which is reported, and standalone Keras 2
had other learning rates for some of its optimizers, which are written out.
"""

from __future__ import annotations

from dataclasses import replace

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes
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

_OPTIMIZERS = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD")
_MODULES = ("tensorflow.keras.optimizers", *(f"{root}.optimizers" for root in ROOTS))
_NAMES = tuple(f"{module}.{name}" for module in _MODULES for name in _OPTIMIZERS)

# Of standalone Keras 2.3. TensorFlow 1.15's own `tf.keras` has those of Keras 3.
_LEARNING_RATES = {"Adadelta": "1.0", "Adamax": "0.002", "Nadam": "0.002"}

# How many positional arguments standalone Keras 2 and Keras 3 agree on.
_AGREED = {"Adadelta": 2, "Adam": 4, "Adamax": 4, "Nadam": 4, "RMSprop": 2, "SGD": 2}

_REFUSED = frozenset({"decay", "schedule_decay"})
_RATE = ("lr", "learning_rate")


@rule.uses(*_NAMES)
def move(site: Site) -> Answer:
    """Take the one of `tf.keras`."""
    return becomes(f"{_MODULES[0]}.{site.name.rpartition('.')[2]}")


@rule.calls(*_NAMES)
def rewrite(site: Site, call: Call) -> Answer:
    """Rename the keyword, and write out a default that is another in Keras 3."""
    name = site.name.rpartition(".")[2]
    left = []
    refused = sorted(_REFUSED & {str(argument.keyword) for argument in call.arguments})
    if refused:
        left.append(f"{site.short}: Keras 3 does not take {', '.join(refused)}")
    told = [f"{site.short}: lr -> learning_rate"] if "lr" in call else []
    new = call.with_keyword("lr", "learning_rate")
    if site.name.startswith("keras."):
        left += _changed_since(site, name, call)
        new = _with_rate(name, new)
    return replace(becomes(f"{_MODULES[0]}.{name}", new, *told), left=tuple(left))


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
