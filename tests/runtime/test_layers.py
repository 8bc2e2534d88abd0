"""`getter_compat.layers`: names, numbers and errors are those recorded with TensorFlow 1.15.5."""

from __future__ import annotations

import copy
import gc
import inspect
import json
import re
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import AUTO_REUSE, VariableStore, getter_scope, layers
from getter_compat.tables.layers import FUNCTIONS, LAYERS

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
        close(model.store.variables[variable], value)
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


@pytest.mark.parametrize("name", RECORDED["signatures"])
def test_signatures_are_those_of_tf1(name: str) -> None:
    given = inspect.signature(getattr(layers, name)).parameters.values()
    bare = [p.replace(annotation=p.empty) for p in given if p.name != "kwargs"]
    assert ", ".join(map(str, bare)) == RECORDED["signatures"][name]


def test_every_function_and_class_has_a_recorded_signature() -> None:
    ours = {*layers.__all__} - {"InputSpec", "Layer"}
    assert ours == set(RECORDED["signatures"]) == {*LAYERS, *FUNCTIONS}


def model_of_all(x: Any, training: Any = False) -> Any:
    with getter_scope("net"):
        h = layers.conv2d(x, 4, 3, padding="SAME", activation=lambda v: tf.nn.leaky_relu(v, 0.1))
        h = layers.batch_normalization(h, training=training, name="conv/bn")
        h = layers.max_pooling2d(h, 2, 2)
        h = layers.dropout(layers.flatten(h), 0.5, training=training)
        return layers.dense(h, 2, kernel_initializer=tf.random_normal_initializer(stddev=0.1))


def test_a_later_call_of_functions_makes_no_variable() -> None:
    model = getter_compat.ScopedModel(model_of_all)
    x = tf.random.stateless_uniform([4, 6, 6, 3], [1, 2])
    made: list[str] = []

    def note(next_creator: Any, **kwargs: Any) -> Any:
        made.append(kwargs["name"])
        return next_creator(**kwargs)

    with tf.variable_creator_scope(note):
        model(x, training=True)
        first = list(made)
        assert set(model.store.variables) <= set(first)
        traced = tf.function(lambda x: model(x, training=True))
        for _ in range(3):
            model(x, training=True)
            traced(x)
    assert made == first


def test_training_is_false_unless_the_call_says_so() -> None:
    """Keras would take the mode of the model around the layer."""

    def fn(x: Any, training: Any = False) -> Any:
        return layers.Dropout(0.5)(x), layers.dropout(x), layers.BatchNormalization()(x)

    x = tf.random.stateless_uniform([4, 3], [1, 2]) + 1.0
    model = getter_compat.ScopedModel(fn)
    for outputs in model(x, training=True):
        np.testing.assert_allclose(outputs, x, rtol=1e-3)


def test_a_model_of_functions_is_trained_by_keras() -> None:
    model = getter_compat.ScopedModel(model_of_all)
    x = tf.random.stateless_uniform([4, 6, 6, 3], [1, 2])
    model(x)
    before = {name: variable.numpy() for name, variable in model.store.variables.items()}
    model.compile("sgd", "mse")
    model.fit(x, tf.ones([4, 2]), verbose=0)
    changed = [n for n, v in model.store.variables.items() if np.any(v.numpy() != before[n])]
    # With the activation between, only chance could leave one as it was.
    assert changed == list(before)


def test_the_getter_runs_at_every_call_and_is_the_one_of_that_call() -> None:
    """In TF1 a function asked for its variables anew: a closure over a tensor is never an old one.

    Nothing is kept between eager runs that could hold on to the closures either.
    """

    def fn(x: Any, factor: Any) -> Any:
        def scaled(getter: Any, *args: Any, **kwargs: Any) -> Any:
            asked.append(kwargs["name"])
            return getter(*args, **kwargs) * factor

        closures.append(weakref.ref(scaled))
        with getter_scope("m", custom_getter=scaled):
            return layers.dense(x, 1, kernel_initializer=lambda *a, **k: tf.ones([2, 1]))

    asked: list[str] = []
    closures: list[Any] = []
    model = getter_compat.ScopedModel(fn, run_eagerly=True)
    x = tf.ones([1, 2])
    found = [float(model(x, tf.constant(factor))[0, 0]) for factor in (1.0, 10.0, 100.0)]
    assert found == [2.0, 20.0, 200.0]
    assert asked == ["m/dense/kernel", "m/dense/bias"] * 3
    gc.collect()
    assert [closure() for closure in closures] == [None] * 3
    traced = getter_compat.ScopedModel(fn)
    assert [float(traced(x, tf.constant(f))[0, 0]) for f in (1.0, 10.0, 100.0)] == found
    assert asked == ["m/dense/kernel", "m/dense/bias"] * 4


def test_another_getter_shares_the_variables_and_not_the_weights() -> None:
    def tripled(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return getter(*args, **kwargs) * 3.0

    def fn(x: Any, getter: Any = None) -> Any:
        with getter_scope("m", custom_getter=getter, reuse=AUTO_REUSE):
            return layers.dense(x, 1, kernel_initializer=tf.ones_initializer())

    x = tf.ones([1, 2])
    found = [float(fn(x, getter)[0, 0]) for getter in (None, tripled, None)]
    assert found == [2.0, 6.0, 2.0]
    assert len(getter_compat.global_variables()) == 2


def test_losses_of_derived_weights_do_not_pile_up() -> None:
    """Three towers that share a derived weight had three losses in TF1; a later run has no more."""

    def doubled(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return getter(*args, **kwargs) * 2.0

    def square(weight: Any) -> Any:
        return tf.reduce_sum(weight**2)

    def fn(x: Any) -> Any:
        ones = tf.ones_initializer()
        with getter_scope("m", custom_getter=doubled, reuse=AUTO_REUSE):
            for _ in range(3):
                y = layers.dense(x, 1, name="d", kernel_initializer=ones, kernel_regularizer=square)
        return y

    model = getter_compat.ScopedModel(fn)
    for _ in range(3):
        model(tf.ones([1, 2]))
        assert [float(loss) for loss in model.losses] == [8.0] * 3


def test_activity_losses_are_those_of_the_latest_run() -> None:
    def total(outputs: Any) -> Any:
        return tf.reduce_sum(outputs)

    def fn(x: Any) -> Any:
        ones = tf.ones_initializer()
        return layers.dense(x, 1, kernel_initializer=ones, activity_regularizer=total)

    model = getter_compat.ScopedModel(fn)
    for factor in (1.0, 5.0):
        model(tf.ones([4, 2]) * factor)
        assert [float(loss) for loss in model.losses] == [2.0 * factor]
    inside = tf.function(lambda x: (model(x), tf.add_n(model.losses)))
    assert float(inside(tf.ones([4, 2]) * 3.0)[1]) == 6.0
    assert model.losses == []  # a tensor of the function's graph is of no use outside of it


def test_batch_normalization_under_a_getter_that_wraps_everything() -> None:
    def wrapped(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return tf.identity(getter(*args, **kwargs))

    with getter_scope("m", custom_getter=wrapped, reuse=AUTO_REUSE):
        layers.batch_normalization(tf.ones([2, 3]), name="b")
        with pytest.raises(AttributeError, match=r"no attribute 'assign_sub'.*not trainable"):
            layers.batch_normalization(tf.ones([2, 3]), name="b", training=True)


def test_what_a_getter_is_asked_with() -> None:
    """TF1: Dense gives lists, the others tuples; statistics are read and never trained."""
    seen: dict[str, Any] = {}

    def noted(getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        seen[name] = kwargs
        return getter(name, *args, **kwargs)

    with getter_scope("m", custom_getter=noted):
        layers.dense(tf.ones([2, 3]), 2, kernel_regularizer="l2", kernel_constraint="non_neg")
        layers.Conv2D(2, 1)(tf.ones([1, 2, 2, 3]))
        layers.batch_normalization(tf.ones([2, 3]))
        layers.BatchNormalization(name="bn")(tf.ones([2, 3]))
    kernel = seen["m/dense/kernel"]
    assert (kernel["shape"], kernel["regularizer"], kernel["initializer"]) == ([3, 2], None, None)
    assert kernel["constraint"] is not None
    assert seen["m/dense/bias"]["shape"] == [2]
    assert seen["m/conv2d/kernel"]["shape"] == (1, 1, 3, 2)
    for layer in ("batch_normalization", "bn"):
        for statistic in ("moving_mean", "moving_variance"):
            asked = seen[f"m/{layer}/{statistic}"]
            assert asked["trainable"] is False
            assert asked["synchronization"] == tf.VariableSynchronization.ON_READ
            assert asked["aggregation"] == tf.VariableAggregation.MEAN


def test_the_scope_initializer_fills_in_for_a_kernel_and_for_nothing_else() -> None:
    glorot = tf.keras.initializers.GlorotUniform()
    x = tf.ones([2, 3])
    with getter_scope("m", initializer=tf.constant_initializer(0.5)):
        layers.dense(x, 2, name="f")
        layers.Dense(2, name="c")(x)
        layers.Dense(2, name="g", kernel_initializer=glorot)(x)
        layers.dense(x, 2, name="b", bias_initializer=None)
    variables = getter_compat.default_store().variables
    is_half = {name: bool(np.all(variable.numpy() == 0.5)) for name, variable in variables.items()}
    assert [name for name, half in is_half.items() if half] == [
        "m/f/kernel",
        "m/c/kernel",
        "m/b/kernel",
        "m/b/bias",
    ]


def test_a_layer_refuses_inputs_of_another_size_than_it_was_built_for() -> None:
    dense = layers.Dense(2, name="d")
    dense(tf.ones([2, 3]))
    with pytest.raises(ValueError, match="expected axis") as raised:
        dense(tf.ones([2, 4]))
    assert str(raised.value) == (
        "Input 0 of layer d is incompatible with the layer: expected axis -1 of input shape to "
        "have value 3 but received input with shape [2, 4]"
    )


def test_a_layer_refuses_what_only_keras_knows() -> None:
    with pytest.raises(TypeError, match="Keyword argument not understood: groups"):
        layers.Conv2D(4, 2, groups=2)
    with pytest.raises(TypeError, match="Keyword argument not understood: output_padding"):
        layers.Conv2DTranspose(4, 2, output_padding=1)


class Scale(layers.Layer):
    """A layer as people wrote it."""

    def build(self, input_shape: Any) -> None:
        ones = tf.ones_initializer()
        width = input_shape.with_rank(2).as_list()[-1]  # TF1 gave a TensorShape
        self.factor = self.add_variable("factor", [width], initializer=ones)
        super().build(input_shape)

    def call(self, inputs: Any, training: Any = False) -> Any:
        hidden = layers.dense(inputs, 3, name="inner", kernel_initializer=tf.ones_initializer())
        return hidden * self.factor * (2.0 if training else 1.0)


def test_a_subclass_of_layer() -> None:
    layer = Scale(name="my/scale")
    with pytest.raises(ValueError, match="No name available for layer scope"):
        layer.scope_name  # noqa: B018
    with getter_scope("m"):
        first = layer.apply(tf.ones([1, 3]))
        second = layer(tf.ones([1, 3]), True)
    assert layer.scope_name == "m/my/scale"
    assert (float(first[0, 0]), float(second[0, 0])) == (3.0, 6.0)
    names = list(getter_compat.default_store().variables)
    assert names == ["m/my/scale/factor", "m/my/scale/inner/kernel", "m/my/scale/inner/bias"]
    assert len(layer.weights) == 1


def test_layers_on_symbolic_inputs_make_a_functional_model() -> None:
    inputs = tf.keras.Input((3,))
    with getter_scope("m"):
        hidden = layers.dense(inputs, 4, activation="relu")
        outputs = layers.dropout(layers.Dense(2)(hidden), training=False)
    model = tf.keras.Model(inputs, outputs)
    assert model(tf.ones([2, 3])).shape == (2, 2)
    assert list(getter_compat.default_store().variables) == [
        "m/dense/kernel",
        "m/dense/bias",
        "m/dense_1/kernel",
        "m/dense_1/bias",
    ]
    assert len(model.trainable_variables) == 4


def test_a_class_is_one_of_keras_and_comes_back_from_its_config() -> None:
    layer = layers.BatchNormalization(axis=[1, 2], renorm=True, renorm_momentum=0.5, name="b")
    layer(tf.ones([2, 3, 4]))
    assert isinstance(layer, tf.keras.layers.BatchNormalization)
    again = layers.BatchNormalization.from_config(layer.get_config())
    assert (list(again.axis), again.renorm, again.renorm_momentum) == ([1, 2], True, 0.5)
    dense = layers.Dense.from_config(layers.Dense(3, activation="relu").get_config())
    assert dense.units == 3
    assert dense.activation is tf.keras.activations.relu
    assert copy.deepcopy(dense).units == 3
    model = tf.keras.Sequential([tf.keras.Input((2,)), layers.Dense(3), layers.Dropout(0.5)])
    assert type(tf.keras.models.clone_model(model).layers[0]) is layers.Dense


def test_a_variable_that_an_activation_asks_for_is_under_the_layer() -> None:
    def prelu(x: Any) -> Any:
        with getter_scope("prelu"):
            return x * getter_compat.get_variable("alpha", [])

    with getter_scope("m"):
        layers.dense(tf.ones([1, 2]), 2, activation=prelu)
    assert list(getter_compat.default_store().variables)[-1] == "m/dense/prelu/alpha"


@pytest.mark.parametrize("fed", [False, True], ids=["known", "fed"])
@pytest.mark.parametrize("options", [{}, {"fused": False}, {"renorm": True}], ids=str)
def test_batch_norm_in_a_bare_graph_updates_its_statistics_with_its_outputs(
    options: dict[str, Any], fed: bool
) -> None:
    """In a session, where a graph does not run what its results do not need."""
    images = np.random.RandomState(0).normal(size=(4, 2, 2, 3)).astype("float32")

    def normalized(x: Any, training: Any) -> Any:
        return layers.batch_normalization(x, training=training, momentum=0.5, **options)

    with VariableStore().as_default() as store:
        expected = normalized(images, True)
    with tf.Graph().as_default(), VariableStore().as_default() as in_graph:
        training = tf.compat.v1.placeholder(tf.bool, []) if fed else True
        outputs = normalized(tf.constant(images), training)
        with tf.compat.v1.Session() as session:
            session.run(tf.compat.v1.global_variables_initializer())
            found = session.run(outputs, {training: True} if fed else {})
            statistics = session.run(dict(in_graph.variables))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    assert list(statistics) == list(store.variables)
    for name, variable in store.variables.items():
        np.testing.assert_allclose(statistics[name], variable, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("returned", [None, 3.0, [1.0, 2.0], "a"], ids=repr)
@pytest.mark.parametrize("in_graph", [False, True])
def test_what_cannot_be_a_weight_is_refused_as_in_tf1(returned: Any, in_graph: bool) -> None:
    """TF1 raised a TypeError: tests/data/parity/returned.json."""
    said = re.escape(f"returned {returned!r} for the weight net/out/kernel of layer 'out'")
    place = tf.Graph() if in_graph else VariableStore()
    with (
        pytest.raises(TypeError, match=said),
        place.as_default(),
        getter_scope("net", custom_getter=lambda getter, *args, **kwargs: returned),
    ):
        layers.dense(tf.ones([2, 3]), 2, name="out")


def test_a_shape_is_given_as_it_was_asked_for() -> None:
    """TF1's code has a TensorShape and reads it; Keras 3 gives a tuple, and takes one."""
    layer = getter_compat.layers.Conv2D(3, 2)
    assert layer.compute_output_shape(tf.TensorShape([None, 5, 6, 2])).as_list() == [None, 4, 5, 3]
    assert layer.compute_output_shape([4, 5, 6, 2])[1:].num_elements() == 60
    assert tuple(layer.compute_output_shape((None, 5, 6, 2))) == (None, 4, 5, 3)
    inputs = tf.keras.Input([5, 6, 2])
    assert tuple(layer(inputs).shape) == (None, 4, 5, 3)
