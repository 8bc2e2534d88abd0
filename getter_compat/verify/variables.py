"""The variables of a TensorFlow graph, references and resources, and what reads which.

Part of `precision.py` and `races.py`, and as they are for CPython 3.6 and newer; it needs nothing,
TensorFlow neither.
"""

from typing import Any

VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


def variable_of(tensor: Any) -> Any:
    """Return the operation of the variable that a tensor reads; another one if it reads none."""
    op = tensor.op
    while op.type not in VARIABLES and op.inputs:
        op = op.inputs[0].op
    return op
