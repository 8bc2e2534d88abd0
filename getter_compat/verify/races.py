"""Which operations of a run read a variable that the same run changes, in no order that is said.

TensorFlow runs what depends on each other in order, and the rest as it comes: `read + 0` beside
`assign_add(step, 1)` gives the step before it or after it, from run to run of one program. Part of
`program_side.py`, and as it is for CPython 3.6 and newer; it needs `variables.py` beside it alone.
"""
# The language is that of CPython 3.6: no `list[str]`, no `X | Y`, no postponed annotations.
# ruff: noqa: UP006, UP035

import re
from typing import Any, Dict, Iterator, List, Set, Tuple

if not __package__:  # An interpreter without this package; a script's folder leads sys.path.
    from variables import VARIABLES  # type: ignore[import-not-found]
else:
    from getter_compat.verify.variables import VARIABLES

_CHANGES = re.compile("Assign|Apply|Scatter|CountUpTo")
_ASSIGNMENTS = ("Assign", "AssignVariableOp")
_BRANCHES = ("If", "StatelessIf", "Case", "StatelessCase")
_LOOKS = ("IsVariableInitialized", "VarIsInitializedOp", "VariableShape")
_PASSING_ON = re.compile(
    "(Ref)?(Identity|Switch|Merge|Enter|Exit)|Reshape|ExpandDims|Squeeze|StopGradient"
)
"""What gives on a reference's own memory. Fetched beside an update that is made in this memory, it
is there after the update, always (seen in TensorFlow 1.15.5 and 2.21)."""


_ByVariable = Dict[Any, List[Any]]


def needed_by(operations: List[Any]) -> List[Any]:
    """Return what a run of the operations runs, each behind what it needs; loops are cut open."""
    order: List[Any] = []
    seen: Set[Any] = set()
    waiting = [(op, False) for op in operations]
    while waiting:
        op, comes_next = waiting.pop()
        if comes_next:
            order.append(op)
        elif op not in seen:
            seen.add(op)
            waiting.append((op, True))
            waiting.extend((other, False) for other in _needs(op))
    return order


def racing(order: List[Any], unsettled: Set[Any]) -> Set[Any]:
    """Return what, of a run in this order, may be computed before or after an update it reads.

    What reads a variable that an earlier run has left unsettled is as open.
    """
    return _open(order, unsettled)


def left_unsettled(order: List[Any], unsettled: Set[Any]) -> Set[Any]:
    """Return the variables that a run changes by what was computed of a racing read.

    A read in a branch of `cond` does not count: it may be the branch that is not taken, as that of
    a batch normalization which reads the moving statistics, in training.
    """
    found = _open(order, unsettled, in_branches=False)
    _, _, changes = _reads_and_changes(order)
    return {variable for variable, ops in changes.items() if found.intersection(ops)}


def _open(order: List[Any], unsettled: Set[Any], in_branches: bool = True) -> Set[Any]:
    holds, reads, changes = _reads_and_changes(order)
    pairs = [
        (read, change)
        for variable, made in changes.items()
        for read in reads.get(variable, [])
        if in_branches or not _is_in_branch(read, holds)
        for change in made
    ]
    found = {op for op, v in holds.items() if v in unsettled and op.type not in _ASSIGNMENTS}
    found.update(read for variable in unsettled for read in reads.get(variable, []))
    if not (pairs or found):
        return found
    behind = _behind(order, {op for pair in pairs for op in pair})
    found.update(
        read
        for read, change in pairs
        # Of two in order, one has behind it all that the other has.
        if behind[read] & behind[change] not in (behind[read], behind[change])
    )
    for op in order:
        given = list(op.inputs)[1:] if op.type in _ASSIGNMENTS else op.inputs
        if any(tensor.op in found for tensor in given):
            found.add(op)
    return found


def _is_in_branch(read: Any, holds: Dict[Any, Any]) -> bool:
    """Tell whether an operation reads a variable in a branch, or what a branch gave on."""
    context = read._get_control_flow_context()
    while context is not None and type(context).__name__ != "CondContext":
        context = context.outer_context
    if context is not None or read.type in _BRANCHES:
        return True
    for tensor in read.inputs:
        op = tensor.op
        while op in holds and op.type not in VARIABLES:
            if op.type.endswith(("Switch", "Merge")):
                return True
            op = op.inputs[0].op
    return False


def summaries(op: Any) -> Iterator[Tuple[str, Any]]:
    """Yield the tags of a summary, merged or not, each with the operation that makes it."""
    if op.type == "MergeSummary":
        for tensor in op.inputs:
            yield from summaries(tensor.op)
    elif op.type in ("ScalarSummary", "HistogramSummary") and op.inputs[0].op.type == "Const":
        for tag in op.inputs[0].op.get_attr("value").string_val:
            yield tag.decode(), op


def _needs(op: Any) -> List[Any]:
    return [tensor.op for tensor in op.inputs] + list(op.control_inputs)


def _reads_and_changes(order: List[Any]) -> Tuple[Dict[Any, Any], _ByVariable, _ByVariable]:
    """Return what gives on which variable, and what reads and what changes each."""
    holds: Dict[Any, Any] = {}
    reads: _ByVariable = {}
    changes: _ByVariable = {}
    for op in order:
        if op.type in VARIABLES:
            holds[op] = op
        for place, tensor in enumerate(op.inputs):
            variable = holds.get(tensor.op)
            if variable is None or op.type in _LOOKS:
                continue
            if _PASSING_ON.fullmatch(op.type):
                holds[op] = variable
            elif _changes(op, place, tensor):
                holds[op] = variable
                changes.setdefault(variable, []).append(op)
            else:
                reads.setdefault(variable, []).append(op)
    return holds, reads, changes


def _changes(op: Any, place: int, tensor: Any) -> bool:
    if not _CHANGES.search(op.type):
        return False
    if tensor.dtype.name == "resource":
        return True
    arguments = op.op_def.input_arg  # An optimizer's update reads other references than its own.
    return place < len(arguments) and bool(arguments[place].is_ref)


def _behind(order: List[Any], watched: Set[Any]) -> Dict[Any, int]:
    """Return for each operation, as bits, which of the watched ones come before it, itself too."""
    bits = {op: 1 << number for number, op in enumerate(watched)}
    behind: Dict[Any, int] = {}
    for op in order:
        behind[op] = bits.get(op, 0)
        for earlier in _needs(op):
            behind[op] |= behind.get(earlier, 0)  # Nothing yet: a loop's way back.
    return behind
