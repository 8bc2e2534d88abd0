import pytest
import tensorflow as tf

from getter_compat import VariableStore


@pytest.fixture(autouse=True)
def no_global_seed():
    """With an operation's seed TF1's numbers are drawn only where no test left a global one."""
    tf.random.set_seed(None)


@pytest.fixture(autouse=True)
def store():
    """Each test begins with no variables and all name counters at zero."""
    with VariableStore().as_default() as store:
        yield store


@pytest.fixture
def divisor():
    """By what Keras divides a loss of activities of eight examples: by 8, Keras 3.12 by nothing."""
    layer = tf.keras.layers.ActivityRegularization(l1=1.0)
    layer(tf.ones([8, 1]))
    return 8.0 / float(layer.losses[0])
