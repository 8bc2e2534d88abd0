"""A model function under a strategy of `tf.distribute`: called once for each replica of its graph.

What a strategy does is TensorFlow's. What is done in which order, and that a loss is the mean of
those of the replicas, is what `tf.estimator.Estimator` of TensorFlow 1.15 was seen to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import tensorflow as tf
from tensorflow.python.distribute import distribute_utils
from tensorflow.python.training import training_util

from getter_compat.estimator.spec import EstimatorSpec, Hook, ModeKeys
from getter_compat.typing import Structure, TensorLike

v1 = tf.compat.v1

_ON_ONE_MACHINE = (
    tf.distribute.MirroredStrategy,
    tf.distribute.OneDeviceStrategy,
    v1.distribute.MirroredStrategy,
    v1.distribute.OneDeviceStrategy,
)


def check_strategy(strategy: tf.distribute.Strategy | None) -> None:
    """Refuse a strategy that is not of the devices of one machine.

    Raises:
        NotImplementedError: If it is another one.
    """
    if strategy is None or isinstance(strategy, _ON_ONE_MACHINE):
        return
    raise NotImplementedError(
        f"RunConfig was given {type(strategy).__name__}, and estimators run under MirroredStrategy "
        "or OneDeviceStrategy here. Give one of those or leave it out; for several machines or "
        "TPUs move the model function into getter_compat.ScopedModel, which runs under "
        "tf.distribute."
    )


@contextmanager
def scope(strategy: tf.distribute.Strategy | None) -> Iterator[None]:
    """The scope of a strategy, if there is one, in which optimizers take the mean of the losses."""
    if strategy is None:
        yield
        return
    with strategy.scope(), strategy._scale_loss_for_estimator_enabled():
        yield


def read_global_step(strategy: tf.distribute.Strategy | None, graph: tf.Graph) -> None:
    """Have the step of a run read before it, as in TensorFlow 1, and outside of the replicas."""
    if strategy is None:
        training_util._get_or_create_global_step_read(graph)
        return
    step = strategy.extended.read_var(v1.train.get_global_step())
    graph.add_to_collection(training_util.GLOBAL_STEP_READ_KEY, step)


def batches_of(
    strategy: tf.distribute.Strategy,
    input_fn: Callable[[tf.distribute.InputContext], tf.data.Dataset],
) -> tuple[Structure, tf.Operation]:
    """The batches of the replicas: each takes the next one, so that a step takes as many.

    Args:
        strategy: The strategy.
        input_fn: A function of a `tf.distribute.InputContext` that returns a dataset.

    Returns:
        What the dataset holds, by replica, and what begins it.
    """
    iterator = strategy.make_input_fn_iterator(input_fn)
    return iterator.get_next(), iterator.initialize()


def called(
    strategy: tf.distribute.Strategy,
    model_fn: Callable[[TensorLike, TensorLike], EstimatorSpec],
    features: TensorLike,
    labels: TensorLike,
) -> EstimatorSpec:
    """Call a model function of features and labels in each replica, and make one of its results."""
    spec = strategy.extended.call_for_each_replica(model_fn, args=(features, labels))

    def first(hooks: Iterable[Hook]) -> list[Hook]:
        return [strategy.experimental_local_results(hook)[0] for hook in hooks]

    is_trained = spec.mode == ModeKeys.TRAIN
    return EstimatorSpec(
        spec.mode,
        loss=strategy.reduce(_reduction_of_losses(), spec.loss, axis=None),
        train_op=strategy.group(spec.train_op) if is_trained else None,
        eval_metric_ops={
            name: (value, strategy.group(update))
            for name, (value, update) in spec.eval_metric_ops.items()
        },
        training_chief_hooks=first(spec.training_chief_hooks),
        training_hooks=first(spec.training_hooks),
        evaluation_hooks=first(spec.evaluation_hooks),
        scaffold=_one_of(strategy, strategy.experimental_local_results(spec.scaffold)),
    )


def _reduction_of_losses() -> tf.distribute.ReduceOp:
    """How losses become the one that is told: as the optimizer took them, or else their sum."""
    if getattr(tf.compat.v1.get_default_graph(), "_is_loss_scaled_by_optimizer", False):
        return distribute_utils.get_loss_reduction()
    return tf.distribute.ReduceOp.SUM


def _one_of(
    strategy: tf.distribute.Strategy, scaffolds: Sequence[tf.compat.v1.train.Scaffold]
) -> tf.compat.v1.train.Scaffold:
    """What the scaffolds of all replicas initialize, and of the first one all else."""
    grouped = {}
    for name in ("init_op", "local_init_op"):
        given = [getattr(scaffold, name) for scaffold in scaffolds]
        if given[0] is not None:
            grouped[name] = strategy.group(given)
    return v1.train.Scaffold(copy_from_scaffold=scaffolds[0], **grouped)
