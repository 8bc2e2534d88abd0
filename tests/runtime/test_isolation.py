"""What is somebody else's stays as it was: other threads and tasks, Keras, memory."""

import asyncio
import gc
import json
import re
import sys
import threading
import weakref

import numpy as np
import pytest
import tensorflow as tf

from getter_compat import (
    AUTO_REUSE,
    ScopedModel,
    VariableStore,
    default_store,
    get_variable,
    get_variable_scope,
    getter_scope,
    layers,
)
from tests.forking import python

X = tf.ones([1, 3])


def double(getter, *args, **kwargs):
    return getter(*args, **kwargs) * 2.0


# Threads and tasks


def in_thread(function):
    """Run in another thread; what it returned, or raised."""
    result = []

    def run():
        try:
            result.append(function())
        except Exception as error:
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(result[0], Exception):
        raise result[0]
    return result[0]


def test_a_thread_begins_at_the_root_of_the_global_store():
    def look():
        scope = get_variable_scope()
        return scope.name, scope.custom_getter, scope.reuse

    with getter_scope("outside", custom_getter=double, reuse=True):
        assert in_thread(look) == ("", None, False)
        assert get_variable_scope().name == "outside"
    mine = default_store()
    assert in_thread(default_store) is not mine


def test_a_layer_built_in_a_thread_does_not_see_the_scopes_of_another(keras):
    with getter_scope("outside", custom_getter=double):
        layer = in_thread(lambda: built(keras.layers.Dense(2)))
    assert len(layer.get_weights()) == 2
    assert not default_store().variables


def built(layer):
    layer(X)
    return layer


def test_a_scope_object_may_be_entered_in_a_thread_and_brings_its_getter():
    store = default_store()
    with getter_scope("shared", custom_getter=double) as scope:
        pass

    def use():
        with store.as_default(), getter_scope(scope):
            return get_variable("v", initializer=tf.ones([1]))

    np.testing.assert_array_equal(in_thread(use), [2.0])
    assert list(store.variables) == ["shared/v"]


def test_interleaved_threads_keep_their_scopes_apart(keras):
    turns = [threading.Event() for _ in range(4)]
    names = {}

    def work(name, first, then):
        turns[first].wait()
        with VariableStore().as_default() as store, getter_scope(name):
            turns[first + 1].set()
            turns[then].wait()
            keras.layers.Dense(2)(X)
            names[name] = (get_variable_scope().name, list(store.variables))

    threads = [
        threading.Thread(target=work, args=["a", 0, 2]),
        threading.Thread(target=work, args=["b", 1, 2]),
    ]
    turns[0].set()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names == {
        "a": ("a", ["a/dense/kernel", "a/dense/bias"]),
        "b": ("b", ["b/dense/kernel", "b/dense/bias"]),
    }


def test_tasks_that_take_turns_keep_their_scopes_apart(keras):
    async def work(name, getter):
        with getter_scope(name, custom_getter=getter):
            await asyncio.sleep(0)
            layer = keras.layers.Dense(2, use_bias=False, kernel_initializer="ones")
            layer(X)
            await asyncio.sleep(0)
            return get_variable_scope().name, float(layer(X)[0, 0])

    async def both():
        return await asyncio.gather(work("a", None), work("b", double))

    assert asyncio.run(both()) == [("a", 3.0), ("b", 6.0)]
    assert sorted(default_store().variables) == ["a/dense/kernel", "b/dense/kernel"]
    assert get_variable_scope().name == ""


def gathered(*tasks):
    """Run tasks that take turns; what each returned."""

    async def gather():
        return await asyncio.gather(*tasks)

    return asyncio.run(gather())


def test_names_do_not_depend_on_what_other_tasks_of_the_same_scope_build(keras):
    async def work():
        made = []
        with getter_scope("net", reuse=AUTO_REUSE):
            for _ in range(2):
                await asyncio.sleep(0)
                layer = keras.layers.Dense(3, use_bias=False)
                layer(X)
                made.append(layer)
        return [part.trainable_variables[0].name for part in made]

    one, other = gathered(work(), work())
    assert one == other
    assert list(default_store().variables) == ["net/dense/kernel", "net/dense_1/kernel"]


def test_tasks_number_scopes_and_layers_as_if_they_were_alone():
    async def work():
        names = []
        for _ in range(2):
            with getter_scope(None, default_name="block") as block:
                await asyncio.sleep(0)
                with getter_scope(None, default_name="part") as part:
                    await asyncio.sleep(0)
                    names += [block.name, part.name]
        return names

    async def after_others():
        with getter_scope(None, default_name="block"):
            pass
        return await asyncio.gather(work(), work())

    alone = ["block", "block/part", "block_1", "block_1/part"]
    assert gathered(work(), work()) == [alone, alone]
    later = ["block_1", "block_1/part", "block_2", "block_2/part"]
    assert asyncio.run(after_others()) == [later, later]


def test_a_task_goes_on_from_the_scope_that_it_was_started_in():
    def dense():
        return layers.dense(X, 1)

    async def part(name):
        await asyncio.sleep(0)
        with getter_scope(name):
            dense()
            await asyncio.sleep(0)
            dense()

    async def model():
        with getter_scope("net"):
            dense()
            await asyncio.gather(part("a"), part("b"))
            dense()

    asyncio.run(model())
    kernels = [name for name in default_store().variables if name.endswith("kernel")]
    assert sorted(kernels) == [
        f"net/{name}/kernel"
        for name in ("a/dense", "a/dense_1", "b/dense", "b/dense_1", "dense", "dense_1")
    ]


@pytest.mark.parametrize("ends", [None, ValueError, asyncio.CancelledError])
def test_tasks_that_leave_their_scopes_in_turn_leave_the_name_scope_as_it_was(ends):
    async def work(name, first, then):
        with getter_scope(name), getter_scope("inner"):
            await first.wait()
            then.set()
            if ends is not None:
                raise ends
        return get_variable_scope().name

    async def interleaved():
        events = [asyncio.Event() for _ in range(3)]
        tasks = [asyncio.create_task(work("a", *events[:2]))]
        tasks.append(asyncio.create_task(work("b", *events[1:])))
        await asyncio.sleep(0)  # both are in their scopes; a is the first to leave
        events[0].set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    with tf.name_scope("around"):
        results = asyncio.run(interleaved())
        assert tf.Variable(0.0, name="v").name == "around/v:0"
    assert tf.Variable(0.0, name="v").name == "v:0"
    if ends is None:
        assert results == ["", ""]
    else:
        assert [type(result) for result in results] == [ends, ends]


def test_threads_may_be_in_one_scope_object_at_once():
    scope, inside, may_leave = getter_scope("shared"), threading.Event(), threading.Event()
    names = []

    def enter_and_wait():
        with scope:
            names.append(get_variable_scope().name)
            inside.set()
            may_leave.wait(timeout=600)

    thread = threading.Thread(target=enter_and_wait)
    with scope:
        thread.start()
        assert inside.wait(timeout=600)
    may_leave.set()
    thread.join()
    assert names == ["shared"]
    assert get_variable_scope().name == ""


def test_a_layer_asks_its_own_store_also_while_a_namesake_is_built_in_another(keras):
    inner = keras.layers.Dense(1, name="fc")
    with VariableStore().as_default() as store:
        inner.build([None, 3])

    class Namesake(keras.layers.Layer):
        def build(self, input_shape):
            inner.add_weight(name="late", shape=[1])

    with VariableStore().as_default() as other:
        with pytest.raises(ValueError, match="Variable fc/late does not exist"):
            Namesake(name="fc").build([None, 3])
        assert list(other.variables) == []
    assert list(store.variables) == ["fc/kernel", "fc/bias"]


def test_an_exception_leaves_the_scopes_as_they_were(keras):
    def failing(getter, name, *args, **kwargs):
        raise RuntimeError(name)

    with getter_scope("outer"):
        with (
            pytest.raises(RuntimeError, match="outer/inner/dense/kernel"),
            getter_scope("inner", custom_getter=failing),
        ):
            keras.layers.Dense(2)(X)
        assert get_variable_scope().name == "outer"
        keras.layers.Dense(2)(X)
    assert list(default_store().variables) == ["outer/dense/kernel", "outer/dense/bias"]


# Keras for everyone else

SAMPLE = """
import copy, inspect, io, json, os, pickle, sys, tempfile
import numpy as np
import tensorflow as tf
import {keras} as keras

def plain(value):
    if isinstance(value, dict):
        return {{str(k): plain(v) for k, v in sorted(value.items(), key=lambda i: str(i[0]))}}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, int, str, type(None))):
        return value
    if isinstance(value, float):
        return round(value, 6)
    return type(value).__name__

def look():
    keras.utils.set_random_seed(1)
    keras.backend.clear_session()
    x = np.ones([2, 6, 3], np.float32)
    facts = {{}}
    layers = [
        keras.layers.Dense(4, kernel_regularizer="l2"), keras.layers.Dense(4),
        keras.layers.Conv1D(2, 3, name="conv"), keras.layers.SeparableConv1D(2, 3),
        keras.layers.BatchNormalization(), keras.layers.LSTM(2),
        keras.layers.Bidirectional(keras.layers.GRU(2)), keras.layers.LayerNormalization(),
        keras.layers.Dropout(0.5, seed=1), keras.layers.Embedding(5, 2),
    ]
    for i, layer in enumerate(layers):
        inputs = np.zeros([2, 6], np.int32) if isinstance(layer, keras.layers.Embedding) else x
        output = layer(inputs)
        facts[str(i)] = [
            layer.name, [[getattr(w, "path", w.name), list(w.shape), w.trainable]
                         for w in layer.weights],
            [v.name for v in layer.variables], [v.name for v in layer.trainable_variables],
            plain(layer.get_config()), float(np.sum(output)), len(layer.losses),
            [round(float(np.sum(w)), 4) for w in layer.get_weights()],
            type(layer.weights[0]).__name__ if layer.weights else None,
        ]
        cls = type(layer)
        facts[str(i)] += [str(inspect.signature(cls.__init__)), str(inspect.signature(cls.build)),
                          str(inspect.signature(layer.build)), str(inspect.signature(layer.call)),
                          str(inspect.signature(cls.__call__)), str(inspect.signature(cls)),
                          layer.build.__name__, cls.build.__qualname__]
    inputs = keras.Input([3])
    outputs = keras.layers.Dense(2)(keras.layers.Dropout(0.1)(keras.layers.Dense(4)(inputs)))
    model = keras.Model(inputs, outputs)
    facts["model"] = plain(model.get_config())
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=["mae"])
    history = model.fit(x[:, 0], x[:, 0, :2], epochs=2, verbose=0, shuffle=False).history
    facts["history"] = plain(history)
    with tempfile.TemporaryDirectory() as folder:
        model.save(os.path.join(folder, "m.keras"))
        loaded = keras.models.load_model(os.path.join(folder, "m.keras"))
        model.save_weights(os.path.join(folder, "m.weights.h5"))
        facts["loaded"] = [bool(np.allclose(loaded(x[:, 0]), model(x[:, 0]))),
                           [w.name for w in loaded.weights]]
    for make in (copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m)), keras.models.clone_model):
        twin = make(model)
        facts.setdefault("twins", []).append([twin.name, len(twin.weights)])
    class Custom(keras.layers.Layer):
        def __init__(self, units=2, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.inner = keras.layers.Dense(units)
        def build(self, input_shape):
            self.w = self.add_weight(shape=(int(input_shape[-1]),), name="w", initializer="ones")
            super().build(input_shape)
        def call(self, inputs, training=None):
            return self.inner(inputs * self.w)
    custom = Custom()
    custom(x)
    facts["custom"] = [custom.name, [getattr(w, "path", w.name) for w in custom.weights],
                       str(inspect.signature(Custom)), plain(custom.get_config())]
    return facts
"""

IN_BETWEEN = """
expected = look()
import getter_compat
double = lambda getter, *args, **kwargs: getter(*args, **kwargs) * 2.0
x = np.ones([1, 2], np.float32)
with getter_compat.getter_scope("ours", custom_getter=double):
    keras.layers.Dense(3)(x)
try:
    with getter_compat.getter_scope("ours"):
        keras.layers.Dense(3, name="dense")(x)
        raise ValueError
except ValueError:
    pass
getter_compat.ScopedModel(lambda x: tf.keras.layers.Dense(2)(x))(x)
print(json.dumps([expected, look()]))
"""


def test_keras_behaves_after_our_scopes_as_it_did_before_the_import(keras):
    program = SAMPLE.format(keras=keras.__name__) + IN_BETWEEN
    run = python("-c", program)
    assert run.returncode == 0, run.stderr[-3000:]
    expected, found = json.loads(run.stdout.splitlines()[-1])
    for key, facts in expected.items():
        assert found[key] == facts, key


KNOWN = r"It works with (Keras 3\.3|tf_keras 2\.16) and later"


@pytest.mark.parametrize(
    ("home", "missing", "said"),
    [
        # What is relied on, what is replaced, and what is imported.
        ("keras.src.layers.layer", "Layer._flatten_layers", r"missing: Layer\._flatten_layers"),
        (
            "keras.src.backend.common.dtypes",
            "PYTHON_DTYPES_MAP",
            r"missing: keras\.src\.backend\.common\.dtypes\.PYTHON_DTYPES_MAP",
        ),
        ("keras.src.layers.layer", "Layer._open_name_scope", r"missing: Layer\._open_name_scope"),
        ("keras.src.layers.layer", "CallContext", "cannot import name 'CallContext'"),
        ("tf_keras.src.engine.base_layer", "Layer._flatten_layers", r"Layer\._flatten_layers"),
        ("tf_keras.src.engine.base_layer", "Layer._init_set_name", r"Layer\._init_set_name"),
    ],
)
def test_a_keras_that_is_not_known_is_refused_with_its_version(home, missing, said):
    layer = f"{home.partition('.')[0]}.layers.Layer"
    program = (
        f"import {home} as home\nimport {home}\ndel home.{missing}\nbefore = {layer}.__call__\n"
        "try:\n    import getter_compat\n    getter_compat.getter_scope\n"
        f"finally:\n    print({layer}.__call__ is before)"
    )
    run = python("-c", program)
    assert run.stdout.strip() == "True", "it was changed, though not all is there"
    message = run.stderr.strip().splitlines()[-1]
    assert re.search(rf"does not know (Keras 3|tf_keras 2)\.[\d.]+ .*{said}.*{KNOWN}", message)


def test_autograph_leaves_the_packages_code_as_it_is():
    callers = []

    def getter_of_ours(getter, *args, **kwargs):
        callers.append(sys._getframe(1).f_code.co_filename)
        return getter(*args, **kwargs)

    @tf.function
    def function():
        with getter_scope("net", reuse=AUTO_REUSE, custom_getter=getter_of_ours):
            return get_variable("v", [1])

    function()
    assert callers[0].endswith("store.py")


# Memory


def collected(*references):
    gc.collect()
    return [reference() is None for reference in references]


def test_layers_and_stores_are_freed(keras):
    with VariableStore().as_default() as store, getter_scope("net", custom_getter=double):
        layer = keras.layers.Dense(2)
        layer(X)
    kernel = weakref.ref(layer.trainable_variables[0])
    references = weakref.ref(layer), weakref.ref(store), kernel
    del layer, store
    assert collected(*references) == [True, True, True]


def test_a_layer_may_go_while_its_variables_stay_in_the_store(keras):
    with getter_scope("net"):
        layer = keras.layers.Dense(2)
        layer(X)
    reference = weakref.ref(layer)
    del layer
    assert collected(reference) == [True]
    assert list(default_store().variables) == ["net/dense/kernel", "net/dense/bias"]


def test_a_scoped_model_is_freed_with_its_store_and_what_it_ran_in():
    model = ScopedModel(lambda x: tf.keras.layers.Dense(2)(x))
    call = tf.function(model)
    call(X), model(X)
    references = weakref.ref(model), weakref.ref(model.store)
    del model, call
    assert collected(*references) == [True, True]


def test_calls_leave_nothing_behind():
    model = ScopedModel(lambda x: tf.keras.layers.Dropout(0.5)(tf.keras.layers.Dense(2)(x)))
    for _ in range(3):
        model(X)
    gc.collect()
    before = sum(isinstance(o, tf.keras.layers.Layer) for o in gc.get_objects())
    for _ in range(10):
        model(X)
    gc.collect()
    assert sum(isinstance(o, tf.keras.layers.Layer) for o in gc.get_objects()) <= before
