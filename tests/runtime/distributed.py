"""A program that trains under a `tf.distribute` strategy; `test_distribute.py` runs it.

    python distributed.py one|mirrored|multi_worker|parameter_server

Prints the trained numbers of every case as JSON. Strategies want processes of their own: they
configure devices and clusters before anything else runs.
"""

import json
import os
import socket
import sys

import keras
import numpy as np
import tensorflow as tf

import getter_compat
from getter_compat import ScopedModel, functional_call, getter_scope

STEPS, RATE = 3, 0.1
X = np.random.RandomState(0).normal(size=(8, 3)).astype(np.float32)
Y = np.random.RandomState(1).normal(size=(8, 2)).astype(np.float32)


def small(shape, dtype=None):
    """The same small numbers, all different, in every process."""
    return tf.reshape(tf.sin(tf.range(np.prod(shape), dtype=tf.float32)), shape) / 4.0


def double(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) * 2.0


def network(x):
    with getter_scope("net"):
        hidden = keras.layers.Dense(4, "tanh", kernel_initializer=small, name="hidden")(x)
        return keras.layers.Dense(2, kernel_initializer=small, name="out")(hidden)


def derived():
    """Every weight is what a getter makes of a variable."""

    def doubled(x):
        with getter_scope("doubled", custom_getter=double):
            return network(x)

    model = ScopedModel(doubled)
    model(X)
    return model, model.trainable_variables, lambda: None, model


def replaced():
    """The weights are tensors that a call gives."""
    model = ScopedModel(network)
    model(X)
    free = {n: tf.Variable(0.5 * v, name="free") for n, v in model.store.variables.items()}

    def forward(x):
        return functional_call(model, {name: v * 2.0 for name, v in free.items()}, x)

    return forward, list(free.values()), lambda: None, forward


def averaged():
    """Training with the weights, and evaluation with their moving averages."""
    model = ScopedModel(network)
    model(X)
    variables = list(model.store.variables.values())
    averages = {id(v): tf.Variable(v, trainable=False, name="average") for v in variables}

    def average(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        return averages[id(variable)] + 0.0

    def update():
        for v in variables:
            average = averages[id(v)]
            average.assign(0.9 * average + 0.1 * v)

    def smooth(x):
        with (
            model.store.as_default(),
            getter_scope("", reuse=True, custom_getter=average),
        ):
            return network(x)

    return model, model.trainable_variables, update, smooth


CASES = {"derived": derived, "replaced": replaced, "averaged": averaged}


def in_tensorflow(variables):
    """The `tf.Variable` in each `keras.Variable`."""
    return [v.value if isinstance(v, keras.Variable) else v for v in variables]


def gradients_of(forward, variables, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((forward(x) - y) ** 2) / X.size
    return tape.gradient(loss, variables)


def train(strategy, case):
    """Gradient descent on the whole batch, a part of it in each replica; what came of it."""
    with strategy.scope():
        forward, variables, update, evaluate = case()
    plain = in_tensorflow(variables)

    def replica_step(x, y):
        context = tf.distribute.get_replica_context()
        gradients = gradients_of(forward, plain, x, y)
        return context.all_reduce("sum", gradients)

    @tf.function
    def step(x, y):
        return strategy.run(replica_step, args=(x, y))

    def part(whole):
        def of_replica(context):
            size = len(whole) // context.num_replicas_in_sync
            start = context.replica_id_in_sync_group * size
            return tf.constant(whole[start : start + size])

        return strategy.experimental_distribute_values_from_function(of_replica)

    for _ in range(STEPS):
        gradients = step(part(X), part(Y))
        for variable, gradient in zip(plain, gradients, strict=True):
            local = strategy.experimental_local_results(gradient)[0]
            variable.assign_sub(RATE * local)
        update()
    return numbers(plain, evaluate)


def numbers(variables, evaluate):
    return [np.asarray(v).tolist() for v in [*variables, evaluate(tf.constant(X))]]


def train_by_fit(strategy):
    """The loop that Keras has, on layers whose weights a getter derives."""
    with strategy.scope(), getter_compat.VariableStore().as_default():
        layers = [
            keras.layers.Dense(4, "tanh", kernel_initializer=small),
            keras.layers.Dense(2, kernel_initializer=small),
        ]
        with getter_scope("net", custom_getter=double):
            layers[1](layers[0](X))
        model = keras.Sequential(layers)
        model.compile(optimizer=keras.optimizers.SGD(RATE), loss="mse")
    model.fit(X, Y, batch_size=len(X), epochs=STEPS, shuffle=False, verbose=0)
    return numbers(model.trainable_variables, lambda x: model.predict(X, verbose=0))


def worker_step(strategy, forward, variables, update):
    """A step that changes the variables where they are: on the parameter server."""

    def replica_step(x, y):
        gradients = gradients_of(forward, variables, x, y)
        for variable, gradient in zip(variables, gradients, strict=True):
            variable.assign_sub(RATE * gradient)
        update()

    return tf.function(lambda: strategy.run(replica_step, args=(tf.constant(X), tf.constant(Y))))


def train_from_coordinator(cases):
    """One worker, one parameter server and the coordinator, in this process."""
    jobs = {job: [f"127.0.0.1:{free_port()}"] for job in ("worker", "ps")}
    cluster = tf.train.ClusterSpec(jobs)
    servers = [tf.distribute.Server(cluster, job, 0, "grpc") for job in cluster.jobs]
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(cluster, rpc_layer="grpc")
    strategy = tf.distribute.ParameterServerStrategy(resolver)
    coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)
    results = {}
    for name, make in cases.items():
        with strategy.scope():
            forward, variables, update, evaluate = make()
        plain = in_tensorflow(variables)

        step = worker_step(strategy, forward, plain, update)
        for _ in range(STEPS):
            coordinator.schedule(step)
            coordinator.join()
        results[name] = numbers(plain, evaluate)
    with strategy.scope():
        model = ScopedModel(network)
        model.compile(optimizer=keras.optimizers.SGD(RATE), loss="mse")
    dataset = tf.data.Dataset.from_tensor_slices((X, Y)).batch(4)
    try:
        model.fit(dataset, verbose=0)
    except ValueError as error:
        results["fit"] = str(error)
    assert servers  # they live as long as they are referred to
    return results


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main(kind):
    if kind == "parameter_server":
        return train_from_coordinator(CASES)
    if kind == "mirrored":
        cpu = tf.config.list_physical_devices("CPU")[0]
        devices = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(cpu, devices)
        strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    elif kind == "multi_worker":
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
    else:
        strategy = tf.distribute.get_strategy()
    results = {name: train(strategy, case) for name, case in CASES.items()}
    if kind in ("one", "mirrored"):
        results["fit"] = train_by_fit(strategy)
    return {**results, "replicas": strategy.num_replicas_in_sync}


if __name__ == "__main__":
    print("\n" + json.dumps(main(sys.argv[1])), flush=True)
    os._exit(0)  # the servers of a cluster have no way to stop
