"""What a probe is: one question, put in the same words to TensorFlow 1.15.5 and to getter_compat.

A probe is a function of a namespace `tf` (`original.py` for TensorFlow 1.15.5, `spelling.py` for
getter_compat) that returns facts: names, booleans, numbers, exceptions, in lists and dicts that
JSON can hold. The language is that of CPython 3.7, which TensorFlow 1.15.5 runs on.
"""

import re

import numpy as np

PROBES = {}

_IN_KERAS = re.compile(
    r"Exception encountered when calling .*?\n\n"
    r"(?:\x1b\[1m)?(.*?)(?:\x1b\[0m)?\n\n(?:Call a|A)rguments",
    re.DOTALL,
)


class Probe:
    """A question, and how it may be put.

    Args:
        function: What asks: `function(tf)` returns the facts.
        needs_values: Whether it computes. The others are also asked while a `tf.function` is
            traced; of these, only the programs that they run are made a `tf.function`.
        is_of_graphs: Whether it is only asked in a graph: what it looks at, only graphs have.
        is_of_tf1: Whether it is only asked where all of TensorFlow 2's behaviour is off: there
            variables are reference variables, as TF1's were.
        is_of_layers: Whether, where it is of graphs, it is put to the layers of either Keras, too.
    """

    def __init__(
        self, function, needs_values, is_of_graphs=False, is_of_tf1=False, is_of_layers=False
    ):
        section = function.__module__.rsplit(".", 1)[-1]
        self.name = section + "." + function.__name__
        self.section = section
        self.needs_values = needs_values
        self.is_of_graphs = is_of_graphs
        self.is_of_tf1 = is_of_tf1
        self.is_of_layers = is_of_layers or not is_of_graphs
        self._function = function

    def facts(self, tf):
        """Ask, and return the answer as JSON would bring it back."""
        return plain(self._function(tf))


def probe(function):
    """Register a probe that only looks at names, types and exceptions."""
    return _register(Probe(function, needs_values=False))


def probe_of_values(function):
    """Register a probe that looks at numbers too."""
    return _register(Probe(function, needs_values=True))


def probe_of_graphs(function):
    """Register a probe of what only a graph has: collections, operations, sessions."""
    return _register(Probe(function, needs_values=True, is_of_graphs=True))


def probe_of_layers_in_graphs(function):
    """Register a probe of what only graphs have, that is put to the layers of either Keras, too."""
    return _register(Probe(function, needs_values=True, is_of_graphs=True, is_of_layers=True))


def probe_of_references(function):
    """Register a probe of what reference variables do, and resource variables do otherwise."""
    return _register(Probe(function, needs_values=True, is_of_graphs=True, is_of_tf1=True))


def _register(a_probe):
    assert a_probe.name not in PROBES, a_probe.name
    PROBES[a_probe.name] = a_probe
    return a_probe


def outcome(function):
    """The fact that `function` returns, or the exception that it raises as a fact."""
    try:
        return function()
    except Exception as error:
        return {"raises": type(error).__name__, "message": message_of(error)}


def message_of(error):
    """What an exception says, without what depends on the place it was raised at."""
    text = str(error.args[0]) if isinstance(error, KeyError) else str(error)
    if text.startswith("in converted code:"):  # AutoGraph puts a stack trace around the message
        text = re.split(r"\n\n    \w+: |\n\n    ", text)[-1]
    text = re.split(r"\s*[Oo]riginally defined at:", text)[0]
    wrapped = _IN_KERAS.match(text)  # and Keras puts around it what it was called with
    text = wrapped.group(1) if wrapped else text
    text = re.sub(r"\w+\.<locals>\.", "", text)  # newer Pythons tell where a function was defined
    return text.replace("_ref", "").strip()


def plain(fact):
    """A fact with tuples as lists and floating point numbers rounded, as JSON brings it back."""
    if isinstance(fact, dict):
        return {str(key): plain(value) for key, value in fact.items()}
    if isinstance(fact, (list, tuple)):
        return [plain(value) for value in fact]
    if isinstance(fact, float):
        return round(fact, 4)
    assert fact is None or isinstance(fact, (bool, int, str)), repr(fact)
    return fact


def first_value(place, shape):
    """A value for the variable in a place, so that all are told apart."""
    shape = [int(size) for size in shape]
    size = int(np.prod(shape))
    return (0.1 * (place + 1) + 0.05 * np.arange(size)).reshape(shape)


# Custom getters that many probes use.


def passing(getter, name, *args, **kwargs):
    """A getter that changes nothing."""
    return getter(name, *args, **kwargs)


def times(factor):
    """A getter that multiplies: what it returns is a tensor."""
    return lambda getter, name, *args, **kwargs: getter(name, *args, **kwargs) * factor


def plus(term):
    """A getter that adds."""
    return lambda getter, name, *args, **kwargs: getter(name, *args, **kwargs) + term


def noting(log, tag=None):
    """A getter that changes nothing and notes the names it was asked for."""

    def getter_that_notes(getter, name, *args, **kwargs):
        log.append(name if tag is None else tag + ":" + name)
        return getter(name, *args, **kwargs)

    return getter_that_notes
