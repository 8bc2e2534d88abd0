"""What estimators are asked to do, in the same words by TensorFlow 1.15.5 and by getter_compat.

A scenario is a function of a namespace `tf` and of a folder of its own, that returns facts which
JSON can hold. The language is that of CPython 3.7, which TensorFlow 1.15.5 runs on.
"""

import functools
import logging
import os
import re

import numpy as np

X = np.float32([[0.1, 1.0], [0.7, -0.4], [-1.2, 0.3], [0.5, 0.5], [2.0, -1.0], [-0.3, 0.8]])
Y = np.float32([[1.0], [0.0], [-2.0], [1.0], [1.5], [0.3]])
KERNEL = np.float32([[0.5, -1.0, 0.25], [2.0, 0.1, -0.75]])

SCENARIOS = {}


def scenario(function):
    SCENARIOS[function.__name__] = function
    return function


# What the scenarios are made of.


def model_fn(tf):
    """A regression with a momentum optimizer under a getter, as of 2018."""

    def halved(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        return weight * 0.5 if name.endswith("kernel") else weight

    def function(features, labels, mode, params):
        with tf.variable_scope("net", custom_getter=halved):
            hidden = tf.layers.dense(
                features, 3, tf.nn.tanh, kernel_initializer=tf.constant_initializer(KERNEL)
            )
            outputs = tf.layers.dense(
                hidden, 1, kernel_initializer=tf.ones_initializer(), name="out"
            )
        predictions = {"outputs": outputs, "hidden": hidden}
        if mode == tf.estimator.ModeKeys.PREDICT:
            served = {"serving_default": tf.estimator.export.PredictOutput({"y": outputs})}
            return tf.estimator.EstimatorSpec(mode, predictions, export_outputs=served)
        loss = tf.losses.mean_squared_error(labels, outputs)
        if mode == tf.estimator.ModeKeys.EVAL:
            error = tf.metrics.mean_absolute_error(labels, outputs)
            return tf.estimator.EstimatorSpec(
                mode, predictions, loss, eval_metric_ops={"mae": error}
            )
        rate = tf.train.exponential_decay(params["rate"], tf.train.get_global_step(), 4, 0.5)
        tf.summary.scalar("rate", rate)
        optimizer = tf.train.MomentumOptimizer(rate, 0.9)
        train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode, predictions, loss, train_op)

    return function


def batches(tf, epochs=None, labels=True):
    def input_fn():
        data = tf.data.Dataset.from_tensor_slices((X, Y) if labels else X)
        return data.repeat(epochs).batch(2)

    return input_fn


def an_estimator(tf, folder, **config):
    # At every step: hooks that wait for the second read the step beside its update, and which of
    # the two comes first no one decides.
    config = tf.estimator.RunConfig(model_dir=folder, save_summary_steps=1, **config)
    return tf.estimator.Estimator(model_fn(tf), config=config, params={"rate": 0.1})


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (np.integer, bool)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), 5)
    assert value is None or isinstance(value, (int, str)), repr(value)
    if isinstance(value, str):
        return re.sub(r"/tmp/[\w/-]+", "FOLDER", value)
    return value


def files(folder):
    """The files below a folder, without what depends on the time and the machine."""
    found = set()
    for path, _, names in os.walk(folder):
        for name in names:
            relative = os.path.relpath(os.path.join(path, name), folder)
            relative = re.sub(r"tfevents\..*", "tfevents", relative)
            found.add(re.sub(r"\b1[0-9]{9}\b", "TIME", relative))
    return sorted(found)


def checkpoint(tf, path):
    """The tensors of a checkpoint, or of the last one in a folder."""
    reader = tf.train.load_checkpoint(path)
    names = sorted(reader.get_variable_to_shape_map())
    return {name: reader.get_tensor(name) for name in names}


def events(tf, folder):
    """What event files say: by step and tag; speeds and graphs only as names."""
    found = []
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    for name in names:
        if "tfevents" not in name:
            continue
        for event in tf.train.summary_iterator(os.path.join(folder, name)):
            for value in event.summary.value:
                is_number = value.HasField("simple_value") and "/sec" not in value.tag
                number = round(value.simple_value, 5) if is_number else None
                found.append([int(event.step), value.tag, number])
    return sorted(found, key=str)


class Log(logging.Handler):
    """What TensorFlow logs, without what depends on the time, the folder and the machine."""

    def __init__(self, tf, folder):
        logging.Handler.__init__(self)
        self.lines = []
        self._folder = folder
        tf.logging.set_verbosity(tf.logging.INFO)

    def __enter__(self):
        self._logger = logging.getLogger("tensorflow")
        self._others, self._logger.handlers = self._logger.handlers, [self]
        self._propagates, self._logger.propagate = self._logger.propagate, False
        return self.lines

    def __exit__(self, *unused):
        self._logger.handlers = self._others
        self._logger.propagate = self._propagates

    def emit(self, record):
        line = record.getMessage().replace(self._folder, "FOLDER")
        if line.startswith("Using config"):
            line = "Using config"
        line = re.sub(r"\d{4}-\d\d-\d\d[T-][\d:]+Z?", "DATE", line)
        line = re.sub(r"(/sec: |in |\()\d[\d.]*(e-\d+)?( sec\)|s$|$)", r"\1SPEED\3", line)
        line = re.sub(r"b?'?\b1[0-9]{9}\b'?", "TIME", line)
        line = re.sub(r"\d+\.\d+(e-\d+)?", lambda found: "%.4g" % float(found.group()), line)
        if line.startswith("Directory "):  # two exports fell into one second
            return
        if line.startswith("It seems that global step"):  # its hook read the step before its update
            return
        if "deprecat" not in line and "Instructions for updating" not in line:
            self.lines.append(line)


def outcome(function):
    try:
        return function()
    except (ValueError, TypeError, NotImplementedError) as error:
        text = re.sub(r"<function .*? at 0x\w+>|<class .*?>", "FUNCTION", str(error))
        return [type(error).__name__, re.sub(r"shape=.*?\)|at 0x\w+", "", text)]


# The scenarios.


@scenario
def train_evaluate_predict(tf, folder):
    estimator = an_estimator(tf, folder, log_step_count_steps=2)
    with Log(tf, folder) as log:
        estimator.train(batches(tf), steps=5)
        trained = checkpoint(tf, folder)
        estimator.train(batches(tf), max_steps=7)
        estimator.train(batches(tf), max_steps=7)
        results = estimator.evaluate(batches(tf, 1))
        some = estimator.evaluate(batches(tf), steps=2, name="some")
        predictions = list(estimator.predict(batches(tf, 1, labels=False)))
    return {
        "log": log,
        "trained": trained,
        "further": checkpoint(tf, folder),
        "results": results,
        "some": some,
        "predictions": predictions,
        "files": files(folder),
        "events": events(tf, folder),
        "events of an evaluation": events(tf, os.path.join(folder, "eval")),
        "names": estimator.get_variable_names(),
        "value": estimator.get_variable_value("net/out/kernel"),
        "latest": os.path.basename(estimator.latest_checkpoint()),
    }


@scenario
def the_end_of_the_input(tf, folder):
    estimator = an_estimator(tf, folder)
    with Log(tf, folder) as log:
        estimator.train(batches(tf, 2))
    return {"log": log, "step": estimator.get_variable_value("global_step")}


@scenario
def some_predictions(tf, folder):
    estimator = an_estimator(tf, folder)
    with Log(tf, folder) as log:
        rows = estimator.predict(batches(tf, 1, labels=False), predict_keys=["outputs"])
        first = next(rows)
        rows.close()
        whole = estimator.predict(batches(tf, 1, False), yield_single_examples=False)
        shapes = [{k: list(v.shape) for k, v in batch.items()} for batch in whole]
        bad = outcome(lambda: list(estimator.predict(batches(tf, 1, False), ["nothing"])))
    return {"log": log, "first": first, "shapes": shapes, "bad": bad}


@scenario
def training_and_evaluating(tf, folder):
    estimator = an_estimator(tf, folder, save_checkpoints_steps=3, keep_checkpoint_max=2)

    def receiver():
        fed = tf.placeholder(tf.float32, [None, 2], "fed")
        return tf.estimator.export.TensorServingInputReceiver(fed, {"x": fed})

    exporters = [
        tf.estimator.FinalExporter("final", receiver),
        tf.estimator.BestExporter("best", receiver, exports_to_keep=1),
    ]
    train = tf.estimator.TrainSpec(batches(tf), max_steps=8)
    evaluate = tf.estimator.EvalSpec(
        batches(tf, 1), steps=None, exporters=exporters, throttle_secs=0
    )
    with Log(tf, folder) as log:
        results, exported = tf.estimator.train_and_evaluate(estimator, train, evaluate)
        again = tf.estimator.train_and_evaluate(estimator, train, evaluate)
    return {
        "log": log,
        "results": results,
        "exported": [path is not None for path in exported],
        "again": plain(again),
        "files": files(folder),
        "events": events(tf, os.path.join(folder, "eval")),
    }


@scenario
def evaluations_that_are_too_soon(tf, folder):
    estimator = an_estimator(tf, folder, save_checkpoints_steps=2)
    train = tf.estimator.TrainSpec(batches(tf), max_steps=7)
    evaluate = tf.estimator.EvalSpec(batches(tf), steps=1, name="soon", throttle_secs=10000)
    with Log(tf, folder) as log:
        tf.estimator.train_and_evaluate(estimator, train, evaluate)
    return {"log": log, "events": events(tf, os.path.join(folder, "eval_soon"))}


@scenario
def a_served_model(tf, folder):
    estimator = an_estimator(tf, folder)
    estimator.train(batches(tf), steps=1)

    def receiver():
        fed = tf.placeholder(tf.float32, [None, 2], "fed")
        return tf.estimator.export.TensorServingInputReceiver(fed, {"x": fed})

    extra = os.path.join(folder, "words.txt")
    with open(extra, "w") as file:
        file.write("one\n")
    path = estimator.export_saved_model(
        os.path.join(folder, "export"), receiver, {"more/words.txt": extra}
    ).decode()
    with tf.Graph().as_default(), tf.Session() as session:
        model = tf.saved_model.loader.load(session, ["serve"], path)
        signature = model.signature_def["serving_default"]
        served = session.run(signature.outputs["y"].name, {signature.inputs["x"].name: X})
    return {
        "served": served,
        "files": files(path),
        "signatures": sorted(model.signature_def),
        "method": signature.method_name,
    }


@scenario
def warm_starts(tf, folder):
    first = an_estimator(tf, os.path.join(folder, "first"))
    first.train(batches(tf), steps=2)
    facts = {}
    settings = {
        "all": first.model_dir,
        "some": tf.estimator.WarmStartSettings(first.model_dir, ".*out.*"),
        "renamed": tf.estimator.WarmStartSettings(
            first.model_dir,
            "net/out/bias",
            var_name_to_prev_var_name={"net/out/bias": "net/out/bias/Momentum"},
        ),
    }
    for name, setting in settings.items():
        config = tf.estimator.RunConfig(model_dir=os.path.join(folder, name))
        estimator = tf.estimator.Estimator(
            model_fn(tf), config=config, params={"rate": 0.0}, warm_start_from=setting
        )
        estimator.train(batches(tf), steps=1)
        facts[name] = checkpoint(tf, config.model_dir)
    return facts


@scenario
def hooks_and_listeners(tf, folder):
    calls = []

    class Hook(tf.train.SessionRunHook):
        def __init__(self, name):
            self.name = name

        def begin(self):
            calls.append(self.name + " begin")

        def after_create_session(self, session, coord):
            calls.append(self.name + " created")

        def before_run(self, run_context):
            return tf.train.SessionRunArgs(tf.train.get_global_step())

        def after_run(self, run_context, run_values):
            calls.append("%s %d" % (self.name, run_values.results))

        def end(self, session):
            calls.append(self.name + " end")

    class Listener(tf.train.CheckpointSaverListener):
        def begin(self):
            calls.append("listener begin")

        def before_save(self, session, global_step_value):
            calls.append("before %d" % global_step_value)

        def after_save(self, session, global_step_value):
            calls.append("after %d" % global_step_value)

        def end(self, session, global_step_value):
            calls.append("listener end %d" % global_step_value)

    def hooked(features, labels, mode, params):
        spec = model_fn(tf)(features, labels, mode, params)
        return spec._replace(
            training_hooks=[Hook("spec")],
            training_chief_hooks=[Hook("chief")],
            evaluation_hooks=[Hook("eval")],
        )

    config = tf.estimator.RunConfig(model_dir=folder, save_checkpoints_steps=2)
    estimator = tf.estimator.Estimator(hooked, config=config, params={"rate": 0.1})
    estimator.train(batches(tf), [Hook("given")], steps=3, saving_listeners=[Listener()])
    estimator.evaluate(batches(tf), 1, [Hook("given")])
    return calls


@scenario
def early_stopping(tf, folder):
    estimator = an_estimator(tf, folder, save_checkpoints_steps=2)
    hook = tf.estimator.experimental.stop_if_lower_hook(
        estimator, "loss", 100.0, run_every_secs=None, run_every_steps=2
    )
    train = tf.estimator.TrainSpec(batches(tf), max_steps=20, hooks=[hook])
    evaluate = tf.estimator.EvalSpec(batches(tf), steps=1, throttle_secs=0)
    with Log(tf, folder) as log:
        tf.estimator.train_and_evaluate(estimator, train, evaluate)
    # Its hook reads the step beside its update: when it asks, and whether it does so once more
    # before the loop ends, is not the same each time.
    asked = sorted({line.split(" at ")[0] for line in log if line.startswith("Requesting")})
    stop = estimator.get_variable_value("signal_early_stopping/STOP")
    step = estimator.get_variable_value("global_step")
    return {"asked": asked, "stop": bool(stop), "before the last": bool(step < 20)}


@scenario
def arrays(tf, folder):
    make = tf.estimator.inputs.numpy_input_fn
    facts = {}
    for name, given in {
        "features": {"x": X},
        "labels": {"x": X, "y": Y, "num_epochs": 2, "batch_size": 4},
        "dicts": {"x": {"b": X, "a": Y}, "y": {"c": Y}, "batch_size": 5},
        "endless": {"x": Y, "num_epochs": None, "batch_size": 4},
    }.items():
        with tf.Graph().as_default():
            batch = make(shuffle=False, **given)()
            shapes = [tensor.shape.as_list() for tensor in flat(batch)]
            with tf.train.MonitoredSession() as session:
                values = []
                while not session.should_stop() and len(values) < 4:
                    values.append(session.run(batch))
        facts[name] = [shapes, plain(values)]
    with tf.Graph().as_default():
        batch = make(x=Y, shuffle=True, batch_size=6)()
        with tf.train.MonitoredSession() as session:
            facts["shuffled"] = sorted(session.run(batch)[:, 0].tolist())
    facts["unsaid"] = outcome(lambda: make(X))
    facts["lengths"] = outcome(lambda: make(X, Y[:3], shuffle=False)())[0]
    facts["keys"] = outcome(lambda: make({"a": X}, {"a": Y}, shuffle=False)())
    facts["nothing"] = outcome(lambda: make({}, shuffle=False)())
    return facts


def flat(batch):
    if isinstance(batch, dict):
        return [item for key in sorted(batch) for item in flat(batch[key])]
    if isinstance(batch, (list, tuple)):
        return [item for part in batch for item in flat(part)]
    return [batch]


@scenario
def errors(tf, folder):
    estimator = an_estimator(tf, folder)
    spec, modes = tf.estimator.EstimatorSpec, tf.estimator.ModeKeys
    facts = {}

    def ask(name, function):
        with tf.Graph().as_default():
            facts[name] = outcome(function)

    ask("both steps", lambda: estimator.train(batches(tf), steps=1, max_steps=1))
    ask("no steps", lambda: estimator.train(batches(tf), steps=0))
    ask("no max_steps", lambda: estimator.train(batches(tf), max_steps=-1))
    ask("no eval steps", lambda: estimator.evaluate(batches(tf), steps=0))
    ask("a hook", lambda: estimator.train(batches(tf), hooks=[3], steps=1))
    ask("a listener", lambda: estimator.train(batches(tf), steps=1, saving_listeners=[3]))
    ask("a triple", lambda: estimator.train(lambda: (1, 2, 3), steps=1))
    ask("untrained", lambda: estimator.get_variable_names())
    ask("no model_fn", lambda: tf.estimator.Estimator(None))
    ask("no features", lambda: tf.estimator.Estimator(lambda x: x))
    ask("odd argument", lambda: tf.estimator.Estimator(lambda features, odd: 0))
    ask("params", lambda: tf.estimator.Estimator(lambda features: 0, params={"a": 1}))
    ask("no spec", lambda: tf.estimator.Estimator(lambda features: 0).train(lambda: X))
    ask("labels", lambda: tf.estimator.Estimator(lambda features: 0).train(lambda: (X, Y)))
    ask("config", lambda: tf.estimator.Estimator(model_fn(tf), config={"a": 1}))
    ask(
        "two folders",
        lambda: tf.estimator.Estimator(
            model_fn(tf), "other", tf.estimator.RunConfig(model_dir="one")
        ),
    )
    ask(
        "both ways of saving",
        lambda: tf.estimator.RunConfig(save_checkpoints_steps=1, save_checkpoints_secs=1),
    )
    ask("an empty folder", lambda: tf.estimator.RunConfig(model_dir=""))
    ask("a field", lambda: tf.estimator.RunConfig().replace(nosuch=1)[0])
    ask("no loss", lambda: spec(modes.TRAIN))
    ask("no train_op", lambda: spec(modes.TRAIN, loss=tf.constant(1.0)))
    ask("no predictions", lambda: spec(modes.PREDICT))
    ask("a vector", lambda: spec(modes.EVAL, loss=tf.ones([2])))
    ask("a number", lambda: spec(modes.EVAL, loss=1.0))
    ask("a string", lambda: spec(modes.TRAIN, loss=tf.constant(1.0), train_op="x"))
    ask("metrics", lambda: spec(modes.EVAL, loss=tf.constant(1.0), eval_metric_ops=[1]))
    ask("a metric", lambda: spec(modes.EVAL, loss=tf.constant(1.0), eval_metric_ops={"a": 1}))
    ask("hooks", lambda: spec(modes.PREDICT, {}, prediction_hooks=[1]))
    ask("a scaffold", lambda: spec(modes.PREDICT, {}, scaffold=1))
    ask("exports", lambda: spec(modes.PREDICT, {}, export_outputs=1))
    ask("a prediction", lambda: spec(modes.PREDICT, {"a": 1}))
    ask("max_steps of a spec", lambda: tf.estimator.TrainSpec(batches(tf), 0))
    ask("steps of a spec", lambda: tf.estimator.EvalSpec(batches(tf), 0))
    ask("an input", lambda: tf.estimator.TrainSpec(3))
    ask("a delay", lambda: tf.estimator.EvalSpec(batches(tf), throttle_secs=-1))
    ask("names", lambda: tf.estimator.EvalSpec(batches(tf), name=3))
    ask("one loss", lambda: tf.estimator.Estimator(loss_metric(tf)).evaluate(batches(tf), 1))
    return facts


@scenario
def runs_that_are_refused(tf, folder):
    tf.logging.set_verbosity(tf.logging.ERROR)
    modes, facts = tf.estimator.ModeKeys, {}

    def ask(name, function):
        facts[name] = outcome(function)

    def predicting(predictions):
        def function(features, mode):
            return tf.estimator.EstimatorSpec(mode, predictions=predictions(features))

        own = tf.estimator.Estimator(function, os.path.join(folder, "none"))
        return lambda keys=None: next(own.predict(batches(tf, 1, labels=False), keys))

    def with_metrics(name):
        def function(features, labels, mode):
            if mode == modes.TRAIN:
                return a_step(tf, 0.1)
            loss = tf.reduce_mean(features)
            metrics = {name: tf.metrics.mean(loss)}
            return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)

        return tf.estimator.Estimator(function, os.path.join(folder, name))

    class Overriding(tf.estimator.Estimator):
        def train(self, *args):
            """Another one."""

    class Adding(tf.estimator.Estimator):
        def fit(self, *args):
            return self.train(*args)

    trained = an_estimator(tf, os.path.join(folder, "trained"))
    trained.train(batches(tf), steps=1)
    unsaved = an_estimator(tf, os.path.join(folder, "unsaved"), save_checkpoints_steps=None)

    def receiver():
        fed = tf.placeholder(tf.float32, [None, 2], "fed")
        return tf.estimator.export.TensorServingInputReceiver(fed, {"x": fed})

    listener = tf.train.CheckpointSaverListener()
    ask("no receiver", lambda: trained.export_saved_model(folder, None))
    ask("nothing to export", lambda: with_metrics("a").export_saved_model(folder, receiver))
    ask("nothing to evaluate", lambda: with_metrics("b").evaluate(batches(tf), 1))
    ask("nothing to predict", lambda: next(with_metrics("c").predict(batches(tf))))
    ask("keys of no dict", lambda: predicting(lambda x: x)(["a"]))
    ask("other lengths", lambda: predicting(lambda x: {"a": x, "b": x[:1]})())
    ask("a metric of the step", lambda: _trained(tf, with_metrics("global_step")))
    ask("a member", lambda: Overriding(model_fn(tf), params={}))
    ask("a new member", lambda: Adding(model_fn(tf), params={}) and None)
    ask("a hook", lambda: trained.train(batches(tf), [3], steps=1))
    ask("no list of hooks", lambda: trained.train(batches(tf), 3, steps=1))
    ask("a listener", lambda: trained.train(batches(tf), steps=1, saving_listeners=[3]))
    ask(
        "a listener of nothing",
        lambda: unsaved.train(batches(tf), steps=1, saving_listeners=[listener]),
    )
    ask("a start", lambda: tf.estimator.Estimator(model_fn(tf), params={}, warm_start_from=3))
    ask("a start of nothing", lambda: tf.estimator.WarmStartSettings(""))
    ask("both counts", lambda: trained.train(batches(tf), steps=1, max_steps=1))
    ask("no steps", lambda: trained.train(batches(tf), steps=0))
    ask("no steps at most", lambda: trained.train(batches(tf), max_steps=-1))
    ask("no steps of an evaluation", lambda: trained.evaluate(batches(tf), 0))
    return facts


def _trained(tf, estimator):
    estimator.train(batches(tf), steps=1)
    return estimator.evaluate(batches(tf), 1)


def loss_metric(tf):
    def function(features, labels, mode):
        loss = tf.reduce_mean(features)
        metrics = {"loss": tf.metrics.mean(loss)}
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)

    return function


def a_step(tf, rate):
    """A model function's result: the step of a line from zero."""
    kernel = tf.get_variable("kernel", [2, 1], initializer=tf.zeros_initializer())
    loss = tf.losses.mean_squared_error(Y, tf.matmul(X, kernel))
    optimizer = tf.train.GradientDescentOptimizer(rate)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(tf.estimator.ModeKeys.TRAIN, loss=loss, train_op=train_op)


@scenario
def what_functions_take(tf, folder):
    """Only positional arguments are asked for, and none that a partial has bound."""
    facts = {}

    def trained(name, model, params=None, input_fn=lambda: X):
        def train():
            estimator = tf.estimator.Estimator(model, os.path.join(folder, name), params=params)
            estimator.train(input_fn, steps=2)
            return estimator.get_variable_value("kernel")

        facts[name] = outcome(train)

    def plain_one(features, rate=0.1):
        return a_step(tf, rate)

    def of_params(features, params):
        return a_step(tf, params["rate"])

    class Model:
        def __call__(self, features, params):
            return a_step(tf, params["rate"])

        def method(self, features, *unused):
            return a_step(tf, 0.3)

    trained("a default", plain_one)
    trained("a keyword", functools.partial(plain_one, rate=0.2))
    trained("a keyword, twice", functools.partial(functools.partial(plain_one, rate=0.2), rate=0.3))
    trained("a position", functools.partial(lambda rate, features: a_step(tf, rate), 0.2))
    trained("bound params", functools.partial(of_params, params={"rate": 0.2}))
    trained("params, bound and given", functools.partial(of_params, params=1), {"rate": 0.1})
    trained("the rest", lambda features, params, **rest: a_step(tf, params["rate"]), {"rate": 0.1})
    trained("keywords alone", lambda **features: a_step(tf, 0.1))
    trained("an object", Model(), {"rate": 0.2})
    trained("a method", Model().method)

    asked = []

    def input_fn(params, mode, *rest, **others):
        asked.append([params, mode, list(rest), others])
        return X

    trained("an input", of_params, {"rate": 0.1}, input_fn)
    bound = functools.partial(input_fn, params={"n": 3})
    trained("a bound input", of_params, {"rate": 0.1}, bound)
    facts["asked"] = asked
    return facts


@scenario
def on_a_tpu_that_is_none(tf, folder):
    seen = []

    def function(features, labels, mode, params):
        seen.append(["model", mode, params["batch_size"], params["use_tpu"]])
        spec = model_fn(tf)(features, labels, mode, params)
        if mode == tf.estimator.ModeKeys.EVAL:
            error = lambda y, outputs: {"mae": tf.metrics.mean_absolute_error(y, outputs)}  # noqa: E731
            metrics = (error, [labels, spec.predictions["outputs"]])
            return tf.estimator.tpu.TPUEstimatorSpec(mode, loss=spec.loss, eval_metrics=metrics)
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        step = tf.train.get_global_step()
        return tf.estimator.tpu.TPUEstimatorSpec(
            mode,
            loss=spec.loss,
            train_op=optimizer.minimize(spec.loss, global_step=step),
            scaffold_fn=tf.train.Scaffold,
        )

    def input_fn(params):
        seen.append(["input", params["batch_size"], params["rate"]])
        return tf.data.Dataset.from_tensor_slices((X, Y)).repeat().batch(params["batch_size"])

    config = tf.estimator.tpu.RunConfig(
        model_dir=folder,
        save_checkpoints_steps=3,
        log_step_count_steps=4,
        tpu_config=tf.estimator.tpu.TPUConfig(2, num_shards=8),
    )
    estimator = tf.estimator.tpu.TPUEstimator(
        function,
        config=config,
        params={"rate": 0.1},
        use_tpu=False,
        train_batch_size=2,
        eval_batch_size=3,
    )
    with Log(tf, folder) as log:
        estimator.train(input_fn, max_steps=5)
        results = estimator.evaluate(input_fn, steps=2)
    return {
        "seen": seen,
        "log": log,
        "results": results,
        "trained": checkpoint(tf, folder),
        "no params": outcome(lambda: estimator.train(lambda: X, max_steps=9))[0],
        "reserved": outcome(
            lambda: tf.estimator.tpu.TPUEstimator(
                function, config=config, params={"batch_size": 1}, use_tpu=False
            )
        )[0],
        "no config": outcome(lambda: tf.estimator.tpu.TPUEstimator(function, use_tpu=False)),
        "a call": outcome(lambda: tf.estimator.tpu.TPUEstimatorSpec("eval", eval_metrics=(1, 2))),
        "two": outcome(lambda: tf.estimator.tpu.TPUEstimatorSpec("eval", host_call=(1, 2, 3))),
    }


@scenario
def host_calls_that_write_summaries(tf, folder):
    """Each step's summaries, of a function as TPUs had it; what is left is written at the end."""
    tf.logging.set_verbosity(tf.logging.ERROR)

    def function(features, labels, mode, params):
        summary = tf.contrib.summary
        step = tf.train.get_global_step()
        spec = a_step(tf, 0.1)

        def write(step, loss):
            writer = summary.create_file_writer(os.path.join(folder, "host", mode), max_queue=1000)
            with writer.as_default(), summary.always_record_summaries():
                summary.scalar("loss", loss[0], step=step[0])
                return summary.all_summary_ops()

        with tf.control_dependencies([spec.train_op if mode == "train" else spec.loss]):
            tensors = {"step": tf.reshape(step.read_value(), [1]), "loss": [spec.loss]}
        return tf.estimator.tpu.TPUEstimatorSpec(
            mode, loss=spec.loss, train_op=spec.train_op, host_call=(write, tensors)
        )

    config = tf.estimator.tpu.RunConfig(model_dir=folder)
    estimator = tf.estimator.tpu.TPUEstimator(
        function, config=config, use_tpu=False, train_batch_size=6
    )
    estimator.train(lambda params: X, steps=3)
    estimator.evaluate(lambda params: X, steps=1)
    return {mode: events(tf, os.path.join(folder, "host", mode)) for mode in ("train", "eval")}


@scenario
def under_a_strategy(tf, folder):
    """On one device, and on two: each takes a batch of its own, and the loss is their mean."""
    facts = {}
    for devices in (1, 2):
        begun, contexts = [], []

        def function(features, labels, mode, params):
            class Noting(tf.train.SessionRunHook):
                def begin(self):
                    begun.append(mode)  # noqa: B023 - it is called in this turn of the loop

            spec = model_fn(tf)(features, labels, mode, params)
            return spec._replace(training_hooks=[Noting()])

        def input_fn(input_context=None):
            contexts.append(input_context and input_context.num_replicas_in_sync)  # noqa: B023
            return batches(tf, 2)()

        with tf.Graph().as_default():  # as in a program: eagerly, it asks for devices at once
            strategy = tf.distribute.MirroredStrategy(["/cpu:%d" % i for i in range(devices)])
        estimator = tf.estimator.Estimator(
            function,
            config=tf.estimator.RunConfig(
                model_dir=os.path.join(folder, str(devices)),
                session_config=tf.ConfigProto(device_count={"CPU": devices}),
                train_distribute=strategy,
                eval_distribute=strategy,
            ),
            params={"rate": 0.1},
        )
        estimator.train(input_fn, steps=2)
        facts["trained on %d" % devices] = checkpoint(tf, estimator.model_dir)
        facts["evaluated on %d" % devices] = [
            estimator.evaluate(input_fn, steps=1),
            estimator.evaluate(input_fn),
        ]
        facts["predicted on %d" % devices] = next(estimator.predict(batches(tf, 1, labels=False)))
        estimator.train(input_fn)
        facts["to the end on %d" % devices] = checkpoint(tf, estimator.model_dir)
        facts["tensors on %d" % devices] = outcome(lambda e=estimator: e.train(lambda: (X, Y)))[0]
        facts["begun on %d" % devices], facts["contexts on %d" % devices] = begun, contexts
    return facts


@scenario
def predictions_and_exports_without_a_tpu(tf, folder):
    """`predict` is told the size of a batch, an export is not; what is exported is for a CPU."""
    seen, begun = [], []

    class Noting(tf.train.SessionRunHook):
        def begin(self):
            begun.append(len(begun))

    def function(features, labels, mode, params):
        seen.append(["model", mode, sorted(params), params["use_tpu"]])
        spec = model_fn(tf)(features, labels, mode, params)
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.tpu.TPUEstimatorSpec(
                mode,
                predictions=spec.predictions,
                export_outputs=spec.export_outputs,
                prediction_hooks=[Noting()],
            )
        return spec

    def input_fn(params):
        seen.append(["input", sorted(params), params.get("batch_size")])
        data = tf.data.Dataset.from_tensor_slices((X, Y))
        return data.batch(params.get("batch_size", 5))

    def receiver():
        fed = tf.placeholder(tf.float32, [None, 2], "fed")
        return tf.estimator.export.TensorServingInputReceiver(fed, {"x": fed})

    def estimator(**options):
        config = tf.estimator.tpu.RunConfig(model_dir=os.path.join(folder, "model"))
        options = dict({"use_tpu": False, "train_batch_size": 2}, **options)
        return tf.estimator.tpu.TPUEstimator(
            function, config=config, params={"rate": 0.1}, **options
        )

    told = estimator(predict_batch_size=4)
    with Log(tf, folder) as log:
        told.train(input_fn, steps=2)
        rows = list(told.predict(input_fn))
        of_keys = list(told.predict(input_fn, predict_keys=["outputs"]))
        batches_of = told.predict(input_fn, yield_single_examples=False)
        shapes = [list(batch["outputs"].shape) for batch in batches_of]
        untold = outcome(lambda: next(estimator().predict(input_fn)))
    facts = {
        "log": log,
        "rows": rows,
        "of keys": of_keys,
        "shapes": shapes,
        "untold": untold,
        "seen": list(seen),
        "begun": list(begun),
    }
    del seen[:]
    path = estimator(export_to_tpu=False).export_saved_model(
        os.path.join(folder, "export"), receiver
    )
    with tf.Graph().as_default(), tf.Session() as session:
        model = tf.saved_model.loader.load(session, ["serve"], path.decode())
        signature = model.signature_def["serving_default"]
        facts["served"] = session.run(signature.outputs["y"].name, {signature.inputs["x"].name: X})
    facts["seen by an export"] = seen
    return facts


@scenario
def the_latest_exports(tf, folder):
    """Of each evaluation's export so many are kept; one that is better in one's own words too."""
    estimator = an_estimator(tf, folder, save_checkpoints_steps=2)

    def receiver():
        fed = tf.placeholder(tf.float32, [None, 2], "fed")
        return tf.estimator.export.TensorServingInputReceiver(fed, {"x": fed})

    compared, told = [], []

    def is_better(best_eval_result, current_eval_result):
        compared.append([best_eval_result["loss"], current_eval_result["loss"]])
        return True

    class Telling(tf.estimator.Exporter):
        name = "telling"

        def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
            paths = [os.path.relpath(path, folder) for path in (export_path, checkpoint_path)]
            told.append([*paths, eval_result["global_step"], bool(is_the_final_export)])
            return b"told"

    exporters = [
        tf.estimator.LatestExporter("latest", receiver, exports_to_keep=2),
        tf.estimator.BestExporter("best", receiver, compare_fn=is_better, exports_to_keep=None),
        Telling(),
    ]
    train = tf.estimator.TrainSpec(batches(tf), max_steps=6)
    evaluate = tf.estimator.EvalSpec(
        batches(tf, 1), steps=None, exporters=exporters, throttle_secs=0
    )
    _, exported = tf.estimator.train_and_evaluate(estimator, train, evaluate)
    kept = {
        name: len(os.listdir(os.path.join(folder, "export", name))) for name in ("latest", "best")
    }
    latest = sorted(os.listdir(os.path.join(folder, "export", "latest")))[-1]
    with tf.Graph().as_default(), tf.Session() as session:
        path = os.path.join(folder, "export", "latest", latest)
        tf.saved_model.loader.load(session, ["serve"], path)
        value = session.run("net/out/bias:0")
    facts = {
        "exported": [os.path.relpath(os.path.dirname(p.decode()), folder) for p in exported[:2]],
        "kept": kept,
        "compared": compared,
        "told": told,
        "served": value,
        "trained": estimator.get_variable_value("net/out/bias"),
    }
    for name, make in {
        "none to keep": lambda: tf.estimator.LatestExporter("a", receiver, exports_to_keep=0),
        "none of the best": lambda: tf.estimator.BestExporter("a", receiver, exports_to_keep=0),
        "no comparison": lambda: tf.estimator.BestExporter("a", receiver, compare_fn=3),
        "other arguments": lambda: tf.estimator.BestExporter(
            "a", receiver, compare_fn=lambda a, b: True
        ),
        "one more": lambda: tf.estimator.BestExporter(
            "a", receiver, compare_fn=lambda best_eval_result, current_eval_result, c: True
        ),
    }.items():
        facts[name] = outcome(make)
    return facts


@scenario
def averages_and_branches(tf, folder):
    """A model function with averages, updates in branches and values of what is initialized."""

    def function(features, labels, mode):
        hidden = tf.layers.dense(
            features, 3, kernel_initializer=tf.constant_initializer(KERNEL), name="hidden"
        )
        if mode == tf.estimator.ModeKeys.PREDICT:
            return tf.estimator.EstimatorSpec(mode, hidden)
        size = tf.get_variable("size", [], initializer=tf.ones_initializer(), trainable=False)
        tf.get_variable("thrice", initializer=size.initialized_value() * 3.0, trainable=False)
        scale = tf.cond(tf.reduce_sum(hidden) > 0.0, lambda: [size], lambda: [size * 2.0])
        turns = tf.while_loop(lambda i: i < 3.0, lambda i: i + size, [0.0])
        loss = tf.reduce_mean(tf.square(hidden - labels)) * scale + turns
        step = tf.train.get_global_step()
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, step)
        averages = tf.train.ExponentialMovingAverage(0.9, num_updates=step)
        with tf.control_dependencies([train_op]):
            sized = tf.cond(
                step < 2, lambda: tf.assign_add(size, 0.5), lambda: tf.assign_add(size, 0.25)
            )
        with tf.control_dependencies([sized]):
            train_op = averages.apply([*tf.trainable_variables(), size])
        return tf.estimator.EstimatorSpec(mode, hidden, loss, train_op)

    estimator = tf.estimator.Estimator(function, folder)
    estimator.train(batches(tf), steps=4)
    return {
        "trained": checkpoint(tf, folder),
        "results": estimator.evaluate(batches(tf, 1)),
        "predictions": list(estimator.predict(batches(tf, 1, labels=False))),
    }
