"""After `disable_v2_behavior()` variables are references, as in TF1: what Keras does with them."""

from pathlib import Path

from tests.codemod.helpers import python

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
