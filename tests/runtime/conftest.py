import pytest

from getter_compat import VariableStore


@pytest.fixture(autouse=True)
def store():
    """Each test begins with no variables and all name counters at zero."""
    with VariableStore().as_default() as store:
        yield store
