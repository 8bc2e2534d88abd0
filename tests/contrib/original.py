"""What TensorFlow 1.15.5 does in the scenarios. `scripts/record_contrib.py` starts it.

python -m contrib.original DIRECTORY
"""

import json
import os
import sys
import tempfile
import warnings

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import tensorflow as tf  # noqa: E402
from estimator.scenarios import plain  # noqa: E402
from tensorflow import contrib  # noqa: E402
from tensorflow.contrib import slim  # noqa: E402

from .scenarios import SCENARIOS  # noqa: E402

slim.HParams = contrib.training.HParams
for part in ("framework", "layers", "lookup", "metrics", "summary", "training"):
    setattr(slim, part, getattr(contrib, part))
slim.preprocessing = contrib.learn.preprocessing


def record(directory, chosen):
    """Run each scenario, or some, and write what it returns."""
    for name, scenario in SCENARIOS.items():
        if chosen and name not in chosen:
            continue
        with tf.Graph().as_default():
            facts = plain(scenario(tf, slim, tempfile.mkdtemp()))
        with open(os.path.join(directory, name + ".json"), "w") as file:
            json.dump(facts, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    record(sys.argv[1], sys.argv[2:])
