"""How TF1 code uses the symbols that can only be judged in use: small programs, for measuring.

`measure_symbols.py` runs each of them in a graph and eagerly. `{name}` is the symbol; a program
fails where it raises. What would run eagerly and mean nothing there, such as a collection that
stays empty, is asked for with `assert`. A program may leave tensors and operations in `result`,
which a session then runs where there is a graph.
"""

from __future__ import annotations

_LOSS = """
v = tf.get_variable("v", [2])
loss = tf.reduce_sum(v * v)
"""

_TRAINED = """
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(train)
"""

# A step counter, and a session with a hook.
_HOOKED = """
step = tf.train.get_or_create_global_step()
count = tf.assign_add(step, 1)
with tf.train.MonitoredSession(hooks=[{hook}]) as session:
    session.run(count)
"""

_QUEUE = "result = [queue.enqueue_many([{values}]), queue.dequeue()]"

_INPUT = """
queue = tf.FIFOQueue(10, tf.float32, [[]])
tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1.0)]))
batch = {batch}
with tf.train.MonitoredSession() as session:
    session.run(batch)
"""

_READ = """
names = tf.FIFOQueue(2, tf.string, [[]])
{name}({arguments}).read(names)
"""

# A session makes a graph the current one, also where what it is to run is not in it.
_SAVED = """
v = tf.get_variable("v", [2])
y = v * 2.0
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(y)
    {saved}
"""

_CELL = "cell = tf.nn.rnn_cell.BasicRNNCell(3)\n"

USES: list[tuple[tuple[str, ...], str]] = [
    # Sessions, and what is for them alone.
    (("Session", "InteractiveSession"), "{name}().run(tf.constant(1.0))"),
    (
        ("get_default_session",),
        "c = tf.constant(1.0)\nwith tf.Session():\n    {name}().run(c)",
    ),
    (
        ("get_session_handle",),
        "handle = {name}(tf.constant(1.0))\nwith tf.Session() as s:\n    s.run(handle)",
    ),
    (
        ("get_session_tensor",),
        "c = tf.get_session_handle(tf.constant(1.0))\nwith tf.Session() as s:\n"
        "    handle = s.run(c)\n"
        "    {name}(handle.handle, tf.float32)",
    ),
    (
        ("delete_session_tensor",),
        "c = tf.get_session_handle(tf.constant(1.0))\nwith tf.Session() as s:\n"
        "    handle = s.run(c)\n"
        "    {name}(handle.handle)",
    ),
    (("placeholder", "sparse_placeholder", "sparse.placeholder"), "{name}(tf.float32, [2, 3])"),
    (("ragged.placeholder",), "{name}(tf.float32, 1)"),
    (("placeholder_with_default",), "result = {name}(tf.ones([2]), [None])"),
    (
        (
            "global_variables_initializer",
            "initialize_all_variables",
            "initializers.global_variables",
        ),
        "v = tf.get_variable('v', [2])\ntf.Session().run({name}())",
    ),
    (
        (
            "local_variables_initializer",
            "initialize_local_variables",
            "initializers.local_variables",
        ),
        "tf.Session().run({name}())",
    ),
    (
        ("variables_initializer", "initialize_variables", "initializers.variables"),
        "tf.Session().run({name}([tf.get_variable('v', [2])]))",
    ),
    (
        ("tables_initializer", "initialize_all_tables", "initializers.tables_initializer"),
        "tf.Session().run({name}())",
    ),
    (
        ("report_uninitialized_variables", "assert_variables_initialized"),
        "v = tf.get_variable('v', [2])\nassert {name}() is not None",
    ),
    (("is_variable_initialized",), "{name}(tf.get_variable('v', [2]))"),
    # The graph.
    (
        ("get_default_graph",),
        "t = tf.constant(1.0, name='t')\n{name}().get_tensor_by_name('t:0')",
    ),
    (("reset_default_graph",), ""),  # It refuses to be called inside a graph that was entered.
    (("Graph",), "with {name}().as_default():\n    tf.Session().run(tf.constant(1.0))"),
    (("gradients", "hessians"), _LOSS + "{name}(loss, [v])"),
    (
        ("train.write_graph",),
        "t = tf.constant(1.0)\nassert open({name}(tf.get_default_graph(), folder, 'g')).read()",
    ),
    (
        ("train.export_meta_graph",),
        "v = tf.get_variable('v', [2])\n{name}(folder + '/m')",
    ),
    (
        ("train.import_meta_graph",),
        "v = tf.get_variable('v', [2])\ntf.train.export_meta_graph(folder + '/m')\n"
        "with tf.Graph().as_default():\n    {name}(folder + '/m')",
    ),
    (
        ("graph_util.convert_variables_to_constants",),
        _SAVED.replace("{saved}", "{name}(session, session.graph.as_graph_def(), ['v'])"),
    ),
    (
        ("graph_util.extract_sub_graph",),
        "t = tf.constant(1.0, name='t')\n{name}(tf.get_default_graph().as_graph_def(), ['t'])",
    ),
    (
        ("graph_util.remove_training_nodes",),
        "t = tf.constant(1.0, name='t')\nassert {name}(tf.get_default_graph().as_graph_def()).node",
    ),
    (
        ("import_graph_def", "graph_util.import_graph_def"),
        "t = tf.constant(1.0, name='t')\n{name}(tf.get_default_graph().as_graph_def(), name='')\n"
        "tf.get_default_graph().get_tensor_by_name('t:0')",
    ),
    # Variables and collections.
    (
        ("get_variable",),
        "with tf.variable_scope('s', reuse=tf.AUTO_REUSE):\n    v = {name}('v', [2])\n"
        "with tf.variable_scope('s', reuse=True):\n    assert {name}('v', [2]) is v",
    ),
    (
        ("get_local_variable",),
        "v = {name}('v', [2])\nassert tf.local_variables()",
    ),
    (
        ("variable_scope",),
        "with {name}('s', reuse=tf.AUTO_REUSE):\n    v = tf.get_variable('v', [2])\n"
        "with {name}('s', reuse=True):\n    assert tf.get_variable('v', [2]) is v",
    ),
    (
        ("variable_op_scope",),
        "with {name}([], 's'):\n    assert tf.get_variable('v', [2]).name == 's/v:0'",
    ),
    (("get_variable_scope",), "with tf.variable_scope('s'):\n    assert {name}().name == 's'"),
    (
        ("make_template",),
        "f = {name}('t', lambda: tf.get_variable('v', [2]))\nassert f() is f()",
    ),
    (
        ("create_partitioned_variables",),
        "{name}([4, 2], [2, 1], tf.zeros_initializer())",
    ),
    (
        ("global_variables", "all_variables", "trainable_variables"),
        "v = tf.get_variable('v', [2])\nassert {name}()",
    ),
    (
        ("local_variables",),
        "v = tf.get_variable('v', [2], collections=['local_variables'])\nassert {name}()",
    ),
    (
        ("model_variables",),
        "v = tf.get_variable('v', [2], collections=['model_variables'])\nassert {name}()",
    ),
    (
        ("moving_average_variables",),
        "v = tf.get_variable('v', [2])\ntf.train.ExponentialMovingAverage(0.9).apply([v])\n"
        "assert {name}()",
    ),
    (
        ("get_collection", "get_collection_ref"),
        "v = tf.get_variable('v', [2])\nassert {name}('variables')",
    ),
    (("add_to_collection",), "{name}('mine', 1)\nassert tf.get_collection('mine') == [1]"),
    (("add_to_collections",), "{name}(['mine'], 1)\nassert tf.get_collection('mine') == [1]"),
    (
        ("Variable",),
        "v = {name}([1.0, 2.0])\nresult = v + 1.0",
    ),
    (
        ("assign", "assign_add", "assign_sub"),
        "v = tf.get_variable('v', [2])\nresult = {name}(v, tf.ones([2]))",
    ),
    (
        (*(f"scatter_{what}" for what in ("add", "div", "max", "min", "mul", "sub", "update")),),
        "v = tf.get_variable('v', [2])\nresult = {name}(v, [0], [1.0])",
    ),
    (
        ("scatter_nd_add", "scatter_nd_sub", "scatter_nd_update"),
        "v = tf.get_variable('v', [2])\nresult = {name}(v, [[0]], [1.0])",
    ),
    (
        ("batch_scatter_update",),
        "v = tf.get_variable('v', [2])\nresult = {name}(v, tf.constant([0]), tf.constant([1.0]))",
    ),
    (
        ("count_up_to",),
        "v = tf.get_variable('v', initializer=0)\nresult = {name}(v, 3)",
    ),
    (
        ("variable_creator_scope",),
        "with {name}(lambda make, **k: make(**k)):\n    tf.Variable(1.0)",
    ),
    # Losses are collected, metrics keep local variables.
    (
        ("losses.get_losses",),
        "tf.losses.mean_squared_error(tf.ones([2]), tf.zeros([2]))\nassert {name}()",
    ),
    (("losses.add_loss",), "{name}(tf.constant(1.0))\nassert tf.losses.get_losses()"),
    (
        ("losses.get_total_loss",),
        "tf.losses.mean_squared_error(tf.ones([2]), tf.zeros([2]))\nresult = {name}()",
    ),
    (
        ("losses.get_regularization_loss", "losses.get_regularization_losses"),
        "tf.get_variable('v', [2], regularizer=lambda w: tf.reduce_sum(w))\n"
        "assert tf.losses.get_regularization_losses()\nresult = {name}()",
    ),
    (
        ("losses.cosine_distance",),
        "result = {name}(tf.ones([2, 3]), tf.ones([2, 3]), axis=1)",
    ),
    # Summaries are collected, merged and written.
    (("summary.scalar",), "{name}('a', 1.0)\nassert tf.summary.merge_all() is not None"),
    (
        ("summary.histogram", "summary.tensor_summary"),
        "{name}('a', tf.ones([2]))\nassert tf.summary.merge_all() is not None",
    ),
    (
        ("summary.image",),
        "{name}('a', tf.ones([1, 2, 2, 3]))\nassert tf.summary.merge_all() is not None",
    ),
    (
        ("summary.audio",),
        "{name}('a', tf.ones([1, 9]), 4)\nassert tf.summary.merge_all() is not None",
    ),
    (
        ("summary.text",),
        "{name}('a', tf.constant('b'))\nassert tf.summary.merge_all() is not None",
    ),
    (("summary.merge",), "result = {name}([tf.summary.scalar('a', 1.0)])"),
    (("summary.merge_all",), "tf.summary.scalar('a', 1.0)\nassert {name}() is not None"),
    (("summary.FileWriter",), "{name}(folder, tf.get_default_graph()).close()"),
    (("summary.FileWriterCache",), "{name}.get(folder)"),
    (("summary.initialize",), ""),
    # Training.
    (
        tuple(
            f"train.{optimizer}Optimizer"
            for optimizer in (
                *("Adadelta", "Adagrad", "Adam", "Ftrl", "GradientDescent"),
                *("ProximalAdagrad", "ProximalGradientDescent", "RMSProp"),
            )
        ),
        _LOSS + "train = {name}(0.1).minimize(loss)" + _TRAINED,
    ),
    (
        ("train.MomentumOptimizer",),
        _LOSS + "train = {name}(0.1, 0.9).minimize(loss)" + _TRAINED,
    ),
    (
        ("train.AdagradDAOptimizer",),
        _LOSS + "step = tf.train.get_or_create_global_step()\n"
        "train = {name}(0.1, step).minimize(loss, global_step=step)" + _TRAINED,
    ),
    (
        ("train.SyncReplicasOptimizer",),
        _LOSS + "step = tf.train.get_or_create_global_step()\n"
        "optimizer = {name}(tf.train.GradientDescentOptimizer(0.1), 1, 1)\n"
        "train = optimizer.minimize(loss, global_step=step)",
    ),
    (
        ("train.Optimizer",),
        _LOSS + "assert issubclass(tf.train.AdamOptimizer, {name})\n"
        "tf.train.AdamOptimizer().compute_gradients(loss)",
    ),
    (
        (
            "train.experimental.MixedPrecisionLossScaleOptimizer",
            "mixed_precision.MixedPrecisionLossScaleOptimizer",
        ),
        _LOSS
        + "train = {name}(tf.train.GradientDescentOptimizer(0.1), 1).minimize(loss)"
        + _TRAINED,
    ),
    (
        ("tpu.CrossShardOptimizer",),
        _LOSS + "{name}(tf.train.GradientDescentOptimizer(0.1)).compute_gradients(loss)",
    ),
    (
        ("train.exponential_decay", "train.inverse_time_decay", "train.natural_exp_decay"),
        "step = tf.train.get_or_create_global_step()\nresult = {name}(0.1, step, 10, 0.9) * 2.0",
    ),
    (
        ("train.cosine_decay", "train.polynomial_decay", "train.cosine_decay_restarts"),
        "step = tf.train.get_or_create_global_step()\nresult = {name}(0.1, step, 10) * 2.0",
    ),
    (
        ("train.linear_cosine_decay", "train.noisy_linear_cosine_decay"),
        "step = tf.train.get_or_create_global_step()\nresult = {name}(0.1, step, 10) * 2.0",
    ),
    (
        ("train.piecewise_constant", "train.piecewise_constant_decay"),
        "step = tf.train.get_or_create_global_step()\nresult = {name}(step, [5], [0.1, 0.2]) * 2.0",
    ),
    (
        ("train.ExponentialMovingAverage",),
        "v = tf.get_variable('v', [2])\naverage = {name}(0.9)\nresult = average.apply([v])\n"
        "average.average(v)",
    ),
    (
        ("train.create_global_step", "train.get_or_create_global_step"),
        "assert {name}() is not None",
    ),
    (
        ("train.get_global_step",),
        "tf.train.create_global_step()\nassert {name}() is not None",
    ),
    (
        ("train.global_step",),
        "step = tf.train.create_global_step()\nwith tf.Session() as session:\n"
        "    session.run(tf.global_variables_initializer())\n    {name}(session, step)",
    ),
    (("train.assert_global_step",), "{name}(tf.train.create_global_step())"),
    (
        ("train.Saver",),
        _SAVED.replace("{saved}", "tf.train.Saver().save(session, folder + '/c')"),
    ),
    (
        ("train.latest_checkpoint", "train.get_checkpoint_state", "train.get_checkpoint_mtimes"),
        "{name}(folder)",
    ),
    (("train.checkpoint_exists", "train.remove_checkpoint"), "{name}(folder + '/c')"),
    (("train.update_checkpoint_state",), "{name}(folder, folder + '/c')"),
    (("train.NewCheckpointReader",), "{name}"),
    (
        ("train.init_from_checkpoint", "train.warm_start"),
        _SAVED.replace("{saved}", "tf.train.Saver().save(session, folder + '/c')")
        + "with tf.Graph().as_default():\n    v = tf.get_variable('v', [2])\n"
        "    tf.train.init_from_checkpoint(folder + '/c', {'v': v})",
    ),
    (("train.summary_iterator",), "{name}"),
    # Sessions that are watched over.
    (
        (
            "train.MonitoredSession",
            "train.SingularMonitoredSession",
            "train.MonitoredTrainingSession",
        ),
        "c = tf.constant(1.0)\ntf.train.create_global_step()\nwith {name}() as s:\n    s.run(c)",
    ),
    (
        ("train.ChiefSessionCreator",),
        "c = tf.constant(1.0)\nwith tf.train.MonitoredSession({name}()) as s:\n    s.run(c)",
    ),
    (
        ("train.WorkerSessionCreator", "train.SessionCreator"),
        "c = tf.constant(1.0)\nwith tf.train.MonitoredSession() as s:\n    s.run(c)\n{name}",
    ),
    (
        ("train.Scaffold",),
        "c = tf.constant(1.0)\ncreator = tf.train.ChiefSessionCreator({name}())\n"
        "with tf.train.MonitoredSession(creator) as s:\n    s.run(c)",
    ),
    (
        ("train.Supervisor",),
        "c = tf.constant(1.0)\nwith {name}(logdir=folder).managed_session() as s:\n    s.run(c)",
    ),
    (
        ("train.SessionManager",),
        "c = tf.constant(1.0)\n{name}().prepare_session('', init_op=tf.no_op()).run(c)",
    ),
    (
        ("train.CheckpointSaverHook",),
        _HOOKED.replace("{hook}", "{name}(folder, save_steps=1)"),
    ),
    (
        ("train.CheckpointSaverListener",),
        _HOOKED.replace(
            "{hook}", "tf.train.CheckpointSaverHook(folder, save_steps=1, listeners=[{name}()])"
        ),
    ),
    (("train.FeedFnHook",), _HOOKED.replace("{hook}", "{name}(lambda: {})")),
    (("train.FinalOpsHook",), _HOOKED.replace("{hook}", "{name}(tf.constant(1.0))")),
    (("train.GlobalStepWaiterHook",), _HOOKED.replace("{hook}", "{name}(0)")),
    (
        ("train.LoggingTensorHook",),
        _HOOKED.replace("{hook}", "{name}([tf.constant(1.0)], every_n_iter=9)"),
    ),
    (("train.NanTensorHook",), _HOOKED.replace("{hook}", "{name}(tf.constant(1.0))")),
    (
        ("train.ProfilerHook",),
        _HOOKED.replace("{hook}", "{name}(save_steps=9, output_dir=folder)"),
    ),
    (
        ("train.SessionRunHook", "train.SessionRunArgs", "train.SessionRunContext"),
        _HOOKED.replace("{hook}", "tf.train.SessionRunHook()") + "{name}",
    ),
    (("train.SessionRunValues",), _HOOKED.replace("{hook}", "tf.train.SessionRunHook()")),
    (
        ("train.StepCounterHook",),
        _HOOKED.replace("{hook}", "{name}(9, output_dir=folder)"),
    ),
    (("train.StopAtStepHook",), _HOOKED.replace("{hook}", "{name}(num_steps=1)")),
    (
        ("train.SummarySaverHook",),
        _HOOKED.replace(
            "{hook}",
            "{name}(9, output_dir=folder, summary_op=tf.summary.scalar('a', tf.constant(1.0)))",
        ),
    ),
    (("train.SecondOrStepTimer", "train.NanLossDuringTrainingError"), "{name}"),
    # Queues and readers.
    (
        ("FIFOQueue", "queue.FIFOQueue"),
        "queue = {name}(3, tf.float32, [[]])\n" + _QUEUE.replace("{values}", "[1.0, 2.0]"),
    ),
    (
        ("PaddingFIFOQueue", "queue.PaddingFIFOQueue", "io.PaddingFIFOQueue"),
        "queue = {name}(3, tf.float32, [[None]])\n" + _QUEUE.replace("{values}", "[[1.0], [2.0]]"),
    ),
    (
        ("PriorityQueue", "queue.PriorityQueue", "io.PriorityQueue"),
        "queue = {name}(3, tf.float32, [[]])\n"
        "result = queue.enqueue([tf.constant(1, tf.int64), 1.0])",
    ),
    (
        ("RandomShuffleQueue", "queue.RandomShuffleQueue", "io.RandomShuffleQueue"),
        "queue = {name}(3, 0, tf.float32, [[]])\n" + _QUEUE.replace("{values}", "[1.0, 2.0]"),
    ),
    (
        ("QueueBase", "queue.QueueBase", "io.QueueBase"),
        "queue = tf.FIFOQueue(3, tf.float32, [[]])\nassert isinstance(queue, {name})",
    ),
    (
        (
            "train.QueueRunner",
            "train.add_queue_runner",
            "train.queue_runner.QueueRunner",
            "train.queue_runner.add_queue_runner",
        ),
        _INPUT.replace("{batch}", "queue.dequeue()\n{name}"),
    ),
    (
        ("train.start_queue_runners", "train.queue_runner.start_queue_runners"),
        "queue = tf.FIFOQueue(1, tf.float32, [[]])\n"
        "tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(1.0)]))\n"
        "with tf.Session() as session:\n    {name}(session, start=False)",
    ),
    (("train.batch",), _INPUT.replace("{batch}", "{name}([queue.dequeue()], 2)")),
    (
        ("train.maybe_batch",),
        _INPUT.replace("{batch}", "{name}([queue.dequeue()], True, 2)"),
    ),
    (
        ("train.batch_join",),
        _INPUT.replace("{batch}", "{name}([[queue.dequeue()]], 2)"),
    ),
    (
        ("train.maybe_batch_join",),
        _INPUT.replace("{batch}", "{name}([[queue.dequeue()]], True, 2)"),
    ),
    (
        ("train.shuffle_batch",),
        _INPUT.replace("{batch}", "{name}([queue.dequeue()], 2, 9, 1)"),
    ),
    (
        ("train.maybe_shuffle_batch",),
        _INPUT.replace("{batch}", "{name}([queue.dequeue()], 2, 9, 1, True)"),
    ),
    (
        ("train.shuffle_batch_join",),
        _INPUT.replace("{batch}", "{name}([[queue.dequeue()]], 2, 9, 1)"),
    ),
    (
        ("train.maybe_shuffle_batch_join",),
        _INPUT.replace("{batch}", "{name}([[queue.dequeue()]], 2, 9, 1, True)"),
    ),
    (("train.string_input_producer",), "queue = {name}(['a', 'b'])"),
    (("train.input_producer",), "queue = {name}(tf.ones([2]))"),
    (("train.range_input_producer",), "queue = {name}(3)"),
    (("train.slice_input_producer",), "{name}([tf.ones([2])])"),
    (("train.limit_epochs",), "{name}(tf.ones([2]), 1)"),
    (("train.match_filenames_once",), "{name}(folder + '/*')"),
    (
        ("IdentityReader", "TFRecordReader", "TextLineReader", "WholeFileReader"),
        _READ.replace("{arguments}", ""),
    ),
    (("LMDBReader",), "{name}"),
    (("FixedLengthRecordReader",), _READ.replace("{arguments}", "4")),
    (
        ("ReaderBase",),
        "assert isinstance(tf.TextLineReader(), {name})",
    ),
    (
        (
            "ConditionalAccumulator",
            "SparseConditionalAccumulator",
            "sparse.SparseConditionalAccumulator",
        ),
        "{name}(tf.float32, [2]).num_accumulated()",
    ),
    (
        ("ConditionalAccumulatorBase",),
        "assert isinstance(tf.ConditionalAccumulator(tf.float32, [2]), {name})",
    ),
    # Data sets.
    (
        ("data.make_one_shot_iterator",),
        "result = {name}(tf.data.Dataset.range(3)).get_next()",
    ),
    (
        ("data.make_initializable_iterator",),
        "iterator = {name}(tf.data.Dataset.range(3))\nwith tf.Session() as session:\n"
        "    session.run(iterator.initializer)\n    session.run(iterator.get_next())",
    ),
    (
        ("data.Iterator",),
        "iterator = {name}.from_structure(tf.int64, [])\n"
        "iterator.make_initializer(tf.data.Dataset.range(3))",
    ),
    (
        ("data.Dataset",),
        "result = {name}.range(3).make_one_shot_iterator().get_next()",
    ),
    (
        ("data.get_output_classes", "data.get_output_shapes", "data.get_output_types"),
        "{name}(tf.data.Dataset.range(3))",
    ),
    # Saving a model.
    (
        ("saved_model.simple_save",),
        _SAVED.replace("{saved}", "{name}(session, folder + '/s', {'v': v}, {'v': v})"),
    ),
    (
        (
            "saved_model.Builder",
            "saved_model.builder.SavedModelBuilder",
        ),
        _SAVED.replace(
            "{saved}",
            "builder = {name}(folder + '/s')\n"
            "    builder.add_meta_graph_and_variables(session, ['serve'])\n    builder.save()",
        ),
    ),
    (
        ("saved_model.load", "saved_model.loader.load"),
        _SAVED.replace(
            "{saved}",
            "tf.saved_model.simple_save(session, folder + '/s', {'v': v}, {'v': v})\n"
            "with tf.Graph().as_default(), tf.Session() as session:\n"
            "    {name}(session, ['serve'], folder + '/s')",
        ),
    ),
    (
        ("saved_model.build_tensor_info", "saved_model.utils.build_tensor_info"),
        "{name}(tf.constant(1.0))",
    ),
    (
        (
            "saved_model.predict_signature_def",
            "saved_model.signature_def_utils.predict_signature_def",
        ),
        "{name}({'x': tf.constant(1.0)}, {'y': tf.constant(1.0)})",
    ),
    (
        (
            "saved_model.build_signature_def",
            "saved_model.signature_def_utils.build_signature_def",
        ),
        "info = tf.saved_model.build_tensor_info(tf.constant(1.0))\n"
        "{name}({'x': info}, {'y': info}, 'm')",
    ),
    (
        (
            "saved_model.main_op_with_restore",
            "saved_model.main_op.main_op_with_restore",
        ),
        "{name}(tf.no_op())",
    ),
    (("saved_model.main_op.main_op",), "assert {name}() is not None"),
    # Recurrent nets, whose cells came from Keras.
    (
        ("nn.dynamic_rnn",),
        _CELL + "result = {name}(cell, tf.ones([2, 4, 3]), dtype=tf.float32)",
    ),
    (
        ("nn.static_rnn",),
        _CELL + "result = {name}(cell, [tf.ones([2, 3])], dtype=tf.float32)",
    ),
    (
        ("nn.bidirectional_dynamic_rnn",),
        _CELL + "other = tf.nn.rnn_cell.BasicRNNCell(3)\n"
        "result = {name}(cell, other, tf.ones([2, 4, 3]), dtype=tf.float32)",
    ),
    (
        ("nn.static_bidirectional_rnn",),
        _CELL + "other = tf.nn.rnn_cell.BasicRNNCell(3)\n"
        "result = {name}(cell, other, [tf.ones([2, 3])], dtype=tf.float32)",
    ),
    (("nn.static_state_saving_rnn", "nn.raw_rnn"), _CELL + "{name}"),
    # Flow of control, and Python's own functions.
    (
        ("cond",),
        "result = {name}(tf.constant(True), lambda: tf.ones([2]), lambda: tf.zeros([2]))",
    ),
    (
        ("case",),
        "result = {name}([(tf.constant(True), lambda: tf.ones([2]))], lambda: tf.zeros([2]))",
    ),
    (
        ("while_loop",),
        "result = {name}(lambda i: i < 3, lambda i: i + 1, [tf.constant(0)])",
    ),
    (("map_fn",), "result = {name}(lambda x: x, tf.ones([2]))"),
    (("foldl", "foldr", "scan"), "result = {name}(lambda a, x: a + x, tf.ones([2]))"),
    (("py_func",), "result = {name}(lambda x: x, [tf.ones([2])], tf.float32)"),
    (
        ("wrap_function",),
        "result = {name}(lambda x: x, [tf.TensorSpec([2], tf.float32)])(tf.ones([2]))",
    ),
    (("control_dependencies",), "with {name}([tf.constant(1.0)]):\n    result = tf.ones([2])"),
    (("Print",), "result = {name}(tf.ones([2]), [tf.ones([2])])"),
    (
        ("container", "colocate_with"),
        "with {name}('a') if 'container' in '{name}' else {name}(tf.ones([2])):\n    tf.ones([2])",
    ),
    (("name_scope",), "with {name}('a'):\n    result = tf.ones([2])"),
    (("op_scope",), "with {name}([], 'a'):\n    result = tf.ones([2])"),
    (("device",), "with {name}('/cpu:0'):\n    result = tf.ones([2])"),
    (("train.replica_device_setter",), "with tf.device({name}(1)):\n    tf.get_variable('v', [2])"),
    (("add_check_numerics_ops",), "t = tf.ones([2]) * 2\n{name}()"),
    (
        tuple(
            f"distributions.{name}" for name in ("Normal", "Laplace", "Beta", "Gamma", "Uniform")
        ),
        "result = {name}(1.0, 2.0).sample()",
    ),
    (("distributions.StudentT",), "result = {name}(1.0, 2.0, 1.0).sample()"),
    (("distributions.Exponential",), "result = {name}(1.0).sample()"),
    (
        ("distributions.Bernoulli", "distributions.Categorical"),
        "result = {name}([0.1, 0.2]).sample()",
    ),
    (("distributions.Dirichlet",), "result = {name}([0.1, 0.2]).sample()"),
    (("distributions.DirichletMultinomial",), "result = {name}(2.0, [0.1, 0.2]).sample()"),
    (
        ("distributions.kl_divergence",),
        "normal = tf.distributions.Normal(1.0, 2.0)\nresult = {name}(normal, normal)",
    ),
    # What the names of the parameters do not tell.
    (("set_random_seed", "random.set_random_seed"), "{name}(1)"),
    (("nn.convolution",), "result = {name}(tf.ones([1, 4, 4, 1]), tf.ones([1, 1, 1, 1]), 'VALID')"),
    (
        ("nn.conv2d", "nn.depthwise_conv2d", "nn.depthwise_conv2d_native"),
        "result = {name}(tf.ones([1, 4, 4, 1]), tf.ones([1, 1, 1, 1]), [1, 1, 1, 1], 'VALID')",
    ),
    (
        ("nn.conv2d_backprop_filter", "nn.depthwise_conv2d_native_backprop_filter"),
        "image = tf.ones([1, 4, 4, 1])\n"
        "result = {name}(image, [1, 1, 1, 1], image, [1, 1, 1, 1], 'VALID')",
    ),
    (
        ("nn.conv3d_backprop_filter", "nn.conv3d_backprop_filter_v2"),
        "one = tf.ones([1, 1, 1, 1, 1])\n"
        "result = {name}(one, [1, 1, 1, 1, 1], one, [1, 1, 1, 1, 1], 'VALID')",
    ),
    (
        ("nn.xw_plus_b", "nn.relu_layer"),
        "result = {name}(tf.ones([2, 3]), tf.ones([3, 1]), tf.ones([1]))",
    ),
    (
        ("nn.ctc_loss",),
        "labels = tf.SparseTensor([[0, 0]], [0], [1, 1])\n"
        "result = {name}(labels, tf.ones([2, 1, 3]), [2])",
    ),
    (
        ("nn.fused_batch_norm",),
        "one = tf.ones([1])\nresult = {name}(tf.ones([1, 4, 4, 1]), one, one)",
    ),
    (("where",), "result = {name}(tf.constant([True, False]), tf.ones([2]), tf.zeros([2]))"),
    (
        ("sparse_to_dense",),
        "result = {name}([0], [2], 1.0)",
    ),
    (
        ("losses.sparse_softmax_cross_entropy",),
        "result = {name}(tf.constant([0]), tf.ones([1, 3]))",
    ),
    (
        tuple(
            f"metrics.{name}"
            for name in (
                *("average_precision_at_k", "precision_at_k", "recall_at_k"),
                *("sparse_average_precision_at_k", "sparse_precision_at_k"),
            )
        ),
        "result = {name}(tf.constant([[0]], tf.int64), tf.ones([1, 3]), 1)",
    ),
    (
        ("metrics.precision_at_top_k", "metrics.recall_at_top_k"),
        "result = {name}(tf.constant([[0]], tf.int64), tf.constant([[0]], tf.int64), 1)",
    ),
    (("metrics.mean_cosine_distance",), "result = {name}(tf.ones([2, 3]), tf.ones([2, 3]), 1)"),
    (
        ("profiler.profile",),
        "t = tf.ones([2]) * tf.ones([2])\n"
        "options = tf.profiler.ProfileOptionBuilder.float_operation()\n"
        "profile = {name}(tf.get_default_graph(), options={**options, 'output': 'none'})\n"
        "assert profile.total_float_ops",
    ),
    (
        ("python_io.tf_record_iterator", "io.tf_record_iterator"),
        "tf.python_io.TFRecordWriter(folder + '/r').close()\nlist({name}(folder + '/r'))",
    ),
    # Layers below feature_column come from Keras too.
    (
        ("feature_column.input_layer",),
        "result = {name}({'a': tf.ones([2, 1])}, [tf.feature_column.numeric_column('a')])",
    ),
    (
        ("feature_column.linear_model",),
        "result = {name}({'a': tf.ones([2, 1])}, [tf.feature_column.numeric_column('a')])",
    ),
    (("app.run", "test.main"), "{name}"),
]
