"""TensorFlow 1.15.5 as the probes see it. Runs on CPython 3.7: `record_parity.py` starts it.

python -m parity.original DIRECTORY
"""

import json
import os
import sys
import tempfile
import warnings

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import tensorflow.compat.v1 as tf1  # noqa: E402
from tensorflow.contrib import slim  # noqa: E402

from . import getters_of_tf1  # noqa: E402
from .probes import PROBES  # noqa: E402


class Contrib:
    """slim, where all of tf.contrib is that the probes use, without the modules in it."""

    convert_collection_to_dict = staticmethod(slim.utils.convert_collection_to_dict)

    def __getattr__(self, name):
        return getattr(slim, name)


class Original:
    """`tensorflow.compat.v1` of TensorFlow 1.15.5, and what the probes need besides."""

    def __init__(self):
        self._sessions = {}
        self.Graph = tf1.Graph
        self.current_graph = tf1.get_default_graph
        self.contrib = Contrib()
        self.getters = getters_of_tf1

    def __getattr__(self, name):
        return getattr(tf1, name)

    @staticmethod
    def name_of(weight):
        """The name of a variable; of anything else, what it is."""
        if isinstance(weight, tf1.Variable):
            return weight.name
        return "tensor" if isinstance(weight, tf1.Tensor) else type(weight).__name__

    @staticmethod
    def is_variable(value):
        """Whether this is a variable."""
        return isinstance(value, tf1.Variable)

    def value_of(self, fetches):
        """The values of a list, dict or single tensor, all of one run."""
        graph = tf1.get_default_graph()
        if graph not in self._sessions:
            self._sessions[graph] = (tf1.Session(graph=graph), set())
        session, initialized = self._sessions[graph]
        new = [v for v in tf1.global_variables() if v.name not in initialized]
        session.run(tf1.variables_initializer(new))
        initialized.update(v.name for v in new)
        return _listed(session.run(fetches))

    def program(self, function):
        """A program that computes what `function` returns: each call is one run of the graph."""
        fetches = function()
        return lambda: self.value_of(fetches)

    def training_call(self, function, updates=tf1.GraphKeys.UPDATE_OPS):
        """Compute what `function` returns, and its updates, which are in a collection."""
        fetches = function()
        return self.value_of([fetches, tf1.get_collection(updates)])[0]

    def gradients(self, function, sources):
        """The values of the gradients of what `function` returns."""
        return self.value_of(tf1.gradients(function(), sources))

    def minimize(self, function, rate):
        """One step of gradient descent in all trainable variables."""
        self.value_of(tf1.train.GradientDescentOptimizer(rate).minimize(function()))

    def assign(self, variable, value):
        """Give a variable a value."""
        self.value_of(variable.assign(value))

    def averages(self, decay):
        """Exponential moving averages of all trainable variables, applied once."""
        average = tf1.train.ExponentialMovingAverage(decay)
        self.value_of(average.apply(tf1.trainable_variables()))
        return average

    @staticmethod
    def regularization_losses():
        """The losses in the collection of that name."""
        return tf1.get_collection(tf1.GraphKeys.REGULARIZATION_LOSSES)

    @staticmethod
    def losses_of(scope):
        """The regularization losses of the variables under a scope."""
        return tf1.get_collection(tf1.GraphKeys.REGULARIZATION_LOSSES, scope)

    @staticmethod
    def recurrent_program(inputs):
        """A program that returns the weight of a recurrent layer as two of its steps saw it."""

        class Cell(tf1.nn.rnn_cell.RNNCell):
            state_size = output_size = 1

            def build(self, shape):
                self.w = self.add_weight(name="w", shape=[1], initializer=tf1.zeros_initializer())
                self.built = True

            def call(self, x, state):
                return x * 0.0 + self.w, state

        outputs, _ = tf1.nn.dynamic_rnn(Cell(), inputs, dtype=tf1.float32)
        session = tf1.Session()
        session.run(tf1.global_variables_initializer())
        return lambda: session.run(outputs)[0, :2]

    def session(self):
        """A context in which `get_weights` and the like work."""
        self.value_of([])
        return self._sessions[tf1.get_default_graph()][0].as_default()

    def saved_names(self):
        """The names in a checkpoint of all variables."""
        self.value_of([])
        session = self._sessions[tf1.get_default_graph()][0]
        path = tf1.train.Saver().save(session, os.path.join(tempfile.mkdtemp(), "model"))
        return [name for name, _ in tf1.train.list_variables(path)]


def _listed(value):
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


def record(directory):
    """Ask TensorFlow 1.15.5 every probe, and write one file a section."""
    sections = {}
    for probe in PROBES.values():
        with tf1.Graph().as_default():
            sections.setdefault(probe.section, {})[probe.name] = probe.facts(Original())
    for section, answers in sections.items():
        with open(os.path.join(directory, section + ".json"), "w") as file:
            json.dump(answers, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    tf1.logging.set_verbosity(tf1.logging.ERROR)
    record(sys.argv[1])
