"""What a scope costs, as far as it can be counted: operations, variables, evaluations."""

import gc

import tensorflow as tf

from getter_compat import ScopedModel, functional_call, getter_scope, layers

X = tf.ones([2, 4])
MASK = tf.constant([[1.0, 0.0, 1.0, 0.0]] * 4)


def masked(getter, name, *args, **kwargs):
    variable = getter(name, *args, **kwargs)
    return variable * MASK if name.endswith("kernel") else variable


def operations(function):
    graph = tf.function(function).get_concrete_function(X).graph
    return sorted(op.type for op in graph.get_operations())


def variables_made_by(function):
    made = []

    def count(next_creator, **kwargs):
        made.append(next_creator(**kwargs))
        return made[-1]

    with tf.variable_creator_scope(count):
        function()
    return [variable.name for variable in made]


def test_a_traced_graph_has_the_operations_that_one_writes_by_hand(keras):
    with getter_scope("net", custom_getter=masked):
        built = [keras.layers.Dense(4) for _ in range(3)]
        for layer in built:
            layer(X)
    pairs = [[tf.convert_to_tensor(v) for v in layer.trainable_variables] for layer in built]
    variables = [[tf.Variable(value) for value in pair] for pair in pairs]

    def chained(x):
        for layer in built:
            x = layer(x)
        return x

    def by_hand(x):
        for kernel, bias in variables:
            x = tf.matmul(x, kernel * MASK) + bias
        return x

    ours, theirs = operations(chained), operations(by_hand)
    assert len(ours) <= len(theirs)
    assert ours.count("Mul") == theirs.count("Mul") == 3


def test_a_layer_whose_weights_are_all_replaced_makes_no_variable(keras):
    weights = {"net/dense/kernel": tf.ones([4, 3]), "net/dense/bias": tf.zeros([3])}

    def build():
        with getter_scope("net", custom_getter=lambda getter, name, **kwargs: weights[name]):
            keras.layers.Dense(3)(X)

    assert variables_made_by(build) == []


def test_a_layer_makes_each_variable_once(keras):
    def build():
        with getter_scope("net", custom_getter=masked):
            keras.layers.Dense(4)(X)

    assert variables_made_by(build) == ["net/dense/kernel:0", "net/dense/bias:0"]


def test_a_later_call_of_a_model_makes_no_variable():
    def network(x):
        with getter_scope("net", custom_getter=masked):
            x = tf.keras.layers.Dense(4)(layers.dense(x, 4))
            return layers.dropout(x, training=True)

    model = ScopedModel(network)
    first = variables_made_by(lambda: model(X))
    assert sorted(first) == sorted(f"{name}:0" for name in model.store.variables)
    assert variables_made_by(lambda: model(X)) == []


def garbage_of(function):
    """What a call leaves for the collector of circles to find."""
    function()
    while gc.collect():  # finalizers of what other tests left leave more
        pass
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        function()
        gc.collect()
        return [type(thing).__name__ for thing in gc.garbage]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def test_a_derived_weight_is_freed_when_its_call_ends(keras):
    with getter_scope("net", custom_getter=masked):
        layer = keras.layers.Dense(4)
        layer(X)
    assert garbage_of(lambda: layer(X)) == []


def test_a_call_of_a_model_leaves_no_garbage():
    def network(x):
        with getter_scope("net", custom_getter=masked):
            x = layers.batch_normalization(layers.dense(x, 4, name="a"), training=True)
            return layers.dense(x, 4, kernel_regularizer=tf.reduce_sum)

    model = ScopedModel(network)
    assert garbage_of(lambda: (model(X), model.losses)) == []


def test_a_functional_call_leaves_no_garbage(keras):
    layer = keras.layers.Dense(4)
    layer(X)
    assert garbage_of(lambda: functional_call(layer, {"kernel": MASK}, X)) == []
