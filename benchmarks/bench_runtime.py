"""The runtime beside plain Keras, TensorFlow by hand and TF 2's own shim: `make bench-runtime`.

    python benchmarks/bench_runtime.py [NAME ...]

Each row is a ratio of medians, of which 1 is the peer and smaller is better.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from measure import Row, in_turns, report, serve, timer, worker

HERE = Path(__file__)
WIDTH = 256
LAYERS = 6


def derived_kernels(getter, name, *args, **kwargs):  # type: ignore[no-untyped-def]
    """The getter of the benchmarks: every kernel is a variable times a mask."""
    variable = getter(name, *args, **kwargs)
    return variable * MASK if name.endswith("kernel") else variable


MASK = None  # a tensor, once TensorFlow is imported


def inputs():  # type: ignore[no-untyped-def]
    import tensorflow as tf

    global MASK
    MASK = tf.cast(tf.random.uniform([WIDTH, WIDTH]) > 0.5, tf.float32)
    return tf.random.normal([32, WIDTH])


def dense_layers(count: int = LAYERS):  # type: ignore[no-untyped-def]
    import tensorflow as tf

    return [tf.keras.layers.Dense(WIDTH) for _ in range(count)]


def chain(layers, x):  # type: ignore[no-untyped-def]
    for layer in layers:
        x = layer(x)
    return x


# ------------------------------------------------------------------ peers in their own process


def worker_plain() -> Callable[[], object]:
    """A Dense layer, getter_compat not imported."""
    x = inputs()
    (layer,) = dense_layers(1)
    layer(x)
    return lambda: layer(x)


def worker_imported() -> Callable[[], object]:
    """A Dense layer, getter_compat imported and in use elsewhere."""
    import getter_compat

    with getter_compat.getter_scope("elsewhere"):
        dense_layers(1)[0](inputs())
    return worker_plain()


def worker_tf_keras() -> Callable[[], object]:
    """Six Dense layers of Keras 2, every kernel derived."""
    import tf_keras

    import getter_compat as gc

    x = inputs()
    with gc.getter_scope("m", custom_getter=derived_kernels):
        layers = [tf_keras.layers.Dense(WIDTH) for _ in range(LAYERS)]
        chain(layers, x)
    return lambda: chain(layers, x)


def worker_tf1_style() -> Callable[[], object]:
    """`track_tf1_style_variables` around tf.compat.v1.layers, every kernel derived."""
    return _tf1_style(derived_kernels)


def worker_tf1_style_plain() -> Callable[[], object]:
    """`track_tf1_style_variables` around tf.compat.v1.layers, no getter."""
    return _tf1_style(None)


def _tf1_style(custom_getter) -> Callable[[], object]:  # type: ignore[no-untyped-def]
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow as tf

    v1 = tf.compat.v1

    class Model(tf.keras.layers.Layer):  # type: ignore[misc]
        @v1.keras.utils.track_tf1_style_variables
        def call(self, x):  # type: ignore[no-untyped-def]
            with v1.variable_scope("model", custom_getter=custom_getter):
                for i in range(LAYERS):
                    x = v1.layers.dense(x, WIDTH, name=f"dense_{i}")
            return x

    x = inputs()
    model = Model()
    model(x)
    return lambda: model(x)


# ------------------------------------------------------------------------------------ the rows


def no_scope() -> list[Row]:
    with worker(HERE, "plain") as plain, worker(HERE, "imported") as imported:
        times = in_turns({"ours": imported, "theirs": plain}, number=500)
    return [_row("eager Dense call, no scope", "without the import", 1.02, times)]


def variable_getter() -> list[Row]:
    import getter_compat as gc

    x = inputs()
    (plain,) = dense_layers(1)
    plain(x)
    getter = lambda getter, *args, **kwargs: getter(*args, **kwargs)  # noqa: E731
    with gc.VariableStore().as_default(), gc.getter_scope("m", custom_getter=getter):
        (ours,) = dense_layers(1)
        ours(x)
    times = in_turns({"ours": timer(lambda: ours(x)), "theirs": timer(lambda: plain(x))}, 500)
    return [_row("eager Dense call, getter returned the variable", "plain Keras", 1.02, times)]


def derived() -> list[Row]:
    import getter_compat as gc

    x = inputs()
    plain = dense_layers()
    chain(plain, x)
    with gc.VariableStore().as_default(), gc.getter_scope("m", custom_getter=derived_kernels):
        ours = dense_layers()
        chain(ours, x)
    model = gc.ScopedModel(lambda x: _functions(x, derived_kernels))
    model(x)
    with worker(HERE, "tf1_style") as tf1_style, worker(HERE, "tf_keras") as tf_keras:
        times = in_turns(
            {
                "ours": timer(lambda: chain(ours, x)),
                "theirs": timer(lambda: chain(plain, x)),
                "functions": timer(lambda: model(x)),
                "tf_keras": tf_keras,
                "tf1_style": tf1_style,
            },
            100,
        )
    what, peer = "eager, six Dense(256), kernels derived", "track_tf1_style_variables"
    return [
        _row(what, "plain Keras", 1.3, times),
        _row(what, peer, 1 / 2.5, times, "tf1_style"),
        _row(f"{what}, tf_keras", peer, 1 / 2.5, times, "tf1_style", "tf_keras"),
        _row(f"{what}, six functions", peer, 1 / 2.5, times, "tf1_style", "functions"),
    ]


def _functions(x, custom_getter=None):  # type: ignore[no-untyped-def]
    """What a program of TF1 has: layers by function, in a scope."""
    import getter_compat as gc

    with gc.getter_scope("model", custom_getter=custom_getter):
        for i in range(LAYERS):
            x = gc.layers.dense(x, WIDTH, name=f"dense_{i}")
    return x


def traced() -> list[Row]:
    import tensorflow as tf

    import getter_compat as gc

    x = inputs()
    with gc.VariableStore().as_default(), gc.getter_scope("m", custom_getter=derived_kernels):
        layers = dense_layers()
        chain(layers, x)
    pairs = [[v.value for v in layer.trainable_variables] for layer in layers]
    ours, theirs = tf.function(lambda x: chain(layers, x)), _by_hand(pairs, derived_kernels)
    ops = [len(f.get_concrete_function(x).graph.get_operations()) for f in (ours, theirs)]
    times = in_turns({"ours": timer(lambda: ours(x)), "theirs": timer(lambda: theirs(x))}, 300)
    what = "tf.function, six Dense(256), kernels derived"
    return [
        Row(f"{what}: operations", "by hand", 1.0, ops[0] / ops[1], *map(float, ops), unit=""),
        _row(f"{what}: time", "by hand", 1.02, times),
    ]


def scoped_model() -> list[Row]:
    import getter_compat as gc

    x, rows = inputs(), []
    for kind, getter in {"plain": None, "derived": derived_kernels}.items():
        model = gc.ScopedModel(partial(_functions, custom_getter=getter))
        model(x)
        variables = list(model.store.variables.values())
        by_hand = _by_hand(list(zip(variables[::2], variables[1::2], strict=True)), getter)
        peers = {"ours": timer(partial(model, x)), "by_hand": timer(partial(by_hand, x))}
        with worker(HERE, "tf1_style_plain") as tf1_style:
            times = in_turns({**peers, "tf1_style": tf1_style}, 200)
        what = f"eager ScopedModel, six functions, kernels {kind}"
        rows.append(_row(what, "one tf.function by hand", 1.15, times, "by_hand"))
        if getter is None:
            peer = "track_tf1_style_variables"
            rows.append(_row(what, peer, 1 / 2.5, times, "tf1_style"))
    return rows


def _by_hand(pairs, custom_getter):  # type: ignore[no-untyped-def]
    """What layers of these kernels and biases compute under a getter, as one `tf.function`."""
    import tensorflow as tf

    @tf.function
    def run(x):  # type: ignore[no-untyped-def]
        for kernel, bias in pairs:
            x = tf.matmul(x, kernel if custom_getter is None else kernel * MASK) + bias
        return x

    return run


def _session(make: Callable[[object], object], shape: list[int]):  # type: ignore[no-untyped-def]
    """What runs what `make(x)` makes in a TF1 graph with Keras 2, and the graph's operations."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow.compat.v1 as tf

    tf.disable_v2_behavior()
    made = make(tf.constant(0.1, shape=shape))
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return lambda: session.run(made)


def _mlp(dense, x):  # type: ignore[no-untyped-def]
    import tensorflow.compat.v1 as tf

    for i in range(LAYERS):
        x = dense(x, WIDTH, activation=tf.nn.relu, name=f"dense_{i}")
    loss = tf.reduce_mean(tf.square(x))
    step = tf.train.AdamOptimizer(1e-3).minimize(loss)
    print(len(tf.get_default_graph().get_operations()), "operations", file=sys.stderr)
    return [step, loss]


def worker_session_v1() -> Callable[[], object]:
    """A training step under `tf.compat.v1` with tf_keras."""
    import tensorflow.compat.v1 as tf

    return _session(lambda x: _mlp(tf.layers.dense, x), [32, WIDTH])


def worker_session_ours() -> Callable[[], object]:
    """The same after the codemod."""
    import getter_compat as gc

    return _session(lambda x: _mlp(gc.layers.dense, x), [32, WIDTH])


def session_step() -> list[Row]:
    with worker(HERE, "session_ours") as ours, worker(HERE, "session_v1") as theirs:
        times = in_turns({"ours": ours, "theirs": theirs}, 50)
    return [_row("a training step in a session", "tf.compat.v1 with tf_keras", 1.0, times)]


def _halved(getter, name, *args, **kwargs):  # type: ignore[no-untyped-def]
    return getter(name, *args, **kwargs) * 0.5


def _rnn_v1(x):  # type: ignore[no-untyped-def]
    import tensorflow.compat.v1 as tf

    cell = tf.nn.rnn_cell.BasicLSTMCell(WIDTH)
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)[0]


def _rnn_v1_halved(x):  # type: ignore[no-untyped-def]
    import tensorflow.compat.v1 as tf

    with tf.variable_scope("net", custom_getter=_halved):
        return _rnn_v1(x)


def _rnn_ours(x):  # type: ignore[no-untyped-def]
    import tensorflow as tf

    import getter_compat as gc

    with gc.getter_scope("net", custom_getter=_halved):
        cell = gc.nn.rnn_cell.BasicLSTMCell(WIDTH)
        return gc.nn.dynamic_rnn(cell, x, dtype=tf.float32)[0]


SEQUENCES = [32, 100, WIDTH]


def worker_rnn_session_v1() -> Callable[[], object]:
    """Over 100 steps, with tf_keras's cell under a getter that derives the kernel."""
    return _session(_rnn_v1_halved, SEQUENCES)


def worker_rnn_session_ours() -> Callable[[], object]:
    """The same after the codemod."""
    return _session(_rnn_ours, SEQUENCES)


def worker_rnn_traced_v1() -> Callable[[], object]:
    """Over 100 steps in a `tf.function`, with tf_keras's cell and without a getter."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow as tf

    x = tf.constant(0.1, shape=SEQUENCES)
    cell = tf.compat.v1.nn.rnn_cell.BasicLSTMCell(WIDTH)
    run = tf.function(lambda x: tf.compat.v1.nn.dynamic_rnn(cell, x, dtype=tf.float32)[0])
    return lambda: run(x).numpy()


def worker_rnn_traced_ours() -> Callable[[], object]:
    """The same in a `ScopedModel`, under a getter that derives the kernel."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow as tf

    import getter_compat as gc

    x = tf.constant(0.1, shape=SEQUENCES)
    model = gc.ScopedModel(_rnn_ours)
    return lambda: model(x).numpy()


def estimator_step() -> list[Row]:
    """Steps of `train` and of a MonitoredTrainingSession with its hooks; not how they begin."""
    import tensorflow.compat.v1 as tf

    from getter_compat import estimator, layers

    tf.logging.set_verbosity(tf.logging.ERROR)

    class Clock(tf.train.SessionRunHook):  # type: ignore[misc]
        def __init__(self) -> None:
            self.times: list[float] = []

        def after_run(self, *unused: object) -> None:
            self.times.append(time.perf_counter())

    def made():  # type: ignore[no-untyped-def]
        x = tf.constant(0.1, shape=[32, WIDTH])
        for _ in range(LAYERS):
            x = layers.dense(x, WIDTH, activation=tf.nn.relu)
        loss = tf.reduce_mean(tf.square(x))
        return loss, tf.train.AdamOptimizer(1e-3).minimize(loss, tf.train.get_global_step())

    def model_fn(features, mode):  # type: ignore[no-untyped-def]
        loss, train_op = made()
        return estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)

    def by_estimator(number: int) -> float:
        clock = Clock()
        with tempfile.TemporaryDirectory() as folder:
            config = estimator.RunConfig(
                folder,
                save_summary_steps=None,
                save_checkpoints_steps=None,
                save_checkpoints_secs=None,
            )
            run = estimator.Estimator(model_fn, config=config)
            run.train(lambda: tf.zeros([1]), [clock], steps=number + 1)
        return clock.times[-1] - clock.times[0]

    def by_session(number: int) -> float:
        clock = Clock()
        with tempfile.TemporaryDirectory() as folder, tf.Graph().as_default():
            step = tf.train.create_global_step()
            loss, train_op = made()
            hooks = [
                tf.train.StopAtStepHook(num_steps=number + 1),
                tf.train.NanTensorHook(loss),
                tf.train.LoggingTensorHook({"loss": loss, "step": step}, every_n_iter=100),
                clock,
            ]
            with tf.train.MonitoredTrainingSession(
                checkpoint_dir=folder,
                hooks=hooks,
                save_checkpoint_secs=None,
                save_summaries_steps=None,
                save_summaries_secs=None,
            ) as session:
                while not session.should_stop():
                    session.run([train_op, loss])
        return clock.times[-1] - clock.times[0]

    times = in_turns({"ours": by_estimator, "theirs": by_session}, 200, 11)
    return [_row("a step of an Estimator", "its MonitoredTrainingSession", 1.02, times)]


def recurrent() -> list[Row]:
    """Traced, a derived kernel is computed once; in a session at each step, as TF1 did."""
    what = "dynamic_rnn over 100 steps under a getter"
    kinds = {
        "traced": ("tf_keras's cell in a tf.function, no getter", 1.05),
        "session": ("TensorFlow's own, the same getter", 1.05),
    }
    rows = []
    for kind, (against, target) in kinds.items():
        peers = worker(HERE, f"rnn_{kind}_ours"), worker(HERE, f"rnn_{kind}_v1")
        with peers[0] as ours, peers[1] as theirs:
            times = in_turns({"ours": ours, "theirs": theirs}, 3, rounds=15)
        rows.append(_row(f"{what}, {kind}", against, target, times))
    return rows


def verifying() -> list[Row]:
    example = HERE.parent.parent / "examples" / "dense_layers"
    command = [sys.executable, "-m", "getter_compat.verify"]
    command += [f"{example / name}.py:model" for name in ("before", "after")]
    command += ["--input", "x=float32[4,3]"]
    verify = partial(subprocess.run, command, capture_output=True, check=True)
    imports = "import tensorflow as tf; tf.keras.layers"
    # The original, the migrated function, and the original again with its checkpoint.
    sides = [{**os.environ, "TF_USE_LEGACY_KERAS": kind} for kind in "101"]
    command = [sys.executable, "-c", imports]
    run = partial(subprocess.run, command, capture_output=True, check=True)
    peers = {"ours": timer(verify), "theirs": timer(lambda: [run(env=side) for side in sides])}
    times = in_turns(peers, 1, rounds=3, before=1)
    return [_row("verify of a small model, the command", "its processes' imports", 1.5, times)]


def building() -> list[Row]:
    import getter_compat as gc

    x = inputs()

    def scoped(count: int) -> Callable[[], object]:
        def build() -> None:
            with gc.VariableStore().as_default(), gc.getter_scope("model"):
                chain(dense_layers(count), x)

        return build

    plain = timer(lambda: chain(dense_layers(10), x))
    times = in_turns({"ours": timer(scoped(10)), "theirs": plain}, 2, rounds=15)
    many = in_turns({"ours": timer(scoped(1000)), "theirs": timer(scoped(10))}, 1, rounds=3)
    per_layer = {"ours": many["ours"] / 1000, "theirs": many["theirs"] / 10}
    return [
        _row("building ten Dense layers under a scope", "plain Keras", 1.2, times),
        _row("a layer of a thousand", "a layer of ten", 1.2, per_layer),
    ]


def maml() -> list[Row]:
    import tensorflow as tf

    import getter_compat as gc

    x, y = inputs()[:, :8], tf.random.normal([32, 1])
    # Small layers: what is measured is the work around them.
    make = lambda: tf.keras.Sequential(  # noqa: E731
        [
            tf.keras.layers.Dense(16, "relu"),
            tf.keras.layers.Dense(16, "relu"),
            tf.keras.layers.Dense(1),
        ]
    )
    model = make()
    model(x)
    variables = model.trainable_variables
    frozen = [v.value for v in model.non_trainable_variables]

    def step(call):  # type: ignore[no-untyped-def]
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        gradients = tape.gradient(loss, variables)
        fast = [v.value - 0.1 * g for v, g in zip(variables, gradients, strict=True)]
        return call(fast)

    def ours(fast):  # type: ignore[no-untyped-def]
        names = [v.path for v in variables]
        return gc.functional_call(model, dict(zip(names, fast, strict=True)), x)

    def rebuilt(fast):  # type: ignore[no-untyped-def]
        values = iter(fast)
        getter = lambda getter, name, **kwargs: next(values)  # noqa: E731
        with gc.VariableStore().as_default(), gc.getter_scope("fast", custom_getter=getter):
            return make()(x)

    def cloned(fast):  # type: ignore[no-untyped-def]
        """What plain Keras has, of the first order: no gradient passes the assignment."""
        clone = tf.keras.models.clone_model(model)
        clone.set_weights(fast)
        return clone(x)

    times = in_turns(
        {
            "ours": timer(lambda: step(ours)),
            "theirs": timer(lambda: step(lambda fast: model.stateless_call(fast, frozen, x))),
            "rebuilt": timer(lambda: step(rebuilt)),
            "cloned": timer(lambda: step(cloned)),
        },
        20,
    )
    what = "a MAML inner step by functional_call"
    return [
        _row(what, "Keras's stateless_call", 1.05, times),
        _row(what, "new layers each step, under a getter", 1 / 5, times, "rebuilt"),
        _row(what, "a clone each step, plain Keras", 1 / 5, times, "cloned"),
    ]


def memory() -> list[Row]:
    import tensorflow as tf

    import getter_compat as gc

    side = 4096
    before = _resident()
    kernel, bias = tf.ones([side, side]), tf.ones([side])
    alone = _resident() - before
    given = {"m/dense/kernel": kernel, "m/dense/bias": bias}
    getter = lambda getter, name, **kwargs: given[name]  # noqa: E731
    with gc.VariableStore().as_default(), gc.getter_scope("m", custom_getter=getter):
        layer = tf.keras.layers.Dense(side)
        layer.build((None, side))
    with_layer = _resident() - before
    del layer
    return [
        Row(
            f"memory of a Dense({side}) with replaced weights",
            "the tensors alone",
            1.05,
            with_layer / alone,
            with_layer / 2**20,
            alone / 2**20,
            unit="MB",
        )
    ]


def checkpoint() -> list[Row]:
    import tensorflow as tf

    import getter_compat as gc

    store = gc.VariableStore()
    with tempfile.TemporaryDirectory() as folder, store.as_default():
        for i in range(16):  # 1 GB
            gc.get_variable(f"v{i}", [4096, 4096], initializer=tf.zeros_initializer())
        path = gc.save_tf1_checkpoint(f"{folder}/model.ckpt")

        def read() -> None:
            reader = tf.train.load_checkpoint(path)
            for name in reader.get_variable_to_shape_map():
                reader.get_tensor(name)

        times = in_turns(
            {"ours": timer(lambda: gc.load_tf1_checkpoint(path)), "theirs": timer(read)}, 1, 5
        )
    return [_row("loading a TF1 checkpoint of 1 GB", "reading its tensors", 1.3, times)]


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return float(pages * os.sysconf("SC_PAGE_SIZE"))


def _row(
    what: str,
    against: str,
    target: float,
    times: dict[str, float],
    peer: str = "theirs",
    own: str = "ours",
) -> Row:
    return Row(what, against, target, times[own] / times[peer], times[own], times[peer])


ROWS = [
    memory,
    no_scope,
    variable_getter,
    derived,
    traced,
    scoped_model,
    session_step,
    estimator_step,
    recurrent,
    verifying,
    building,
    maml,
    checkpoint,
]


def main() -> None:
    if sys.argv[1:2] == ["--worker"]:
        serve(globals()[f"worker_{sys.argv[2]}"]())
        return
    chosen = [row for row in ROWS if not sys.argv[1:] or row.__name__ in sys.argv[1:]]
    rows = [row for measure in chosen for row in measure()]
    report(rows, "getter_compat beside its peers (ratios of medians; smaller is better)")


if __name__ == "__main__":
    main()
