"""Names: of scopes, of variables, of layers that were named, unnamed, repeated or nested."""

import types

from ..probing import noting, outcome, passing, probe, probe_of_values, times


def everything(tf):
    return [v.name for v in tf.global_variables()]


def built(tf, layer, columns=3):
    """Call a layer, and return the names of its weights."""
    layer(tf.ones([2, columns]))
    return [tf.name_of(weight) for weight in layer.weights]


def function(tf, **arguments):
    """Call `tf.layers.dense`, and return the names of what it created."""
    before = len(tf.global_variables())
    tf.layers.dense(tf.ones([2, 3]), 2, **arguments)
    return everything(tf)[before:]


@probe
def unnamed_layers_by_call_order(tf):
    with tf.variable_scope("model"):
        first, second = tf.layers.Dense(2), tf.layers.Dense(2)
        return [built(tf, second), built(tf, first)]


@probe
def unnamed_layers_in_two_scopes(tf):
    names = []
    for scope in ("m1", "m2"):
        with tf.variable_scope(scope):
            names.append(built(tf, tf.layers.Dense(2)))
    return names


@probe
def unnamed_layers_at_the_root(tf):
    return [built(tf, tf.layers.Dense(2)) for _ in range(3)]


@probe
def two_layers_of_one_name(tf):
    with tf.variable_scope("model"):
        return [built(tf, tf.layers.Dense(2, name="d")) for _ in range(3)]


@probe
def names_that_look_numbered(tf):
    with tf.variable_scope("model"):
        names = ("dense", None, "dense_1", None)
        return [built(tf, tf.layers.Dense(2, name=name)) for name in names]


@probe
def unnamed_functions(tf):
    with tf.variable_scope("model"):
        return [function(tf) for _ in range(3)]


@probe
def functions_and_classes(tf):
    with tf.variable_scope("model"):
        return [function(tf), built(tf, tf.layers.Dense(2)), function(tf)]


@probe
def two_functions_of_one_name(tf):
    with tf.variable_scope("model"):
        facts = {"first": function(tf, name="d")}
        facts["again"] = outcome(lambda: function(tf, name="d"))
        facts["reuse"] = outcome(lambda: function(tf, name="d", reuse=True))
        facts["auto"] = outcome(lambda: function(tf, name="d", reuse=tf.AUTO_REUSE))
        facts["new, reuse"] = outcome(lambda: function(tf, name="new", reuse=True))
        facts["new, auto"] = outcome(lambda: function(tf, name="new2", reuse=tf.AUTO_REUSE))
        facts["unnamed, reuse"] = outcome(lambda: function(tf, reuse=True))
        facts["unnamed, auto"] = outcome(lambda: function(tf, reuse=tf.AUTO_REUSE))
        facts["unnamed, auto again"] = outcome(lambda: function(tf, reuse=tf.AUTO_REUSE))
    return facts


@probe
def a_function_of_another_size(tf):
    with tf.variable_scope("model"):
        function(tf, name="d")
        return outcome(lambda: tf.layers.dense(tf.ones([2, 4]), 2, name="d"))


@probe
def functions_with_a_slash_in_the_name(tf):
    with tf.variable_scope("model"):
        return [function(tf, name="a/b"), function(tf, name="a/c")]


@probe
def a_scope_entered_again_by_name(tf):
    """The names under it are counted afresh: the first layer is `dense` again."""
    facts = {}
    with tf.variable_scope("model"):
        built(tf, tf.layers.Dense(2))
        tf.get_variable("v", [1])
    with tf.variable_scope("model") as scope:
        facts["name"] = scope.name
        facts["layer"] = outcome(lambda: built(tf, tf.layers.Dense(2)))
        facts["variable"] = outcome(lambda: tf.get_variable("v", [1]).name)
        facts["new variable"] = outcome(lambda: tf.get_variable("w", [1]).name)
    with tf.variable_scope("model", reuse=tf.AUTO_REUSE):
        facts["layer, auto"] = outcome(lambda: built(tf, tf.layers.Dense(2)))
        facts["second layer, auto"] = outcome(lambda: built(tf, tf.layers.Dense(2)))
    return facts


@probe
def a_scope_entered_again_by_object(tf):
    facts = {}
    with tf.variable_scope("model") as scope:
        built(tf, tf.layers.Dense(2))
    with tf.variable_scope("other"):
        with tf.variable_scope(scope) as again:
            facts["scope"] = [again.name, again is scope, again.reuse]
            facts["layer"] = outcome(lambda: built(tf, tf.layers.Dense(2)))
        with tf.variable_scope(scope):
            facts["layer, again"] = outcome(lambda: built(tf, tf.layers.Dense(2)))
        with tf.variable_scope(scope, reuse=True):
            facts["layer, reuse"] = outcome(lambda: built(tf, tf.layers.Dense(2)))
        facts["layer in the other"] = built(tf, tf.layers.Dense(2))
    with tf.variable_scope(scope.name + "/", reuse=True) as slash:
        facts["with a slash"] = slash.name
    return facts


@probe
def a_scope_object_entered_within_itself(tf):
    """Its counters go back to what they were when it is left."""
    facts = []
    with tf.variable_scope("model") as scope:
        facts.append(built(tf, tf.layers.Dense(2)))
        with tf.variable_scope(scope):
            facts.append(outcome(lambda: built(tf, tf.layers.Dense(2))))
        facts.append(outcome(lambda: built(tf, tf.layers.Dense(2))))
    return facts


@probe
def scopes_in_scopes(tf):
    with tf.variable_scope("a"):
        names = [built(tf, tf.layers.Dense(2))]
        with tf.variable_scope("b"):
            names.append(built(tf, tf.layers.Dense(2)))
            with tf.variable_scope("c/d"):
                names.append(tf.get_variable("v", [1]).name)
        names.append(built(tf, tf.layers.Dense(2)))
    return names


@probe
def an_inner_scope_entered_again(tf):
    facts = []
    with tf.variable_scope("a"):
        for reuse in (None, None, tf.AUTO_REUSE):
            with tf.variable_scope("b", reuse=reuse):
                facts.append(outcome(lambda: built(tf, tf.layers.Dense(2))))
    return facts


@probe
def a_scope_without_a_name(tf):
    facts = {}
    built(tf, tf.layers.Dense(2))
    with tf.variable_scope("") as scope:
        facts["root"] = [scope.name, tf.get_variable("v", [1]).name]
        facts["layer"] = built(tf, tf.layers.Dense(2))
    with tf.variable_scope("a"):
        with tf.variable_scope("") as scope:
            facts["below"] = [scope.name, tf.get_variable("v", [1]).name]
            facts["layer below"] = built(tf, tf.layers.Dense(2))
    return facts


@probe
def a_scope_with_a_slash_at_its_end(tf):
    with tf.variable_scope("m/") as scope:
        return [scope.name, tf.get_variable("v", [1]).name, built(tf, tf.layers.Dense(2))]


@probe
def default_names(tf):
    facts = {}

    def scope_name(name=None, **arguments):
        with tf.variable_scope(name, **arguments) as scope:
            return scope.name

    facts["three"] = [scope_name(default_name="blk") for _ in range(3)]
    facts["a name"] = scope_name("blk_3")
    facts["after the name"] = scope_name(default_name="blk")
    facts["name and default"] = scope_name("blk", default_name="zzz")
    for key, reuse in (("below", None), ("below again", None), ("below, reuse", True)):
        with tf.variable_scope("o", reuse=reuse):
            facts[key] = [scope_name(default_name="blk") for _ in range(2)]
    return facts


@probe
def default_names_and_layers(tf):
    """They are counted together."""
    with tf.variable_scope("m"):
        names = [built(tf, tf.layers.Dense(2))]
        with tf.variable_scope(None, default_name="dense") as scope:
            names.append(scope.name)
        with tf.variable_scope("conv2d"):
            pass
        layer = tf.layers.Conv2D(1, 2)
        layer(tf.ones([1, 4, 4, 1]))
        names.append([tf.name_of(weight) for weight in layer.weights])
    return names


@probe
def counters_after_a_scope_is_left(tf):
    """What was counted under it is forgotten, the scope itself is not."""
    names = []
    with tf.variable_scope("m"):
        with tf.variable_scope("a"):
            built(tf, tf.layers.Dense(2))
        with tf.variable_scope(None, default_name="a") as scope:
            names.append(scope.name)
    with tf.variable_scope(None, default_name="m") as scope:
        names.append(scope.name)
    return names


@probe
def blocks_in_a_loop(tf):
    for _ in range(3):
        with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
            built(tf, tf.layers.Dense(2))
            built(tf, tf.layers.Dense(2))
            with tf.variable_scope(None, default_name="blk"):
                built(tf, tf.layers.Dense(2))
    return everything(tf)


@probe
def functions_in_a_loop(tf):
    for _ in range(3):
        with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
            built(tf, tf.layers.Dense(2))
            function(tf)
            function(tf, name="n")
    return everything(tf)


@probe
def a_class_and_a_function_named_twice(tf):
    """In one scope that finds or creates, two layers of a name are two and the function is one."""
    with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
        return [[built(tf, tf.layers.Dense(2, name="d")), function(tf, name="e")] for _ in range(2)]


@probe
def name_scopes_change_nothing(tf):
    with tf.name_scope("ns"):
        return [tf.get_variable("v", [1]).name, built(tf, tf.layers.Dense(2))]


@probe
def name_scopes_of_variable_scopes(tf):
    """What `tf.Variable` is called, and the scope's `original_name_scope`."""
    names = []
    with tf.name_scope("ns"):
        names.append(tf.Variable(1.0, name="w").name)
    with tf.variable_scope("vs") as scope:
        names.append(scope.original_name_scope)
        names.append(tf.Variable(1.0, name="w").name)
        with tf.variable_scope("inner") as inner:
            names.append(inner.original_name_scope)
    with tf.variable_scope(scope, auxiliary_name_scope=False) as again:
        names.append(again.original_name_scope)
        names.append(tf.Variable(1.0, name="without").name)
        names.append(tf.get_variable("v", [1]).name)
        with tf.name_scope(again.original_name_scope):
            names.append(tf.Variable(1.0, name="x").name)
    with tf.variable_scope("aux", auxiliary_name_scope=False):
        names.append(tf.Variable(1.0, name="y").name)
    return names


@probe
def name_scopes_without_auxiliary_ones(tf):
    names = []
    with tf.variable_scope("root", auxiliary_name_scope=False) as scope:
        names.append(scope.original_name_scope)
    with tf.variable_scope("outer") as outer:
        for number, name in enumerate(("inner", None, outer)):
            how = {"default_name": "default", "auxiliary_name_scope": False}
            with tf.variable_scope(name, **how) as scope:
                names.append([scope.name, scope.original_name_scope])
                with tf.variable_scope("innermost" + str(number)) as scope:
                    names.append([scope.name, scope.original_name_scope])
    with tf.name_scope("ns"):
        with tf.variable_scope("a/b", auxiliary_name_scope=False) as scope:
            names.append(scope.original_name_scope)
    return names


@probe
def the_name_scope_of_a_scope_entered_twice(tf):
    names = []
    for _ in range(2):
        with tf.variable_scope("m") as scope:
            names.append(scope.original_name_scope)
    return names


@probe
def a_layer_made_in_a_scope_and_called_outside(tf):
    log = []
    with tf.variable_scope("model", custom_getter=noting(log)):
        layer = tf.layers.Dense(2)
    return [built(tf, layer), log]


@probe
def a_layer_made_outside_and_called_in_a_scope(tf):
    log = []
    layer = tf.layers.Dense(2)
    with tf.variable_scope("model", custom_getter=noting(log)):
        return [built(tf, layer), log]


@probe
def a_layer_built_in_a_scope_and_called_outside(tf):
    log = []
    layer = tf.layers.Dense(2)
    with tf.variable_scope("model", custom_getter=noting(log)):
        layer.build((None, 3))
    asked = list(log)
    return [asked, built(tf, layer), log]


@probe
def a_layer_called_in_two_scopes(tf):
    logs = {"A": [], "B": []}
    layer, names, kernels = tf.layers.Dense(2), [], []
    for scope, log in logs.items():
        with tf.variable_scope(scope, custom_getter=noting(log)):
            names.append(built(tf, layer))
            kernels.append(layer.kernel)
    return [names, kernels[0] is kernels[1], logs]


@probe_of_values
def a_layer_called_first_without_a_getter(tf):
    layer = tf.layers.Dense(2, kernel_initializer=tf.ones_initializer())
    with tf.variable_scope("A"):
        built(tf, layer)
    with tf.variable_scope("B", custom_getter=times(0.0)):
        run = tf.program(lambda: layer(tf.ones([1, 3])))
    return [run(), everything(tf)]


@probe
def scopes_given_to_a_layer(tf):
    """`_scope` and the `name` of a function are bound to the scope they are given in."""
    names = [built(tf, tf.layers.Dense(2, _scope="own"))]
    names.append(built(tf, tf.layers.Dense(2, _scope="own", _reuse=True)))
    with tf.variable_scope("B"):
        layer = tf.layers.Dense(2, _scope="q")
    names.append(built(tf, layer))
    layer = tf.layers.Dense(2, _scope=None)
    with tf.variable_scope("A"):
        layer(tf.ones([2, 3]), scope="mine")
    names.append([tf.name_of(weight) for weight in layer.weights])
    return names


@probe
def scope_name_of_a_layer(tf):
    """It is known from the first call on."""
    facts = {}
    with tf.variable_scope("model"):
        first, second = (tf.layers.Dense(2, _scope=None) for _ in range(2))
        facts["before"] = outcome(lambda: tf.layers.Dense(2, name="d", _scope=None).scope_name)
        second(tf.ones([2, 3]))
        first(tf.ones([2, 3]))
    facts["after"] = [first.scope_name, second.scope_name]
    return facts


def _custom_layer(tf):
    """A layer with weights and layers of its own, by every way that there is."""

    class MyLayer(tf.layers.Layer):
        def __init__(self, **arguments):
            super().__init__(**arguments)
            self.first = tf.layers.Dense(2)
            self.second = tf.layers.Dense(2, name="inner")

        def build(self, shape):
            self.w = self.add_weight(name="w", shape=[3])
            self.g = tf.get_variable("g", [1])
            super().build(shape)

        def call(self, x):
            bias = tf.get_variable("incall", [1], initializer=tf.zeros_initializer())
            return self.second(self.first(x)) + bias

    return MyLayer


@probe
def of_a_custom_layer(tf):
    log = []
    make = _custom_layer(tf)
    with tf.variable_scope("model", custom_getter=noting(log)):
        layer = make()
        layer(tf.ones([2, 3]))
        first = list(log)
        layer(tf.ones([2, 3]))
        again = log[len(first) :]
        make()(tf.ones([2, 3]))
        make(name="given")(tf.ones([2, 3]))
    return {"first call": first, "second call": again, "all": everything(tf)}


@probe
def of_layers_whose_classes_have_other_names(tf):
    """No scope begins with an underscore, and digits belong to the letters before them."""

    class Layer(tf.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(name="w", shape=[3])
            super().build(shape)

        def call(self, x):
            return x * self.w

    names = "_Private", "__Hidden", "_dense", "Block2Dense", "ResNetV2", "RNNLayer", "Conv2x2", "X"
    with tf.variable_scope("model"):
        for name in names:
            for _ in range(2):
                types.new_class(name, (Layer,))()(tf.ones([2, 3]))
    return everything(tf)


@probe
def of_functions_in_a_custom_layer(tf):
    class WithFunction(tf.layers.Layer):
        def call(self, x):
            return tf.layers.dense(tf.layers.dense(x, 2, name="fn"), 2)

    log = []
    with tf.variable_scope("model", custom_getter=noting(log)):
        layer = WithFunction()
        layer(tf.ones([2, 3]))
        layer(tf.ones([2, 3]))
    return [log, everything(tf)]


@probe
def of_every_kind_of_layer(tf):
    images, rows = tf.ones([1, 8, 8, 2]), tf.ones([1, 8, 2])
    volumes, table = tf.ones([1, 8, 8, 8, 2]), tf.ones([2, 3])
    layers = tf.layers
    for _ in range(2):
        for layer, inputs in (
            (layers.Dense(2), table),
            (layers.Conv1D(1, 2), rows),
            (layers.Conv2D(1, 2), images),
            (layers.Conv3D(1, 2), volumes),
            (layers.Conv2DTranspose(1, 2), images),
            (layers.Conv3DTranspose(1, 2), volumes),
            (layers.SeparableConv1D(1, 2), rows),
            (layers.SeparableConv2D(1, 2), images),
            (layers.BatchNormalization(), table),
            (layers.Dropout(0.5), table),
            (layers.Flatten(), images),
            (layers.MaxPooling2D(2, 2), images),
            (layers.AveragePooling1D(2, 2), rows),
        ):
            layer(inputs)
    return everything(tf)


@probe
def of_every_kind_of_function(tf):
    images, rows = tf.ones([1, 8, 8, 2]), tf.ones([1, 8, 2])
    volumes, table = tf.ones([1, 8, 8, 8, 2]), tf.ones([2, 3])
    layers = tf.layers
    for _ in range(2):
        layers.dense(table, 2)
        layers.conv1d(rows, 1, 2)
        layers.conv2d(images, 1, 2)
        layers.conv3d(volumes, 1, 2)
        layers.conv2d_transpose(images, 1, 2)
        layers.conv3d_transpose(volumes, 1, 2)
        layers.separable_conv1d(rows, 1, 2)
        layers.separable_conv2d(images, 1, 2)
        layers.batch_normalization(table)
        layers.dropout(table)
        layers.flatten(images)
        layers.max_pooling2d(images, 2, 2)
        layers.average_pooling1d(rows, 2, 2)
    return everything(tf)


@probe
def layers_without_weights_are_counted(tf):
    """`dropout`, `flatten` and pooling take numbers of their own name only."""
    with tf.variable_scope("m"):
        tf.layers.Dropout(0.5)(tf.ones([2, 3]))
        tf.layers.Flatten()(tf.ones([2, 3]))
        with tf.variable_scope(None, default_name="dropout") as scope:
            return [scope.name, built(tf, tf.layers.Dense(2))]


@probe
def keras_layers_in_a_scope(tf):
    """The layers of `tf.keras`."""
    log = []
    with tf.variable_scope("model", custom_getter=noting(log)):
        names = [built(tf, tf.keras.layers.Dense(2)) for _ in range(2)]
    return {"names": names, "asked": log}


@probe
def layers_in_nested_scopes_with_getters(tf):
    log = []
    with tf.variable_scope("a", custom_getter=noting(log, "outer")):
        with tf.variable_scope("b", custom_getter=noting(log, "inner")):
            built(tf, tf.layers.Dense(1))
        built(tf, tf.layers.Dense(1))
    with tf.variable_scope("a/b", reuse=True, custom_getter=passing):
        built(tf, tf.layers.Dense(1))
    return [log, everything(tf)]


@probe
def a_layer_called_in_a_scope_entered_again_and_outside(tf):
    x = tf.ones([1, 3])
    with tf.variable_scope("m"):
        layer = tf.layers.Dense(2)
        with tf.variable_scope("inner") as inner:
            pass
        with tf.variable_scope(inner):
            layer(x)
        layer(x)
        tf.layers.Dense(2)(x)
        layer(x)
        with tf.variable_scope(inner):
            tf.layers.Dense(2)(x)
    return [v.name for v in tf.global_variables()]


@probe
def variables_of_the_names_of_scopes(tf):
    x = tf.ones([1, 3])
    with tf.variable_scope("m"):
        for _ in range(2):
            with tf.variable_scope("twice"):
                pass
        with tf.variable_scope("once"):
            tf.get_variable("v", [1])
        tf.layers.dense(x, 2, name="layer")
        for name in ("twice", "twice_1", "twice_2", "once", "Once", "layer", "other", "OTHER"):
            tf.get_variable(name, [1])
        with tf.variable_scope("other"):
            tf.get_variable("v", [1])
    with tf.variable_scope("m", reuse=True):
        found = [tf.get_variable(name, [1]).name for name in ("twice", "Once", "OTHER")]
    return [v.name for v in tf.global_variables()], found
