"""Record what `tf.layers` of TensorFlow 1.15 does: run by its interpreter, CPython 3.7.

    python3.7 scripts/record_layers.py

Reads the list of cases in `tests/data/tf1_layers/cases.json`, which the tests read too, and writes
`recorded.npz` (numbers, by `case/what`) and `recorded.json` (names, signatures, and texts of
errors) beside it.
"""

import inspect
import io
import json
import os
import zipfile

import numpy as np
import tensorflow as tf
from tensorflow.python.util import tf_inspect

NO_LAYERS = ("InputSpec", "Layer")
FOLDER = os.path.join(os.path.dirname(__file__), "..", "tests", "data", "tf1_layers")
MAKERS = {
    "dimension": tf.Dimension,
    "constant": tf.constant_initializer,
    "l1": tf.keras.regularizers.l1,
    "l2": tf.keras.regularizers.l2,
    "tuple": tuple,
    "map": dict,
    "adjustment": lambda pair: lambda shape: tuple(tf.constant(v) for v in pair),
}


def decode(value):
    """Make what JSON has no word for."""
    if not isinstance(value, dict):
        return tf.AUTO_REUSE if value == "AUTO_REUSE" else value
    ((kind, argument),) = value.items()
    return MAKERS[kind](argument)


def arguments(case):
    """The arguments of a case, positional and by keyword."""
    args = [decode(value) for value in case["args"]]
    return args, {name: decode(value) for name, value in case["kwargs"].items()}


def values(case, what, shape, dtype):
    """Numbers that are the same in every run: between 0.2 and 1.2."""
    seed = sum(ord(c) * (i + 1) for i, c in enumerate(case["name"] + what)) % 2**31
    return (np.random.RandomState(seed).uniform(0.2, 1.2, shape)).astype(dtype)


def build(case, inputs, training):
    """Call the function; channels first as channels last where the CPU has no kernel for them."""
    function = getattr(tf.layers, case["function"])
    args, kwargs = arguments(case)
    if case["function"] in ("dropout", "batch_normalization"):
        kwargs["training"] = training
    instead = case.get("recorded_as")
    with tf.variable_scope("model"):
        if instead is None:
            return function(inputs, *args, **kwargs)
        if "axis" in instead:
            args = []
        kwargs.update(instead)
        rank = len(case["input"])
        last = tf.transpose(inputs, [0, *range(2, rank), 1])
        outputs = function(last, *args, **kwargs)
        return tf.transpose(outputs, [0, rank - 1, *range(1, rank - 1)])


def initialize(session, variables):
    """The values that variables are initialized with."""
    session.run(tf.global_variables_initializer())
    return {variable.op.name: session.run(variable) for variable in variables}


def record(case, numbers):
    """Build and run a case, out of training and in it."""
    facts = {}
    for training in (False, True):
        if training and case["function"] not in ("dropout", "batch_normalization"):
            continue
        prefix = case["name"] + ("/training" if training else "/inference")
        with tf.Graph().as_default(), tf.Session() as session:
            inputs = tf.constant(
                values(case, "inputs", case["input"], case.get("dtype", "float32"))
            )
            outputs = build(case, inputs, training)
            variables = tf.global_variables()
            facts["variables"] = [v.op.name for v in variables]
            facts["trainable"] = [v.op.name for v in tf.trainable_variables()]
            first, second = [initialize(session, variables) for _ in range(2)]
            for variable in variables:
                name = variable.op.name
                if np.array_equal(first[name], second[name]):
                    numbers[case["name"] + "/initialized/" + name] = first[name]
                value = values(case, name, variable.shape.as_list(), variable.dtype.as_numpy_dtype)
                numbers[case["name"] + "/initial/" + name] = value
                variable.load(value, session)
            numbers[case["name"] + "/inputs"] = session.run(inputs)
            weight = values(case, "weight", outputs.shape.as_list(), "float64")
            numbers[case["name"] + "/weight"] = weight
            total = tf.reduce_sum(tf.cast(outputs, tf.float64) * weight)
            wanted = {"inputs": inputs}
            wanted.update({v.op.name: v for v in tf.trainable_variables()})
            gradients = {name: tf.gradients(total, tensor)[0] for name, tensor in wanted.items()}
            gradients = {n: g for n, g in gradients.items() if g is not None}
            losses = tf.losses.get_regularization_losses()
            got, found, lost = session.run([outputs, gradients, losses])
            numbers[prefix + "/outputs"] = got
            for name, gradient in found.items():
                numbers[prefix + "/gradient/" + name] = gradient
            numbers[prefix + "/losses"] = np.array(lost, "float64")
            if training:
                updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
                for step in (1, 2):
                    session.run(updates)
                    for variable in variables:
                        if variable.op.name not in facts["trainable"]:
                            key = f"{prefix}/after{step}/{variable.op.name}"
                            numbers[key] = session.run(variable)
    return facts


def error_of(case):
    """The type and text of the error that a case ends in."""
    with tf.Graph().as_default():
        inputs = tf.ones(case["input"], case.get("dtype", "float32"))
        try:
            build(case, inputs, False)
        except Exception as error:
            return {"type": type(error).__name__, "text": str(error)}
    raise AssertionError(case["name"] + " ends in no error")


def run_program(program):
    """The variables that a list of calls makes, or the error that it ends in."""
    with tf.Graph().as_default():
        inputs = tf.ones([2, 3])
        try:
            with tf.variable_scope("model", reuse=decode(program["reuse"])):
                for call in program["calls"]:
                    args, kwargs = arguments(call)
                    if "class" in call:
                        getattr(tf.layers, call["class"])(*args, **kwargs)(inputs)
                    else:
                        getattr(tf.layers, call["function"])(inputs, *args, **kwargs)
        except Exception as error:
            text = str(error).split(" Originally defined at:")[0]
            return {"type": type(error).__name__, "text": text}
        return {"variables": [v.op.name for v in tf.global_variables()]}


def signature_of(function):
    """The parameters in order, as they would be written; an initializer by its name."""
    spec = tf_inspect.getfullargspec(function)
    defaults = [
        type(value).__name__.lower() if hasattr(value, "get_config") else value
        for value in spec.defaults or ()
    ]
    required = [name for name in spec.args[: len(spec.args) - len(defaults)] if name != "self"]
    others = spec.args[len(spec.args) - len(defaults) :]
    return ", ".join(required + ["%s=%r" % pair for pair in zip(others, defaults)])  # noqa: B905, UP031


def signatures():
    """The signatures of all classes and functions of `tf.layers`."""
    public = {name: getattr(tf.layers, name) for name in dir(tf.layers) if name[0] != "_"}
    classes = {n: c for n, c in public.items() if inspect.isclass(c) and n not in NO_LAYERS}
    functions = {n: f for n, f in public.items() if inspect.isroutine(f)}
    found = {name: signature_of(made.__init__) for name, made in classes.items()}
    found.update({name: signature_of(function) for name, function in functions.items()})
    return found


def write_npz(path, numbers):
    """Write an `.npz` whose bytes depend on nothing but the numbers."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(numbers):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(numbers[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue())


def main():
    """Record everything."""
    assert tf.__version__.startswith("1.15"), "this is a job for TensorFlow 1.15: " + tf.__version__
    with open(os.path.join(FOLDER, "cases.json")) as file:
        listed = json.load(file)
    numbers = {}
    recorded = {
        "cases": {case["name"]: record(case, numbers) for case in listed["cases"]},
        "errors": {case["name"]: error_of(case) for case in listed["errors"]},
        "signatures": signatures(),
        "programs": {program["name"]: run_program(program) for program in listed["programs"]},
    }
    write_npz(os.path.join(FOLDER, "recorded.npz"), numbers)
    with open(os.path.join(FOLDER, "recorded.json"), "w") as file:
        json.dump(recorded, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
