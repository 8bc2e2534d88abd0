"""Layers of tf.contrib: `tf.contrib` is slim, where they all are, or `getter_compat.contrib`."""

import functools

import numpy as np

from ..probing import noting, outcome, probe, probe_of_graphs, probe_of_values, times


def graded(tf, scale=1.0):
    """An initializer whose values differ, and are the same in every run."""

    def initializer(shape, dtype=None, partition_info=None):
        shape = [int(size) for size in shape]
        values = np.linspace(-1.0, 1.5, max(1, int(np.prod(shape))))
        return tf.constant(values.reshape(shape) * scale, dtype or tf.float32)

    return initializer


def inputs_of(tf, shape, dtype="float32"):
    values = np.cos(np.arange(int(np.prod(shape))) * 1.7).reshape(shape)
    return tf.constant(values, dtype)


def l2(tf, scale):
    return lambda weights: scale * tf.reduce_sum(weights * weights)


def facts_of(tf, build, shape, name, dtype="float32"):
    """All that a layer leaves: outputs, gradients, losses, variables, what getters were asked."""
    asked = []
    x = inputs_of(tf, shape, dtype)

    def run():
        with tf.variable_scope(name, reuse=tf.AUTO_REUSE, custom_getter=noting(asked)):
            return build(x)

    output = tf.program(run)()
    scope = name + "/"
    variables = [v for v in tf.global_variables() if v.name.startswith(scope)]
    trainable = [v for v in tf.trainable_variables() if v.name.startswith(scope)]
    squares = lambda: tf.reduce_sum(tf.cast(run(), tf.float32) ** 2)  # noqa: E731
    return {
        "output": np.array(output).ravel().tolist(),
        "shape": list(np.array(output).shape),
        "gradients": [np.array(g).tolist() for g in tf.gradients(squares, [x, *trainable])],
        "losses": [tf.value_of(loss) for loss in tf.losses_of(scope)],
        "variables": [v.name for v in variables],
        "shapes": [v.shape.as_list() for v in variables],
        "dtypes": [v.dtype.base_dtype.name for v in variables],
        "trainable": [v.name for v in trainable],
        "model": [v.name for v in tf.contrib.get_model_variables(name)],
        "asked": list(dict.fromkeys(asked)),
    }


def all_facts(tf, builds):
    """The facts of builds by name; a build is a function of the inputs, and their shape."""
    return {
        key: facts_of(tf, build, shape, key.replace(" ", "_"))
        for key, (build, shape) in builds.items()
    }


@probe_of_values
def fully_connected_layers(tf):
    c, init = tf.contrib, graded(tf)
    full = functools.partial(c.fully_connected, weights_initializer=init)
    return all_facts(
        tf,
        {
            "plain": (lambda x: full(x, 3, biases_initializer=init), [2, 4]),
            "rank 3": (lambda x: full(x, 3, tf.tanh, scope="fc"), [2, 2, 3]),
            "no biases": (lambda x: full(x, 3, None, biases_initializer=None), [2, 4]),
            "frozen": (lambda x: full(x, 2, trainable=False), [2, 3]),
            "losses": (
                lambda x: full(
                    x,
                    2,
                    weights_regularizer=l2(tf, 0.1),
                    biases_initializer=init,
                    biases_regularizer=l2(tf, 0.2),
                ),
                [2, 3],
            ),
            "linear": (lambda x: c.linear(x, 2, weights_initializer=init), [2, 3]),
            "relu": (lambda x: c.relu(x, 2, weights_initializer=init), [2, 3]),
            "relu6": (lambda x: c.relu6(x * 9.0, 2, weights_initializer=init), [2, 3]),
            "elu": (lambda x: c.elu(x, 2, weights_initializer=init), [2, 3]),
            "normalized": (
                lambda x: full(
                    x, 2, normalizer_fn=c.layer_norm, normalizer_params={"center": False}
                ),
                [2, 3],
            ),
        },
    )


@probe_of_values
def convolutions(tf):
    c, init = tf.contrib, graded(tf)
    given = {"weights_initializer": init, "biases_initializer": init}
    return all_facts(
        tf,
        {
            "two": (lambda x: c.conv2d(x, 2, 3, **given), [1, 4, 3, 2]),
            "strided": (
                lambda x: c.conv2d(x, 2, [3, 2], [2, 1], "VALID", activation_fn=None, **given),
                [1, 5, 4, 2],
            ),
            "dilated": (lambda x: c.conv2d(x, 2, 2, rate=2, **given), [1, 5, 4, 2]),
            "one": (lambda x: c.conv1d(x, 2, 3, scope="conv", **given), [1, 5, 2]),
            "three": (lambda x: c.conv3d(x, 2, 2, **given), [1, 3, 3, 2, 2]),
            "by rank": (
                lambda x: c.convolution(x, 2, 2, weights_regularizer=l2(tf, 0.3), **given),
                [1, 3, 2],
            ),
            "transposed": (lambda x: c.conv2d_transpose(x, 2, 3, 2, **given), [1, 2, 3, 2]),
            "transposed valid": (
                lambda x: c.convolution2d_transpose(x, 1, [3, 2], [2, 1], "VALID", **given),
                [1, 2, 3, 2],
            ),
            "transposed three": (
                lambda x: c.conv3d_transpose(x, 2, 2, 2, **given),
                [1, 2, 2, 1, 2],
            ),
        },
    )


@probe_of_values
def separable_convolutions(tf):
    c, init = tf.contrib, graded(tf)
    given = {"weights_initializer": init, "biases_initializer": init}
    return all_facts(
        tf,
        {
            "both": (lambda x: c.separable_conv2d(x, 3, 2, 2, **given), [1, 4, 3, 2]),
            "other pointwise": (
                lambda x: c.separable_convolution2d(
                    x,
                    3,
                    [3, 3],
                    stride=2,
                    padding="VALID",
                    pointwise_initializer=graded(tf, 0.5),
                    weights_regularizer=l2(tf, 0.1),
                    **given,
                ),
                [1, 5, 5, 2],
            ),
            "depthwise": (
                lambda x: c.separable_conv2d(
                    x, None, 3, 2, weights_regularizer=l2(tf, 0.1), **given
                ),
                [1, 4, 3, 2],
            ),
            "depthwise normalized": (
                lambda x: c.separable_conv2d(x, None, 2, normalizer_fn=c.layer_norm, **given),
                [1, 4, 3, 2],
            ),
        },
    )


@probe_of_values
def normalizations(tf):
    c, init = tf.contrib, graded(tf)
    both = {"param_initializers": {"beta": init, "gamma": init}}
    return all_facts(
        tf,
        {
            "layer": (lambda x: c.layer_norm(x, activation_fn=tf.nn.relu), [2, 3, 2]),
            "layer axes": (
                lambda x: c.layer_norm(x, False, begin_norm_axis=-1, begin_params_axis=1),
                [2, 3, 2],
            ),
            "instance": (lambda x: c.instance_norm(x, **both), [2, 3, 2, 2]),
            "instance first": (
                lambda x: c.instance_norm(x, data_format="NCHW", epsilon=0.1, **both),
                [2, 3, 2, 2],
            ),
            "group": (lambda x: c.group_norm(x, 2, **both), [2, 3, 2, 4]),
            "group first": (
                lambda x: c.group_norm(x, 2, 1, (2, 3), scale=False, **both),
                [1, 4, 2, 2],
            ),
            "group near zero": (
                lambda x: c.group_norm(x, 1, mean_close_to_zero=True),
                [1, 3, 2, 4],
            ),
        },
    )


@probe_of_values
def layers_without_weights_of_their_own(tf):
    c, init = tf.contrib, graded(tf)
    return all_facts(
        tf,
        {
            "bias": (lambda x: c.bias_add(x, tf.nn.relu, init, l2(tf, 0.5)), [2, 3, 2]),
            "bias first": (
                lambda x: c.bias_add(x, initializer=init, data_format="NCHW"),
                [1, 3, 2, 2],
            ),
            "average": (lambda x: c.avg_pool2d(x, 2), [1, 4, 5, 2]),
            "average three": (lambda x: c.avg_pool3d(x, [2, 1, 2], 1), [1, 3, 3, 2, 1]),
            "maximum": (lambda x: c.max_pool2d(x, [3, 2], 1, "SAME"), [1, 4, 5, 2]),
            "maximum three": (lambda x: c.max_pool3d(x, 2, scope="pool"), [1, 4, 4, 2, 1]),
            "flat": (lambda x: c.flatten(x), [2, 3, 2]),
            "softmax": (lambda x: c.softmax(x), [2, 2, 3]),
            "unit": (lambda x: c.unit_norm(x, 1), [2, 3, 2]),
            "maxout": (lambda x: c.maxout(x, 3), [2, 2, 6]),
            "kept": (lambda x: c.dropout(x, 0.5, is_training=False), [2, 3]),
            "one hot": (
                lambda x: c.one_hot_encoding(tf.constant([2, 0]), 3, 2.0) * tf.reduce_sum(x),
                [1],
            ),
        },
    )


@probe_of_values
def batch_normalization(tf):
    """Each way that it computes in, while training: outputs, statistics, and then inference."""
    c = tf.contrib
    given = {
        "rows": {},
        "rows, scaled": {"scale": True, "decay": 0.5, "center": False},
        "images": {},
        "images, in place": {"updates_collections": None, "scale": True, "decay": 0.9},
        "images, not fused": {"fused": False, "decay": 0.9},
        "images, not fused, in place": {"fused": False, "updates_collections": None, "scale": True},
        "sequences": {"decay": 0.9},
        "sequences, in place": {"decay": 0.9, "updates_collections": None, "scale": True},
        "rows, not fused": {"fused": False},
        "rows, frozen": {"trainable": False, "decay": 0.5},
        "images, frozen": {"trainable": False, "decay": 0.5},
        "images, other collection": {"updates_collections": "mine", "decay": 0.5},
        "images, renormalized": {"renorm": True, "decay": 0.5, "renorm_decay": 0.5},
        "rows, initialized": {
            "param_initializers": {"moving_mean": graded(tf), "beta": graded(tf)},
            "param_regularizers": {"beta": l2(tf, 0.5)},
        },
    }
    shapes = {"rows": [3, 2], "images": [2, 2, 1, 2], "sequences": [2, 3, 2]}
    facts = {}
    for key, arguments in given.items():
        kind = key.partition(",")[0]
        name = key.replace(" ", "_").replace(",", "")
        x = inputs_of(tf, shapes[kind])
        asked = []

        def run(training, name=name, x=x, arguments=arguments, asked=asked):
            with tf.variable_scope(name, reuse=tf.AUTO_REUSE, custom_getter=noting(asked)):
                return c.batch_norm(x, is_training=training, **arguments)

        if arguments.get("updates_collections") == "mine":
            output = tf.training_call(lambda run=run: run(True), "mine")
        else:
            output = tf.training_call(lambda run=run: run(True))
        variables = [v for v in tf.global_variables() if v.name.startswith(name + "/")]
        facts[key] = {
            "output": np.array(output).ravel().tolist(),
            "variables": {v.name: tf.value_of(v) for v in variables},
            "order": [v.name for v in variables],
            "trainable": [
                v.name for v in tf.trainable_variables() if v.name.startswith(name + "/")
            ],
            "losses": [tf.value_of(loss) for loss in tf.losses_of(name + "/")],
            "asked": list(dict.fromkeys(asked)),
            "inference": tf.program(lambda run=run: run(False))(),
        }
    return facts


@probe_of_values
def embeddings(tf):
    def run():
        with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
            return tf.contrib.embed_sequence(
                tf.constant([[1, 1, 0]]), 3, 2, initializer=graded(tf), regularizer=l2(tf, 0.5)
            )

    output = tf.program(run)()
    return {
        "output": output,
        "losses": [tf.value_of(loss) for loss in tf.regularization_losses()],
        "variables": [v.name for v in tf.contrib.get_model_variables()],
    }


@probe
def names_of_unnamed_layers(tf):
    """Each kind is counted in its scope, and layers inside a normalizer in that of the layer."""
    c = tf.contrib
    image, row = tf.ones([1, 4, 4, 2]), tf.ones([2, 3])
    with tf.variable_scope("m"):
        for _ in range(2):
            c.conv2d(image, 2, 2, normalizer_fn=c.batch_norm)
            c.conv1d(tf.ones([1, 4, 2]), 2, 2)
            c.conv2d_transpose(image, 2, 2)
            c.separable_conv2d(image, 2, 2)
            c.fully_connected(row, 2, normalizer_fn=c.batch_norm)
            c.linear(row, 2)
            c.batch_norm(image)
            c.layer_norm(row)
            c.bias_add(row)
            c.embed_sequence(tf.constant([1]), 2, 2)
            c.dropout(row)
            c.softmax(row)
            c.max_pool2d(image, 2)
            c.flatten(image)
        tf.layers.flatten(image)
        for default in ("Dropout", "softmax", "MaxPool2D", "flatten", "Flatten", "Conv"):
            with tf.variable_scope(None, default) as scope:
                tf.get_variable(scope.name.replace("/", "_"), [])
    return [v.name for v in tf.global_variables()]


@probe
def scopes_of_layers(tf):
    """By name, by object, with slashes, twice."""
    c, x = tf.contrib, tf.ones([1, 2])
    facts = {}
    with tf.variable_scope("m"):
        c.fully_connected(x, 2, scope="a/b")
        with tf.variable_scope("s") as scope:
            pass
        with tf.variable_scope("elsewhere"):
            c.fully_connected(x, 2, scope=scope)
        facts["twice"] = outcome(lambda: c.fully_connected(x, 2, scope="a/b").shape.as_list())
        c.fully_connected(x, 2, scope="a/b", reuse=True)
        c.fully_connected(x, 2, scope="a/b", reuse=tf.AUTO_REUSE)
        facts["missing"] = outcome(lambda: c.fully_connected(x, 2, scope="no", reuse=True))
        facts["unnamed"] = outcome(lambda: c.fully_connected(x, 2, reuse=True))
        facts["size"] = outcome(lambda: c.fully_connected(x, 3, scope="a/b", reuse=True))
        c.batch_norm(x, scope="bn")
        c.batch_norm(x, scope="bn", reuse=True)
        c.conv2d(tf.ones([1, 2, 2, 1]), 1, 1, scope="c")
        facts["convolution twice"] = outcome(
            lambda: c.conv2d(tf.ones([1, 2, 2, 1]), 1, 1, scope="c")
        )
    facts["variables"] = [v.name for v in tf.global_variables()]
    facts["model"] = [v.name for v in tf.contrib.get_model_variables()]
    return facts


@probe
def repeated_and_stacked(tf):
    c, x = tf.contrib, tf.ones([1, 4, 4, 2])
    with tf.variable_scope("m"):
        c.repeat(x, 2, c.conv2d, 3, [3, 3], scope="conv1")
        c.repeat(x, 2, c.conv2d, 3, [3, 3])
        c.stack(tf.ones([1, 2]), c.fully_connected, [3, 4], scope="fc", activation_fn=None)
        c.stack(tf.ones([1, 2]), c.fully_connected, [3, 4])
        c.stack(tf.ones([1, 2]), c.relu, [3])
        c.stack(x, c.separable_conv2d, [(3, [3, 3]), (4, 2, 1, 2)])
    refused = outcome(lambda: c.stack(x, c.conv2d, 3))
    return {"refused": refused["raises"], "variables": [v.name for v in tf.global_variables()]}


@probe
def what_a_getter_is_given(tf):
    """The getters of the scopes see the names and the keywords of contrib."""
    c = tf.contrib
    seen = []

    def noting_all(getter, *args, **kwargs):
        name = args[0] if args else kwargs["name"]
        seen.append(
            {
                "name": name,
                "by position": len(args),
                "keywords": sorted(set(kwargs) - {"name"}),
                "shape": [int(size) for size in kwargs["shape"]],
                "trainable": kwargs["trainable"],
                "reuse": kwargs["reuse"] is not False,
                "collections": sorted(kwargs["collections"] or []),
                "regularizer": kwargs["regularizer"] is not None,
            }
        )
        return getter(*args, **kwargs)

    def outer(getter, name, *args, **kwargs):
        return getter(name + "_outer", *args, **kwargs)

    with tf.variable_scope("o", custom_getter=outer):
        with tf.variable_scope("m", custom_getter=noting_all):
            c.fully_connected(tf.ones([1, 2]), 2, weights_regularizer=l2(tf, 0.1))
            c.conv2d(tf.ones([1, 2, 2, 1]), 1, 1, variables_collections=["mine"])
            c.batch_norm(tf.ones([1, 2]), param_regularizers={"beta": l2(tf, 0.1)})
            c.batch_norm(tf.ones([1, 2, 2, 1]), scale=True)
            c.layer_norm(tf.ones([1, 2]), variables_collections={"beta": ["mine"]})
            c.bias_add(tf.ones([1, 2]))
            c.separable_conv2d(tf.ones([1, 2, 2, 1]), None, 1)
    return {"seen": seen, "variables": [v.name for v in tf.global_variables()]}


@probe_of_values
def a_getter_that_derives(tf):
    """A weight that is no variable: outputs, losses, gradients."""
    c, x = tf.contrib, inputs_of(tf, [2, 3])

    def run():
        with tf.variable_scope("m", reuse=tf.AUTO_REUSE, custom_getter=times(3.0)):
            return c.fully_connected(
                x,
                2,
                None,
                weights_initializer=graded(tf),
                biases_initializer=tf.ones_initializer(),
                weights_regularizer=l2(tf, 0.5),
            )

    output = tf.program(run)()
    total = lambda: tf.reduce_sum(run() ** 2)  # noqa: E731
    return {
        "output": output,
        "losses": [tf.value_of(loss) for loss in tf.losses_of("m/")][:1],
        "gradients": tf.gradients(total, tf.trainable_variables()),
        "model": [v.name for v in c.get_model_variables()],
    }


@probe
def collections_of_variables(tf):
    c = tf.contrib
    by_kind = {"weights": ["kernels"], "biases": ["offsets"], "beta": ["norms"]}
    with tf.variable_scope("m"):
        c.fully_connected(tf.ones([1, 2]), 2, variables_collections=["one"])
        c.conv2d(tf.ones([1, 2, 2, 1]), 1, 1, variables_collections=by_kind)
        c.separable_conv2d(tf.ones([1, 2, 2, 1]), 1, 1, variables_collections=by_kind)
        c.separable_conv2d(tf.ones([1, 2, 2, 1]), None, 1, variables_collections=by_kind)
        c.batch_norm(tf.ones([1, 2]), variables_collections=by_kind)
        c.batch_norm(tf.ones([1, 2, 1, 1]), variables_collections=by_kind)
        c.layer_norm(tf.ones([1, 2]), variables_collections=by_kind)
        c.fully_connected(tf.ones([1, 2]), 2, scope="two", variables_collections=["one"])
        c.fully_connected(
            tf.ones([1, 2]), 2, scope="two", variables_collections=["one"], reuse=True
        )
        tf.layers.dense(tf.ones([1, 2]), 2)
    keys = ("one", "kernels", "offsets", "norms", "model_variables", "trainable_variables")
    return {key: [v.name for v in c.get_variables(collection=key)] for key in keys}


@probe
def collections_take_what_is_the_layers_own(tf):
    c = tf.contrib
    x, image = tf.ones([1, 2]), tf.ones([1, 4, 4, 2])
    norm, split = c.batch_norm, {"weights": ["kernels"], "biases": ["offsets"]}
    ones = tf.ones_initializer()
    c.fully_connected(x, 2, normalizer_fn=norm, variables_collections=["dense"], scope="d")
    c.conv2d(image, 2, 3, normalizer_fn=norm, variables_collections=["conv"], scope="c")
    c.convolution(image, 2, 3, normalizer_fn=norm, variables_collections=["conv"], scope="c2")
    c.fully_connected(
        x, 2, normalizer_fn=c.layer_norm, variables_collections=["layer_norm"], scope="l"
    )
    c.fully_connected(
        *(x, 2),
        normalizer_fn=norm,
        normalizer_params={"variables_collections": {"moving_mean": ["means"], "beta": None}},
        variables_collections=split,
        scope="s",
    )
    c.conv2d(
        *(image, 2, 3),
        normalizer_fn=lambda it: it * tf.get_variable("bias", [2], initializer=ones),
        variables_collections=["function"],
        scope="f",
    )
    c.fully_connected(
        *(x, 2),
        activation_fn=lambda it: it + tf.get_variable("slope", [2], initializer=ones),
        variables_collections=["activation"],
        scope="a",
    )
    functions = [c.separable_conv2d, c.conv2d_transpose, c.conv3d_transpose]
    with c.arg_scope(functions, normalizer_fn=norm, variables_collections=["others"]):
        c.separable_conv2d(image, 2, 3, 1, scope="o")
        c.separable_conv2d(image, None, 3, 1, scope="o2")
        c.conv2d_transpose(image, 2, 3, scope="t")
        c.conv3d_transpose(tf.ones([1, 2, 2, 2, 2]), 2, 3, scope="t3")
    with c.arg_scope([c.fully_connected], trainable=False, variables_collections=["frozen"]):
        c.fully_connected(x, 2, normalizer_fn=norm, scope="z")
        c.fully_connected(x, 2, normalizer_fn=c.layer_norm, scope="z2")
    activation = functools.partial(c.bias_add, scope="after")
    functions = [c.batch_norm, c.layer_norm, c.instance_norm, c.group_norm]
    with c.arg_scope(
        functions, activation_fn=activation, variables_collections=["norms"]
    ), c.arg_scope([c.batch_norm, c.layer_norm, c.instance_norm], scale=True):
        c.batch_norm(image, scope="n")
        c.batch_norm(image, scope="n2", fused=False)
        c.batch_norm(x, scope="n3", updates_collections=None)
        c.batch_norm(x, scope="n4", fused=False, updates_collections=None)
        c.layer_norm(x, scope="n5")
        c.instance_norm(image, scope="n6")
        c.group_norm(image, 2, scope="n7")
    keys = ("dense", "conv", "layer_norm", "kernels", "offsets", "means", "function", "activation")
    keys += ("others", "frozen", "norms")
    return {key: [v.name for v in c.get_variables(collection=key)] for key in keys}


@probe
def variables_found_again(tf):
    c = tf.contrib
    with tf.variable_scope("m") as scope:
        c.fully_connected(tf.ones([1, 2]), 2, scope="a")
        c.batch_norm(tf.ones([1, 2]), scope="b")
        own = c.variable("own", [2], trainable=False)
        mine = c.model_variable("mine", [2], collections=["x"])
        c.variable("local", [2], collections=["local_variables"])
    found = {
        "scope": c.get_variables(scope),
        "name": c.get_variables("m/a"),
        "suffix": c.get_variables(suffix="weights"),
        "both": c.get_variables("m/a", "biases"),
        "model": c.get_model_variables("m/b"),
        "trainable": c.get_trainable_variables(),
        "local": c.get_local_variables(),
        "by suffix": c.get_variables_by_suffix("beta"),
        "by name": c.get_variables_by_name("mine"),
        "unique": [c.get_unique_variable("m/own")],
        "restore": c.get_variables_to_restore(["m/a", "m/b"], ["m/b/beta"]),
        "restore all": c.get_variables_to_restore(exclude=["m/a"]),
        "filtered": c.filter_variables(c.get_variables(), ["a/", "b/"], ["biases"]),
        "matched": c.filter_variables(c.get_variables(), ["a/", "m/b"], reg_search=False),
        "x": c.get_variables(collection="x"),
    }
    c.add_model_variable(own)
    c.add_model_variable(mine)
    found["added"] = c.get_model_variables("m/(own|mine)")
    facts = {key: [v.name for v in variables] for key, variables in found.items()}
    facts["ambiguous"] = outcome(lambda: c.get_unique_variable("m/a"))
    facts["none"] = outcome(lambda: c.get_unique_variable("m/z"))
    return facts


@probe
def defaults_by_scope(tf):
    """What `arg_scope` reaches, and how scopes nest."""
    c = tf.contrib
    image = tf.ones([1, 4, 4, 2])
    facts = {}

    @c.add_arg_scope
    def block(x, depth=2, kernel=1, scope=None):
        with tf.variable_scope(scope, "block"):
            return c.conv2d(x, depth, kernel)

    with c.arg_scope([c.conv2d, c.fully_connected], biases_initializer=None):
        with c.arg_scope([c.conv2d], normalizer_fn=c.batch_norm) as inner:
            with c.arg_scope([c.batch_norm], scale=True, is_training=False):
                c.conv2d(image, 2, 1, scope="all")
            c.conv2d(image, 2, 1, scope="some")
            c.conv2d(image, 2, 1, normalizer_fn=None, scope="less")
        c.conv2d(image, 2, 1, scope="outer")
        c.linear(tf.ones([1, 2]), 2, scope="partial")
        c.convolution2d(image, 2, 1, scope="alias")
        c.conv1d(tf.ones([1, 4, 2]), 2, 1, scope="other")
    c.conv2d(image, 2, 1, scope="none")
    with c.arg_scope(inner):
        c.conv2d(image, 2, 1, scope="again")
    with c.arg_scope([block], depth=5):
        block(image)
        block(image, kernel=2)
    with c.arg_scope([c.model_variable], trainable=True) as scope:
        facts["keywords"] = list(scope.values())
    facts["variables"] = [[v.name, v.shape.as_list()] for v in tf.global_variables()]
    facts["after"] = c.current_arg_scope() == {}
    facts["decorated"] = [c.has_arg_scope(f) for f in (c.conv2d, block, c.repeat, c.relu, len)]
    return facts


@probe
def scopes_that_are_refused(tf):
    c = tf.contrib

    def entered(*args, **kwargs):
        with c.arg_scope(*args, **kwargs):
            return "entered"

    with c.arg_scope([c.conv2d], padding="VALID") as scope:
        pass
    return {
        "no list": outcome(lambda: entered(c.conv2d, padding="SAME"))["raises"],
        "not decorated": outcome(lambda: entered([len], padding="SAME"))["raises"],
        "both": outcome(lambda: entered(scope, padding="SAME"))["raises"],
        "dict": outcome(lambda: entered(scope)),
        "tuple": outcome(lambda: entered((c.conv2d,), stride=2)),
        "unknown keyword": outcome(
            lambda: in_scope(c, lambda: c.flatten(tf.ones([1, 2])), [c.flatten], nonsense=1)
        )["raises"],
    }


def in_scope(c, function, functions, **keywords):
    with c.arg_scope(functions, **keywords):
        return function()


@probe
def errors_of_arguments(tf):
    c = tf.contrib
    x, image = tf.ones([1, 2]), tf.ones([1, 4, 4, 2])
    return {
        "units": outcome(lambda: c.fully_connected(x, 2.0))["raises"],
        "rank": outcome(lambda: c.conv2d(x, 2, 1)),
        "any rank": outcome(lambda: c.convolution(x, 2, 1))["raises"],
        "format": outcome(lambda: c.conv2d(image, 2, 1, data_format="NWHC")),
        "transposed format": outcome(lambda: c.conv2d_transpose(image, 2, 1, data_format="X")),
        "pool": outcome(lambda: c.max_pool2d(image, 2, data_format="CN")),
        "norm": outcome(lambda: c.batch_norm(image, data_format="CN")),
        "bias": outcome(lambda: c.bias_add(x, data_format="NCHW")),
        "renorm": outcome(lambda: c.batch_norm(image, renorm=True, updates_collections=None)),
        "layer norm": outcome(lambda: c.layer_norm(x, begin_norm_axis=2)),
        "groups": outcome(lambda: c.group_norm(image, 3)),
        "embedding": outcome(lambda: c.embed_sequence(tf.constant([1]))),
        "maxout": outcome(lambda: c.maxout(x, 3)),
        "unit": outcome(lambda: c.unit_norm(x, 2)),
        "softmax": outcome(lambda: c.softmax(tf.ones([2])))["raises"],
    }


@probe
def outputs_by_name(tf):
    """The idiom of the networks of slim: their end points."""
    c, image = tf.contrib, tf.ones([1, 8, 8, 2])
    with tf.variable_scope("net") as scope:
        ends = scope.name + "_end_points"
        with c.arg_scope(
            [c.conv2d, c.max_pool2d, c.fully_connected, c.dropout, c.flatten],
            outputs_collections=ends,
        ):
            x = c.repeat(image, 2, c.conv2d, 3, 3, scope="conv1")
            x = c.max_pool2d(x, 2, scope="pool1")
            x = c.conv2d(x, 4, 3)
            x = c.dropout(c.flatten(x, scope="flat"), 0.5, scope="drop")
            x = c.fully_connected(x, 2, scope="logits")
    found = c.convert_collection_to_dict(ends, clear_collection=True)
    return {
        "found": [[name, tensor.shape.as_list()] for name, tensor in found.items()],
        "left": list(c.convert_collection_to_dict(ends)),
    }


# Regularizers


@probe_of_values
def regularizers_in_a_model(tf):
    """One with a scale of zero is none: nothing of it is in the collection."""
    contrib = tf.contrib

    def model(x):
        regularizers = [
            contrib.l2_regularizer(0.5),
            contrib.l1_regularizer(0.5),
            contrib.l1_l2_regularizer(0.5, 0.25),
            contrib.l1_l2_regularizer(0.0, 0.25),
            contrib.l1_l2_regularizer(0.5, 0.0),
            contrib.sum_regularizer([contrib.l2_regularizer(0.5), None]),
            contrib.l2_regularizer(0.0),
            contrib.l1_l2_regularizer(0.0, 0.0),
            contrib.sum_regularizer([contrib.l1_regularizer(0.0)]),
            contrib.sum_regularizer([None]),
        ]
        for regularizer in regularizers:
            x = tf.layers.dense(x, 3, kernel_regularizer=regularizer)
        with tf.variable_scope("net", regularizer=contrib.l2_regularizer(0.1)):
            w = tf.get_variable("w", [3])
            v = tf.get_variable("v", [3], regularizer=contrib.l2_regularizer(0.0))
        every = tf.regularization_losses()
        more = contrib.apply_regularization(contrib.l1_regularizer(0.5), [w, v])
        return 0.0 * x, [tf.stack(every), more, tf.stack(tf.regularization_losses())]

    return tf.three_runs(model, np.array([[1.0, 2.0, 3.0]], np.float32))


@probe
def regularizers_that_are_refused(tf):
    contrib = tf.contrib
    w = tf.zeros([2, 2])
    return [
        outcome(lambda: contrib.l2_regularizer(1)),
        outcome(lambda: contrib.l1_regularizer(True)),
        outcome(lambda: contrib.l1_regularizer(-0.5)),
        outcome(lambda: contrib.l2_regularizer(-0.5)),
        outcome(lambda: contrib.l1_l2_regularizer(0.5, 1)),
        outcome(lambda: contrib.l1_l2_regularizer(1)),
        outcome(lambda: contrib.apply_regularization(contrib.l2_regularizer(0.1))),
        outcome(lambda: contrib.apply_regularization(lambda weights: weights, [w])),
    ]


@probe_of_graphs
def names_of_losses_of_regularizers(tf):
    contrib = tf.contrib
    x = tf.ones([1, 3])
    with tf.variable_scope("net", regularizer=contrib.l1_l2_regularizer()):
        tf.get_variable("w", [3])
        tf.layers.dense(x, 2, kernel_regularizer=contrib.l2_regularizer(0.1))
        tf.layers.dense(x, 2, kernel_regularizer=contrib.l1_regularizer(0.1, scope="cost"))
        both = [contrib.l1_regularizer(0.1), contrib.l2_regularizer(0.1)]
        tf.layers.dense(x, 2, bias_regularizer=contrib.sum_regularizer(both))
        contrib.apply_regularization(contrib.l2_regularizer(0.1), [x])
    return [loss.name for loss in tf.regularization_losses()]
