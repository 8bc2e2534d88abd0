"""A program that trains under a `tf.distribute` strategy; `test_distribute.py` runs it.

    python -m tests.runtime.distributed one|mirrored|multi_worker|parameter_server

Prints what came of every cell as JSON. Strategies want processes of their own: they configure
devices and clusters before anything else runs.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from tests.runtime.distributed import cases, loops, others


def main(kind: str) -> dict[str, Any]:
    """Run every cell; the error of one does not hide the others."""
    if kind == "parameter_server":
        coordinator = make_coordinator()
        strategy = coordinator.strategy
    else:
        coordinator, strategy = None, make_strategy(kind)
    results = {"replicas": strategy.num_replicas_in_sync}
    for name, run in cells(strategy, coordinator).items():
        try:
            results[name] = run()
        except Exception:
            results[name] = {"error": traceback.format_exc()[-3000:]}
    return results


def cells(strategy: Any, coordinator: Any) -> dict[str, Callable[[], Any]]:
    """What is run, by name."""

    def run(function: Any) -> Any:
        return function() if coordinator is None else coordinator.schedule(function).fetch()

    def train(make: Any, keras: Any = tf.keras) -> Any:
        if coordinator is None:
            return loops.by_run(strategy, make, keras)
        return loops.by_coordinator(coordinator, make, keras)

    def both_lines() -> Any:
        keras3 = importlib.import_module("keras")
        return train(functools.partial(cases.masked_layers, keras3), keras3)

    found: dict[str, Callable[[], Any]] = {
        "scopes": lambda: others.scopes_in_replicas(strategy, run),
        "variables made": lambda: others.variables_made_in_replicas(strategy),
        "evaluations": lambda: others.evaluations(strategy, run),
        "runs of a model": lambda: others.runs_of_a_model(strategy, run),
        "steps of a model": lambda: others.steps_of_a_model(strategy, run),
        "statistics of Keras": lambda: others.statistics_of_keras(strategy, run),
        "saved": lambda: others.saved(strategy),
        "plain by fit": lambda: loops.by_fit(strategy, cases.plain),
    }
    for case in cases.BY_RUN:
        found[case.__name__] = functools.partial(train, case)
    for case in cases.BY_FIT:
        found[f"{case.__name__} by fit"] = functools.partial(loops.by_fit, strategy, case)
    if strategy is tf.distribute.get_strategy():
        found["normalized in parts"] = lambda: loops.in_parts(cases.normalized, 2)
    if os.environ.get("TF_USE_LEGACY_KERAS") == "1":
        found["Keras 3 too"] = both_lines
    if coordinator is not None:  # the last: it makes another strategy
        found["sharded"] = lambda: others.sharded(coordinator.resolver)
    return found


def make_strategy(kind: str) -> Any:
    if kind == "one":
        return tf.distribute.get_strategy()
    if kind == "multi_worker":
        return tf.distribute.MultiWorkerMirroredStrategy()
    cpu = tf.config.list_physical_devices("CPU")[0]
    devices = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, devices)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def make_coordinator() -> Any:
    """One worker, one parameter server and the coordinator, in this process."""
    jobs = {job: [f"127.0.0.1:{free_port()}"] for job in ("worker", "ps")}
    cluster = tf.train.ClusterSpec(jobs)
    servers = [tf.distribute.Server(cluster, job, 0, "grpc") for job in cluster.jobs]
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(cluster, rpc_layer="grpc")
    strategy = tf.distribute.ParameterServerStrategy(resolver)
    coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)
    coordinator.servers = servers  # they live as long as they are referred to
    coordinator.resolver = resolver
    return coordinator


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


if __name__ == "__main__":
    print("\n" + json.dumps(main(sys.argv[1])), flush=True)
    os._exit(0)  # the servers of a cluster have no way to stop
