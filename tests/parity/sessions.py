"""Programs in a graph that are run in sessions: of TensorFlow 1.15.5, and of getter_compat there.

CPython 3.7 runs this too.
"""

import os
import tempfile

from .probing import first_value


class InSessions:
    """What probes need besides TF1's names, where a program is a graph.

    Args:
        tf1: `tensorflow.compat.v1`, of whichever TensorFlow.
        config: How sessions are configured: a `ConfigProto`, or as TensorFlow does.
    """

    def __init__(self, tf1, config=None):
        self.tf1 = tf1
        self._config = config
        self._sessions = {}

    def value_of(self, fetches):
        """The values of a list, dict or single tensor, all of one run."""
        graph = self.tf1.get_default_graph()
        if graph not in self._sessions:
            self._sessions[graph] = (self.tf1.Session(graph=graph, config=self._config), set())
        session, initialized = self._sessions[graph]
        new = [v for v in self.tf1.global_variables() if v.name not in initialized]
        session.run(self.tf1.variables_initializer(new))
        initialized.update(v.name for v in new)
        return _listed(session.run(fetches))

    def program(self, function):
        """A program that computes what `function` returns: each call is one run of the graph."""
        fetches = function()
        return lambda: self.value_of(fetches)

    def three_runs(self, function, inputs):
        """What a model function makes, and what three runs of its graph give.

        The variables begin with values that depend on their places, and the first trainable one is
        halved after each run.
        """
        tf1 = self.tf1
        with tf1.Graph().as_default():
            x = tf1.placeholder(tf1.float32, inputs.shape)
            fetches = self.called(function, x)
            found, trainable = tf1.global_variables(), tf1.trainable_variables()
            facts = {
                "variables": [v.name for v in found],
                "trainable": [v.name for v in trainable],
            }
            numbers = [v for v in found if v.dtype.base_dtype.is_floating]
            values = [first_value(place, v.shape) for place, v in enumerate(numbers)]
            begin = [v.assign(value) for v, value in zip(numbers, values)]
            halve = [v.assign(v * 0.5) for v in trainable[:1]]
            with tf1.Session(config=self._config) as session:
                session.run([tf1.global_variables_initializer(), tf1.local_variables_initializer()])
                session.run(begin)
                facts["outputs"] = []
                for _ in range(3):
                    facts["outputs"].append(_listed(session.run(fetches, {x: inputs})))
                    session.run(halve)
                facts["values"] = {v.name: _listed(session.run(v)) for v in numbers}
        return facts

    def first_runs(self, function, inputs):
        """What a model function makes, and what the first three runs of its graph give."""
        tf1 = self.tf1
        with tf1.Graph().as_default():
            x = tf1.placeholder(tf1.float32, inputs.shape)
            fetches = self.called(function, x)
            with tf1.Session(config=self._config) as session:
                session.run([tf1.global_variables_initializer(), tf1.local_variables_initializer()])
                session.run(tf1.tables_initializer())
                outputs = [_listed(session.run(fetches, {x: inputs})) for _ in range(3)]
            return {"variables": [v.name for v in tf1.global_variables()], "outputs": outputs}

    @staticmethod
    def called(function, x):
        """What a model function computes of inputs in a graph."""
        return function(x)

    @staticmethod
    def part(function):
        """A part of a model: of one graph, a function."""
        return function

    def initialized_with_tables(self, operation):
        """Have an operation run where the tables of a graph are initialized."""
        self.tf1.add_to_collection(self.tf1.GraphKeys.TABLE_INITIALIZERS, operation)

    def training_call(self, function, updates="update_ops"):
        """Compute what `function` returns, and its updates, which are in a collection."""
        fetches = function()
        return self.value_of([fetches, self.tf1.get_collection(updates)])[0]

    def gradients_of(self, values, sources, **how):
        """The gradients of what has been computed: `tf.gradients`."""
        return self.tf1.gradients(values, sources, **how)

    def while_loop_of_v1(self, *args, **kwargs):
        """TF1's own `while_loop`, which returned the one variable of a loop by itself."""
        return self.tf1.while_loop(*args, **kwargs)

    def gradients(self, function, sources):
        """The values of the gradients of what `function` returns."""
        return self.value_of(self.tf1.gradients(function(), sources))

    def values_and_gradients(self, function, inputs, weights):
        """The values that `function` returns, and the gradients of the sum of their squares.

        These are with respect to `inputs` and to what `weights` returns once all is made.
        """
        tf1 = self.tf1
        returned = function()
        squares = tf1.add_n([tf1.reduce_sum(value**2) for value in returned])
        gradients = tf1.gradients(squares, [inputs, *weights()])
        # That of a table of which rows were looked up has those rows alone.
        return self.value_of([returned, [tf1.convert_to_tensor(it) for it in gradients]])

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
