"""Programs in a graph that are run in sessions: of TensorFlow 1.15.5, and of getter_compat there.

CPython 3.7 runs this too.
"""

import os
import tempfile


class InSessions:
    """What probes need besides TF1's names, where a program is a graph.

    Args:
        tf1: `tensorflow.compat.v1`, of whichever TensorFlow.
    """

    def __init__(self, tf1):
        self.tf1 = tf1
        self._sessions = {}

    def value_of(self, fetches):
        """The values of a list, dict or single tensor, all of one run."""
        graph = self.tf1.get_default_graph()
        if graph not in self._sessions:
            self._sessions[graph] = (self.tf1.Session(graph=graph), set())
        session, initialized = self._sessions[graph]
        new = [v for v in self.tf1.global_variables() if v.name not in initialized]
        session.run(self.tf1.variables_initializer(new))
        initialized.update(v.name for v in new)
        return _listed(session.run(fetches))

    def program(self, function):
        """A program that computes what `function` returns: each call is one run of the graph."""
        fetches = function()
        return lambda: self.value_of(fetches)

    def training_call(self, function, updates="update_ops"):
        """Compute what `function` returns, and its updates, which are in a collection."""
        fetches = function()
        return self.value_of([fetches, self.tf1.get_collection(updates)])[0]

    def gradients(self, function, sources):
        """The values of the gradients of what `function` returns."""
        return self.value_of(self.tf1.gradients(function(), sources))

    def minimize(self, function, rate):
        """One step of gradient descent in all trainable variables."""
        self.value_of(self.tf1.train.GradientDescentOptimizer(rate).minimize(function()))

    def assign(self, variable, value):
        """Give a variable a value."""
        self.value_of(variable.assign(value))

    def averages(self, decay):
        """Exponential moving averages of all trainable variables, applied once."""
        average = self.tf1.train.ExponentialMovingAverage(decay)
        self.value_of(average.apply(self.tf1.trainable_variables()))
        return average

    def regularization_losses(self):
        """The losses in the collection of that name."""
        return self.tf1.get_collection(self.tf1.GraphKeys.REGULARIZATION_LOSSES)

    def losses_of(self, scope):
        """The regularization losses of the variables under a scope."""
        return self.tf1.get_collection(self.tf1.GraphKeys.REGULARIZATION_LOSSES, scope)

    def session(self):
        """A context in which `get_weights` and the like work."""
        self.value_of([])
        return self._sessions[self.tf1.get_default_graph()][0].as_default()

    def saved_names(self):
        """The names in a checkpoint of all variables."""
        self.value_of([])
        session = self._sessions[self.tf1.get_default_graph()][0]
        path = self.tf1.train.Saver().save(session, os.path.join(tempfile.mkdtemp(), "model"))
        return [name for name, _ in self.tf1.train.list_variables(path)]


def _listed(value):
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value
