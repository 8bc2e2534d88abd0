"""What a text takes out of `with graph.as_default():`, and so meets where no graph is entered.

There TensorFlow 2 compares variables and tensors by their values, gives them no hash, and knows
nothing of the graph that they are of. Inside of the block they are what they were in TensorFlow 1.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from getter_compat.codemod.analysis.names import Names, Scope, leaf
from getter_compat.codemod.analysis.values import Kind, Values, holds_any

Place = Callable[[ast.AST], tuple[str, bool]]
"""Below which name of the module a node stands, and whether a graph of its own is entered there."""

_OF_GRAPH = (Kind.VARIABLE, Kind.TENSOR, Kind.OPERATION, Kind.LAYER)
_GIVES_NUMBERS = ("run", "eval")


def escapes(names: Names, values: Values, place: Place) -> Iterator[ast.expr]:
    """The expressions by which something of a graph is kept, or met, outside of its block."""
    for node, scope in names.nodes.get(ast.Attribute, ()):
        assert isinstance(node, ast.Attribute)
        if isinstance(node.ctx, ast.Store) and _is_kept(node, scope, names, values, place):
            yield node
    for chains in names.chains.values():
        for chain in chains:
            if not place(chain.root)[1] and _is_bound_inside(
                chain.root, chain.scope, values, place
            ):
                yield chain.root


def _is_kept(node: ast.Attribute, scope: Scope, names: Names, values: Values, place: Place) -> bool:
    """Whether an attribute is given something of a graph: in a block of one, whatever it is."""
    above = names.parents.get(node)
    while isinstance(above, (ast.Tuple, ast.List, ast.Starred)):
        above = names.parents.get(above)
    if not isinstance(above, (ast.Assign, ast.AnnAssign, ast.withitem)):
        return False  # It is counted up, or runs over something.
    value = above.context_expr if isinstance(above, ast.withitem) else above.value
    if isinstance(value, ast.Constant) or _gives_numbers(value):
        return False
    return (
        place(node)[1] or holds_any(values.held(value), _OF_GRAPH) or _is_made(value, scope, names)
    )


def _is_bound_inside(name: ast.Name, scope: Scope, values: Values, place: Place) -> bool:
    """Whether a name outside of the blocks has what was made in one of them."""
    targets = [binding.target for binding in scope.lookup(name.id) if binding.target is not None]
    return any(place(it)[1] for it in targets) and holds_any(values.held(name), _OF_GRAPH)


def _is_made(value: ast.expr | None, scope: Scope, names: Names) -> bool:
    """Whether TensorFlow made it, whatever it is."""
    path = names.resolve(value.func, scope) if isinstance(value, ast.Call) else None
    return path is not None and path.name.startswith("tensorflow.")


def _gives_numbers(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Call) and leaf(value.func) in _GIVES_NUMBERS
