"""Train the estimator of the scenarios for some steps, in a folder: on whichever TensorFlow runs.

python -m estimator.continuing FOLDER STEPS
"""

import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np


def train(tf, folder, steps):
    """Train further, and return the checkpoint's tensors."""
    from . import scenarios

    scenarios.an_estimator(tf, folder).train(scenarios.batches(tf), steps=steps)
    return scenarios.checkpoint(tf, folder)


if __name__ == "__main__":
    import tensorflow

    tensors = train(tensorflow, sys.argv[1], int(sys.argv[2]))
    np.savez(os.path.join(sys.argv[1], "tensors.npz"), **tensors)
