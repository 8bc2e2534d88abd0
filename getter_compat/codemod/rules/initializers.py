"""TF1 initializers become what draws from the same distribution in TensorFlow 2.

TensorFlow 2 has `zeros`, `ones`, `constant`, `random_normal` and `random_uniform` in its own
namespace; defaults that differ are written out. In a program with sessions the two random ones keep
TF1's class, which draws from a seed what TF1 drew. The others keep TF1's class, `tf.compat.v1`,
which works with Keras layers and `get_variable`. Those of contrib have other parameters: where the
arguments cannot be seen, they are `getter_compat.contrib`'s. An explicit Glorot uniform must not
give way to the default of a scope, as that of a Keras layer does. And an unseeded initializer of
Keras 3 draws the same values at each call, where TF1's drew new ones: one that is kept for several
weights is reported.
"""

from __future__ import annotations

import ast
from dataclasses import replace

from getter_compat.codemod.analysis.names import V1
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, becomes
from getter_compat.codemod.rewriting.calls import Call, Value, filled
from getter_compat.codemod.rules import Rule
from getter_compat.tables.initializers import (
    ALIASES,
    BRINGING,
    BROUGHT,
    CONTRIB_NORMAL_SCALE,
    DEFAULTS,
    KERAS_RANDOM,
    PARAMETERS,
    V1_ONLY,
    XAVIER,
)
from getter_compat.tables.keras import ROOTS

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf

        a = tf.random_normal_initializer()
        b = tf.truncated_normal_initializer(stddev=0.02)
        c = tf.contrib.layers.xavier_initializer()
        d = tf.zeros_initializer(tf.float32)
        for number, initializer in enumerate([a, b, c, d]):
            w = tf.get_variable(f"w_{number}", [3, 2], initializer=initializer)
        """,
    after="""
        import getter_compat
        import tensorflow as tf

        a = tf.random_normal_initializer(stddev=1.0)
        b = tf.compat.v1.truncated_normal_initializer(stddev=0.02)
        c = tf.compat.v1.glorot_uniform_initializer()
        d = tf.zeros_initializer()
        for number, initializer in enumerate([a, b, c, d]):
            w = getter_compat.get_variable(f"w_{number}", [3, 2], initializer=initializer)
        """,
)

_TF = "tensorflow."
_KERAS = ("tensorflow.keras.initializers", *(f"{root}.initializers" for root in ROOTS))
_SHORT = {alias: name for alias, name in ALIASES.items() if name in PARAMETERS}
_SHORT_V1 = {alias: name for alias, name in ALIASES.items() if name in V1_ONLY}

rule.renames({_TF + name: _TF + name for name in PARAMETERS})
rule.renames({_TF + alias: _TF + name for alias, name in _SHORT.items()})
rule.renames({_TF + name: f"{V1}.{name}" for name in V1_ONLY})
rule.renames({_TF + alias: f"{V1}.{name}" for alias, name in _SHORT_V1.items()})


@rule.uses(*(_TF + name for name in (*V1_ONLY, *_SHORT_V1)))
def keep_class(site: Site) -> Answer:
    """Spell TF1's class so that it is found."""
    name = site.name.removeprefix(_TF)
    return _spelled(f"{V1}.{_SHORT_V1.get(name, name)}")


def rewrite(site: Site, call: Call) -> Answer:
    """Take TensorFlow 2's own, with TF1's defaults; TF1's class where that could differ."""
    name = _name(site)
    if not _is_equal(site, name, call):
        return _spelled(f"{V1}.{name}")
    missing = {key: value for key, value in DEFAULTS.get(name, {}).items() if key not in call}
    if missing or "dtype" in call:
        new = call.without("dtype").adding(**missing)
        return becomes(_TF + name, new, why=", TF1's arguments")
    return _spelled(_TF + name)


def keep_unseen(site: Site) -> Answer:
    """Take TF1's class where the arguments cannot be seen."""
    return _spelled(f"{V1}.{_name(site)}")


for _old, _new in (*((name, name) for name in PARAMETERS), *_SHORT.items()):
    rule.calls(_TF + _old, takes=PARAMETERS[_new], unseen=keep_unseen)(rewrite)


@rule.uses(*(_TF + name for name in (*PARAMETERS, *_SHORT)))
def rewrite_class(site: Site) -> Answer:
    """Take TensorFlow 2's own where a class that is handed on is made without arguments."""
    name = _name(site)
    is_equal = name in ("zeros_initializer", "ones_initializer")
    return _spelled(_TF + name if is_equal else f"{V1}.{name}")


def _name(site: Site) -> str:
    name = site.name.removeprefix(_TF)
    return _SHORT.get(name, name)


rule.renames(
    {f"{module}.{name}": f"getter_compat.contrib.{name}" for module in BRINGING for name in BROUGHT}
)


def keep_contrib(site: Site) -> Answer:
    """Take a function with contrib's parameters where the arguments cannot be seen."""
    return becomes(f"getter_compat.contrib.{site.name.rpartition('.')[2]}")


@rule.calls(
    *(f"{module}.{name}" for module in BRINGING for name in XAVIER),
    takes=("uniform", "seed", "dtype"),
    unseen=keep_contrib,
)
def rewrite_xavier(site: Site, call: Call) -> Answer:
    """Xavier Glorot's initializer, uniform unless told otherwise."""
    uniform = _literal(call, "uniform", True)
    if uniform is None:
        return keep_contrib(site)
    call = call.with_keywords("seed", "dtype")
    if uniform:
        return becomes(f"{V1}.glorot_uniform_initializer", call.without("uniform"))
    new = call.replacing("uniform", scale=str(CONTRIB_NORMAL_SCALE), mode='"fan_avg"')
    return becomes(f"{V1}.variance_scaling_initializer", new)


@rule.calls(
    *(f"{module}.variance_scaling_initializer" for module in BRINGING),
    takes=("factor", "mode", "uniform", "seed", "dtype"),
    unseen=keep_contrib,
)
def rewrite_variance_scaling(site: Site, call: Call) -> Answer:
    """What contrib calls so has other parameters, defaults and (if normal) another deviation."""
    uniform = _literal(call, "uniform", False)
    mode = _literal(call, "mode", "FAN_IN")
    if uniform is None or mode not in _MODES:
        return keep_contrib(site)
    call = call.with_keywords("seed", "dtype")
    if "mode" in call:
        call = call.replacing("mode", mode=f'"{str(mode).lower()}"')
    if "factor" in call:
        call = call.replacing("factor", scale=_scale(call, uniform))
    else:
        call = call.adding(scale=str(2 * (1 if uniform else CONTRIB_NORMAL_SCALE)))
    if uniform:
        call = call.replacing("uniform", distribution='"uniform"')
    return becomes(f"{V1}.variance_scaling_initializer", call.without("uniform"))


@rule.uses(*(f"{module}.{name}" for module in _KERAS for name in KERAS_RANDOM))
def look_at_keras(site: Site) -> Answer:
    """Leave an object of Keras that is kept: layers of Keras that share it begin equal."""
    answer = becomes(f"{_KERAS[0]}.{site.name.rpartition('.')[2]}")
    if site.call is None or any(keyword.arg == "seed" for keyword in site.call.keywords):
        return answer
    if not _is_kept(site, site.call):
        return answer
    message = (
        f"{site.short}: one object of Keras 3 draws the same values for every Keras layer; "
        "make one for each, or take TF1's below tf.compat.v1"
    )
    return replace(answer, left=(message,))


def _is_kept(site: Site, call: ast.Call) -> bool:
    """Whether the object is named, or handed to what makes several weights."""
    parent = site.parent(call)
    if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.arguments, ast.Dict)):
        return True
    user = site.parent(parent) if isinstance(parent, ast.keyword) else parent
    if not isinstance(user, ast.Call):
        return False
    resolved = site.resolve(user.func)
    called = resolved.name if resolved is not None else site.text_of(user.func)
    return called.rpartition(".")[2] in ("partial", "variable_scope", "getter_scope", "dict")


_MODES = ("FAN_IN", "FAN_OUT", "FAN_AVG")


def _scale(call: Call, uniform: object) -> Value | str:
    factor = call["factor"]
    if uniform:
        return factor.value
    written = factor.written
    if isinstance(written, ast.Constant) and isinstance(written.value, (int, float)):
        return str(written.value * CONTRIB_NORMAL_SCALE)
    return filled(f"{CONTRIB_NORMAL_SCALE} * {{}}", factor.value)


def _literal(call: Call, name: str, default: object) -> object:
    """The value of an argument that is written out, the default without one; None if unseen."""
    argument = call.get(name)
    if argument is None:
        return default
    return argument.written.value if isinstance(argument.written, ast.Constant) else None


def _is_equal(site: Site, name: str, call: Call) -> bool:
    # In a graph, TF1's class draws from a seed what TF1 drew.
    if name in DEFAULTS and site.module.may_run_graph:
        return False
    # TF1 lets the constructor choose the dtype of a direct call; float32 is what both do without.
    if "dtype" in call and not _is_float32(site, call["dtype"].written):
        return False
    if name == "constant_initializer":
        return "verify_shape" not in call and _is_equal_constant(site, call)
    # TF1 takes None for "up to one".
    maxval = call.get("maxval")
    return maxval is None or not _is_none(maxval.written)


def _is_float32(site: Site, dtype: ast.expr) -> bool:
    resolved = site.resolve(dtype)
    return resolved is not None and resolved.name == "tensorflow.float32"


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_equal_constant(site: Site, call: Call) -> bool:
    """Whether the value is a number. TF1 fills up a list that is too short, TensorFlow 2 does not.

    A whole number needs a place where a dtype is asked for: TF1 makes it a float otherwise.
    """
    value = call["value"].written if "value" in call else ast.Constant(0)
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        value = value.operand
    if not isinstance(value, ast.Constant):
        return False
    if type(value.value) is float:
        return True
    parent = site.parent(site.call) if site.call is not None else None
    named = isinstance(parent, ast.keyword) and (parent.arg or "").endswith("initializer")
    return type(value.value) is int and named


def _spelled(target: str) -> Answer:
    """The name, of which something is said only where it changes: it may stand there already."""
    return Answer(target, quiet=True)
