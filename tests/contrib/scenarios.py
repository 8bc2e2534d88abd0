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
        facts["%d steps" % number] = [last, checkpoint(tf, folder)]
        of_threads = ("global_step/sec", "Saving checkpoint", "Recording")  # at any time
        log = [line.split(" (")[0] for line in log if not line.startswith(of_threads)]
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
