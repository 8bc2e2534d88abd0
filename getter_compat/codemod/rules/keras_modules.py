"""Standalone Keras 2, and TensorFlow's private copies of it, become `tf.keras`.

`tf.keras` is the Keras that TensorFlow 2 runs with, so that all of a program takes the same one.
Modules that Keras 2 split a package into are gone; what Keras 3 does not have at all is reported.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, left
from getter_compat.codemod.rules import Rule
from getter_compat.tables import symbols
from getter_compat.tables.keras import GONE, MODULES, ROOTS
from getter_compat.tables.keras_names import MODULES as KNOWN_MODULES
from getter_compat.tables.keras_names import NAMES

rule = Rule(__name__)

rule.example(
    before="""
        from keras import backend as K
        from keras.engine.topology import Layer
        from keras.layers.core import Dense

        print(issubclass(Dense, Layer), K.floatx())
        """,
    after="""
        from tensorflow.keras import backend as K
        from tensorflow.keras.layers import Layer
        from tensorflow.keras.layers import Dense

        print(issubclass(Dense, Layer), K.floatx())
        """,
)

_KERAS = "tensorflow.keras"
_ALL_ROOTS = (*ROOTS, _KERAS)
_GONE_SYMBOLS = [
    f"tensorflow.{name}"
    for name in symbols.GONE
    if name.startswith("keras.") and not name.startswith("keras.backend.")
]

for _root in ROOTS:
    rule.renames({_root: _KERAS})
    rule.renames(
        {
            f"{_root}.{old[6:]}": f"tensorflow.{new}"
            for old, new in symbols.RENAMES.items()
            if old.startswith("keras.")
        }
    )
for _root in _ALL_ROOTS:
    # What is gone keeps its name, in the imports too.
    rule.renames({f"{_root}.{name}": f"{_root}.{name}" for name in GONE})
    rule.renames({f"{_root}.{old}": f"{_KERAS}.{new}" for old, new in MODULES.items()})


@rule.uses(*(f"{_root}.{name}" for _root in _ALL_ROOTS for name in GONE))
def leave_gone(site: Site) -> Answer:
    """Leave what Keras 3 does not have."""
    return left(f"{site.short}: {GONE[_below_root(site.name)]}")


@rule.uses(*ROOTS)
@rule.below(*_ALL_ROOTS)
@rule.uses(*_GONE_SYMBOLS)
def move(site: Site) -> Answer:
    """Write `tf.keras` in front, and leave what it does not have."""
    name = _moved(_below_root(site.name))
    unknown = _first_unknown(_moved(_below_root(site.resolve_whole())))
    missing = (f"Keras 3 has no tf.keras.{unknown}",) if unknown is not None else ()
    return replace(becomes(f"{_KERAS}.{name}" if name else _KERAS), left=missing)


def _below_root(name: str) -> str:
    root = max((root for root in _ALL_ROOTS if f"{name}.".startswith(f"{root}.")), key=len)
    return name[len(root) + 1 :]


def _moved(name: str) -> str:
    """Where `tf.keras` has what Keras 2 had in a module of its own."""
    module, rest = name, ""
    while module:
        if module in MODULES:
            return MODULES[module] + rest
        module, _, leaf = module.rpartition(".")
        rest = f".{leaf}{rest}"
    return name


@cache
def _first_unknown(name: str) -> str | None:
    """The shortest part of the dotted name that a module of Keras 3 does not have."""
    known = ""
    for part in name.split(".") if name else ():
        if known and known not in KNOWN_MODULES:
            return None
        if part.startswith("__"):  # `__dict__`, `__name__`: every module has them
            return None
        known = f"{known}.{part}" if known else part
        if known not in NAMES:
            return known
    return None
