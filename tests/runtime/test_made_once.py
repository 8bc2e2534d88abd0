"""What a model function makes besides variables, once: iterators, tables, slots of optimizers.

What TensorFlow 1.15.5 makes of it is asked in tests/parity; here, what it had no word for: several
models, traces, `fit`, `export`, and going on from a checkpoint of its own.
"""

import copy
import json
import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import AUTO_REUSE, ScopedModel, get_variable, getter_scope, layers

from .continued import NUMBERS, train_and_count

CHECKPOINTS = Path(__file__).parent.parent / "data" / "checkpoints"
CONTINUED = json.loads((CHECKPOINTS / "continued.json").read_text(encoding="utf-8"))
X = np.array([NUMBERS], np.float32)


class Names:
    """`tensorflow` as `train_and_count` names it."""

    variable_scope = getter_scope
    layers = layers

    def __getattr__(self, name):
        return getattr(tf.compat.v1, name)

    @staticmethod
    def mutable_table(**kwargs):
        return tf.lookup.experimental.MutableHashTable(tf.int64, tf.int64, 0, **kwargs)


def counting(x):
    return train_and_count(Names(), x)


def listed(outputs):
    return [output.numpy().tolist() for output in outputs]


def close(found, expected):
    return all(
        np.allclose(loss, right, rtol=1e-5) and seen == as_seen
        for (loss, seen), (right, as_seen) in zip(found, expected, strict=True)
    )


def test_a_training_step_goes_on_from_tf1s_checkpoint(tmp_path):
    """Slots and tables both ways: TensorFlow 1.15.5 ran two steps, wrote it, and ran three more."""
    model = ScopedModel(counting)
    assert close([listed(model(X)) for _ in range(2)], CONTINUED["before"])
    model.load_tf1_checkpoint(CHECKPOINTS / "continued.ckpt")
    assert close([listed(model(X))], CONTINUED["after"][:1])
    path = model.save_tf1_checkpoint(tmp_path / "model.ckpt")
    assert [name for name, _ in tf.train.list_variables(path)] == CONTINUED["saved"]
    again = ScopedModel(counting)
    again(X)
    again.load_tf1_checkpoint(path)
    assert close([listed(again(X)) for _ in range(2)], CONTINUED["after"][1:])


def test_a_training_step_inside_of_fit_goes_on_from_tf1s_checkpoint():
    model = ScopedModel(lambda x: tf.reshape(counting(x)[0], [1, 1]), name="counting")
    model(X)
    model.load_tf1_checkpoint(CHECKPOINTS / "continued.ckpt")
    model.compile(tf.keras.optimizers.SGD(0.0), lambda _, outputs: tf.reduce_mean(outputs))
    fitted = model.fit(X, np.zeros([1, 1]), epochs=3, verbose=0)
    assert np.allclose(fitted.history["loss"], [loss for loss, _ in CONTINUED["after"]], rtol=1e-5)


def test_a_checkpoint_without_a_table_is_refused_and_changes_nothing(tmp_path):
    def other(x):
        with getter_scope("net"):
            return layers.dense(x, 2)

    def with_a_table(x):
        return other(x) + tf.cast(Names.mutable_table(name="seen").size(), tf.float32)

    model, another = ScopedModel(other), ScopedModel(with_a_table)
    model(X), another(X)
    path = model.save_tf1_checkpoint(tmp_path / "model.ckpt")
    before = another(X).numpy()
    with pytest.raises(ValueError, match=r"missing from the checkpoint +seen-keys"):
        another.load_tf1_checkpoint(path)
    assert np.array_equal(another(X), before)
    assert another.load_tf1_checkpoint(path, strict=False) == list(model.store.variables)


def test_tables_of_one_name_are_refused_as_tf1s_savers_did(tmp_path):
    def two(x):
        for scope in "ab":
            with getter_scope(scope):
                x = layers.dense(x, 2) + tf.cast(Names.mutable_table().size(), tf.float32)
        return x

    model = ScopedModel(two)
    model(X)
    with pytest.raises(ValueError, match=r"have the same name.*MutableHashTable"):
        model.save_tf1_checkpoint(tmp_path / "model.ckpt")


def insert(x):
    table = Names.mutable_table()
    before = table.size()
    with tf.control_dependencies([before]):
        table.insert(tf.range(before, before + 2), [1, 2])
    return before + 0 * tf.cast(tf.size(x), tf.int64)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_table_is_of_one_model_and_of_all_its_traces(run_eagerly):
    model, other = (ScopedModel(insert, run_eagerly=run_eagerly) for _ in range(2))
    shapes = ([1, 3], [2, 3], [1, 2, 3])
    assert [int(model(tf.ones(shape))) for shape in shapes] == [0, 2, 4]
    assert int(other(tf.ones([1, 3]))) == 0


def draw(x):
    numbers = tf.data.Dataset.range(3)
    return tf.compat.v1.data.make_one_shot_iterator(numbers).get_next() + 0 * tf.size(
        x, out_type=tf.int64
    )


def draw_next(x):
    numbers = tf.data.Dataset.range(3).map(lambda number: number * 2)
    return next(iter(numbers)) + 0 * tf.size(x, out_type=tf.int64)


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize(("fn", "right"), [(draw, [0, 1, 2]), (draw_next, [0, 2, 4])])
def test_an_iterator_is_of_one_model_and_of_all_its_traces(fn, right, run_eagerly):
    model, other = (ScopedModel(fn, run_eagerly=run_eagerly) for _ in range(2))
    shapes = ([1, 3], [2, 3], [1, 2, 3])
    assert [int(model(tf.ones(shape))) for shape in shapes] == right
    assert int(other(tf.ones([1, 3]))) == 0


def test_a_loop_over_a_dataset_runs_over_all_of_it_in_each_run():
    def total(x):
        return x + sum(int(number) for number in tf.data.Dataset.range(4))

    model = ScopedModel(total, run_eagerly=True)
    assert [float(model(tf.zeros([]))) for _ in range(3)] == [6.0] * 3


def test_a_loop_over_a_dataset_that_only_adds_tensors_runs_eagerly_too():
    def total(x):
        for row in tf.data.Dataset.range(4):
            x = x + get_variable("w", []) * tf.cast(row, tf.float32)
        return x

    def reused(x):
        with getter_scope("net", reuse=AUTO_REUSE):
            return total(x)

    model = ScopedModel(reused)
    with pytest.warns(UserWarning, match="'reused' loops over a dataset in Python.*run_eagerly"):
        model(tf.zeros([]))
    model.store.variables["net/w"].assign(1.0)
    assert [float(model(tf.zeros([]))) for _ in range(3)] == [6.0] * 3
    assert list(model.store.variables) == ["net/w"]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_dataset_of_what_the_function_is_given_begins_with_it(run_eagerly):
    def first(x):
        return next(iter(tf.data.Dataset.from_tensor_slices(x)))

    model = ScopedModel(first, run_eagerly=run_eagerly)
    assert [float(model(tf.constant([n, 0.0]))) for n in (1.0, 2.0, 3.0)] == [1.0, 2.0, 3.0]


def test_an_iterator_of_what_the_function_is_given_is_refused_as_in_tf1():
    def first(x):
        return tf.compat.v1.data.make_one_shot_iterator(
            tf.data.Dataset.from_tensor_slices(x)
        ).get_next()

    with pytest.raises(ValueError, match="depends on the arguments of the model function"):
        ScopedModel(first)(X)


def test_a_model_with_tables_is_exported_with_them(tmp_path):
    def words(x):
        values = tf.lookup.KeyValueTensorInitializer([1, 2], [10.0, 20.0])
        table = tf.lookup.StaticHashTable(values, -1.0)
        return layers.dense(x, 1, use_bias=False) * 0.0 + table.lookup(tf.cast(x, tf.int32))

    model = ScopedModel(words)
    assert model(X).numpy().tolist() == [[10.0, 20.0, -1.0]]
    model.export(tmp_path / "served")
    served = tf.saved_model.load(tmp_path / "served")
    assert served.serve(X).numpy().tolist() == [[10.0, 20.0, -1.0]]


def test_outside_of_model_functions_nothing_goes_on():
    numbers = tf.data.Dataset.range(3)
    assert [int(next(iter(numbers))) for _ in range(2)] == [0, 0]
    with getter_compat.VariableStore().as_default(), getter_scope("net"):
        assert [int(next(iter(numbers))) for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_model_trains_and_counts_while_another_store_is_the_default(run_eagerly):
    other = getter_compat.VariableStore()

    def network(x):
        step = tf.compat.v1.train.get_or_create_global_step()
        loss = tf.reduce_sum(layers.dense(x, 1, kernel_initializer=tf.ones_initializer()))
        with other.as_default():
            assert tf.compat.v1.train.get_global_step() is step
            optimizer = tf.compat.v1.train.GradientDescentOptimizer(1.0)
            trained = optimizer.minimize(loss, global_step=tf.compat.v1.train.get_global_step())
        with tf.control_dependencies([trained]):
            return tf.identity(loss)

    model = ScopedModel(network, run_eagerly=run_eagerly)
    model(X)
    assert np.allclose(model.store.variables["dense/kernel"][:, 0], 1.0 - X[0])
    assert int(model.store.variables["global_step"]) == 1
    assert not other.variables


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_variable_is_found_by_the_name_of_its_tensor(run_eagerly):
    def network(x):
        with getter_scope("net"):
            y = layers.dense(x, 2, name="d")
        kernel = tf.compat.v1.get_default_graph().get_tensor_by_name("net/d/kernel:0")
        return tf.gradients(y, kernel)[0] + 0.0 * tf.nn.l2_loss(kernel)

    by_kernel = ScopedModel(network, run_eagerly=run_eagerly)(X)
    np.testing.assert_allclose(by_kernel, np.repeat(X.T, 2, axis=1), rtol=1e-5)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_an_initializer_of_variables_is_to_be_run_outside_of_a_model_function(run_eagerly):
    def network(x):
        total = tf.Variable(0.0, name="total")
        total.assign_add(1.0)
        return x, tf.compat.v1.variables_initializer([total])

    with pytest.raises(NotImplementedError, match=r"total:0.*each call.*model\.store\.variables"):
        ScopedModel(network, run_eagerly=run_eagerly)(X)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_another_tensor_that_is_asked_for_by_name_is_to_be_returned(run_eagerly):
    def network(x):
        with getter_scope("net"):
            layers.dense(x, 2, name="d")
        return tf.compat.v1.get_default_graph().get_tensor_by_name("net/d/Softmax:0")

    with pytest.raises(KeyError, match=r"net/d/Softmax:0.*return it"):
        ScopedModel(network, run_eagerly=run_eagerly)(X)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_what_to_do_is_said_where_an_operation_is_asked_for_by_name(run_eagerly):
    def network(x):
        layers.dropout(x, training=True, name="drop")
        graph = tf.compat.v1.get_default_graph()
        return graph.get_operation_by_name("drop/dropout/mul_1").outputs[0]

    with pytest.raises(KeyError, match=r"drop/dropout/mul_1.*return it.*get_tensor_by_name"):
        ScopedModel(network, run_eagerly=run_eagerly)(X)


def like_an_operation(x):
    """An operation has the name, in capitals: TF1 took them for one."""
    return tf.identity(x, name="W") * get_variable("w", [3])


def like_what_tensorflow_opens(x):
    return tf.nn.moments(x, [0], name="w")[0] * get_variable("w", [3])


def like_gradients(x):
    w = get_variable("w", [3])
    return tf.gradients(tf.reduce_sum(w * x), [w])[0] * get_variable("gradients", [3])


@pytest.mark.parametrize(
    "function", [like_an_operation, like_what_tensorflow_opens, like_gradients]
)
def test_in_a_graph_names_that_are_taken_are_numbered(function):
    """So TF1 numbered them, whose variable scopes the function by itself asks: `w_1`."""
    made = []
    for call in (function, ScopedModel(function)):
        with tf.Graph().as_default():
            call(tf.ones([2, 3]))
            made.append([v.name for v in tf.compat.v1.global_variables()])
    assert made[0] == made[1]
    assert made[0][-1].endswith("_1:0")


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_scope_that_was_opened_before_the_model_opens_in_it(run_eagerly):
    """TF1 opened it wherever its manager was entered again; after the model it is TensorFlow's."""
    manager = tf.compat.v1.variable_scope("out", reuse=AUTO_REUSE)

    def model(x):
        with manager:
            x = x * tf.compat.v1.get_variable("v", [3])
        with getter_scope("net"), manager:
            return x * get_variable("v", [3])

    with manager:
        pass
    made = ScopedModel(model, run_eagerly=run_eagerly)
    made(tf.ones([1, 3]))
    made(tf.ones([2, 3]))
    assert list(made.store.variables) == ["out/v", "net/out/v"]
    with manager as scope:
        assert scope is tf.compat.v1.get_variable_scope()
        assert scope.name == "out"


# Random operations with seeds


def test_a_seeded_operation_of_an_eager_run_goes_on_with_other_shapes():
    def drawn(x):
        return tf.compat.v1.random_normal(tf.shape(x), seed=3)

    sizes = [2, 3, 2]
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x = tf.compat.v1.placeholder(tf.float32, [None])
        fetched = drawn(x)
        expected = [session.run(fetched, {x: np.zeros(size)}) for size in sizes]
    model = ScopedModel(drawn, run_eagerly=True)
    for size, values in zip(sizes, expected, strict=True):
        np.testing.assert_array_equal(model(tf.zeros([size])), values)


@pytest.mark.parametrize("run_eagerly", [True, False])
def test_a_seed_that_a_model_sets_is_no_one_elses(run_eagerly):
    def seeded(x):
        tf.compat.v1.set_random_seed(4)
        return x + tf.compat.v1.random_normal([])

    model, other = (ScopedModel(seeded, run_eagerly=run_eagerly) for _ in range(2))
    around = []
    for _ in range(3):
        around.append(float(tf.random.normal([])))
        assert float(model(X)[0, 0]) == float(other(X)[0, 0])
    assert len(set(around)) == 3
    assert float(model(X)[0, 0]) != float(model(X)[0, 0])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize(
    "kind", ["random_uniform", "random_normal", "truncated_normal", "glorot_normal"]
)
def test_a_seeded_first_value_is_what_an_operation_of_a_graph_draws_first(kind, dtype):
    initializer = getattr(tf.compat.v1, f"{kind}_initializer")(seed=7)
    shape = [300, 70]  # more than one thread draws
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        drawn = session.run(initializer(shape, dtype=tf.as_dtype(dtype)))
    for name in ("first", "second"):
        made = get_variable(name, shape, dtype, initializer=initializer)
        np.testing.assert_array_equal(made, drawn)


def test_seeds_that_are_tensors_or_others_at_each_call_draw():
    def drawn(x, seed):
        return tf.compat.v1.random_normal([], seed=seed)

    model = ScopedModel(drawn, run_eagerly=True)
    values = [float(model(X, seed)) for seed in (1, tf.constant(2), 1, 3, 1)]
    assert values[0] == values[4]  # another operation, which begins
    assert len(set(values)) == 4


def test_threads_that_draw_first_at_once_share_the_numbers_of_an_operation():
    def noisy(x, training=False):
        return x + tf.random.normal([], seed=1) if training else x

    model = ScopedModel(noisy, run_eagerly=True)
    model(0.0 * X)
    begun = threading.Barrier(4)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def drawn(_):
        begun.wait()
        return float(model(0.0 * X, training=True)[0, 0])

    try:
        with ThreadPoolExecutor(4) as threads:
            assert len(set(threads.map(drawn, range(4)))) == 4
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda kept: pickle.loads(pickle.dumps(kept))])
def test_optimizers_and_averages_that_a_function_keeps_are_copied(copied):
    optimizer = tf.compat.v1.train.MomentumOptimizer(0.5, 0.5)
    average = tf.compat.v1.train.ExponentialMovingAverage(0.5)

    def trained(x):
        v = get_variable("v", [], initializer=tf.compat.v1.ones_initializer())
        optimizer.minimize(v * tf.reduce_sum(x), var_list=[v])
        average.apply([v])
        return v + 0.0

    model = ScopedModel(trained, run_eagerly=True)
    model(X)
    slot = copied(optimizer)._slots["momentum"]
    assert [float(made) for made in slot.values()] == [float(np.sum(X))]
    assert [float(made) for made in copied(average)._averages.values()]
    model(X)
