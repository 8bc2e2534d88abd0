"""What else holds under a strategy: scopes in replicas, how often getters run, saving."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tensorflow as tf

import getter_compat
from getter_compat import (
    ScopedModel,
    VariableStore,
    contrib,
    get_variable,
    get_variable_scope,
    getter_scope,
)
from tests.runtime.distributed.cases import X, Y, masked, small


def scopes_in_replicas(strategy: Any, run: Any) -> list[Any]:
    """The scope that each replica is in where one is open around `strategy.run`; its arguments."""
    seen = []

    def look():
        scope, arguments = get_variable_scope(), list(contrib.current_arg_scope().values())
        seen.append([replica(), scope.name, scope.reuse, scope.custom_getter is masked, arguments])
        return tf.constant(0.0)

    arguments = contrib.arg_scope([contrib.dropout], keep_prob=0.5)
    with VariableStore().as_default(), getter_scope("outer", custom_getter=masked), arguments:
        run(tf.function(lambda: strategy.run(look)))
    return seen


def variables_made_in_replicas(strategy: Any) -> dict[str, Any]:
    """What the getters of a scope see in the replicas, which make the variables of its layers."""
    seen = []

    def look(getter, name, *args, **kwargs):
        seen.append([replica(), name, kwargs["reuse"]])
        return getter(name, *args, **kwargs)

    def step():
        hidden = getter_compat.layers.dense(tf.constant(X), 2, use_bias=False)
        return getter_compat.layers.dense(hidden, 2, use_bias=False)

    with VariableStore().as_default() as store, getter_scope("outer", custom_getter=look):
        strategy.run(step)
    return {"seen": seen, "variables": list(store.variables)}


def replica() -> int:
    """The number of the replica that runs this."""
    context = tf.distribute.get_replica_context()
    return int(tf.get_static_value(context.replica_id_in_sync_group))


def evaluations(strategy: Any, run: Any) -> dict[str, Any]:
    """How often a getter runs for the weights of a layer that loops, called twice in a replica."""
    asked: Counter[str] = Counter()
    add_up = {
        "synchronization": tf.VariableSynchronization.ON_READ,
        "aggregation": tf.VariableAggregation.SUM,
    }
    with strategy.scope():
        ran = tf.Variable(0, trainable=False, **add_up)

    def count(getter, name, *args, **kwargs):
        asked[name] += 1
        if not tf.distribute.in_cross_replica_context():
            ran.assign_add(1)
        return getter(name, *args, **kwargs) * 2.0

    inputs = tf.constant(X[:, :, None])
    with strategy.scope(), VariableStore().as_default(), getter_scope("n", custom_getter=count):
        layer = tf.keras.layers.SimpleRNN(2)
        layer(inputs)

    def call_twice():
        return layer(inputs) + layer(inputs)

    asked.clear()
    strategy.run(call_twice)
    eager = dict(asked)
    asked.clear()
    step = tf.function(lambda: strategy.run(call_twice))
    run(step)
    before = int(ran.read_value())
    run(step)
    return {"eager": eager, "traced": dict(asked), "ran": int(ran.read_value()) - before}


def runs_of_a_model(strategy: Any, run: Any) -> dict[str, Any]:
    """How often a model function's Python runs: first under the strategy, in steps, and outside."""
    replicas = []  # of each run; `None` outside of all

    def network(x):
        replicas.append(None if tf.distribute.in_cross_replica_context() else replica())
        with getter_scope("net", custom_getter=masked):
            x = getter_compat.layers.dense(x, 4, tf.tanh, kernel_initializer=small)
            x = x * tf.Variable([1.0, 2.0, 3.0, 4.0], name="scale")
            return tf.keras.layers.Dense(2, kernel_initializer=small)(x)

    with strategy.scope():
        model = ScopedModel(network)
        model(X)
    found: dict[str, Any] = {"first": replicas.copy()}
    step = tf.function(lambda: strategy.run(model, args=(tf.constant(X),)))
    for _ in range(3):
        replicas_before = len(replicas)
        outputs = run(step)
        found.setdefault("in steps", []).append(sorted(replicas[replicas_before:]))
    found["variables"] = list(model.store.variables)
    found["outputs"] = [
        np.asarray(y).tolist() for y in strategy.experimental_local_results(outputs)
    ]
    replicas_before = len(replicas)
    found["right"] = [model(X).numpy().tolist() for _ in range(3)]
    found["outside"] = len(replicas) - replicas_before
    return found


def steps_of_a_model(strategy: Any, run: Any) -> dict[str, Any]:
    """What steps make and do that a model function takes itself, each replica with its part."""

    def network(x, y):
        with getter_scope("net", custom_getter=masked):
            outputs = getter_compat.layers.dense(x, 2, kernel_initializer=small)
        loss = tf.reduce_sum((outputs - y) ** 2) / Y.size
        tf.compat.v1.train.AdamOptimizer(0.1).minimize(loss)
        return loss

    def step():
        size = len(X) // tf.distribute.get_replica_context().num_replicas_in_sync
        part = slice(replica() * size, (replica() + 1) * size)
        return model(tf.constant(X[part]), tf.constant(Y[part]))

    with strategy.scope():
        model = ScopedModel(network)
    traced = tf.function(lambda: strategy.run(step))
    for _ in range(3):
        run(traced)
    made = model.store.variables
    return {"names": list(made), "values": [np.asarray(v).tolist() for v in made.values()]}


def statistics_of_keras(strategy: Any, run: Any) -> list[Any]:
    """The statistics of Keras's batch normalization, plain and built in a scope, after a call.

    Keras 2 has the mean of the replicas; Keras 3 does not add them up, and shows the first's.
    """

    def statistics(scope: Any) -> Any:
        with strategy.scope(), VariableStore().as_default(), scope:
            layer = tf.keras.layers.BatchNormalization(momentum=0.5)
            layer(tf.constant(X))

        def call():
            context = tf.distribute.get_replica_context()
            factor = tf.cast(context.replica_id_in_sync_group, tf.float32) + 1.0
            return layer(factor * X, training=True)

        run(tf.function(lambda: strategy.run(call)))
        return [np.asarray(v).tolist() for v in layer.non_trainable_variables]

    identity = getter_scope("net", custom_getter=lambda getter, *a, **kw: getter(*a, **kw))
    return [statistics(nullcontext()), statistics(identity)]


def sharded(resolver: Any) -> str:
    """The error for a strategy of parameter servers that cuts variables in slices."""
    slices = tf.distribute.experimental.partitioners.FixedShardsPartitioner(2)
    strategy = tf.distribute.ParameterServerStrategy(resolver, variable_partitioner=slices)
    try:
        with strategy.scope(), VariableStore().as_default():
            return f"got {get_variable('v', [4, 2])}"
    except NotImplementedError as error:
        return str(error)


def saved(strategy: Any) -> dict[str, Any]:
    """Outputs of a model whose variables were saved and loaded, in every way there is."""

    def network(x):
        with getter_scope("net", custom_getter=masked):
            x = getter_compat.layers.dense(x, 4, kernel_initializer=small)
            x = getter_compat.layers.batch_normalization(x, momentum=0.5, training=False)
            return tf.keras.layers.Dense(2)(x)

    def make(factor: float) -> ScopedModel:
        model = ScopedModel(network)
        model(X)
        for number, variable in enumerate(model.store.variables.values()):
            variable.assign(factor * small(variable.shape) + number)
        return model

    with strategy.scope():
        model = make(1.0)
        others = {way: make(0.0) for way in ("weights", "checkpoint", "tf1")}
    others["tf1, into one replica"] = make(0.0)
    results: dict[str, Any] = {"right": model(X).numpy().tolist()}
    with TemporaryDirectory() as folder:
        model.save_weights(f"{folder}/model.weights.h5")
        others["weights"].load_weights(f"{folder}/model.weights.h5")
        path = tf.train.Checkpoint(model=model).save(f"{folder}/checkpoint")
        tf.train.Checkpoint(model=others["checkpoint"]).restore(path).assert_consumed()
        path = model.save_tf1_checkpoint(f"{folder}/tf1/model.ckpt")
        others["tf1"].load_tf1_checkpoint(path)
        others["tf1, into one replica"].load_tf1_checkpoint(path)
        results["names"] = [name for name, _ in tf.train.list_variables(path)]
        reader = tf.train.load_checkpoint(path)
        results["wrong values"] = [
            name
            for name, variable in model.store.variables.items()
            if not np.array_equal(reader.get_tensor(name), np.asarray(variable))
        ]
        results["exported"] = exported(model, f"{folder}/saved_model")
    results.update({way: other(X).numpy().tolist() for way, other in others.items()})
    return results


def exported(model: ScopedModel, path: str) -> Any:
    """What the SavedModel of a model serves."""
    model.export(path)
    assert Path(path, "saved_model.pb").exists()
    served = tf.saved_model.load(path)
    serve = served.signatures["serving_default"]
    (name,) = serve.structured_input_signature[1]
    (outputs,) = serve(**{name: tf.constant(X)}).values()
    return outputs.numpy().tolist()
