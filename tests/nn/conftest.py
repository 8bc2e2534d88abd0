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
