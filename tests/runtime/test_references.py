"""After `disable_v2_behavior()` variables are references, as in TF1: what Keras does with them."""

from pathlib import Path

from tests.codemod.helpers import python

CHANGES = """
import tensorflow as tf
import getter_compat

tf.compat.v1.disable_v2_behavior()
tf1 = tf.compat.v1
layer = tf.keras.layers.Dense(2, kernel_initializer="ones", name="d")
with getter_compat.getter_scope("net"):
    y = layer(tf.ones([1, 2]))
kernel, rows = layer.kernel, [[1.0, 2.0]]
changes = [
    tf1.assign(kernel, [[1.0, 2.0], [3.0, 4.0]]),
    tf1.scatter_update(kernel, [0], rows),
    tf1.scatter_add(kernel, [0], rows),
    tf1.scatter_nd_update(kernel, [[1, 1]], [7.0]),
    kernel.scatter_sub(tf.IndexedSlices(tf.constant(rows), tf.constant([1]))),
]
asked = [tf1.is_variable_initialized(kernel), tf1.report_uninitialized_variables([kernel])]
with tf1.Session() as session:
    print(*session.run(asked))
    session.run(tf1.variables_initializer(layer.variables))
    print(*session.run(asked))
    for change in changes:
        print(session.run(change).ravel().tolist())
    print(session.run(y, {kernel: [[2.0, 0.0], [0.0, 2.0]]}).tolist(), kernel == kernel)
trained = tf1.trainable_variables()
print(kernel == trained[0], kernel == trained[1], [v.name for v in trained if v not in [kernel]])
print(kernel in trained, trained.index(layer.bias), layer.bias in trained[:1], trained[0] != kernel)
"""

# What TensorFlow 1.15.5 prints, where the layer is one of tf.layers.
CHANGED = """\
False [b'net/d/kernel']
True []
[1.0, 2.0, 3.0, 4.0]
[1.0, 2.0, 3.0, 4.0]
[2.0, 4.0, 3.0, 4.0]
[2.0, 4.0, 3.0, 7.0]
[2.0, 4.0, 2.0, 5.0]
[[2.0, 2.0]] True
True False ['net/d/bias:0']
True 1 False False
"""

PROGRAM = """
import tensorflow as tf
import getter_compat

tf.compat.v1.disable_v2_behavior()
half = tf.keras.regularizers.L2(0.5)
with getter_compat.getter_scope("net", regularizer=half):
    v = getter_compat.get_variable("v", initializer=[1.0, 2.0])
with getter_compat.getter_scope("layers"):
    ones = tf.compat.v1.ones_initializer()
    getter_compat.layers.dense(v[None], 1, kernel_initializer=ones, kernel_regularizer=half)
    tf.keras.layers.Dense(1, kernel_initializer="ones", kernel_regularizer=half)(v[None])
losses = [half(v), *tf.compat.v1.losses.get_regularization_losses()]
with tf.compat.v1.Session() as session:
    session.run(tf.compat.v1.global_variables_initializer())
    print(v.dtype.name, *session.run(losses))
"""


def test_a_regularizer_of_keras_takes_references(tmp_path: Path) -> None:
    done = python("-c", PROGRAM, folder=tmp_path)
    assert done.stdout.split() == ["float32_ref", "2.5", "2.5", "1.0", "1.0"], done.stderr


def test_what_changes_a_reference_changes_a_weight_of_keras(tmp_path: Path) -> None:
    done = python("-c", CHANGES, folder=tmp_path)
    assert done.stdout == CHANGED, done.stderr
