"""The functions of `keras.backend` that Keras 3 lacks, or that it gives tensors only.

`tf.keras.backend` still has nearly all of Keras 2's functions, with the same results, and they
stay. `mean`, `std`, `var`, `stack` and `dtype` fail with a weight, which is no tensor in Keras 3:
a weight made by `add_weight` is read first. What is gone is reported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from getter_compat.codemod.analysis.names import below_v1
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes, changed, left
from getter_compat.codemod.rewriting.calls import filled
from getter_compat.codemod.rules import Rule
from getter_compat.tables.keras import BACKEND_GONE, BACKEND_GONE_IN_SESSIONS, NEEDS_TENSOR, ROOTS

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf
        from tensorflow.keras import backend as K


        class Centred(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.shift = self.add_weight(name="shift", shape=[3])

            def call(self, x):
                return x + self.shift - K.mean(self.shift)


        print(Centred()(tf.ones([1, 3])).shape)
        """,
    after="""
        import tensorflow as tf
        from tensorflow.keras import backend as K


        class Centred(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.shift = self.add_weight(name="shift", shape=[3])

            def call(self, x):
                return x + self.shift - K.mean(tf.convert_to_tensor(self.shift))


        print(Centred()(tf.ones([1, 3])).shape)
        """,
)

_BACKEND = "tensorflow.keras.backend"
_MODULES = (_BACKEND, *(f"{root}.backend" for root in ROOTS))


# What the backend of Keras 2 has below `tf.compat.v1` only.
_OF_SESSIONS = ("get_session", "set_session")


@rule.uses(*(f"{module}.{name}" for module in _MODULES for name in BACKEND_GONE))
def leave_gone(site: Site) -> Answer:
    """Leave what there is no more."""
    name = site.name.rpartition(".")[2]
    if name in _OF_SESSIONS and site.module.keeps_keras_2 and site.module.target == "graph":
        return becomes(below_v1(f"{_BACKEND}.{name}"))
    gone = BACKEND_GONE_IN_SESSIONS if site.module.may_run_keras_3 else {}
    return left(f"{site.short}: {gone.get(name, BACKEND_GONE[name])}")


@rule.uses(*(f"{module}.{name}" for module in _MODULES for name in NEEDS_TENSOR))
def read_weights(site: Site) -> Iterator[Answer]:
    """Read the weights that are an argument."""
    yield becomes(f"{_BACKEND}.{site.name.rpartition('.')[2]}")
    arguments = site.call.args if site.call is not None else []
    if not arguments:
        return
    first = arguments[0]
    read = f"{site.spelling.in_scope(site.scope, 'tensorflow.convert_to_tensor')}({{}})"
    for value in first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]:
        if _is_weight(site, value):
            told = f"{site.text_of(value)} is read: a weight is no tensor"
            yield changed(value, partial(filled, read), told)


def _is_weight(site: Site, node: ast.expr) -> bool:
    """Whether this is `self.x`, and a method in its class says `self.x = self.add_weight(...)`."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        return False
    above = site.ancestors(node)
    owner = next((parent for parent in above if isinstance(parent, ast.ClassDef)), None)
    return owner is not None and any(
        isinstance(statement, ast.Assign)
        and _makes_weight(statement.value)
        and any(ast.dump(target) == ast.dump(_stored(node)) for target in statement.targets)
        for statement in ast.walk(owner)
    )


def _makes_weight(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("add_weight", "add_variable")
    )


def _stored(node: ast.Attribute) -> ast.Attribute:
    return ast.Attribute(node.value, node.attr, ast.Store())
