"""The optimizers of Keras: `lr` is `learning_rate`.

Keras 3 refuses the short name. It also has no `decay`, which is reported, and standalone Keras 2
had other learning rates for some of its optimizers, which are written out.

Before:

    a = tf.keras.optimizers.Adam(lr=0.01)
    b = keras.optimizers.Adadelta()

After:

    a = tf.keras.optimizers.Adam(learning_rate=0.01)
    b = keras.optimizers.Adadelta(learning_rate=1.0)
"""

from __future__ import annotations

from getter_compat.codemod.edits import Argument
from getter_compat.codemod.page import Page, Site
from getter_compat.codemod.rules import Rule
from getter_compat.tables.keras import ROOTS

rule = Rule(__name__)

_OPTIMIZERS = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD")
_MODULES = ("tensorflow.keras.optimizers", *(f"{root}.optimizers" for root in ROOTS))

# Of standalone Keras 2.3. TensorFlow 1.15's own `tf.keras` has those of Keras 3.
_LEARNING_RATES = {"Adadelta": "1.0", "Adamax": "0.002", "Nadam": "0.002"}

# How many positional arguments standalone Keras 2 and Keras 3 agree on.
_AGREED = {"Adadelta": 2, "Adam": 4, "Adamax": 4, "Nadam": 4, "RMSprop": 2, "SGD": 2}

_REFUSED = frozenset({"decay", "schedule_decay"})


@rule.names(*(f"{module}.{name}" for module in _MODULES for name in _OPTIMIZERS))
def rewrite(page: Page, site: Site) -> None:
    """Rename the keyword, and write out a default that is another in Keras 3."""
    name = site.name.rpartition(".")[2]
    page.rename(site, f"{_MODULES[0]}.{name}")
    if site.call is None:
        return
    arguments = page.arguments(site)
    refused = sorted(_REFUSED & {str(argument.keyword) for argument in arguments})
    if refused:
        page.report(site.node, f"{site.short}: Keras 3 does not take {', '.join(refused)}")
    short = [argument for argument in arguments if argument.keyword == "lr"]
    for argument in short:
        page.text.rename_keyword(argument, "learning_rate")
        page.fixed(site.node, f"{site.short}: lr -> learning_rate")
    if site.name.startswith("keras."):
        _rewrite_standalone(page, site, name, arguments)


def _rewrite_standalone(page: Page, site: Site, name: str, arguments: list[Argument]) -> None:
    assert site.call is not None
    if sum(argument.positional for argument in arguments) > _AGREED.get(name, 0):
        page.report(site.node, f"{site.short}: the order of its arguments changed")
    if name == "Adagrad":
        page.report(site.node, f"{site.short}: Keras 3 starts its sums at 0.1, Keras 2 at zero")
    rate = _LEARNING_RATES.get(name)
    given = any(item.positional or item.star or item.keyword in _RATE for item in arguments)
    if rate is not None and not given:
        page.text.add_keyword(site.call, "learning_rate", rate)


_RATE = ("lr", "learning_rate")
