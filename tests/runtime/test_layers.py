"""`getter_compat.layers`: names, numbers and errors are those recorded with TensorFlow 1.15.5."""

from __future__ import annotations

import doctest
import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import AUTO_REUSE, VariableStore, getter_scope, layers
from getter_compat.codemod.tables.layers import LAYERS, REQUIRED
from getter_compat.layers import base, classes, functions

FOLDER = Path(__file__).parents[1] / "data" / "tf1_layers"
LISTED = json.loads((FOLDER / "cases.json").read_text())
RECORDED = json.loads((FOLDER / "recorded.json").read_text())
NUMBERS = np.load(FOLDER / "recorded.npz")
CASES = {case["name"]: case for case in LISTED["cases"]}
ERRORS = {case["name"]: case for case in LISTED["errors"]}
PROGRAMS = {program["name"]: program for program in LISTED["programs"]}
CLASS_OF = {spec.function: name for name, spec in LAYERS.items()}

MAKERS = {
    "dimension": tf.compat.v1.Dimension,
    "constant": tf.constant_initializer,
    "l1": tf.keras.regularizers.L1,
    "l2": tf.keras.regularizers.L2,
    "tuple": tuple,
    "map": dict,
    "adjustment": lambda pair: lambda shape: tuple(tf.constant(v) for v in pair),
}


def decode(value: Any) -> Any:
    if not isinstance(value, dict):
        return AUTO_REUSE if value == "AUTO_REUSE" else value
    ((kind, argument),) = value.items()
    return MAKERS[kind](argument)


def arguments(case: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    args = [decode(value) for value in case["args"]]
    return args, {name: decode(value) for name, value in case["kwargs"].items()}


def is_trained(case: dict[str, Any]) -> bool:
    return case["function"] in ("dropout", "batch_normalization")


class ByFunction:
    """The case by the function of `tf.layers`, run again and again as a model function is."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.case = case
        self.store = VariableStore()

    def __call__(self, inputs: Any, training: Any) -> Any:
        args, kwargs = arguments(self.case)
        if is_trained(self.case):
            kwargs["training"] = training
        with self.store.reusing(may_create=True), getter_scope("model"):
            return getattr(layers, self.case["function"])(inputs, *args, **kwargs)


class ByClass:
    """The case by the class, one layer that is called again and again."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.store = VariableStore()
        self.how = is_trained(case)
        args, kwargs = arguments(case)
        self.layer = getattr(layers, CLASS_OF[case["function"]])(*args, **kwargs)

    def __call__(self, inputs: Any, training: Any) -> Any:
        with self.store.as_default(), getter_scope("model"):
            if self.how:
                return self.layer(inputs, training=training)
            return self.layer(inputs)


BOTH = pytest.mark.parametrize("made", [ByFunction, ByClass])


def numbers(prefix: str) -> dict[str, Any]:
    """The recorded arrays whose names begin so, without it."""
    return {name.removeprefix(prefix): NUMBERS[name] for name in NUMBERS if name.startswith(prefix)}


def close(found: Any, expected: Any) -> None:
    expected = np.asarray(expected)
    tolerance = 1e-5 if expected.dtype != np.float16 else 2e-3
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(np.asarray(found), expected, rtol=tolerance, atol=tolerance)


def load(store: VariableStore, name: str) -> None:
    for variable, value in numbers(f"{name}/initial/").items():
        store.variables[variable].assign(value)


def check(case: dict[str, Any], model: Any, training: bool) -> None:
    """Compare outputs, gradients and losses."""
    name = case["name"]
    prefix = f"{name}/{'training' if training else 'inference'}"
    inputs = tf.constant(NUMBERS[f"{name}/inputs"])
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = model(inputs, training)
        total = tf.reduce_sum(tf.cast(outputs, tf.float64) * NUMBERS[f"{name}/weight"])
    close(outputs, NUMBERS[f"{prefix}/outputs"])
    gradients = numbers(f"{prefix}/gradient/")
    wanted = [inputs if n == "inputs" else model.store.variables[n] for n in gradients]
    for found, expected in zip(tape.gradient(total, wanted), gradients.values(), strict=True):
        close(found, expected)


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_names_outputs_gradients_and_losses(name: str, made: Any) -> None:
    case, model = CASES[name], made(CASES[name])
    model(tf.constant(NUMBERS[f"{name}/inputs"]), False)
    recorded = RECORDED["cases"][name]
    assert list(model.store.variables) == recorded["variables"]
    with model.store.as_default():
        trainable = getter_compat.trainable_variables()
    assert [v.name.split(":")[0] for v in trainable] == recorded["trainable"]
    for variable, value in numbers(f"{name}/initialized/").items():
        found = model.store.variables[variable]
        assert found.shape == value.shape
        if "constant" in json.dumps(case["kwargs"]):
            close(found, value) if is_trained(case) or "kernel" in name else None
    load(model.store, name)
    check(case, model, training=False)
    with model.store.as_default():
        losses = getter_compat.regularization_losses()
    found = sorted(float(loss) for loss in losses)
    np.testing.assert_allclose(found, sorted(NUMBERS[f"{name}/inference/losses"]), rtol=1e-5)


@BOTH
@pytest.mark.parametrize("name", [n for n, case in CASES.items() if is_trained(case)])
def test_training(name: str, made: Any) -> None:
    case, model = CASES[name], made(CASES[name])
    inputs = tf.constant(NUMBERS[f"{name}/inputs"])
    model(inputs, False)
    load(model.store, name)
    if case["function"] == "dropout":  # a new graph, whose operation draws its first numbers
        outputs = tf.function(lambda x: model(x, True))(inputs)
        close(outputs, NUMBERS[f"{name}/training/outputs"])
        return
    check(case, model, training=True)
    for step in (1, 2):
        if step == 2:
            model(inputs, True)
        for variable, value in numbers(f"{name}/training/after{step}/").items():
            close(model.store.variables[variable], value)


@BOTH
@pytest.mark.parametrize(
    "name", [n for n, case in CASES.items() if case["function"] == "batch_normalization"]
)
@pytest.mark.parametrize("training", [True, False])
def test_training_as_a_tensor_in_a_function(name: str, made: Any, training: bool) -> None:
    model = made(CASES[name])
    inputs = tf.constant(NUMBERS[f"{name}/inputs"])
    model(inputs, False)
    load(model.store, name)
    outputs = tf.function(model)(inputs, tf.constant(training))
    mode = "training" if training else "inference"
    close(outputs, NUMBERS[f"{name}/{mode}/outputs"])
    expected = "training/after1/" if training else "initial/"
    for variable, value in numbers(f"{name}/{expected}").items():
        close(model.store.variables[variable], value)


@BOTH
@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str, made: Any) -> None:
    case, recorded = ERRORS[name], RECORDED["errors"][name]
    inputs = tf.ones(case["input"], case.get("dtype", "float32"))
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the type is compared
        made(case)(inputs, False)
    assert type(raised.value).__name__ == recorded["type"]
    assert str(raised.value).startswith(recorded["text"])


@pytest.mark.parametrize("name", PROGRAMS)
def test_names_and_sharing(name: str) -> None:
    program, recorded = PROGRAMS[name], RECORDED["programs"][name]

    def run() -> list[str]:
        inputs = tf.ones([2, 3])
        with VariableStore().as_default() as store:
            with getter_scope("model", reuse=decode(program["reuse"])):
                for call in program["calls"]:
                    args, kwargs = arguments(call)
                    if "class" in call:
                        getattr(layers, call["class"])(*args, **kwargs)(inputs)
                    else:
                        getattr(layers, call["function"])(inputs, *args, **kwargs)
            return list(store.variables)

    if "variables" in recorded:
        assert run() == recorded["variables"]
        return
    with pytest.raises(Exception) as raised:  # noqa: PT011 - the type is compared
        run()
    assert type(raised.value).__name__ == recorded["type"]
    assert str(raised.value).startswith(recorded["text"])
