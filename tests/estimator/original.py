"""What TensorFlow 1.15.5 does in the scenarios. `scripts/record_estimators.py` starts it.

python -m estimator.original DIRECTORY
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

from .scenarios import SCENARIOS, plain  # noqa: E402


def record(directory, chosen):
    """Run each scenario, or some, and write what it returns."""
    for name, scenario in SCENARIOS.items():
        if chosen and name not in chosen:
            continue
        facts = plain(scenario(tf, tempfile.mkdtemp()))
        with open(os.path.join(directory, name + ".json"), "w") as file:
            json.dump(facts, file, indent=1, sort_keys=True)
            file.write("\n")


if __name__ == "__main__":
    record(sys.argv[1], sys.argv[2:])
