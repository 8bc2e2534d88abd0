"""Derived weights: alive, and evaluated once for each outermost layer call.

A weight whose getter returned a tensor has no value of its own. Its value is what the getter gives
now: in TF1 the tensor was part of the graph and evaluated at each `session.run`. Which call is the
outermost, only Keras knows: the adapters bring the cache that lives as long as it.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from tensorflow.python.ops import control_flow_v2_func_graphs as control_flow

from getter_compat.store import Request

Cache = dict[tuple["Derived", "tf.Graph | None"], tf.Tensor]

_BODIES = (
    control_flow.CondBranchFuncGraph,
    control_flow.WhileBodyFuncGraph,
    control_flow.WhileCondFuncGraph,
)


class Derived:
    """What a getter made of a weight, and how to have it made again.

    Args:
        request: The request that the getter answered.
        sources: The variables that the getter was given by the true getter; twice is once.
    """

    def __init__(self, request: Request, sources: list[tf.Variable]) -> None:
        self.request = request
        self.sources = list({id(variable): variable for variable in sources}.values())

    @property
    def name(self) -> str:
        """The TF1 name of the weight, `model/dense/kernel`."""
        return self.request.name

    def now(self) -> Any:
        """What the getter gives now."""
        return self.request.again()

    def __reduce__(self) -> Any:
        """Refuse to be copied or pickled: the copy of a layer would have the old variables."""
        raise TypeError(
            f"The weight {self.name} is derived by a custom getter, so its layer cannot be copied "
            "or pickled. Build another one under the scope, and save and load its variables."
        )

    def cannot_be_assigned(self) -> AttributeError:
        """The error for whoever assigns the weight."""
        return AttributeError(
            f"The weight {self.name} is derived by a custom getter and cannot be assigned: its "
            "value is what the getter gives. Assign the variables that it is made from"
            f" ({', '.join(v.name for v in self.sources) or 'the getter knows which'}). "
            "For the statistics of batch normalization and other weights that a layer updates "
            "itself, let the getter return the variable: `if not trainable: return variable`."
        )

    def in_call(self, cache: Cache) -> Any:
        """What the getter gave in this call: it is asked once, also by a loop inside the call.

        A body of `tf.while_loop` or `tf.cond` is a graph of its own: a value computed there would
        be computed at every step, and could not be used outside. So it is computed in the graph
        around all of them, and the body captures it.
        """
        graph = _graph_around_control_flow()
        value = cache.get((self, graph))
        if value is None:
            value = cache[self, graph] = self._now_in(graph)
        return value

    def _now_in(self, graph: tf.Graph | None) -> Any:
        if graph is None or graph is tf.compat.v1.get_default_graph():
            return self.now()
        with graph.as_default():
            return self.now()


def _graph_around_control_flow() -> tf.Graph | None:
    """The graph being built, outside of the loops and branches in it; `None` in eager mode."""
    if tf.executing_eagerly():
        return None
    graph = tf.compat.v1.get_default_graph()
    while isinstance(graph, _BODIES):
        graph = graph.outer_graph
    return graph
