"""What only a graph has: collections, sessions, savers, slots, updates, names of operations."""

import functools
import os
import tempfile
import threading

from ..probing import (
    noting,
    outcome,
    passing,
    probe_of_graphs,
    probe_of_layers_in_graphs,
    probe_of_references,
    times,
)


def _names(variables):
    return [v.name for v in variables]


def _net(tf, x, **how):
    """A layer of each kind of function, and a variable, in a scope."""
    with tf.variable_scope("net", **how):
        x = tf.layers.dense(x, 3, activation=tf.nn.relu)
        w = tf.get_variable("w", [3, 1], initializer=tf.ones_initializer())
        return tf.matmul(tf.layers.dense(x, 3, name="out"), w)


@probe_of_graphs
def names_of_averages(tf):
    with tf.variable_scope("net"):
        w = tf.get_variable("w", [2])
        average = tf.train.ExponentialMovingAverage(0.9)
        average.apply([w, w * 2.0])
        tf.train.ExponentialMovingAverage(0.9).apply([w])
    return {"average": average.average(w).name, "all": _names(tf.global_variables())}


@probe_of_graphs
def names_of_slots(tf):
    facts = {}
    for optimizer in (
        tf.train.GradientDescentOptimizer(0.1),
        tf.train.MomentumOptimizer(0.1, 0.9),
        tf.train.AdamOptimizer(0.1),
        tf.train.RMSPropOptimizer(0.1),
        tf.train.AdagradOptimizer(0.1),
        tf.train.AdadeltaOptimizer(0.1),
        tf.train.FtrlOptimizer(0.1),
    ):
        with tf.Graph().as_default(), tf.variable_scope("train"):
            optimizer.minimize(tf.reduce_sum(_net(tf, tf.ones([2, 2]), custom_getter=times(2.0))))
            facts[optimizer.get_name()] = _names(tf.global_variables())
    return facts


@probe_of_graphs
def names_of_step_counters(tf):
    with tf.variable_scope("net"):
        step = tf.train.get_or_create_global_step()
        own = tf.Variable(0, trainable=False, name="global_step")
        loss = tf.reduce_sum(tf.layers.dense(tf.ones([2, 2]), 3))
        tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=own)
    return [step.name, own.name, _names(tf.global_variables())]


@probe_of_graphs
def names_of_local_variables_and_metrics(tf):
    with tf.variable_scope("net", custom_getter=passing):
        tf.get_local_variable("seen", [])
        tf.metrics.mean(tf.ones([2]))
        tf.metrics.accuracy([1], [1], name="hits")
    return {"local": _names(tf.local_variables()), "global": _names(tf.global_variables())}


@probe_of_graphs
def names_of_variables_of_ones_own(tf):
    with tf.variable_scope("net", custom_getter=times(2.0)):
        tf.Variable(1.0)
        tf.Variable(1.0, name="w")
        tf.get_variable("w", [])
        with tf.variable_scope("w"):
            tf.Variable(1.0)
        tf.layers.dense(tf.ones([1, 2]), 2, name="d")
        tf.Variable(1.0, name="d/kernel")
    tf.get_variable("net", [])
    return _names(tf.global_variables())


def _saved(tf, saver, session):
    path = saver.save(session, os.path.join(tempfile.mkdtemp(), "model"))
    return sorted(name for name, _ in tf.train.list_variables(path))


@probe_of_graphs
def savers(tf):
    loss = tf.reduce_sum(_net(tf, tf.ones([2, 2])))
    tf.Variable(3.0, name="free")
    tf.train.AdamOptimizer(0.1).minimize(loss)
    savers = {
        "all": tf.train.Saver(),
        "global": tf.train.Saver(tf.global_variables()),
        "trainable": tf.train.Saver(tf.trainable_variables("net")),
    }
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return {which: _saved(tf, saver, session) for which, saver in savers.items()}


@probe_of_graphs
def saving_in_one_graph_and_restoring_in_another(tf):
    folder = tempfile.mkdtemp()
    with tf.Graph().as_default(), tf.Session() as session:
        y = _net(tf, tf.ones([1, 2]))
        session.run(tf.global_variables_initializer())
        first = session.run(y).tolist()
        tf.train.Saver().save(session, os.path.join(folder, "model"))
    with tf.Graph().as_default(), tf.Session() as session:
        y = _net(tf, tf.ones([1, 2]))
        tf.train.Saver().restore(session, os.path.join(folder, "model"))
        second = session.run(y).tolist()
    with tf.Graph().as_default(), tf.Session() as session:
        saver = tf.train.import_meta_graph(os.path.join(folder, "model.meta"))
        saver.restore(session, os.path.join(folder, "model"))
        third = session.run("net/MatMul:0").tolist()
        names = _names(tf.trainable_variables())
    with tf.Graph().as_default(), tf.Session() as session:
        y = _net(tf, tf.ones([1, 2]))
        tf.train.init_from_checkpoint(folder, {"net/": "net/"})
        session.run(tf.global_variables_initializer())
        fourth = session.run(y).tolist()
    return {"equal": [first == second, first == third, first == fourth], "names": names}


@probe_of_graphs
def a_graph_begins_afresh(tf):
    facts = []
    for _ in range(2):
        with tf.Graph().as_default() as graph:
            _net(tf, tf.ones([2, 2]))
            tf.layers.dense(tf.ones([2, 2]), 3)
            facts.append(_names(tf.global_variables()))
            with tf.Graph().as_default():
                tf.layers.dense(tf.ones([2, 2]), 3)
                facts.append(_names(tf.global_variables()))
            facts.append(tf.get_default_graph() is graph)
    facts.append(_names(tf.global_variables()))
    return facts


@probe_of_graphs
def scopes_do_not_reach_into_another_graph(tf):
    asked = []
    with tf.variable_scope("outer", custom_getter=noting(asked)) as scope:
        with tf.Graph().as_default():
            name = tf.get_variable_scope().name
            tf.layers.dense(tf.ones([2, 2]), 3)
            with tf.variable_scope(scope):
                tf.get_variable("v", [])
            inner = _names(tf.global_variables())
        tf.get_variable("v", [])
    return {"name": name, "inner": inner, "outer": _names(tf.global_variables()), "asked": asked}


@probe_of_graphs
def threads_build_in_a_graph(tf):
    """As A3C's workers do."""
    graph, facts = tf.get_default_graph(), {}
    with tf.variable_scope("main", custom_getter=times(2.0)):

        def build(name):
            with graph.as_default(), tf.variable_scope(name):
                y = tf.layers.dense(tf.ones([1, 2]), 1)
                facts[name] = [y.name, tf.get_variable_scope().name]

        for name in ("worker_0", "worker_1"):
            thread = threading.Thread(target=build, args=(name,))
            thread.start()
            thread.join()
    return [facts, _names(tf.trainable_variables())]


@probe_of_graphs
def statistics_move_when_updates_are_run(tf):
    x = tf.constant([[1.0, 3.0], [3.0, 7.0]])
    with tf.variable_scope("a"):
        y = tf.layers.batch_normalization(x, training=True, momentum=0.5)
    with tf.variable_scope("b"):
        z = tf.layers.batch_normalization(x, training=True, momentum=0.5)
    means = [v for v in tf.global_variables() if v.name.endswith("moving_mean:0")]
    updates = {name: tf.get_collection("update_ops", name) for name in ("a", "b")}
    facts = {"number": [len(found) for found in updates.values()]}
    facts["operations"] = all(hasattr(update, "outputs") for update in updates["a"])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        def after(fetches):
            session.run(fetches)
            return [mean.tolist() for mean in session.run(means)]

        facts["outputs"] = after([y, z])
        facts["of a"] = after(updates["a"])
        facts["of both, twice"] = [after(list(updates.values())), after(list(updates.values()))]
    return facts


def _reads_what_nobody_wrote(tf, condition, training):
    """Whether updates move a mean by zero times memory that may hold anything, as NaN.

    TensorFlow 1.15.5's FusedBatchNorm does not write its statistics where it does not train.
    """
    if condition is training or training:
        return False
    operations = tf.get_default_graph().get_operations()
    return any(operation.type.startswith("FusedBatchNorm") for operation in operations)


def _batch_norm(tf, function, argument, training, fed):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.reshape(tf.constant([1.0, 3.0, 3.0, 8.0, 1.0, 0.0, 0.0, 2.0]), [2, 2, 1, 2])
        condition = tf.placeholder(tf.bool, []) if fed else training
        y = function(x, **{argument: condition})
        updates = tf.get_collection("update_ops")
        session.run(tf.global_variables_initializer())
        feed = {condition: training} if fed else {}
        facts = [
            session.run(y, feed).tolist(),
            [v.tolist() for v in session.run(tf.global_variables())],
        ]
        if not _reads_what_nobody_wrote(tf, condition, training):
            session.run(updates, feed)
        facts.append([v.tolist() for v in session.run(tf.global_variables())])
        return [len(updates), len(tf.get_collection("mine")), facts]


@probe_of_graphs
def batch_normalization_of_every_kind(tf):
    kinds = {
        "fused": {},
        "plain": {"fused": False},
        "renorm": {"renorm": True, "renorm_clipping": {"rmax": 1.1}},
        "frozen": {"trainable": False},
        "virtual": {"virtual_batch_size": 1},
        "adjusted": {
            "adjustment": lambda shape: (tf.fill([shape[0], 1, 1, 2], 2.0), tf.ones([1, 1, 1, 2]))
        },
    }
    facts = {}
    for kind, how in kinds.items():
        for training, fed in ((True, False), (False, False), (True, True), (False, True)):
            facts["{}, {}{}".format(kind, training, ", fed" if fed else "")] = _batch_norm(
                tf,
                functools.partial(tf.layers.batch_normalization, momentum=0.5, **how),
                "training",
                training,
                fed,
            )
    return facts


@probe_of_graphs
def batch_normalization_of_images_that_hardly_vary(tf):
    """The fused kernel adds an epsilon of its own where it is given less."""
    x = tf.constant([[[[1e-3], [2e-3]], [[3e-3], [5e-3]]]])
    facts = {}
    for fused in (True, False):
        for epsilon in (1e-3, 1e-5, 1e-12):
            for training in (True, False):
                how = {"epsilon": epsilon, "fused": fused}
                outputs = [
                    tf.layers.batch_normalization(x, training=training, **how),
                    tf.contrib.batch_norm(x, is_training=training, scale=True, **how),
                    tf.contrib.batch_norm(x, is_training=training, updates_collections=None, **how),
                ]
                sums = [tf.reduce_sum(it * it * it) for it in outputs]
                gradients = [tf.gradients_of(it, x)[0] for it in sums]
                with tf.Session() as session:
                    session.run(tf.global_variables_initializer())
                    found = [session.run(it).ravel().tolist() for it in (*outputs, *gradients)]
                facts[f"{fused}, {epsilon}, {training}"] = found
    return facts


@probe_of_graphs
def batch_norm_of_contrib(tf):
    facts = {}
    for collections in ("update_ops", None, "mine", "_unused"):
        for fused in (True, False):
            for training, fed in ((True, False), (True, True), (False, True)):
                name = "{}, {}, {}{}".format(collections, fused, training, ", fed" if fed else "")
                facts[name] = _batch_norm(
                    tf,
                    functools.partial(
                        tf.contrib.batch_norm,
                        decay=0.5,
                        updates_collections=collections,
                        fused=fused,
                    ),
                    "is_training",
                    training,
                    fed,
                )
    return facts


@probe_of_graphs
def regularization_losses(tf):
    def cost(w):
        return tf.reduce_sum(w * w) + 1.0

    ones = {"kernel_initializer": tf.ones_initializer(), "kernel_regularizer": cost}
    first = tf.layers.dense(tf.ones([1, 2]), 2, name="a", **ones)
    so_far = tf.losses.get_regularization_loss()
    with tf.variable_scope("net", regularizer=cost, custom_getter=times(2.0)):
        tf.layers.dense(first, 2, name="b", **ones)
        tf.get_variable("v", [], initializer=tf.ones_initializer())
        tf.layers.Dense(1, activity_regularizer=tf.reduce_sum, use_bias=False, **ones)(first)
    tf.losses.add_loss(tf.constant(100.0))
    losses = tf.get_collection("regularization_losses")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return {
            "values": [float(loss) for loss in session.run(losses)],
            "so far": float(session.run(so_far)),
            "total": float(session.run(tf.losses.get_total_loss())),
            "under the scope": len(tf.losses.get_regularization_losses("net")),
            "by the scope": len(tf.get_collection("regularization_losses", "net/b")),
            "names": [loss.name for loss in losses],
        }


@probe_of_graphs
def collections_of_ones_own(tf):
    with tf.variable_scope("net") as scope:
        tf.add_to_collection("mine", tf.constant(1.0, name="first"))
        tf.get_variable("v", [], collections=["mine", "variables"])
        tf.layers.dense(tf.ones([1, 2]), 2)
        tf.add_to_collection("mine", tf.get_variable("w", []))
    return {
        "mine": _names(tf.get_collection("mine")),
        "of the scope": _names(scope.get_collection("mine")),
        "global": _names(scope.global_variables()),
        "trainable": _names(scope.trainable_variables()),
    }


@probe_of_graphs
def code_that_stays_on_tensorflow(tf):
    """Scopes of one world in the other: they nest, share and ask each other's getters."""
    asked = []
    with tf.variable_scope("ours", custom_getter=noting(asked)) as ours:
        with tf.plain_variable_scope("theirs", custom_getter=times(2.0)) as theirs:
            tf.layers.dense(tf.ones([1, 2]), 2)
            v = tf.plain_get_variable("v", [])
            with tf.variable_scope("ours") as inner:
                w = tf.get_variable("w", [])
    with tf.plain_variable_scope(ours, reuse=True), tf.variable_scope(theirs, reuse=tf.AUTO_REUSE):
        tf.get_variable("v", [])
        tf.plain_get_variable("more", [])
    with tf.variable_scope(theirs, reuse=True):
        error = outcome(lambda: tf.get_variable("none", []))
    return {
        "asked": asked,
        "names": [ours.name, theirs.name, inner.name, w.op.name, v.op.type],
        "reuse": [str(tf.AUTO_REUSE), inner.reuse, isinstance(inner, tf.VariableScope)],
        "all": _names(tf.global_variables()),
        "error": error,
    }


@probe_of_graphs
def operations_of_layers(tf):
    """People fetch outputs by name."""
    layers = tf.layers
    row, image = tf.ones([1, 4, 2]), tf.ones([1, 4, 4, 2])
    volume, flat = tf.ones([1, 4, 4, 4, 2]), tf.ones([1, 3])
    relu, drops = tf.nn.relu, tf.placeholder_with_default(True, [])
    outputs = []
    for scope in ("net", "net", "other"):
        with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
            outputs += [
                layers.dense(flat, 2, activation=relu),
                layers.dense(flat, 2),
                layers.dense(flat, 2, use_bias=False, name="named"),
                layers.dense(flat, 2, name="deep/er"),
                layers.dense(row, 2, activation=tf.nn.tanh),
                layers.dropout(flat),
                layers.dropout(flat, training=True),
                layers.flatten(image),
                layers.conv1d(row, 2, 3, activation=relu),
                layers.conv1d(row, 2, 3, use_bias=False),
                layers.conv3d(volume, 2, 3, use_bias=False),
                layers.conv3d_transpose(volume, 2, 3, use_bias=False),
                layers.separable_conv1d(row, 2, 3, use_bias=False),
                layers.separable_conv2d(image, 2, 3, use_bias=False),
                layers.separable_conv1d(row, 2, 3, activation=relu),
                layers.conv2d(image, 2, 3, activation=relu),
                layers.conv2d(image, 2, 3, dilation_rate=2, padding="same"),
                layers.conv2d(image, 2, 3, use_bias=False),
                layers.conv3d(volume, 2, 3),
                layers.separable_conv1d(row, 2, 3),
                layers.separable_conv2d(image, 2, 3),
                layers.conv2d_transpose(image, 2, 3),
                layers.conv2d_transpose(image, 2, 3, use_bias=False),
                layers.conv3d_transpose(volume, 2, 3),
                layers.average_pooling1d(row, 2, 2),
                layers.average_pooling2d(image, 2, 2),
                layers.average_pooling3d(volume, 2, 2),
                layers.max_pooling1d(row, 2, 2),
                layers.max_pooling2d(image, 2, 2),
                layers.max_pooling3d(volume, 2, 2),
                layers.batch_normalization(image, training=True),
                layers.batch_normalization(flat, training=True),
                layers.batch_normalization(flat),
            ]
    dense = layers.Dense(2, activation=relu)
    outputs += [dense(flat), dense(flat), layers.Conv2D(2, 3, name="conv")(image)]
    del drops
    return [output.name for output in outputs]


@probe_of_graphs
def operations_of_contrib(tf):
    contrib = tf.contrib
    row, image, flat = tf.ones([1, 4, 2]), tf.ones([1, 4, 4, 2]), tf.ones([1, 3])
    norm = contrib.batch_norm
    outputs = []
    for _ in range(2):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            outputs += [
                contrib.fully_connected(flat, 2),
                contrib.fully_connected(flat, 2, activation_fn=None, scope="fc"),
                contrib.fully_connected(flat, 2, normalizer_fn=norm),
                contrib.conv2d(image, 2, 3),
                contrib.conv2d(image, 2, 3, normalizer_fn=norm, scope="conv"),
                contrib.conv2d_transpose(image, 2, 3),
                contrib.separable_conv2d(image, 2, 3, 1),
                contrib.separable_conv2d(image, None, 3, 2),
                contrib.max_pool2d(image, 2),
                contrib.avg_pool2d(image, 2),
                contrib.dropout(flat),
                contrib.flatten(image),
                contrib.batch_norm(image),
                contrib.batch_norm(flat),
                contrib.batch_norm(image, is_training=False),
                contrib.layer_norm(flat),
                contrib.softmax(flat),
                contrib.conv1d(row, 2, 3) if hasattr(contrib, "conv1d") else row,
            ]
    return [output.name for output in outputs[:-1]]


@probe_of_graphs
def fetching_by_name(tf):
    _net(tf, tf.ones([1, 2]))
    graph = tf.get_default_graph()
    names = ["net/dense/BiasAdd:0", "net/dense/Relu:0", "net/out/BiasAdd:0", "net/out/kernel:0"]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        shapes = [list(session.run(name).shape) for name in names[:3]]
    return [
        shapes,
        graph.get_tensor_by_name(names[2]).op.type,
        graph.get_operation_by_name("net/dense/MatMul").type,
    ]


@probe_of_references
def a_read_before_and_after_an_update_in_one_run(tf):
    step = tf.train.get_or_create_global_step()
    w = tf.get_variable("w", [], initializer=tf.ones_initializer())
    train = tf.train.GradientDescentOptimizer(0.1).minimize(w * w, global_step=step)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [int(session.run([train, step])[1]) for _ in range(4)]


@probe_of_graphs
def a_gradient_of_what_is_assigned_in_between(tf):
    """As of spectral norm's u, which is assigned in each step. The gradient waits for y."""
    u = tf.get_variable("u", [], initializer=tf.ones_initializer(), trainable=False)
    with tf.variable_scope("net"):
        w = tf.get_variable("w", [], initializer=tf.ones_initializer())
        with tf.control_dependencies([u.assign(u * 2.0)]):
            y = tf.square(w * u)
    gradient = tf.tf1.gradients(y, w)[0]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [[float(v) for v in session.run([y, gradient])] for _ in range(3)]


@probe_of_references
def kinds_of_variables(tf):
    layer = tf.layers.Dense(1)
    layer(tf.ones([1, 2]))
    with tf.variable_scope("net", use_resource=True):
        tf.layers.dense(tf.ones([1, 2]), 1)
    return [v.op.type for v in tf.global_variables()]


@probe_of_graphs
def layers_as_values(tf):
    """Weights of layers are fetched, differentiated, assigned, saved and trained."""
    with tf.variable_scope("net"):
        layer = tf.layers.Dense(1, kernel_initializer=tf.ones_initializer(), name="d")
        y = layer(tf.ones([1, 2]))
    gradient = tf.tf1.gradients(y, [layer.kernel, layer.bias])
    train = tf.train.GradientDescentOptimizer(0.5).minimize(
        tf.reduce_sum(y), var_list=layer.trainable_variables
    )
    saver = tf.train.Saver(layer.variables)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        facts = {
            "gradient": [v.tolist() for v in session.run(gradient)],
            "kernel": session.run(layer.kernel).tolist(),
            "saved": _saved(tf, saver, session),
        }
        session.run(train)
        facts["trained"] = [v.tolist() for v in session.run(layer.variables)]
        session.run(layer.kernel.assign([[5.0], [6.0]]))
        with session.as_default():
            facts["get_weights"] = [v.tolist() for v in layer.get_weights()]
            facts["eval"] = layer.kernel.eval().tolist()
        facts["called again"] = [layer(tf.ones([3, 2])).name, len(tf.global_variables())]
    return facts


@probe_of_graphs
def training_in_a_monitored_session(tf):
    folder = tempfile.mkdtemp()
    steps = []

    class Counts(tf.train.SessionRunHook):
        def before_run(self, context):
            return tf.train.SessionRunArgs(tf.train.get_global_step())

        def after_run(self, context, values):
            steps.append(int(values.results))

    x = tf.placeholder_with_default(tf.ones([4, 2]), [None, 2])
    y = _net(tf, x)
    y = tf.layers.batch_normalization(y, training=True)
    step = tf.train.get_or_create_global_step()
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(y), step)
    scaffold = tf.train.Scaffold(saver=tf.train.Saver(max_to_keep=2))
    hooks = [Counts(), tf.train.StopAtStepHook(last_step=3)]
    for _ in range(2):
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder,
            hooks=hooks,
            scaffold=scaffold,
            save_summaries_steps=None,
            save_summaries_secs=None,
            log_step_count_steps=None,
        ) as session:
            while not session.should_stop():
                session.run(train)
        hooks = [Counts(), tf.train.StopAtStepHook(last_step=5)]
        scaffold = tf.train.Scaffold(saver=tf.train.Saver(max_to_keep=2))
        tf.get_default_graph()._unsafe_unfinalize()
    return [len(steps), sorted(n for n, _ in tf.train.list_variables(folder))]


def _supervised(tf):
    folder = tempfile.mkdtemp()
    with tf.Graph().as_default():
        y = _net(tf, tf.ones([4, 2]))
        step = tf.train.get_or_create_global_step()
        train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(y), step)
        supervisor = tf.train.Supervisor(logdir=folder, summary_op=None, save_model_secs=0)
        with supervisor.managed_session() as session:
            for _ in range(3):
                session.run(train)
            supervisor.saver.save(session, supervisor.save_path, global_step=step)
            count = int(session.run(step))
    return [count, sorted(name for name, _ in tf.train.list_variables(folder))]


@probe_of_references
def a_supervisor(tf):
    return _supervised(tf)


@probe_of_graphs
def queues(tf):
    queue = tf.train.string_input_producer(["a", "b"], shuffle=False, num_epochs=1)
    batch = tf.train.batch([tf.strings.length(queue.dequeue())], 2)
    y = tf.layers.dense(tf.cast(batch[:, None], tf.float32), 1, use_bias=False)
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        shape = list(session.run(y).shape)
        ended = outcome(lambda: session.run(y))
        coordinator.request_stop()
        coordinator.join(threads)
    return [shape, ended["raises"], _names(tf.local_variables())]


@probe_of_graphs
def device_functions(tf):
    """Of parameter servers, with `/job:ps/task:N` for each variable in turn."""
    with tf.device(tf.train.replica_device_setter(ps_tasks=2)):
        y = _net(tf, tf.ones([1, 2]))
        step = tf.train.get_or_create_global_step()
    with tf.device("/cpu:0"), tf.variable_scope("tower", reuse=tf.AUTO_REUSE):
        z = tf.layers.dense(tf.ones([1, 2]), 2)
    variables = [v for v in tf.global_variables() if v is not step]
    return [[v.name, v.device] for v in variables] + [y.device, z.device]


@probe_of_graphs
def towers_that_share_and_average_gradients(tf):
    optimizer, gradients = tf.train.GradientDescentOptimizer(0.1), []
    with tf.variable_scope(tf.get_variable_scope()):
        for i in range(2):
            with tf.device("/cpu:0"), tf.name_scope(f"tower_{i}") as scope:
                loss = tf.reduce_sum(
                    tf.layers.dense(
                        tf.ones([1, 2]) * float(i + 1),
                        1,
                        kernel_regularizer=tf.reduce_sum,
                        name="d",
                    ),
                )
                losses = tf.get_collection("regularization_losses", scope)
                tf.get_variable_scope().reuse_variables()
                gradients.append(optimizer.compute_gradients(loss))
    averaged = [
        (tf.add_n([pair[0] for pair in pairs]) / 2.0, pairs[0][1]) for pairs in zip(*gradients)
    ]
    train = optimizer.apply_gradients(averaged)
    with tf.Session() as session:
        session.run([v.assign(tf.ones_like(v)) for v in tf.global_variables()])
        session.run(train)
        values = [v.tolist() for v in session.run(tf.global_variables())]
    return [values, _names(tf.global_variables()), len(losses), loss.name]


@probe_of_graphs
def partitioned_variables(tf):
    with tf.variable_scope("net", partitioner=tf.fixed_size_partitioner(2)):
        v = tf.get_variable("v", [4, 2])
        y = tf.layers.dense(tf.ones([1, 4]), 2, kernel_regularizer=lambda w: tf.reduce_sum(w))
        layer = tf.layers.Dense(2, name="d")
        layer(tf.ones([1, 4]))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        shape = list(session.run(y).shape)
        saved = _saved(tf, tf.train.Saver(), session)
    return {
        "type": type(v).__name__,
        "shape": shape,
        "all": _names(tf.global_variables()),
        "saved": saved,
        "weights": [type(w).__name__ for w in layer.weights],
        "losses": len(tf.get_collection("regularization_losses")),
    }


@probe_of_graphs
def templates(tf):
    def scale(x):
        tf.get_local_variable("seen", [])
        return tf.layers.dense(x * tf.get_variable("factor", []), 1)

    with tf.variable_scope("outer", custom_getter=passing):
        template = tf.make_template("scale", scale)
        template(tf.ones([1, 2]))
    template(tf.ones([1, 2]))
    return {
        name: _names(getattr(template, name))
        for name in (
            "variables",
            "trainable_variables",
            "global_variables",
            "local_variables",
            "non_trainable_variables",
            "weights",
        )
    }


@probe_of_graphs
def a_layer_called_in_scopes_entered_again(tf):
    layer = tf.layers.Dense(1)
    with tf.variable_scope("net") as scope:
        with tf.variable_scope(scope):
            layer(tf.ones([1, 2]))
        layer(tf.ones([1, 2]))
        second = outcome(lambda: tf.layers.dense(tf.ones([1, 2]), 1).name)
    layer(tf.ones([1, 2]))
    tf.layers.dense(tf.ones([1, 2]), 1)
    with tf.variable_scope(scope, auxiliary_name_scope=False) as again:
        original = again.original_name_scope
        error = outcome(lambda: tf.layers.dense(tf.ones([1, 2]), 1).name)
    return [_names(tf.global_variables()), original, second, error]


@probe_of_graphs
def name_scopes_of_scopes(tf):
    facts = []
    with tf.variable_scope("outer"):
        for how in ({}, {"auxiliary_name_scope": False}, {"reuse": True}):
            with tf.variable_scope("inner", **how) as scope:
                facts.append([scope.original_name_scope, tf.ones([]).name])
        with tf.name_scope("ns"), tf.variable_scope(None, "default") as scope:
            facts.append([scope.name, scope.original_name_scope, tf.ones([]).name])
    with tf.variable_scope(scope):
        facts.append([scope.original_name_scope, tf.ones([]).name])
    return facts


@probe_of_graphs
def updates_of_layers(tf):
    class Counting(tf.layers.Layer):
        def build(self, shape):
            self.count = self.add_variable("count", [], trainable=False)
            self.built = True

        def call(self, x):
            self.add_update(tf.assign_add(self.count, 1.0))
            return 2.0 * x

    x = tf.ones([2, 2])
    layers = [Counting(), tf.layers.BatchNormalization(), Counting(trainable=False)]
    facts = [len(layer.updates) for layer in layers]
    for layer, how in zip(layers, ({}, {"training": True}, {})):
        layer(layer(x, **how))
        facts.append([hasattr(update, "outputs") for update in layer.updates])
    with tf.control_dependencies(layers[0].updates + layers[1].updates):
        loss = tf.reduce_sum(x)
    with tf.Session() as session:
        session.run([variable.initializer for variable in tf.global_variables()])
        session.run(layers[0].count.assign(0.0))
        session.run(loss)
        facts.append(float(session.run(layers[0].count)))
        facts.append(session.run(layers[1].moving_mean).tolist())
    return facts


@probe_of_graphs
def custom_layers(tf):
    class Block(tf.layers.Layer):
        def build(self, shape):
            self.scale = self.add_variable("scale", [], initializer=tf.ones_initializer())
            self.count = self.add_variable("count", [], trainable=False)
            self.built = True

        def call(self, x):
            self.add_update(tf.assign_add(self.count, 1.0))
            self.add_loss(tf.reduce_sum(x))
            self.dense = tf.layers.Dense(1)
            return self.dense(x * self.scale)

    with tf.variable_scope("net"):
        block = Block(name="block")
        y = block(tf.ones([1, 2]))
    return {
        "output": y.name,
        "all": _names(tf.global_variables()),
        "trainable": _names(block.trainable_weights)[:1],
        "not trainable": _names(block.non_trainable_weights),
        "updates": len(tf.get_collection("update_ops")),
        "losses": [len(block.losses), len(tf.get_collection("regularization_losses"))],
    }


@probe_of_layers_in_graphs
def layers_that_build_others_in_their_call(tf):
    """Keras 3 calls such a layer by symbols first."""
    calls = []

    class Mix(tf.layers.Layer):
        def __init__(self):
            super().__init__(name="mix")
            self.part = tf.layers.Dense(2, name="part")

        def call(self, x):
            calls.append(x)
            y = self.part(x) * tf.Variable(2.0, name="v")
            self.add_loss(tf.reduce_sum(y))
            return tf.identity(y * tf.get_variable("w", [2]), name="out")

    with tf.variable_scope("net"):
        layer = Mix()
        first = layer(tf.ones([1, 3]))
        losses = len(layer.losses)
        second = layer(tf.ones([1, 3]))
    found = tf.value_of([first, second])
    return {
        "outputs": _names([first, second]),
        "part": tf.get_default_graph().get_operation_by_name("net/mix/part/BiasAdd").name,
        "all": _names(tf.global_variables()),
        "same": found[0] == found[1],
        "calls": len(calls),
        "losses": losses,
        "built": layer.built,
    }


@probe_of_graphs
def layers_that_a_first_call_left_out(tf):
    class Parts(tf.layers.Layer):
        def __init__(self):
            super().__init__(name="parts")
            self.first, self.second = tf.layers.Dense(2), tf.layers.Dense(2)

        def call(self, x, both=True):
            return self.second(self.first(x)) if both else self.first(x)

    x = tf.ones([1, 2])
    with tf.variable_scope("net"):
        called = Parts()
        called(x, both=False)
        found = [outcome(lambda: called(x).name)]
    with tf.variable_scope("other"):
        built = Parts()
        built.build((1, 2))
        found.append(outcome(lambda: built(x).name))
    return [found, _names(tf.global_variables())]


@probe_of_graphs
def outputs_collections(tf):
    with tf.variable_scope("net"):
        tf.contrib.conv2d(tf.ones([1, 4, 4, 1]), 2, 3, outputs_collections="ends", scope="c")
        tf.contrib.fully_connected(tf.ones([1, 4]), 2, outputs_collections=["ends", "more"])
        tf.add_to_collection("ends", tf.ones([1], name="free"))
    found = tf.contrib.convert_collection_to_dict("ends")
    return [list(found), _names(tf.get_collection("ends")), len(tf.get_collection("more"))]


@probe_of_graphs
def gradients_in_an_imported_graph(tf):
    """By what its branches and loops are computed of, which are there as the graph tells."""
    with tf.Graph().as_default():
        w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
        y = tf.cond(tf.reduce_sum(w) > 0.0, lambda: w * w, lambda: w)
        y = tf.while_loop(lambda i, _: i < 2, lambda i, y: (i + 1, y * w), [0, y])[1]
        tf.identity(y, name="result")
        saved = tf.train.export_meta_graph(clear_devices=True)
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.train.import_meta_graph(saved)
        result = graph.get_tensor_by_name("result:0")
        gradients = tf.gradients_of(result, tf.trainable_variables())
        session.run(tf.global_variables_initializer())
        return session.run(gradients)[0].tolist()
