import pytest
import tensorflow as tf

from getter_compat import VariableStore


@pytest.fixture(autouse=True)
def no_global_seed():
    """The numbers that an operation with a seed draws are TF1's only without another test's seed."""
    tf.random.set_seed(None)


@pytest.fixture(autouse=True)
def store():
    """Each test begins with no variables and all name counters at zero."""
    with VariableStore().as_default() as store:
        yield store
