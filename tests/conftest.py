import importlib
import os

import pytest

# Before anything imports TensorFlow: only the CPU, and no start-up messages of its own.
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def pytest_collection_modifyitems(items):
    """Tests that share a fixture go to one process of pytest-xdist, so that it is made but once.

    Such fixtures run programs, for a minute and more. (By `--dist loadgroup`, as `make test` says.)
    """
    for item in items:
        for name in shared_fixtures(item):
            item.add_marker(pytest.mark.xdist_group(name))


def shared_fixtures(item):
    """The fixtures of a module, or of the session, that a test uses; each of their parameters."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    for name, (*_, fixture) in item._fixtureinfo.name2fixturedefs.items():
        if fixture.scope in ("module", "session") and fixture.baseid.startswith("tests/"):
            yield f"{fixture.baseid}:{name}:{parameters.get(name, '')}"


@pytest.fixture(params=["keras", "tf_keras"])
def keras(request):
    """Keras 3, then Keras 2: both live in this process."""
    return importlib.import_module(request.param)
