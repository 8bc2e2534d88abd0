"""TF1 initializers become what draws from the same distribution in TensorFlow 2.

TensorFlow 2 has `zeros`, `ones`, `constant`, `random_normal` and `random_uniform` in its own
namespace; defaults that differ are written out. The others keep TF1's class, `tf.compat.v1`,
which works with Keras layers and `get_variable`. An explicit Glorot uniform must not give way to
the default of a scope, as that of a Keras layer does. And an unseeded initializer of Keras 3 draws
the same values at each call, where TF1's drew new ones: one that is kept for several weights is
reported.

Before:

    a = tf.random_normal_initializer()
    b = tf.truncated_normal_initializer(stddev=0.02)
    c = tf.contrib.layers.xavier_initializer()
    d = tf.zeros_initializer(tf.float32)

After:

    a = tf.random_normal_initializer(stddev=1.0)
    b = tf.compat.v1.truncated_normal_initializer(stddev=0.02)
    c = tf.compat.v1.glorot_uniform_initializer()
    d = tf.zeros_initializer()
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.names import V1, Scope
from getter_compat.codemod.edits import Argument
from getter_compat.codemod.page import Page, Site, short
from getter_compat.codemod.rules import Rule
from getter_compat.tables.initializers import (
    ALIASES,
    CONTRIB_NORMAL_SCALE,
    DEFAULTS,
    KERAS_RANDOM,
    PARAMETERS,
    V1_ONLY,
)
from getter_compat.tables.keras import ROOTS

rule = Rule(__name__)

_TF = "tensorflow."
_CONTRIB = (
    "tensorflow.contrib.layers",
    "tensorflow.contrib.layers.python.layers",
    "tensorflow.contrib.layers.python.layers.initializers",
    "tensorflow.contrib.slim",
    "tensorflow.contrib.slim.initializers",
    "tf_slim",
    "tf_slim.initializers",
    "tf_slim.layers.initializers",
)
_XAVIER = ("xavier_initializer", "xavier_initializer_conv2d")
_KERAS = ("tensorflow.keras.initializers", *(f"{root}.initializers" for root in ROOTS))
_SHORT = {alias: name for alias, name in ALIASES.items() if name in PARAMETERS}
_SHORT_V1 = {alias: name for alias, name in ALIASES.items() if name in V1_ONLY}

rule.renames({_TF + name: _TF + name for name in PARAMETERS})
rule.renames({_TF + alias: _TF + name for alias, name in _SHORT.items()})
rule.renames({_TF + name: f"{V1}.{name}" for name in V1_ONLY})
rule.renames({_TF + alias: f"{V1}.{name}" for alias, name in _SHORT_V1.items()})


@rule.names(*(_TF + name for name in (*V1_ONLY, *_SHORT_V1)))
def keep_class(page: Page, site: Site) -> None:
    """Spell TF1's class so that it is found."""
    name = site.name.removeprefix(_TF)
    _spell(page, site, f"{V1}.{_SHORT_V1.get(name, name)}")


@rule.names(*(_TF + name for name in (*PARAMETERS, *_SHORT)))
def rewrite(page: Page, site: Site) -> None:
    """Take TensorFlow 2's own, with TF1's defaults; TF1's class where that could differ."""
    name = site.name.removeprefix(_TF)
    name = _SHORT.get(name, name)
    given = _given(page, site, PARAMETERS[name])
    if given is None or not _is_equal(page, site, name, given):
        _spell(page, site, f"{V1}.{name}")
        return
    if site.call is not None and _write_defaults(page, site.call, name, given):
        page.rename(site, _TF + name, ", TF1's arguments")
        return
    _spell(page, site, _TF + name)


@rule.names(*(f"{module}.{name}" for module in _CONTRIB for name in _XAVIER))
def rewrite_xavier(page: Page, site: Site) -> None:
    """Xavier Glorot's initializer, uniform unless told otherwise."""
    given = _given(page, site, ("uniform", "seed", "dtype"))
    uniform = _literal(given, "uniform", True)
    if site.call is None or given is None or uniform is None:
        _leave_contrib(page, site)
        return
    _name_all(page, given, ("seed", "dtype"))
    if uniform:
        page.text.remove_arguments(site.call, [given[n] for n in ("uniform",) if n in given])
        page.rename(site, f"{V1}.glorot_uniform_initializer")
        return
    page.text.replace(given["uniform"], f'scale={CONTRIB_NORMAL_SCALE}, mode="fan_avg"')
    page.rename(site, f"{V1}.variance_scaling_initializer")


@rule.names(*(f"{module}.variance_scaling_initializer" for module in _CONTRIB))
def rewrite_variance_scaling(page: Page, site: Site) -> None:
    """What contrib calls so has other parameters, defaults and (if normal) another deviation."""
    given = _given(page, site, ("factor", "mode", "uniform", "seed", "dtype"))
    uniform = _literal(given, "uniform", False)
    mode = _literal(given, "mode", "FAN_IN")
    if site.call is None or given is None or uniform is None or mode not in _MODES:
        _leave_contrib(page, site)
        return
    _name_all(page, given, ("seed", "dtype"))
    if "mode" in given:
        page.text.replace(given["mode"], f'mode="{str(mode).lower()}"')
    if "factor" in given:
        page.text.replace(given["factor"], f"scale={_scale(page, given['factor'], uniform)}")
    else:
        page.text.add_keyword(site.call, "scale", str(2 * (1 if uniform else CONTRIB_NORMAL_SCALE)))
    if uniform:
        page.text.replace(given["uniform"], 'distribution="uniform"')
    elif "uniform" in given:
        page.text.remove_arguments(site.call, [given["uniform"]])
    page.rename(site, f"{V1}.variance_scaling_initializer")


@rule.names(*(f"{module}.{name}" for module in _KERAS for name in KERAS_RANDOM))
def look_at_keras(page: Page, site: Site) -> None:
    """Report an object of Keras that is kept: layers of Keras that share it begin equal."""
    page.rename(site, f"{_KERAS[0]}.{site.name.rpartition('.')[2]}")
    if site.call is None or any(keyword.arg == "seed" for keyword in site.call.keywords):
        return
    if _is_kept(page, site.call, site.chain.scope):
        page.report(
            site.node,
            f"{site.short}: one object of Keras 3 draws the same values for every Keras layer; "
            "make one for each, or take TF1's below tf.compat.v1",
        )


def _is_kept(page: Page, call: ast.Call, scope: Scope) -> bool:
    """Whether the object is named, or handed to what makes several weights."""
    parent = page.parent(call)
    if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.arguments, ast.Dict)):
        return True
    user = page.parent(parent) if isinstance(parent, ast.keyword) else parent
    if not isinstance(user, ast.Call):
        return False
    resolved = page.names.resolve(user.func, scope)
    called = resolved.name if resolved is not None else page.text.of(user.func)
    return called.rpartition(".")[2] in ("partial", "variable_scope", "getter_scope", "dict")


def _leave_contrib(page: Page, site: Site) -> None:
    """Leave what cannot be seen."""
    page.report(site.node, f"{site.short}: write tf.compat.v1.variance_scaling_initializer by hand")


_MODES = ("FAN_IN", "FAN_OUT", "FAN_AVG")


def _scale(page: Page, factor: Argument, uniform: object) -> str:
    text = page.text.of(factor.value)
    if uniform:
        return text
    if isinstance(factor.value, ast.Constant) and isinstance(factor.value.value, (int, float)):
        return str(factor.value.value * CONTRIB_NORMAL_SCALE)
    return f"{CONTRIB_NORMAL_SCALE} * ({text})"


def _literal(given: dict[str, Argument] | None, name: str, default: object) -> object:
    """The value of an argument that is written out, the default without one; None if unseen."""
    if given is None or name not in given:
        return default
    value = given[name].value
    return value.value if isinstance(value, ast.Constant) else None


def _name_all(page: Page, given: dict[str, Argument], names: tuple[str, ...]) -> None:
    for name in names:
        if name in given and given[name].keyword is None:
            page.text.name_argument(given[name], name)


def _given(page: Page, site: Site, parameters: tuple[str, ...]) -> dict[str, Argument] | None:
    """The arguments by TF1's parameter names; None if they cannot all be seen."""
    if site.call is None:
        return {}
    arguments = page.arguments(site)
    if any(argument.star for argument in arguments) or len(arguments) > len(parameters):
        return None
    names = [item.keyword or parameters[index] for index, item in enumerate(arguments)]
    return dict(zip(names, arguments, strict=True))


def _is_equal(page: Page, site: Site, name: str, given: dict[str, Argument]) -> bool:
    if site.call is None:
        # A class handed on is made without arguments.
        return name in ("zeros_initializer", "ones_initializer")
    # TF1 lets the constructor choose the dtype of a direct call; float32 is what both do without.
    if "dtype" in given and not _is_float32(page, site, given["dtype"].value):
        return False
    if name == "constant_initializer":
        return "verify_shape" not in given and _is_equal_constant(page, site, given)
    # TF1 takes None for "up to one".
    maxval = given.get("maxval")
    return maxval is None or not _is_none(maxval.value)


def _is_float32(page: Page, site: Site, dtype: ast.expr) -> bool:
    resolved = page.names.resolve(dtype, site.chain.scope)
    return resolved is not None and resolved.name == "tensorflow.float32"


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _is_equal_constant(page: Page, site: Site, given: dict[str, Argument]) -> bool:
    """Whether the value is a number. TF1 fills up a list that is too short, TensorFlow 2 does not.

    A whole number needs a place where a dtype is asked for: TF1 makes it a float otherwise.
    """
    value = given["value"].value if "value" in given else ast.Constant(0)
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        value = value.operand
    if not isinstance(value, ast.Constant):
        return False
    if type(value.value) is float:
        return True
    parent = page.parent(site.call) if site.call is not None else None
    named = isinstance(parent, ast.keyword) and (parent.arg or "").endswith("initializer")
    return type(value.value) is int and named


def _write_defaults(page: Page, call: ast.Call, name: str, given: dict[str, Argument]) -> bool:
    """Write out TF1's defaults and take the dtype away; whether there was anything to do."""
    dtype = given.get("dtype")
    missing = [item for item in DEFAULTS.get(name, {}).items() if item[0] not in given]
    todo = bool(missing or dtype)
    if dtype is not None:
        page.consume(dtype.value)
        if len(given) == 1 and missing:
            page.text.replace(dtype, "=".join(missing.pop(0)))
        else:
            page.text.remove_arguments(call, [dtype])
    if missing:
        (parameter, value), *more = missing
        others = "".join(f", {name}={default}" for name, default in more)
        page.text.add_keyword(call, parameter, value + others)
    return todo


def _spell(page: Page, site: Site, target: str) -> None:
    """Write the name, and say so only where it changes: it may stand there already."""
    span = page.text.span(site.node)
    old, new = page.text.read(span), page.spell(site.chain, target)
    if old != new:
        page.text.replace(span, new)
        page.fixed(site.node, f"{site.short} -> {short(target)}")
