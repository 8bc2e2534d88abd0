"""Nothing is intercepted before a name of the package is used: layers may be older than that."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.forking import python

ROOT = Path(__file__).parents[2]

PROGRAM = """
import tensorflow as tf
import {keras}

import getter_compat

named, unnamed = {keras}.layers.Dense(2, name="logits"), {keras}.layers.Dense(2)
again = {keras}.layers.Dense(2)
with getter_compat.getter_scope("net"):
    for layer in (named, unnamed, again):
        layer(tf.ones([1, 3]))
print([v.name for v in getter_compat.global_variables()][::2])
"""


INSIDE_A_CALL = """
import tensorflow as tf
import {keras}

import getter_compat

class Model({keras}.Model):
    def call(self, x):
        double = lambda getter, *args, **kwargs: getter(*args, **kwargs) * 2.0
        with getter_compat.getter_scope("net", custom_getter=double):
            return {keras}.layers.Dense(1, kernel_initializer="ones")(x)

print(Model()(tf.ones([1, 3])).numpy().item())
"""


@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_the_first_use_may_be_inside_a_layer_call(library):
    done = python("-c", INSIDE_A_CALL.format(keras=library))
    assert done.stdout.strip() == "6.0", done.stderr


@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_layers_made_before_the_first_use_keep_their_names(library):
    done = python("-c", PROGRAM.format(keras=library))
    names = ["net/logits/kernel:0", "net/dense/kernel:0", "net/dense_1/kernel:0"]
    assert done.stdout.strip() == str(names), done.stderr


IN_A_GRAPH = """
import tensorflow as tf

from getter_compat import ScopedModel, layers

tf1 = tf.compat.v1
{before}

def network(x):
    ones = tf.ones_initializer()
    return layers.Dense(1, activity_regularizer=tf.reduce_sum, kernel_initializer=ones)(x)

with tf.Graph().as_default(), tf1.Session() as session:
    model = ScopedModel(network)
    model(tf.constant([[1.0, 2.0], [3.0, 4.0]]))
    session.run(tf1.global_variables_initializer())
    (loss,) = session.run(model.losses)
    print(loss)
"""


@pytest.mark.parametrize("before", ["", "tf1.disable_eager_execution()"])
def test_the_first_loss_of_an_activity_may_be_that_of_a_model_in_a_graph(before):
    done = python("-c", IN_A_GRAPH.format(before=before))
    assert done.stdout.strip() == "5.0", done.stderr


OF_A_MODULE = """
from getter_compat.layers import Dense
import tensorflow as tf
layer = Dense(2)
layer(tf.ones([1, 3]))
import getter_compat
print([v.name for v in getter_compat.global_variables()])
"""


def test_the_first_use_may_be_an_import_from_a_module():
    command = [sys.executable, "-c", OF_A_MODULE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == str(["dense/kernel:0", "dense/bias:0"]), done.stderr
