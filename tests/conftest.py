import gc
import importlib
import os

import pytest

# Before anything imports TensorFlow: only the CPU, and no start-up messages of its own.
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def pytest_collection_finish():
    """Have garbage looked for in what tests make: TensorFlow's modules and the tests stay."""
    gc.collect()
    gc.freeze()


@pytest.fixture(params=["keras", "tf_keras"])
def keras(request):
    """Keras 3, then Keras 2: both live in this process."""
    return importlib.import_module(request.param)
