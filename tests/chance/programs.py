"""Programs of TensorFlow 1 with sessions, by chance."""

from __future__ import annotations

from tests.chance.writing import Chance, Writer, blocks, heading, shape

_OPTIMIZERS = (
    "GradientDescentOptimizer({rate})",
    "MomentumOptimizer({rate}, 0.9)",
    "MomentumOptimizer({rate}, 0.8, use_nesterov=True)",
    "AdamOptimizer({rate})",
    "AdamOptimizer({rate}, beta1=0.5, epsilon=1e-4)",
    "RMSPropOptimizer({rate})",
    "RMSPropOptimizer({rate}, momentum=0.5, centered=True)",
    "AdagradOptimizer({rate})",
    "AdadeltaOptimizer({rate})",
    "FtrlOptimizer({rate})",
)
_RATES = (
    "0.01",
    "0.02",
    "tf.train.exponential_decay(0.02, step, 2, 0.7)",
    "tf.train.exponential_decay(0.02, step, 2, 0.7, staircase=True)",
    "tf.train.piecewise_constant(step, [2, 4], [0.02, 0.01, 0.005])",
    "tf.train.polynomial_decay(0.02, step, 5, 0.001)",
    "tf.train.inverse_time_decay(0.02, step, 2, 0.5)",
    "tf.train.cosine_decay(0.02, step, 6)",
)
_LOSSES = (
    "tf.losses.mean_squared_error(y, out)",
    "tf.reduce_mean(tf.square(out - y))",
    "tf.losses.huber_loss(y, out)",
    "tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.sigmoid(y), logits=out))",
    "tf.losses.absolute_difference(y, out)",
    "tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.nn.softmax(y), "
    "logits=out))",
)


def program(seed: int) -> str:
    """The program with this number."""
    chance = Chance(f"program {seed}")
    kind = chance.pick(("rows", "rows", "rows", "images", "sequences"))
    w = Writer(chance, "is_training", kind, chance.number(2, 4), indent=0)
    data = shape(kind, w.width, 8)
    session = chance.pick(("session", "session", "session", "monitored", "interactive"))
    feeds = session != "monitored" and chance.maybe(0.7)
    step = chance.pick(
        ("tf.train.get_or_create_global_step()",)
        if session == "monitored"
        else (
            "tf.train.get_or_create_global_step()",
            "tf.train.create_global_step()",
            'tf.Variable(0, trainable=False, name="global_step")',
        )
    )
    w.line(f"tf.set_random_seed({chance.number(0, 99)})")
    w.line(f"rng = np.random.RandomState({chance.number(0, 99)})")
    w.line(f"data = rng.uniform(-1, 1, {data}).astype(np.float32)")
    w.line("labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)")
    if feeds:
        w.line(f"x = tf.placeholder(tf.float32, [None, {str(data[1:])[1:-1]}], name='x')")
        w.line("y = tf.placeholder(tf.float32, [None, 2], name='y')")
        w.line("is_training = tf.placeholder_with_default(True, [], name='is_training')")
    else:
        w.line("dataset = tf.data.Dataset.from_tensor_slices((data, labels)).repeat().batch(4)")
        w.line("x, y = dataset.make_one_shot_iterator().get_next()")
        w.line("is_training = True")
    w.line(f"step = {step}")
    w.line("h = x")
    if chance.maybe(0.7):
        w.block(
            f'with tf.variable_scope("{w.fresh("net")}"):',
            lambda: blocks(w, chance.number(1, 4), 1),
        )
    else:
        blocks(w, chance.number(1, 4))
    if w.kind != "rows":
        axes = {"images": "[1, 2]", "sequences": "1"}[w.kind]
        w.line(f"h = tf.reduce_mean(h, axis={axes})")
    w.line("out = tf.layers.dense(h, 2, name='out')")
    w.line(f"loss = {chance.pick(_LOSSES)}")
    if chance.maybe(0.4):
        w.line("loss = loss + tf.losses.get_regularization_loss()")
    _training(w)
    fetches = _averages_metrics_and_summaries(w)
    _SESSIONS[session](w, fetches, feeds)
    return "\n".join([*heading(w), "", *w.lines]) + "\n"


def _training(w: Writer) -> None:
    chance = w.chance
    rate = chance.pick(_RATES)
    w.line(f"optimizer = tf.train.{chance.pick(_OPTIMIZERS).format(rate=rate)}")

    def minimize() -> None:
        if chance.maybe(0.6):
            w.line("train = optimizer.minimize(loss, global_step=step)")
            return
        w.line("pairs = optimizer.compute_gradients(loss, tf.trainable_variables())")
        w.line("pairs = [(g, v) for g, v in pairs if g is not None]")
        how = chance.pick(
            (
                "pairs = [(tf.clip_by_norm(g, 0.5), v) for g, v in pairs]",
                "pairs = list(zip(tf.clip_by_global_norm([g for g, _ in pairs], 1.0)[0], "
                "[v for _, v in pairs]))",
                "pairs = [(tf.clip_by_value(g, -0.1, 0.1), v) for g, v in pairs]",
            )
        )
        w.line(how)
        w.line("train = optimizer.apply_gradients(pairs, global_step=step)")

    if chance.maybe(0.7):
        w.line("updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)")
        w.block("with tf.control_dependencies(updates):", minimize)
    else:
        minimize()


def _averages_metrics_and_summaries(w: Writer) -> list[str]:
    chance = w.chance
    fetches = ["loss", "out"]
    if chance.maybe(0.35):
        steps = ", step" if chance.maybe() else ""
        w.line(f"ema = tf.train.ExponentialMovingAverage(0.9{steps})")
        w.block(
            "with tf.control_dependencies([train]):",
            lambda: w.line("train = ema.apply(tf.trainable_variables())"),
        )
        w.line("averages = [ema.average(v) for v in tf.trainable_variables()]")
        fetches.append("averages")
    if chance.maybe(0.35):
        w.block(
            'with tf.variable_scope("metrics"):',
            lambda: w.line(
                chance.pick(
                    (
                        "value, update = tf.metrics.mean(loss)",
                        "value, update = tf.metrics.mean_squared_error(y, out)",
                        "value, update = tf.metrics.accuracy(tf.argmax(y, 1), tf.argmax(out, 1))",
                    )
                )
            ),
        )
        fetches.append("update")
    if chance.maybe(0.35):
        w.line('tf.summary.scalar("loss", loss)')
        if chance.maybe():
            w.block(
                "for v in tf.trainable_variables():",
                lambda: w.line("tf.summary.histogram(v.op.name, v)"),
            )
        w.line("merged = tf.summary.merge_all()")
        fetches.append("merged")
    return fetches


def _feed(feeds: bool, training: bool = True) -> str:
    if not feeds:
        return ""
    return ", {x: data, y: labels" + ("" if training else ", is_training: False") + "}"


def _steps(w: Writer, fetches: list[str], feeds: bool, run: str = "sess.run") -> None:
    """Train some steps, and fetch what there is in runs of its own: a value read beside an update
    is read before or after it."""
    count = w.chance.number(2, 4)

    def body() -> None:
        w.line(f"{run}(train{_feed(feeds)})")
        w.line(f"values = {run}([{', '.join(fetches)}]{_feed(feeds, False)})")
        w.line("print('%.2f' % (0.0 * values[0]))")

    w.block(f"for i in range({count}):", body)


def _session(w: Writer, fetches: list[str], feeds: bool) -> None:
    chance = w.chance
    saves = chance.pick(("", "save", "restore", "restore"))
    if saves:
        what = chance.pick(("", "tf.global_variables(), max_to_keep=2", "tf.trainable_variables()"))
        w.line(f"saver = tf.train.Saver({what})")

    def body() -> None:
        w.line("sess.run(tf.global_variables_initializer())")
        w.line("sess.run(tf.local_variables_initializer())")
        if "merged" in fetches:
            w.line("writer = tf.summary.FileWriter('events', sess.graph)")
        _steps(w, fetches, feeds)
        if "merged" in fetches:
            w.line("writer.add_summary(values[-1], i)")
            w.line("writer.close()")
        if saves:
            w.line("path = saver.save(sess, 'saved/model', global_step=step)")

    def again() -> None:
        w.line("sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])")
        w.line("saver.restore(sess, path)")
        w.line(f"sess.run([{', '.join(fetches)}]{_feed(feeds, False)})")
        _steps(w, fetches, feeds)

    w.block("with tf.Session() as sess:", body)
    if saves == "restore":
        w.block("with tf.Session() as sess:", again)


def _interactive(w: Writer, fetches: list[str], feeds: bool) -> None:
    w.line("sess = tf.InteractiveSession()")
    w.line("tf.global_variables_initializer().run()")
    w.line("tf.local_variables_initializer().run()")
    _steps(w, fetches, feeds)
    w.line(f"loss.eval({_feed(feeds)[2:]})")
    w.line("sess.close()")


def _monitored(w: Writer, fetches: list[str], feeds: bool) -> None:
    count = w.chance.number(2, 4)
    w.line(f"hooks = [tf.train.StopAtStepHook(last_step={count})]")
    where = w.chance.pick(("", ", checkpoint_dir='saved', save_summaries_steps=1"))

    def body() -> None:
        def loop() -> None:
            w.line("sess.run(train)")

        w.block("while not sess.should_stop():", loop)

    w.block(f"with tf.train.MonitoredTrainingSession(hooks=hooks{where}) as sess:", body)


_SESSIONS = {"session": _session, "interactive": _interactive, "monitored": _monitored}
