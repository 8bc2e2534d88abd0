"""How it is trained: by `fit`, and by a loop of one's own over `strategy.run`.

Every step takes the whole of the data, so each gives the numbers that one replica gets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from tests.runtime.distributed.cases import Case, X, Y

STEPS = 3


def numbers(case: Case, evaluate: Callable[[Any], Any]) -> list[Any]:
    """What came of training: the variables, and the outputs."""
    variables = [*case.model.trainable_variables, *case.others()]
    outputs = (case.evaluate or case.model)(tf.constant(X))
    return [np.asarray(v).tolist() for v in [*variables, outputs, evaluate(X)]]


def sgd(keras: Any = tf.keras) -> Any:
    """An optimizer with slots, which are variables too."""
    return keras.optimizers.SGD(0.1, momentum=0.9)


def parts(strategy: Any, whole: np.ndarray) -> Any:
    """The part of the data that each replica takes."""

    def of_replica(context: Any) -> tf.Tensor:
        size = len(whole) // context.num_replicas_in_sync
        start = context.replica_id_in_sync_group * size
        return tf.constant(whole[start : start + size])

    return strategy.experimental_distribute_values_from_function(of_replica)


def step_of(case: Case, optimizer: Any) -> Callable[[Any, Any], None]:
    """A training step of one replica."""

    def step(x: Any, y: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum((case.model(x, training=True) - y) ** 2) / Y.size
        variables = case.model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))

    return step


def build(strategy: Any, case: Case, optimizer: Any) -> None:
    """Make what a step would make: Keras 3 cannot make an optimizer's slots in several replicas."""
    if not case.model.trainable_variables:
        tf.function(lambda x: strategy.run(case.model, args=(x,)))(parts(strategy, X))
    with strategy.scope():
        optimizer.build(case.model.trainable_variables)


def by_run(strategy: Any, make: Callable[[], Case], keras: Any = tf.keras) -> list[Any]:
    """Train in a loop of one's own, and evaluate in the replicas too."""
    with strategy.scope():
        case, optimizer = make(), sgd(keras)
    build(strategy, case, optimizer)
    step = step_of(case, optimizer)
    traced = tf.function(lambda x, y: strategy.run(step, args=(x, y)))
    for _ in range(STEPS):
        traced(parts(strategy, X), parts(strategy, Y))
        with strategy.scope():
            case.after_step()
    outputs = tf.function(lambda x: strategy.run(case.evaluate or case.model, args=(x,)))
    return numbers(case, lambda x: strategy.gather(outputs(parts(strategy, x)), axis=0))


def by_coordinator(coordinator: Any, make: Callable[[], Case], keras: Any = tf.keras) -> list[Any]:
    """Train on a parameter server: one worker takes the steps, the variables are elsewhere."""
    strategy = coordinator.strategy
    with strategy.scope():
        case, optimizer = make(), sgd(keras)
    step = step_of(case, optimizer)
    traced = tf.function(lambda: strategy.run(step, args=(tf.constant(X), tf.constant(Y))))
    for _ in range(STEPS):
        coordinator.schedule(traced)
        coordinator.join()
        with strategy.scope():
            case.after_step()
    outputs = tf.function(lambda: strategy.run(case.evaluate or case.model, args=(tf.constant(X),)))
    return numbers(case, lambda x: coordinator.schedule(outputs).fetch())


def by_fit(strategy: Any, make: Callable[[], Case]) -> list[Any]:
    """Train by `fit`, one step an epoch: parameter servers have callbacks after epochs only."""
    with strategy.scope():
        case = make()
        case.model.compile(optimizer=sgd(), loss="mse", jit_compile=False)

    def after_step(*_: Any) -> None:
        with strategy.scope():
            case.after_step()

    after = tf.keras.callbacks.LambdaCallback(on_epoch_end=after_step)
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(len(X)).repeat()
    case.model.fit(data, steps_per_epoch=1, epochs=STEPS, callbacks=[after], verbose=0)
    return numbers(case, case.model.predict if case.predicts else case.model)


def in_parts(make: Callable[[], Case], count: int) -> list[Any]:
    """What replicas do with statistics, by one: each begins with the same, and the mean stays."""
    case, optimizer = make(), sgd()
    for _ in range(STEPS):
        before = [tf.convert_to_tensor(v) for v in case.others()]
        sums = [0.0 for _ in case.model.trainable_variables]
        after = [0.0 for _ in before]
        for x, y in zip(np.split(X, count), np.split(Y, count), strict=True):
            for variable, value in zip(case.others(), before, strict=True):
                variable.assign(value)
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum((case.model(x, training=True) - y) ** 2) / Y.size
            gradients = tape.gradient(loss, case.model.trainable_variables)
            sums = [s + g for s, g in zip(sums, gradients, strict=True)]
            after = [a + v / count for a, v in zip(after, case.others(), strict=True)]
        optimizer.apply_gradients(zip(sums, case.model.trainable_variables, strict=True))
        for variable, value in zip(case.others(), after, strict=True):
            variable.assign(value)
        case.after_step()
    return numbers(case, case.model)
