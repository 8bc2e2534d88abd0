"""slim's training, losses and hyperparameters, in the same words for TensorFlow 1.15.5 and here.

A scenario is a function of `tf`, of `slim` with what stood beside it in `tf.contrib`, and of a
folder, that returns facts which JSON can hold. The language is that of CPython 3.7.
"""

import os
import re

import numpy as np

try:
    from estimator.scenarios import Log, checkpoint, files, outcome
except ImportError:
    from tests.estimator.scenarios import Log, checkpoint, files, outcome

X = np.float32([[0.1, 1.0], [0.7, -0.4], [-1.2, 0.3], [0.5, 0.5]])
Y = np.float32([[1.0], [0.0], [-2.0], [1.0]])

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


def network(tf, slim):
    with slim.arg_scope([slim.fully_connected], weights_initializer=tf.ones_initializer()):
        h = slim.fully_connected(tf.constant(X), 3, scope="hidden")
        h = slim.batch_norm(h, decay=0.9, is_training=True, scope="norm")
        return slim.fully_connected(h, 1, activation_fn=None, scope="out")


@scenario
def a_train_op(tf, slim, folder):
    facts = []
    for options in (
        {},
        {"clip_gradient_norm": 0.01, "summarize_gradients": True},
        {"gradient_multipliers": {"out/weights": 0.0, "hidden/weights": 3.0}},
        {"update_ops": [], "global_step": None, "check_numerics": False},
    ):
        with tf.Graph().as_default():
            outputs = network(tf, slim)
            slim.losses.mean_squared_error(outputs, tf.constant(Y))
            optimizer = tf.train.GradientDescentOptimizer(0.1)
            loss = slim.losses.get_total_loss()
            train_op = slim.learning.create_train_op(loss, optimizer, **options)
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                losses = [session.run(train_op) for _ in range(3)]
                names = sorted(v.op.name for v in tf.global_variables())
                values = session.run({v.op.name: v for v in tf.global_variables()})
            in_graph = train_op in tf.get_collection(tf.GraphKeys.TRAIN_OP)
            summaries = [s.op.name for s in tf.get_collection(tf.GraphKeys.SUMMARIES)]
        facts.append([losses, names, values, in_graph, summaries])
    return facts


@scenario
def a_train_op_of_changed_gradients(tf, slim, folder):
    facts = []
    here = slim.training if hasattr(slim.training, "clip_gradient_norms_fn") else slim.learning
    for options in (
        {},
        {"transform_grads_fn": here.clip_gradient_norms_fn(0.01)},
        {"transform_grads_fn": lambda pairs: [(2.0 * g, v) for g, v in pairs if "out" in v.name]},
        {"summarize_gradients": True, "variables_to_train": "hidden", "global_step": None},
    ):
        with tf.Graph().as_default():
            loss = tf.losses.mean_squared_error(tf.constant(Y), network(tf, slim))
            if "variables_to_train" in options:
                options["variables_to_train"] = tf.trainable_variables("hidden")
            optimizer = tf.train.GradientDescentOptimizer(0.1)
            train_op = slim.training.create_train_op(loss, optimizer, **options)
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                losses = [session.run(train_op) for _ in range(3)]
                values = session.run({v.op.name: v for v in tf.global_variables()})
            in_graph = train_op in tf.get_collection(tf.GraphKeys.TRAIN_OP)
            summaries = [s.op.name for s in tf.get_collection(tf.GraphKeys.SUMMARIES)]
        facts.append([losses, values, in_graph, summaries, train_op.op.name])
    return facts


@scenario
def a_training_loop(tf, slim, folder):
    facts = {}
    for number in (3, 5):
        with tf.Graph().as_default():
            tf.losses.mean_squared_error(tf.constant(Y), network(tf, slim))
            optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
            loss = tf.losses.get_total_loss()
            train_op = slim.learning.create_train_op(loss, optimizer)
            with Log(tf, folder) as log:
                last = slim.learning.train(
                    train_op, folder, number_of_steps=number, log_every_n_steps=2
                )
        # Not the latest one: a thread may have saved that, of a step before.
        facts["%d steps" % number] = [last, checkpoint(tf, folder + "/model.ckpt-%d" % number)]
        of_threads = ("global_step/sec", "Saving checkpoint", "Recording")  # at any time
        log = [line.split(" (")[0] for line in log if not line.startswith(of_threads)]
        # Such a thread may have saved last, under the step that it began to save at.
        log = [re.sub(r"^(Restoring .*ckpt)-\d$", r"\1", line) for line in log]
        facts["log %d" % number] = log
    # A thread saves too, as soon as it begins: at whichever step that is.
    at_the_ends = re.compile(r"(?!model\.ckpt)|model\.ckpt-[35]\.")
    facts["files"] = [f for f in files(folder) if at_the_ends.match(f)]
    return facts


@scenario
def a_step_of_ones_own(tf, slim, folder):
    def step(session, train_op, global_step, kwargs):
        loss, count = session.run([train_op, global_step])
        return loss, count >= 2

    with tf.Graph().as_default():
        tf.losses.mean_squared_error(tf.constant(Y), network(tf, slim))
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        train_op = slim.learning.create_train_op(tf.losses.get_total_loss(), optimizer)
        last = slim.learning.train(train_op, None, train_step_fn=step)
    return {
        "last": last,
        "none": outcome(lambda: slim.learning.train(None, None)),
        "steps": outcome(lambda: slim.learning.train(1, None, number_of_steps=0)),
        "saver": outcome(lambda: slim.learning.train(1, None, saver=3)),
        "multiples": outcome(lambda: slim.learning.multiply_gradients([], {})),
        "a tuple": outcome(lambda: slim.learning.multiply_gradients((), {"a": 1})),
        "a list": outcome(lambda: slim.learning.multiply_gradients([], ["a"])),
    }


@scenario
def losses(tf, slim, folder):
    loss = slim.losses
    logits = tf.constant([[2.0, -1.0, 0.5], [0.1, 0.2, -3.0]])
    labels = tf.constant([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    chances, weights = tf.nn.softmax(logits), tf.constant([[1.0], [0.5]])
    fetches = {
        "absolute": loss.absolute_difference(chances, labels),
        "weighted": loss.absolute_difference(chances, labels, weights),
        "cosine": loss.cosine_distance(logits, labels, dim=1),
        "hinge": loss.hinge_loss(logits, labels),
        "log": loss.log_loss(chances, labels, weights=2.0, epsilon=1e-3),
        "pairs": loss.mean_pairwise_squared_error(logits, labels),
        "squared": loss.mean_squared_error(logits, labels, weights),
        "sigmoid": loss.sigmoid_cross_entropy(logits, labels, label_smoothing=0.1),
        "softmax": loss.softmax_cross_entropy(logits, labels, label_smoothing=0.1),
        "sparse": loss.sparse_softmax_cross_entropy(logits, tf.constant([[2], [0]])),
        "own": loss.compute_weighted_loss(tf.constant([1.0, 3.0])),
    }
    loss.add_loss(tf.constant(7.0))
    fetches["total"] = loss.get_total_loss()
    with tf.Session() as session:
        return [session.run(fetches), len(loss.get_losses())]


@scenario
def hyperparameters(tf, slim, folder):
    make = lambda: slim.HParams(rate=0.5, units=3, name="net", sizes=[1, 2], bias=True)  # noqa: E731
    h = make()
    h.add_hparam("later", "x")
    facts = {"values": h.values(), "text": str(h), "repr": repr(h), "in": "rate" in h}
    for text in (
        "rate=1",
        "rate=1e-3,units=7,name=a b,bias=false",
        "sizes=[4,5,6]",
        "sizes[1]=9",
        "bias=1",
        "units=x",
        "units=1.5",
        "units=[1]",
        "sizes=1",
        "nosuch=1",
        "rate",
        "rate=1,rate=2",
        "bias=maybe",
    ):
        facts[text] = outcome(lambda t=text: make().parse(t).values())
    facts["json"] = h.to_json(sort_keys=True)
    facts["from json"] = outcome(lambda: make().parse_json('{"rate": 2, "sizes": [7]}').values())
    facts["a float for an int"] = outcome(lambda: make().set_hparam("units", 2.0))[0]
    facts["a string for a float"] = outcome(lambda: make().set_hparam("rate", "2"))[0]
    facts["a bool for an int"] = outcome(lambda: make().set_hparam("units", True))[0]
    facts["an int for a float"] = outcome(lambda: make().override_from_dict({"rate": 2}).rate)
    facts["get"] = [h.get("rate"), h.get("rate", 0.1), h.get("nosuch"), h.get("nosuch", 3)]
    facts["get a string"] = outcome(lambda: h.get("rate", "x"))[0]
    facts["empty"] = outcome(lambda: slim.HParams(a=[]))
    facts["reserved"] = outcome(lambda: slim.HParams(parse=1))
    h.del_hparam("rate")
    facts["without"] = sorted(h.values())
    return facts


@scenario
def variables_from_a_checkpoint(tf, slim, folder):
    path = os.path.join(folder, "model.ckpt")
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("a", initializer=[1.0, 2.0])
        tf.get_variable("b", initializer=[3.0])
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, path)
    facts = []
    with tf.Graph().as_default(), tf.Session() as session:
        a = tf.get_variable("a", initializer=[0.0, 0.0])
        other = tf.get_variable("other", initializer=[0.0])
        session.run(tf.global_variables_initializer())
        slim.assign_from_checkpoint_fn(path, [a, other], ignore_missing_vars=True)(session)
        facts.append(session.run([a, other]))
        slim.assign_from_checkpoint_fn(path, {"b": other})(session)
        facts.append(session.run([a, other]))
        facts.append(slim.assign_from_checkpoint_fn(path, [other], True))
        facts.append(outcome(lambda: slim.assign_from_checkpoint_fn(path, [])))
    return facts


@scenario
def steps_by_optimize_loss(tf, slim, folder):
    def decayed(rate, step):
        return tf.train.exponential_decay(rate, step, 1, 0.5)

    facts = []
    for options in (
        {"optimizer": "SGD", "learning_rate": 0.1},
        {"optimizer": "Momentum", "learning_rate": 0.1, "clip_gradients": 0.01, "name": "mine"},
        {"optimizer": tf.train.AdamOptimizer, "learning_rate": 0.1, "increment_global_step": False},
        {
            "optimizer": lambda rate: tf.train.GradientDescentOptimizer(rate),
            "learning_rate": 0.4,
            "learning_rate_decay_fn": decayed,
            "gradient_multipliers": {"out/weights:0": 0.0},
            "summaries": ["gradients", "gradient_norm", "learning_rate"],
        },
        {
            "optimizer": tf.train.GradientDescentOptimizer(0.1),
            "learning_rate": None,
            "clip_gradients": lambda pairs: [(2 * gradient, v) for gradient, v in pairs],
            "update_ops": [],
            "summaries": [],
        },
    ):
        with tf.Graph().as_default():
            loss = tf.losses.mean_squared_error(tf.constant(Y), network(tf, slim))
            step = tf.train.create_global_step()
            train_op = slim.layers.optimize_loss(loss, step, **options)
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                losses = [session.run(train_op) for _ in range(3)]
                values = session.run({v.op.name: v for v in tf.global_variables()})
            summaries = [s.op.name for s in tf.get_collection(tf.GraphKeys.SUMMARIES)]
        facts.append([losses, values, summaries])
    with tf.Graph().as_default():
        v = tf.get_variable("v", initializer=1.0)
        optimize = slim.layers.optimize_loss
        for given in (
            (v, None, None, "SGD"),
            (v, None, 0.1, "Nosuch"),
            (v, None, None, tf.train.AdamOptimizer),
            (v, None, 1, "SGD"),
            (v, None, 0.1, 3),
            (v, None, 0.1, lambda rate: rate),
        ):
            facts.append(outcome(lambda given=given: optimize(*given))[:1])
        facts.append(outcome(lambda: optimize(v, None, 0.1, "SGD", clip_gradients=1))[:1])
        facts.append(outcome(lambda: optimize(v, None, 0.1, "SGD", summaries=["all"]))[:1])
        decay = outcome(lambda: optimize(v, None, 0.1, "SGD", learning_rate_decay_fn=decayed))
        facts.append(decay[:1])
    return facts


@scenario
def penalties_of_weights(tf, slim, folder):
    network(tf, slim)
    both = slim.layers.sum_regularizer([tf.nn.l2_loss, None, tf.reduce_max])
    apply = slim.layers.apply_regularization
    weights = [tf.constant([[1.0, 2.0]]), tf.constant([3.0])]
    penalties = [apply(both, weights), apply(lambda w: None, weights)]
    total = tf.losses.get_regularization_losses()
    with tf.Session() as session:
        values = session.run([penalties, total])
    return {
        "values": values,
        "names": [penalty.op.name for penalty in penalties],
        "none": slim.layers.sum_regularizer([None]),
        "no weights": outcome(lambda: apply(both)),
        "no scalar": outcome(lambda: apply(lambda w: w, weights)),
    }


@scenario
def evaluations_of_checkpoints(tf, slim, folder):
    path = os.path.join(folder, "model.ckpt")
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.get_variable("v", initializer=2.0)
        step = tf.train.create_global_step()
        session.run(tf.global_variables_initializer())
        saver = tf.train.Saver()
        for number in (3, 7):
            session.run([v.assign(number), step.assign(number)])
            saver.save(session, path, number)

    def build():
        v = tf.get_variable("v", initializer=0.0)
        tf.train.create_global_step()
        value, update = tf.metrics.mean(v * tf.placeholder_with_default(1.0, [], name="x"))
        tf.summary.scalar("value", value)
        return value, update

    def summaries(name):
        events = [
            event
            for file in sorted(tf.gfile.Glob(os.path.join(folder, name, "events*")))
            for event in tf.train.summary_iterator(file)
        ]
        return [
            [event.step, value.tag, value.simple_value]
            for event in events
            for value in event.summary.value
        ]

    facts = {}
    with tf.Graph().as_default(), Log(tf, folder) as log:
        value, update = build()
        facts["once"] = slim.evaluation.evaluate_once(
            "", path + "-3", os.path.join(folder, "once"), num_evals=2,
            eval_op=update, eval_op_feed_dict={"x:0": 2.0}, final_op=value,
        )  # fmt: skip
    of_now = ("Starting", "Finished", "Inference Time")  # and the last, TensorFlow 2 tells alone
    facts["log"] = [line for line in log if not line.startswith(of_now)]
    with tf.Graph().as_default():
        value, update = build()
        facts["loop"] = slim.evaluation.evaluation_loop(
            "", folder, os.path.join(folder, "loop"), num_evals=1, eval_op=[update],
            final_op={"mean": value}, eval_interval_secs=0, max_number_of_evaluations=1,
            variables_to_restore=tf.global_variables(),
        )  # fmt: skip
    with tf.Graph().as_default():
        value, update = build()
        training = slim.training
        hooks = [training.StopAfterNEvalsHook(2)]
        facts["repeatedly"] = training.evaluate_repeatedly(
            folder, eval_ops=update, final_ops=value, hooks=hooks, timeout=0.1,
            timeout_fn=lambda: True, eval_interval_secs=0,
        )  # fmt: skip
    with tf.Graph().as_default():
        value, update = build()
        asked = []
        facts["at most none"] = training.evaluate_repeatedly(
            folder, eval_ops=update, final_ops=value, hooks=[training.StopAfterNEvalsHook(1)],
            timeout=0.1, timeout_fn=lambda: asked.append("again") or True, eval_interval_secs=0,
            max_number_of_evaluations=0,
        )  # fmt: skip
    facts["asked for another"] = asked
    facts["summaries"] = [summaries("once"), summaries("loop")]
    facts["new"] = slim.training.wait_for_new_checkpoint(folder, path + "-3") == path + "-7"
    facts["in vain"] = slim.training.wait_for_new_checkpoint(folder, path + "-7", 0.05, 0.1)
    facts["no writer"] = outcome(lambda: training.SummaryAtEndHook())
    return facts


@scenario
def a_monitored_training(tf, slim, folder):
    facts = []
    for number in (3, 5):
        with tf.Graph().as_default():
            tf.losses.mean_squared_error(tf.constant(Y), network(tf, slim))
            optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
            train_op = slim.learning.create_train_op(tf.losses.get_total_loss(), optimizer)
            hooks = [tf.train.StopAtStepHook(last_step=number)]
            last = slim.training.train(train_op, folder, hooks=hooks, save_summaries_steps=1)
        facts.append([last, checkpoint(tf, folder)])
    facts.append(outcome(lambda: slim.training.train(None, None)))
    facts.append(outcome(lambda: slim.training.train(None, None, save_summaries_steps=None)))
    return facts


@scenario
def summaries_with_a_step(tf, slim, folder):
    summary = slim.summary

    def events():
        found = []
        for file in sorted(tf.gfile.Glob(os.path.join(folder, "events*"))):
            for event in tf.train.summary_iterator(file):
                for value in event.summary.value:
                    kind = value.WhichOneof("value")
                    held = getattr(value, kind)
                    if kind == "histo":
                        held = [held.min, held.max, held.num]
                    elif kind == "image":
                        held = [held.height, held.width]
                    elif kind == "audio":
                        held = [held.sample_rate, held.length_frames]
                    elif kind == "tensor":
                        held = tf.make_ndarray(held)
                    found.append([event.step, value.tag, kind, held])
        return sorted(found, key=str)

    step = tf.train.create_global_step()
    with summary.create_file_writer(folder, filename_suffix=".mine").as_default():
        off = summary.scalar("off", 1.0)
        with summary.always_record_summaries(), tf.name_scope("inside"):
            summary.scalar("loss", tf.constant(2.0), step=step)
            summary.scalar("family", 3, family="of")
            summary.histogram("h", tf.constant([1.0, 2.0]))
            summary.image("i", tf.zeros([1, 2, 3, 1]))
            summary.audio("a", tf.zeros([1, 4, 1]), 8000, 1)
            summary.generic("g", tf.constant([1, 2]))
        with summary.record_summaries_every_n_global_steps(2):
            summary.scalar("every second", 5.0)
        with summary.never_record_summaries():
            summary.scalar("never", 6.0)
        flush = summary.flush()
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            summary.initialize(graph=tf.get_default_graph(), session=session)
            for _ in range(3):
                session.run(summary.all_summary_ops())
                session.run(step.assign_add(1))
            session.run(flush)
            number = len(summary.summary_writer_initializer_op())
            recorded = bool(session.run(summary.should_record_summaries()))
    return {
        "events": events(),
        "operations": len(summary.all_summary_ops()),
        "off": off is not None,
        "writers": number,
        "recorded": recorded,
        "folder": summary.eval_dir("model", "test"),
        "no writer": summary.scalar("x", 1.0).type,
        "without a folder": type(summary.create_file_writer(None)).__name__.strip("_"),
        "files": [name for name in os.listdir(folder) if not name.endswith(".mine")],
    }


@scenario
def tables(tf, slim, folder):
    path = os.path.join(folder, "words.txt")
    with open(path, "w") as file:
        file.write("a\nb\nc\n")
    lookup = slim.lookup
    words = tf.constant(["b", "z", "a"])
    initializer = lookup.KeyValueTensorInitializer(["a", "b"], [10, 20], tf.string, tf.int64)
    table = lookup.HashTable(initializer, -1)
    named = lookup.HashTable(initializer, -1, name="named")
    dense = lookup.MutableDenseHashTable(tf.int64, tf.float32, -1.0, empty_key=-1, deleted_key=-2)
    mutable = lookup.MutableHashTable(tf.string, tf.int64, -1)
    indices = lookup.index_table_from_tensor(mapping=["a", "b"], num_oov_buckets=1)
    from_file = lookup.index_table_from_file(path, default_value=-3)
    back = lookup.index_to_string_table_from_tensor(mapping=["a", "b"], default_value="none")
    back_from_file = lookup.index_to_string_table_from_file(path)
    keys = tf.constant([1, 5], tf.int64)
    fetches = [
        table.lookup(words),
        table.size(),
        named.lookup(words),
        indices.lookup(words),
        indices.size(),
        from_file.lookup(words),
        back.lookup(keys),
        back_from_file.lookup(keys),
        dense.lookup(keys),
        mutable.lookup(words),
    ]
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        session.run(table.init)
        session.run(dense.insert(keys, tf.constant([0.5, 0.25])))
        session.run(mutable.insert(words, keys[:1] * tf.constant([7, 8, 9], tf.int64)))
        values = session.run(fetches)
    return [values, table.name, named.name, [t.op.name for t in fetches[:5]]]


@scenario
def values_of_variables(tf, slim, folder):
    path = os.path.join(folder, "model.ckpt")
    framework = slim.framework
    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("a", initializer=[1.0, 2.0])
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, path)
    a = tf.get_variable("scope/a", initializer=[0.0, 0.0])
    with tf.variable_scope("", partitioner=tf.fixed_size_partitioner(2)):
        parts = tf.get_variable("a", [2], initializer=tf.zeros_initializer())
    local = framework.local_variable(3.0, name="local")
    other = framework.global_variable(4.0, name="other")
    facts = {
        "local": [v.op.name for v in tf.local_variables()],
        "global": [v.op.name for v in tf.global_variables()],
        "trained": [v.op.name for v in tf.trainable_variables()],
    }
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        operation, feeds = framework.assign_from_checkpoint(path, {"a": a})
        session.run(operation, feeds)
        operation, feeds = framework.assign_from_checkpoint(path, list(parts))
        session.run(operation, feeds)
        facts["read"] = session.run([a, local, other, list(parts)])
        operation, feeds = framework.assign_from_values(
            {"other": np.float32(5), "scope/a": np.float32([6, 7])}
        )
        session.run(operation, feeds)
        facts["given"] = session.run([a, other])
        framework.assign_from_values_fn({"other": np.float32(8)})(session)
        facts["by a function"] = session.run(other)
    read = framework.assign_from_checkpoint
    facts["missing"] = outcome(lambda: read(path, {"nosuch": a}))[:1]
    facts["ignored"] = len(read(path, {"nosuch": a, "a": [a, a]}, True)[1])
    facts["another size"] = outcome(lambda: read(path, {"a": other}))[:1]
    facts["no variable"] = outcome(lambda: framework.assign_from_values({"nosuch": np.float32(1)}))[
        :1
    ]
    facts["known"] = framework.smart_cond(True, lambda: "yes", lambda: "no")
    facts["value"] = bool(framework.smart_constant_value(tf.constant(False)))
    branch = framework.smart_cond(tf.placeholder(tf.bool), lambda: a + 0.0, lambda: 2 * a)
    facts["branch"] = branch.shape.as_list()
    return facts


@scenario
def parts_of_metrics(tf, slim, folder):
    metrics = slim.metrics
    right, predicted = tf.constant([1, 2, 3, 4]), tf.constant([1, 2, 0, 0])
    pairs = {"mean": tf.metrics.mean([1.0, 2.0]), "sum": (tf.constant(1), tf.constant(2))}
    values, updates = metrics.aggregate_metric_map(pairs)
    listed = metrics.aggregate_metrics(*pairs.values())
    weighted = metrics.accuracy(predicted, right, weights=tf.constant([1.0, 0.5, 1.0, 0.0]))
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        facts = session.run([metrics.accuracy(predicted, right), weighted])
        facts += [session.run(updates), session.run(values)]
    facts += [[type(part).__name__ for part in listed], weighted.op.name]
    facts.append(outcome(lambda: metrics.accuracy(tf.constant([1.0]), tf.constant([1.0]))))
    facts.append(outcome(lambda: metrics.accuracy(tf.constant([1]), tf.constant([True]))))
    facts.append(outcome(lambda: metrics.aggregate_metrics()))
    return facts


@scenario
def words_as_numbers(tf, slim, folder):
    parts = slim.preprocessing
    texts = [
        "I like TensorFlow, don't you",
        "you like USArmy state-of-the-art",
        "a NLPTool I like 3",
    ]
    processor = parts.VocabularyProcessor(5)
    facts = {"tokens": list(parts.tokenizer(texts)), "rows": list(processor.fit_transform(texts))}
    facts["new words"] = list(processor.transform(["you know I like it here", ""]))
    facts["words"] = list(processor.reverse([[1, 2, 0], [4]]))
    facts["size"] = len(processor.vocabulary_)
    processor.save(folder + "/vocab")
    restored = parts.VocabularyProcessor.restore(folder + "/vocab")
    facts["restored"] = list(restored.transform(texts))
    frequent = parts.VocabularyProcessor(4, min_frequency=1)
    facts["frequent"] = list(frequent.fit_transform(texts))
    facts["frequent size"] = len(frequent.vocabulary_)
    own = parts.CategoricalVocabulary("?", support_reverse=False)
    for word, count in (("a", 5), ("b", 2), ("c", 2), ("d", 1)):
        own.add(word, count)
    own.trim(1, 5)
    facts["own"] = [own.get("a"), own.get("b"), own.get("c"), len(own)]
    own.freeze()
    facts["frozen"] = [own.get("x"), own.get("c")]
    facts["no words"] = outcome(lambda: own.reverse(1))
    letters = parts.VocabularyProcessor(
        3, vocabulary=own, tokenizer_fn=lambda texts: map(iter, texts)
    )
    facts["letters"] = list(letters.transform(["cab", "bbbb"]))
    rows = list(parts.ByteProcessor(6).fit_transform(["na\xefve", b"abcdefgh"]))
    facts["bytes"] = rows
    facts["texts"] = list(parts.ByteProcessor(6).reverse(rows))
    return facts


@scenario
def initializers_of_contrib(tf, slim, folder):
    facts = {}
    tf.set_random_seed(3)
    xavier, scaling = slim.layers.xavier_initializer, slim.layers.variance_scaling_initializer
    made = {
        "xavier": xavier(seed=1),
        "normal": xavier(False, 1),
        "convolution": slim.layers.xavier_initializer_conv2d(seed=1),
        "default": scaling(seed=1),
        "out": scaling(3.0, "FAN_OUT", True, 1),
        "average": scaling(0.5, mode="FAN_AVG", seed=1, dtype=tf.float64),
    }
    with tf.Session() as session:
        for name, initializer in sorted(made.items()):
            dtype = tf.float64 if name == "average" else tf.float32
            shapes = ([3, 3, 2, 4], [4, 3], [5])
            facts[name] = [session.run(initializer(shape, dtype=dtype)) for shape in shapes]
    facts["mode"] = outcome(lambda: scaling(mode="fan_in"))[:1]
    facts["type"] = outcome(lambda: xavier(dtype=tf.int32))
    return facts
