"""`v.op.name`, by which TF1 code tells variables apart, in a run: outside of graphs there is no op.

A getter or a regularizer may run after that, for a weight or a loss that is read then. TensorFlow
and Keras ask a variable for its operation to know whether it is of a graph, so that the user's code
alone finds one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tensorflow.python.ops.resource_variable_ops import BaseResourceVariable

from getter_compat.runtime import callers, runs


def install() -> None:
    """Wrap the property."""
    BaseResourceVariable.op = property(_wrap_op(BaseResourceVariable.op.fget))


@dataclass(frozen=True)
class VariableOperation:
    """What stands for the operation of a variable that is in no graph.

    Attributes:
        name: The name of the variable.
    """

    name: str


def _wrap_op(original: Any) -> Any:
    def op(variable: Any) -> Any:
        """The operation of this variable."""
        try:
            return original(variable)
        except AttributeError:  # of an eager handle
            is_of_a_run = any(runs.under_way()) or callers.is_called_by_this_package()
            if not (callers.is_the_user() and is_of_a_run):
                raise
            return VariableOperation(variable.name.partition(":")[0])

    return op
