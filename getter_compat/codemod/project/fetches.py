"""What a run of a session fetches: whether TensorFlow 1 and 2 could read it at another moment.

A variable that is fetched beside its update is read after it in TensorFlow 1, where a fetch is a
view of the variable; in TensorFlow 2 it is a copy, taken at any time. A variable alone, tensors
that are computed, and operations are the same in both. Only what is sure counts as such.
"""

from __future__ import annotations

import ast

from getter_compat.codemod.analysis.values import Held, Kind, Many, Several, Values, written_out

_COMPUTED = (Kind.TENSOR, Kind.OPERATION)


def may_read_beside_update(call: ast.Call, values: Values) -> bool:
    """Whether a call of `run` may fetch a variable and something that updates it.

    Args:
        call: A call of `run` of a session, of whatever kind.
        values: What the expressions of its text hold.
    """
    words = [word.value for word in call.keywords if word.arg == "fetches"]
    fetched = [part for item in [*call.args[:1], *words] for part in written_out(item)]
    if len(fetched) == 1:
        return not _is_one(fetched[0], values)
    return not all(_is_computed(part, values) for part in fetched)


def _is_one(node: ast.expr, values: Values) -> bool:
    """Whether this is one thing alone, or all that it holds is computed.

    What a function of the program returns is taken for one.
    """
    held = values.held(node)
    if held is None:
        return isinstance(node, ast.Constant) or values.is_given_here(node)
    return held is Kind.VARIABLE or _holds_computed(held)


def _is_computed(node: ast.expr, values: Values) -> bool:
    """Whether this is a tensor that is computed, an operation, or a name of one."""
    is_name = isinstance(node, ast.Constant)  # Names of tensors, `w:0`, are asked for elsewhere.
    return is_name or _holds_computed(values.held(node))


def _holds_computed(held: Held) -> bool:
    if isinstance(held, Many):
        return _holds_computed(held.of)
    if isinstance(held, Several):
        return all(map(_holds_computed, held.parts))
    return held in _COMPUTED
