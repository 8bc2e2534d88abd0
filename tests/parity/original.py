"""TensorFlow 1.15.5 as the probes see it. Runs on CPython 3.7: `record_parity.py` starts it.

python -m parity.original DIRECTORY
"""

import json
import os
import sys
import warnings

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import tensorflow.compat.v1 as tf1  # noqa: E402
from tensorflow.contrib import crf, cudnn_rnn, legacy_seq2seq, lookup, rnn, seq2seq, slim  # noqa: E402
from tensorflow.contrib import layers as contrib_layers  # noqa: E402

from . import getters_of_tf1  # noqa: E402
from .probes import PROBES  # noqa: E402
from .sessions import InSessions  # noqa: E402


class Contrib:
    """slim, where all of tf.contrib is that the probes use, without the modules in it."""

    convert_collection_to_dict = staticmethod(slim.utils.convert_collection_to_dict)
    recompute_grad = staticmethod(contrib_layers.recompute_grad)

    def __getattr__(self, name):
        return getattr(slim, name)


class Original(InSessions):
    """`tensorflow.compat.v1` of TensorFlow 1.15.5, and what the probes need besides."""

    def __init__(self):
        super().__init__(tf1)
        self.Graph = tf1.Graph
        self.current_graph = tf1.get_default_graph
        self.plain_variable_scope = tf1.variable_scope
        self.plain_get_variable = tf1.get_variable
        self.contrib = Contrib()
        self.contrib_rnn, self.contrib_cudnn_rnn = rnn, cudnn_rnn
        self.contrib_crf, self.contrib_seq2seq = crf, seq2seq
        self.contrib_legacy_seq2seq = legacy_seq2seq
        self.getters = getters_of_tf1

    def __getattr__(self, name):
        return getattr(tf1, name)

    @staticmethod
    def mutable_table(**kwargs):
        """A table of 64-bit numbers."""
        return lookup.MutableHashTable(tf1.int64, tf1.int64, -1, **kwargs)

    @staticmethod
    def generator(seed):
        """A generator of random numbers."""
        return tf1.random.experimental.Generator.from_seed(seed)

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


def record(directory, chosen):
    """Ask TensorFlow 1.15.5 every probe, or those of some sections; write one file a section."""
    sections = {}
    for probe in PROBES.values():
        if chosen and probe.section not in chosen:
            continue
        with tf1.Graph().as_default():
            sections.setdefault(probe.section, {})[probe.name] = probe.facts(Original())
    for section, answers in sections.items():
        with open(os.path.join(directory, section + ".json"), "w") as file:
            json.dump(answers, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    tf1.logging.set_verbosity(tf1.logging.ERROR)
    record(sys.argv[1], sys.argv[2:])
