"""What the probes of recurrent networks cannot ask TensorFlow 1: calls, runs and models here."""

import copy
from collections import Counter
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import ScopedModel, get_variable, getter_scope, global_variables, nn

X = tf.constant(np.cos(np.arange(24.0)).reshape(2, 3, 4), tf.float32)


def operations(graph: Any) -> Counter[str]:
    return Counter(operation.type for operation in graph.get_operations())


def in_loops(concrete: Any) -> Counter[str]:
    """The operations in the bodies of the loops of a function."""
    functions = concrete.graph.as_graph_def().library.function
    bodies = [f for f in functions if "while_body" in f.signature.name]
    assert bodies
    return Counter(node.op for body in bodies for node in body.node_def)


def traced(function: Any, *inputs: Any) -> Any:
    """The trace of a model function whose variables exist."""
    function(*inputs)

    def again(*args: Any) -> Any:
        with getter_compat.default_store().reusing():
            return function(*args)

    return tf.function(again, autograph=False).get_concrete_function(*inputs)


class TestDerivedWeights:
    @staticmethod
    def sampling(asked: list[str]) -> Any:
        def getter(getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
            asked.append(name)
            return getter(name, *args, **kwargs) + tf.random.normal([])

        return getter

    def cell_over_time(self, asked: list[str], x: Any) -> Any:
        with getter_scope("m", custom_getter=self.sampling(asked)):
            cell = nn.rnn_cell.MultiRNNCell([nn.rnn_cell.LSTMCell(3), nn.rnn_cell.GRUCell(2)])
            return nn.dynamic_rnn(cell, x, dtype=tf.float32)

    def test_are_asked_once_for_a_call_of_the_function(self) -> None:
        asked: list[str] = []
        self.cell_over_time(asked, X)
        assert len(asked) == len(set(asked)) == 6

    def test_are_asked_again_in_the_next_call(self) -> None:
        asked: list[str] = []
        with getter_scope("m", custom_getter=self.sampling(asked)):
            cell = nn.rnn_cell.GRUCell(2)
            first, _ = nn.dynamic_rnn(cell, X, dtype=tf.float32)
            second, _ = nn.dynamic_rnn(cell, X, dtype=tf.float32)
        assert len(asked) == 8
        assert not np.allclose(first, second)

    def test_are_computed_outside_of_the_loop_of_a_graph(self) -> None:
        asked: list[str] = []
        concrete = traced(lambda x: self.cell_over_time(asked, x), X)
        assert "RandomStandardNormal" not in in_loops(concrete)
        assert "ReadVariableOp" not in in_loops(concrete)
        assert operations(concrete.graph)["RandomStandardNormal"] == 6

    def test_cost_the_loop_nothing(self) -> None:
        def plain(x: Any) -> Any:
            with getter_scope("plain"):
                return nn.dynamic_rnn(nn.rnn_cell.LSTMCell(3), x, dtype=tf.float32)

        def derived(x: Any) -> Any:
            with getter_scope("derived", custom_getter=self.sampling([])):
                return nn.dynamic_rnn(nn.rnn_cell.LSTMCell(3), x, dtype=tf.float32)

        without, with_getter = in_loops(traced(plain, X)), in_loops(traced(derived, X))
        assert not with_getter - without  # it does not even read the variables
        assert set(without - with_getter) <= {"ReadVariableOp", "NoOp"}

    def test_are_one_sample_in_a_bidirectional_function(self) -> None:
        asked: list[str] = []
        cell = nn.rnn_cell.BasicRNNCell(2)
        with getter_scope("m", custom_getter=self.sampling(asked)):
            nn.bidirectional_dynamic_rnn(cell, cell, X, dtype=tf.float32)
        assert len(asked) == 2

    def test_are_one_sample_in_a_call_of_a_model(self) -> None:
        asked: list[str] = []

        def twice(x: Any) -> Any:
            with getter_scope("m", custom_getter=self.sampling(asked)):
                cell = nn.rnn_cell.BasicRNNCell(4)
                outputs, _ = nn.dynamic_rnn(cell, x, dtype=tf.float32)
                return nn.dynamic_rnn(cell, outputs, dtype=tf.float32)[0]

        model = ScopedModel(twice)
        model(X)
        asked.clear()
        model(X)
        assert len(asked) in (0, 2)  # none where the trace of the first call is run

    def test_that_need_the_step_are_computed_in_it(self) -> None:
        """A hypernetwork: the weights of the cell inside come from the state at each step."""

        class Hyper(nn.rnn_cell.RNNCell):
            state_size = output_size = 2

            def call(self, inputs: Any, state: Any) -> Any:
                made = getter_compat.layers.dense(state, 8, name="maker")

                def given(getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
                    return tf.reshape(made[0], kwargs["shape"])

                with getter_scope("inner", custom_getter=given):
                    w = get_variable("w", [4, 2])
                output = tf.tanh(tf.matmul(inputs, w)) + 0.1
                return output, output

        def run(x: Any) -> Any:
            with getter_scope("m", initializer=tf.compat.v1.ones_initializer()):
                return nn.dynamic_rnn(Hyper(), x, dtype=tf.float32)[0]

        eager = run(X)
        concrete = traced(lambda x: self.renamed(run, x), X)
        np.testing.assert_allclose(concrete(X), eager, rtol=1e-5)
        expected, state = [], np.zeros([2, 2])
        for step in range(3):
            w = np.full([4, 2], state[0].sum())
            state = np.tanh(X[:, step].numpy() @ w) + 0.1
            expected.append(state)
        np.testing.assert_allclose(eager, np.stack(expected, 1), rtol=1e-4)

    @staticmethod
    def renamed(run: Any, x: Any) -> Any:
        with getter_scope("again"):
            return run(x)

    def test_of_a_layer_built_in_the_loop_that_need_the_step(self) -> None:
        """Such a weight cannot be computed outside of the loop; in the loop it can."""

        class Hyper(nn.rnn_cell.RNNCell):
            state_size = output_size = 2

            def __init__(self) -> None:
                super().__init__()
                self.inner = nn.rnn_cell.BasicRNNCell(2)

            def call(self, inputs: Any, state: Any) -> Any:
                def given(getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
                    return getter(name, *args, **kwargs) * tf.reduce_mean(state + 1.0)

                with getter_scope("inner", custom_getter=given):
                    return self.inner(inputs, state)

        def run(x: Any) -> Any:
            with getter_scope("m"):
                return nn.dynamic_rnn(Hyper(), x, dtype=tf.float32)[0]

        model = ScopedModel(run)
        concrete = tf.function(model, autograph=False)
        concrete(X)
        kernel = model.store.collection("variables")[0].numpy()
        state, expected = np.zeros([2, 2]), []
        for step in range(3):
            both = np.concatenate([X[:, step].numpy(), state], 1)
            state = np.tanh(both @ (kernel * (state + 1.0).mean()))
            expected.append(state)
        np.testing.assert_allclose(concrete(X), np.stack(expected, 1), rtol=1e-4)


class TestRuns:
    def test_a_model_trains_the_weights_of_its_cells(self) -> None:
        def model_fn(x: Any) -> Any:
            cell = nn.rnn_cell.MultiRNNCell([nn.rnn_cell.BasicLSTMCell(4) for _ in range(2)])
            outputs, _ = nn.dynamic_rnn(cell, x, dtype=tf.float32)
            return getter_compat.layers.dense(outputs[:, -1], 1)

        model = ScopedModel(model_fn)
        model.compile("adam", "mse")
        before = model(X).numpy()
        model.fit(X, np.ones([2, 1]), epochs=2, verbose=0)
        assert len(model.trainable_variables) == 6
        assert not np.allclose(before, model(X))

    def test_cells_of_a_model_are_found_in_every_run(self) -> None:
        class Asking(nn.rnn_cell.RNNCell):
            state_size = output_size = 4

            def call(self, inputs: Any, state: Any) -> Any:
                output = getter_compat.layers.dense(inputs, 4) * get_variable("w", [])
                return output, state

        model = ScopedModel(lambda x: nn.dynamic_rnn(Asking(), x, dtype=tf.float32)[0])
        first = model(X)
        np.testing.assert_allclose(model(X), first)
        names = ["rnn/asking/dense/kernel:0", "rnn/asking/dense/bias:0", "rnn/asking/w:0"]
        assert [v.name for v in model.store.collection("variables")] == names

    def test_any_number_of_steps_can_be_run_by_one_trace(self) -> None:
        cell = nn.rnn_cell.LSTMCell(3)
        nn.dynamic_rnn(cell, X, dtype=tf.float32)

        @tf.function(input_signature=[tf.TensorSpec([None, None, 4])], autograph=False)
        def run(x: Any) -> Any:
            return nn.dynamic_rnn(cell, x, dtype=tf.float32)[0]

        for steps in (1, 2, 3):
            expected = nn.dynamic_rnn(cell, X[:, :steps], dtype=tf.float32)[0]
            np.testing.assert_allclose(run(X[:, :steps]), expected, rtol=1e-5)

    def test_another_thread_of_scopes_is_left_as_it_was(self) -> None:
        class Failing(nn.rnn_cell.RNNCell):
            state_size = output_size = 4

            def call(self, inputs: Any, state: Any) -> Any:
                raise ArithmeticError

        with getter_scope("m") as scope:
            with pytest.raises(ArithmeticError):
                nn.dynamic_rnn(Failing(), X, dtype=tf.float32)
            assert getter_compat.get_variable_scope() is scope
            nn.dynamic_rnn(nn.rnn_cell.GRUCell(2), X, dtype=tf.float32)


class TestCells:
    def test_are_layers(self) -> None:
        cell = nn.rnn_cell.GRUCell(2)
        assert isinstance(cell, getter_compat.layers.Layer)
        assert isinstance(cell, tf.keras.layers.Layer)

    def test_can_take_on_layers_and_variables_in_their_call(self) -> None:
        class Late(nn.rnn_cell.RNNCell):
            state_size = output_size = 4
            _projection = None

            def call(self, inputs: Any, state: Any) -> Any:
                if self._projection is None:
                    self._projection = getter_compat.layers.Dense(4, name="projection")
                    self._scale = self.add_variable("scale", [4])
                return self._projection(inputs) * self._scale, state

        cell = Late()
        nn.dynamic_rnn(cell, X, dtype=tf.float32)
        names = [v.name for v in global_variables()]
        assert names == [
            "rnn/late/scale:0",
            "rnn/late/projection/kernel:0",
            "rnn/late/projection/bias:0",
        ]
        assert len(cell.trainable_variables) == 3

    def test_may_keep_lists_and_have_states_that_are_lists(self) -> None:
        class Listed(nn.rnn_cell.RNNCell):
            def __init__(self) -> None:
                super().__init__()
                self._sizes = [2, 3]

            @property
            def state_size(self) -> Any:
                return self._sizes

            output_size = 4

            def call(self, inputs: Any, state: Any) -> Any:
                one, other = state
                return inputs, [one + 1.0, other + 2.0]

        for run in (nn.dynamic_rnn, tf.function(nn.dynamic_rnn, autograph=False)):
            _, state = run(Listed(), X, dtype=tf.float32)
            assert [float(part[0, 0]) for part in state] == [3.0, 6.0]

    def test_pass_arrays_and_other_states_through(self) -> None:
        class Writing(nn.rnn_cell.RNNCell):
            state_size = output_size = 4

            def call(self, inputs: Any, state: Any) -> Any:
                time, written = state
                return inputs, (time + 1, written.write(time, inputs))

        start = (tf.constant(0), tf.TensorArray(tf.float32, 3, element_shape=[2, 4]))
        _, (time, written) = nn.dynamic_rnn(Writing(), X, initial_state=start, dtype=tf.float32)
        assert int(time) == 3
        np.testing.assert_allclose(tf.transpose(written.stack(), [1, 0, 2]), X)

    def test_are_copied_with_the_cells_in_them_before_they_are_built(self) -> None:
        keep = tf.constant(1.0)
        cell = nn.rnn_cell.DropoutWrapper(nn.rnn_cell.GRUCell(4), output_keep_prob=keep)
        both = nn.rnn_cell.MultiRNNCell([cell, copy.deepcopy(cell)])
        nn.dynamic_rnn(both, X, dtype=tf.float32)
        assert len(both.variables) == 8
        with pytest.raises(TypeError, match="has its variables, and cannot be copied"):
            copy.deepcopy(both)

    def test_refuse_partitioned_variables(self) -> None:
        with pytest.raises(NotImplementedError, match="num_unit_shards=2"):
            nn.rnn_cell.LSTMCell(2, num_unit_shards=2)

    def test_a_state_is_an_instance_of_tf1s_class(self) -> None:
        _, state = nn.dynamic_rnn(nn.rnn_cell.LSTMCell(2), X, dtype=tf.float32)
        assert isinstance(state, nn.rnn_cell.LSTMStateTuple)
        assert state.dtype == tf.float32


def test_a_state_can_be_kept_between_runs() -> None:
    class Saver:
        kept = tf.zeros([2, 2])

        def state(self, name: str) -> Any:
            return self.kept

        def save_state(self, name: str, value: Any) -> Any:
            self.kept = value
            return tf.no_op() if not tf.executing_eagerly() else tf.constant(0)

    saver, cell = Saver(), nn.rnn_cell.GRUCell(2)
    steps = tf.unstack(X, axis=1)
    for part in (steps[:2], steps[2:]):
        outputs, _ = nn.static_state_saving_rnn(cell, part, saver, "s")
    whole, _ = nn.static_rnn(cell, steps, dtype=tf.float32)
    np.testing.assert_allclose(outputs[-1], whole[-1], rtol=1e-5)
