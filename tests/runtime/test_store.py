"""What a store does beyond TF1's rules, which tests/parity holds it to."""

import functools
import threading

import pytest
import tensorflow as tf
from tensorflow.python.ops import variable_scope

import getter_compat
from getter_compat import AUTO_REUSE, ScopedModel, VariableStore, get_variable, getter_scope


def test_a_tensor_initializes_a_variable_inside_a_tf_function() -> None:
    def ramp(x: tf.Tensor) -> tf.Tensor:
        return x + get_variable("ramp", initializer=tf.linspace(0.0, 1.0, 5))

    model = ScopedModel(ramp)
    traced = tf.function(model)(tf.zeros([5]))
    assert traced.numpy().tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert model(tf.ones([5])).numpy().tolist() == [1.0, 1.25, 1.5, 1.75, 2.0]


def test_an_initial_value_made_of_the_arguments_of_a_tf_function_is_refused() -> None:
    model = ScopedModel(lambda x: x + get_variable("start", initializer=2.0 * x))
    with pytest.raises(ValueError, match="The initial value of variable start depends on"):
        tf.function(model)(tf.zeros([5]))


def kernel_of_he(x: tf.Tensor, width: tf.Tensor) -> tf.Tensor:
    """As MixMatch and others wrote it: a standard deviation that is a tensor."""
    normal = tf.random_normal_initializer(stddev=1e-3 * tf.math.rsqrt(0.5 * width))
    return x * get_variable("kernel", [5], initializer=normal)


@pytest.mark.parametrize("made_in_a_function", [False, True])
def test_an_initializer_may_hold_a_tensor(made_in_a_function: bool) -> None:
    model = ScopedModel(lambda x: kernel_of_he(x, tf.constant(8.0)))
    call = tf.function(model) if made_in_a_function else model
    kernel = call(tf.ones([5])).numpy()
    assert 0 < abs(kernel).max() < 1e-2
    assert model(tf.ones([5])).numpy().tolist() == kernel.tolist()


def test_an_initializer_made_of_the_arguments_of_a_tf_function_is_refused() -> None:
    model = ScopedModel(lambda x: kernel_of_he(x, tf.reduce_sum(x)))
    with pytest.raises(ValueError, match="The initial value of variable kernel depends on"):
        tf.function(model)(tf.ones([5]))


def test_threads_that_reuse_get_one_variable_however_they_race(store: VariableStore) -> None:
    asked = threading.Event()
    asked_again = threading.Event()
    found = []

    def slow_ones(shape: list[int], dtype: tf.DType) -> tf.Tensor:
        asked.set()
        asked_again.wait(0.3)  # where a second thread makes one of its own, it gets to do so
        return tf.ones(shape, dtype)

    def ones(shape: list[int], dtype: tf.DType) -> tf.Tensor:
        asked_again.set()
        return tf.ones(shape, dtype)

    def ask(initializer: object) -> None:
        with store.as_default(), getter_scope("tower", reuse=AUTO_REUSE):
            found.append(get_variable("v", [2], initializer=initializer))

    first = threading.Thread(target=ask, args=[slow_ones])
    second = threading.Thread(target=ask, args=[ones])
    first.start()
    asked.wait()
    second.start()
    first.join()
    second.join()
    assert found[0] is found[1] is store.variables["tower/v"]
    assert store.collection("variables") == [found[0]]


def test_a_local_variable_is_in_its_collection_only(store: VariableStore) -> None:
    with getter_scope("net") as scope:
        seen = getter_compat.get_local_variable("seen", [2], initializer=tf.zeros_initializer())
        assert scope.local_variables() == store.collection("local_variables")
    assert seen.name == "net/seen:0"
    assert not seen.trainable
    assert store.collection("local_variables")[0] is seen
    assert getter_compat.global_variables() == getter_compat.trainable_variables() == []


def test_a_text_is_no_collections_of_a_local_variable(store: VariableStore) -> None:
    with pytest.raises(ValueError, match=r"list, tuple, or set\. Got mine"):
        getter_compat.get_local_variable("seen", [2], collections="mine")


def test_a_variable_that_is_synchronized_on_read_is_trained_if_that_is_asked_for() -> None:
    """TF1 refused it in `Layer.add_weight` only."""
    on_read = tf.VariableSynchronization.ON_READ
    assert get_variable("v", [], synchronization=on_read, trainable=True).trainable
    assert not get_variable("w", [], synchronization=on_read).trainable


def test_a_regularizer_without_a_loss_leaves_none_in_the_collection(store: VariableStore) -> None:
    with getter_scope("net", regularizer=lambda w: None) as scope:
        get_variable("v", [2])
        assert scope.get_collection("regularization_losses") == []


def test_blocks_that_reuse_leave_their_losses_side_by_side(store: VariableStore) -> None:
    def build(name: str, factor: float) -> None:
        with getter_scope(name, regularizer=lambda v: factor * tf.reduce_sum(v)):
            get_variable("v", [1], initializer=tf.ones_initializer())

    with store.reusing(may_create=True):
        build("generator", 1.0)
        with store.reusing(may_create=True):
            build("encoder", 2.0)
    with store.reusing(may_create=True):
        build("discriminator", 3.0)
    assert getter_compat.regularization_losses() == [2.0, 1.0, 3.0]
    with store.reusing():
        build("generator", 4.0)
    assert getter_compat.regularization_losses() == [2.0, 4.0, 3.0]


def test_a_block_that_reuses_puts_its_losses_in_the_places_of_those_before(
    store: VariableStore,
) -> None:
    def build(factor: float) -> None:
        regularizer = lambda v: factor * tf.reduce_sum(v)  # noqa: E731
        get_variable("v", [1], initializer=tf.ones_initializer(), regularizer=regularizer)

    build(1.0)
    with store.reusing():
        build(2.0)
    assert getter_compat.regularization_losses() == [2.0]


def test_a_block_over_a_models_store_keeps_its_losses(store: VariableStore) -> None:
    def build(name: str) -> None:
        get_variable(name, [1], initializer=tf.ones_initializer(), regularizer=tf.reduce_sum)

    model = ScopedModel(lambda x, regularized: build("v") if regularized else None)
    model(tf.zeros([]), True)
    with model.store.reusing(may_create=True):
        build("head")
    assert len(model.losses) == 2
    model(tf.zeros([]), False)
    assert len(model.losses) == 1


def test_losses_are_found_while_another_store_is_the_default(store: VariableStore) -> None:
    def function(x: tf.Tensor) -> tf.Tensor:
        get_variable("v", [1], initializer=tf.ones_initializer(), regularizer=tf.reduce_sum)
        with store.as_default():
            return x + sum(tf.compat.v1.losses.get_regularization_losses())

    assert float(ScopedModel(function)(tf.zeros([]))) == 1.0


def test_the_scope_of_a_template_has_two_names_as_in_tf1() -> None:
    template = getter_compat.make_template("t", lambda: get_variable("v", [1]))
    template()
    assert template.var_scope is template.variable_scope


def test_a_scope_asks_a_store_whatever_scope_is_open(store: VariableStore) -> None:
    with getter_scope("m") as scope:
        v = get_variable("v", [2])
    with getter_scope("elsewhere"):
        again = scope.get_variable(store, "v", [2], reuse=True)
        other = scope.get_variable(store, "w", [1])
    assert again is v
    assert other.name == "m/w:0"


@pytest.mark.parametrize("in_graph", [False, True])
def test_a_scope_takes_what_tf1s_took_by_position(in_graph: bool) -> None:
    with tf.Graph().as_default() if in_graph else VariableStore().as_default() as here:
        store = variable_scope._get_default_variable_store() if in_graph else here
        with getter_scope("m") as scope:
            pass
        given = [[2], tf.float64, tf.ones_initializer(), None, None, False, ["mine"]]
        v = scope.get_variable(store, "v", *given, None, None, True, None)
        assert [v.name, v.dtype, v.trainable] == ["m/v:0", tf.float64, False]
        assert [each.name for each in scope.get_collection("mine")] == ["m/v:0"]


@pytest.mark.parametrize("is_in_a_model", [False, True])
def test_a_regularizer_of_keras_refuses_integers_as_tf1s_did(is_in_a_model: bool) -> None:
    def ask(x: tf.Tensor) -> tf.Tensor:
        with getter_scope("net", regularizer=tf.keras.regularizers.L2(0.1)):
            return x + get_variable("step", [], tf.int32)

    with pytest.raises(TypeError, match=r"Expected int32.*L2.*net/step.*no_regularizer"):
        (ScopedModel(ask) if is_in_a_model else ask)(tf.constant(1))


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_layer_made_outside_is_counted_in_every_run(run_eagerly: bool) -> None:
    layer = getter_compat.layers.Dense(3)
    model = ScopedModel(lambda x: getter_compat.layers.dense(layer(x), 2), run_eagerly=run_eagerly)
    outputs = [model(tf.ones([rows, 3])).shape.as_list() for rows in (1, 1, 2)]
    assert outputs == [[1, 2], [1, 2], [2, 2]]
    assert list(model.store.variables)[2:] == ["dense_1/kernel", "dense_1/bias"]


def test_a_decorated_getter_is_given_what_it_takes():
    """Getters older than `constraint` do not take it; what takes any arguments hands them on."""

    def passing(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs)

    @functools.wraps(passing)
    def old(
        getter,
        name,
        shape,
        dtype,
        initializer,
        regularizer,
        reuse,
        trainable,
        collections,
        caching_device,
        partitioner,
        validate_shape,
        use_resource,
        synchronization,
        aggregation,
    ):
        return passing(getter, name, shape=shape)

    @functools.wraps(old)
    def around(*args, **kwargs):
        return old(*args, **kwargs)

    for getter in (old, around):
        with VariableStore().as_default(), getter_scope("a", custom_getter=getter):
            assert get_variable("v", [2]).name == "a/v:0"
